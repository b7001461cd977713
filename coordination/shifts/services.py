"""A shift begins, and its claims go case by case to the next one. Each verb runs in an act.

There is one notion of who handles a request, `CareRequest.handler`: a passing moves that, when it
is accepted and not before. The locks are taken in the usual order: request, then passing.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from coordination import moving
from coordination.models import CareRequest, Passing, Shift
from coordination.models.shifts import PassingQuerySet
from coordination.states import (
    OPEN,
    PASSING,
    PASSING_MOVES,
    SHIFT_MOVES,
    PassingState,
    ShiftState,
    Side,
)
from lzc import moves
from lzc.errors import N_, NotAllowed, NotNow, NotSeen, NotValid
from lzc.events import moment, record, verb, when_broken
from lzc.models import CLOCK, Actor, Membership

when_broken("shift_one_at_a_time", N_("Your shift has started already."), "shift_started_already")
when_broken(
    "passing_one_at_a_time",
    N_("This request waits for the next shift already."),
    "passed_on_already",
)

#: Nobody is to be called about it.
UNCALLED: dict[str, Any] = {"calls": "", "called_at": None, "call_next_at": None}


def running(by: Actor) -> Shift | None:
    return Shift.objects.visible_to(by).running().filter(member=by.pk).first()


def _permit(name: str, by: Actor) -> moves.Move:
    """Step: a shift is a person's: of a system or the clock there is none."""
    if not isinstance(by, Membership):
        raise NotAllowed(N_("This is not yours to do."), code="not_yours", move=name)
    now = ShiftState.ON if running(by) else ShiftState.OFF
    return moves.check(SHIFT_MOVES, name, state=now, sides={Side.DESK}, duties=by.duties)


@verb
def start(*, sound: str, by: Actor) -> Shift:
    """Dienst starten. The sound was tried: whether it was heard is part of the start."""
    if sound not in Shift.Sound.values:
        raise NotValid("sound", N_("Test the sound, and say whether you heard it."))
    event = _permit("start", by).event
    made = Shift(organisation_id=by.workplace, member_id=by.pk, sound=sound, started_at=moment())
    made.save(force_insert=True)
    record(event, made.pk, by=by, audience={by.workplace})
    return made


@verb
def hand_over(*, by: Actor) -> list[Passing]:
    """Dienst overdragen: all that somebody handles is passed on, and their shift ends.

    What nobody accepts stays theirs.
    """
    event = _permit("end", by).event
    running_now = Shift.objects.running().select_for_update(no_key=True)
    shift = running_now.filter(member=by.pk).first()
    if shift is None:
        raise NotNow(N_("Your shift has ended already."), code="shift_ended")
    held = {pk: moving.request_of(pk, by) for pk in _claims(by)}
    # While we waited for them a colleague may have taken one over or passed it on, or it ended.
    passed = [_offered(held[pk], by.pk, by) for pk in _claims(by) if pk in held]
    Shift.objects.filter(pk=shift.pk).update(state=ShiftState.OFF, ended_at=moment())
    record(event, shift.pk, by=by, audience={by.workplace})
    return passed


def _claims(by: Actor) -> list[UUID]:
    """Step: what they handle and is not on its way, always in the same order.

    What nobody accepted in time is on its way no more.
    """
    mine = CareRequest.objects.visible_to(by).filter(handler=by.pk, state__in=OPEN)
    waiting = mine.filter(passings__state=PassingState.OFFERED)
    left = mine.exclude(pk__in=waiting.values("pk"))
    return list(left.order_by("pk").values_list("pk", flat=True))


@verb
def pass_on(request_id: UUID, *, by: Actor) -> Passing:
    """One claim is offered to the next shift. A colleague may do it for who fell ill."""
    made = moving.request_of(request_id, by)
    moving.permit(made, "pass_on", by)
    if made.handler is None:
        raise NotNow(N_("Nobody handles this: pick it up."), code="not_taken")
    return _offered(made, made.handler, by)


def _offered(made: CareRequest, giver: UUID, by: Actor) -> Passing:
    """Step: the caller holds the request. What nobody accepted in time is offered anew."""
    event = moving.permit(made, "pass_on", by).event
    late = Passing.objects.filter(request=made, state=PassingState.ESCALATED)
    if (before := late.select_for_update(no_key=True).first()) is not None:
        before.request = made
        return _anew(before, by)
    until = _until(made)
    passing = Passing(request=made, giver=giver, offered_by=by.pk, accept_before=until)
    passing.save(force_insert=True)
    _say(event, passing, by)
    return passing


