"""What each refusal means for what comes next. Pure.

A coded "no" is more than an end: it says something of the place, and of whether the same unit may
be asked again for the same patient.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class OfPlace(StrEnum):
    """What becomes of the place that was held, when the planner confirms it is not there."""

    STAYS = "stays"  # it is there, for another patient
    GONE = "gone"  # it goes off the list
    NEXT_SHIFT = "next_shift"  # nobody to give the care now: planned for when the shift ends
    PLANNED = "planned"  # it comes free at the moment that was said


class Meaning(NamedTuple):
    place: OfPlace
    #: It is no refusal yet: the unit must know more, and the clock stands still for that.
    asks: bool = False


MEANINGS: Mapping[str, Meaning] = {
    "no_capacity": Meaning(OfPlace.GONE),
    "no_staff": Meaning(OfPlace.NEXT_SHIFT),
    "too_heavy": Meaning(OfPlace.STAYS),
    "does_not_fit": Meaning(OfPlace.STAYS),
    "only_later": Meaning(OfPlace.PLANNED),
    "no_isolation": Meaning(OfPlace.STAYS),
    "no_equipment": Meaning(OfPlace.STAYS),
    "needs_closed_ward": Meaning(OfPlace.STAYS),
    "admission_stop": Meaning(OfPlace.GONE),
    "too_little_information": Meaning(OfPlace.STAYS, asks=True),
    "contract": Meaning(OfPlace.STAYS),
    "other": Meaning(OfPlace.GONE),
}


def still_refused(reason: str, free_from: datetime | None, now: datetime) -> bool:
    """A refusal lasts as long as the request; "not in time, but later" until that moment came."""
    return reason != "only_later" or free_from is None or free_from > now
