#!/usr/bin/env python3
"""summary.py BUILD: what the last `meson test` in BUILD did, in test cases: the closing lines of scripts/test.

A gtest program counts as many cases as it ran; any other test counts as one. A program that fails without saying which case
(a crash, a time limit) is one failure. A skipped test says why. Tests
that say how much they played (seeds, packets) are quoted.
"""
import json
import pathlib
import re
import subprocess
import sys

GTEST = re.compile(r"^\[  (PASSED|FAILED|SKIPPED) \s*\] (\d+) tests?(?:,|\.|$)", re.M)

FIGURES = re.compile(r"^(?!\[).*\b\d+ (?:packets|rule sets|seeds|inputs|cases|runs)\b|^seeds? \d")


def main():
    build = pathlib.Path(sys.argv[1])
    logs = sorted((build / "meson-logs").glob("testlog*.json"), key=lambda path: path.stat().st_mtime)
    if not logs:
        print("no test has run")
        return 1
    passed = failed = skipped = 0
    for line in logs[-1].read_text().splitlines():
        test = json.loads(line)
        figures = [text for text in (test.get("stdout") or "").splitlines() if FIGURES.search(text)]
        if figures:
            print(f"{test['name'].split(' / ')[-1]}: {figures[-1].strip()}")
        counted = {kind: int(number) for kind, number in GTEST.findall(test.get("stdout") or "")}
        if test["result"] == "SKIP":
            skipped += 1
            reason = (test.get("stdout") or "").strip().splitlines()
            print(f"skipped: {test['name']}: {reason[-1] if reason else 'no reason given'}")
        elif test["result"] in ("OK", "EXPECTEDFAIL"):
            passed += counted.get("PASSED", 0 if counted else 1)
            skipped += counted.get("SKIPPED", 0)
            if counted.get("SKIPPED"):
                print(f"skipped: {counted['SKIPPED']} cases of {test['name']}")
        else:
            passed += counted.get("PASSED", 0)
            skipped += counted.get("SKIPPED", 0)
            failed += max(1, counted.get("FAILED", 0))
            print(f"failed: {test['name']} ({test['result'].lower()})")
    if (build / "hookline").exists():  # a sanitizer's folder holds tests alone
        isas = subprocess.run([build / "hookline", "isas"], capture_output=True, text=True).stdout.splitlines()
        absent = [line.split()[0] for line in isas if "not on this CPU" in line]
        ran = [line.split()[0] for line in isas if "not on this CPU" not in line]
        print(f"instruction sets that ran: {', '.join(ran) or 'none'}; not on this CPU: {', '.join(absent) or 'none'}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
