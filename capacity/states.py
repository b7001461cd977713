"""The life of a place, as one table. Pure: guards, docs and tests read it."""

from enum import StrEnum

from lzc.moves import move
from lzc.rights import Duty


class PlaceState(StrEnum):
    FREE = "free"  # staffed and usable now, and nobody holds it
    HELD = "held"  # promised or asked for: one live offer holds it
    OCCUPIED = "occupied"  # a patient is in it
    WITHDRAWN = "withdrawn"  # not to be given now


class Side(StrEnum):
    PLANNER = "planner"  # the organisation of the unit
    OFFER = "offer"  # an offer of coordination, by its own move
    CLOCK = "clock"


S = PlaceState
PLACE_BORN = {"release": S.FREE}
PLACE_MOVES = {
    "release": move({Side.PLANNER}, Duty.ANSWER, {S.WITHDRAWN}, S.FREE, "place.released"),
    "withdraw": move({Side.PLANNER}, Duty.ANSWER, {S.FREE}, S.WITHDRAWN, "place.withdrawn"),
    "hold": move({Side.OFFER}, None, {S.FREE}, S.HELD, "place.held"),
    "let_go": move({Side.OFFER}, None, {S.HELD}, S.FREE, "place.let_go"),
    "occupy": move({Side.OFFER}, None, {S.HELD}, S.OCCUPIED, "place.occupied"),
    "vacate": move(
        {Side.PLANNER, Side.OFFER}, Duty.ANSWER, {S.OCCUPIED}, S.WITHDRAWN, "place.vacated"
    ),
    "lapse": move({Side.CLOCK}, None, {S.FREE}, S.WITHDRAWN, "place.lapsed"),
}
