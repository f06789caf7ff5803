"""tests/e2e/inject.py IFACE MAC PCAP: sends the frames of a capture, unicast ones to MAC, in bursts that no queue on the way
overflows at."""
import socket
import struct
import sys
import time

iface, mac, path = sys.argv[1], bytes.fromhex(sys.argv[2].replace(":", "")), sys.argv[3]
sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
sender.bind((iface, 0))
data = open(path, "rb").read()
at, sent = 24, 0
while at < len(data):
    size, = struct.unpack("<I", data[at + 8:at + 12])
    frame = data[at + 16:at + 16 + size]
    at += 16 + size
    sender.send(frame if frame[0] & 1 else mac + frame[6:])
    sent += 1
    if sent % 16 == 0:
        time.sleep(0.001)
