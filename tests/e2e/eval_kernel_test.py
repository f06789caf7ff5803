#!/usr/bin/env python3
"""hookline eval against the running kernel, on the packets that the stack itself decides about.

A scratch namespace gets two TUN devices, routes and a rule set whose counters tell every hook, length and protocol apart (a nat
table among them, of whose rules none turns connection tracking on: neither side consults it). Each
packet is written to the device (or sent by a raw socket), all counters are read, and the difference must be what eval says the
rules added: rule by rule, packets and bytes. Afterwards the same for a TAP device, where the frame decides the packet type.

usage: eval_kernel_test.py HOOKLINE [ENGINE...]
"""
import collections
import fcntl
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from packets import ethernet, ipv4, ipv6, tcp, udp, write_pcap  # noqa: E402

LOCAL4, LOCAL6 = "10.0.0.254", "2001:db8::ff"

RULES = """*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT {raw_output} [0:0]
-A PREROUTING -i tin -m length --length 0:100
-A PREROUTING -m mac --mac-source 02:00:00:00:00:09
-A PREROUTING -m mac ! --mac-source 02:00:00:00:00:08
-A PREROUTING -m pkttype --pkt-type broadcast
-A PREROUTING -m pkttype ! --pkt-type multicast
COMMIT
*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A FORWARD -m {ttl} 63
-A FORWARD -i tin -o tout
-A INPUT -i tin
-A INPUT -m pkttype --pkt-type multicast
-A INPUT -m mac --mac-source 02:00:00:00:00:09
-A OUTPUT -m pkttype --pkt-type unicast
-A POSTROUTING -o tout
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:plain - [0:0]
-A PREROUTING -j plain
-A PREROUTING -p udp -j ACCEPT
-A INPUT -j plain
-A OUTPUT -j plain
-A POSTROUTING -j RETURN
-A plain -p tcp -j RETURN
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:web - [0:0]
-A INPUT -p udp -j web
-A FORWARD -p udp -j web
-A OUTPUT -p udp -j web
-A web -p udp -m udp --dport 53
-A web -m length --length 36 -j RETURN
COMMIT
"""


def rules_text(version, raw_output):
    return RULES.format(raw_output=raw_output, ttl="ttl --ttl-eq" if version == 4 else "hl --hl-eq")


def run(*arguments, text=None):
    return subprocess.run(arguments, input=text, capture_output=True, text=True, check=True).stdout


def open_device(name, tap):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, 0x400454CA, struct.pack("16sH22x", name.encode(), (2 if tap else 1) | 0x1000))  # TUNSETIFF
    return fd


def make_host(tap):
    """Two devices, addresses, default routes, forwarding on: the traffic comes in by tin and leaves by tout."""
    devices = open_device("tin", tap), open_device("tout", False)
    for command in f"""link set lo up
addr add {LOCAL4}/24 dev tin
addr add 10.0.1.254/24 dev tout
-6 addr add {LOCAL6}/64 dev tin nodad
-6 addr add 2001:db8:1::ff/64 dev tout nodad
link set dev tin up
link set dev tout up
route add default via 10.0.1.1 dev tout
-6 route add default dev tout""".split("\n"):
        run("ip", *command.split())
    if tap:
        run("ip", "link", "set", "dev", "tin", "address", "02:00:00:00:00:01")
    for name in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        with open("/proc/sys/net/" + name, "w", encoding="ascii") as file:
            file.write("1")
    return devices


def load_rules(raw_output):
    for version, program in ((4, "iptables-legacy-restore"), (6, "ip6tables-legacy-restore")):
        run(program, text=rules_text(version, raw_output))


def counters(version):
    """{rule name: (packets, bytes)} of numbered rules and policies."""
    result, table, numbers = {}, None, collections.Counter()
    for line in run("iptables-legacy-save" if version == 4 else "ip6tables-legacy-save", "-c").split("\n"):
        if line.startswith("*"):
            table, numbers = line[1:], collections.Counter()
        policy = re.match(r":(\S+) (\S+) \[(\d+):(\d+)\]", line)
        if policy and policy[2] != "-":
            result[f"{table}/{policy[1]}/policy"] = int(policy[3]), int(policy[4])
        rule = re.match(r"\[(\d+):(\d+)\] -A (\S+)", line)
        if rule:
            numbers[rule[3]] += 1
            result[f"{table}/{rule[3]}/{numbers[rule[3]]}"] = int(rule[1]), int(rule[2])
    return result


