"""What a region decides for itself, and what holds when it decided nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lzc import models
from lzc.models import Policy, Region
from lzc.policy import FOUR, Rules, merged
from tests.cast import assemble

DEFAULTS = Rules()


def test_a_region_that_decided_nothing_has_the_defaults():
    assert merged([]) == merged([{}, {}]) == DEFAULTS


def test_the_narrower_region_wins_and_inherits_the_rest():
    rules = merged([{"offers_at_once": 2, "undo_seconds": 20}, {"offers_at_once": 1}])
    assert (rules.offers_at_once, rules.undo_seconds) == (1, 20)
    assert rules.recurrence_hours == DEFAULTS.recurrence_hours


def test_a_rule_of_another_version_is_left_alone():
    assert merged([{"something_of_later": 3}]) == DEFAULTS


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ({}, "names"),
        ({"requester_sees_names": True}, "names"),
        ({"requester_sees_names": False}, "counts"),
        ({"requester_sees": "nothing"}, "nothing"),
        ({"requester_sees_names": True, "requester_sees": "counts"}, "counts"),
    ],
)
def test_what_a_policy_of_before_said_of_names_is_still_understood(written, shown):
    assert merged([written]).requester_sees == shown
    assert merged([{"requester_sees": "counts"}, written]).requester_sees == (
        shown if written else "counts"
    )


@pytest.mark.parametrize(("urgency", "minutes"), [("U2", 5), ("U3", 15), ("U4", 45), ("U5", 120)])
def test_the_more_urgent_the_shorter_a_provider_may_think(urgency, minutes):
    assert DEFAULTS.answer_within(urgency) == timedelta(minutes=minutes)


def test_a_region_that_names_some_urgencies_does_not_lose_the_others():
    rules = merged([{"answer_minutes": {"U3": 10}}])
    assert rules.answer_within("U3") == timedelta(minutes=10)
    assert rules.answer_within("U2") == timedelta(minutes=5)


def test_spoed_leaves_less_time_to_take_it_back():
    assert DEFAULTS.undo_within("U2") < DEFAULTS.undo_within("U3")


def test_travel_takes_longer_than_the_crow_flies():
    assert DEFAULTS.travel_minutes(0) == DEFAULTS.start_minutes
    assert DEFAULTS.travel_minutes(50_000) == pytest.approx(83.0)


def test_weights_are_shares_and_a_region_changes_the_ones_it_names():
    rules = merged([{"weights": {"": {"care": 3.0, "place": 1.0, "carer": 0.0, "time": 0.0}}}])
    assert rules.weights_for("U4") == {"care": 0.75, "place": 0.25, "carer": 0.0, "time": 0.0}
    assert rules.weights_for("U2") == DEFAULTS.weights_for("U2")
    nothing = Rules(weights={"": dict.fromkeys(FOUR, 0.0)})
    assert set(nothing.weights_for("U3").values()) == {0.25}


def test_neighbouring_care_is_replaced_per_kind():
    rules = merged([{"neighbour_care": {"grz": ["respijt"]}}])
    assert rules.neighbour_care["grz"] == ["respijt"]
    assert rules.neighbour_care["hospice"] == DEFAULTS.neighbour_care["hospice"]


@pytest.mark.parametrize(
    ("hour", "shift", "since"),
    [(7, "day", 0), (14, "day", 7), (15, "evening", 0), (23, "night", 0), (2, "night", 3)],
)
def test_each_hour_belongs_to_a_shift(hour, shift, since):
    assert DEFAULTS.shift_at(hour * 60) == (shift, since * 60)


def test_a_policy_does_not_name_its_own_version():
    assert merged([{"version": "mine"}]).version == DEFAULTS.version
    assert merged([{}], version="1+zwolle@2").version == "1+zwolle@2"


@pytest.mark.django_db
def test_the_rules_of_a_region_say_which_policies_they_come_from():
    wide = Region.objects.create(slug="ver", name="Ver")
    near = Region.objects.create(slug="dichtbij", name="Dichtbij", parent=wide)
    assert near.rules() == DEFAULTS
    for region, version in ((wide, 1), (near, 1), (near, 2)):
        Policy.objects.create(region=region, version=version, values={"offers_at_once": version})
    assert near.rules().version == f"{DEFAULTS.version}+ver@1+dichtbij@2"
    assert wide.rules().version == f"{DEFAULTS.version}+ver@1"
    assert near.rules().offers_at_once == 2


def test_rules_hold_from_the_day_they_were_given(db):
    cast = assemble()
    for version, days in ((1, -1), (2, 30)):
        Policy.objects.create(
            region=cast.subregion,
            version=version,
            values={"offers_at_once": version},
            since=timezone.now() + timedelta(days=days),
        )
    assert cast.subregion.rules().offers_at_once == 1


def test_rules_are_remembered_for_a_moment(db, monkeypatch, django_assert_num_queries):
    region = assemble().subregion
    monkeypatch.setattr(models, "RULES_FOR", 3600.0)
    with django_assert_num_queries(1):
        assert region.rules() is region.rules()


@pytest.mark.parametrize("urgency", ["U0", "U1"])
def test_nothing_more_urgent_leaves_longer_to_think(urgency):
    assert Rules().answer_within(urgency) == Rules().answer_within("U2")
    strict = Rules(answer_minutes={"U0": 2, "U1": 9, "U2": 5, "U4": 45})
    assert strict.answer_within(urgency) <= strict.answer_within("U2")
