"""The life of a case, as one table. Pure: guards, docs and tests read it."""

from enum import StrEnum

from lzc.moves import move
from lzc.rights import Duty


class CaseState(StrEnum):
    OPEN = "open"  # somebody is working on it
    REDIRECTED = "redirected"  # life threat: with 112; nothing is matched until that is confirmed
    CLOSED = "closed"  # care has started, or is no longer needed


class Ended(StrEnum):
    """Why a case is closed, or care no longer sought."""

    CARE_STARTED = "care_started"
    ADVICE = "advice"  # advice was enough
    HOME_WITH_CARE = "home_with_care"
    HOSPITAL = "hospital"
    NONE_IN_TIME = "none_in_time"
    PATIENT_DECLINES = "patient_declines"
    CHANGED = "changed"
    DUPLICATE = "duplicate"
    DIED = "died"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """The part in which an actor stands before a case."""

    OWNER = "owner"  # the organisation of the desk that owns it
    PARTY = "party"  # any organisation involved in it
    MELDKAMER = "meldkamer"  # an ambulance dispatch centre involved in it
    RECEIVER = "receiver"  # the desk that a handover is offered to
    CLOCK = "clock"


S = CaseState
ALIVE = frozenset({S.OPEN, S.REDIRECTED})
CASE_BORN = {"register": S.OPEN}
CASE_MOVES = {
    "contact": move({Side.PARTY}, Duty.DESK, ALIVE, None, "case.contacted"),
    "triage": move({Side.PARTY}, Duty.DESK, ALIVE, None, "case.triaged"),
    "report": move({Side.PARTY}, Duty.VISIT, ALIVE, None, "case.reported"),
    "note": move({Side.PARTY}, Duty.DESK, ALIVE, None, "case.noted"),
    "deteriorate": move({Side.PARTY}, Duty.DESK, {S.OPEN}, None, "case.deteriorated"),
    "redirect": move({Side.PARTY}, Duty.DESK, {S.OPEN}, S.REDIRECTED, "case.redirected"),
    "confirm_redirect": move(
        {Side.MELDKAMER, Side.OWNER}, Duty.DESK, {S.REDIRECTED}, S.OPEN, "case.redirect_confirmed"
    ),
    "hand_over": move({Side.OWNER}, Duty.DESK, ALIVE, None, "handover.offered"),
    "take_over": move({Side.RECEIVER}, Duty.DESK, ALIVE, None, "case.owner_changed"),
    "close": move({Side.OWNER}, Duty.DESK, {S.OPEN}, S.CLOSED, "case.closed"),
    "reopen": move({Side.OWNER}, Duty.DESK, {S.CLOSED}, S.OPEN, "case.reopened"),
}