def kernel_bumps(version, inject, packets):
    """What each packet adds to the counters, and what leaves by tout. The host's own answers are dropped in raw OUTPUT, which
    is not compared."""
    result, before = [], counters(version)
    for packet in packets:
        left = inject(packet)
        for attempt in range(3):  # packets are handled within the write; a later look must see the same
            after = counters(version)
            if attempt and after == seen:
                break
            seen = after
        bumps = {name: (after[name][0] - before[name][0], after[name][1] - before[name][1])
                 for name in after if after[name] != before[name]}
        result.append((bumps, left))
        before = after
    return result


def eval_bumps(hookline, version, path, engine, packets, link_type, raw_output):
    with tempfile.TemporaryDirectory() as folder:
        capture, rules = os.path.join(folder, "p.pcap"), os.path.join(folder, "r.rules")
        write_pcap(capture, packets, link_type)
        with open(rules, "w", encoding="ascii") as file:
            file.write(rules_text(version, raw_output))
        lines = run(hookline, "eval", rules, capture, "--path", path, "--in-iface", "tin", "--out-iface", "tout", "--engine", engine,
                    "--json", "--bytes", "--family", f"ipv{version}").splitlines()
    assert len(lines) == len(packets), (len(lines), len(packets))
    result = []
    for line in map(json.loads, lines):
        bumps = collections.defaultdict(lambda: (0, 0))
        for name, size in zip(line["rules"], line["lens"]):
            if not name.endswith("/return"):
                bumps[name] = bumps[name][0] + 1, bumps[name][1] + size
        result.append((dict(bumps), line))
    return result


def compare(title, hookline, engines, version, path, inject, packets, link_type=101, raw_output="DROP"):
    kernel = kernel_bumps(version, inject, packets)
    wrong = 0
    for engine in engines:
        ours = eval_bumps(hookline, version, path, engine, packets, link_type, raw_output)
        for packet, (expected, left), (found, line) in zip(packets, kernel, ours):
            expected = {name: value for name, value in expected.items() if path == "output" or "/OUTPUT/" not in name}
            # A datagram that leaves in fragments, and options that take the host's address or clock, are not compared.
            comparable = path != "input" and len(left) <= 1 \
                and not (packet[:1] in (b"\x46", b"\x47", b"\x48") and packet[20:21] in (b"\x07", b"\x44"))
            if found != expected or (comparable and line.get("out", "") != "".join(p.hex() for p in left)):
                wrong += 1
                print(f"{title}, {engine}: {packet.hex()}\n  kernel: {expected} {[p.hex() for p in left]}\n  eval:   {line}")
    print(f"{title}: {len(packets)} packets, {len(engines)} engines, {wrong} differences")
    return wrong


ADDRESSES4 = ["0.0.0.0", "0.1.2.3", "127.0.0.1", "127.0.0.2", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.254",
              "255.255.255.255", "10.0.0.255", "10.0.1.7"]
ADDRESSES6 = ["::", "::1", "::2", "::ffff:1.2.3.4", "::1.2.3.4", "fe80::1", "febf::1", "fec0::1", "fc00::1", "ff00::1", "ff02::1",
              "100::1", "2001:db8:1::9"]
OPTIONS = """01010101 00000000 00010203 07010000 07000000 07050400 01010107 01010199 0707040000000000 0707030000000000
0707050000000000 0707080000000000 0707090000000000 07020000 07030400 0703040703040000 8307040a00000100 8907040a00000100
8307080a00000100 83030400 4408050000000000 4408040000000000 4408090000000000 440809f000000000 4408060000000000 4408050100000000
440c05010000000000000000 440c05030a00010700000000 440c05020000000000000000 440c0df30000000000000000 44030500 44040500
4404050044040500 94040000 94040001 94030000 9404000094040000 820b00000000000000000000 82020000 99040000 1f020000
860a00000001010400010000 8606000000010000""".split()
HOP_OPTIONS = """010400000000 000000000000 010400010000 010300000000 010c000000000000000000000000 0000000000001e06000000000000
010500000000001e050000000000 01060000000000001e0400000000 050200000000 050400000000 1e0400000000 5e0400000000 9e0400000000
de0400000000 1e0500000000 1e030000001e 1e001e001e001e001e001e001e001e00010400000000 1e001e001e001e001e001e001e001e001e0001020000
310200000000 000031020000 070400000000 070c000000000000000000000000 c20400000010 c20400010000 00c204000100""".split()


