"""tests/e2e/pcap_test.py: `hookline run` from capture to capture: every frame, every counter.

What is expected comes from `hookline eval --engine reference`, which shares neither the Program nor the pipeline.
"""
from common import *
from expected import LAN, RULES, WAN, expected


class Pcap(Case):
    def play(self, top="", lan="", extra=()):
        config = self.write("c.toml", """
rules = ["%s", "%s"]
%s
[limits]
idle_ms = 100
[[port]]
name = "lan"
interface = "eth1"
device = "net_pcap0,rx_pcap=%s,tx_pcap=to-lan.pcap"
peer = "wan"
%s
[[port]]
name = "wan"
interface = "eth0"
device = "net_pcap1,rx_pcap=%s,tx_pcap=to-wan.pcap"
peer = "lan"
""" % (RULES["ipv4"], RULES["ipv6"], top, LAN, lan, WAN))
        return run_json(config, *extra)

    def check(self, report):
        to_wan, counts, verdicts = expected(LAN, "eth1", "eth0")
        to_lan, more_counts, more_verdicts = expected(WAN, "eth0", "eth1")
        for key, (packets, size) in more_counts.items():
            entry = counts.setdefault(key, [0, 0])
            entry[0] += packets
            entry[1] += size
        for key, frames in more_verdicts.items():
            verdicts[key] = verdicts.get(key, 0) + frames

        self.assertEqual(read_pcap(self.folder / "to-wan.pcap"), to_wan)
        self.assertEqual(read_pcap(self.folder / "to-lan.pcap"), to_lan)
        self.assertEqual(len(report["generations"]), 1)
        self.assertEqual(rule_counts(report["generations"][0]), {key: tuple(value) for key, value in counts.items()})
        for name in ("accept", "reject", "not IP"):
            self.assertEqual(report["verdicts"][name], verdicts[name], name)
            self.assertGreater(verdicts[name], 0, name)
        stopped = report["verdicts"]["drop"] + sum(report["discards"].values())
        self.assertEqual(stopped, verdicts["drop or discard"])
        self.assertGreater(report["discards"]["TTL used up"], 0)
        self.assertGreater(report["discards"]["broken header"], 0)
        self.assertEqual(report["frames"], len(read_pcap(LAN)) + len(read_pcap(WAN)))
        ports = {port["name"]: port for port in report["ports"]}
        self.assertEqual(ports["wan"]["sent"], len(to_wan))
        self.assertEqual(ports["wan"]["sent_bytes"], sum(map(len, to_wan)))
        self.assertEqual(ports["lan"]["received_bytes"], sum(map(len, read_pcap(LAN))))

    def test_frames_and_counters(self):
        self.check(self.play())

    def test_burst_of_one(self):
        self.check(self.play("burst = 1"))

    def test_burst_of_64(self):
        self.check(self.play("burst = 64"))

    def test_two_workers(self):
        if len(os.sched_getaffinity(0)) < 2:
            self.skipTest("one core only")
        self.check(self.play("workers = 2"))

    def test_no_rules_pass_everything_that_the_stack_lets_pass(self):
        report = self.play(extra=("--rules", "none"))
        self.assertEqual(report["verdicts"]["drop"] + report["verdicts"]["reject"], 0)
        self.assertEqual(report["verdicts"]["accept"] + report["verdicts"]["not IP"] + sum(report["discards"].values()), report["frames"])

    def test_a_wire_changes_no_byte(self):
        self.play('mode = "wire"', extra=("--rules", "none"))
        self.assertLess(0, len(read_pcap(self.folder / "to-wan.pcap")))
        sent = set(read_pcap(LAN))
        self.assertTrue(all(frame in sent for frame in read_pcap(self.folder / "to-wan.pcap")))
        # Only what ip_rcv() refuses is missing: the broken checksums.
        ttl_one = [f for f in read_pcap(LAN) if ether_type(f) == 0x0800 and f[22] == 1]
        through = set(read_pcap(self.folder / "to-wan.pcap"))
        self.assertTrue(ttl_one and all(f in through for f in ttl_one))

    def test_jumbo_frames_come_as_chains_and_go_through(self):
        frames = []
        for size in (60, 2100, 5000, 9000):
            payload = bytes(range(256)) * 40
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, size - 14, 1, 0, 9, 17, 0, bytes((192, 168, 10, 5)), bytes((93, 1, 1, 1)))
            total = sum(struct.unpack("!10H", ip))
            total = (total & 0xFFFF) + (total >> 16)
            ip = ip[:10] + struct.pack("!H", ~total & 0xFFFF) + ip[12:]
            frames.append(bytes.fromhex("0200000000020200000000010800") + ip + payload[:size - 34])
        write_pcap(self.folder / "jumbo.pcap", frames)
        text = """
rules = "none"
frame_bytes = %d
[limits]
idle_ms = 100
[[port]]
name = "a"
device = "net_pcap0,rx_pcap=jumbo.pcap"
peer = "b"
[[port]]
name = "b"
mtu = 9500
device = "net_pcap1,tx_pcap=out.pcap"
"""
        report = run_json(self.write("wide.toml", text % 9500))
        self.assertEqual(report["verdicts"]["accept"], 4)
        self.assertEqual([len(f) for f in read_pcap(self.folder / "out.pcap")], [60, 2100, 5000, 9000])
        self.assertEqual([f[34:] for f in read_pcap(self.folder / "out.pcap")], [f[34:] for f in frames])
        # Buffers too small to join the chain: dropped, and said so.
        report = run_json(self.write("narrow.toml", text % 2048))
        self.assertEqual(report["verdicts"]["accept"], 1)
        self.assertEqual(report["discards"]["no room"], 3)

    def test_rules_see_the_frame(self):
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 46, 1, 0, 9, 17, 0, bytes((192, 168, 10, 5)), bytes((93, 1, 1, 1)))
        total = sum(struct.unpack("!10H", ip))
        total = (total & 0xFFFF) + (total >> 16)
        ip = ip[:10] + struct.pack("!H", ~total & 0xFFFF) + ip[12:] + bytes(26)
        headers = ("020000000002 020000000007 0800", "020000000002 020000000008 0800", "ffffffffffff 020000000008 0800",
                   "01005e000001 020000000007 0800")
        write_pcap(self.folder / "frames.pcap", [bytes.fromhex(header) + ip for header in headers])
        rules = self.write("frames.rules", """*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -m mac --mac-source 02:00:00:00:00:07
-A PREROUTING -m pkttype --pkt-type broadcast
-A PREROUTING -m pkttype --pkt-type multicast -m mac ! --mac-source 02:00:00:00:00:08
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m mac --mac-source 02:00:00:00:00:07 -j DROP
COMMIT
""")
        config = self.write("frames.toml", """
rules = "%s"
[limits]
idle_ms = 100
[[port]]
name = "a"
device = "net_pcap0,rx_pcap=frames.pcap"
peer = "b"
[[port]]
name = "b"
device = "net_pcap1,tx_pcap=out.pcap"
""" % rules)
        report = run_json(config)
        self.assertEqual([f[6:12].hex() for f in read_pcap(self.folder / "out.pcap")], ["020000000008"])
        counts = rule_counts(report["generations"][0])
        self.assertEqual({rule: counts.get(("ipv4", rule), (0, 0))[0]
                          for rule in ("raw/PREROUTING/1", "raw/PREROUTING/2", "raw/PREROUTING/3", "filter/FORWARD/1")},
                         {"raw/PREROUTING/1": 2, "raw/PREROUTING/2": 1, "raw/PREROUTING/3": 1, "filter/FORWARD/1": 1})

    def test_a_frame_limit_is_exact(self):
        config = self.write("c.toml", """
rules = "none"
[limits]
frames = 1001
[[port]]
name = "a"
device = "net_null0"
peer = "b"
fill = "%s"
[[port]]
name = "b"
device = "net_null1"
""" % LAN)
        self.assertEqual(run_json(config)["frames"], 1001)


main()
