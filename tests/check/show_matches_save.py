#!/usr/bin/env python3
"""`hookline show` against iptables-legacy-save and ip6tables-legacy-save, line for line, comment lines aside.

usage: show_matches_save.py HOOKLINE SOURCE_ROOT

Each rule set is restored into a namespace of its own with its counters, saved by the system's program, fetched by
`hookline fetch` and shown, with and without counters. The project's own rule sets are also shown straight from their text.
A set that needs a match or target which this build lacks must be refused with exit code 3 and that name. Rule sets and
one-rule cases of a shared collection (HOOKLINE_SHARED, else ../shared beside the sources) are used where it is there.
Needs root. Prints how many of how many, and names the rest; exit 1 on any difference.
"""
import collections
import csv
import difflib
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

STANDARD_TARGETS = {"ACCEPT", "DROP", "QUEUE", "RETURN"}
# Names that the text has and the kernel has not.
KERNEL_NAMES = {"state": "conntrack", "NOTRACK": "CT"}


class Family:
    def __init__(self, name, program):
        self.name = name
        self.program = program


V4 = Family("ipv4", "iptables-legacy")
V6 = Family("ipv6", "ip6tables-legacy")


def run(arguments, **options):
    return subprocess.run(arguments, capture_output=True, **options)


def rules_only(text):
    """The lines that count: everything but comments."""
    return [line for line in text.split(b"\n") if not line.startswith(b"#") and line]


class Check:
    def __init__(self, hookline):
        self.hookline = hookline
        self.failures = 0
        listed = run([hookline, "extensions"], check=True, text=True).stdout.split("\n")[1:]
        self.supported = {(row.split()[0], row.split()[1]) for row in listed if row.strip()}

    def fail(self, name, message):
        self.failures += 1
        print(f"FAIL {name}: {message}")

    def unsupported(self, saved):
        """What the saved text uses and this build lacks, as ("match", name) or ("target", name)."""
        chains = {line[1:].split()[0].decode() for line in saved if line.startswith(b":")}
        found = set()
        for line in saved:
            if not line.startswith(b"-A"):
                continue
            words = shlex.split(line.decode(errors="surrogateescape"))
            for option, word in zip(words, words[1:]):
                if option == "-m":
                    found.add(("match", word))
                elif option == "-j" and word not in STANDARD_TARGETS and word not in chains:
                    found.add(("target", word))
        return found - self.supported

    def compare(self, name, expected, shown):
        """Whether `shown` (a finished `hookline show`) printed the expected lines."""
        if shown.returncode != 0:
            self.fail(name, f"exit {shown.returncode}: {shown.stderr.decode(errors='replace').strip()}")
            return False
        got = rules_only(shown.stdout)
        if got == expected:
            return True
        diff = difflib.unified_diff([l.decode(errors="replace") for l in expected], [l.decode(errors="replace") for l in got],
                                    "save", "show", lineterm="", n=0)
        self.fail(name, "\n" + "\n".join(list(diff)[:20]))
        return False

    def in_namespace(self, script, directory):
        return run(["unshare", "-n", "sh", "-ec", script], cwd=directory)

    def rule_set(self, path, family, from_text):
        """"equal", "refused" (rightly), or "wrong"."""
        name = str(path)
        sets = path.with_suffix(".ipset")
        with tempfile.TemporaryDirectory() as directory:
            steps = f"ipset restore < {shlex.quote(str(sets))}\n" if sets.exists() else ""
            steps += f"""
                # Not every text has counters for its policies.
                {family.program}-restore -w 60 -c < {shlex.quote(name)} || {family.program}-restore -w 60 < {shlex.quote(name)}
                {family.program}-save > plain
                {family.program}-save -c > counted
                {shlex.quote(self.hookline)} fetch --family {family.name} -o snapshot
            """
            done = self.in_namespace(steps, directory)
            if done.returncode != 0:
                self.fail(name, "does not load: " + done.stderr.decode(errors="replace").strip())
                return "wrong"
            root = pathlib.Path(directory)
            plain = rules_only((root / "plain").read_bytes())
            counted = rules_only((root / "counted").read_bytes())
            missing = self.unsupported(plain)
            shown = run([self.hookline, "show", root / "snapshot"])
            if missing:
                said = shown.stderr.decode(errors="replace")
                named = all(f"{kind} {KERNEL_NAMES.get(word, word)} rev " in said for kind, word in missing)
                if shown.returncode == 3 and named:
                    return "refused"
                self.fail(name, f"uses {missing}, but exit {shown.returncode}: {said.strip()}")
                return "wrong"
            good = self.compare(name, plain, shown)
            good &= self.compare(name + " with counters", counted, run([self.hookline, "show", "--counters", root / "snapshot"]))
            if from_text:
                blank = [re.sub(rb"^(:\S+ \S+ )\[.*\]$", rb"\1[0:0]", line) for line in plain]
                good &= self.compare(name + " as text", blank, run([self.hookline, "show", "--family", family.name, path]))
            return "equal" if good else "wrong"

    def rule_sets(self, title, files, from_text):
        counts = {"equal": 0, "refused": 0, "wrong": 0}
        for path, family in files:
            counts[self.rule_set(path, family, from_text)] += 1
        within = counts["equal"] + counts["wrong"]
        print(f"{title}: {counts['equal']} of {within} equal; {counts['refused']} more refused by name")
        if not files:
            self.fail(title, "no rule sets found")

    def one_rule_cases(self, table_file, family):
        """Every case that loads: all of them in one namespace, and by itself each that cannot stand beside the others."""
        with open(table_file, newline="", encoding="utf-8") as stream:
            cases = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
        loading = [Case(case) for case in cases if case["loads"] == "yes"]
        missing = {case: self.unsupported(case.chains + case.saved) for case in loading}
        with tempfile.TemporaryDirectory() as directory:
            together = [case for case in loading if not missing[case]]
            good, alone = self.show_cases(table_file.name, together, family, directory)
            for case in alone:
                equal, failed = self.show_cases(f"{table_file.name}: {case.rule}", [case], family, directory)
                good += equal
                if failed:
                    self.fail(table_file.name, f"does not load: {case.rule}")
        rest = collections.Counter(f"{kind} {word}" for case in loading for kind, word in missing[case])
        print(f"{table_file.name}: {good} of {len(loading)} one-rule cases that load are shown as saved ({len(alone)} by themselves)")
        if rest:
            print(f"  not printed by this build: {', '.join(f'{name} ({count})' for name, count in rest.most_common())}")
        if len(together) < 100:
            self.fail(str(table_file), f"only {len(together)} cases use supported extensions")

    def show_cases(self, name, cases, family, directory):
        """(how many are shown as they are saved, those that do not load beside the others)."""
        script = "".join(f"{command}\n" for command in dict.fromkeys(c for case in cases for c in case.before(family)))
        for number, case in enumerate(cases):
            script += f"{family.program} -w 60 -t {case.table} -A {case.chain} {case.rule} || echo {number} >> failed\n"
        script += f"{family.program}-save > plain\n{shlex.quote(self.hookline)} fetch --family {family.name} -o snapshot\n"
        root = pathlib.Path(directory)
        (root / "failed").write_text("")
        done = self.in_namespace(script, directory)
        if done.returncode != 0:
            self.fail(name, done.stderr.decode(errors="replace").strip())
            return 0, []
        failed = {cases[int(number)] for number in (root / "failed").read_text().split()}
        loaded = [case for case in cases if case not in failed]
        expected = rules_only((root / "plain").read_bytes())
        for case in loaded:
            for line in set(case.saved) - set(expected):
                self.fail(name, f"{case.rule}: not saved as the collection says: {line.decode(errors='replace')}")
        shown = run([self.hookline, "show", root / "snapshot"])
        self.compare(name, expected, shown)
        lines = set(rules_only(shown.stdout))
        return sum(lines.issuperset(case.saved) for case in loaded), [case for case in cases if case in failed]