def _until(made: CareRequest) -> datetime:
    return moment() + timedelta(minutes=made.desk.region.rules().passing_minutes)


@verb
def offer_again(passing_id: UUID, *, by: Actor) -> Passing:
    """What nobody accepted in time is offered once more, with the whole time to accept it."""
    made = _held(passing_id, Passing.objects.visible_to(by))
    moving.permit(made.request, "pass_on", by)
    return _anew(made, by)


def _anew(made: Passing, by: Actor) -> Passing:
    """Step: the caller holds the request and its passing."""
    found = _permitted(made, "offer_again", by)
    _write(
        made,
        state=found.target,
        giver=made.request.handler or made.giver,
        offered_by=by.pk,
        offered_at=moment(),
        accept_before=_until(made.request),
        escalated_at=None,
        **UNCALLED,
    )
    _say(found.event, made, by)
    return made


def _write(made: Passing, **values: Any) -> None:
    Passing.objects.filter(pk=made.pk).update(**values)
    for column, value in values.items():
        setattr(made, column, value)


def _say(event: str, made: Passing, by: Actor) -> None:
    """Step: to the whole desk that handles the request, and to nobody else."""
    request = made.request
    desk = {request.desk.organisation_id}
    record(event, made.pk, by=by, audience=desk, case=request.case_id, request=request.pk)


def _held(passing_id: UUID, seen: PassingQuerySet) -> Passing:
    """Step: the request locked, then its passing."""
    request_id = seen.filter(pk=passing_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise NotSeen
    request = moving.held(request_id, None)
    made = Passing.objects.select_for_update(no_key=True).get(pk=passing_id)
    made.request = request
    return made


def _permitted(made: Passing, name: str, by: Actor) -> moves.Move:
    return moves.check(
        PASSING_MOVES, name, state=made.state, sides=made.sides(by), duties=by.duties
    )


@verb
def accept(passing_id: UUID, *, by: Actor) -> Passing:
    """Overgenomen: from this moment the next one handles it."""
    made = _held(passing_id, Passing.objects.visible_to(by))
    _permitted(made, "accept", by)
    if made.giver == by.pk:
        raise NotNow(N_("You are handling this already."), code="yours")
    request = made.request
    moving.move(request, "take_over", by, handler=by.pk)
    settle(request, by)
    made.refresh_from_db(fields=["state", "accepted_by", "accepted_at"])
    return made


def settle(request: CareRequest, by: Actor) -> None:
    """Step: the caller holds the request, which somebody took over: it waits for nobody else."""
    found = PASSING_MOVES["accept"]
    for row in Passing.objects.filter(request=request, state__in=PASSING):
        row.request = request
        _write(row, state=found.target, accepted_by=by.pk, accepted_at=moment(), **UNCALLED)
        _say(found.event, row, by)


@verb
def escalate(passing_id: UUID, *, by: Actor) -> Passing:
    """Nobody accepted it in time: it stays with who handled it, and the whole desk is told."""
    made = _clocked(passing_id, by)
    found, now = _permitted(made, "escalate", by), moment()
    _due(made, made.accept_before, now)
    _write(made, state=found.target, escalated_at=now, call_next_at=now + _again_after(made))
    _say(found.event, made, by)
    return made


@verb
def tell_again(passing_id: UUID, *, by: Actor) -> Passing:
    """Still nobody accepted it: the desk is told again, and whom of the region's ladder to call."""
    made = _clocked(passing_id, by)
    found, now = _permitted(made, "tell_again", by), moment()
    _due(made, made.call_next_at, now)
    calls = made.request.desk.region.rules().called_after(made.calls)
    _write(made, calls=calls, called_at=now, call_next_at=now + _again_after(made))
    _say(found.event, made, by)
    return made


def _again_after(made: Passing) -> timedelta:
    return timedelta(minutes=made.request.desk.region.rules().passing_again_minutes)


def _clocked(passing_id: UUID, by: Actor) -> Passing:
    """Step of the clock: it has no desk and sees nothing; it was given the id."""
    rows = Passing.objects
    return _held(passing_id, rows.all() if by is CLOCK else rows.visible_to(by))


def _due(made: Passing, at: datetime | None, now: datetime) -> None:
    """Step: the time has come, and it waits still."""
    request = made.request
    if at is None or at > now or request.state not in OPEN or request.handler != made.giver:
        raise NotNow(N_("This can still be accepted in time."), code="not_yet")
