"""The life of a place and what may be said of a unit, as tables. Pure: guards, docs and tests
read them."""

from enum import StrEnum

from lzc.moves import move
from lzc.rights import Duty


class PlaceState(StrEnum):
    FREE = "free"  # staffed and usable now, and nobody holds it
    HELD = "held"  # promised or asked for: one live offer holds it
    OCCUPIED = "occupied"  # a patient is in it
    WITHDRAWN = "withdrawn"  # not to be given now


class UnitState(StrEnum):
    OPEN = "open"
    STOPPED = "stopped"  # opnamestop: it takes nobody, whatever it lists


class Load(StrEnum):
    """How busy an emergency department is."""

    NORMAL = "normal"
    BUSY = "busy"
    FULL = "full"
    CLOSED = "closed"  # for a while


class Said(StrEnum):
    """What a unit says on the telephone."""

    HAS_PLACE = "has_place"
    FULL = "full"
    NO_ANSWER = "no_answer"


class Stop(StrEnum):
    """Why a unit takes nobody for a while."""

    STAFF = "staff"
    INFECTION = "infection"
    FULL = "full"
    BUILDING = "building"
    OTHER = "other"


class Source(StrEnum):
    """By which way it was said how many places there are."""

    PLANNER = "planner"
    API = "api"
    PHONE = "phone"
    LINK = "link"


class Side(StrEnum):
    PLANNER = "planner"  # the organisation of the unit
    LINK = "link"  # who opened the signed link of a reminder, for this one unit
    OFFER = "offer"  # an offer of coordination, by its own move
    DESK = "desk"  # a desk that steers the region of the unit
    CLOCK = "clock"


S, U = PlaceState, UnitState
NOT_FREE_YET = {S.OCCUPIED, S.WITHDRAWN}
PLACE_BORN = {"release": S.FREE, "plan_release": S.WITHDRAWN}
PLACE_MOVES = {
    "release": move(
        {Side.PLANNER, Side.LINK}, Duty.ANSWER, {S.WITHDRAWN}, S.FREE, "place.released"
    ),
    "withdraw": move(
        {Side.PLANNER, Side.LINK}, Duty.ANSWER, {S.FREE}, S.WITHDRAWN, "place.withdrawn"
    ),
    "plan_release": move({Side.PLANNER}, Duty.ANSWER, NOT_FREE_YET, None, "place.release_planned"),
    "call_off": move({Side.PLANNER}, Duty.ANSWER, NOT_FREE_YET, None, "place.release_called_off"),
    "come_free": move({Side.CLOCK}, None, NOT_FREE_YET, S.FREE, "place.came_free"),
    "hold": move({Side.OFFER}, None, {S.FREE}, S.HELD, "place.held"),
    "let_go": move({Side.OFFER}, None, {S.HELD}, S.FREE, "place.let_go"),
    "withdraw_held": move({Side.OFFER}, None, {S.HELD}, S.WITHDRAWN, "place.not_there"),
    "occupy": move({Side.OFFER}, None, {S.HELD}, S.OCCUPIED, "place.occupied"),
    "vacate": move({Side.OFFER}, None, {S.OCCUPIED}, S.WITHDRAWN, "place.vacated"),
    "clear": move({Side.PLANNER}, Duty.ANSWER, {S.OCCUPIED}, S.WITHDRAWN, "place.cleared"),
    "lapse": move({Side.CLOCK}, None, {S.FREE}, S.WITHDRAWN, "place.lapsed"),
}
BOTH = {U.OPEN, U.STOPPED}
UNIT_BORN: dict[str, str] = {}
UNIT_MOVES = {
    "confirm": move({Side.PLANNER, Side.LINK}, Duty.ANSWER, BOTH, None, "unit.confirmed"),
    "stop": move({Side.PLANNER}, Duty.ANSWER, {U.OPEN}, U.STOPPED, "unit.stopped"),
    "reopen": move({Side.PLANNER}, Duty.ANSWER, {U.STOPPED}, U.OPEN, "unit.reopened"),
    "observe_call": move({Side.DESK}, Duty.DESK, BOTH, None, "unit.called"),
    "remind": move({Side.CLOCK}, None, BOTH, None, "unit.grown_stale"),
    "escalate": move({Side.CLOCK}, None, BOTH, None, "unit.ignored_reminder"),
    "fall_silent": move({Side.CLOCK}, None, BOTH, None, "unit.fell_silent"),
    "speak": move({Side.CLOCK}, None, BOTH, None, "unit.heard_again"),
}
LOAD_MOVES = {
    "report_load": move({Side.PLANNER}, Duty.ANSWER, set(Load), None, "emergency.load_reported"),
    "hear_load": move({Side.DESK}, Duty.DESK, set(Load), None, "emergency.load_reported"),
}
