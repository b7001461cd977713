"""What is said of units and hospitals: stops, calls, loads, reminders; each row of their tables."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from capacity import observing, reminders
from capacity import services as capacity
from capacity.models import CareUnit, Closure, EmergencyLoad, Place, PlaceOutcome, UnitCall
from capacity.states import LOAD_MOVES, UNIT_MOVES, Load, Side, UnitState
from capacity.tasks import escalate_ignored_reminders
from coordination import services
from coordination.offering import silence
from lzc.errors import NotAllowed, NotNow, NotSeen, NotValid
from lzc.policy import Rules
from lzc.rights import Role
from tests import paths
from tests.cast import assemble

HOUR = timedelta(hours=1)


@pytest.fixture
def cast(committed):
    return assemble()


def free(unit) -> int:
    return CareUnit.objects.with_counts().get(pk=unit.pk).free


VERBS = {
    "confirm": capacity.confirm,
    "stop": lambda pk, by: observing.stop(pk, reason="staff", by=by),
    "reopen": observing.reopen,
    "observe_call": lambda pk, by: observing.observe_call(pk, said="no_answer", by=by),
    "remind": reminders.remind,
    "escalate": reminders.escalate,
    "fall_silent": silence.fall_silent,
    "speak": silence.speak,
}
BY_THE_CLOCK = {name for name, move in UNIT_MOVES.items() if move.by == {Side.CLOCK}}


def test_every_row_of_the_table_of_units_has_a_verb():
    assert set(VERBS) == set(UNIT_MOVES)


@pytest.mark.parametrize("state", UnitState)
@pytest.mark.parametrize("name", VERBS)
def test_a_verb_of_a_unit_does_what_its_table_says(name, state, cast):
    cast.planner.does(capacity.release, cast.ward.pk)
    if state == UnitState.STOPPED:
        cast.planner.does(observing.stop, cast.ward.pk, reason="staff")
    row = UNIT_MOVES[name]
    sides = {
        "planner": {Side.PLANNER},
        "coordinator": {Side.DESK},
        "other_planner": set(),
        "stranger": set(),
        "nurse": set(),
    }
    for who, stands in sides.items():
        somebody = getattr(cast, who)
        may = bool(row.by & stands) and row.duty in somebody.actor.duties
        if name in BY_THE_CLOCK:
            with pytest.raises(NotSeen):
                somebody.does(VERBS[name], cast.ward.pk)
        elif not may:
            with pytest.raises(NotAllowed):
                somebody.does(VERBS[name], cast.ward.pk)
        elif state not in row.sources:
            with pytest.raises(NotNow):
                somebody.does(VERBS[name], cast.ward.pk)
        else:
            somebody.does(VERBS[name], cast.ward.pk)
            assert cast.coordinator.hears()[-1] == row.event
            now = UnitState.STOPPED if capacity.stopped(cast.ward) else UnitState.OPEN
            assert now == (row.target or state)


# Opnamestop ------------------------------------------------------------------------------------


def test_a_unit_that_stopped_lists_its_places_and_gives_none(cast):
    paths.a_place(cast)
    until = timezone.now() + 24 * HOUR
    cast.planner.does(observing.stop, cast.ward.pk, reason="infection", expected_end=until)
    shown = CareUnit.objects.with_counts().get(pk=cast.ward.pk)
    assert (shown.free, shown.stopped, shown.stopped_until) == (1, "infection", until)
    assert shown.to_be_had == 0
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(services.offer, paths.a_request(cast).pk, unit_id=cast.ward.pk)
    assert refusal.value.code == "stopped"


def test_when_it_is_over_it_gives_again_and_the_stop_is_remembered(cast):
    paths.a_place(cast)
    cast.planner.does(observing.stop, cast.ward.pk, reason="staff")
    cast.planner.does(observing.reopen, cast.ward.pk)
    cast.coordinator.does(services.offer, paths.a_request(cast).pk, unit_id=cast.ward.pk)
    (row,) = Closure.objects.filter(unit=cast.ward)
    assert row.ended_at >= row.began_at and row.ended_by == cast.planner.actor.pk


@pytest.mark.parametrize("wrong", [{"reason": "zin"}, {"reason": ""}])
def test_a_stop_has_a_reason(wrong, cast):
    with pytest.raises(NotValid):
        cast.planner.does(observing.stop, cast.ward.pk, **wrong)


@pytest.mark.parametrize("hours", [-1, 24 * 40])
def test_what_is_expected_lies_ahead_and_not_too_far(hours, cast):
    until = timezone.now() + hours * HOUR
    with pytest.raises(NotValid) as refusal:
        cast.planner.does(observing.stop, cast.ward.pk, reason="staff", expected_end=until)
    assert refusal.value.field == "expected_end"


# Gebeld ----------------------------------------------------------------------------------------


def test_full_on_the_telephone_takes_the_free_places_off_and_leaves_what_is_held(cast):
    paths.an_offer(cast)
    cast.planner.does(capacity.release, cast.ward.pk, count=2)
    cast.coordinator.does(observing.observe_call, cast.ward.pk, said="full")
    shown = CareUnit.objects.with_counts().get(pk=cast.ward.pk)
    assert (shown.free, shown.held, shown.source) == (0, 1, "phone")
    assert shown.observed_by == cast.coordinator.actor.pk
    assert cast.planner.hears()[-2:] == ["place.withdrawn", "unit.called"]


@pytest.mark.parametrize(("listed", "said"), [(0, 2), (1, 2), (3, 2), (2, 2)])
def test_a_number_on_the_telephone_is_what_is_listed(listed, said, cast):
    if listed:
        cast.planner.does(capacity.release, cast.ward.pk, count=listed)
    cast.coordinator.does(observing.observe_call, cast.ward.pk, said="has_place", free=said)
    assert free(cast.ward) == said


def test_a_place_without_a_number_is_at_least_one(cast):
    cast.coordinator.does(observing.observe_call, cast.ward.pk, said="has_place")
    assert free(cast.ward) == 1
    assert Place.objects.get(unit=cast.ward).source == "phone"


def test_what_holds_until_is_true_until_then(cast):
    until = timezone.now() + 20 * HOUR
    cast.coordinator.does(observing.observe_call, cast.ward.pk, said="has_place", until=until)
    unit = CareUnit.objects.get(pk=cast.ward.pk)
    assert unit.freshness(unit.observed_at + 19 * HOUR, Rules()) == "fresh"
    assert unit.freshness(unit.observed_at + 21 * HOUR, Rules()) != "fresh"


def test_no_answer_says_nothing_of_the_places(cast):
    cast.planner.does(capacity.release, cast.ward.pk)
    before = CareUnit.objects.get(pk=cast.ward.pk).observed_at
    cast.coordinator.does(observing.observe_call, cast.ward.pk, said="no_answer")
    assert CareUnit.objects.get(pk=cast.ward.pk).observed_at == before
    assert UnitCall.objects.get(unit=cast.ward).said == "no_answer"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"said": "maybe"}, "said"),
        ({"said": "full", "free": 1}, "free"),
        ({"said": "has_place", "free": 0}, "free"),
        ({"said": "no_answer", "free": 1}, "free"),
        ({"said": "no_answer", "until": timezone.now() + HOUR}, "until"),
        ({"said": "full", "until": timezone.now() - HOUR}, "until"),
    ],
    ids=["a_word", "full_and_free", "none", "how_many_by_nobody", "until_by_nobody", "past"],
)
def test_a_call_says_something_that_can_be(wrong, field, cast):
    with pytest.raises(NotValid) as refusal:
        cast.coordinator.does(observing.observe_call, cast.ward.pk, **wrong)
    assert refusal.value.field == field


def test_a_desk_of_another_region_writes_nothing_down_here(cast):
    with pytest.raises(NotAllowed):
        assemble().coordinator.does(observing.observe_call, cast.ward.pk, said="full")


# Emergency departments -------------------------------------------------------------------------


def test_a_desk_writes_down_how_busy_it_is_and_the_newest_counts(cast):
    hospital = paths.a_hospital(cast)
    for load, why in (("busy", ""), ("full", "geen bedden")):
        cast.coordinator.does(observing.report_load, hospital.pk, load=load, reason=why)
    newest = EmergencyLoad.objects.visible_to(cast.huisarts.actor).newest()
    assert newest.get(organisation=hospital.pk).load == "full"
    assert cast.coordinator.hears()[-1] == LOAD_MOVES["hear_load"].event


def test_a_hospital_says_it_of_itself_alone(cast):
    ours, theirs = paths.a_hospital(cast), paths.a_hospital(cast)
    planner = cast.person(ours, Role.PLANNER)
    planner.does(observing.report_load, ours.pk, load="busy")
    with pytest.raises(NotAllowed):
        planner.does(observing.report_load, theirs.pk, load="busy")
    for nobody in (cast.huisarts, cast.planner, assemble().coordinator):
        with pytest.raises(NotAllowed):
            nobody.does(observing.report_load, ours.pk, load="busy")
    with pytest.raises(NotSeen):
        cast.coordinator.does(observing.report_load, cast.planner.house.pk, load="busy")


@pytest.mark.parametrize("load", [Load.FULL, Load.CLOSED])
def test_full_and_closed_have_a_reason(load, cast):
    with pytest.raises(NotValid) as refusal:
        cast.coordinator.does(observing.report_load, paths.a_hospital(cast).pk, load=load)
    assert refusal.value.field == "reason"


# Reminders -------------------------------------------------------------------------------------


def silent(cast, hours: float = 5.0) -> None:
    cast.planner.does(capacity.release, cast.ward.pk)
    CareUnit.objects.filter(pk=cast.ward.pk).update(observed_at=timezone.now() - hours * HOUR)


def test_a_reminder_that_is_ignored_is_told_once(cast):
    silent(cast)
    cast.clock.does(reminders.remind, cast.ward.pk)
    with pytest.raises(NotNow):
        cast.clock.does(reminders.escalate, cast.ward.pk)
    CareUnit.objects.filter(pk=cast.ward.pk).update(reminded_at=F("reminded_at") - 2 * HOUR)
    escalate_ignored_reminders()
    escalate_ignored_reminders()
    for who in (cast.planner, cast.coordinator):
        assert who.hears().count("unit.ignored_reminder") == 1
    assert "unit.ignored_reminder" not in cast.other_planner.hears()


def test_a_reminder_that_was_answered_is_not_told(cast):
    silent(cast)
    cast.clock.does(reminders.remind, cast.ward.pk)
    CareUnit.objects.filter(pk=cast.ward.pk).update(reminded_at=F("reminded_at") - 2 * HOUR)
    cast.planner.does(capacity.confirm, cast.ward.pk)
    with pytest.raises(NotNow):
        cast.clock.does(reminders.escalate, cast.ward.pk)


def test_who_said_until_when_it_holds_is_not_asked_before(cast):
    silent(cast)
    CareUnit.objects.filter(pk=cast.ward.pk).update(true_until=timezone.now() + HOUR)
    with pytest.raises(NotNow):
        cast.clock.does(reminders.remind, cast.ward.pk)


def test_a_link_is_for_ones_own_unit_and_can_be_trusted(cast):
    token = cast.planner.does(reminders.link_for, cast.ward.pk)
    assert reminders.opened(token).pk == cast.ward.pk
    with pytest.raises(NotAllowed):
        cast.other_planner.does(reminders.link_for, cast.ward.pk)
    with pytest.raises(NotSeen):
        reminders.opened(token[:-2] + "xx")


def test_a_link_ends(cast, monkeypatch):
    token = reminders.sign(cast.ward.pk)
    monkeypatch.setattr(reminders, "VALID", timedelta(seconds=-1))
    with pytest.raises(NotSeen):
        reminders.opened(token)


def test_who_has_a_link_can_say_one_thing_of_one_unit(cast):
    from lzc.events import act

    by = reminders.opened(reminders.sign(cast.ward.pk))
    with act(by=by, door="test"):
        capacity.report_free(cast.ward.pk, free=2, source="link", by=by)
    assert free(cast.ward) == 2
    more = cast.unit(cast.planner.house, "elv_hoog", "De Linde hoog")
    for verb, pk in (
        (capacity.confirm, more.pk),
        (capacity.release, cast.other_ward.pk),
        (VERBS["stop"], cast.ward.pk),
        (VERBS["observe_call"], cast.ward.pk),
    ):
        with pytest.raises(NotAllowed), act(by=by, door="test"):
            verb(pk, by=by)


# How offers turned out -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "was_there"), [("started", True), ("failed", False), ("declined", None)]
)
def test_how_an_offer_ended_says_whether_the_place_was_there(end, was_there, cast):
    row = paths.offer_at(cast, end)
    found = PlaceOutcome.objects.filter(offer=row.pk).values_list("was_there", flat=True)
    assert list(found) == ([] if was_there is None else [was_there])


@pytest.mark.parametrize("code", ["", "vac|pump", "vac pump", "Vac", None])
@pytest.mark.parametrize("column", ["attributes", "night_attributes"])
def test_what_is_no_code_is_nothing_that_a_unit_has(column, code, cast):
    rows = CareUnit.objects.filter(pk=cast.ward.pk)
    rows.update(**{column: ["vac", "iv_antibiotics"]})
    with pytest.raises(IntegrityError, match=f"unit_{column}_are_codes"), transaction.atomic():
        rows.update(**{column: ["vac", code]})


@pytest.mark.parametrize("table", ["unitcall", "emergencyload", "placeoutcome"])
def test_what_was_observed_is_never_changed(table, cast):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE capacity_{table} SET id = id")
