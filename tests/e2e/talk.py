"""tests/e2e/talk.py: the programs at the two ends of the wire.

serve ADDRESS TCP_PORT UDP_PORT   answers each TCP connection with the SHA-256 of what came and as many bytes again;
                                  counts UDP datagrams until "end" comes, prints the count
send ADDRESS PORT BYTES           one such TCP conversation; prints "ok BYTES" when the answer is right
knock ADDRESS PORT SECONDS        prints what a connection attempt comes to: open, refused, silence
datagrams ADDRESS PORT COUNT      sends them, and "end"
"""
import hashlib
import socket
import sys
import threading


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def data_of(size):
    return (bytes(range(256)) * (size // 256 + 1))[:size]


def serve(address, tcp_port, udp_port):
    listener = socket.socket(family(address), socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, int(tcp_port)))
    listener.listen()

    def accept():
        while True:
            peer, _ = listener.accept()
            received = b""
            while chunk := peer.recv(65536):
                received += chunk
            peer.sendall(hashlib.sha256(received).digest() + received)
            peer.close()

    threading.Thread(target=accept, daemon=True).start()
    box = socket.socket(family(address), socket.SOCK_DGRAM)
    box.bind((address, int(udp_port)))
    print("serving", flush=True)
    count = 0
    while box.recv(65536) != b"end":
        count += 1
    print(count, flush=True)


def send(address, port, size):
    data = data_of(int(size))
    peer = socket.create_connection((address, int(port)), timeout=20)
    peer.sendall(data)
    peer.shutdown(socket.SHUT_WR)
    answer = b""
    while chunk := peer.recv(65536):
        answer += chunk
    right = answer == hashlib.sha256(data).digest() + data
    print("ok %d" % len(data) if right else "wrong answer of %d bytes" % len(answer))


def knock(address, port, seconds):
    try:
        socket.create_connection((address, int(port)), timeout=float(seconds)).close()
        print("open")
    except ConnectionRefusedError:
        print("refused")
    except TimeoutError:
        print("silence")


def datagrams(address, port, count):
    box = socket.socket(family(address), socket.SOCK_DGRAM)
    for i in range(int(count)):
        box.sendto(b"datagram %d" % i, (address, int(port)))
    box.sendto(b"end", (address, int(port)))


{"serve": serve, "send": send, "knock": knock, "datagrams": datagrams}[sys.argv[1]](*sys.argv[2:])
