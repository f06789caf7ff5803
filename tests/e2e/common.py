"""tests/e2e/common.py: what the end-to-end tests share: captures, namespaces, the program under test.

Each test file is a unittest program, called as `python3 FILE HOOKLINE SOURCE_ROOT`. Namespaces get names that no other run
uses and are removed whatever happens; nothing is left on the host.
"""
import json
import os
import pathlib
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

if len(sys.argv) < 3:
    sys.exit("usage: %s HOOKLINE SOURCE_ROOT [unittest arguments]" % sys.argv[0])
HOOKLINE = os.path.abspath(sys.argv[1])
SOURCE = pathlib.Path(sys.argv[2]).resolve()
CONFIGS = SOURCE / "configs"


def main():
    unittest.main(argv=[sys.argv[0]] + sys.argv[3:], verbosity=2)


# ---- captures ---------------------------------------------------------------------------------------------------------

def read_pcap(path):
    """The frames of a capture, as bytes, in order."""
    data = pathlib.Path(path).read_bytes()
    magic = data[:4]
    order = "<" if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    frames, at = [], 24
    while at + 16 <= len(data):
        _, _, size, _ = struct.unpack(order + "IIII", data[at:at + 16])
        frames.append(data[at + 16:at + 16 + size])
        at += 16 + size
    assert at == len(data), "%s ends in the middle of a record" % path
    return frames


def write_pcap(path, frames):
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for i, frame in enumerate(frames):
            out.write(struct.pack("<IIII", 1000000000 + i // 1000000, i % 1000000, len(frame), len(frame)) + frame)


def ether_type(frame):
    return struct.unpack("!H", frame[12:14])[0] if len(frame) >= 14 else 0


def is_neighbour_discovery(frame):
    """ICMPv6 133..137 with hop limit 255 directly behind the IPv6 header: link business, as ARP is."""
    return (ether_type(frame) == 0x86DD and len(frame) >= 58 and frame[14] >> 4 == 6 and frame[20] == 58 and frame[21] == 255
            and 133 <= frame[54] <= 137)


# ---- the program ------------------------------------------------------------------------------------------------------

class Run:
    """A `hookline run` in the background."""

    def __init__(self, config, *more, netns=None):
        command = (["ip", "netns", "exec", netns] if netns else []) + [HOOKLINE, "run", str(config), *more]
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, bufsize=0)
        self.seen = b""

    def wait_for(self, text, seconds=20):
        """Until the program has printed `text` on standard output."""
        deadline = time.time() + seconds
        while text.encode() not in self.seen:
            left = deadline - time.time()
            ready = left > 0 and select.select([self.process.stdout], [], [], left)[0]
            chunk = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not chunk:
                raise AssertionError("no %r within %d s; output: %s; errors: %s" % (text, seconds, self.seen.decode(), self.stderr()))
            self.seen += chunk

    def wait_until_ready(self, seconds=20):
        """Until READY was printed, on whichever stream the report leaves free."""
        deadline = time.time() + seconds
        while "READY" not in self.stderr():
            if time.time() > deadline or self.process.poll() is not None:
                raise AssertionError("not ready: " + self.stderr())
            time.sleep(0.02)

    def stderr(self):
        self.errors.seek(0)
        return self.errors.read()

    def signal(self, number):
        self.process.send_signal(number)

    def end(self, number=None, seconds=20):
        """Sends a signal, if any, and waits; the exit code and everything on standard output."""
        if number is not None:
            self.process.send_signal(number)
        try:
            rest, _ = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise AssertionError("hookline run did not end within %d s; errors: %s" % (seconds, self.stderr()))
        self.seen += rest
        return self.process.returncode, self.seen.decode()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        self.errors.close()


def run_json(config, *more, netns=None, code=0):
    """A whole run that ends by itself, and its report."""
    command = (["ip", "netns", "exec", netns] if netns else []) + [HOOKLINE, "run", str(config), "--json", *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, "exit code %d: %s" % (done.returncode, done.stderr)
    return json.loads(done.stdout)


def rule_counts(generation):
    """{(family, rule): (packets, bytes)} of one generation of a report, silent rules left out."""
    return {(r["family"], r["rule"]): (r["packets"], r["bytes"]) for r in generation["rules"] if r["packets"]}


# ---- the system -------------------------------------------------------------------------------------------------------

def sh(command, check=True, timeout=60):
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=timeout)
    if check and done.returncode != 0:
        raise AssertionError("%s: exit code %d: %s" % (command, done.returncode, done.stdout + done.stderr))
    return done.stdout


class Namespace:
    """A named network namespace, by itself: no router advertisements, no address of its own until asked."""
    count = 0

    def __init__(self, role):
        Namespace.count += 1
        self.name = "hle2e-%d-%d-%s" % (os.getpid(), Namespace.count, role)
        sh("ip netns add " + self.name)
        self.run("sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 "
                 "net.ipv6.conf.default.accept_ra=0 net.ipv6.conf.default.router_solicitations=0")
        self.run("ip link set lo up")

    def run(self, command, check=True, timeout=60):
        return sh("ip netns exec %s %s" % (self.name, command), check, timeout)

    def start(self, *command, **options):
        return subprocess.Popen(["ip", "netns", "exec", self.name, *command], **options)

    def close(self):
        sh("ip netns del " + self.name, check=False)


def veth(a, a_name, b, b_name):
    """A cable between two namespaces; the far ends are brought up."""
    sh("ip -n %s link add %s type veth peer name %s netns %s" % (a.name, a_name, b_name, b.name))
    a.run("ip link set %s up" % a_name)
    b.run("ip link set %s up" % b_name)


class Case(unittest.TestCase):
    """A test with a folder of its own that also takes down what it started."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hookline-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def namespace(self, role):
        namespace = Namespace(role)
        self.addCleanup(namespace.close)
        return namespace

    def start_run(self, config, *more, netns=None):
        run = Run(config, *more, netns=netns)
        self.addCleanup(run.kill)
        return run

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path


__all__ = ["Case", "CONFIGS", "HOOKLINE", "Namespace", "Run", "SOURCE", "ether_type", "is_neighbour_discovery", "json", "main", "os",
           "read_pcap", "rule_counts", "run_json", "sh", "signal", "struct", "subprocess", "time", "veth", "write_pcap"]
