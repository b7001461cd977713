"""Capacity: a place is a row. Planners keep it true, an offer takes it once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from capacity import planning, reminders
from capacity import services as capacity
from capacity.models import CareUnit, Place
from capacity.states import PLACE_MOVES, PlaceState
from coordination import services
from lzc.errors import NotAllowed, NotNow, NotSeen, NotValid
from lzc.events import act
from lzc.policy import Rules
from tests import paths
from tests.cast import assemble

HOUR = timedelta(hours=1)


@pytest.fixture
def cast(committed):
    return assemble()


def counts(unit) -> tuple[int, int, int]:
    """free, held, occupied"""
    row = CareUnit.objects.with_counts().get(pk=unit.pk)
    return row.free, row.held, row.occupied


# What a planner says ---------------------------------------------------------------------------


def test_a_planner_releases_and_withdraws(cast):
    cast.planner.does(capacity.release, cast.ward.pk, count=3)
    assert counts(cast.ward) == (3, 0, 0)
    assert cast.planner.does(capacity.withdraw, cast.ward.pk, count=2) == 2
    assert counts(cast.ward) == (1, 0, 0)


def test_a_place_that_was_withdrawn_is_used_again(cast):
    first = paths.a_place(cast)
    cast.planner.does(capacity.withdraw, cast.ward.pk)
    assert paths.a_place(cast).pk == first.pk
    assert Place.objects.filter(unit=cast.ward).count() == 1


def test_a_place_tells_where_it_comes_from(cast):
    place = paths.a_place(cast)
    assert (place.source, place.confirmed_by) == ("planner", cast.planner.actor.pk)
    assert CareUnit.objects.get(pk=cast.ward.pk).observed_by == cast.planner.actor.pk


def test_a_held_place_is_not_withdrawn(cast):
    paths.an_offer(cast)
    with pytest.raises(NotNow) as refusal:
        cast.planner.does(capacity.withdraw, cast.ward.pk)
    assert refusal.value.code == "none_free"
    assert counts(cast.ward) == (0, 1, 0)


def test_a_planner_does_not_withdraw_half_of_it(cast):
    cast.planner.does(capacity.release, cast.ward.pk, count=2)
    with pytest.raises(NotNow):
        cast.planner.does(capacity.withdraw, cast.ward.pk, count=3)
    assert counts(cast.ward) == (2, 0, 0)


@pytest.mark.parametrize("count", [0, -1, 51, 10**9])
@pytest.mark.parametrize("verb", [capacity.release, capacity.withdraw])
def test_a_number_of_places_is_a_number_of_places(verb, count, cast):
    with pytest.raises(NotValid) as refusal:
        cast.planner.does(verb, cast.ward.pk, count=count)
    assert refusal.value.field == "count"


def test_still_true_makes_it_fresh_again(cast):
    cast.planner.does(capacity.release, cast.ward.pk)
    long_ago = timezone.now() - 30 * HOUR
    CareUnit.objects.filter(pk=cast.ward.pk).update(observed_at=long_ago)
    Place.objects.filter(unit=cast.ward).update(observed_at=long_ago)
    cast.ward.refresh_from_db()
    assert cast.ward.freshness(timezone.now(), Rules()) == "unknown"
    unit = cast.planner.does(capacity.confirm, cast.ward.pk)
    assert unit.freshness(timezone.now(), Rules()) == "fresh"
    assert Place.objects.get(unit=cast.ward).observed_at == long_ago, "a confirmation locks none"


@pytest.mark.parametrize(
    ("hours", "fresh"),
    [(3.9, "fresh"), (4.1, "ageing"), (7.9, "ageing"), (11.9, "old"), (12.1, "unknown")],
)
def test_what_was_said_grows_old_and_stays_in_sight(hours, fresh, cast):
    cast.planner.does(capacity.release, cast.ward.pk)
    unit = CareUnit.objects.get(pk=cast.ward.pk)
    assert unit.freshness(unit.observed_at + hours * HOUR, Rules()) == fresh
    assert CareUnit.objects.visible_to(cast.coordinator.actor).filter(pk=cast.ward.pk).exists()


@pytest.mark.parametrize("verb", [capacity.release, capacity.withdraw, capacity.confirm])
def test_everybody_sees_capacity_and_only_its_own_planner_changes_it(verb, cast):
    paths.a_place(cast)
    for who in (cast.coordinator, cast.other_planner, cast.nurse):
        with pytest.raises(NotAllowed):
            who.does(verb, cast.ward.pk)
    for nobody in (cast.adviser, cast.clock):
        with pytest.raises(NotSeen):
            nobody.does(verb, cast.ward.pk)
    assert counts(cast.ward) == (1, 0, 0)


# What a system says ----------------------------------------------------------------------------


@pytest.mark.parametrize("free", [0, 1, 2, 5])
def test_a_system_says_how_many_are_free(free, cast):
    cast.planner.does(capacity.release, cast.ward.pk, count=2)
    cast.planner.does(capacity.report_free, cast.ward.pk, free=free)
    assert counts(cast.ward) == (free, 0, 0)


def test_what_is_held_stays_held_whatever_a_system_says(cast):
    paths.an_offer(cast)
    cast.planner.does(capacity.release, cast.ward.pk, count=2)
    cast.planner.does(capacity.report_free, cast.ward.pk, free=1)
    assert counts(cast.ward) == (1, 1, 0)


def test_a_visit_whose_shift_ended_is_not_counted_as_free(cast):
    """Though nothing swept it away yet."""
    cast.planner.does(capacity.release, cast.ward.pk, count=3)
    ended = Place.objects.filter(unit=cast.ward).first()
    Place.objects.filter(pk=ended.pk).update(
        valid_until=timezone.now() - HOUR, observed_at=timezone.now() - HOUR
    )
    assert counts(cast.ward) == (2, 0, 0)
    cast.planner.does(capacity.report_free, cast.ward.pk, free=1)
    assert counts(cast.ward) == (1, 0, 0)


def test_nothing_is_free_until_yesterday(cast):
    with pytest.raises(NotValid) as refusal:
        cast.planner.does(
            capacity.release, cast.ward.pk, count=2, valid_until=timezone.now() - HOUR
        )
    assert refusal.value.field == "valid_until"
    assert counts(cast.ward) == (0, 0, 0)


def test_the_same_number_for_the_next_shift_lasts_until_that_one_ends(cast):
    """A team says "three until seven", and at the end of the night "three until fifteen"."""
    now = timezone.now()
    for until in (now + HOUR, now + 9 * HOUR):
        cast.nurse.does(capacity.report_free, cast.team.pk, free=3, valid_until=until)
    assert set(Place.objects.values_list("valid_until", flat=True).filter(unit=cast.team)) == {
        now + 9 * HOUR
    }


# What the clock does ---------------------------------------------------------------------------


def test_a_visit_that_was_not_given_ends_with_its_shift(cast):
    place = paths.a_place(cast, cast.team, cast.nurse)
    Place.objects.filter(pk=place.pk).update(valid_until=timezone.now() - HOUR)
    cast.clock.does(planning.lapse, place.pk)
    assert Place.objects.get(pk=place.pk).state == "withdrawn"
    assert cast.nurse.hears()[-1] == "place.lapsed"


def test_a_shift_that_goes_on_is_not_ended(cast):
    for until in (None, timezone.now() + HOUR):
        place = paths.a_place(cast, cast.team, cast.nurse)
        Place.objects.filter(pk=place.pk).update(valid_until=until)
        with pytest.raises(NotNow) as refusal:
            cast.clock.does(planning.lapse, place.pk)
        assert refusal.value.code == "not_yet"


def test_a_planner_is_asked_once_for_each_silence(cast):
    cast.planner.does(capacity.release, cast.ward.pk)
    CareUnit.objects.filter(pk=cast.ward.pk).update(observed_at=timezone.now() - 5 * HOUR)
    cast.clock.does(reminders.remind, cast.ward.pk)
    with pytest.raises(NotNow):
        cast.clock.does(reminders.remind, cast.ward.pk)
    assert cast.planner.hears().count("unit.grown_stale") == 1
    cast.planner.does(capacity.confirm, cast.ward.pk)
    with pytest.raises(NotNow):
        cast.clock.does(reminders.remind, cast.ward.pk)


def test_nobody_but_the_clock_reminds(cast):
    for who in (cast.planner, cast.coordinator, cast.stranger):
        with pytest.raises(NotSeen):
            who.does(reminders.remind, cast.ward.pk)


# What an offer does: the steps of the table ----------------------------------------------------

STEPS = {
    "let_go": capacity.let_go,
    "occupy": capacity.occupy,
}
OFFER = uuid.UUID(int=7)


@pytest.mark.parametrize("state", PlaceState)
def test_an_offer_takes_a_place_only_when_it_is_free(state, cast):
    place = paths.place_at(cast, state)
    before = Place.objects.get(pk=place.pk)
    if state in PLACE_MOVES["hold"].sources:
        row = paths.a_request(cast)
        cast.coordinator.does(services.offer, row.pk, unit_id=cast.ward.pk)
        assert Place.objects.get(pk=place.pk).state == PLACE_MOVES["hold"].target
        return
    made = paths.a_request(cast)
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)
    assert refusal.value.code == "no_place"
    after = Place.objects.get(pk=place.pk)
    assert (after.state, after.held_by) == (before.state, before.held_by)


@pytest.mark.parametrize("state", PlaceState)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_an_offer_on_a_place_it_does_not_hold_is_a_mistake(step, state, cast):
    place = paths.place_at(cast, state)
    with pytest.raises(RuntimeError, match="was not held"), act(by=cast.coordinator.actor):
        STEPS[step](place.pk, offer=OFFER)
    assert Place.objects.get(pk=place.pk).state == state


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("decline", "sent", "let_go"),
        ("withdraw", "sent", "let_go"),
        ("start", "assigned", "occupy"),
        ("complete", "started", "vacate"),
    ],
)
def test_the_end_of_an_offer_moves_its_place_as_the_table_says(verb, before, after, cast):
    row = paths.offer_at(cast, before)
    who = cast.coordinator if verb == "withdraw" else cast.planner
    more = {"reason": "no_staff"} if verb == "decline" else {}
    if verb == "start":
        who.does(services.read_back, row.pk, read_back="Begrepen.")
    assert Place.objects.get(pk=row.place_id).state in PLACE_MOVES[after].sources
    who.does(getattr(services, verb), row.pk, **more)
    assert Place.objects.get(pk=row.place_id).state == PLACE_MOVES[after].target


@pytest.mark.parametrize("verb", ["decline", "fail"])
def test_a_place_that_was_not_there_goes_off_the_list(verb, cast):
    row = paths.offer_at(cast, "sent" if verb == "decline" else "accepted")
    more = {"place_gone": True} if verb == "decline" else {}
    cast.planner.does(getattr(services, verb), row.pk, reason="no_capacity", **more)
    place = Place.objects.get(pk=row.place_id)
    assert (place.state, place.held_by) == ("withdrawn", None)


def test_the_place_that_was_seen_last_is_given_first(cast):
    """The likeliest to be really there."""
    old, new = paths.a_place(cast), paths.a_place(cast)
    Place.objects.filter(pk=old.pk).update(observed_at=timezone.now() - HOUR)
    made = paths.a_request(cast)
    row = cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)
    assert row.place_id == new.pk


def test_a_visit_of_a_shift_that_ended_is_not_given(cast):
    place = paths.a_place(cast)
    Place.objects.filter(pk=place.pk).update(valid_until=timezone.now() - HOUR)
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(services.offer, paths.a_request(cast).pk, unit_id=cast.ward.pk)
    assert refusal.value.code == "no_place"
