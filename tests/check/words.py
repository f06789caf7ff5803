#!/usr/bin/env python3
"""words.py SOURCE_ROOT: no unfinished marks, no paths of somebody's machine, no leftovers, in any file of the project.

Reads the files that git tracks; in an unpacked archive without git, every file outside build folders.
"""
import pathlib
import re
import subprocess
import sys

# Written in pieces, so that this file does not find itself.
MARKS = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")
PATHS = re.compile(r"(?<![\w.$}~])/(home|root|work|Users|mnt)/[\w.-]+")
SILENCED = re.compile(r"NOLINT(?!.*: \S)|\bDISABLED_|#if 0\b")  # a NOLINT gives its reason after a colon
TEXT = {".cpp", ".h", ".py", ".sh", ".md", ".build", ".txt", ".toml", ".rules", ".t", ".tsv", ".golden", ""}
DATA = {".rules", ".t", ".tsv"}  # packets and patterns may spell anything


def tracked(root):
    listed = subprocess.run(["git", "-C", str(root), "-c", f"safe.directory={root}", "ls-files", "-z"], capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        return [root / name for name in listed.stdout.split("\0") if name]
    return [p for p in root.rglob("*") if p.is_file() and not p.relative_to(root).parts[0].startswith(("build", ".git"))]


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    problems, count = [], 0
    for path in sorted(tracked(root)):
        if path.suffix not in TEXT or not path.is_file():
            continue
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        count += 1
        name = path.relative_to(root)
        for number, line in enumerate(lines, 1):
            if path.suffix not in DATA:
                for kind, pattern in (("unfinished mark", MARKS), ("path of one machine", PATHS), ("silenced check", SILENCED)):
                    found = pattern.search(line)
                    if found and name.parts[:2] != ("tests", "check"):
                        problems.append(f"{name}:{number}: {kind} '{found.group(0)}'")
            if line != line.rstrip() and path.suffix not in {".md", ".t"}:
                problems.append(f"{name}:{number}: spaces at the end of the line")
    for problem in problems:
        print(problem)
    print(f"{count} files, {len(problems)} problems")
    return 1 if problems or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
