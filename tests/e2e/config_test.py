"""tests/e2e/config_test.py: configs that are wrong: what `hookline run` says, and with which exit code."""
from common import *

NULL_PAIR = """
[[port]]
name = "a"
device = "net_null0"
peer = "b"
[[port]]
name = "b"
device = "net_null1"
"""

# (name, config, exit code, what standard error must say)
CASES = [
    ("not TOML", "rules = ", 3, "c.toml:1: "),
    ("unknown key", 'rules = "none"\nworker = 2\n' + NULL_PAIR, 3, "c.toml:2: worker: an unknown key, expected `workers` perhaps"),
    ("unknown port key", 'rules = "none"\n' + NULL_PAIR + 'devices = "x"\n', 3, '`device` perhaps'),
    ("wrong type", 'rules = "none"\nworkers = "two"\n' + NULL_PAIR, 3, "workers: a string, expected an integer from 1 to 1024"),
    ("out of range", 'rules = "none"\nburst = 65\n' + NULL_PAIR, 3, "burst: 65, expected an integer from 1 to 64"),
    ("other path", 'rules = "none"\npath = "input"\n' + NULL_PAIR, 3, 'path: "input", expected "forward"'),
    ("no rules", NULL_PAIR, 3, "rules: not there"),
    ("no port", 'rules = "none"\n', 3, "port: not there, expected a [[port]] table"),
    ("no peer", 'rules = "none"\n[[port]]\nname = "a"\ndevice = "net_null0"\n', 3, "no port has a peer"),
    ("unknown peer", 'rules = "none"\n[[port]]\nname = "a"\ndevice = "net_null0"\npeer = "c"\n', 3, 'no port "c", expected one of a'),
    ("a name twice", 'rules = "none"\n' + NULL_PAIR.replace('"b"', '"a"'), 3, "the name is used twice"),
    ("a device twice", 'rules = "none"\n' + NULL_PAIR.replace("null1", "null0"), 3, 'the device "net_null0" is another port\'s already'),
    ("more workers than queues", 'rules = "none"\nworkers = 2\n' + NULL_PAIR, 3, "workers: 2, expected at most 1"),
    ("more workers than cores", 'rules = "none"\nworkers = 1024\n' + NULL_PAIR.replace('peer', 'queues = 64\npeer'), None, "workers: 1024"),
    ("a core that is not there", 'rules = "none"\ncores = [1000]\n' + NULL_PAIR, 4, "core 1000, expected one of those"),
    ("a driver that is not there", 'rules = "none"\n' + NULL_PAIR.replace("net_null1", "net_nul1"), 4, 'port b: DPDK cannot make "net_nul1"'),
    ("a driver's own refusal", 'rules = "none"\n' + NULL_PAIR.replace("net_null1", "net_pcap1,rx_pcap=absent.pcap"), 4, "port b: "),
    ("an interface that is not there", 'rules = "none"\n' + NULL_PAIR.replace("net_null1", "net_af_packet1,iface=absent0"), 4, "port b: "),
    ("too many queues", 'rules = "none"\n' + NULL_PAIR.replace('"net_null0"', '"net_pcap0,tx_pcap=x.pcap"\nqueues = 4'), 3,
     "4 receive queues, expected at most"),
    ("a PCI device that is not there", 'rules = "none"\n' + NULL_PAIR.replace("net_null1", "0000:fe:1f.7"), 4, "port b: "),
    ("memory too small", 'rules = "none"\nbuffers = 1000000\n[eal]\nmemory_mb = 32\n' + NULL_PAIR, 4, "buffers: 1000000"),
    ("an EAL option that does not exist", 'rules = "none"\n[eal]\noptions = ["--no-such-option"]\n' + NULL_PAIR, 4, "EAL does not start"),
    ("rules file not there", 'rules = "absent.rules"\n' + NULL_PAIR, 4, "absent.rules"),
    ("rules that do not load", 'rules = "broken.rules"\n' + NULL_PAIR, 3, "broken.rules"),
    ("rules that this build refuses", 'rules = "unsupported.rules"\n' + NULL_PAIR, 3, "filter/FORWARD/1"),
    ("a table twice", 'rules = ["ok.rules", "ok.rules"]\n' + NULL_PAIR, 3, "given by two rule sets"),
    ("namespace not there", 'netns = "hookline-no-such-namespace"\n' + NULL_PAIR, 4, "hookline-no-such-namespace"),
    ("both sources", 'rules = "none"\nnetns = ""\n' + NULL_PAIR, 3, "both `rules` and `netns`"),
    ("fill not there", 'rules = "none"\n' + NULL_PAIR.replace("peer", 'fill = "absent.pcap"\npeer'), 4, "absent.pcap"),
    ("fill is no capture", 'rules = "none"\n' + NULL_PAIR.replace("peer", 'fill = "c.toml"\npeer'), 4, "c.toml"),
]


class Configs(Case):
    def run_config(self, *arguments):
        return subprocess.run([HOOKLINE, "run", *arguments], capture_output=True, text=True, timeout=60)

    def test_refusals(self):
        self.write("broken.rules", "*filter\n-A FORWARD -p tcp --dport 80 -j NOWHERE\nCOMMIT\n")
        self.write("ok.rules", "*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n")
        self.write("unsupported.rules", "*filter\n-A FORWARD -m conntrack --ctstate NEW -j DROP\nCOMMIT\n")
        for name, text, code, message in CASES:
            with self.subTest(name):
                done = self.run_config(str(self.write("c.toml", text)))
                self.assertIn(done.returncode, (3, 4) if code is None else (code,), done.stderr)
                self.assertIn(message, done.stderr)
                self.assertNotIn("READY", done.stdout)

    def test_usage(self):
        self.assertEqual(self.run_config().returncode, 2)
        self.assertEqual(self.run_config("a", "b").returncode, 2)
        self.assertEqual(self.run_config("a", "--frames", "x").returncode, 2)
        self.assertEqual(self.run_config("/nonexistent/c.toml").returncode, 4)
        self.assertEqual(self.run_config("--help").returncode, 0)

    def test_check_opens_no_port(self):
        done = self.run_config(str(self.write("c.toml", 'rules = "none"\n' + NULL_PAIR.replace("net_null1", "net_nul1"))), "--check")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_shipped_configs_are_accepted(self):
        for path in sorted(CONFIGS.glob("*.toml")):
            with self.subTest(path.name):
                done = self.run_config(str(path), "--check")
                self.assertEqual(done.returncode, 0, done.stderr)


main()
