"""How well a unit fits that can take the patient: the four of 4×juist, and what to know first."""

from collections.abc import Iterator

from coordination.matching.hard_rules import Look, needs_ground
from coordination.matching.terms import (
    NEIGHBOUR,
    OTHER,
    OWN,
    RESISTS,
    Candidate,
    Moment,
    Need,
    Scores,
    Unit,
)
from lzc.freshness import AGEING, FRESH, OLD, UNKNOWN, freshness
from lzc.policy import Rules

#: Codes, some with a value: `misses:single_room`, `free_from:2026-11-23T16:30+01:00`.
REMARKS = (
    "call_first",
    "old",
    "ageing",
    "silent",
    "no_ground",
    "ground_unknown",
    "who_treats",
    "shared_room",
    "other_region",
    "neighbour",
    "free_from",
    "direct_booking",
    "last_place",
    "misses",
)
HUISARTS = "huisarts"
_BY_AGE = {AGEING: "ageing", OLD: "old", UNKNOWN: "call_first"}
_CERTAINTY = {FRESH: 1.0, AGEING: 0.8, OLD: 0.4, UNKNOWN: 0.15}
_CIRCLE = {OWN: 1.0, NEIGHBOUR: 0.85, OTHER: 0.6}
_UNKNOWN_TRAVEL = 0.5
SILENT = "silent"
_WHEN_SILENT = 0.5
_NO_OWN_HUISARTS = 0.8
_KNOWN_SEX = frozenset({"female", "male"})
_SHARED = frozenset({"women", "men"})


class Scoring:
    """How the units that can take one patient are weighed, by the rules of the region."""

    def __init__(self, need: Need, *, at: Moment, rules: Rules) -> None:
        self.need, self.at, self.rules = need, at, rules
        self.share = rules.weights_for(need.urgency)
        self.sex_unknown = need.sex not in _KNOWN_SEX
        self.wish = {care_type: n for n, care_type in reversed([*enumerate(need.care_types)])}

    def candidate(self, unit: Unit, seen: Look) -> Candidate:
        fresh = freshness(
            unit.minutes_old,
            care_type=unit.care_type,
            rules=self.rules,
            true_until=unit.true_until,
            shift_minutes=self.at.shift_minutes,
        )
        barred = needs_ground(self.need, unit, seen.place)
        remarks = [*self._remarks(unit, seen, fresh, barred=barred)]
        missed: list[str] = []
        if self.need.wishes:
            missed = sorted(self.need.wishes - unit.attributes - seen.place.attributes)
            remarks += [f"misses:{what}" for what in missed]
        return Candidate(
            unit=unit.id,
            scores=self._scores(unit, seen, fresh, len(missed)),
            wish=self.wish[unit.care_type],
            freshness=fresh,
            travel_minutes=seen.travel,
            ready_in=seen.ready_in,
            free=seen.free,
            place=seen.place.attributes,
            remarks=tuple(remarks),
            blocks_assignment=barred,
        )

    def _scores(self, unit: Unit, seen: Look, fresh: str, missed: int) -> Scores:
        care, place = self._care(unit, missed), self._place(unit, seen)
        carer, soon = _carer(unit, fresh), self._soon(seen)
        share = self.share
        total = (
            share["care"] * care
            + share["place"] * place
            + share["carer"] * carer
            + share["time"] * soon
        )
        return Scores(
            round(care, 4), round(place, 4), round(carer, 4), round(soon, 4), round(total, 4)
        )

    def _care(self, unit: Unit, missed: int) -> float:
        """The first kind of care counts whole, the second half, …; a third is for the wishes."""
        order = 1 / (1 + self.wish[unit.care_type])
        if not self.need.wishes:
            return order
        return (2 * order + 1 - missed / len(self.need.wishes)) / 3

    def _place(self, unit: Unit, seen: Look) -> float:
        half = self.rules.half_travel_minutes
        near = _UNKNOWN_TRAVEL if seen.travel is None else half / (half + seen.travel)
        own = _NO_OWN_HUISARTS if self._who_treats(unit) else 1.0
        return near * _CIRCLE[unit.circle] * own

    def _soon(self, seen: Look) -> float:
        half = self.rules.half_wait_minutes
        return half / (half + (seen.ready_in or 0.0))

    def _who_treats(self, unit: Unit) -> bool:
        """The own huisarts would treat there, but does not come there, or there is none."""
        area = self.need.huisarts_area
        return unit.main_practitioner == HUISARTS and area is not None and unit.pc4 not in area

    def _remarks(self, unit: Unit, seen: Look, fresh: str, *, barred: bool) -> Iterator[str]:
        if fresh != FRESH:
            yield _BY_AGE[fresh]
        if unit.health == SILENT:
            yield "silent"
        if barred:
            yield "no_ground" if self.need.legal_ground == RESISTS else "ground_unknown"
        if self._who_treats(unit):
            yield "who_treats"
        if self.sex_unknown and _SHARED & (seen.place.attributes | unit.attributes):
            yield "shared_room"
        if unit.circle != OWN:
            yield "neighbour" if unit.circle == NEIGHBOUR else "other_region"
        if seen.opens > 0:
            yield f"free_from:{self.at.after(seen.opens)}"
        if unit.direct_booking:
            yield "direct_booking"
        if seen.free == 1:
            yield "last_place"


def _carer(unit: Unit, fresh: str) -> float:
    """Is the place really there, and does somebody answer? An old figure makes it less sure."""
    sure = unit.confidence * _CERTAINTY[fresh]
    answers = 0.5 + 0.5 * unit.answered
    return sure * answers * (_WHEN_SILENT if unit.health == SILENT else 1.0)
