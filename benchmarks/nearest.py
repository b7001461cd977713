"""The nearest free places beside the bare walk of the index. `python -m benchmarks.nearest [sizes]`

On a database of its own, filled past the verbs, without statistics: as after a list that was just
read in. Says and asserts which index each way uses, and prints milliseconds (median, p99).
"""

import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any

SIZES = (1_000, 10_000, 100_000)
SHOTS, WANTED = 200, 50
BARE = """
SELECT unit_id FROM capacity_place WHERE state = 'free' AND care_type = 'elv_laag'
ORDER BY point(x, y) <-> point(%s, %s) LIMIT 200
"""
GROUND = """
UPDATE capacity_place SET state = 'withdrawn'; DELETE FROM capacity_place;
DELETE FROM capacity_careunit;
INSERT INTO lzc_region (id, slug, name) VALUES (gen_random_uuid(), 'bank', 'Bank')
    ON CONFLICT DO NOTHING;
INSERT INTO lzc_organisation (id, name, kind, region_id, town, agb_code, ura)
    SELECT gen_random_uuid(), 'Huis', 'vvt', id, '', '', '' FROM lzc_region WHERE slug = 'bank';
"""
#: Nine in ten can help with a transfer, one in twenty gives oxygen, one in five hundred dialysis.
UNITS = """
INSERT INTO capacity_careunit (id, organisation_id, region_id, name, care_type, town, pc4, x, y,
    lat, lon, telephone, attributes, service_area, main_practitioner, beds, source, admits,
    shift_areas, direct_booking, observed_at)
SELECT gen_random_uuid(), o.id, o.region_id, 'afdeling ' || n,
    (ARRAY['elv_laag', 'elv_hoog', 'grz', 'wlz_crisis', 'respijt'])[1 + n %% 5], '', 8000,
    (random() * 280000)::int, (300000 + random() * 300000)::int, 52, 6, '',
    array_remove(ARRAY['insulin', CASE WHEN random() < 0.9 THEN 'transfer_1' END,
        CASE WHEN random() < 0.05 THEN 'oxygen' END,
        CASE WHEN random() < 0.002 THEN 'peritoneal_dialysis' END], NULL),
    '{}', '', 20, '', '{}', '{}', false, now()
FROM (SELECT * FROM lzc_organisation WHERE name = 'Huis' LIMIT 1) o, generate_series(1, %s) n
"""
PLACES = """
INSERT INTO capacity_place (id, unit_id, state, attributes, source, care_type, x, y, gives)
SELECT gen_random_uuid(), id, CASE WHEN random() < 0.3 THEN 'free' ELSE 'occupied' END, '{}',
    'api', '', 0, 0, '{}'
FROM capacity_careunit, generate_series(1, 2)
"""
ASKED = {"kinds": ["elv_laag"], "x": 150_000, "y": 450_000, "most": WANTED, "walk": 200}


def fill(units: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(GROUND)
        cursor.execute(UNITS, [units])
        cursor.execute(PLACES)


def indexes() -> None:
    """Each way walks, or looks up, in the index that was made for it."""
    from django.db import connection

    from capacity import nearest

    expected = {
        nearest.WALK: "Index Scan using place_nearest",
        nearest.UNITS: "Index Scan using unit_nearest",
        nearest.RARE: "Bitmap Index Scan on place_gives",
    }
    for sql, index in expected.items():
        needs = ["peritoneal_dialysis"] if sql is nearest.RARE else []
        with connection.cursor() as cursor:
            cursor.execute(nearest.forced(sql, "EXPLAIN "), ASKED | {"needs": needs})
            for _ in nearest.NO_OTHER_WAY[sql]:
                cursor.nextset()
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert index in plan, plan
        print(f"  {index}{', in order' if 'Order By:' in plan else ''}")


def timed(run: Callable[[float, float], Any]) -> str:
    from django.db import transaction

    taken, where = [], random.Random(1)
    for _ in range(SHOTS):
        x, y = where.random() * 280_000, 300_000 + where.random() * 300_000
        began = time.perf_counter()
        with transaction.atomic():
            run(x, y)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return f"{taken[SHOTS // 2]:6.2f} {taken[int(SHOTS * 0.99)]:6.2f}"


def measure() -> None:
    from django.db import connection

    from capacity.nearest import nearest, nearest_free

    def bare(x: float, y: float) -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [x, y])
            cursor.fetchall()

    here = ["elv_laag"]
    print("  bare walk, 200 places ", timed(bare))
    print("  nearest free          ", timed(lambda x, y: nearest_free(here, x, y)))
    print("  of two kinds          ", timed(lambda x, y: nearest_free([*here, "grz"], x, y)))
    for name, needs in (
        ("need of nine in ten   ", ["transfer_1"]),
        ("need of one in twenty ", ["oxygen"]),
        ("need of one in 500    ", ["insulin", "peritoneal_dialysis"]),
    ):
        print(f"  {name}", timed(lambda x, y, needs=needs: nearest_free(here, x, y, needs)))
    print("  nearest, free or not  ", timed(lambda x, y: nearest(here, x, y)))


def main(sizes: list[int]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    import django

    django.setup()
    from django.db import connection, connections

    from tests import database

    with database.cloned() as name:
        connections.databases["default"]["NAME"] = name
        try:
            for units in sizes:
                fill(units)
                print(f"{units} units")
                indexes()
                measure()
        finally:
            connections.close_all()
            connection.close_pool()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [*SIZES])
