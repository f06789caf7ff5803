#!/usr/bin/env python3
"""refused_rule_sets.py HOOKLINE SOURCE_ROOT: what `check` still refuses in a collection of real rule sets.

Each rule set of the shared collection (HOOKLINE_SHARED, else ../shared beside the sources: rulesets/v4 and v6, with the
ipsets that a set names) is restored into a namespace of its own by the system's programs, fetched, and checked. The report
says how many of how many are complete, what the others are refused for, and how many of them only for connection tracking.
Says so where the collection is not there. Needs root. Exit 1 where a set does not load, or check neither accepts it nor
refuses it by name.
"""
import collections
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

REFUSAL = re.compile(r"\S+ \(offset \d+\): ((?:match|target) \S+) rev \d+: not evaluated by this build(?:: (.*))?")
FAMILIES = {"v4": ("iptables-legacy", "ipv4"), "v6": ("ip6tables-legacy", "ipv6")}


def check(hookline, path, program, family):
    """(exit code, standard error) of check, or None and what the system said."""
    sets = path.with_suffix(".ipset")
    with tempfile.TemporaryDirectory() as directory:
        steps = f"ipset restore < {shlex.quote(str(sets))}\n" if sets.exists() else ""
        steps += f"{program}-restore -w 60 < {shlex.quote(str(path))}\n{shlex.quote(hookline)} fetch --family {family} -o snapshot"
        done = subprocess.run(["unshare", "-n", "sh", "-ec", steps], cwd=directory, capture_output=True, text=True)
        if done.returncode != 0:
            return None, done.stderr
        checked = subprocess.run([hookline, "check", "snapshot"], cwd=directory, capture_output=True, text=True)
        return checked.returncode, checked.stderr


def main():
    hookline, source_root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    if os.geteuid() != 0:
        print("SKIPPED: needs root to make namespaces")
        return 77
    shared = pathlib.Path(os.environ.get("HOOKLINE_SHARED", source_root.parent / "shared")) / "rulesets"
    if not shared.is_dir():
        print(f"NOT RUN: {shared} is not there: no rule set was checked")
        return 0
    total = complete = tracking = failures = 0
    sets_by_name, reasons, others = collections.Counter(), collections.defaultdict(set), []
    for folder, (program, family) in FAMILIES.items():
        for path in sorted((shared / folder).glob("*.rules")):
            total += 1
            code, said = check(hookline, path, program, family)
            refused = [REFUSAL.fullmatch(line) for line in said.splitlines()] if code == 3 else []
            if code not in (0, 3) or (code == 3 and not all(refused)):
                failures += 1
                print(f"FAIL {path.name}: {said.strip()[:500]}")
                continue
            complete += code == 0
            names = {match[1]: match[2] or "unknown to this build" for match in refused}
            for name, reason in names.items():
                sets_by_name[name] += 1
                reasons[name].add(reason)
            rest = {name for name, reason in names.items() if "connection tracking" not in reason}
            tracking += bool(names) and not rest
            if rest:
                others.append(f"{path.name}: {', '.join(sorted(rest))}")
    print(f"{complete} of {total} rule sets are complete; {tracking} more are refused for connection tracking alone")
    print(f"{len(others)} for something else as well:")
    for line in others:
        print(f"  {line}")
    print("refused in so many rule sets:")
    for name, count in sets_by_name.most_common():
        print(f"  {count:4} {name}: {'; '.join(sorted(reasons[name]))}")
    if total == 0:
        print(f"FAIL {shared}: no rule sets found")
    return 1 if failures or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
