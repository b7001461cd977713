"""The life of a care request, an offer and a handover, as tables. Pure."""

from enum import StrEnum

from lzc.moves import move
from lzc.rights import Duty


class RequestState(StrEnum):
    DRAFT = "draft"  # being written, nobody else sees it
    SUBMITTED = "submitted"  # asked; nobody at the desk picked it up yet
    SEARCHING = "searching"  # somebody at the desk looks for a place
    WAITING = "waiting"  # nothing fits now; on the waiting list, with an interim plan
    ON_HOLD = "on_hold"  # the patient changed: nothing is promised until somebody looked again
    ASSIGNED = "assigned"  # one provider takes the patient
    STARTED = "started"  # care has started
    CLOSED = "closed"
    CANCELLED = "cancelled"


class OfferState(StrEnum):
    SENT = "sent"  # asked; the clock runs
    ASKED = "asked"  # the provider asks something back; the clock stands still
    ACCEPTED = "accepted"  # the provider can take the patient; the place is promised
    ASSIGNED = "assigned"  # the desk chose this one
    STARTED = "started"  # the patient is there
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"  # no answer in time
    WITHDRAWN = "withdrawn"  # by the desk: taken back, or placed elsewhere
    FAILED = "failed"  # promised, but it cannot be kept


class HandoverState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ShiftState(StrEnum):
    OFF = "off"  # not at work at this desk
    ON = "on"


class PassingState(StrEnum):
    """How far a claim is on its way to the next shift. Until accepted it stays where it was."""

    OFFERED = "offered"
    ESCALATED = "escalated"  # nobody accepted it in time: the whole desk was told
    ACCEPTED = "accepted"


class PlanState(StrEnum):
    MADE = "made"  # proposed
    APPLIED = "applied"  # a desk carried out all of its part, or some rows of it


class Side(StrEnum):
    """The part in which an actor stands before a request, an offer or a handover."""

    REQUESTER = "requester"  # who asks for care
    DESK = "desk"  # who looks for it
    PROVIDER = "provider"  # who is asked to give it
    SENDER = "sender"  # the desk that hands a case over
    RECEIVER = "receiver"  # the desk it is handed to
    CLOCK = "clock"
    ORDER = "order"  # the order in which a desk chose to ask, followed when somebody answers no


R, F, H = RequestState, OfferState, HandoverState

#: A person has at most one placement request in these.
OPEN = frozenset({R.SUBMITTED, R.SEARCHING, R.WAITING, R.ON_HOLD, R.ASSIGNED})
#: A place is held if and only if an offer in one of these holds it.
HOLDING = frozenset({F.SENT, F.ASKED, F.ACCEPTED, F.ASSIGNED})
#: The offer that the request was given to.
CHOSEN = frozenset({F.ASSIGNED, F.STARTED})

_LOOKING = {R.SEARCHING, R.WAITING}
#: Asked, and nobody was chosen yet; or it stands still.
_SOUGHT = {R.SUBMITTED, R.ON_HOLD, *_LOOKING}
_desk, _provider, _asker = {Side.DESK}, {Side.PROVIDER}, {Side.REQUESTER}

REQUEST_BORN = {"draft": R.DRAFT, "request": R.SUBMITTED}
REQUEST_MOVES = {
    "submit": move(_asker, Duty.ASK, {R.DRAFT}, R.SUBMITTED, "care_request.submitted"),
    "take": move(_desk, Duty.DESK, {R.SUBMITTED}, R.SEARCHING, "care_request.taken"),
    "take_over": move(_desk, Duty.DESK, OPEN - {R.SUBMITTED}, None, "care_request.taken_over"),
    "pass_on": move(_desk, Duty.DESK, OPEN - {R.SUBMITTED}, None, "passing.offered"),
    "offer": move(_desk, Duty.DESK, {R.SUBMITTED, *_LOOKING}, R.SEARCHING, "care_request.offered"),
    "cascade": move(
        _desk, Duty.DESK, {R.SUBMITTED, *_LOOKING}, R.SEARCHING, "care_request.cascade_started"
    ),
    "stop_cascade": move(
        _desk, Duty.DESK, {R.SEARCHING, R.ON_HOLD}, None, "care_request.cascade_stopped"
    ),
    "go_on": move(
        {Side.CLOCK, Side.ORDER}, None, {R.SEARCHING}, None, "care_request.cascade_went_on"
    ),
    "book": move(_desk, Duty.DESK, {R.SUBMITTED, *_LOOKING}, R.ASSIGNED, "care_request.booked"),
    "wait": move(_desk, Duty.DESK, _LOOKING, R.WAITING, "care_request.waiting"),
    "escalate": move(_desk, Duty.DESK, {R.SUBMITTED, *_LOOKING}, None, "care_request.escalated"),
    "find_place": move({Side.CLOCK}, None, _LOOKING, None, "care_request.place_found"),
    "end_watch": move({Side.CLOCK}, None, {R.ON_HOLD, *_LOOKING}, None, "care_request.watch_ended"),
    "hold": move(
        {Side.DESK, Side.REQUESTER, Side.PROVIDER},
        None,
        {R.SUBMITTED, *_LOOKING, R.ASSIGNED},
        R.ON_HOLD,
        "care_request.held",
    ),
    "resume": move(_desk, Duty.DESK, {R.ON_HOLD}, R.SEARCHING, "care_request.resumed"),
    "resume_assigned": move(
        _desk, Duty.DESK, {R.ON_HOLD}, R.ASSIGNED, "care_request.assignment_resumed"
    ),
    "assign": move(_desk, Duty.DESK, _LOOKING, R.ASSIGNED, "care_request.assigned"),
    "fall_back": move(
        {Side.DESK, Side.PROVIDER},
        None,
        {R.ASSIGNED},
        R.SEARCHING,
        "care_request.searching_again",
    ),
    "fall_away": move(
        {Side.DESK, Side.PROVIDER}, None, {R.ON_HOLD}, None, "care_request.provider_fell_away"
    ),
    "start": move(_provider, None, {R.ASSIGNED}, R.STARTED, "care_request.started"),
    "close": move({Side.DESK, Side.PROVIDER}, None, {R.STARTED}, R.CLOSED, "care_request.closed"),
    "amend": move(
        {Side.DESK, Side.REQUESTER}, Duty.ASK, {R.DRAFT, *_SOUGHT}, None, "care_request.amended"
    ),
    "widen": move(_desk, Duty.DESK, _SOUGHT, None, "care_request.widened"),
    "cancel": move(
        {Side.DESK, Side.REQUESTER},
        Duty.ASK,
        {R.DRAFT, *OPEN},
        R.CANCELLED,
        "care_request.cancelled",
    ),
}

