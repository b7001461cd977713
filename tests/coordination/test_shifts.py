"""A shift begins with the sound, and its claims go to the next one case by case."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from coordination import services
from coordination.models import CareRequest, Passing, Shift
from coordination.shifts import services as shifts
from coordination.tasks import escalate_passings, tell_passings_again
from lzc.errors import NotAllowed, NotNow, NotSeen, NotValid
from lzc.models import Actor, Policy
from lzc.rights import Duty
from tests import paths
from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def claims(cast: Cast, count: int) -> list[CareRequest]:
    made = [paths.a_request(cast) for _ in range(count)]
    for request in made:
        cast.coordinator.does(services.take, request.pk)
    return made


def handed_over(cast: Cast, count: int = 1) -> list[Passing]:
    claims(cast, count)
    cast.coordinator.does(shifts.start, sound="heard")
    return cast.coordinator.does(shifts.hand_over)


def handler(passing: Passing) -> Any:
    return CareRequest.objects.values_list("handler", flat=True).get(pk=passing.request_id)


def too_late(*passings: Passing) -> None:
    rows = Passing.objects.filter(pk__in=[row.pk for row in passings])
    rows.update(accept_before=timezone.now() - timedelta(minutes=1))


def test_a_shift_starts_when_the_sound_was_tried(cast: Cast) -> None:
    for nothing in ("", "perhaps"):
        with pytest.raises(NotValid):
            cast.coordinator.does(shifts.start, sound=nothing)
    made = cast.coordinator.does(shifts.start, sound="silent")
    assert Shift.objects.running().get(member=cast.coordinator.actor).sound == "silent"
    assert cast.colleague.hears()[-1] == "shift.started"
    with pytest.raises(NotNow):
        cast.coordinator.does(shifts.start, sound="heard")
    assert not Shift.objects.visible_to(cast.planner.actor).filter(pk=made.pk).exists()


def test_a_shift_is_a_persons_at_a_desk(cast: Cast) -> None:
    for who in (cast.planner, cast.machine(cast.coordinator.house, Duty.DESK)):
        with pytest.raises(NotAllowed):
            who.does(shifts.start, sound="heard")
    with pytest.raises(NotNow):
        cast.coordinator.does(shifts.hand_over)


def test_what_is_passed_on_stays_with_the_outgoing_until_it_is_accepted(cast: Cast) -> None:
    first, second = handed_over(cast, 2)
    outgoing, incoming = cast.coordinator.actor.pk, cast.colleague.actor.pk
    assert handler(first) == handler(second) == outgoing
    assert not Shift.objects.running().filter(member=outgoing).exists()
    cast.colleague.does(shifts.accept, first.pk)
    assert (handler(first), handler(second)) == (incoming, outgoing)
    assert cast.coordinator.hears()[-2:] == ["care_request.taken_over", "passing.accepted"]
    assert list(Passing.objects.waiting().filter(giver=outgoing)) == [second]


def test_nobody_accepts_their_own_nor_what_was_accepted(cast: Cast) -> None:
    (made,) = handed_over(cast)
    with pytest.raises(NotNow) as own:
        cast.coordinator.does(shifts.accept, made.pk)
    assert own.value.code == "yours"
    cast.colleague.does(shifts.accept, made.pk)
    with pytest.raises(NotNow):
        cast.coordinator.does(shifts.accept, made.pk)
    with pytest.raises(NotSeen):
        cast.triagist.does(shifts.accept, made.pk)


def test_what_nobody_accepts_in_time_is_told_to_the_desk_and_stays(cast: Cast) -> None:
    kept, taken, late = handed_over(cast, 3)
    cast.colleague.does(shifts.accept, taken.pk)
    with pytest.raises(NotNow):
        cast.clock.does(shifts.escalate, kept.pk)
    too_late(taken, late)
    with pytest.raises(NotNow):
        cast.clock.does(shifts.escalate, taken.pk)
    cast.clock.does(shifts.escalate, late.pk)
    assert cast.colleague.hears()[-1] == "passing.escalated"
    assert "passing.escalated" not in cast.huisarts.hears()
    assert handler(late) == cast.coordinator.actor.pk
    cast.colleague.does(shifts.accept, late.pk)
    assert handler(late) == cast.colleague.actor.pk


def test_the_clock_finds_what_is_late_and_still_waits(committed: None) -> None:
    cast = assemble()
    late, moved, early = handed_over(cast, 3)
    too_late(late, moved)
    cast.colleague.does(services.take_over, moved.request_id)
    escalate_passings()
    states = [Passing.objects.get(pk=row.pk).state for row in (late, moved, early)]
    assert states == ["escalated", "accepted", "offered"]


def test_a_colleague_passes_on_what_somebody_ill_was_handling(cast: Cast) -> None:
    (request,) = claims(cast, 1)
    made = cast.colleague.does(shifts.pass_on, request.pk)
    assert (made.giver, made.offered_by) == (cast.coordinator.actor.pk, cast.colleague.actor.pk)
    with pytest.raises(NotNow) as twice:
        cast.colleague.does(shifts.pass_on, request.pk)
    assert twice.value.code == "passed_on_already"


def test_what_nobody_handles_is_not_passed_on(cast: Cast) -> None:
    (request,) = claims(cast, 1)
    CareRequest.objects.filter(pk=request.pk).update(handler=None)
    with pytest.raises(NotNow) as refused:
        cast.coordinator.does(shifts.pass_on, request.pk)
    assert refused.value.code == "not_taken"


def escalated(cast: Cast, count: int = 1) -> list[Passing]:
    made = handed_over(cast, count)
    too_late(*made)
    return [cast.clock.does(shifts.escalate, row.pk) for row in made]


def waits(passing: Passing) -> Passing:
    return Passing.objects.waiting().get(pk=passing.pk)


def test_what_nobody_accepted_in_time_is_offered_anew_at_the_next_end_of_a_shift(
    cast: Cast,
) -> None:
    (late,) = escalated(cast)
    (other,) = claims(cast, 1)
    cast.coordinator.does(shifts.start, sound="heard")
    passed = cast.coordinator.does(shifts.hand_over)
    assert {row.request_id for row in passed} == {late.request_id, other.pk}
    again = waits(late)
    assert (again.state, again.escalated_at, again.calls) == ("offered", None, "")
    assert again.accept_before > timezone.now()
    assert "passing.offered_again" in cast.colleague.hears()
    cast.coordinator.does(shifts.start, sound="heard")
    assert cast.coordinator.does(shifts.hand_over) == []  # what can still be accepted stays so


def test_a_colleague_offers_anew_what_nobody_accepted_in_time(cast: Cast) -> None:
    (late,) = escalated(cast)
    made = cast.colleague.does(shifts.pass_on, late.request_id)
    assert (made.pk, made.offered_by) == (late.pk, cast.colleague.actor.pk)
    assert (waits(late).state, waits(late).giver) == ("offered", cast.coordinator.actor.pk)
    with pytest.raises(NotNow):
        cast.colleague.does(shifts.offer_again, late.pk)


def test_an_escalation_is_told_up_the_ladder_until_somebody_accepts(committed: None) -> None:
    cast = assemble()
    taken, left = escalated(cast, 2)
    tell_passings_again()
    assert waits(left).calls == ""  # not before the time of the policy is over
    called = []
    for _ in range(3):
        Passing.objects.filter(state="escalated").update(call_next_at=timezone.now())
        tell_passings_again()
        called.append(waits(left).calls)
        if not called[1:]:
            cast.colleague.does(shifts.accept, taken.pk)
    assert called == ["coordinator", "on_call", "on_call"]
    assert cast.colleague.hears().count("passing.escalated_again") == 4
    done = Passing.objects.get(pk=taken.pk)
    assert (done.state, done.calls, done.call_next_at) == ("accepted", "", None)


def test_a_region_says_who_is_called_about_a_claim_and_how_often(cast: Cast) -> None:
    values = {"passing_calls": ["board"], "passing_again_minutes": 5}
    Policy.objects.create(region=cast.region, version=1, values=values)
    (late,) = escalated(cast)
    first = waits(late)
    assert first.call_next_at - first.escalated_at == timedelta(minutes=5)
    Passing.objects.filter(pk=late.pk).update(call_next_at=timezone.now())
    cast.clock.does(shifts.tell_again, late.pk)
    assert waits(late).calls == "board"


def test_what_is_over_is_not_offered_to_the_next_shift_once_more(cast: Cast) -> None:
    (late,) = escalated(cast)
    cast.huisarts.does(services.cancel, late.request_id, reason="withdrawn")
    for offers in (shifts.offer_again, shifts.accept):
        with pytest.raises(NotNow) as refused:
            cast.colleague.does(offers, late.pk)
        assert refused.value.code == "wrong_state"
    assert Passing.objects.get(pk=late.pk).state == "escalated"
    assert "passing.offered_again" not in cast.colleague.hears()


def test_a_shift_ends_although_a_colleague_just_passed_one_of_its_claims_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the list of what somebody handles and the lock on it: passed on, and not twice."""
    first, second = claims(cast, 2)
    cast.coordinator.does(shifts.start, sound="heard")
    handled = shifts._claims

    def and_then_a_colleague(by: Actor) -> list[UUID]:
        found, until = handled(by), timezone.now() + timedelta(minutes=5)
        row = {"giver": by.pk, "offered_by": cast.colleague.actor.pk, "accept_before": until}
        Passing.objects.get_or_create(request=first, defaults=row)
        return found

    monkeypatch.setattr(shifts, "_claims", and_then_a_colleague)
    passed = cast.coordinator.does(shifts.hand_over)
    assert [row.request_id for row in passed] == [second.pk]
    assert not Shift.objects.running().filter(member=cast.coordinator.actor).exists()


def test_who_is_no_step_of_the_ladder_is_not_called_and_keeps_nobody_from_being_told(
    cast: Cast,
) -> None:
    values = {"passing_calls": ["de dienstdoende manager", "board"]}
    Policy.objects.create(region=cast.region, version=1, values=values)
    (late,) = escalated(cast)
    Passing.objects.filter(pk=late.pk).update(call_next_at=timezone.now())
    cast.clock.does(shifts.tell_again, late.pk)
    assert waits(late).calls == "board"
    assert "passing.escalated_again" in cast.colleague.hears()
