#!/usr/bin/env python3
"""headers.py SOURCE_ROOT CXX: every header under src/ and include/ compiles alone, without what others include before it."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

PACKAGES = ["libdpdk", "libhs", "libhwy", "fmt", "CLI11", "tomlplusplus", "nlohmann_json", "libpcap", "libmnl", "gtest", "gmock"]


def main():
    root, compiler = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    flags = subprocess.run(["pkg-config", "--cflags", *PACKAGES], capture_output=True, text=True, check=True).stdout.split()
    flags = ["-isystem" + f[2:] if f.startswith("-I") else f for f in flags]
    command = [*compiler, "-std=c++20", "-fsyntax-only", "-w", f"-I{root}/src", f"-I{root}/include", f"-I{root}/tests", *flags]
    headers = sorted(p for folder in ("src", "include", "tests") for p in (root / folder).rglob("*.h"))

    def compiles(header):
        text = f'#include "{header}"\n#include "{header}"\n'  # twice: the guard works as well
        run = subprocess.run([*command, "-x", "c++", "-"], input=text, capture_output=True, text=True)
        return header, run.returncode, run.stderr

    bad = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for header, code, messages in pool.map(compiles, headers):
            if code != 0:
                bad += 1
                print(f"{header.relative_to(root)} does not compile alone:\n{messages[:1500]}")
    print(f"{len(headers)} headers, {bad} do not compile alone")
    return 1 if bad or not headers else 0


if __name__ == "__main__":
    sys.exit(main())
