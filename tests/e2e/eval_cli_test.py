#!/usr/bin/env python3
"""hookline eval and explain as other programs call them: options, output, exit codes.

usage: eval_cli_test.py HOOKLINE [ENGINE...]
"""
import json
import os
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from packets import ethernet, ipv4, ipv6, udp, write_pcap  # noqa: E402

RULES = """*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:web - [0:0]
-A FORWARD -p tcp -j DROP
-A FORWARD -s 10.0.0.0/8 -i tin -j web
-A FORWARD -p udp -m udp --dport 99 -j ACCEPT
-A web -p udp -m udp --dport 54 -j DROP
-A web -p udp -m udp --dport 55 -j REJECT --reject-with icmp-host-prohibited
-A web -p udp -m udp --dport 53
-A web -m string --string abc --algo bm -j RETURN
-A web -j QUEUE
COMMIT
"""
HOOKLINE = os.path.abspath(sys.argv[1])
ENGINES = sys.argv[2:] or ["reference", "linear", "compiled"]
FAILURES = []


def expect(name, found, expected):
    if found != expected:
        FAILURES.append(name)
        print(f"{name}\n  found:    {found!r}\n  expected: {expected!r}")


def hookline(*arguments):
    done = subprocess.run([HOOKLINE, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def lines(*arguments):
    code, out, err = hookline(*arguments)
    expect("exit code of " + " ".join(arguments), (code, err), (0, ""))
    return [json.loads(line) for line in out.splitlines()]


def check(folder):
    def path(name):
        return os.path.join(folder, name)

    def capture(name, packets, link_type=101):
        write_pcap(path(name), packets, link_type)
        return path(name)

    with open(path("a.rules"), "w", encoding="ascii") as file:
        file.write(RULES)
    rules = path("a.rules")
    packets = [ipv4(payload=udp(destination=53, payload=b"abc")), ipv4(payload=udp(destination=54)), ipv4(payload=udp(destination=55)),
               ipv4(), ipv4(ttl=1), b"", ipv6(), ipv4()[:25], ipv4(source="11.0.0.1", payload=udp(destination=99))]
    a = capture("a.pcap", packets)
    expected = [
        ("drop", ["raw/PREROUTING/policy", "filter/FORWARD/2", "filter/web/3", "filter/web/4", "filter/FORWARD/policy"], [31] * 5),
        ("drop", ["raw/PREROUTING/policy", "filter/FORWARD/2", "filter/web/1"], [28] * 3),
        ("drop", ["raw/PREROUTING/policy", "filter/FORWARD/2", "filter/web/2"], [28] * 3),
        ("queue", ["raw/PREROUTING/policy", "filter/FORWARD/2", "filter/web/3", "filter/web/5"], [28] * 4),
        ("drop", ["raw/PREROUTING/policy"], [28]),
        ("drop", [], []),
        ("accept", [], []),
        ("drop", [], []),
        ("accept", ["raw/PREROUTING/policy", "filter/FORWARD/3"], [28, 28]),
    ]
    for engine in ENGINES:
        found = lines("eval", rules, a, "--path", "forward", "--in-iface", "tin", "--engine", engine, "--json")
        expect(engine, [(line["verdict"], line["rules"], line["lens"]) for line in found], expected)
        expect(engine + " n", [line["n"] for line in found], list(range(1, len(packets) + 1)))
        expect(engine + " reject", [line.get("reject") for line in found], [None, None, "icmp-host-prohibited"] + [None] * 6)

    engine = ("--engine", ENGINES[0])
    forward = ("--path", "forward", *engine)
    found = lines("eval", rules, a, *forward, "--json", "--bytes")
    expect("out", [line.get("out") for line in found], [None] * 6 + [ipv6(hop_limit=63).hex(), None, ipv4(
        source="11.0.0.1", ttl=63, payload=udp(destination=99)).hex()])
    found = lines("eval", rules, a, *forward, "--in-iface", "tin", "--json", "--queue-bypass")
    expect("queue bypass", found[3]["verdict"], "accept")
    lines("eval", rules, a, "--path", "output", *engine, "--json", "--uid", "7", "--gid", "8", "--checksums-good")
    expect("input", [line["rules"] for line in lines("eval", rules, a, "--path", "input", *engine, "--json")][3:5],
           [["raw/PREROUTING/policy", "filter/INPUT/policy"]] * 2)

    odd = [struct.pack("!B", version << 4 | 5) * size for size in range(61) for version in (0, 4, 5, 6, 9)]
    found = lines("eval", rules, capture("odd.pcap", odd), *forward, "--json")
    expect("odd packets", {(line["verdict"], tuple(line["rules"]), tuple(line["lens"])) for line in found}, {("drop", (), ())})

    frames = [ethernet(packets[0]), ethernet(bytes(28), kind=0x806), ethernet(bytes(30), kind=0x8100), ethernet(packets[0] + bytes(9)), b"123",
              ethernet(packets[0], "ffffffffffff"), ethernet(ipv6(), kind=0x800)]
    found = lines("eval", rules, capture("eth.pcap", frames, 1), *forward, "--json")
    expect("skipped", [line.get("skipped") for line in found], [None, "not IP", "not IP", None, None, None, None])
    expect("frames", [(line["verdict"], line["lens"]) for line in found],
           [("drop", [31, 31]), ("accept", []), ("accept", []), ("drop", [31, 31]), ("drop", []), ("drop", [31]), ("drop", [])])
    padded = lines("eval", rules, capture("out.pcap", [ethernet(ipv4() + bytes(18))], 1), "--path", "output", *engine, "--json")
    expect("a sender does not pad", padded[0]["lens"], [28, 28])

    with open(path("link.rules"), "w", encoding="ascii") as file:
        file.write("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -m pkttype --pkt-type broadcast\n"
                   "-A INPUT -m mac --mac-source 02:00:00:00:00:09\n-A INPUT -m mac ! --mac-source 02:00:00:00:00:09\n"
                   "-A OUTPUT -m pkttype --pkt-type unicast\nCOMMIT\n")
    frames = capture("link.pcap", [ethernet(ipv4()), ethernet(ipv4(), "ffffffffffff")], 1)
    cooked = capture("cooked.pcap", [bytes.fromhex("0001 0001 0006 0200000000090000 0800") + ipv4()], 113)
    for engine_name in ENGINES:
        for name, file, kind, numbers in (("Ethernet", frames, "input", [[2], [1, 2]]), ("raw IP", a, "input", [[]]),
                                          ("cooked", cooked, "input", [[1, 2]]), ("sent", frames, "output", [[1], [1]])):
            chain = f"filter/{kind.upper()}/"
            found = lines("eval", path("link.rules"), file, "--path", kind, "--engine", engine_name, "--json")[:len(numbers)]
            expect(f"link layer, {name}, {engine_name}", [line["rules"] for line in found],
                   [[f"{chain}{n}" for n in some] + [chain + "policy"] for some in numbers])

    with open(path("say.rules"), "w", encoding="ascii") as file:
        file.write("*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -p udp -m udp --dport 53 -j TEE --gateway 10.0.0.9\n"
                   "-A PREROUTING -p udp -m udp --dport 56 -j NFQUEUE --queue-num 3 --queue-bypass\n"
                   "-A PREROUTING -p udp -m udp --dport 57 -j NFQUEUE --queue-balance 2:5\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\n"
                   "-A INPUT -j LOG --log-prefix \"a \\\"b\\\" \"\n-A INPUT -j NFLOG --nflog-group 7 --nflog-prefix n --nflog-size 24\n"
                   "-A INPUT -p udp -m udp --dport 55 -j REJECT --reject-with icmp-host-prohibited\nCOMMIT\n")
    say = capture("say.pcap", [ipv4(payload=udp(destination=port)) for port in (53, 55, 56, 57)])
    for engine_name in ENGINES:
        found = lines("eval", path("say.rules"), say, "--path", "input", "--in-iface", "t0", "--engine", engine_name, "--json", "--bytes")
        expect("log", found[0]["log"], ['a "b" IN=t0 OUT= MAC= SRC=10.0.0.1 DST=10.9.9.9 LEN=28 TOS=0x00 PREC=0x00 TTL=64 ID=7 '
                                        'PROTO=UDP SPT=4660 DPT=53 LEN=8 '])
        expect("nflog", found[0]["nflog"], [{"group": 7, "prefix": "n", "bytes": 24}])
        copy = bytearray.fromhex(found[0]["copies"][0])
        expect("copy", (len(copy), copy[6], copy[8]), (28, 0x40, 63))
        reply = bytes.fromhex(found[1]["reply"])
        expect("reply", (found[1]["reject"], reply[:10], reply[12:20], reply[20:22], reply[28:]),
               ("icmp-host-prohibited", bytes.fromhex("45c00038000000004001"), bytes([10, 9, 9, 9, 10, 0, 0, 1]), bytes([3, 10]),
                ipv4(payload=udp(destination=55))))
        expect("queues", [(line["verdict"], line.get("queue"), line.get("last_queue")) for line in found],
               [("accept", None, None), ("drop", None, None), ("accept", None, None), ("queue", 2, 5)])
    code, out, err = hookline("explain", path("say.rules"), say, "--packet", "2", "--path", "input", "--in-iface", "t0")
    for part in ('log: a "b" IN=t0', 'nflog: group 7, prefix "n", 24 bytes', "reply: IPv4 10.9.9.9 > 10.0.0.1 icmp"):
        expect("explain: " + part, part in out, True)

    code, out, err = hookline("eval", rules, a, *forward, "--in-iface", "tin", "--timing")
    expect("totals", code, 0)
    for row in ("Chain FORWARD (policy DROP 1 packets, 31 bytes)", "       4        115 -s 10.0.0.0/8 -i tin -j web"):
        expect(row, row in out.splitlines(), True)
    timing = json.loads(err)
    expect("timing", (timing["engine"], timing["packets"], sorted(timing["by"])), (ENGINES[0], 9, ["index", "linear"]))

    code, out, err = hookline("explain", rules, a, "--packet", "4", "--path", "forward", "--in-iface", "tin")
    expect("explain", code, 0)
    for part in ("packet 4: IPv4 10.0.0.1:4660 > 10.9.9.9:53 udp, 28 bytes, ttl 64", "<- protocol is udp",
                 "<- -m udp --dport 54: ports 4660 > 53", "verdict: queue"):
        expect("explain: " + part, part in out, True)
    expect("explain, no such packet", hookline("explain", rules, a, "--packet", "99", "--path", "forward")[0], 2)

    cut = capture("cut.pcap", [ipv4(), ipv4()])
    os.truncate(cut, os.path.getsize(cut) - 3)
    code, out, err = hookline("eval", rules, cut, *forward, "--json")
    expect("cut capture", (code, len(out.splitlines()), "packet 2" in err), (3, 1, True))
    short = capture("short.pcap", [ipv4(), ipv4()])
    with open(short, "r+b") as file:
        file.seek(24 + 16 + 28 + 12)
        file.write(struct.pack("<I", 100))
    code, out, err = hookline("eval", rules, short, *forward, "--json")
    expect("short record", (code, err), (3, f"{short}: packet 2: 28 bytes captured of 100, expected the whole packet\n"))
    expect("link type", hookline("eval", rules, capture("wifi.pcap", [], 105), *forward)[0], 3)
    with open(path("refused.rules"), "w", encoding="ascii") as file:
        file.write("*filter\n-A INPUT -m conntrack --ctstate NEW -j ACCEPT\n-A OUTPUT -j CONNMARK --save-mark\nCOMMIT\n")
    code, out, err = hookline("eval", path("refused.rules"), a, *forward, "--json")
    expect("refusal", (code, out, len(err.splitlines())), (3, "", 2))
    expect("refusal names the rule", "filter/INPUT/1" in err and "match conntrack rev 3" in err and "target CONNMARK rev 2" in err, True)
    for arguments in ((), ("--path", "sideways"), ("--path", "forward", "--engine", "none"), ("--path", "forward", "--bytes"),
                      ("--path", "forward", "--no-such-option")):
        expect("usage " + " ".join(arguments), hookline("eval", rules, a, *arguments)[0], 2)


def main():
    with tempfile.TemporaryDirectory() as folder:
        check(folder)
    print(f"{len(FAILURES)} failures")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
