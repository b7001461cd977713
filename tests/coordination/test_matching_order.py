"""Best first, along the four of 4×juist; each candidate says why it stands where it stands."""

from dataclasses import fields, replace
from typing import Any

import pytest

from capacity.models import VISITS as COMES_TO_THE_PATIENT
from coordination.matching import VISITS, Scores
from lzc.policy import FOUR, Rules
from tests.coordination.needs import need, order, places, ranked, team, the, unit

BEST = unit(1)


def scores(asked: Any, one: Any, **said: Any) -> Scores:
    return the(asked, one, **said).scores


@pytest.mark.parametrize(
    ("part", "worse"),
    [
        ("care", {"care_type": "elv_hoog"}),
        ("place", {"x": 215_000}),
        ("place", {"circle": 1}),
        ("place", {"circle": 2}),
        ("place", {"main_practitioner": "huisarts", "pc4": 7700}),
        ("carer", {"confidence": 0.4}),
        ("carer", {"minutes_old": 300.0}),
        ("carer", {"answered": 0.2}),
        ("carer", {"health": "silent"}),
        ("time", {"response_minutes": 90.0}),
    ],
)
def test_what_is_worse_in_one_part_stands_lower_for_that_part(part: str, worse: dict[str, Any]):
    asked = need(
        care_types=("elv_laag", "elv_hoog"),
        circles=frozenset({0, 1, 2}),
        huisarts_area=frozenset({8011}),
    )
    lesser = replace(BEST, **worse)
    assert getattr(scores(asked, lesser), part) < getattr(scores(asked, BEST), part)
    assert order(asked, replace(lesser, id=unit(0).id), BEST) == [1, 0]


def test_wishes_put_one_higher_and_exclude_nobody():
    asked = need(wishes=frozenset({"single_room", "garden"}))
    meets = replace(unit(2), groups=(places("single_room"),))
    assert order(asked, BEST, meets) == [2, 1]
    assert the(asked, meets).remarks == ("last_place", "misses:garden")
    assert the(asked, BEST).remarks[1:] == ("misses:garden", "misses:single_room")


@pytest.mark.parametrize(
    ("minutes", "level", "remark"),
    [
        (0.0, "fresh", None),
        (300.0, "ageing", "ageing"),
        (500.0, "old", "old"),
        (800.0, "unknown", "call_first"),
        (None, "unknown", "call_first"),
    ],
)
def test_an_old_figure_is_shown_as_such(minutes: float | None, level: str, remark: str | None):
    found = the(need(), replace(BEST, minutes_old=minutes))
    assert found.freshness == level
    assert found.remarks == ((remark, "last_place") if remark else ("last_place",))


def test_the_older_the_figure_the_lower_it_stands():
    ages = [None, 500.0, 0.0, 300.0]
    wards = [replace(unit(n), minutes_old=age) for n, age in enumerate(ages)]
    assert order(need(), *wards) == [2, 3, 1, 0]


def test_what_was_declared_true_until_the_morning_is_fresh_in_the_night():
    assert the(need(), replace(BEST, minutes_old=600.0, true_until=240.0)).freshness == "fresh"
    assert the(need(), replace(BEST, minutes_old=600.0, true_until=0.0)).freshness == "old"


@pytest.mark.parametrize(
    ("different", "remark"),
    [
        ({"health": "silent"}, "silent"),
        ({"direct_booking": True}, "direct_booking"),
        ({"circle": 1}, "neighbour"),
        ({"circle": 2}, "other_region"),
        ({"main_practitioner": "huisarts", "pc4": 7700}, "who_treats"),
    ],
)
def test_what_to_know_before_asking_is_remarked(different: dict[str, Any], remark: str):
    asked = need(circles=frozenset({0, 1, 2}), huisarts_area=frozenset({8011}))
    assert the(asked, replace(BEST, **different)).remarks == (remark, "last_place")


def test_somebody_without_huisarts_asks_who_treats_where_the_huisarts_would():
    ward = replace(BEST, main_practitioner="huisarts", pc4=8011)
    assert "who_treats" in the(need(huisarts_area=frozenset()), ward).remarks
    assert "who_treats" not in the(need(huisarts_area=None), ward).remarks
    specialist = replace(ward, main_practitioner="specialist ouderengeneeskunde")
    assert "who_treats" not in the(need(huisarts_area=frozenset()), specialist).remarks


def test_a_special_place_is_spared_for_who_needs_it():
    ward = unit(groups=(places("single_room", "isolation_strict"), places("single_room"), places()))
    assert the(need(), ward).place == frozenset()
    assert the(need(), ward).free == 3
    asked = need(requirements=frozenset({"single_room"}))
    assert the(asked, ward).place == {"single_room"}
    assert the(asked, ward).free == 2
    assert the(need(wishes=frozenset({"single_room"})), ward).place == {"single_room"}


def test_a_team_is_there_in_its_response_time_and_a_ward_when_one_has_travelled():
    assert the(need(care_types=("wijkverpleging",)), team(x=230_000)).ready_in == 25.0
    assert the(need(), unit(x=220_000)).ready_in == 36.2
    assert the(need(), unit(response_minutes=45.0)).ready_in == 45.0
    assert the(need(x=None), unit()).ready_in is None


def test_the_region_decides_what_counts():
    near, sure = replace(unit(1), minutes_old=None), replace(unit(2), x=240_000)
    assert order(need(), near, sure, weights={"": {"place": 1.0}}) == [1, 2]
    assert order(need(), near, sure, weights={"": {"carer": 1.0}}) == [2, 1]


def test_with_more_haste_time_counts_more():
    asked = need(care_types=("wijkverpleging", "elv_laag"))
    slow, quick = team(1, response_minutes=240.0), replace(unit(2), circle=1)
    assert order(asked, slow, quick) == [1, 2]
    assert order(replace(asked, urgency="U2"), slow, quick) == [2, 1]


def test_the_total_is_the_weighed_sum_of_the_four():
    found = scores(need(), replace(BEST, minutes_old=300.0, x=210_000))
    share = Rules().weights_for("")
    assert sum(share.values()) == pytest.approx(1.0)
    weighed = sum(share[part] * getattr(found, part) for part in FOUR)
    assert found.total == pytest.approx(weighed, abs=2e-4)
    assert [f.name for f in fields(Scores)] == [*FOUR, "total"]


def test_equals_stand_in_the_order_of_their_numbers():
    assert order(need(), unit(3), unit(1), unit(2)) == [1, 2, 3]


def test_a_ranking_says_by_which_rules():
    assert ranked(need(), BEST, version="1+zwolle@3").policy == "1+zwolle@3"


def test_what_comes_to_the_patient_is_said_the_same_everywhere():
    assert {str(kind) for kind in COMES_TO_THE_PATIENT} == VISITS
