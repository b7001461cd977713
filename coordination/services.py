"""From question to care: requests and offers. Each verb runs inside an act.

Locks are taken in one order, always: case, request, offer, place.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from capacity import services as capacity
from coordination import moving, steps
from coordination.amending import amend as amend
from coordination.amending import checked, settle
from coordination.amending import widen as widen
from coordination.matching.hard_rules import ISOLATION
from coordination.models import CareRequest, Offer
from coordination.offering import in_order, refusing
from coordination.offering.in_order import cascade as cascade
from coordination.offering.in_order import go_on as go_on
from coordination.offering.in_order import stop_cascade as stop_cascade
from coordination.offering.sending import NO_ORDER
from coordination.offering.sending import book as book
from coordination.offering.sending import offer as offer
from coordination.offering.sending import offer_best as offer_best
from coordination.offering.sending import offer_several as offer_several
from coordination.offering.silence import prompt as prompt
from coordination.shifts import services as shifts
from coordination.states import OfferState, RequestState
from coordination.steps import NOT_SAID, Watch
from coordination.steps import Ask as Ask
from lzc.errors import N_, NotNow, NotSeen, NotValid
from lzc.events import moment, verb
from lzc.models import Actor
from triage import gateway
from triage import services as triage
from triage.models import Case, Contact

# Requests -------------------------------------------------------------------------------------


@verb
def request(case_id: UUID, *, ask: Ask, draft: bool = False, by: Actor) -> CareRequest:
    """Somebody involved in the case asks for care. One open placement per person."""
    case = gateway.locked_case(case_id, by=by)
    steps.askable(case, ask, by)
    checked(vars(ask) | {"needed_by": None})
    steps.reveals_nobody(case, {"request.need": ask.need, "request.wishes": ask.wishes})
    made = _from(ask, case, by)
    steps.mark_sensitive(case, made)
    if not draft:
        made.state, made.submitted_at = RequestState.SUBMITTED, moment()
    made.save(force_insert=True)
    if not draft:
        steps.involve_parties(case, made)
        moving.say(made, "submit", by)
    return moving.hold(made)


def _from(ask: Ask, case: Case, by: Actor) -> CareRequest:
    """Step: a draft of what is asked, with what the case knows."""
    urgency = steps.urgency(case, ask)
    return CareRequest(
        case=case,
        patient_id=case.patient_id,
        kind=steps.kind(ask),
        care_types=ask.care_types,
        urgency=urgency,
        needed_by=steps.needed_by(ask.needed_by, urgency),
        need=ask.need,
        requirements=ask.requirements,
        wishes=ask.wishes,
        callback=ask.callback,
        consent=ask.consent,
        wish_codes=ask.wish_codes,
        near_pc4=ask.near_pc4,
        travel_limit=ask.travel_limit,
        beyond=ask.beyond,
        legal_ground=ask.legal_ground,
        who_treats=ask.who_treats,
        pc4=case.patient.pc4,
        sex=case.patient.sex,
        requester_id=by.workplace,
        requested_by=by.pk,
        desk=ask.desk,
        state=RequestState.DRAFT,
    )


@verb
def submit(request_id: UUID, *, by: Actor) -> CareRequest:
    """A draft becomes a question: from now on the clock runs."""
    made = moving.request_of(request_id, by, with_case=True)
    moving.permit(made, "submit", by)
    steps.alive(made.case)
    moving.move(made, "submit", by, submitted_at=moment())
    steps.involve_parties(made.case, made)
    return made


@verb
def take(request_id: UUID, *, by: Actor) -> CareRequest:
    """Oppakken: somebody at the desk now works on it."""
    made = moving.request_of(request_id, by)
    try:
        moving.move(made, "take", by, handler=by.pk)
    except NotNow as too_late:
        raise moving.taken(made, by) or too_late from None
    return made


@verb
def take_over(request_id: UUID, *, by: Actor) -> CareRequest:
    """Overnemen: somebody else at the desk goes on with it."""
    made = moving.request_of(request_id, by)
    moving.permit(made, "take_over", by)
    if made.handler == by.pk:
        raise NotNow(N_("You are handling this already."), code="yours")
    moving.move(made, "take_over", by, handler=by.pk)
    shifts.settle(made, by)
    return made


@verb
def wait(request_id: UUID, *, interim_plan: str, watch: Watch = NOT_SAID, by: Actor) -> CareRequest:
    """Nothing fits now. Who watches the patient until then, and how? Said again: as it is now."""
    if not interim_plan:
        raise NotValid("interim_plan", N_("Say who watches the patient until there is a place."))
    made = moving.request_of(request_id, by)
    said = steps.watched(watch) | NO_ORDER
    moving.move(made, "wait", by, interim_plan=interim_plan, **said)
    steps.shortage(made, by)
    return made


@verb
def hold(request_id: UUID, *, by: Actor) -> CareRequest:
    """Op hold: something changed. What is promised stays frozen until somebody looked again."""
    made = moving.request_of(request_id, by)
    moving.move(made, "hold", by)
    return made


@verb
def resume(request_id: UUID, *, by: Actor) -> CareRequest:
    """Somebody looked again: go on where it stood."""
    made = moving.request_of(request_id, by, with_case=True)
    name = "resume_assigned" if made.provider_id else "resume"
    moving.permit(made, name, by)
    steps.matchable(made.case)
    for row in Offer.objects.filter(request=made, state=OfferState.ASSIGNED):
        row.request = made
        settle(row)  # what is asked may have changed while it stood still
    moving.move(made, name, by)
    steps.promise_anew(made)
    return made


@verb
def cancel(request_id: UUID, *, reason: str, knew: str | None = None, by: Actor) -> CareRequest:
    """The care is no longer needed, or was found another way. Every place goes free at once.

    `knew`: the organisation with a place, as whoever says so read it; empty: none was found yet.
    """
    made = moving.request_of(request_id, by, with_case=True)
    triage.ended_why(reason)
    if knew is not None:
        moving.found_since(made, knew, by)
    moving.move(made, "cancel", by, end_reason=reason, ended_at=moment(), **NO_ORDER)
    moving.end_offers(made, by)
    steps.regroup(made.case)
    return made


# Offers ---------------------------------------------------------------------------------------


@verb
def show(offer_id: UUID, *, by: Actor) -> None:
    """The undo window has passed: the provider is told."""
    row = moving.clocked(offer_id, by)
    found = moving.check(row, "show", by)
    shown = Offer.objects.filter(
        pk=offer_id, shown_at=None, state=OfferState.SENT, visible_from__lte=steps.ClockTimestamp()
    ).update(shown_at=steps.ClockTimestamp())
    if shown != 1:
        raise NotNow(N_("This offer is not waiting to be shown."), code="not_waiting")
    row.shown_at = moment()
    moving.tell(found.event, row, by)


@verb
def ask(offer_id: UUID, *, question: str, by: Actor) -> Offer:
    """The provider needs to know more: the clock stands still, for a while."""
    row = moving.offer_of(offer_id, by)
    refusing.question(row, question, by)
    return row


@verb
def reply(offer_id: UUID, *, reply: str, by: Actor) -> Offer:
    """The desk answers the question: the clock goes on with what was left on it."""
    row = moving.offer_of(offer_id, by, with_case=True)
    moving.check(row, "reply", by)
    steps.reveals_nobody(row.request.case, {"reply": reply})
    moving.step(row, "reply", by, reply=reply, **refusing.clock_again(row))
    return row


@verb
def accept(offer_id: UUID, *, hygiene: bool = False, by: Actor) -> Offer:
    """Toezeggen: the provider can take the patient, and waits until the desk chooses.

    `hygiene`: of somebody who needs isolation, that the ward is ready for that.
    """
    row = moving.offer_of(offer_id, by)
    now = moment()
    isolated = not ISOLATION.isdisjoint(row.request.requirements)
    if isolated and not hygiene:
        moving.check(row, "accept", by)
        raise NotValid(
            "hygiene",
            N_("This patient needs isolation. Confirm that your ward is ready for that."),
            code="hygiene",
        )
    ready: dict[str, Any] = {"hygiene_at": now} if isolated else {}
    minutes = row.request.desk.region.rules().promise_minutes
    moving.step(
        row,
        "accept",
        by,
        due="answer_before",
        answered_at=now,
        answered_by=by.pk,
        promised_until=now + timedelta(minutes=minutes),
        **ready,
    )
    return row


@verb
def decline(
    offer_id: UUID,
    *,
    reason: str,
    remark: str = "",
    place_gone: bool = False,
    free_from: datetime | None = None,
    by: Actor,
) -> Offer:
    """Kan niet, and why. `place_gone`: what was listed is not there; it goes off the list.

    `free_from`: "not in time, but later". Who knows too little asks first, and refuses nothing yet.
    "No bed free any more" says so of every place that the unit still lists.
    """
    row, followed = in_order.answered(offer_id, by)
    if refusing.asks_instead(row, reason):
        refusing.question(row, remark or refusing.tell_more(), by)
        return row
    refusing.fits(reason, place_gone=place_gone, free_from=free_from)
    now = moment()
    said: dict[str, Any] = {"reason": reason, "remark": remark, "free_from": free_from}
    said |= {"answered_at": now, "answered_by": by.pk, "ended_at": now}
    moving.step(row, "decline", by, due="answer_before", **said)
    refusing.place_of(row, place_gone=place_gone, by=by)
    if followed:
        in_order.follow(row.request, by)
    return row


@verb
def expire(offer_id: UUID, *, by: Actor) -> Offer:
    """No answer in time: the place goes back, and the desk looks further."""
    row = moving.clocked(offer_id, by)
    moving.step(row, "expire", by, due="answer_before", in_time=False, ended_at=moment())
    capacity.let_go(row.place_id, offer=row.pk)
    return row


@verb
def lapse(offer_id: UUID, *, by: Actor) -> Offer:
    """Promised, but the desk did not choose it in time: the place is the provider's again."""
    row = moving.clocked(offer_id, by)
    moving.check(row, "lapse", by)
    frozen = row.request.state == RequestState.ON_HOLD
    if frozen:
        raise NotNow(N_("The promise still stands."), code="not_yet")
    moving.step(row, "lapse", by, due="promised_until", in_time=False, ended_at=moment())
    capacity.let_go(row.place_id, offer=row.pk, proved=True)
    return row


