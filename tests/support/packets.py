"""Packets and captures for the Python tests, built byte by byte.

ipv4() and ipv6() give a correct packet; a test spoils what it wants spoiled. write_pcap() writes microsecond captures.
"""
import socket
import struct

UDP = b"\x12\x34\x00\x35\x00\x08\x00\x00"


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def udp(source=0x1234, destination=53, payload=b""):
    return struct.pack("!HHHH", source, destination, 8 + len(payload), 0) + payload


def tcp(source=0x1234, destination=80, flags=2, payload=b""):
    return struct.pack("!HHIIBBHHH", source, destination, 1, 0, 5 << 4, flags, 8192, 0, 0) + payload


def ipv4(source="10.0.0.1", destination="10.9.9.9", protocol=17, ttl=64, tos=0, ident=7, fragment=0, options=b"",
         payload=UDP, total=None):
    """fragment: flags and offset as on the wire; total: the length field, where it should lie."""
    words = 5 + len(options) // 4
    header = struct.pack("!BBHHHBBH4s4s", 0x40 | words, tos, words * 4 + len(payload) if total is None else total, ident,
                         fragment, ttl, protocol, 0, socket.inet_aton(source), socket.inet_aton(destination)) + options
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ipv6(source="2001:db8::1", destination="2001:db8:9::1", next_header=17, hop_limit=64, payload=UDP, length=None):
    return (struct.pack("!IHBB", 0x60000000, len(payload) if length is None else length, next_header, hop_limit)
            + socket.inet_pton(socket.AF_INET6, source) + socket.inet_pton(socket.AF_INET6, destination) + payload)


def ethernet(packet, destination="020000000001", kind=None):
    if kind is None:
        kind = 0x86DD if packet[:1] and packet[0] >> 4 == 6 else 0x0800
    return bytes.fromhex(destination) + bytes.fromhex("020000000009") + struct.pack("!H", kind) + packet


def write_pcap(path, packets, link_type=101, times=None):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link_type))
        for i, packet in enumerate(packets):
            seconds = times[i] if times else i // 1000
            file.write(struct.pack("<IIII", seconds, i % 1000, len(packet), len(packet)) + packet)
