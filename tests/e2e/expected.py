"""tests/e2e/expected.py: what must become of the quickstart's traffic, by the reference engine, which shares neither the Program nor the
pipeline with `hookline run`.
"""
from common import *

LAN, WAN = CONFIGS / "quickstart.pcap", CONFIGS / "quickstart-wan.pcap"
RULES = {"ipv4": CONFIGS / "rules/office-gateway.rules", "ipv6": CONFIGS / "rules/ipv6-gateway.rules"}


def expected(capture, in_iface, out_iface):
    """(frames out, {(family, rule): [packets, bytes]}, {verdict: frames}) of one direction."""
    frames = read_pcap(capture)
    lines = {}
    for family, rules in RULES.items():
        done = subprocess.run([HOOKLINE, "eval", str(rules), str(capture), "--path", "forward", "--in-iface", in_iface, "--out-iface",
                               out_iface, "--engine", "reference", "--json", "--bytes"], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        lines[family] = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(lines[family]) == len(frames)
    out, counts, verdicts = [], {}, {}

    def count(verdict):
        verdicts[verdict] = verdicts.get(verdict, 0) + 1

    for i, frame in enumerate(frames):
        family = {0x0800: "ipv4", 0x86DD: "ipv6"}.get(ether_type(frame))
        if family is None:
            assert lines["ipv4"][i].get("skipped") == "not IP"
            out.append(frame)
            count("not IP")
            continue
        if is_neighbour_discovery(frame):
            out.append(frame)
            count("neighbour discovery")
            continue
        line = lines[family][i]
        for rule, size in zip(line["rules"], line["lens"]):
            entry = counts.setdefault((family, rule), [0, 0])
            entry[0] += 1
            entry[1] += size
        if line["verdict"] == "accept":
            ip = bytes.fromhex(line["out"])
            out.append(frame[:14] + ip + frame[14 + len(ip):])
            count("accept")
        elif line["verdict"] == "drop" and "reject" in line:
            count("reject")
        else:
            count("drop or discard")
    return out, counts, verdicts