@verb
def withdraw(offer_id: UUID, *, knew: str | None = None, by: Actor) -> Offer:
    """The desk takes the offer back: seen or unseen, promised or assigned.

    `knew`: how it stood, as whoever says so read it.
    """
    row = moving.offer_of(offer_id, by, with_case=True)
    was_assigned = row.state == OfferState.ASSIGNED
    moving.check(row, "withdraw", by)
    if knew is not None:
        moving.promised_since(row, knew)
    moving.end(row, OfferState.WITHDRAWN, by, "withdraw")
    if was_assigned:
        moving.search_again(row, by)
    in_order.follow(row.request, by)
    return row


@verb
def assign(offer_id: UUID, *, sbar: dict[str, str], by: Actor) -> Offer:
    """Toewijzen: this one. Record and SBAR open to this provider, and close for the others."""
    row = moving.offer_of(offer_id, by, with_case=True)
    made = row.request
    moving.check(row, "assign", by)
    moving.permit_matching(made, "assign", by)
    steps.without_bsn(sbar, row.unit.organisation)
    settle(row)
    moving.step(row, "assign", by, due="promised_until", sbar=sbar, promised_until=None)
    now = moment()
    given = {"provider": row.unit.organisation, "assigned_at": now, **NO_ORDER}
    moving.move(made, "assign", by, **given)
    steps.let_in(made.case, row.unit.organisation)
    moving.end_offers(made, by, but=row)
    return row


