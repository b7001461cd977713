"""The walk to the nearest free places beside the bare walk of the same index.

Says and asserts which index each way uses. Goal: p99 ≤ 3 × the bare one, at every size. Three clean
repeats each, in turn; medians.
"""

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from benchmarks.rows import Row
from capacity import nearest
from lzc.models import Region

SHOTS, REPEATS = 200, 3
KINDS = ["elv_laag"]
BARE = """
SELECT unit_id FROM capacity_place WHERE root = %s AND state = 'free' AND care_type = 'elv_laag'
ORDER BY point(x, y) <-> point(%s, %s) LIMIT 200
"""
#: Which index each way must use.
EXPECTED = {
    nearest.WALK: (nearest.WALKING, "Index Scan using place_nearest"),
    nearest.AROUND: (nearest.WALKING, "Index Scan using unit_nearest"),
    nearest.BEYOND: (nearest.WALKING, "Index Scan using place_nearest"),
    nearest.RARE: (nearest.LOOKING_UP, "Bitmap Index Scan on place_gives"),
}
NEEDS = (("no need", ()), ("a need of 1 in 20", ("oxygen",)))


def asked(region: Region, x: float, y: float, needs: Any = ()) -> dict[str, Any]:
    return nearest.around(KINDS, region.pk, x, y, needs=needs)


def indexes(region: Region) -> None:
    """Each way walks, or looks up, in the index that was made for it."""
    for sql, (ways, index) in EXPECTED.items():
        told = asked(region, 150_000, 450_000, ["peritoneal_dialysis"])
        with transaction.atomic():
            lines = nearest.rows(f"EXPLAIN (COSTS OFF) {sql}", ways, told)
        plan = "\n".join(line for (line,) in lines)
        if index not in plan:
            raise SystemExit(f"expected «{index}» in:\n{plan}")


def p99(run: Callable[[float, float], Any]) -> float:
    """Milliseconds, from many places; each look in a transaction of its own."""
    taken, where = [], random.Random(1)
    for _ in range(SHOTS):
        x, y = where.random() * 280_000, 300_000 + where.random() * 300_000
        began = time.perf_counter()
        with transaction.atomic():
            run(x, y)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.quantiles(taken, n=100)[98]


def compared(region: Region, units: int) -> list[Row]:
    """The walk of a ranking beside the bare walk, at this many units."""
    indexes(region)

    def bare(x: float, y: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [region.pk, x, y])
            cursor.fetchall()

    rows = []
    for name, needs in NEEDS:

        def ours(x: float, y: float, needs: Any = needs) -> None:
            nearest.found(nearest.WALK, asked(region, x, y, needs))

        p99(bare), p99(ours)
        figures = [(p99(ours), p99(bare)) for _ in range(REPEATS)]
        mine, least = (statistics.median(column) for column in zip(*figures, strict=True))
        rows.append(
            Row(
                f"nearest of {units:,} units, {name}: p99",
                f"{mine:.2f} ms",
                f"{least:.2f} ms",
                f"{mine / least:.2f}×",
                "≤ 3×",
            )
        )
    return rows
