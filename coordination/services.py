"""From question to care: requests and offers. Each verb runs inside an act.

Locks are taken in one order, always: case, request, offer, place.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from capacity import services as capacity
from coordination import steps
from coordination.models import CareRequest, Offer
from coordination.states import HOLDING, OFFER_MOVES, REQUEST_MOVES, OfferState, RequestState
from coordination.steps import Ask as Ask
from lzc import moves
from lzc.errors import N_, NotNow, NotSeen, NotValid
from lzc.events import record, verb, when_broken
from lzc.models import CLOCK, Actor
from triage import gateway
from triage.models import Involvement

TOO_LATE = N_("The time to answer has passed. The desk looks further; you need not do anything.")
ELSEWHERE = N_("The patient was placed elsewhere in the meantime. Thank you for thinking along.")

when_broken(
    "request_one_open_placement",
    N_("A placement request for this person is already open. A coordinator will contact you."),
    "request_already_open",
)
when_broken(
    "offer_one_live_per_unit",
    N_("This request was already offered to this unit."),
    "already_offered",
)


# Requests -------------------------------------------------------------------------------------


@verb
def request(case_id: UUID, *, ask: Ask, draft: bool = False, by: Actor) -> CareRequest:
    """Somebody involved in the case asks for care. One open placement per person."""
    case = gateway.locked_case(case_id, by=by)
    steps.may_ask(by)
    steps.alive(case)
    steps.reveals_nobody(case, {"request.need": ask.need, "request.wishes": ask.wishes})
    urgency = steps.urgency(case, ask)
    made = CareRequest(
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
        pc4=case.patient.pc4,
        requester_id=by.workplace,
        requested_by=by.pk,
        desk=ask.desk,
        state=RequestState.DRAFT if draft else RequestState.SUBMITTED,
        submitted_at=None if draft else timezone.now(),
    )
    made.save(force_insert=True)
    if not draft:
        steps.involve_parties(case, made)
        _say(made, "submit", by)
    return made


def _say(made: CareRequest, name: str, by: Actor, **ids: Any) -> None:
    event = REQUEST_MOVES[name].event
    record(event, made.pk, by=by, audience=made.audience(), case=made.case_id, **ids)


def _locked(request_id: UUID, by: Actor, *, with_case: bool = False) -> CareRequest:
    """Step: a request visible to the actor, locked; with its case locked before it when asked."""
    found = CareRequest.objects.visible_to(by).filter(pk=request_id)
    case_id = found.values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotSeen
    return _held(request_id, case_id if with_case else None)


def _held(request_id: UUID, case_id: UUID | None) -> CareRequest:
    """Step: locked, the case first. A party may move it, also when it no longer sees the case."""
    case = gateway.case_of_party(case_id) if case_id else None
    made = CareRequest.objects.locked(request_id)
    if case is not None:
        made.case = case
    return made


def _permit(made: CareRequest, name: str, by: Actor) -> moves.Move:
    """Step: the caller holds the request. May this actor make this move now?"""
    return moves.check(
        REQUEST_MOVES, name, state=made.state, sides=made.sides(by), duties=by.duties
    )


def _move(made: CareRequest, name: str, by: Actor, **values: Any) -> None:
    """Step: the caller holds the request. Checks who and when, moves, and says so."""
    found = _permit(made, name, by)
    told = made.audience()
    values |= {"version": made.version + 1}
    if found.target is not None:
        values["state"] = found.target
    CareRequest.objects.filter(pk=made.pk).update(**values)
    for column, value in values.items():
        setattr(made, column, value)
    told |= made.audience()
    record(found.event, made.pk, by=by, audience=told, case=made.case_id)


@verb
def submit(request_id: UUID, *, by: Actor) -> CareRequest:
    """A draft becomes a question: from now on the clock runs."""
    made = _locked(request_id, by, with_case=True)
    _permit(made, "submit", by)
    steps.alive(made.case)
    _move(made, "submit", by, submitted_at=timezone.now())
    steps.involve_parties(made.case, made)
    return made


@verb
def take(request_id: UUID, *, by: Actor) -> CareRequest:
    """Oppakken: somebody at the desk now works on it."""
    made = _locked(request_id, by)
    _move(made, "take", by, handler=by.pk)
    return made


@verb
def wait(request_id: UUID, *, interim_plan: str, by: Actor) -> CareRequest:
    """Nothing fits now. Who watches the patient until then, and how?"""
    if not interim_plan:
        raise NotValid("interim_plan", N_("Say who watches the patient until there is a place."))
    made = _locked(request_id, by)
    _move(made, "wait", by, interim_plan=interim_plan)
    return made


@verb
def hold(request_id: UUID, *, by: Actor) -> CareRequest:
    """Op hold: something changed. What is promised stays frozen until somebody looked again."""
    made = _locked(request_id, by)
    _move(made, "hold", by)
    return made


@verb
def resume(request_id: UUID, *, by: Actor) -> CareRequest:
    """Somebody looked again: go on where it stood."""
    made = _locked(request_id, by, with_case=True)
    name = "resume_assigned" if made.provider_id else "resume"
    _permit(made, name, by)
    steps.matchable(made.case)
    _move(made, name, by)
    steps.promise_anew(made)
    return made


@verb
def cancel(request_id: UUID, *, reason: str, by: Actor) -> CareRequest:
    """The care is no longer needed, or was found another way. Every place goes free at once."""
    made = _locked(request_id, by, with_case=True)
    _move(made, "cancel", by, end_reason=reason, ended_at=timezone.now())
    _end_offers(made, by)
    steps.part(made)
    return made


def _end_offers(made: CareRequest, by: Actor, *, but: Offer | None = None) -> None:
    """Step: every other live offer is taken back and its place let go."""
    live = Offer.objects.live().filter(request=made)
    if but is not None:
        live = live.exclude(pk=but.pk)
    for row in live.select_related("unit").select_for_update(no_key=True, of=("self",)):
        row.request = made
        _end(row, OfferState.WITHDRAWN, by, "withdraw")


# Offers ---------------------------------------------------------------------------------------


@verb
def offer(request_id: UUID, *, unit_id: UUID, undo: bool = False, by: Actor) -> Offer:
    """Ask one unit, and hold one place of it. `undo`: it may still be taken back unseen."""
    made = _locked(request_id, by, with_case=True)
    _permit(made, "offer", by)
    steps.matchable(made.case)
    unit = steps.giving(unit_id, made.care_types, by)
    rules = made.desk.region.rules()
    if Offer.objects.live().filter(request=made).count() >= rules.offers_at_once:
        raise NotNow(
            N_("%(most)s offers are out already. Wait for an answer, or withdraw one."),
            code="too_many_offers",
            most=rules.offers_at_once,
        )
    _move(made, "offer", by, handler=made.handler or by.pk)
    now = timezone.now()
    visible_from = now + (rules.undo_within(made.urgency) if undo else timedelta())
    row = Offer(
        request=made,
        unit=unit,
        profile=steps.profile(made),
        visible_from=visible_from,
        shown_at=None if undo else now,
        answer_before=visible_from + rules.answer_within(made.urgency),
    )
    row.place_id = capacity.hold(unit, offer=row.pk)
    row.save(force_insert=True)
    _tell("offer.sent", row, by)
    return row


def _tell(event: str, row: Offer, by: Actor) -> None:
    """Step: a fact of the first stage. It never carries the case."""
    record(event, row.pk, by=by, audience=row.audience(), unit=row.unit_id, request=row.request_id)


def _offer(offer_id: UUID, by: Actor, *, with_case: bool = False) -> Offer:
    """Step: an offer visible to the actor, locked; its case and request before it when asked.

    An answer concerns the offer and its place alone: one statement finds and locks it.
    """
    seen = Offer.objects.visible_to(by).filter(pk=offer_id)
    if not with_case:
        locked = seen.select_for_update(no_key=True, of=("self",))
        row = locked.select_related("unit", "request__desk__region").first()
        if row is None:
            raise NotSeen
        return row
    found = seen.values_list("request_id", "request__case_id").first()
    if found is None:
        raise NotSeen
    made = _held(*found)
    row = Offer.objects.locked(offer_id)
    row.request = made
    return row


def _check(row: Offer, name: str, by: Actor) -> moves.Move:
    try:
        return moves.check(
            OFFER_MOVES, name, state=row.state, sides=row.sides(by), duties=by.duties
        )
    except NotNow:
        if name == "accept" and row.state == OfferState.WITHDRAWN:
            raise NotNow(ELSEWHERE, code="placed_elsewhere") from None
        if name in ("accept", "ask", "decline") and row.state == OfferState.EXPIRED:
            raise NotNow(TOO_LATE, code="too_late") from None
        raise


def _step(row: Offer, name: str, by: Actor, *, in_time: bool | None = None, **values: Any) -> None:
    """Step: the caller holds the offer. One guarded update; `in_time`: before the deadline."""
    found = _check(row, name, by)
    if found.target is not None:
        values["state"] = found.target
    guarded = Offer.objects.filter(pk=row.pk, state=row.state)
    if in_time is not None:
        edge = "answer_before__gt" if in_time else "answer_before__lte"
        guarded = guarded.filter(**{edge: steps.ClockTimestamp()})
    if guarded.update(**values) != 1:
        raise (
            NotNow(TOO_LATE, code="too_late")
            if in_time
            else NotNow(N_("This was answered just in time."), code="answered")
        )
    for column, value in values.items():
        setattr(row, column, value)
    _tell(found.event, row, by)


def _end(row: Offer, state: OfferState, by: Actor, name: str, **values: Any) -> None:
    """Step: the offer ends without a patient, and its place can be given again."""
    Offer.objects.filter(pk=row.pk).update(state=state, ended_at=timezone.now(), **values)
    row.state = state
    capacity.let_go(row.place_id, offer=row.pk)
    _tell(OFFER_MOVES[name].event, row, by)


@verb
def show(offer_id: UUID, *, by: Actor) -> None:
    """The undo window has passed: the provider is told."""
    row = _clocked(offer_id, by)
    found = _check(row, "show", by)
    shown = Offer.objects.filter(
        pk=offer_id, shown_at=None, state__in=HOLDING, visible_from__lte=steps.ClockTimestamp()
    ).update(shown_at=steps.ClockTimestamp())
    if shown != 1:
        raise NotNow(N_("This offer is not waiting to be shown."), code="not_waiting")
    row.shown_at = timezone.now()
    _tell(found.event, row, by)


@verb
def ask(offer_id: UUID, *, question: str, by: Actor) -> Offer:
    """The provider needs to know more: the clock stands still, for a while."""
    row = _offer(offer_id, by)
    now = timezone.now()
    minutes = row.request.desk.region.rules().question_minutes
    _step(
        row,
        "ask",
        by,
        in_time=True,
        question=question,
        seconds_left=max(60, int((row.answer_before - now).total_seconds())),
        answer_before=now + timedelta(minutes=minutes),
    )
    return row


@verb
def reply(offer_id: UUID, *, reply: str, by: Actor) -> Offer:
    """The desk answers the question: the clock goes on with what was left on it."""
    row = _offer(offer_id, by, with_case=True)
    _check(row, "reply", by)
    steps.reveals_nobody(row.request.case, {"reply": reply})
    until = timezone.now() + timedelta(seconds=row.seconds_left or 60)
    _step(row, "reply", by, reply=reply, answer_before=until, seconds_left=None)
    return row


@verb
def accept(offer_id: UUID, *, by: Actor) -> Offer:
    """Toezeggen: the provider can take the patient, and waits until the desk chooses."""
    row = _offer(offer_id, by)
    now = timezone.now()
    minutes = row.request.desk.region.rules().promise_minutes
    _step(
        row,
        "accept",
        by,
        in_time=True,
        answered_at=now,
        answered_by=by.pk,
        promised_until=now + timedelta(minutes=minutes),
    )
    return row


@verb
def decline(
    offer_id: UUID, *, reason: str, remark: str = "", place_gone: bool = False, by: Actor
) -> Offer:
    """Kan niet, and why. `place_gone`: what was listed is not there; it goes off the list."""
    row = _offer(offer_id, by)
    now = timezone.now()
    _step(
        row,
        "decline",
        by,
        reason=reason,
        remark=remark,
        answered_at=now,
        answered_by=by.pk,
        ended_at=now,
    )
    if place_gone:
        capacity.withdraw_held(row.place_id, offer=row.pk)
    else:
        capacity.let_go(row.place_id, offer=row.pk)
    return row


@verb
def expire(offer_id: UUID, *, by: Actor) -> Offer:
    """No answer in time: the place goes back, and the desk looks further."""
    row = _clocked(offer_id, by)
    _step(row, "expire", by, in_time=False, ended_at=timezone.now())
    capacity.let_go(row.place_id, offer=row.pk)
    return row


@verb
def lapse(offer_id: UUID, *, by: Actor) -> Offer:
    """Promised, but the desk did not choose it in time: the place is the provider's again."""
    row = _clocked(offer_id, by)
    _check(row, "lapse", by)
    frozen = row.request.state == RequestState.ON_HOLD
    if frozen or row.promised_until is None or row.promised_until > timezone.now():
        raise NotNow(N_("The promise still stands."), code="not_yet")
    _step(row, "lapse", by, ended_at=timezone.now())
    capacity.let_go(row.place_id, offer=row.pk, proved=True)
    return row


