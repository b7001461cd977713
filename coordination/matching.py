"""Which units can take this patient, best first, and why the others cannot. Pure.

Hard rules exclude, each with a coded reason. What is left is ranked: right care (the wished kind
first), certainty that the place is there, travel time. Old figures rank lower; they never hide.
The same input gives the same order, whatever order it came in.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import hypot
from uuid import UUID

from lzc.policy import Rules

FRESH, AGEING, UNKNOWN = "fresh", "ageing", "unknown"
_CERTAINTY = {FRESH: 0, AGEING: 1, UNKNOWN: 2}


@dataclass(frozen=True)
class Need:
    """What is asked: `care_types` in order of wish; position in the national grid, metres."""

    care_types: tuple[str, ...]
    requirements: frozenset[str] = frozenset()
    pc4: int | None = None
    x: int | None = None
    y: int | None = None
    #: Units that refused this request, or hold an offer of it.
    refused_by: frozenset[UUID] = frozenset()
    asked: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Unit:
    """What a unit offers now. `minutes_old`: since somebody last said so; None: never."""

    id: UUID
    care_type: str
    x: int
    y: int
    free: int
    held: int = 0
    minutes_old: float | None = None
    attributes: frozenset[str] = frozenset()
    service_area: frozenset[int] = frozenset()
    admits_from: int | None = None
    admits_until: int | None = None
    response_minutes: int | None = None


@dataclass(frozen=True)
class Candidate:
    unit: UUID
    wish: int  # 0: the kind of care that was wished first
    freshness: str
    travel_minutes: float | None
    #: What a coordinator should know before offering: codes.
    remarks: tuple[str, ...] = ()

    def order(self) -> tuple[int, int, float, str]:
        far = self.travel_minutes if self.travel_minutes is not None else float("inf")
        return (self.wish, _CERTAINTY[self.freshness], far, str(self.unit))


@dataclass(frozen=True)
class Excluded:
    unit: UUID
    #: `full`, `held`, `outside_area`, `closed_now`, `refused`, `asked`, `lacks:oxygen` …
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    candidates: tuple[Candidate, ...] = ()
    excluded: tuple[Excluded, ...] = field(default=())


def rank(need: Need, units: Iterable[Unit], *, minute: int, rules: Rules) -> Ranking:
    """`minute`: minutes after midnight on the Dutch wall clock, for admission windows."""
    candidates, excluded = [], []
    for unit in units:
        if reasons := _against(need, unit, minute):
            excluded.append(Excluded(unit.id, reasons))
        else:
            candidates.append(_candidate(need, unit, rules))
    return Ranking(
        tuple(sorted(candidates, key=Candidate.order)),
        tuple(sorted(excluded, key=lambda e: (len(e.reasons), str(e.unit)))),
    )


def _against(need: Need, unit: Unit, minute: int) -> tuple[str, ...]:
    rules = {
        "other_care": unit.care_type not in need.care_types,
        "asked": unit.id in need.asked,
        "refused": unit.id in need.refused_by,
        "outside_area": bool(unit.service_area) and need.pc4 not in unit.service_area,
        "closed_now": not _admits(unit, minute),
        "held": not unit.free and bool(unit.held),
        "full": not unit.free and not unit.held,
    }
    lacking = (f"lacks:{what}" for what in sorted(need.requirements - unit.attributes))
    return (*(code for code, holds in rules.items() if holds), *lacking)


def _admits(unit: Unit, minute: int) -> bool:
    """A window may pass midnight: a night team admits from 23:00 until 07:00."""
    if unit.admits_from is None or unit.admits_until is None:
        return True
    if unit.admits_from <= unit.admits_until:
        return unit.admits_from <= minute < unit.admits_until
    return minute >= unit.admits_from or minute < unit.admits_until


def _candidate(need: Need, unit: Unit, rules: Rules) -> Candidate:
    fresh = freshness(unit.minutes_old, rules)
    remarks = []
    if fresh != FRESH:
        remarks.append("call_first" if fresh == UNKNOWN else "ageing")
    if unit.free == 1:
        remarks.append("last_place")
    return Candidate(
        unit=unit.id,
        wish=need.care_types.index(unit.care_type),
        freshness=fresh,
        travel_minutes=_travel(need, unit, rules),
        remarks=tuple(remarks),
    )


def freshness(minutes_old: float | None, rules: Rules) -> str:
    if minutes_old is None or minutes_old > rules.unknown_minutes:
        return UNKNOWN
    return FRESH if minutes_old <= rules.fresh_minutes else AGEING


def _travel(need: Need, unit: Unit, rules: Rules) -> float | None:
    if need.x is None or need.y is None:
        return None
    return round(rules.travel_minutes(hypot(unit.x - need.x, unit.y - need.y)), 1)
