"""Frames that no browser sends: the process lives on, and its neighbours notice nothing."""

import logging
import os
import random
import socket
import struct
from contextlib import suppress
from urllib.parse import urlsplit

import psutil
import pytest

from tests.live.ears import OWN_PAGE, cookie_of, happens, subjects

logger = logging.getLogger(__name__)

FRAMES = 3_000
MOST_GROWTH = 64 * 1024 * 1024

HELLO = (
    "GET /ws/live HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n"
    f"Origin: {OWN_PAGE}\r\nCookie: {{cookie}}\r\n\r\n"
)


def hello(url: str, cookie: str) -> socket.socket:
    line = socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=20)
    line.sendall(HELLO.format(cookie=cookie).encode())
    assert b" 101 " in line.recv(4096)
    return line


def frame(chance: random.Random) -> bytes:
    """Any opcode, flags, length and mask; now and then one that lies about its length."""
    payload = chance.choice(
        [
            b"",
            b'{"ping":true}',
            b'{"after":0}',
            b"\xff\xfe\x80",
            b"\x00" * 200,
            chance.randbytes(chance.randint(0, 5000)),
            b'{"after":' * 300,
        ]
    )
    first = chance.choice([0x81, 0x81, 0x01, 0x80, 0x82, 0x88, 0x89, 0x8A, chance.randrange(256)])
    size = chance.choice([len(payload)] * 6 + [chance.randrange(1 << 16), 1 << 40])
    mask = chance.choice([0x80, 0x80, 0x80, 0])
    if size < 126:
        head = struct.pack("!BB", first, mask | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", first, mask | 126, size)
    else:
        head = struct.pack("!BBQ", first, mask | 127, size)
    return head + (chance.randbytes(4) if mask else b"") + payload


@pytest.mark.parametrize(
    "frames",
    [FRAMES, pytest.param(100_000, marks=[pytest.mark.long, pytest.mark.timeout(3600)])],
)
def test_frames_that_no_browser_sends_hurt_nobody(frames, cast, stack, ear, live):
    seed = random.randrange(1 << 32)
    logger.info("seed %s", seed)
    chance = random.Random(seed)
    neighbour = ear(cast.coordinator)
    process = psutil.Process(stack.running["live"].pid)
    cookie = cookie_of(cast.colleague)
    hello(live, cookie).close()
    before, logged = process.memory_info().rss, stack.log("live").stat().st_size
    sent = 0
    while sent < frames:
        with hello(live, cookie) as line, suppress(OSError):
            for _ in range(chance.randint(1, 12)):
                line.sendall(frame(chance))
                sent += 1
    about = happens(cast.coordinator.actor, [cast.coordinator.house.pk])
    assert subjects(neighbour.facts(1)) == about, f"seed {seed}"
    assert process.is_running() and process.pid == stack.running["live"].pid
    growth = process.memory_info().rss - before
    logger.info("%s frames; memory grew by %.1f MiB", sent, growth / 1024 / 1024)
    assert growth < MOST_GROWTH
    with stack.log("live").open("rb") as log:
        log.seek(logged, os.SEEK_SET)
        # (uvicorn itself tells at length of text that is no UTF-8, and closes.)
        assert b"Exception in ASGI application" not in log.read(), f"seed {seed}"
