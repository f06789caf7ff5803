#!/usr/bin/env python3
"""readme.py SOURCE_ROOT BUILD_ROOT: README.md shows what happens.

1. The table of extensions in README.md is what `hookline extensions --markdown` prints.
2. Every block that begins with ```console, here and in docs/lab, is run: a line `$ COMMAND` from the source folder, with build/ meaning
   BUILD_ROOT; what it prints is compared with the lines below it. Numbers are masked (a run of digits, with points, commas
   and a unit's letter behind it, is one number), spaces between words count as one, and a line of three dots stands for any
   lines. A command that ends in failure is a problem unless the block's first line says ```console fails.
3. Every relative link in README.md, CONTRIBUTING.md and docs/ leads to a file.
Exit 77 (skipped): not root, which loading rule sets needs.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
ISA = re.compile(r"\b(?:scalar|avx2|avx512)\b")


def mask(line):
    return re.sub(r"\s+", " ", NUMBER.sub("N", ISA.sub("ISA", line))).strip()


def agrees(shown, printed):
    """Whether the printed lines are the shown ones, `...` standing for any number of lines."""
    if not shown:
        return not printed
    if shown[0] == "...":
        return any(agrees(shown[1:], printed[i:]) for i in range(len(printed) + 1))
    return bool(printed) and shown[0] == printed[0] and agrees(shown[1:], printed[1:])


def console_blocks(text):
    """(command, shown lines, may fail) of every command in every console block."""
    for info, body in re.findall(r"^```console([^\n]*)\n(.*?)^```", text, re.M | re.S):
        command, shown = None, []
        for line in body.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, shown, "fails" in info
                command, shown = line[2:], []
            else:
                shown.append(line)
        if command:
            yield command, shown, "fails" in info


def check_command(page, command, shown, may_fail, view, environment, problems):
    run = subprocess.run(["bash", "-c", command], cwd=view, env=environment, capture_output=True, text=True,
                         stdin=subprocess.DEVNULL, timeout=300)
    printed = [mask(line) for line in (run.stdout + run.stderr).splitlines()]
    wanted = [mask(line) for line in shown]
    if (run.returncode != 0) != may_fail:
        problems.append(f"{page}: `{command}` exits with {run.returncode}:\n{run.stdout[-1500:]}{run.stderr[-1500:]}")
    elif not agrees([l for l in wanted if l], [l for l in printed if l]):
        problems.append(f"{page}: `{command}` prints something else than shown:\n{run.stdout}{run.stderr}")


def check_commands(root, build, problems):
    count = 0
    with tempfile.TemporaryDirectory() as scratch:
        # A source folder of links, so that commands find configs/ and build/ and leave nothing behind.
        view = pathlib.Path(scratch)
        for entry in root.iterdir():
            if not entry.name.startswith((".", "build")) and entry.name not in ("configs",):
                (view / entry.name).symlink_to(entry)
        shutil.copytree(root / "configs", view / "configs")
        (view / "build").mkdir()
        for entry in build.iterdir():
            (view / "build" / entry.name).symlink_to(entry)
        environment = dict(os.environ, HOOKLINE_PREBUILT="1")
        for page in [root / "README.md", *sorted((root / "docs" / "lab").glob("*.md"))]:
            for command, shown, may_fail in console_blocks(page.read_text()):
                count += 1
                check_command(page.relative_to(root), command, shown, may_fail, view, environment, problems)
    return count


def check_links(root, problems):
    count = 0
    for page in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if re.match(r"[a-z]+:", target):
                continue
            count += 1
            if not (page.parent / target).exists():
                problems.append(f"{page.relative_to(root)}: the link {target} leads nowhere")
    return count


def main():
    root, build = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    if os.geteuid() != 0:
        print("skipped: not root, and rule sets are loaded in scratch namespaces")
        return 77
    problems = []
    table = subprocess.run([build / "hookline", "extensions", "--markdown"], capture_output=True, text=True, check=True).stdout
    if table not in (root / "README.md").read_text():
        problems.append(f"README.md: the table of extensions is not that of this build, which is:\n{table}")
    commands = check_commands(root, build, problems)
    links = check_links(root, problems)
    if commands == 0:
        problems.append("README.md: no console block")
    for problem in problems:
        print(problem)
    print(f"{commands} commands, {links} links, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
