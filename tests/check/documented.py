#!/usr/bin/env python3
"""documented.py SOURCE_ROOT: what an embedder or a newcomer reads first is explained.

In include/hookline every type and every public function stands under a comment, shares the one above its run of
declarations, or has one behind it. Every header begins with a head that gives its path and what it is; every source file
without a header of its own begins with a comment as well.
"""
import pathlib
import re
import sys

TYPE = re.compile(r"^\s*(?:class|struct|enum(?: class)?)\s+[^;]*\{")
FUNCTION = re.compile(r"^\s*[\w\[\]][\w:<>,&*\[\]\s]*\([^{]*")
EXEMPT = re.compile(r"^\s*(?:#|using\b|friend\b|return\b|extern \"C\")|= (?:default|delete);|~\w+\(|operator=")


def undocumented(path):
    """(line number, text) of each declaration that no comment goes with."""
    bad, covered, private = [], False, False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        text = line.strip()
        if not text:
            covered = False
        elif text.startswith("//"):
            covered = True
        elif text in ("private:", "protected:"):
            private = True
        elif text in ("public:", "};"):
            private = False
        elif not private and not EXEMPT.search(line) and (TYPE.match(line) or FUNCTION.match(line)):
            if not covered and "//" not in line:
                bad.append((number, text))
            if TYPE.match(line):
                covered = False
    return bad


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    problems = []
    public = sorted((root / "include" / "hookline").glob("*.h"))
    if not public:
        problems.append("include/hookline: no header")
    for path in public:
        problems += [f"{path.relative_to(root)}:{number}: no comment: {text}" for number, text in undocumented(path)]
    count = 0
    for folder in ("src", "include", "tests", "bench", "examples"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".h", ".cpp") or (path.suffix == ".cpp" and path.with_suffix(".h").exists()):
                continue
            count += 1
            head = path.read_text().split("\n", 1)[0]
            name = str(path.relative_to(root / folder if folder in ("src", "include") else root))
            if not head.startswith("// ") or (path.suffix == ".h" and path.name not in head):
                problems.append(f"{path.relative_to(root)}:1: '{head}', expected a head: '// {name}: what it is'")
    for problem in problems:
        print(problem)
    print(f"{len(public)} public headers, {count} heads, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
