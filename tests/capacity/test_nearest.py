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
    return [unit.pk for unit in sorted(fits, key=distance)]


def distance(unit) -> float:
    return ((unit.x - HERE[0]) ** 2 + (unit.y - HERE[1]) ** 2) ** 0.5


def asked(units, kinds, needs=(), most=10) -> dict:
    return nearest.around(kinds, units[0].region.root_id, *HERE, needs=needs, most=most)


def found(sql, *asked_for, **more) -> list:
    return [near.unit for near in nearest.found(sql, asked(*asked_for, **more))]


@pytest.mark.parametrize("kinds", [["hospice"], ["grz"], ["hospice", "grz"]])
@pytest.mark.parametrize("needs", [[], ["insulin"]])
def test_the_nearest_with_a_free_place_come_first(kinds, needs, wards):
    assert found(nearest.WALK, wards, kinds, needs) == expected(wards, kinds, needs)[:10]


@pytest.mark.parametrize("needs", [["vac"], ["insulin", "vac"], ["insulin"]])
def test_what_is_rare_is_found_however_far_it_is(needs, wards):
    assert found(nearest.RARE, wards, ["grz"], needs) == expected(wards, ["grz"], needs)[:10]


def test_a_walk_ends_before_what_is_rare_and_far(wards):
    """Control: so the other way is needed."""
    (far,) = expected(wards, ["grz"], ["vac"])
    assert far not in found(nearest.WALK, wards, ["grz"], ["vac"], most=1)
    assert found(nearest.RARE, wards, ["grz"], ["vac"], most=1) == [far]


def test_what_is_not_free_is_around_too(wards):
    hospices = sorted((unit for unit in wards if unit.care_type == "hospice"), key=distance)
    assert found(nearest.AROUND, wards, ["hospice"], most=7) == [u.pk for u in hospices[:7]]


def test_another_region_is_not_walked_into_and_is_found_beyond(wards):
    """A ward of another ROAZ region, just here."""
    cast = assemble()
    CareUnit.objects.filter(pk=cast.ward.pk).update(care_type="hospice", x=HERE[0], y=HERE[1])
    Place.objects.create(unit=cast.ward, source="api")
    assert cast.ward.pk not in found(nearest.WALK, wards, ["hospice"])
    assert cast.ward.pk not in found(nearest.AROUND, wards, ["hospice"])
    assert found(nearest.BEYOND, wards, ["hospice"])[0] == cast.ward.pk


def test_what_more_than_covers_a_need_counts_as_having_it(wards):
    CareUnit.objects.filter(pk=wards[3].pk).update(attributes=["isolation_strict", "transfer_2"])
    for need in ("isolation", "isolation_contact", "transfer_1"):
        assert found(nearest.RARE, wards, ["grz"], [need]) == [wards[3].pk]


def test_a_team_that_comes_here_is_found_wherever_it_starts(wards):
    cast = assemble()
    CareUnit.objects.filter(pk=cast.team.pk).update(
        x=0, y=0, service_area=[], shift_areas={"night": [8017]}
    )
    here = nearest.around(["wijkverpleging"], cast.region.pk, *HERE, pc4=8017)
    assert [near.unit for near in nearest.found(nearest.COMING, here)] == [cast.team.pk]
    elsewhere = nearest.around(["wijkverpleging"], cast.region.pk, *HERE, pc4=8018)
    assert nearest.found(nearest.COMING, elsewhere) == []


def plan(sql: str, units) -> str:
    told = asked(units, ["hospice", "grz"])
    lines = nearest.rows(f"EXPLAIN (COSTS OFF) {sql}", nearest.WALKING, told)
    return "\n".join(line for (line,) in lines)


def test_the_walk_is_an_ordered_scan_of_the_index_and_nothing_is_sorted_before(wards, db):
    """Nobody ever gathered statistics here, and so few rows are cheaper to sort: still so."""
    walked = plan(nearest.WALK, wards)
    assert "Index Scan using place_nearest" in walked and "Order By:" in walked
    units = plan(nearest.AROUND, wards)
    assert "Index Scan using unit_nearest" in units and "Order By:" in units


def test_what_is_set_for_a_walk_holds_for_it_alone(wards, db):
    found(nearest.WALK, wards, ["hospice"])
    with connection.cursor() as cursor:
        for way in nearest.WALKING:
            cursor.execute(f"SHOW enable_{way}")
            assert cursor.fetchone() == ("on",)
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("auto",)


def test_a_walk_is_planned_once_for_whoever_asks(wards, db):
    for kind in ("hospice", "grz") * 4:
        found(nearest.WALK, wards, [kind])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans > 0, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE %s AND statement LIKE %s",
            ["%capacity_place%", "%LIMIT%"],
        )
        assert cursor.fetchall() == [(True, 0)]
