"""tests/e2e/bench_cli_test.py: `hookline bench` from outside: rows, answers, refusals. Answers only: no time is judged.

The first match is found here once more, in Python, from the files' text. Sets made here hold what real sets lack: ports of
any protocol, protocol 0, protocol masks. The ClassBench sets of the shared folder are checked where they are there, and the
test says where they are not.
"""
import json
import lzma
import os
import pathlib
import random
import re
import subprocess
import tempfile
import unittest

from common import CONFIGS, HOOKLINE, SOURCE, main

SHARED = pathlib.Path(os.environ.get("HOOKLINE_SHARED") or SOURCE.parent / "shared") / "classbench"
KEYS = {"engine", "batch", "rules", "packets", "build_ms", "bytes", "wrong"}


def bench(*arguments):
    return subprocess.run([HOOKLINE, "bench", *map(str, arguments)], capture_output=True, text=True, check=False)


def rows_of(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def read_filters(text):
    """Each filter as (source, mask, destination, mask, ports lo hi, ports lo hi, protocol, mask)."""
    filters = []
    for line in text.splitlines():
        n = re.findall(r"0x[0-9a-fA-F]+|\d+", line)

        def prefix(at):
            address = int.from_bytes(bytes(int(x) for x in n[at:at + 4]), "big")
            mask = 0xFFFFFFFF << (32 - int(n[at + 4])) & 0xFFFFFFFF
            return address & mask, mask

        mask = int(n[15], 16)
        filters.append((*prefix(0), *prefix(5), *(int(x) for x in n[10:14]), int(n[14], 16) & mask, mask))
    return filters


def first_match(filters, header):
    source, destination, sport, dport, protocol = header
    for number, (s, sm, d, dm, slo, shi, dlo, dhi, p, pm) in enumerate(filters, 1):
        if (source & sm == s and destination & dm == d and slo <= sport <= shi and dlo <= dport <= dhi
                and protocol & pm == p):
            return number
    return 0


def read_trace(text):
    return [tuple(int(x) for x in line.split()[:5]) for line in text.splitlines()]


def odd_set(seed, count):
    rng = random.Random(seed)
    lines = []
    for _ in range(count):
        def prefix():
            return "10.0.0.%d/%d" % (rng.randrange(8), rng.choice([0, 29, 30, 31, 32]))

        def ports():
            return "%d : %d" % rng.choice([(0, 65535), (0, 65535), (80, 80), (1, 65534), (1024, 65535), (3, 9)])

        protocol = rng.choice(["0x06/0xFF", "0x11/0xFF", "0x00/0x00", "0x00/0xFF", "0x01/0xFF", "0x2f/0xFF", "0x84/0xFF", "0x02/0xFE"])
        lines.append("@%s\t%s\t%s\t%s\t%s\t0x0000/0x0200" % (prefix(), prefix(), ports(), ports(), protocol))
    trace = []
    for _ in range(2000):
        trace.append("%d\t%d\t%d\t%d\t%d\t0\t0" % (
            0x0A000000 + rng.randrange(9), 0x0A000000 + rng.randrange(9), rng.choice([0, 1, 3, 9, 10, 80, 1024, 65534, 65535]),
            rng.choice([0, 1, 3, 9, 10, 80, 1024, 65534, 65535]), rng.choice([0, 1, 2, 3, 6, 17, 47, 50, 58, 132, 136, 255])))
    return "\n".join(lines) + "\n", "\n".join(trace) + "\n"


class Bench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def path(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def check_rows(self, rows, rules, packets):
        self.assertEqual(sorted(row["engine"] for row in rows), ["compiled", "linear", "reference", "rte_acl"])
        for row in rows:
            self.assertNotIn("error", row)
            self.assertLessEqual(KEYS, row.keys())
            self.assertEqual(row["wrong"], 0, row)
            self.assertEqual(row["rules"], rules)
            self.assertLessEqual(row["packets"], packets)
            self.assertGreater(row["packets"], 0)
            if row["engine"] in ("compiled", "rte_acl"):
                self.assertEqual(row["packets"], packets)

    def test_odd_sets(self):
        for seed in range(3):
            filters_text, trace_text = odd_set(seed, 12)
            pack = lzma.compress if seed == 1 else str.encode
            filters = self.path("set", pack(filters_text.encode()) if seed == 1 else filters_text)
            trace = self.path("trace", pack(trace_text.encode()) if seed == 1 else trace_text)
            answers = self.folder / "answers"
            done = bench("--classbench", filters, "--trace", trace, "--answers", answers, "--check-only", "--json")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.check_rows(rows_of(done), 12, 2000)
            expected = [first_match(read_filters(filters_text), header) for header in read_trace(trace_text)]
            self.assertEqual([int(line) for line in answers.read_text().splitlines()], expected)
            self.assertGreater(len(set(expected)), 4)

    def test_shared_sets(self):
        if not SHARED.is_dir():
            self.skipTest(f"not run: no {SHARED}")
        for name in ("acl1_1k", "fw1_1k", "ipc1_1k", "acl1_10k", "fw1_10k", "ipc1_10k"):
            answers = self.folder / "answers"
            done = bench("--classbench", SHARED / f"{name}.xz", "--trace", SHARED / f"{name}_trace.xz", "--answers", answers,
                         "--check-only", "--json")
            self.assertEqual((done.returncode, done.stderr), (0, ""), name)
            filters = read_filters(lzma.open(SHARED / f"{name}.xz", "rt").read())
            headers = read_trace(lzma.open(SHARED / f"{name}_trace.xz", "rt").read())
            self.check_rows(rows_of(done), len(filters), len(headers))
            found = [int(line) for line in answers.read_text().splitlines()]
            self.assertEqual(len(found), len(headers))
            for i in random.Random(name).sample(range(len(headers)), 300 if "10k" in name else 2000):
                self.assertEqual(found[i], first_match(filters, headers[i]), f"{name}, header {i + 1}")

    def test_timed_rows(self):
        done = bench("--made", 20, "--rounds", 3, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        rows = rows_of(done)
        self.check_rows(rows, 20, 100000)
        for row in rows:
            self.assertGreater(row["ns_per_packet"], 0)
        people = bench("--made", 20, "--rounds", 3)
        self.assertEqual(people.returncode, 0)
        for word in ("compiled", "linear", "reference", "rte_acl", "ns/packet", "wrong"):
            self.assertIn(word, people.stdout)

    def test_rule_set(self):
        if os.geteuid() != 0:
            self.skipTest("not run: loading rules text needs root")
        done = bench(CONFIGS / "rules" / "datacenter-1000.rules", "--check-only", "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        rows = rows_of(done)
        self.assertEqual({row["hook"] for row in rows}, {"INPUT", "FORWARD", "OUTPUT"})
        for row in rows:
            self.assertIn(row["engine"], ("compiled", "linear", "reference"))
            self.assertEqual((row["table"], row["family"], row["wrong"]), ("filter", "ipv4", 0))
            self.assertGreater(row["packets"], 1000)

    def test_refusals(self):
        good = self.path("good", "@1.2.3.4/32 5.6.7.8/32 0 : 65535 2 : 3 0x06/0xFF\n")
        trace = self.path("trace", "1 2 3 4 5\n")

        def refused(code, message, *arguments):
            done = bench(*arguments, "--check-only")
            self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
            self.assertIn(message, done.stderr)

        bad = self.path("bad", "@1.2.3.4/32 5.6.7.8/32 0 : 65535 2 : 3 0x06/0xFF\n@1.2.3.4/40 5.6.7.8/32\n")
        refused(3, f"{bad}:2: '40 5.6.7.8/32', expected a prefix length (0 to 32)", "--classbench", bad)
        refused(3, "at least one", "--classbench", self.path("empty", ""))
        refused(3, "cut short", "--classbench", self.path("cut.xz", lzma.compress(b"x" * 1000)[:40]))
        refused(3, "expected a protocol", "--classbench", good, "--trace", self.path("bad trace", "1 2 3 4\n"))
        refused(3, "No such file", "--classbench", self.folder / "nowhere")
        refused(2, "expected FILE, or --classbench RULES", )
        refused(2, "--answers", "--classbench", good, "--answers", self.folder / "out")
        refused(2, "--classbench and --made", "--classbench", good, "--made", 3)
        refused(2, "--trace", good, "--trace", trace)
        refused(4, "nowhere", "--classbench", good, "--trace", trace, "--answers", self.folder / "nowhere" / "out")


if __name__ == "__main__":
    main()
