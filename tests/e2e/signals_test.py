"""tests/e2e/signals_test.py: SIGHUP under traffic, SIGINT, SIGTERM.

The source never ends (net_null filled from a capture), so whatever a new rule set loses or counts twice shows in the sums:
each IPv4 packet that reaches FORWARD is counted by exactly one of the rules there, whichever generation it met.
"""
from common import *

FIRST = "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -p tcp -j ACCEPT\nCOMMIT\n"
SECOND = "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p udp -j DROP\n-A FORWARD -p tcp -m tcp --dport 443 -j ACCEPT\nCOMMIT\n"
BROKEN = "*filter\n-A FORWARD -p tcp --dport 80 -j NOWHERE\nCOMMIT\n"
UNSUPPORTED = "*filter\n-A FORWARD -m conntrack --ctstate NEW -j DROP\nCOMMIT\n"


class Signals(Case):
    def start(self, text, rules='rules = "r.rules"', wait=True):
        self.write("r.rules", text)
        config = self.write("c.toml", rules + """
idle_sleep_us = 20
[report]
json = false
zero_rules = true
[[port]]
name = "a"
device = "net_null0"
peer = "b"
fill = "%s"
[[port]]
name = "b"
device = "net_null1"
""" % (CONFIGS / "quickstart.pcap"))
        run = self.start_run(config)
        if wait:
            run.wait_for("READY")
        return run

    def test_interrupt_and_terminate_drain_and_report(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                run = self.start(FIRST)
                time.sleep(0.1)
                code, text = run.end(number)
                self.assertEqual(code, 0, run.stderr())
                self.assertRegex(text, r"\n *[1-9]\d* +\d+ +filter/FORWARD/1 ")

    def test_terminate_before_the_ports_are_open(self):
        run = self.start(FIRST, wait=False)
        time.sleep(0.02)
        run.signal(signal.SIGTERM)
        code, _ = run.end()
        self.assertIn(code, (0, -signal.SIGTERM))

    def counts(self, text):
        """{generation: {rule: packets}} of a final report."""
        result, current = {}, None
        for line in text.splitlines():
            if line.startswith("rules of generation"):
                current = result.setdefault(int(line.split()[3].rstrip(",")), {})
            elif line == "":
                current = None
            elif current is not None and "/" in line:
                packets, _, rule = line.split()[:3]
                current[rule] = int(packets)
        return result

    def test_hangup_publishes_under_traffic(self):
        run = self.start(FIRST)
        for n in range(2, 7):
            time.sleep(0.05)
            self.write("r.rules", SECOND if n % 2 == 0 else FIRST)
            run.signal(signal.SIGHUP)
            run.wait_for("PUBLISHED: rules %d" % n)
        time.sleep(0.05)
        code, text = run.end(signal.SIGINT)
        self.assertEqual(code, 0, run.stderr())
        counts = self.counts(text)
        self.assertEqual(sorted(counts), [2, 3, 4, 5, 6])  # the newest five; the first has left the report
        for n, rules in counts.items():
            expected = {"filter/FORWARD/1", "filter/FORWARD/policy"} | ({"filter/FORWARD/2"} if n % 2 == 0 else set())
            self.assertEqual({r for r in rules if "FORWARD" in r}, expected)
            self.assertGreater(sum(rules.values()), 0, "generation %d saw no traffic" % n)

    def test_every_packet_is_counted_once_across_a_publish(self):
        # One accepting rule set after another: no verdict differs, so all that counts is the sum.
        run = self.start(FIRST)
        for n in range(2, 5):
            time.sleep(0.03)
            self.write("r.rules", FIRST)
            run.signal(signal.SIGHUP)
            run.wait_for("PUBLISHED: rules %d" % n)
        code, text = run.end(signal.SIGTERM)
        self.assertEqual(code, 0, run.stderr())
        counts = self.counts(text)
        self.assertEqual(sorted(counts), [1, 2, 3, 4])
        counted = sum(sum(v for r, v in rules.items() if "FORWARD" in r) for rules in counts.values())
        # IPv6 has no table: count the IPv4 share of accepted frames with the capture's own pattern, which repeats.
        accepted = int(text.split("\n  accept ")[1].split()[0])
        frames = int(text.rsplit("\n", 2)[-2].split()[0])
        capture = read_pcap(CONFIGS / "quickstart.pcap")
        four = [self.forwardable(f) for f in capture]
        whole, rest = divmod(frames, len(capture))
        self.assertEqual(counted, whole * sum(four) + sum(four[:rest]))
        self.assertGreaterEqual(accepted, counted)

    def forwardable(self, frame):
        """1 for an IPv4 packet that gets as far as FORWARD: a right checksum and TTL to spend."""
        if ether_type(frame) != 0x0800 or frame[22] <= 1:
            return 0
        total = sum(struct.unpack("!10H", frame[14:34]))
        return 1 if (total & 0xFFFF) + (total >> 16) == 0xFFFF else 0

    def test_hangup_with_bad_rules_keeps_the_old_ones(self):
        run = self.start(FIRST)
        for text, message in ((BROKEN, "r.rules"), (UNSUPPORTED, "filter/FORWARD/1")):
            self.write("r.rules", text)
            run.signal(signal.SIGHUP)
            deadline = time.time() + 20
            while message not in run.stderr() or not run.stderr().rstrip().endswith("rules 1 stay in service"):
                self.assertLess(time.time(), deadline, run.stderr())
                time.sleep(0.05)
        code, text = run.end(signal.SIGINT)
        self.assertEqual(code, 0)
        self.assertIn("filter/FORWARD/1", text)
        self.assertNotIn("generation 2", text)

    def test_hangup_fetches_the_namespace_again(self):
        namespace = self.namespace("rules")
        namespace.run("iptables-legacy -A FORWARD -p tcp -j DROP")
        run = self.start("", rules='netns = "%s"' % namespace.name)
        namespace.run("iptables-legacy -A FORWARD -p udp -j DROP")
        run.signal(signal.SIGHUP)
        run.wait_for("PUBLISHED: rules 2")
        time.sleep(0.05)
        code, text = run.end(signal.SIGINT)
        self.assertEqual(code, 0, run.stderr())
        counts = self.counts(text)
        self.assertNotIn("filter/FORWARD/2", counts[1])
        self.assertGreater(counts[2]["filter/FORWARD/2"], 0)


main()
