"""How long after an answer was given does the last of a thousand sockets know it?

LZC (commit of an accepted offer → bell → tail → sockets) beside two others on the same server
program, with the same listeners: a bare ASGI application that sends to each of them in a loop, and
a group of Channels. Goals: p99 ≤ 2 × the bare one; ≥ 5 × better than the group.
"""

import http.client
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from channels_redis.core import RedisChannelLayer
from django.conf import settings

from benchmarks.answers import Answers
from benchmarks.load import cpu_ms, family
from benchmarks.rows import Row
from lzc.run import children, processes
from lzc.run.var import BASE
from tests.stack import Stack

REPEATS = 3
WARMING_UP = 5
#: Between two facts, so that one is measured at a time.
QUIET = 0.03

Say = Callable[[str], None]


@dataclass(frozen=True)
class Figures:
    """Milliseconds until the last socket knew, and of the server's processor for each fact."""

    p50: float
    p99: float
    cpu: float

    @classmethod
    def middle(cls, figures: list["Figures"]) -> "Figures":
        columns = zip(*((f.p50, f.p99, f.cpu) for f in figures), strict=True)
        return cls(*map(statistics.median, columns))


class Listeners:
    """The other process, in which the sockets are."""

    def __init__(self, url: str, pages: list[str], after: int) -> None:
        where = urlsplit(url)
        wanted = {"port": where.port, "path": f"{where.path}?after={after}", "headers": pages}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.listeners"],
            cwd=BASE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin and self.process.stdout
        self.said = self.process.stdout
        self.process.stdin.write(json.dumps(wanted) + "\n")
        self.process.stdin.flush()
        if self.said.readline() != "ready\n":
            raise SystemExit("the sockets did not open: no figure")

    def last_of(self, number: int) -> float:
        """The moment at which the last of them had it."""
        for line in self.said:
            found, _, last = line.split()
            if int(found) == number:
                return float(last)
        raise SystemExit("a socket was closed: no figure")

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


class Bench:
    def __init__(self, sockets: int, rounds: int) -> None:
        self.sockets, self.rounds = sockets, rounds

    def lzc(self) -> Figures:
        answers = Answers(self.rounds + WARMING_UP, self.sockets)
        with server("lzc.asgi:application") as (url, pid):
            return self.measure(url, pid, answers.accept, answers.pages, after=answers.since)

    def bare(self) -> Figures:
        numbers = itertools.count(1)
        with server("benchmarks.broadcast:application") as (url, pid):
            trigger = http.client.HTTPConnection(urlsplit(url).netloc)

            def tell() -> tuple[int, float]:
                number = next(numbers)
                body, since = json.dumps(fact(number)), time.monotonic()
                trigger.request("POST", "/", body)
                trigger.getresponse().read()
                return number, since

            return self.measure(url, pid, tell)

    def group(self) -> Figures:
        """So slow that it is told fewer times."""
        numbers = itertools.count(1)
        # A group outlives its server in Valkey: each run has its own.
        prefix = f"bench-{time.time_ns()}"
        layer = RedisChannelLayer(hosts=[settings.REDIS_URL], prefix=prefix)

        def tell() -> tuple[int, float]:
            number = next(numbers)
            message, since = {"type": "told", "fact": fact(number)}, time.monotonic()
            async_to_sync(layer.group_send)("everybody", message)
            return number, since

        with server("benchmarks.group:application", BENCH_PREFIX=prefix) as (url, pid):
            return self.measure(url, pid, tell, rounds=self.rounds // 4)

    def measure(
        self,
        url: str,
        pid: int,
        tell: Callable[[], tuple[int, float]],
        pages: list[str] | None = None,
        *,
        after: int = 0,
        rounds: int = 0,
    ) -> Figures:
        """`tell` makes one fact known: its number, and the moment at which it became true."""
        rounds = rounds or self.rounds
        listeners = Listeners(url, pages or [""] * self.sockets, after)
        try:
            for _ in range(WARMING_UP):
                listeners.last_of(tell()[0])
            took, cpu = [], cpu_ms(family(pid))
            for _ in range(rounds):
                number, since = tell()
                took.append((listeners.last_of(number) - since) * 1000)
                time.sleep(QUIET)
            used = (cpu_ms(family(pid)) - cpu) / rounds
        finally:
            listeners.close()
        return Figures(statistics.median(took), statistics.quantiles(took, n=100)[98], used)


@contextmanager
def server(application: str, **environment: str) -> Iterator[tuple[str, int]]:
    """LZC's live process, with this application in place of its own: its address and pid."""
    stack = Stack()
    command = [application if part == "lzc.asgi:application" else part for part in _live()]
    here = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", **environment}
    with stack.log("bench").open("wb") as log:
        child = children.spawn(
            command, cwd=BASE, env=stack.environment() | here, stdout=log, stderr=log
        )
    try:
        stack.running["live"] = child
        yield stack.live(), child.pid
    finally:
        stack.close()


def _live() -> list[str]:
    return processes.command("live")


def fact(number: int) -> dict[str, Any]:
    """As large as the fact of an accepted offer."""
    some = "00000000-0000-4000-8000-000000000000"
    return {
        "number": number,
        "type": "offer.accepted",
        "subject": some,
        "ids": {"unit": some, "request": some},
        "at": "2026-11-22T03:00:00.000000+00:00",
    }


def run(*, quick: bool = False, say: Say = lambda what: None) -> list[Row]:
    """Medians of clean repeats: each has servers and sockets of its own."""
    bench = Bench(100, 20) if quick else Bench(1_000, 200)
    found: dict[str, list[Figures]] = {"bare": [], "lzc": [], "group": []}
    for turn in range(1 if quick else REPEATS):
        for name, figures in found.items():
            say(f"an answer to {bench.sockets:,} sockets, {name}, {turn + 1}")
            figures.append(getattr(bench, name)())
    bare, lzc, group = (Figures.middle(figures) for figures in found.values())
    what = f"answer → last of {bench.sockets:,} sockets"
    return [
        _beside(f"{what}: p99", lzc.p99, bare.p99, "bare ASGI", "≤ 2×"),
        _beside(f"{what}: p50", lzc.p50, bare.p50, "bare ASGI", "shown"),
        _beside(f"{what}: CPU of live", lzc.cpu, bare.cpu, "bare ASGI", "shown"),
        _beside(f"{what}: p99, group", group.p99, lzc.p99, "LZC", "≥ 5×"),
        _beside(f"{what}: p50, group", group.p50, lzc.p50, "LZC", "≥ 5×"),
        _beside(f"{what}: CPU, group", group.cpu, lzc.cpu, "LZC", "shown"),
    ]


def _beside(claim: str, measured: float, other: float, whose: str, goal: str) -> Row:
    ratio = f"{measured / other:.2f}×" if other else ""
    return Row(claim, f"{measured:.1f} ms", f"{whose} {other:.1f} ms", ratio, goal)
