"""Who can take this patient, and the reason for everybody who cannot."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from coordination.matching import GROUNDS, Group
from lzc.hours import AMSTERDAM
from tests.coordination.needs import EVERY_DAY, NOW, need, places, ranked, team, the, unit, why

OXYGEN = frozenset({"oxygen"})
OFFICE = tuple((day, 480, 960) for day in EVERY_DAY)
NIGHT = tuple((day, 1380, 420) for day in EVERY_DAY)
CLOSED = frozenset({"closed_ward"})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return NOW.replace(day=day, hour=hour, minute=minute)


def test_a_unit_that_has_what_is_asked_is_a_candidate():
    assert why(need(), unit()) == []
    assert the(need(), unit()).wish == 0


def test_a_unit_of_another_kind_gives_other_care():
    assert why(need(), unit(care_type="grz")) == ["other_care"]
    assert why(need(care_types=("elv_laag", "grz")), unit(care_type="grz")) == []


def test_who_was_asked_or_refused_is_not_asked_again():
    assert why(need(asked=frozenset({UUID(int=1)})), unit()) == ["asked"]
    assert why(need(refused_by=frozenset({UUID(int=1)})), unit()) == ["refused"]


def test_a_closure_is_told_with_its_reason():
    assert why(need(), unit(closed="infection")) == ["stopped:infection"]


def test_another_region_is_used_only_when_the_request_allows_it():
    assert why(need(), unit(circle=2)) == ["elsewhere:2"]
    assert why(need(circles=frozenset({0, 1, 2})), unit(circle=2)) == []
    assert why(need(circles=frozenset({0})), unit(circle=1)) == ["elsewhere:1"]


# What a place has ------------------------------------------------------------------------------


def test_what_a_unit_cannot_give_is_named():
    asked = need(requirements=frozenset({"oxygen", "bariatric"}))
    assert why(asked, unit()) == ["lacks:bariatric", "lacks:oxygen"]
    assert why(asked, unit(attributes=OXYGEN)) == ["lacks:bariatric"]
    assert why(asked, unit(attributes=OXYGEN, groups=(places("bariatric"),))) == []


def test_one_place_has_to_have_it_all():
    asked = need(requirements=frozenset({"single_room", "bariatric"}))
    apart = (places("single_room"), places("bariatric"))
    assert why(asked, unit(groups=apart)) == ["lacks:bariatric"]
    assert why(asked, unit(groups=(*apart, places("single_room", "bariatric")))) == []
    taken = places("single_room", "bariatric", free=0)
    assert why(asked, unit(groups=(*apart, taken))) == ["lacks:bariatric"]


def test_a_stay_includes_the_nights():
    asked = need(requirements=frozenset({"iv_antibiotics"}))
    able = frozenset({"iv_antibiotics"})
    assert why(asked, unit(attributes=able)) == []
    assert why(asked, unit(attributes=able, night_attributes=able)) == []
    by_day = unit(attributes=able, night_attributes=frozenset())
    assert why(asked, by_day) == ["lacks_by_night:iv_antibiotics"]
    assert why(asked, unit(night_attributes=able)) == ["lacks:iv_antibiotics"]


def test_a_visit_is_made_in_the_shift_of_now():
    asked = need(care_types=("wijkverpleging",), requirements=frozenset({"catheter"}))
    by_day = team(attributes=frozenset({"catheter"}), night_attributes=frozenset())
    assert why(asked, by_day) == []
    assert why(asked, by_day, now=at(23, 23, 30)) == ["lacks_by_night:catheter"]
    by_night = replace(by_day, attributes=frozenset(), night_attributes=by_day.attributes)
    assert why(asked, by_night) == ["lacks:catheter"]
    assert why(asked, by_night, now=at(23, 23, 30)) == []


def test_two_persons_can_do_what_one_can():
    asked = need(requirements=frozenset({"transfer_1"}))
    assert why(asked, unit(attributes=frozenset({"transfer_2"}))) == []
    strong = need(requirements=frozenset({"transfer_2"}))
    assert why(strong, unit(attributes=frozenset({"transfer_1"}))) == ["lacks:transfer_2"]


@pytest.mark.parametrize(
    ("asked", "has", "reasons"),
    [
        ("isolation_contact", "isolation_contact", []),
        ("isolation_contact", "isolation_strict", []),
        ("isolation", "isolation_contact", []),
        ("isolation_strict", "isolation_contact", ["isolation:isolation_strict"]),
        ("isolation_contact", "single_room", ["isolation:isolation_contact"]),
    ],
)
def test_isolation_is_given_as_strict_as_it_is_asked(asked: str, has: str, reasons: list[str]):
    asking = need(requirements=frozenset({asked}))
    assert why(asking, unit(groups=(places(has),))) == reasons


def test_a_shared_room_is_for_women_or_for_men():
    women, men = unit(groups=(places("women"),)), unit(groups=(places("men"),))
    assert why(need(sex="male"), women) == ["women_only"]
    assert why(need(sex="female"), men) == ["men_only"]
    assert why(need(sex="female"), women) == why(need(sex="male"), men) == []


@pytest.mark.parametrize("sex", ["", "unknown", "other"])
def test_whoever_is_neither_is_asked_for_and_not_hidden(sex: str):
    assert the(need(sex=sex), unit(groups=(places("women"),))).remarks[0] == "shared_room"


# A closed ward (A-10) --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ground", "remark"), [("", "ground_unknown"), ("none_resists", "no_ground")]
)
def test_without_legal_ground_a_closed_place_is_shown_and_cannot_be_assigned(
    ground: str, remark: str
):
    asked = need(requirements=CLOSED, legal_ground=ground)
    for ward in (unit(attributes=CLOSED), unit(groups=(places("closed_ward"),))):
        found = the(asked, ward)
        assert found.blocks_assignment
        assert remark in found.remarks


@pytest.mark.parametrize("ground", sorted(GROUNDS))
def test_with_legal_ground_it_can(ground: str):
    found = the(need(requirements=CLOSED, legal_ground=ground), unit(attributes=CLOSED))
    assert not found.blocks_assignment
    assert not {"no_ground", "ground_unknown"} & {*found.remarks}


def test_a_region_may_hide_it_from_who_resists():
    ward = unit(attributes=CLOSED)
    resists = need(requirements=CLOSED, legal_ground="none_resists")
    assert why(resists, ward, hide_closed_without_ground=True) == ["no_ground"]
    assert why(need(requirements=CLOSED), ward, hide_closed_without_ground=True) == []


def test_an_open_place_is_held_rather_than_a_closed_one():
    ward = unit(groups=(places("closed_ward"), places()))
    assert (the(need(), ward).place, the(need(), ward).free) == (frozenset(), 2)
    assert not the(need(), ward).blocks_assignment


# Where -----------------------------------------------------------------------------------------


def test_a_team_comes_to_its_own_postcodes_in_each_shift():
    asked = need(care_types=("wijkverpleging",))
    here, there = frozenset({8011}), frozenset({7700})
    assert why(asked, team(service_area={"": here})) == []
    assert why(asked, team(service_area={"": there})) == ["outside_area"]
    by_shift = team(service_area={"day": here, "night": there})
    assert why(asked, by_shift) == []
    assert why(asked, by_shift, now=at(23, 23, 30)) == ["outside_area"]
    assert why(asked, by_shift, now=at(23, 16)) == ["outside_area"]
    assert why(replace(asked, pc4=None), by_shift) == ["outside_area"]


def test_a_patient_does_not_travel_further_than_allowed():
    far = unit(x=220_000)
    assert why(need(travel_limit=30.0), far) == ["too_far:36.2"]
    assert why(need(travel_limit=36.2), far) == why(need(), far) == []
    assert why(need(travel_limit=30.0, x=None), far) == []
    asked = need(care_types=("wijkverpleging",), travel_limit=30.0)
    assert why(asked, team(x=220_000)) == []


# When ------------------------------------------------------------------------------------------


def test_a_unit_without_free_places_is_full_or_its_last_place_is_held():
    assert why(need(), unit(groups=(places(free=0),))) == ["full"]
    assert why(need(), unit(groups=())) == ["full"]
    held = unit(groups=(places(free=0),), held=1)
    assert why(need(), held) == ["held"]
    assert why(need(), replace(held, held_until=25.0)) == ["held:2026-11-23T14:25+01:00"]


@pytest.mark.parametrize(
    ("windows", "now", "opens"),
    [
        (OFFICE, at(23, 14), None),
        (OFFICE, at(23, 16), "2026-11-24T08:00+01:00"),
        (OFFICE, at(23, 7, 59), "2026-11-23T08:00+01:00"),
        (NIGHT, at(23, 23), None),
        (NIGHT, at(24, 6, 59), None),
        (NIGHT, at(24, 7), "2026-11-24T23:00+01:00"),
        # Friday evening, with no admissions in the weekend.
        (OFFICE[:5], at(27, 18), "2026-11-30T08:00+01:00"),
        # From midnight to midnight.
        (((0, 0, 0),), at(23, 14), None),
        (((0, 0, 0),), at(24, 0), "2026-11-30T00:00+01:00"),
    ],
)
def test_outside_its_hours_a_unit_says_when_it_admits_again(
    windows: Any, now: datetime, opens: str | None
):
    expected = [f"closed_now:{opens}"] if opens else []
    assert why(need(), unit(admits=windows), now=now) == expected


def test_hours_are_those_of_the_wall_clock_when_it_changes():
    """The night of 24 to 25 October 2026 lasts an hour longer."""
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=AMSTERDAM)
    ward = unit(admits=OFFICE)
    assert why(need(), ward, now=evening) == ["closed_now:2026-10-25T08:00+01:00"]
    (found,) = ranked(need(), ward, now=evening).relaxations
    assert found.steps[0].value == 13 * 60


def test_who_cannot_be_there_in_time_is_too_late():
    asked = need(care_types=("wijkverpleging",), needed_in=20.0)
    assert why(asked, team(response_minutes=25.0)) == ["too_late:2026-11-23T14:25+01:00"]
    assert why(asked, team(response_minutes=20.0)) == []
    assert why(need(needed_in=30.0), unit(x=220_000)) == ["too_late:2026-11-23T14:36+01:00"]


def test_a_release_or_an_opening_after_the_need_is_too_late_as_well():
    opens = unit(admits=((0, 900, 960),))
    assert why(need(needed_in=120.0), opens) == ["closed_now:2026-11-23T15:00+01:00"]
    assert [r.partition(":")[0] for r in why(need(needed_in=60.0), opens)] == [
        "closed_now",
        "too_late",
    ]
    released = unit(groups=(Group(soonest_release=60.0),))
    assert why(need(needed_in=120.0), released) == ["full"]
    assert why(need(needed_in=60.0), released) == ["full", "too_late:2026-11-23T15:05+01:00"]


def test_when_it_is_too_late_for_everybody_it_excludes_nobody():
    assert why(need(needed_in=0.0), unit()) == why(need(needed_in=-300.0), unit()) == []


def test_a_place_that_may_be_waited_for_is_a_candidate_with_its_moment():
    released = unit(groups=(Group(soonest_release=60.0),))
    assert why(need(may_wait=59.0), released) == ["full"]
    found = the(need(may_wait=60.0), released)
    assert "free_from:2026-11-23T15:00+01:00" in found.remarks
    assert found.ready_in == 65.0


def test_a_unit_that_dropped_out_names_every_reason():
    asked = need(requirements=OXYGEN, travel_limit=10.0)
    ward = unit(care_type="grz", x=220_000, closed="staff", groups=(places(free=0),))
    assert why(asked, ward) == [
        "other_care",
        "stopped:staff",
        "too_far:36.2",
        "full",
        "lacks:oxygen",
    ]
