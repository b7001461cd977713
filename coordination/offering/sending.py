"""Asking units: one, several at once, or booked without asking. Each verb runs inside an act."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from capacity import services as capacity
from capacity.models import CareUnit
from coordination import finding, moving, steps
from coordination.amending import settle
from coordination.finding import Decision, Tried
from coordination.models import CareRequest, Offer
from coordination.offering.limits import not_refused, not_too_many, room_for
from coordination.states import OFFER_BORN
from lzc.errors import N_, NotNow, NotValid
from lzc.events import moment, verb
from lzc.hours import answer_before
from lzc.models import Actor

#: What a request loses when the order in which its desk asks has ended.
NO_ORDER: dict[str, Any] = {"cascade": [], "cascade_since": None, "cascade_by": None}


@verb
def offer(
    request_id: UUID, *, unit_id: UUID, undo: bool = False, again: bool = False, by: Actor
) -> Offer:
    """Ask one unit, and hold one place of it. `undo`: it may still be taken back unseen.

    `again`: also when it refused this patient before.
    """
    (row,) = _offered(request_id, [unit_id], undo=undo, again=again, by=by)
    return row


@verb
def offer_several(
    request_id: UUID,
    *,
    unit_ids: Sequence[UUID],
    undo: bool = False,
    again: bool = False,
    by: Actor,
) -> list[Offer]:
    """Ask several units at once: each of them, or none. Who is first is for the desk to choose."""
    return _offered(request_id, unit_ids, undo=undo, again=again, by=by)


@verb
def offer_best(request_id: UUID, *, undo: bool = False, by: Actor) -> Offer | None:
    """Ask whoever fits best now.

    None: nobody does, or nothing may be sought yet (112 looks, or a physician has to); then the
    desk looks on by hand. What was told with it stays told.

    A last place that is given in the meantime is no reason to stop: the next one is asked.
    """
    made = moving.request_of(request_id, by, with_case=True)
    if steps.unmatchable(made.case):
        return None
    moving.permit(made, "offer", by)
    tells_nobody(made)
    profile = steps.profile(made)
    wait = made.desk.region.rules().undo_within(made.urgency) if undo else timedelta()
    asked, fitting = finding.best(made)
    for unit, why in fitting:
        not_too_many(made, asked + 1)
        try:
            row = send(made, unit, profile=profile, decision=why, wait=wait, by=by)
        except NotNow:
            continue
        moving.move(made, "offer", by, handler=made.handler or by.pk)
        return row
    return None


def _offered(
    request_id: UUID, unit_ids: Sequence[UUID], *, undo: bool, again: bool, by: Actor
) -> list[Offer]:
    asked = list(dict.fromkeys(unit_ids))
    if not asked:
        raise NotValid("units", N_("Choose whom to ask."))
    made = moving.request_of(request_id, by, with_case=True)
    moving.permit_matching(made, "offer", by)
    tells_nobody(made)
    units = [steps.giving(unit_id, made, by) for unit_id in asked]
    room_for(made, asked, again=again)
    moving.move(made, "offer", by, handler=made.handler or by.pk)
    profile = steps.profile(made)
    wait = made.desk.region.rules().undo_within(made.urgency) if undo else timedelta()
    why = finding.weighed(made, asked)
    return [
        send(made, unit, profile=profile, decision=why[unit.pk], wait=wait, by=by) for unit in units
    ]


def tells_nobody(made: CareRequest) -> None:
    """Step: who it is may have become known after the request was written."""
    steps.reveals_nobody(made.case, {"request.need": made.need, "request.wishes": made.wishes})


def send(
    made: CareRequest,
    unit: CareUnit,
    *,
    profile: dict[str, object],
    decision: Decision,
    wait: timedelta = timedelta(),
    by: Actor,
) -> Offer:
    """Step: one place of this unit is held, and after `wait` its provider sees the question.

    The place that was weighed, when there is one that fits.
    """
    now = moment()
    row = _row(made, unit, profile, now + wait)
    row.shown_at, row.decision = None if wait else now, decision
    row.place_id = _held(unit, row, decision)
    row.save(force_insert=True)
    moving.tell("offer.sent", row, by)
    return row


def _held(unit: CareUnit, row: Offer, decision: Decision) -> UUID:
    """Step: a place like the one that was weighed, no other: the next room may be one for men. Of a
    unit that is asked although it does not fit, the plainest there is."""
    return capacity.hold(unit, offer=row.pk, like=decision.get("place"))


def _row(made: CareRequest, unit: CareUnit, profile: dict[str, object], seen: datetime) -> Offer:
    rules = made.desk.region.rules()
    return Offer(
        request=made,
        unit=unit,
        profile=profile,
        visible_from=seen,
        answer_before=answer_before(seen, made.urgency, rules),
    )


@verb
def book(
    request_id: UUID, *, unit_id: UUID, sbar: dict[str, str], again: bool = False, by: Actor
) -> Offer:
    """Direct boeken: a unit that lets the desk decide is given the patient, and told at once.

    It can still say that it cannot keep what was booked.
    """
    made = moving.request_of(request_id, by, with_case=True)
    moving.permit_matching(made, "book", by)
    tells_nobody(made)
    unit = _bookable(made, unit_id, by)
    steps.without_bsn(sbar, unit.organisation)
    if not again:
        not_refused(Tried(made), [unit_id])
    now = moment()
    row = _row(made, unit, steps.profile(made), now)
    row.state, row.shown_at, row.sbar = OFFER_BORN["book"], now, sbar
    row.decision = finding.weighed(made, [unit_id])[unit_id]
    row.place_id = _held(unit, row, row.decision)
    _fits(unit, row.decision)
    settle(row)
    row.save(force_insert=True)
    moving.tell("offer.booked", row, by)
    given = {"provider": unit.organisation, "assigned_at": now, **NO_ORDER}
    moving.move(made, "book", by, handler=made.handler or by.pk, **given)
    steps.let_in(made.case, unit.organisation)
    moving.end_offers(made, by, but=row)
    return row


def _fits(unit: CareUnit, decision: Decision) -> None:
    """Step: who is booked is judged by nobody else any more, so no rule may stand in the way."""
    against = {reason.partition(":")[0] for reason in decision.get("reasons", ())}
    if against - {"refused", "asked"}:
        raise NotNow(
            N_("This patient does not fit %(unit)s as it stands. Offer the patient to them."),
            code="does_not_fit",
            unit=unit.name,
        )


def _bookable(made: CareRequest, unit_id: UUID, by: Actor) -> CareUnit:
    unit = steps.giving(unit_id, made, by)
    if not unit.direct_booking:
        raise NotNow(
            N_("%(unit)s decides itself whom it takes. Offer the patient to them."),
            code="no_direct_booking",
            unit=unit.name,
        )
    return unit
