"""How well a unit fits that can take the patient: the four of 4×juist, and what to know first."""

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
    "last_place",
    "misses",
)
HUISARTS = "huisarts"
_BY_AGE = {AGEING: "ageing", OLD: "old", UNKNOWN: "call_first"}
_CERTAINTY = {FRESH: 1.0, AGEING: 0.8, OLD: 0.4, UNKNOWN: 0.15}
_CIRCLE = {OWN: 1.0, NEIGHBOUR: 0.85, OTHER: 0.6}
_UNKNOWN_TRAVEL = 0.5
_SILENT = 0.5
_NO_OWN_HUISARTS = 0.8
_KNOWN_SEX = ("female", "male")


def candidate(need: Need, unit: Unit, seen: Look, at: Moment, rules: Rules) -> Candidate:
    place = seen.place
    assert place is not None
    fresh = freshness(
        unit.minutes_old,
        care_type=unit.care_type,
        rules=rules,
        true_until=unit.true_until,
        shift_minutes=at.shift_minutes,
    )
    barred = needs_ground(need, unit, place)
    return Candidate(
        unit=unit.id,
        scores=_scores(need, unit, seen, fresh, rules),
        wish=need.care_types.index(unit.care_type),
        freshness=fresh,
        travel_minutes=seen.travel,
        ready_in=seen.ready_in,
        free=seen.free,
        place=place.attributes,
        remarks=tuple(_remarks(need, unit, seen, fresh, at)),
        blocks_assignment=barred,
    )


def _scores(need: Need, unit: Unit, seen: Look, fresh: str, rules: Rules) -> Scores:
    care = _care(need, unit, seen)
    place = _place(need, unit, seen, rules)
    carer = _carer(unit, fresh)
    soon = rules.half_wait_minutes / (rules.half_wait_minutes + (seen.ready_in or 0.0))
    share = rules.weights_for(need.urgency)
    total = (
        share["care"] * care
        + share["place"] * place
        + share["carer"] * carer
        + share["time"] * soon
    )
    return Scores(*(round(part, 4) for part in (care, place, carer, soon, total)))


def _care(need: Need, unit: Unit, seen: Look) -> float:
    """The first kind of care counts whole, the second half, …; a third of it is for the wishes."""
    order = 1 / (1 + need.care_types.index(unit.care_type))
    if not need.wishes:
        return order
    met = 1 - len(_missed(need, unit, seen)) / len(need.wishes)
    return (2 * order + met) / 3


def _missed(need: Need, unit: Unit, seen: Look) -> frozenset[str]:
    own = seen.place.attributes if seen.place else frozenset()
    return need.wishes - unit.attributes - own


def _place(need: Need, unit: Unit, seen: Look, rules: Rules) -> float:
    half = rules.half_travel_minutes
    near = _UNKNOWN_TRAVEL if seen.travel is None else half / (half + seen.travel)
    own = _NO_OWN_HUISARTS if _who_treats(need, unit) else 1.0
    return near * _CIRCLE[unit.circle] * own


def _carer(unit: Unit, fresh: str) -> float:
    """Is the place really there, and does somebody answer? An old figure makes it less sure."""
    sure = unit.confidence * _CERTAINTY[fresh]
    answers = 0.5 + 0.5 * unit.answered
    return sure * answers * (_SILENT if unit.health == "silent" else 1.0)


def _who_treats(need: Need, unit: Unit) -> bool:
    """The own huisarts would treat there, but does not come there, or there is none."""
    if unit.main_practitioner != HUISARTS or need.huisarts_area is None:
        return False
    return unit.pc4 not in need.huisarts_area


def _remarks(need: Need, unit: Unit, seen: Look, fresh: str, at: Moment) -> list[str]:
    place = seen.place
    assert place is not None
    barred = needs_ground(need, unit, place)
    rooms = {"women", "men"} & (place.attributes | unit.attributes)
    said = {
        _BY_AGE.get(fresh, ""): fresh != FRESH,
        "silent": unit.health == "silent",
        "no_ground": barred and need.legal_ground == RESISTS,
        "ground_unknown": barred and need.legal_ground != RESISTS,
        "who_treats": _who_treats(need, unit),
        "shared_room": bool(rooms) and need.sex not in _KNOWN_SEX,
        "other_region": unit.circle == OTHER,
        "neighbour": unit.circle == NEIGHBOUR,
        f"free_from:{at.after(seen.opens)}" if seen.opens else "": seen.opens > 0,
        "last_place": seen.free == 1,
    }
    codes = [code for code, holds in said.items() if holds]
    return [*codes, *(f"misses:{what}" for what in sorted(_missed(need, unit, seen)))]
