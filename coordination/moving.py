"""How requests and offers move: found and locked, checked against their table, written, said.

Steps of the verbs in `services`, in one order of locks, always: case, request, offer, place.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone

from capacity import services as capacity
from coordination import steps
from coordination.models import CareRequest, Offer
from coordination.states import OFFER_MOVES, REQUEST_MOVES, OfferState, RequestState, Side
from lzc import moves
from lzc.errors import N_, NotNow, NotSeen
from lzc.events import current, moment, record, when_broken
from lzc.models import CLOCK, Actor, Event, Membership
from triage import gateway

TOO_LATE = N_("The time to answer has passed. The desk looks further; you need not do anything.")
ELSEWHERE = N_("The patient was placed elsewhere in the meantime. Thank you for thinking along.")

#: Who makes one of these moves handles the request from then on, when nobody did.
HANDLING = ("take", "take_over", "offer", "cascade", "book")

TAKEN_BACK = N_("The desk took this offer back. You need not do anything. Thank you.")
CANCELLED = N_("This request was cancelled. You need not do anything. Thank you.")


def withdrawn(request_state: str) -> tuple[str, str]:
    """Why an offer was taken back, as its provider is told, by what became of the request."""
    if request_state == RequestState.CANCELLED:
        return CANCELLED, "cancelled"
    if request_state in (RequestState.ASSIGNED, RequestState.STARTED, RequestState.CLOSED):
        return ELSEWHERE, "placed_elsewhere"
    return TAKEN_BACK, "taken_back"


when_broken(
    "request_one_open_placement",
    N_("A placement request for this person is already open. Look at that one first."),
    "request_already_open",
)
when_broken(
    "offer_one_live_per_unit",
    N_("This request was already offered to this unit."),
    "already_offered",
)


def request_of(request_id: UUID, by: Actor, *, with_case: bool = False) -> CareRequest:
    """Step: a request visible to the actor, locked; with its case locked before it when asked."""
    if made := current().held.get(request_id):
        return made
    found = CareRequest.objects.visible_to(by).filter(pk=request_id)
    case_id = found.values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotSeen
    return held(request_id, case_id if with_case else None)


def hold(made: CareRequest) -> CareRequest:
    """Step: this act made the request, in a case it holds; its next verb need not look again."""
    current().held[made.pk] = made
    return made


def held(request_id: UUID, case_id: UUID | None) -> CareRequest:
    """Step: locked, the case first. A party may move it, also when it no longer sees the case."""
    case = gateway.case_of_party(case_id) if case_id else None
    made = CareRequest.objects.locked(request_id)
    if case is not None:
        made.case = case
    return made


def permit(made: CareRequest, name: str, by: Actor) -> moves.Move:
    """Step: the caller holds the request. May this actor make this move now?"""
    return moves.check(
        REQUEST_MOVES, name, state=made.state, sides=made.sides(by), duties=by.duties
    )


def permit_matching(made: CareRequest, name: str, by: Actor) -> None:
    """Step: the caller holds request and case. Under a life threat that is the reason given."""
    try:
        permit(made, name, by)
    except NotNow:
        steps.matchable(made.case)
        raise
    steps.matchable(made.case)


def move(made: CareRequest, name: str, by: Actor, **values: Any) -> None:
    """Step: the caller holds the request. Checks who and when, moves, and says so."""
    found = permit(made, name, by)
    told = made.audience()
    values |= {"version": made.version + 1}
    if found.target is not None:
        values["state"] = found.target
    CareRequest.objects.filter(pk=made.pk).update(**values)
    for column, value in values.items():
        setattr(made, column, value)
    told |= made.audience()
    record(found.event, made.pk, by=by, audience=told, case=made.case_id)


#: A colleague was first: the code of that refusal.
TAKEN = "taken"


def taken(made: CareRequest, by: Actor) -> NotNow | None:
    """Step: who picked it up, and when. None: that is not why it cannot be picked up."""
    if made.handler is None or made.handler == by.pk:
        return None
    handled = [REQUEST_MOVES[name].event for name in HANDLING]
    first = Event.objects.filter(subject=made.pk, actor=made.handler, type__in=handled)
    at = first.order_by("number").values_list("at", flat=True).first() or timezone.now()
    person = Membership.objects.filter(pk=made.handler).values_list("user__full_name", flat=True)
    return NotNow(
        N_("%(name)s picked this case up at %(at)s. Take it over?"),
        code=TAKEN,
        name=person.first() or made.desk.organisation.name,
        at=f"{timezone.localtime(at):%H:%M}",
    )


#: A place was found that whoever ends the request had not read of: the code of that refusal.
FOUND_MEANWHILE = "found_meanwhile"


def found_since(made: CareRequest, knew: str, by: Actor) -> None:
    """Step: a place that was found after somebody last looked is not given away unread."""
    permit(made, "cancel", by)
    if made.provider is None or str(made.provider_id) == knew:
        return
    raise NotNow(
        N_(
            "Meanwhile a place was found: %(house)s. Read that first. "
            "Do you still withdraw the request? Then send it again."
        ),
        code=FOUND_MEANWHILE,
        house=made.provider.name,
    )


def say(made: CareRequest, name: str, by: Actor, **ids: Any) -> None:
    event = REQUEST_MOVES[name].event
    record(event, made.pk, by=by, audience=made.audience(), case=made.case_id, **ids)


def offer_of(offer_id: UUID, by: Actor, *, with_case: bool = False) -> Offer:
    """Step: an offer visible to the actor, locked; its case and request before it when asked.

    An answer concerns the offer and its place alone: one statement finds and locks it.
    """
    seen = Offer.objects.visible_to(by).filter(pk=offer_id)
    if not with_case:
        row = next(iter(seen.to_answer()), None)
        if row is None:
            raise NotSeen
        return row
    found = seen.values_list("request_id", "request__case_id").first()
    if found is None:
        raise NotSeen
    made = held(*found)
    row = Offer.objects.locked(offer_id)
    row.request = made
    return row


def clocked(offer_id: UUID, by: Actor) -> Offer:
    """Step of the clock: it has no organisation and sees nothing; it was given the id."""
    if by is not CLOCK:
        return offer_of(offer_id, by)
    request_id = Offer.objects.values_list("request_id", flat=True).filter(pk=offer_id).first()
    if request_id is None:
        raise NotSeen
    made = CareRequest.objects.locked(request_id)
    row = Offer.objects.locked(offer_id)
    row.request = made
    return row


def check(row: Offer, name: str, by: Actor) -> moves.Move:
    try:
        return moves.check(
            OFFER_MOVES, name, state=row.state, sides=row.sides(by), duties=by.duties
        )
    except NotNow:
        if name in ("accept", "ask", "decline") and row.state == OfferState.WITHDRAWN:
            # Read anew: while we waited for the offer the request moved on.
            now = CareRequest.objects.values_list("state", flat=True).get(pk=row.request_id)
            sentence, code = withdrawn(now)
            raise NotNow(sentence, code=code) from None
        if name in ("accept", "ask", "decline") and row.state == OfferState.EXPIRED:
            raise NotNow(TOO_LATE, code="too_late") from None
        raise


def step(
    row: Offer, name: str, by: Actor, *, due: str = "", in_time: bool = True, **values: Any
) -> None:
    """Step: the caller holds the offer. One guarded update; `due`: the deadline that is kept."""
    found = check(row, name, by)
    if found.target is not None:
        values["state"] = found.target
    if row.shown_at is None and Side.PROVIDER in found.by:
        values["shown_at"] = moment()  # who answers has seen it
    guarded = Offer.objects.filter(pk=row.pk, state=row.state)
    if due:
        edge = f"{due}__gt" if in_time else f"{due}__lte"
        guarded = guarded.filter(**{edge: steps.ClockTimestamp()})
    if guarded.update(**values) != 1:
        raise _missed(due, in_time)
    for column, value in values.items():
        setattr(row, column, value)
    tell(found.event, row, by)


def _missed(due: str, in_time: bool) -> NotNow:
    if not in_time and due == "promised_until":
        return NotNow(N_("The promise still stands."), code="not_yet")
    if not in_time:
        return NotNow(N_("This was answered just in time."), code="answered")
    if due == "promised_until":
        return NotNow(
            N_("This promise has run out: the place is the provider's again. Ask anew."),
            code="promise_ended",
        )
    return NotNow(TOO_LATE, code="too_late")


def tell(event: str, row: Offer, by: Actor) -> None:
    """Step: a fact of the first stage. It never carries the case.

    Nor the request when a provider hears it: a house that is asked with two units would see that
    both are asked for the same patient. Who asks and who looks find it by the offer.
    """
    told, house = row.audience(), row.unit.organisation_id
    stranger = house in told - {row.request.requester_id, row.request.desk.organisation_id}
    made = None if stranger else row.request_id
    record(event, row.pk, by=by, audience=told, unit=row.unit_id, request=made)


def end(row: Offer, state: OfferState, by: Actor, name: str, **values: Any) -> None:
    """Step: the offer ends without a patient, and its place can be given again."""
    Offer.objects.filter(pk=row.pk).update(state=state, ended_at=moment(), **values)
    row.state = state
    capacity.let_go(row.place_id, offer=row.pk)
    tell(OFFER_MOVES[name].event, row, by)


def promised_since(row: Offer, knew: str) -> None:
    """Step: what a provider promised after somebody last looked is not given away unread."""
    if row.state == knew or row.state not in (OfferState.ACCEPTED, OfferState.ASSIGNED):
        return
    raise NotNow(
        N_(
            "Meanwhile %(house)s said yes. Read that first. "
            "Do you still withdraw the offer? Then press once more."
        ),
        code="promised_meanwhile",
        house=row.unit.name,
    )


def end_offers(made: CareRequest, by: Actor, *, but: Offer | None = None) -> None:
    """Step: every other live offer is taken back and its place let go."""
    live = Offer.objects.live().filter(request=made)
    if but is not None:
        live = live.exclude(pk=but.pk)
    for row in live.select_related("unit").select_for_update(no_key=True, of=("self",)):
        row.request = made
        end(row, OfferState.WITHDRAWN, by, "withdraw")


def search_again(row: Offer, by: Actor) -> None:
    """Step: the chosen provider falls away, and with it what it saw of the case.

    What is on hold stays so: nobody has looked again yet.
    """
    made = row.request
    name = "fall_away" if made.state == RequestState.ON_HOLD else "fall_back"
    move(made, name, by, provider=None, assigned_at=None)
    steps.regroup(made.case)


# What could be done now, before it is tried: buttons on a page, `moves` in the API ---------------

#: A place is sought, or given: not under a life threat, nor for a U2 that no physician saw.
MATCHING = frozenset({"offer", "cascade", "book", "assign", "resume", "resume_assigned"})
#: A move of an offer that is one of its request too.
TOGETHER = {"assign": "assign", "start": "start", "complete": "close"}


def request_moves(made: CareRequest, by: Actor) -> list[str]:
    """What the table of requests allows, whatever the case says."""
    names = moves.open_to(REQUEST_MOVES, state=made.state, sides=made.sides(by), duties=by.duties)
    # One kind of resume; and an order is stopped when there is one, begun when there is none.
    other = "resume" if made.provider_id else "resume_assigned"
    order = "stop_cascade" if made.cascade_since is None else "cascade"
    left_out = {other, order}
    if made.handler == by.pk:  # nobody takes over from themselves
        left_out.add("take_over")
    if made.handler is None:  # and nothing is passed on that is nobody's
        left_out.add("pass_on")
    return [name for name in names if name not in left_out]


def request_openings(made: CareRequest, by: Actor) -> list[str]:
    """Step: the newest triage of the case may be read here."""
    return _matchable(request_moves(made, by), made)


def offer_moves(offer: Offer, by: Actor) -> list[str]:
    """What the table of offers allows, as far as the offer and its request have come."""
    names = moves.open_to(OFFER_MOVES, state=offer.state, sides=offer.sides(by), duties=by.duties)
    return [name for name in names if _in_turn(name, offer)]


def offer_openings(offer: Offer, by: Actor) -> list[str]:
    """Step: the newest triage of the case may be read here."""
    return _matchable(offer_moves(offer, by), offer.request)


def _matchable(names: list[str], made: CareRequest) -> list[str]:
    """The case is asked only when it matters."""
    if MATCHING.isdisjoint(names) or steps.unmatchable(made.case) is None:
        return names
    return [name for name in names if name not in MATCHING]


def _in_turn(name: str, offer: Offer) -> bool:
    """Read back, then start; once; in time; and not while the request stands still."""
    now = timezone.now()
    match name:
        case "accept" | "ask" | "decline" if offer.answer_before <= now:
            return False
        case "assign" if offer.promised_until is not None and offer.promised_until <= now:
            return False
        case "read_back" if offer.read_back_at is not None:
            return False
        case "depart" if offer.departed_at is not None:
            return False
        case "start" if offer.read_back_at is None:
            return False
    both = TOGETHER.get(name)
    return both is None or offer.request.state in REQUEST_MOVES[both].sources
