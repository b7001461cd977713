"""The nearest free places are found by walking an index, and rare ones without walking far."""

import random
import uuid

import pytest
from django.db import connection

from capacity import nearest
from capacity.models import CareUnit, Place
from tests.cast import assemble


@pytest.fixture
def wards(db):
    """Three hundred wards, far from those of other tests; every third has a free place."""
    cast, shuffled = assemble(), random.Random(7)
    units = []
    for number in range(300):
        unit = CareUnit.objects.get(pk=cast.ward.pk)
        unit.pk = unit.id = uuid.uuid4()
        unit.x, unit.y = 900_000 + shuffled.randrange(9_000), shuffled.randrange(9_000)
        unit.care_type = ("hospice", "grz")[number % 2]
        unit.attributes = ["insulin", "vac"] if number in (6, 297) else ["insulin"]
        units.append(unit)
    CareUnit.objects.bulk_create(units)
    states = [("free", "withdrawn", "occupied")[number % 3] for number in range(300)]
    Place.objects.bulk_create(
        Place(unit=unit, state=state, source="api")
        for unit, state in zip(units, states, strict=True)
    )
    return units


HERE = (904_500.0, 4_500.0)


def expected(units, kinds, needs=()) -> list:
    fits = [
        unit
        for number, unit in enumerate(units)
        if number % 3 == 0 and unit.care_type in kinds and set(needs) <= set(unit.attributes)
    ]
    return [unit.pk for unit in sorted(fits, key=lambda u: distance(u))]


def distance(unit) -> float:
    return ((unit.x - HERE[0]) ** 2 + (unit.y - HERE[1]) ** 2) ** 0.5


@pytest.mark.parametrize("kinds", [["hospice"], ["grz"], ["hospice", "grz"]])
@pytest.mark.parametrize("needs", [[], ["insulin"], ["vac"], ["insulin", "vac"]])
def test_the_nearest_with_a_free_place_come_first(kinds, needs, wards):
    found = nearest.nearest_free(kinds, *HERE, needs, limit=10)
    assert [near.unit for near in found] == expected(wards, kinds, needs)[:10]


def test_a_need_that_is_met_now_and_then_is_walked_to(wards, monkeypatch):
    """Control of the two ways: without the second one, this is still found."""
    monkeypatch.setitem(nearest.NO_OTHER_WAY, nearest.RARE, ("no_such_setting",))
    fits = [unit for unit in wards if unit.care_type == "grz"]
    CareUnit.objects.filter(pk__in=[u.pk for u in fits[::2]]).update(attributes=["pump"])
    for unit in fits[::2]:
        unit.attributes = ["pump"]
    found = nearest.nearest_free(["grz"], *HERE, ["pump"], limit=6)
    assert [n.unit for n in found] == expected(wards, ["grz"], ["pump"])[:6]


def test_a_rare_need_is_found_beyond_the_end_of_the_walk(wards):
    (far,) = expected(wards, ["grz"], ["vac"])
    assert far not in [n.unit for n in nearest.nearest_free(["grz"], *HERE, limit=1)]
    assert [n.unit for n in nearest.nearest_free(["grz"], *HERE, ["vac"], limit=1)] == [far]


def test_what_is_not_free_is_near_too(wards):
    found = nearest.nearest(["hospice"], *HERE, limit=7)
    hospices = [unit for unit in wards if unit.care_type == "hospice"]
    assert [n.unit for n in found] == [u.pk for u in sorted(hospices, key=distance)[:7]]


def plan(sql: str) -> str:
    asked = {"kinds": ["hospice", "grz"], "x": HERE[0], "y": HERE[1], "needs": [], "most": 10}
    with connection.cursor() as cursor:
        cursor.execute(nearest.forced(sql, "EXPLAIN (COSTS OFF)"), asked | {"walk": 40})
        for _ in nearest.NO_OTHER_WAY[sql]:
            cursor.nextset()
        return "\n".join(line for (line,) in cursor.fetchall())


def test_the_walk_is_an_ordered_scan_of_the_index_and_nothing_is_sorted_before(wards, db):
    """Nobody ever gathered statistics here, and so few rows are cheaper to sort: still so."""
    walked = plan(nearest.WALK)
    assert "Index Scan using place_nearest" in walked and "Order By:" in walked
    units = plan(nearest.UNITS)
    assert "Index Scan using unit_nearest" in units and "Order By:" in units


def test_what_is_set_for_a_walk_holds_for_it_alone(wards, db):
    nearest.nearest_free(["hospice"], *HERE)
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SHOW enable_{way}")
            assert cursor.fetchone() == ("on",)
