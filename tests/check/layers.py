#!/usr/bin/env python3
"""layers.py SOURCE_ROOT: reads every include line under src/ against one table of allowed edges.

The table is the architecture: a folder may include its own headers, and those of the folders that stand behind it here,
no others. A folder without a row fails, and so does a row without a folder. Headers of other projects that belong to one
folder alone (Hyperscan, rte_ethdev, Highway) are listed below it.
"""
import pathlib
import re
import sys

# folder: what it may include. docs/architecture.md tells why.
BELOW_ENGINES = "base packet ipset world table xt load text stack capture reference payload classify compile"
ALLOWED = {
    "base": "",
    "packet": "base",
    "ipset": "packet base",
    "world": "packet base",
    "table": "packet base",
    "xt": "world ipset table packet base",
    "load": "xt table world ipset packet base",
    "text": "xt table packet base",
    "stack": "world table packet base",
    "capture": "packet base",
    "reference": "world table packet base",
    "payload": "base",
    "classify": "payload world xt/evaluate.h table/extension.h packet base",
    "compile": "table classify payload xt/evaluate.h packet base",
    "engines": BELOW_ENGINES,
    "verify": "engines " + BELOW_ENGINES,
    "measure": "verify engines " + BELOW_ENGINES,  # bench aims its packets as verify does
    "pipeline": "classify stack world packet base",
    "io": "pipeline packet base",
    "config": "packet base",
    "face": "load text xt compile pipeline classify stack world table packet base",
}

# Headers of other projects that only these folders may include.
ONLY_IN = {
    "hs.h": {"payload"},
    "hs/hs.h": {"payload"},
    "rte_ethdev.h": {"io"},
    "hwy/highway.h": {"classify"},
    "hwy/foreach_target.h": {"classify"},
    "pcap/pcap.h": {"capture", "io"},
    "pcap.h": {"capture", "io"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')


def allowed(folder, target):
    """Whether a file of src/`folder` may include src/`target`."""
    head = target.split("/", 1)[0]
    if head == folder:
        return True
    rules = ALLOWED[folder].split()
    return head in rules or target in rules


def main():
    root = pathlib.Path(sys.argv[1])
    problems, edges = [], set()
    files = sorted(p for p in (root / "src").rglob("*") if p.suffix in (".h", ".cpp"))
    for path in files:
        relative = path.relative_to(root / "src")
        folder = relative.parts[0]
        if folder not in ALLOWED and folder not in ABOVE:
            problems.append(f"src/{relative}: folder {folder} is in no row of the table in tests/check/layers.py")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            own, system = found.groups()
            if own and own.startswith("hwy/"):  # Highway wants its own headers in quotes
                own, system = None, own
            place = f"src/{relative}:{number}"
            if system in ONLY_IN and folder not in ONLY_IN[system]:
                problems.append(f"{place}: includes <{system}>, expected only in {', '.join(sorted(ONLY_IN[system]))}")
            if own is None:
                continue
            if own.startswith("hookline/"):
                if folder != "face":
                    problems.append(f"{place}: includes the public header {own}, expected only in face")
                continue
            if not (root / "src" / own).exists():
                problems.append(f'{place}: "{own}" is not a path below src/')
                continue
            edges.add((folder, own.split("/", 1)[0]))
            if folder in ALLOWED and not allowed(folder, own):
                problems.append(f"{place}: {folder} includes {own}, expected only: {folder} {ALLOWED[folder]}")
    for folder in ALLOWED:
        if not (root / "src" / folder).is_dir():
            problems.append(f"tests/check/layers.py: row {folder}: there is no such folder")
    for problem in problems:
        print(problem)
    print(f"{len(files)} files, {len(edges)} edges between folders, {len(problems)} problems")
    return 1 if problems else 0


ABOVE = {"cli"}  # folders that may include everything

if __name__ == "__main__":
    sys.exit(main())