def spoil(packet, at, value):
    return packet[:at] + bytes([value]) + packet[at + 1:]


def forward4():
    packets = [ipv4(ttl=ttl) for ttl in (0, 1, 2, 64, 255)]
    packets += [ipv4(source=source) for source in ADDRESSES4 if source != "10.0.0.255"]
    packets += [ipv4(destination=address) for address in ("0.1.2.3", "127.0.0.1", "127.0.0.2", "240.0.0.1", "255.255.255.254", "0.0.0.0")]
    packets += [ipv4(fragment=flags, payload=bytes(size)) for flags in (0, 0x4000, 0x2000, 0x8000, 5) for size in (1480, 1481, 3000)]
    packets += [ipv4(options=bytes.fromhex(option)) for option in OPTIONS]
    packets += [ipv4() + bytes(pad) for pad in (1, 18, 200)]
    packets += [ipv4(total=total) for total in (0, 19, 20, 27, 28, 29, 1000)]
    packets += [ipv4(fragment=field, payload=udp(payload=bytes(16))) for field in (0x2000, 0x2001, 1, 100, 0x4001, 0x8001)]
    packets += [ipv4()[:size] for size in range(20, 28)]
    packets += [spoil(ipv4(), 10, 0), spoil(ipv4(), 0, 0x44), spoil(ipv4(), 0, 0x40), spoil(ipv4(), 0, 0x4F), spoil(ipv4(), 0, 0x46)]
    packets += [ipv4(protocol=6, payload=tcp()), ipv4(protocol=1, payload=bytes(8)), ipv4(payload=b""), ipv4(payload=b"\0" * 7)]
    return packets


def input4():
    packets = [ipv4(destination=LOCAL4, ttl=ttl) for ttl in (0, 1, 64)]
    packets += [ipv4(source=source, destination=destination) for source in ADDRESSES4
                for destination in (LOCAL4, "255.255.255.255", "224.0.0.1", "0.0.0.0")
                if destination != "0.0.0.0" or source in ("0.0.0.0", "0.1.2.3", "127.0.0.2", "10.0.1.7")]
    packets += [ipv4(destination=LOCAL4, options=bytes.fromhex(option)) for option in OPTIONS]
    packets += fragments4()
    return packets