def _clocked(offer_id: UUID, by: Actor) -> Offer:
    """Step of the clock: it has no organisation and sees nothing; it was given the id."""
    if by is not CLOCK:
        return _offer(offer_id, by)
    request_id = Offer.objects.values_list("request_id", flat=True).filter(pk=offer_id).first()
    if request_id is None:
        raise NotSeen
    made = CareRequest.objects.locked(request_id)
    row = Offer.objects.locked(offer_id)
    row.request = made
    return row


@verb
def withdraw(offer_id: UUID, *, by: Actor) -> Offer:
    """The desk takes the offer back: seen or unseen, promised or assigned."""
    row = _offer(offer_id, by, with_case=True)
    was_assigned = row.state == OfferState.ASSIGNED
    _check(row, "withdraw", by)
    _end(row, OfferState.WITHDRAWN, by, "withdraw")
    if was_assigned:
        _search_again(row, by)
    return row


def _search_again(row: Offer, by: Actor) -> None:
    """Step: the chosen provider falls away, and with it what it saw of the case."""
    row.request.case.release(Involvement.Kind.PROVIDER, row.unit.organisation_id)
    _move(row.request, "fall_back", by, provider=None, assigned_at=None)


@verb
def assign(offer_id: UUID, *, sbar: dict[str, str], by: Actor) -> Offer:
    """Toewijzen: this one. Record and SBAR open to this provider, and close for the others."""
    row = _offer(offer_id, by, with_case=True)
    made = row.request
    _check(row, "assign", by)
    steps.matchable(made.case)
    _step(row, "assign", by, sbar=sbar, promised_until=None)
    now = timezone.now()
    _move(made, "assign", by, provider_id=row.unit.organisation_id, assigned_at=now)
    made.case.involve(Involvement.Kind.PROVIDER, row.unit.organisation_id)
    _end_offers(made, by, but=row)
    return row


