"""tests/e2e/guest/guest_test.py HOOKLINE SOURCE_ROOT VMLINUX IMAGE [MODEL]: the pipeline on a real NIC driver.

Boots the image in QEMU with two NICs of MODEL (e1000e), which DPDK's own driver for the 82574L drives inside. The traffic
of the quickstart goes in at both, over datagram sockets, and everything that comes out, and every rule's counter, must be
what the reference engine says of the same captures.
"""
import pathlib
import shutil
import sys
import threading

VMLINUX, IMAGE = sys.argv[3], sys.argv[4]
MODEL = sys.argv[5] if len(sys.argv) > 5 else "e1000e"
del sys.argv[3:]
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import select
import socket

from common import *
from expected import LAN, WAN, expected

BOOT_SECONDS = 120


class Guest:
    def __init__(self, folder):
        self.folder, self.lines, self.ready = folder, [], threading.Event()
        command = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1024", "-M", "q35", "-nodefaults",
                   "-display", "none", "-serial", "stdio", "-no-reboot", "-kernel", VMLINUX, "-initrd", IMAGE,
                   "-append", "console=ttyS0 quiet panic=-1"]
        self.ends = []
        for i in range(2):
            end = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
            end.settimeout(10)
            end.bind("%s/host%d" % (folder, i))
            self.ends.append(end)
            command += ["-netdev", "dgram,id=n%d,local.type=unix,local.path=%s/guest%d,remote.type=unix,remote.path=%s/host%d"
                        % (i, folder, i, folder, i), "-device", "%s,netdev=n%d,romfile=,mac=52:54:00:00:00:0%d" % (MODEL, i, i + 1)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.decode(errors="replace").rstrip())
            if "READY" in self.lines[-1]:
                self.ready.set()

    def console(self):
        return "\n".join(self.lines[-40:])

    def wait_until_ready(self):
        deadline = time.time() + BOOT_SECONDS
        while not self.ready.wait(0.1):
            assert self.process.poll() is None and time.time() < deadline, "the guest is not ready:\n" + self.console()

    def exchange(self, inputs):
        """Sends inputs[i] at NIC i, a few frames at a time; what came out of each NIC."""
        outputs = [[], []]

        def collect(seconds):
            while True:
                for end in select.select(self.ends, [], [], seconds)[0] or [None]:
                    if end is None:
                        return
                    outputs[self.ends.index(end)].append(end.recv(65536))

        for n in range(max(map(len, inputs))):
            for i in range(2):
                if n < len(inputs[i]):
                    self.ends[i].sendto(inputs[i][n], "%s/guest%d" % (self.folder, i))
            if n % 8 == 7:
                collect(0.002)
        collect(2)
        return outputs

    def finish(self):
        """The report, after the run inside was interrupted and the machine is off."""
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        self.process.wait(60)
        self.reader.join(5)
        assert "EXIT 0" in self.lines, self.console()
        return json.loads(next(line for line in self.lines if line.startswith("REPORT "))[7:])

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for end in self.ends:
            end.close()


class RealDriver(Case):
    def test_quickstart_traffic(self):
        started = time.time()
        guest = Guest(self.folder)
        self.addCleanup(guest.close)
        guest.wait_until_ready()
        ready = time.time()
        lan, wan = read_pcap(LAN), read_pcap(WAN)
        from_lan, from_wan = guest.exchange([lan, wan])
        report = guest.finish()
        to_wan, counts, _ = expected(LAN, "eth1", "eth0")
        to_lan, more, _ = expected(WAN, "eth0", "eth1")
        for key, (packets, size) in more.items():
            entry = counts.setdefault(key, [0, 0])
            entry[0] += packets
            entry[1] += size
        self.assertEqual([port["driver"] for port in report["ports"]], ["net_e1000_em"] * 2)
        self.assertEqual([port["received"] for port in report["ports"]], [len(lan), len(wan)])
        self.assertTrue(from_wan == to_wan, "%d frames came out of eth0, expected %d" % (len(from_wan), len(to_wan)))
        self.assertTrue(from_lan == to_lan, "%d frames came out of eth1, expected %d" % (len(from_lan), len(to_lan)))
        self.assertEqual(rule_counts(report["generations"][0]), {key: tuple(value) for key, value in counts.items()})
        print("%s with %s: ready after %.1f s, %d frames in, %d out, counters of %d rules equal, %.1f s in all" % (
            MODEL, report["ports"][0]["driver"], ready - started, len(lan) + len(wan), len(to_wan) + len(to_lan), len(counts),
            time.time() - started))


assert shutil.which("qemu-system-x86_64"), "qemu-system-x86_64 is not installed"
main()