OFFER_BORN = {"offer": F.SENT, "book": F.ASSIGNED}
OFFER_MOVES = {
    "show": move({Side.CLOCK}, None, {F.SENT}, None, "offer.shown"),
    "prompt": move({Side.CLOCK}, None, {F.SENT}, None, "offer.unanswered"),
    "ask": move(_provider, Duty.ANSWER, {F.SENT}, F.ASKED, "offer.asked"),
    "reply": move(_desk, Duty.DESK, {F.ASKED}, F.SENT, "offer.replied"),
    "accept": move(_provider, Duty.ANSWER, {F.SENT, F.ASKED}, F.ACCEPTED, "offer.accepted"),
    "decline": move(_provider, Duty.ANSWER, {F.SENT, F.ASKED}, F.DECLINED, "offer.declined"),
    "expire": move({Side.CLOCK}, None, {F.SENT, F.ASKED}, F.EXPIRED, "offer.expired"),
    "withdraw": move(
        _desk, Duty.DESK, {F.SENT, F.ASKED, F.ACCEPTED, F.ASSIGNED}, F.WITHDRAWN, "offer.withdrawn"
    ),
    "lapse": move({Side.CLOCK}, None, {F.ACCEPTED}, F.WITHDRAWN, "offer.lapsed"),
    "assign": move(_desk, Duty.DESK, {F.ACCEPTED}, F.ASSIGNED, "offer.assigned"),
    "read_back": move(_provider, Duty.ANSWER, {F.ASSIGNED}, None, "offer.read_back"),
    "depart": move(_provider, Duty.VISIT, {F.ASSIGNED}, None, "offer.departed"),
    "start": move(_provider, Duty.ANSWER, {F.ASSIGNED}, F.STARTED, "offer.started"),
    "complete": move(_provider, Duty.ANSWER, {F.STARTED}, F.COMPLETED, "offer.completed"),
    "fail": move(_provider, Duty.ANSWER, {F.ACCEPTED, F.ASSIGNED}, F.FAILED, "offer.failed"),
}

HANDOVER_BORN = {"hand_over": H.OFFERED}
HANDOVER_MOVES = {
    "accept": move({Side.RECEIVER}, Duty.DESK, {H.OFFERED}, H.ACCEPTED, "handover.accepted"),
    "refuse": move({Side.RECEIVER}, Duty.DESK, {H.OFFERED}, H.REFUSED, "handover.refused"),
    "withdraw": move({Side.SENDER}, Duty.DESK, {H.OFFERED}, H.WITHDRAWN, "handover.withdrawn"),
}

PLAN_BORN = {"make_plan": PlanState.MADE}
_plans = {PlanState.MADE, PlanState.APPLIED}
PLAN_MOVES = {
    "apply_plan": move(_desk, Duty.DESK, _plans, PlanState.APPLIED, "plan.applied"),
}

G, D = PassingState, ShiftState
#: A claim that waits for somebody of the next shift.
PASSING = frozenset({G.OFFERED, G.ESCALATED})
PASSING_BORN = {"pass_on": G.OFFERED}
PASSING_MOVES = {
    "accept": move(_desk, Duty.DESK, PASSING, G.ACCEPTED, "passing.accepted"),
    "escalate": move({Side.CLOCK}, None, {G.OFFERED}, G.ESCALATED, "passing.escalated"),
    "tell_again": move({Side.CLOCK}, None, {G.ESCALATED}, None, "passing.escalated_again"),
    "offer_again": move(_desk, Duty.DESK, {G.ESCALATED}, G.OFFERED, "passing.offered_again"),
}
#: Of one person: a shift begins with testing the sound, and ends with passing on what is open.
SHIFT_MOVES = {
    "start": move(_desk, Duty.DESK, {D.OFF}, D.ON, "shift.started"),
    "end": move(_desk, Duty.DESK, {D.ON}, D.OFF, "shift.ended"),
}