@verb
def read_back(offer_id: UUID, *, read_back: str, by: Actor) -> Offer:
    """The provider repeats what it understood of the handover."""
    if not read_back:
        raise NotValid("read_back", N_("Repeat in your own words what you understood."))
    row = _offer(offer_id, by, with_case=True)
    _step(row, "read_back", by, read_back=read_back, read_back_at=timezone.now())
    return row


@verb
def depart(offer_id: UUID, *, by: Actor) -> Offer:
    """Onderweg: the carer is on the way to the patient."""
    row = _offer(offer_id, by, with_case=True)
    _step(row, "depart", by, departed_at=timezone.now())
    return row


@verb
def start(offer_id: UUID, *, by: Actor) -> Offer:
    """Care has started: the carer is with the patient, or the patient is in the bed."""
    row = _offer(offer_id, by, with_case=True)
    _check(row, "start", by)
    if row.read_back_at is None:
        raise NotNow(N_("Read the handover back first."), code="not_read_back")
    now = timezone.now()
    _step(row, "start", by, started_at=now)
    capacity.occupy(row.place_id, offer=row.pk)
    _move(row.request, "start", by, started_at=now)
    return row


@verb
def complete(offer_id: UUID, *, by: Actor) -> Offer:
    """Care has ended: the visit is done, or the patient went home."""
    row = _offer(offer_id, by, with_case=True)
    now = timezone.now()
    _step(row, "complete", by, ended_at=now)
    capacity.vacate(row.place_id, offer=row.pk)
    _move(row.request, "close", by, ended_at=now)
    steps.part(row.request)
    return row


@verb
def fail(offer_id: UUID, *, reason: str, remark: str = "", by: Actor) -> Offer:
    """The provider cannot keep its promise: the desk looks again, first in line."""
    row = _offer(offer_id, by, with_case=True)
    was_assigned = row.state == OfferState.ASSIGNED
    now = timezone.now()
    _step(row, "fail", by, reason=reason, remark=remark, ended_at=now)
    capacity.withdraw_held(row.place_id, offer=row.pk)
    if was_assigned:
        _search_again(row, by)
    return row
