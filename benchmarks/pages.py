"""How long does the server take over a work list of three hundred cases, in a region of 200 wards?

Over HTTP, from the request to the last byte, so that everything the server does is in it. The floor
is an empty page through the same middleware on the same server, plus the very statements of the
work list as bare SQL. Goals: p50 ≤ 150 ms; ≤ 12 queries, as many at 300 cases as at 10.
"""

import http.client
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection

from benchmarks import ground
from benchmarks.floor import Floor, statements_of
from benchmarks.load import cpu_ms, family
from benchmarks.rows import Row
from lzc import models
from lzc.models import AccessRecord
from tests import cast as casting
from tests import database, full_list
from tests.api.programs import browser_of
from tests.stack import Stack

CASES, WARDS = 300, 200
WARMING_UP, REPEATS = 10, 3
LIST, BARE = "/werklijst/", "/bench/page"
#: What only frames a transaction is no question.
FRAME = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SET CONSTRAINTS")

Say = Callable[[str], None]


@dataclass
class Taken:
    """Milliseconds of each, processor time of the web for each, bytes that one came in."""

    each: list[float]
    cpu: float
    size: int

    @property
    def p50(self) -> float:
        return statistics.median(self.each)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.each, n=20)[18]


class Desk:
    """A coordinator with a full list, logged in."""

    def __init__(self, stack: Stack) -> None:
        # As in `acts`: whether a second has passed changes no count.
        models.RULES_FOR = -1.0
        self.stack, self.cast = stack, casting.assemble()
        ground.fill(self.cast.subregion, self.cast.planner.house.pk, WARDS)
        full_list.ten_cases(self.cast)
        self.person = browser_of(self.cast.coordinator)
        self.few = self.queries()
        full_list.copied(self.cast, CASES)
        self.many = self.queries()
        self.floor = self._floor()

    def queries(self) -> int:
        statements, _ = statements_of(self._asks, also=("",))
        return sum(not sql.startswith(FRAME) for sql, _ in statements)

    def _asks(self) -> None:
        answer = self.person.client.get(LIST, SERVER_NAME="127.0.0.1")
        assert answer.status_code == 200, answer.status_code

    def _floor(self) -> Floor:
        """What was there already keeps its id; the access record is written anew each time."""
        statements, _ = statements_of(self._asks, also=("",))
        made = AccessRecord.objects.filter(actor=self.cast.coordinator.actor.pk)
        new = made.order_by("-at").values_list("pk", flat=True)[0]
        return Floor(statements, Floor(statements, []).uuids() - {new})

    def sql(self, shots: int) -> float:
        """Median milliseconds of the statements alone."""
        name, took = str(connection.settings_dict["NAME"]), []
        with psycopg.connect(database.url(settings.DATABASE_URL, name), autocommit=True) as db:
            for _ in range(shots):
                began = time.perf_counter()
                self.floor.once(db, {})
                took.append((time.perf_counter() - began) * 1000)
        return statistics.median(took)

    def web(self, path: str, shots: int) -> Taken:
        """One browser that asks again and again over one connection."""
        server = http.client.HTTPConnection(urlsplit(self.stack.url).netloc, timeout=30)
        cookie = f"{settings.SESSION_COOKIE_NAME}={self._session()}"
        pids, took, size = family(self.stack.running["web"].pid), [], 0
        for n in range(WARMING_UP + shots):
            if n == WARMING_UP:
                cpu = cpu_ms(pids)
            began = time.perf_counter()
            server.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
            answer = server.getresponse()
            size = len(answer.read())
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status == 200, answer.status
        server.close()
        return Taken(took[WARMING_UP:], (cpu_ms(pids) - cpu) / shots, size)

    def _session(self) -> str:
        return str(self.person.client.cookies[settings.SESSION_COOKIE_NAME].value)


def run(stack: Stack, *, shots: int, say: Say) -> list[Row]:
    """Medians of clean repeats."""
    say(f"a work list of {CASES} cases")
    desk = Desk(stack)
    page, part, sql, bare = [], [], [], []
    for _ in range(REPEATS):
        page.append(desk.web(LIST, shots))
        part.append(desk.web(f"{LIST}?deel=werk", shots))
        sql.append(desk.sql(shots))
        bare.append(desk.web(BARE, shots))
    beneath = statistics.median(sql) + statistics.median(b.p50 for b in bare)
    whole, list_ = (statistics.median(t.p50 for t in some) for some in (page, part))
    late = statistics.median(t.p95 for t in page)
    cpu, least = (statistics.median(t.cpu for t in some) for some in (page, bare))
    what = f"work list of {CASES} cases"
    return [
        _row(f"{what}: p50", whole, beneath, "≤ 150 ms"),
        _row(f"{what}: p95", late, beneath, "shown"),
        _row("the same, what is fetched anew: p50", list_, beneath, "shown"),
        _row("the same: CPU of the web", cpu, least, "shown"),
        Row("the same: queries, beside 10 cases", str(desk.many), str(desk.few),
            f"+{desk.many - desk.few}", "≤ 12, +0"),
        Row("the same: kB sent", f"{page[0].size / 1000:.0f}", "", "", "shown"),
    ]  # fmt: skip


def _row(claim: str, measured: float, floor: float, goal: str) -> Row:
    return Row(claim, f"{measured:.1f} ms", f"{floor:.1f} ms", f"{measured / floor:.2f}×", goal)
