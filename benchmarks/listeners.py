"""A process with many open sockets that do nothing but listen, as cheaply as can be.

It says `ready` when all are open, and then, for each numbered message that every one of them got,
the number and the moments of the first and the last (`time.monotonic`, the same for all processes).
The same listeners measure every kind of server.
"""

import json
import re
import selectors
import socket
import sys
import time
from collections import defaultdict
from collections.abc import Iterator

HELLO = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
    "Sec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1\r\n{headers}\r\n"
)
NUMBER = re.compile(rb'{"number": ?([0-9]+)')
PING, CLOSE = 9, 8
AT_ONCE = 50


def opened(port: int, path: str, headers: str) -> socket.socket:
    """One that waits for the answer to its hello."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(HELLO.format(path=path, port=port, headers=headers).encode())
    return connection


def welcomed(connection: socket.socket) -> None:
    """Byte by byte: what comes after the answer belongs to the messages."""
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += connection.recv(1)
    if b" 101 " not in answer:
        raise SystemExit(f"no socket: {answer[:80]!r}")


def frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Opcode and payload of each. A server masks nothing; no message here is longer than 64 KiB."""
    while data:
        size, start = data[1], 2
        if size == 126:
            size, start = int.from_bytes(data[2:4]), 4
        yield data[0] & 15, data[start : start + size]
        data = data[start + size :]


def pong(payload: bytes) -> bytes:
    """Masked with zeros, which leaves it as it is."""
    return bytes([0x8A, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def listen(connections: list[socket.socket]) -> None:
    selector = selectors.DefaultSelector()
    for connection in connections:
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ, connection)
    heard: dict[int, int] = defaultdict(int)
    first: dict[int, float] = {}
    while True:
        for key, _ in selector.select():
            data = key.data.recv(65536)
            now = time.monotonic()
            for opcode, payload in frames(data):
                if opcode == PING:
                    key.data.send(pong(payload))
                if not (found := NUMBER.match(payload)):
                    continue
                number = int(found[1])
                heard[number] += 1
                first.setdefault(number, now)
                if heard[number] == len(connections):
                    print(number, first.pop(number), now, flush=True)
            if not data or opcode == CLOSE:
                raise SystemExit(f"a socket was closed: {payload!r}")


def main() -> None:
    wanted = json.loads(sys.stdin.readline())
    everyone: list[socket.socket] = []
    headers = wanted["headers"]
    for start in range(0, len(headers), AT_ONCE):
        batch = [
            opened(wanted["port"], wanted["path"], h) for h in headers[start : start + AT_ONCE]
        ]
        for connection in batch:
            welcomed(connection)
        everyone += batch
    print("ready", flush=True)
    listen(everyone)


if __name__ == "__main__":
    main()
