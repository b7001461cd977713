"""What the demo's data promises, without a database."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from capacity.models import CareType
from coordination import demo, play
from coordination.demo import limburg, zwolle
from coordination.demo.areas import AREAS
from coordination.demo.ground import Ground, ground
from coordination.demo.people import CAST, workers
from coordination.demo.positions import spots
from coordination.demo.stories import late
from coordination.demo.wards import KINDS
from lzc.rights import OrganisationKind, Role
from triage.identity import clean_bsn

MOMENT = datetime(2026, 11, 22, 2, 14, tzinfo=UTC)
REGIONS = {"zwolle": zwolle.ORGANISATIONS, "limburg": limburg.ORGANISATIONS}


@pytest.fixture(scope="module")
def made() -> Ground:
    return ground(MOMENT)


def test_the_same_moment_makes_the_same_demo(made: Ground) -> None:
    again = ground(MOMENT)
    for first, second in zip(made.tables(), again.tables(), strict=True):
        assert [_plain(row) for row in first] == [_plain(row) for row in second]


def _plain(row: object) -> dict[str, object]:
    """All but the hash of the password, which is salted."""
    return {k: v for k, v in vars(row).items() if k not in ("_state", "password")}


def test_ids_do_not_change_with_the_day(made: Ground) -> None:
    later = ground(datetime(2027, 6, 1, 12, tzinfo=UTC))
    assert [o.pk for o in made.organisations] == [o.pk for o in later.organisations]
    assert [u.pk for u in made.units] == [u.pk for u in later.units]


def test_no_id_is_used_twice(made: Ground) -> None:
    for rows in made.tables():
        assert len({row.pk for row in rows if row.pk}) == len([row for row in rows if row.pk])


def test_every_postcode_of_the_towns_is_known_once(made: Ground) -> None:
    known = Counter(area.pc4 for area in made.areas)
    wanted = [pc4 for area in AREAS for town in area.towns for pc4 in town.postcodes]
    assert sorted(known) == sorted(wanted)
    assert set(known.values()) == {1}


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.slug)
def test_postcodes_lie_in_their_town_each_on_its_own_spot(area) -> None:
    found = spots(area.towns)
    assert len({(spot.x, spot.y) for spot in found}) == len(found)
    for spot in found:
        # A degree of latitude is 111 km; of longitude here some 68 km.
        north = (spot.lat - spot.town.lat) * 111_000
        east = (spot.lon - spot.town.lon) * 68_500
        assert north**2 + east**2 < 3_500**2, spot


@pytest.mark.parametrize("houses", REGIONS.values(), ids=REGIONS.keys())
def test_a_region_has_all_that_a_night_needs(houses) -> None:
    kinds = Counter(house.kind for house in houses)
    assert kinds["meldkamer"] == 1
    assert 4 <= kinds["hap"] <= 5
    assert 15 <= kinds["vvt"] <= 20
    assert set(kinds) == set(OrganisationKind)
    wards = {ward.care_type for house in houses for ward in house.wards}
    assert {"elv_laag", "elv_hoog", "elv_palliatief", "grz", "wlz_crisis"} <= wards
    free = [ward.free for house in houses for ward in house.wards]
    assert 0 in free
    assert max(free) > 1
    ages = {ward.minutes_old for house in houses for ward in house.wards}
    assert min(ages) < 240 < max(ages)
    assert any(240 < age < 720 for age in ages)


def test_every_region_and_subregion_has_a_coordinating_desk_of_its_own(made: Ground) -> None:
    desks = {d.region_id for d in made.desks if d.organisation.kind == OrganisationKind.ZCC}
    assert desks == {region.pk for region in made.regions}, "and each ROAZ region one for all"


def test_kinds_of_care_are_those_of_the_model() -> None:
    assert set(KINDS) == set(CareType)


def test_every_kind_of_desk_has_a_telephone_that_nobody_has(made: Ground) -> None:
    numbers = [desk.telephone for desk in made.desks] + [unit.telephone for unit in made.units]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert re.fullmatch(r"0\d{2}-000\d{4}|0\d{3}-000\d{3}", number), number


def test_every_role_can_log_in_and_every_post_is_filled_once(made: Ground) -> None:
    assert {m.role for m in made.memberships} == set(Role)
    posts = Counter((m.role, m.organisation_id) for m in made.memberships)
    assert set(posts.values()) == {1}
    filled = {m.organisation_id for m in made.memberships}
    assert filled == {organisation.pk for organisation in made.organisations}


def test_every_role_is_among_the_log_ins_that_are_shown() -> None:
    assert {role for worker in CAST for role, _ in worker.works} == set(Role)


def test_somebody_works_for_two_employers() -> None:
    assert [worker.username for worker in workers() if len(worker.works) == 2] == ["tweebanen"]


def test_nobody_has_the_log_in_or_the_name_of_another() -> None:
    everybody = list(workers())
    assert len({worker.username for worker in everybody}) == len(everybody)
    assert len({worker.name for worker in everybody}) == len(everybody)


def test_a_team_comes_to_more_than_one_town(made: Ground) -> None:
    towns = {area.pc4: area.town for area in made.areas}
    teams = [unit for unit in made.units if unit.is_team]
    assert len(teams) > 10
    assert all(len({towns[pc4] for pc4 in team.service_area}) > 1 for team in teams)


def test_numbers_of_persons_are_test_numbers() -> None:
    """A number that passes the eleven-test may be somebody's: only those that begin with 9999."""
    files = [file for part in (demo, play) for file in Path(part.__path__[0]).glob("*.py")]
    text = "\n".join(file.read_text() for file in files)
    numbers = re.findall(r"(?<!\d)\d{9}(?!\d)", text)
    assert numbers, "the demo has people with a BSN"
    assert all(number.startswith("9999") and clean_bsn(number) for number in numbers)


@pytest.mark.parametrize("hour", range(24))
def test_visits_of_every_team_can_still_be_made(hour: int) -> None:
    now = datetime(2026, 11, 22, hour, 14, tzinfo=UTC)
    made = ground(now)
    ends = [place.valid_until for place in made.places if place.valid_until]
    assert ends
    assert all(0 < end.timestamp() - now.timestamp() <= 24 * 3600 for end in ends)


def test_however_slow_it_is_built_what_is_nearly_late_can_still_be_asked() -> None:
    asked: list[timedelta] = []
    slow: Any = SimpleNamespace(
        now=timezone.now() - timedelta(minutes=3),
        taken_in=lambda *_said, **_more: None,
        asked=lambda *_said, within, **_more: asked.append(within),
    )
    late(slow)
    assert slow.now + asked[0] > timezone.now()
