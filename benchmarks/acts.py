"""Registering a case and accepting an offer, over HTTP, each beside its floor.

The floor of an act is the same writes as bare SQL, plus one bare DRF request with a token on the
same server. Goals: p50 ≤ 2.5 × the floor; statements ≤ the floor's + 8, the same at 10 and 100,000
cases; throughput with 32 clients ≥ 0.8 × that with 8.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks.floor import Floor, statements_of
from benchmarks.load import Measured, Shot, family, fire
from benchmarks.region import Measuring
from benchmarks.rows import Row
from lzc import keys, models
from lzc.conf import databases
from tests import database
from tests.stack import Stack

REPEATS = 3


class Bench:
    def __init__(self, stack: Stack, shots: int) -> None:
        self.stack, self.shots = stack, shots
        # Statements are counted in this process: whether a second has passed changes no count.
        models.RULES_FOR, keys.FOR_SECONDS = -1.0, -1.0
        self.region = Measuring()
        self.pids = family(stack.running["web"].pid)
        name = str(connection.settings_dict["NAME"])
        self.db = psycopg.connect(
            database.url(settings.DATABASE_URL, name),
            autocommit=True,
            prepare_threshold=databases.OFTEN,
        )

    def fire(self, shots: list[Shot], clients: int = 1) -> Measured:
        measured = fire(
            "127.0.0.1", self.stack.port, shots, clients=clients, pids=family(self.pids[0])
        )
        if measured.failed:
            raise SystemExit(f"{measured.failed} of {len(shots)} requests failed: no figure")
        return measured

    def cases(self, count: int) -> list[Shot]:
        region = self.region
        return [region.shot("meldkamer", "/api/v1/cases", region.case()) for _ in range(count)]

    def accepts(self, count: int) -> list[Shot]:
        return [
            self.region.shot("house", f"/api/v1/offers/{offer}/accept", {})
            for offer in self.region.offers(count)
        ]

    def bare(self, count: int) -> list[Shot]:
        case = self.region.case()
        return [self.region.shot("meldkamer", "/bench/bare", case) for _ in range(count)]

    def in_process(self, shot: Shot) -> tuple[list[Any], int]:
        """The same request in this process, to count and to catch its statements."""
        path, headers, body = shot
        client = Client(SERVER_NAME="127.0.0.1", headers=headers)

        def run() -> None:
            answer = client.post(path, body, content_type="application/json")
            if answer.status_code >= 300:
                raise SystemExit(f"{path}: {answer.status_code} {answer.content[:300]!r}")

        return statements_of(run)

    def sql(self, floor: Floor, given: list[dict[str, str]]) -> float:
        """Median milliseconds of the bare writes."""
        times = []
        for ids in given:
            start = time.perf_counter()
            floor.once(self.db, ids)
            times.append(time.perf_counter() - start)
        return statistics.median(times) * 1000


def run(stack: Stack, *, shots: int, full: int, say: Callable[[str], None]) -> list[Row]:
    bench = Bench(stack, shots)
    say("registering a case, at 10 cases")
    bench.fire(bench.cases(shots // 2))
    rows, few = _compared(bench, "register a case", bench.cases, None)
    rows += _throughput(bench)
    say("accepting an offer")
    more, _ = _compared(bench, "accept an offer", bench.accepts, bench.region.offers)
    rows += more
    say(f"filling up to {full:,} cases")
    bench.region.fill(full)
    bench.db.execute("ANALYZE")
    bench.in_process(bench.cases(1)[0])
    _, many = bench.in_process(bench.cases(1)[0])
    same = "same" if many == few else "DIFFERENT"
    goal = "the same"
    rows.append(Row(f"statements at {full:,} cases", str(many), f"{few} at 10", same, goal))
    crowded = bench.fire(bench.cases(shots))
    rows.append(
        Row(f"register at {full:,} cases", f"{crowded.p50:.2f} ms", "", "", "shown, not claimed")
    )
    return rows


def _compared(
    bench: Bench,
    what: str,
    shots: Callable[[int], list[Shot]],
    fresh: Callable[[int], list[Any]] | None,
) -> tuple[list[Row], int]:
    """p50 and statements of an act beside its floor: three clean repeats, medians."""
    bench.in_process(shots(1)[0])  # What a process remembers for a while is read: the rules.
    first = shots(1)[0]
    writes, count = bench.in_process(first)
    floor = Floor(writes, bench.region.ids())
    subject = first[0].split("/")[4] if fresh else ""
    ours, sql, bare = [], [], []
    for _ in range(REPEATS):
        given = [{subject: str(i)} for i in fresh(bench.shots)] if fresh else [{}] * bench.shots
        ours.append(bench.fire(shots(bench.shots)))
        sql.append(bench.sql(floor, given))
        bare.append(bench.fire(bench.bare(bench.shots)))
    p50 = statistics.median(m.p50 for m in ours)
    beneath = statistics.median(sql) + statistics.median(m.p50 for m in bare)
    cpu = statistics.median(m.cpu_ms for m in ours)
    least = statistics.median(m.cpu_ms for m in bare)
    return [
        Row(
            f"{what}: p50", f"{p50:.2f} ms", f"{beneath:.2f} ms", f"{p50 / beneath:.2f}×", "≤ 2.5×"
        ),
        Row(f"{what}: CPU of the web", f"{cpu:.2f} ms", f"{least:.2f} ms", "", "shown"),
        Row(
            f"{what}: SQL statements",
            str(count),
            str(len(floor)),
            f"+{count - len(floor)}",
            "≤ +8 (BEGIN, COMMIT not counted)",
        ),
    ], count


def _throughput(bench: Bench) -> list[Row]:
    eight, crowd = [], []
    for _ in range(REPEATS):
        eight.append(bench.fire(bench.cases(bench.shots * 2), clients=8).per_second)
        crowd.append(bench.fire(bench.cases(bench.shots * 2), clients=32).per_second)
    low, high = statistics.median(eight), statistics.median(crowd)
    return [
        Row(
            "register, 32 clients beside 8",
            f"{high:.0f}/s",
            f"{low:.0f}/s",
            f"{high / low:.2f}",
            "≥ 0.8",
        )
    ]
