#!/usr/bin/env python3
"""refusals.py SOURCE_ROOT HOOKLINE: what is not evaluated is refused by name, with its rule, by every verb that would need it.

tests/golden/refused/NAME.expected holds the whole standard error of `check NAME.rules`. `compile`, `eval` on every path and
`run` refuse the same rules: exit 3, every line that they print is one of those, or a line of their own kind about the file.
Exit 77 (skipped): not root, which loading rule sets needs.
"""
import os
import pathlib
import struct
import subprocess
import sys
import tempfile


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, stdin=subprocess.DEVNULL)


def main():
    root, hookline = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    if os.geteuid() != 0:
        print("skipped: not root, and rule sets are loaded in scratch namespaces")
        return 77
    problems, files, runs = [], sorted((root / "tests/golden/refused").glob("*.rules")), 0
    verbs = [verb for verb in ("compile", "eval", "run") if run(hookline, verb, "--help").returncode == 0]
    with tempfile.TemporaryDirectory() as scratch:
        capture = pathlib.Path(scratch) / "empty.pcap"
        capture.write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for path in files:
            expected = path.with_suffix(".expected").read_text()
            got = run(hookline, "check", path)
            runs += 1
            if got.returncode != 3 or got.stderr != expected:
                problems.append(f"check {path.name}: exit {got.returncode}, expected 3 and\n{expected}found\n{got.stdout}{got.stderr}")
            config = pathlib.Path(scratch) / "refused.toml"
            config.write_text(f'rules = ["{path}"]\npath = "forward"\n'
                              '[[port]]\nname = "a"\ndevice = "net_null0"\npeer = "b"\n[[port]]\nname = "b"\ndevice = "net_null1"\n')
            commands = [[hookline, "compile", path]] if "compile" in verbs else []
            if "eval" in verbs:
                commands += [[hookline, "eval", path, capture, "--path", way, "--json"] for way in ("forward", "input", "output")]
            if "run" in verbs:
                commands.append([hookline, "run", config])
            for command in commands:
                got = run(*command)
                runs += 1
                missing = [line for line in expected.splitlines() if line.split(": not ")[0] not in got.stderr]
                if got.returncode != 3 or missing or got.stdout:
                    problems.append(f"{' '.join(map(str, command[1:]))}: exit {got.returncode}, expected 3 and to name {missing}; "
                                    f"it printed\n{got.stdout}{got.stderr}")
    for problem in problems:
        print(problem)
    print(f"{len(files)} rule sets, {runs} runs, {len(problems)} problems")
    return 1 if problems or len(files) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