@verb
def read_back(offer_id: UUID, *, read_back: str, by: Actor) -> Offer:
    """The provider repeats what it understood of the handover."""
    if not read_back:
        raise NotValid("read_back", N_("Repeat in your own words what you understood."))
    row = moving.offer_of(offer_id, by, with_case=True)
    moving.check(row, "read_back", by)
    if row.read_back_at is not None:
        raise NotNow(N_("The handover was read back already."), code="read_back_before")
    moving.step(row, "read_back", by, read_back=read_back, read_back_at=moment())
    return row


@verb
def depart(offer_id: UUID, *, by: Actor) -> Offer:
    """Onderweg: the carer is on the way to the patient."""
    row = moving.offer_of(offer_id, by, with_case=True)
    moving.check(row, "depart", by)
    if row.departed_at is not None:
        raise NotNow(N_("It was said already that somebody is on the way."), code="departed")
    moving.step(row, "depart", by, departed_at=moment())
    return row


@verb
def start(offer_id: UUID, *, by: Actor) -> Offer:
    """Care has started: the carer is with the patient, or the patient is in the bed."""
    row = moving.offer_of(offer_id, by, with_case=True)
    moving.check(row, "start", by)
    if row.read_back_at is None:
        raise NotNow(N_("Read the handover back first."), code="not_read_back")
    now = moment()
    moving.step(row, "start", by, started_at=now)
    capacity.occupy(row.place_id, offer=row.pk)
    moving.move(row.request, "start", by, started_at=now)
    return row


@verb
def report(offer_id: UUID, *, findings: str, outcomes: list[str], by: Actor) -> Contact:
    """Bevindingen: what was found at the patient this visit was for."""
    found = Offer.objects.inbox(by).filter(pk=offer_id)
    case_id = found.values_list("request__case_id", flat=True).first()
    if case_id is None:
        raise NotSeen
    return triage.report(case_id, findings=findings, outcomes=outcomes, by=by)


@verb
def complete(offer_id: UUID, *, by: Actor) -> Offer:
    """Care has ended: the visit is done, or the patient went home."""
    row = moving.offer_of(offer_id, by, with_case=True)
    now = moment()
    moving.step(row, "complete", by, ended_at=now)
    capacity.vacate(row.place_id, offer=row.pk)
    moving.move(row.request, "close", by, ended_at=now)
    steps.regroup(row.request.case)
    return row


@verb
def fail(offer_id: UUID, *, reason: str, remark: str = "", by: Actor) -> Offer:
    """The provider cannot keep its promise: the desk looks again, first in line."""
    row = moving.offer_of(offer_id, by, with_case=True)
    was_assigned = row.state == OfferState.ASSIGNED
    now = moment()
    moving.step(row, "fail", by, reason=reason, remark=remark, ended_at=now)
    capacity.withdraw_held(row.place_id, offer=row.pk)
    if was_assigned:
        moving.search_again(row, by)
    in_order.follow(row.request, by)
    return row
