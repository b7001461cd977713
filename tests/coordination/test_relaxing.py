"""Nothing fits: what would help, and what it yields."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from coordination.matching import Group, Need, Unit
from tests.coordination.needs import EVERY_DAY, need, places, ranked, unit

OXYGEN = frozenset({"oxygen"})
FULL = (places(free=0),)
Helps = list[tuple[tuple[tuple[str, object], ...], list[int], int]]


def helps(asked: Need, *units: Unit, **said: Any) -> Helps:
    """What would help: its steps, the numbers of the units it yields, and their places."""
    return [
        (tuple((s.kind, s.value) for s in r.steps), [u.int for u in r.units], r.places)
        for r in ranked(asked, *units, **said).relaxations
    ]


def test_one_requirement_less():
    """A-04: "+2 als eenpersoonskamer niet nodig"."""
    asked = need(requirements=frozenset({"single_room", "oxygen"}))
    two = unit(1, attributes=OXYGEN, groups=(places(free=2),))
    assert helps(asked, two) == [((("drop", "single_room"),), [1], 2)]


def test_what_only_the_night_cannot_give():
    asked = need(requirements=OXYGEN)
    ward = unit(attributes=OXYGEN, night_attributes=frozenset())
    assert helps(asked, ward) == [((("drop", "oxygen"),), [1], 1)]


def test_the_least_travel_that_yields():
    near, far = unit(1, x=220_000), unit(2, x=230_000)
    assert helps(need(travel_limit=15.0), near, far) == [((("travel", 36.2),), [1], 1)]


def test_waiting_for_a_window_or_a_release_that_is_in_time():
    opens = unit(1, admits=tuple((day, 960, 1080) for day in EVERY_DAY))
    assert helps(need(needed_in=240.0), opens) == [((("wait", 120.0),), [1], 1)]
    released = unit(2, groups=(Group(soonest_release=150.0),))
    assert helps(need(needed_in=240.0), released) == [((("wait", 150.0),), [2], 1)]
    assert helps(need(), opens, released) == [((("wait", 120.0),), [1], 1)]


def test_a_release_before_the_window_waits_for_the_window():
    both = unit(admits=((0, 960, 1080),), groups=(Group(soonest_release=30.0),))
    assert helps(need(), both) == [((("wait", 120.0),), [1], 1)]
    after = replace(both, groups=(Group(soonest_release=300.0),))
    assert helps(need(), after) == [((("wait", 7 * 1440.0 + 120),), [1], 1)]


def test_of_two_places_of_one_unit_the_first_to_come_free_is_waited_for():
    both = unit(groups=(Group(soonest_release=150.0), Group(soonest_release=90.0)))
    assert helps(need(), both) == [((("wait", 90.0),), [1], 1)]
    assert helps(need(needed_in=120.0), both) == [((("wait", 90.0),), [1], 1)]
    assert helps(need(needed_in=60.0), both) == [((("later", 95.0),), [1], 1)]


def test_needing_it_later():
    slow = unit(1, response_minutes=90.0)
    assert helps(need(needed_in=60.0), slow) == [((("later", 90.0),), [1], 1)]
    released = unit(2, groups=(Group(soonest_release=150.0),))
    assert helps(need(needed_in=60.0), released) == [((("later", 155.0),), [2], 1)]
    assert helps(need(needed_in=60.0), slow, released) == [((("later", 90.0),), [1], 1)]


def test_a_neighbouring_kind_of_care():
    respite, revalidation = unit(1, care_type="respijt"), unit(2, care_type="grz")
    assert helps(need(), respite, revalidation) == [((("care", "respijt"),), [1], 1)]
    near = {"elv_laag": ("grz",)}
    assert helps(need(), respite, revalidation, neighbour_care=near) == [
        ((("care", "grz"),), [2], 1)
    ]


def test_another_circle():
    other = unit(1, circle=2)
    assert helps(need(), other) == [((("circle", 2),), [1], 1)]


def test_every_single_step_that_helps_is_told_and_the_most_places_first():
    asked = need(requirements=OXYGEN, travel_limit=15.0)
    able = {"attributes": OXYGEN}
    told = helps(
        asked,
        unit(1, groups=(places(free=3),)),
        unit(2, x=220_000, **able),
        unit(3, circle=2, **able),
        unit(4, care_type="observatie", groups=(places(free=2),), **able),
    )
    assert told == [
        ((("drop", "oxygen"),), [1], 3),
        ((("care", "observatie"),), [4], 2),
        ((("circle", 2),), [3], 1),
        ((("travel", 36.2),), [2], 1),
    ]


def test_two_together_only_when_no_single_one_helps():
    asked = need(requirements=OXYGEN, travel_limit=15.0)
    both = unit(1, x=220_000)
    assert helps(asked, both) == [((("drop", "oxygen"), ("travel", 36.2)), [1], 1)]
    one = unit(2, attributes=OXYGEN, x=230_000)
    assert helps(asked, both, one) == [((("travel", 51.8),), [2], 1)]


def test_two_requirements_together():
    asked = need(requirements=frozenset({"oxygen", "bariatric"}))
    assert helps(asked, unit()) == [((("drop", "bariatric"), ("drop", "oxygen")), [1], 1)]


def test_three_together_are_not_proposed():
    asked = need(requirements=frozenset({"oxygen", "bariatric", "hoist"}))
    assert helps(asked, unit()) == []


@pytest.mark.parametrize(
    ("asked", "ward"),
    [
        (need(requirements=frozenset({"isolation_contact"})), unit()),
        (need(requirements=frozenset({"isolation_strict", "oxygen"})), unit()),
        (need(requirements=frozenset({"closed_ward"})), unit()),
        (need(requirements=frozenset({"closed_ward", "oxygen"})), unit()),
        (need(sex="male"), unit(groups=(places("women"),))),
        (need(asked=frozenset({UUID(int=1)})), unit()),
        (need(refused_by=frozenset({UUID(int=1)})), unit()),
        (need(), unit(closed="infection")),
        (need(), unit(service_area={"": frozenset({7700})})),
        (need(), unit(groups=FULL)),
        (need(), unit(groups=FULL, held=1, held_until=20.0)),
    ],
)
def test_nothing_is_let_go_that_protects_others_or_was_decided_by_them(asked: Need, ward: Unit):
    assert ranked(asked, ward).excluded
    assert helps(asked, ward) == []


def test_the_legal_ground_is_never_let_go():
    closed = frozenset({"closed_ward"})
    asked = need(requirements=closed, legal_ground="none_resists")
    assert helps(asked, unit(attributes=closed), hide_closed_without_ground=True) == []


def test_what_would_help_is_told_when_little_fits_or_on_demand():
    fits, other = unit(1), unit(2, circle=2)
    told = [((("circle", 2),), [2], 1)]
    assert helps(need(), fits, other) == []
    assert helps(need(), fits, other, relax=True) == told
    assert helps(need(), fits, other, relax_below=2) == told
    assert helps(need(), other, relax=False) == []


def test_what_already_fits_is_no_gain():
    asked = need(requirements=OXYGEN)
    fits, lacks = unit(1, attributes=OXYGEN), unit(2)
    assert helps(asked, fits, lacks, relax=True) == [((("drop", "oxygen"),), [2], 1)]
