"""A ranking at a thousand, ten thousand and a hundred thousand units; and one POST that takes
somebody in, ranks ten thousand units and holds a place.

The floor of the POST is the same statements as bare SQL, reading included, plus one bare DRF
request. Beside it a bare flow on the same server: the same rows, without validation, log or rights.
Goals: p50 ≤ 2 × the floor, throughput with 8 clients ≥ 0.5 × the bare flow; and a ranking grows by
no more than n^0.2 for a common need and n^0.6 for a rare one.
"""

import itertools
import statistics
import time
from collections.abc import Callable
from math import log
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q
from django.test.utils import CaptureQueriesContext

from benchmarks import ground, nearest
from benchmarks.acts import Bench
from benchmarks.floor import Floor
from benchmarks.load import Shot
from benchmarks.region import Measuring
from benchmarks.rows import Row
from capacity.models import Place
from capacity.nearest import WALKING
from coordination import finding
from coordination.models import CareRequest
from lzc.models import PostalArea
from tests.stack import Stack

REPEATS, SHOTS, CLIENTS = 3, 60, 8
#: Requests of one kind in one go: each takes a place, and there are some twelve hundred.
MOST_POSTS = 45
#: Of the wards that give this kind of care: all of them, and one in five hundred.
NEEDS = (("common", [], 0.2), ("rare", ["peritoneal_dialysis"], 0.6))


class Ranking:
    """A region of so many units, and requests in it."""

    def __init__(self, units: int) -> None:
        self.region = Measuring()
        ground.fill(self.region.subregion, self.region.house.pk, units)
        self.areas = itertools.cycle(
            PostalArea.objects.filter(town="Meten").order_by("pk").values_list("pk", flat=True)
        )
        self.by = self.region.clients["zcc"]

    def requests(self, needs: list[str]) -> list[Any]:
        made = [self.region.request() for _ in range(SHOTS)]
        for request in made:
            CareRequest.objects.filter(pk=request).update(pc4=next(self.areas), requirements=needs)
        return made

    def p50(self, requests: list[Any]) -> float:
        taken = []
        for request in requests:
            began = time.perf_counter()
            with transaction.atomic():
                finding.candidates(request, by=self.by)
            taken.append((time.perf_counter() - began) * 1000)
        return statistics.median(taken)

    def queries(self, request: Any) -> int:
        with transaction.atomic(), CaptureQueriesContext(connection) as seen:
            finding.candidates(request, by=self.by)
        return len(seen)


def run(
    stack: Stack, *, sizes: tuple[int, ...], shots: int, say: Callable[[str], None]
) -> list[Row]:
    rows: list[Row] = []
    measured: dict[str, list[float]] = {name: [] for name, _, _ in NEEDS}
    most = 0
    for units in sizes:
        say(f"ranking {units:,} units")
        bench = Ranking(units)
        rows += nearest.compared(bench.region.subregion.parent, units)
        for name, needs, _ in NEEDS:
            requests = bench.requests(needs)
            bench.p50(requests[:10])
            p50 = statistics.median(bench.p50(requests) for _ in range(REPEATS))
            measured[name].append(p50)
            most = max(most, bench.queries(requests[0]))
        if units == 10_000 or units == sizes[-1] < 10_000:
            rows += _posts(stack, bench, shots, say)
    for name, _needs, goal in NEEDS:
        first, *_, last = measured[name]
        grows = log(last / first) / log(sizes[-1] / sizes[0])
        told = " · ".join(f"{p50:.1f}" for p50 in measured[name])
        sized = " · ".join(f"{n:,}" for n in sizes)
        what = f"ranking, {name}: p50 at {sized}"
        rows.append(Row(what, f"{told} ms", "", f"n^{grows:.2f}", f"≤ n^{goal}"))
    rows.append(Row("queries of a ranking, at most", str(most), "", "", "≤ 5"))
    return rows


def _posts(stack: Stack, at: Ranking, shots: int, say: Callable[[str], None]) -> list[Row]:
    """Taking in, ranking and holding in one POST, beside its floor and a bare flow."""
    say("taking in, ranking and holding in one POST")
    shots = min(shots * 2 // 3, MOST_POSTS)
    bench = Bench(stack, shots)
    bench.region = at.region

    def body() -> dict[str, Any]:
        said = at.region.case()
        said["patient"]["postcode"] = f"{next(at.areas)}AB"
        said["request"]["offer_best"] = True
        said["desk"] = str(at.region.zcc_desk.pk)
        return said

    def ours(count: int) -> list[Shot]:
        return [at.region.shot("zcc", "/api/v1/cases", body()) for _ in range(count)]

    def flow(count: int) -> list[Shot]:
        more = {"region": str(at.region.subregion.pk), "root": str(at.region.subregion.parent_id)}
        return [at.region.shot("zcc", "/bench/flow", body() | more) for _ in range(count)]

    bench.fire(ours(10))
    writes, count = bench.in_process(ours(1)[0])
    # The postcodes may be of a region that was measured before in this run.
    regions = PostalArea.objects.filter(town="Meten").values_list("region", flat=True)
    fixed = at.region.ids() | {at.region.subregion.parent_id, *regions}
    floor = Floor(writes, fixed)
    for way in WALKING:  # As `nearest.rows` closes them for its statement: nothing else minds.
        bench.db.execute(f"SET enable_{way} = off")
    held, sql, bare = [], [], []
    for _ in range(REPEATS):
        held.append(bench.fire(ours(shots)))
        sql.append(bench.sql(floor, free_places(floor, shots)))
        bare.append(bench.fire(bench.bare(shots)))
    p50 = statistics.median(m.p50 for m in held)
    beneath = statistics.median(sql) + statistics.median(m.p50 for m in bare)
    many, plain = [], []
    # Every connection of every worker has to have been used: a new one reads the catalogue first.
    bench.fire(ours(2 * shots), clients=CLIENTS)
    bench.fire(flow(2 * shots), clients=CLIENTS)
    for _ in range(REPEATS):
        many.append(bench.fire(ours(2 * shots), clients=CLIENTS))
        plain.append(bench.fire(flow(2 * shots), clients=CLIENTS))
    fast, free = (statistics.median(m.per_second for m in some) for some in (many, plain))
    cpu, least = (statistics.median(m.cpu_ms for m in some) for some in (many, plain))
    return [
        Row("register + rank 10,000 + hold: p50", f"{p50:.2f} ms", f"{beneath:.2f} ms",
            f"{p50 / beneath:.2f}×", "≤ 2×"),
        Row("the same: SQL statements", str(count), str(len(floor)), f"+{count - len(floor)}",
            "shown"),
        Row(f"the same, {CLIENTS} clients, beside a bare flow", f"{fast:.0f}/s", f"{free:.0f}/s",
            f"{fast / free:.2f}×", "≥ 0.5×"),
        Row("the same: CPU of the web", f"{cpu:.2f} ms", f"{least:.2f} ms",
            f"{cpu / least:.2f}×", "shown"),
    ]  # fmt: skip


def free_places(floor: Floor, count: int) -> list[dict[str, str]]:
    """For each repeat another free place, the only one of its ward, for the one that was held."""
    taken = Place.objects.get(pk__in=floor.uuids())
    there = Count("unit__places", filter=Q(unit__places__state="free"))
    free = Place.objects.filter(state="free", care_type=taken.care_type, root=taken.root)
    free = free.annotate(there=there).filter(there=1)
    others = free.order_by("?").values_list("pk", "unit_id")[:count]
    return [{str(taken.pk): str(pk), str(taken.unit_id): str(unit)} for pk, unit in others]