def fragments4():
    ident = 1000
    packets = []

    def datagram(*pieces):
        nonlocal ident
        ident += 1
        for offset, size, more, *rest in pieces:
            fields = {"ident": ident, "protocol": 253, "destination": LOCAL4, **(rest[0] if rest else {})}
            df = 0x4000 if fields.pop("df", False) else 0
            packets.append(ipv4(fragment=(0x2000 if more else 0) | df | offset // 8, payload=b"a" * size, **fields))

    datagram((0, 8, 1), (8, 5, 0))
    datagram((16, 3, 0), (0, 8, 1), (8, 8, 1))
    datagram((0, 16, 1), (0, 16, 1), (8, 8, 1), (16, 4, 0))
    datagram((0, 8, 1), (8, 8, 1), (0, 16, 1), (16, 4, 0))
    datagram((0, 16, 1), (8, 16, 1), (24, 8, 0), (0, 16, 1), (16, 8, 1))
    datagram((16, 8, 1), (0, 8, 1), (8, 8, 1), (0, 16, 1), (24, 8, 0), (0, 24, 1))
    datagram((16, 8, 1), (0, 8, 1), (8, 8, 1), (8, 8, 1), (16, 8, 1), (0, 8, 1), (24, 8, 0))
    datagram((8, 8, 0), (16, 8, 1), (8, 8, 0), (0, 8, 1))
    datagram((8, 8, 0), (8, 4, 0), (0, 8, 1), (8, 8, 0))
    datagram((24, 8, 1), (8, 8, 0), (0, 8, 1), (8, 8, 0))
    datagram((8, 8, 0), (8, 0, 1), (0, 8, 1), (8, 8, 0))
    datagram((8, 8, 0), (16, 7, 1), (0, 8, 1), (8, 8, 0))
    datagram((8, 8, 0), (0, 7, 1), (0, 8, 1), (8, 8, 0))
    datagram((0, 13, 1), (8, 3, 0))
    datagram((0, 16, 1), (8, 8, 0), (16, 8, 0))
    for first in range(4):
        for second in range(4):
            datagram((0, 8, 1, {"tos": first}), (8, 8, 0, {"tos": second}))
    datagram((0, 65512, 1), (65512, 3, 0))
    datagram((0, 65512, 1), (65512, 4, 0))
    datagram((0, 8, 1, {"options": b"\1\1\1\0"}), (8, 8, 0))
    datagram((0, 8, 1), (8, 8, 0, {"options": b"\1\1\1\0"}))
    datagram((0, 8, 1), (8, 8, 0, {"protocol": 252}), (8, 8, 0, {"source": "10.0.0.2"}), (8, 8, 0))
    datagram((0, 16, 1, {"protocol": 17}), (16, 8, 0, {"protocol": 17}))
    for others in (63, 64):
        datagram((0, 8, 1))
        kept = ident
        for _ in range(others):
            datagram((0, 8, 1))
        datagram((8, 8, 0, {"ident": kept}), (0, 8, 1, {"ident": kept}))
    return packets


def with_hop_options(options, payload=udp(), length=None, destination="2001:db8:9::1"):
    header = bytes([17, (2 + len(options) + 7) // 8 - 1]) + options
    return ipv6(next_header=0, payload=header + bytes(-len(header) % 8) + payload, length=length, destination=destination)


def packets6(destination):
    packets = [ipv6(destination=destination, hop_limit=hops) for hops in (0, 1, 2, 64)]
    packets += [ipv6(source=source, destination=destination) for source in ADDRESSES6]
    packets += [ipv6(destination=destination, payload=bytes(size)) for size in (0, 1, 1240, 1460, 1461)]
    packets += [ipv6(destination=destination) + bytes(9), ipv6(destination=destination, length=9), ipv6(destination=destination, length=0)]
    packets += [with_hop_options(bytes.fromhex(options), destination=destination) for options in HOP_OPTIONS]
    packets += [with_hop_options(bytes.fromhex(options), length=0, destination=destination)
                for options in ("010400000000", "c20400010000", "c20400000010", "00c204000100")]
    packets += [ipv6(destination=destination, next_header=0, payload=payload)
                for payload in (b"", b"\x11\1\1\4\0\0\0\0", b"\x11\0\1\4\0\0\0\0", b"\x11\0\1\4\0\0\0")]
    packets += [ipv6(destination=destination, next_header=44, payload=payload)
                for payload in (b"\x11\0\0\1\0\0\0\1" + udp(), b"\x11\0\0\x10\0\0\0\1" + bytes(8), b"\x3c\0\0\x10\0\0\0\1" + bytes(8), b"\x11\0\0")]
    packets += [ipv6(destination=destination, next_header=60, payload=payload)
                for payload in (b"\x11\0\1\4\0\0\0\0" + udp(), b"\x11", b"", b"\x11\x09\0\0")]
    return packets


def input6():
    packets = packets6(LOCAL6)
    packets += [ipv6(destination=address) for address in ("ff00::1", "ff01::1", "ff02::1", "ff10::1", "ff11::1", "::1")]
    return packets


def frames4():
    hosts = ["020000000001", "ffffffffffff", "01005e000001", "333300000001"]
    return [ethernet(packet, mac) for mac in hosts for packet in (ipv4(), ipv4(ttl=1), ipv4() + bytes(18))]


def frames_to_host(version):
    """The last two are a datagram whose first fragment came in another frame than the last."""
    hosts = ["020000000001", "ffffffffffff", "01005e000001"]
    if version == 6:
        return [ethernet(ipv6(destination=LOCAL6), mac) for mac in hosts]
    whole = [ethernet(ipv4(destination=LOCAL4), mac) for mac in hosts]
    first, last = (ipv4(ident=77, protocol=253, destination=LOCAL4, fragment=field, payload=bytes(8)) for field in (0x2000, 1))
    return whole + [ethernet(last, "ffffffffffff"), ethernet(first, "01005e000001")]


def main():
    hookline, engines = os.path.abspath(sys.argv[1]), sys.argv[2:] or ["reference", "linear", "compiled"]
    if os.environ.get("HOOKLINE_SCRATCH") != "1":
        if os.geteuid() != 0:
            print("skipped: needs root for a network namespace and TUN devices")
            return 77
        environment = dict(os.environ, HOOKLINE_SCRATCH="1")
        wrong = 0
        for kind in ("tun", "tap"):
            wrong |= subprocess.run(["unshare", "--net", sys.executable, __file__, hookline, *engines],
                                    env=dict(environment, HOOKLINE_DEVICE=kind), check=False).returncode
        return wrong

    tap = os.environ["HOOKLINE_DEVICE"] == "tap"
    tin, tout = make_host(tap)
    load_rules("DROP")
    time.sleep(2.5)  # until what the devices themselves send on coming up is over
    wrong = 0

    def leaving():
        left = []
        try:
            while True:
                left.append(os.read(tout, 70000))
        except BlockingIOError:
            return left

    def write(packet):
        os.write(tin, packet)
        return leaving()

    leaving()
    if tap:
        wrong += compare("Ethernet, forward", hookline, engines, 4, "forward", write, frames4(), link_type=1)
        wrong += compare("Ethernet, IPv6 forward", hookline, engines, 6, "forward", write,
                         [ethernet(ipv6(destination="2001:db8:9::1"), mac) for mac in ("020000000001", "333300000001")], link_type=1)
        for version in (4, 6):
            wrong += compare(f"Ethernet, IPv{version} input", hookline, engines, version, "input", write, frames_to_host(version), link_type=1)
        return 1 if wrong else 0
    wrong += compare("IPv4 forward", hookline, engines, 4, "forward", write, forward4())
    wrong += compare("IPv4 input", hookline, engines, 4, "input", write, input4())
    wrong += compare("IPv6 forward", hookline, engines, 6, "forward", write, packets6("2001:db8:9::1"))
    wrong += compare("IPv6 input", hookline, engines, 6, "input", write, input6())

    load_rules("ACCEPT")
    sender4 = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    sender6 = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
    sender4.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"tout\0")
    sender6.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"tout\0")

    def send(packet):
        try:
            if len(packet) and packet[0] >> 4 == 6:
                sender6.sendto(packet, ("2001:db8:9::1", 0))
            else:
                sender4.sendto(packet, ("10.9.9.9", 0))
        except OSError:
            pass  # the kernel refuses it before any hook
        return leaving()

    output4 = [ipv4(), ipv4(ttl=0), ipv4(ttl=1), ipv4(source="127.0.0.1"), ipv4() + bytes(9), ipv4(total=9), spoil(ipv4(), 10, 0),
               ipv4(payload=b""), ipv4(fragment=0x2000), ipv4(fragment=3), ipv4(protocol=6, payload=tcp()), ipv4(options=b"\x07\0\0\0"),
               ipv4()[:19], spoil(ipv4(), 0, 0x4F), spoil(ipv4(), 0, 0x44), ipv4(payload=udp(payload=bytes(8)))]
    output6 = [ipv6(), ipv6(hop_limit=0), ipv6(source="::1"), ipv6(length=0), ipv6() + bytes(9), ipv6()[:39], ipv6(payload=b""),
               with_hop_options(bytes.fromhex("de0400000000")), ipv6(next_header=60, payload=b"\x11"), ipv6(source="ff02::1")]
    wrong += compare("IPv4 output", hookline, engines, 4, "output", send, output4, raw_output="ACCEPT")
    wrong += compare("IPv6 output", hookline, engines, 6, "output", send, output6, raw_output="ACCEPT")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
