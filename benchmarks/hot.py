"""Holding places of one unit that everybody wants, beside as many places in as many units.

Sixteen clients offer over HTTP, each for a patient of its own. The floor is the same with a unit
for each offer: nobody waits for anybody there. Goal: one hot unit takes at least half as many a
second. Three clean repeats each, in turn; medians.
"""

import statistics
from collections.abc import Callable

from benchmarks.load import Measured, Shot, family, fire
from benchmarks.region import Measuring
from benchmarks.rows import Row
from capacity.models import CareUnit, Place
from coordination.models import Offer
from tests.stack import Stack

REPEATS = 3
CLIENTS = 16


class Hot:
    def __init__(self, stack: Stack, shots: int) -> None:
        self.stack, self.shots = stack, shots
        self.region = Measuring()

    def units(self, count: int, beds: int) -> list[CareUnit]:
        made = [self.region.unit() for _ in range(count)]
        CareUnit.objects.bulk_create(made)
        places = [Place(unit=unit, source="planner") for unit in made for _ in range(beds)]
        Place.objects.bulk_create(places)
        return made

    def offers(self, units: list[CareUnit]) -> list[Shot]:
        """Each unit in turn, until there is one for every request."""
        made = []
        for n in range(self.shots):
            path = f"/api/v1/requests/{self.region.request()}/offers"
            made.append(self.region.shot("zcc", path, {"unit": str(units[n % len(units)].pk)}))
        return made

    def fire(self, units: list[CareUnit]) -> Measured:
        shots = self.offers(units)
        pids = family(self.stack.running["web"].pid)
        measured = fire("127.0.0.1", self.stack.port, shots, clients=CLIENTS, pids=pids)
        held = Offer.objects.live().filter(unit__in=units).values("place").distinct().count()
        if measured.failed or held != self.shots:
            raise SystemExit(f"{measured.failed} failed, {held} of {self.shots} held: no figure")
        return measured


def run(stack: Stack, *, shots: int, say: Callable[[str], None]) -> list[Row]:
    bench = Hot(stack, shots)
    say("holding places of one hot unit, and of many")
    bench.fire(bench.units(shots, 1))
    hot, spread = [], []
    for _ in range(REPEATS):
        spread.append(bench.fire(bench.units(shots, 1)))
        hot.append(bench.fire(bench.units(1, shots)))
    fast, slow = (statistics.median(m.per_second for m in some) for some in (spread, hot))
    p50 = statistics.median(m.p50 for m in hot)
    beside = statistics.median(m.p50 for m in spread)
    name = f"hold, {CLIENTS} clients, {shots} offers"
    return [
        Row(f"{name}: one hot unit", f"{slow:.0f}/s", f"{fast:.0f}/s", f"{slow / fast:.2f}×",
            "≥ 0.5×"),
        Row(f"{name}: p50", f"{p50:.1f} ms", f"{beside:.1f} ms", f"{p50 / beside:.2f}×", "shown"),
    ]  # fmt: skip