class Case:
    """A row of the collection that loads."""

    def __init__(self, row):
        self.table, self.chain, self.rule = row["table"], row["chain"], row["rule"].replace("\\t", "\t")
        self.saved = [line.replace("\\t", "\t").encode() for line in row["saved"].split(" ;; ")]
        self.needs = [need for need in row["sets"].split(" ;; ") if need]
        self.chains = [b":" + need.split()[-1].encode() + b" -" for need in self.needs if " -N " in need]

    def before(self, family):
        """What must be there first: sets and estimators once for all, a chain in the case's own table."""
        for need in self.needs:
            if need.startswith("create "):
                yield f"ipset {need}"
            elif " -N " in need:
                yield f"{family.program} -w 60 -t {self.table} -N {need.split()[-1]}"
            else:
                yield need


def family_of(path):
    first = path.open(encoding="utf-8", errors="replace").readline()
    return V6 if first.startswith("# Generated by ip6tables-save") else V4


def main():
    hookline, source_root = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    if os.geteuid() != 0:
        print("SKIPPED: needs root to make namespaces")
        return 77
    check = Check(hookline)
    own = [(path, family_of(path)) for path in sorted((source_root / "configs/rules").glob("*.rules"))]
    check.rule_sets("configs/rules", own, from_text=True)

    shared = pathlib.Path(os.environ.get("HOOKLINE_SHARED", source_root.parent / "shared"))
    if not shared.is_dir():
        print(f"NOT RUN: {shared} is not there: no shared rule sets and no one-rule cases were compared")
        return 1 if check.failures else 0
    for family, folder in ((V4, "v4"), (V6, "v6")):
        files = [(path, family) for path in sorted((shared / "rulesets" / folder).glob("*.rules"))]
        check.rule_sets(f"shared rulesets {folder}", files, from_text=False)
        check.one_rule_cases(shared / "ext-tests" / f"{folder}.tsv", family)
    return 1 if check.failures else 0


if __name__ == "__main__":
    sys.exit(main())
