"""Why a unit cannot take this patient: every reason, as a code with its value.

A place is looked at as a whole: a unit fits when one place of it has all that is required. When
none fits, the unit is told by the place that came nearest.
"""

from collections.abc import Iterator, Mapping
from math import sqrt
from typing import NamedTuple

from coordination.matching.terms import (
    GROUNDS,
    NOT_FORESEEN,
    RESISTS,
    VISITS,
    Group,
    Moment,
    Need,
    Unit,
    open_from,
)
from lzc.policy import Rules

EXCLUSIONS = (
    "other_care",
    "elsewhere",
    "asked",
    "refused",
    "stopped",
    "outside_area",
    "too_far",
    "held",
    "full",
    "closed_now",
    "too_late",
    "lacks",
    "lacks_by_night",
    "isolation",
    "women_only",
    "men_only",
    "no_ground",
)
ISOLATION = frozenset({"isolation", "isolation_contact", "isolation_strict"})
CLOSED_WARD = "closed_ward"
#: What more than covers a requirement.
COVERED_BY = {
    "isolation": frozenset({"isolation_contact", "isolation_strict"}),
    "isolation_contact": frozenset({"isolation_strict"}),
    "transfer_1": frozenset({"transfer_2"}),
}
_SHARED = (("women", "male"), ("men", "female"))
_NONE = Group()


class Look(NamedTuple):
    """A unit as one request sees it."""

    reasons: tuple[str, ...]
    travel: float | None
    #: Of its fitting places: how many, the one to hold, and when care could start there.
    free: int = 0
    place: Group = _NONE
    #: Until that place can be had.
    opens: float = 0.0
    ready_in: float | None = None


def look(need: Need, unit: Unit, at: Moment, rules: Rules) -> Look:
    """All reasons against this unit; without any it can take the patient."""
    travel = travel_minutes(need, unit, rules)
    against = about_unit(need, unit, at, travel)
    fitting: list[Group] = []
    nearest: tuple[bool, int, tuple[str, ...]] | None = None
    for group in unit.groups or (_NONE,):
        found = about_place(need, unit, group, at, rules, travel)
        if not found:
            fitting.append(group)
            continue
        farness = (not group.free, len(found), found)
        if nearest is None or farness < nearest:
            nearest = farness
    if not fitting:
        return Look((*against, *(nearest[2] if nearest else ())), travel)
    if against:
        return Look(against, travel)
    place = fitting[0]
    if len(fitting) > 1:
        place = min(fitting, key=lambda group: _spared(need, unit, group))
    opens, ready = _soonest(unit, place, at, travel)
    known = travel is not None or unit.response_minutes is not None or opens > 0
    free = sum(max(group.free, 1) for group in fitting)
    return Look((), travel, free, place, opens, ready if known else None)


def about_unit(need: Need, unit: Unit, at: Moment, travel: float | None) -> tuple[str, ...]:
    """What no place of it can mend."""
    reasons = []
    if unit.care_type not in need.care_types:
        reasons.append("other_care")
    if unit.circle not in need.circles:
        reasons.append(f"elsewhere:{unit.circle}")
    if unit.id in need.asked:
        reasons.append("asked")
    if unit.id in need.refused_by:
        reasons.append("refused")
    if unit.closed:
        reasons.append(f"stopped:{unit.closed}")
    if unit.service_area and need.pc4 not in area_of(unit.service_area, at):
        reasons.append("outside_area")
    if too_far(need, unit, travel):
        reasons.append(f"too_far:{travel}")
    return tuple(reasons)


def about_place(
    need: Need, unit: Unit, group: Group, at: Moment, rules: Rules, travel: float | None
) -> tuple[str, ...]:
    """What is against a place of this group: when it can be had, and what it is."""
    reasons = _when(need, unit, group, at, travel)
    if not need.requirements <= unit.attributes or unit.night_attributes is not None:
        reasons += _lacking(need, unit, group, at)
    reasons += _not_for(need, unit, group, rules)
    return tuple(reasons)


def soonest(
    need: Need, unit: Unit, group: Group, at: Moment, rules: Rules
) -> tuple[float, float] | None:
    """When a place of this group can be had, and when care could start; None: not foreseen."""
    if not group.free and group.soonest_release is None:
        return None
    opens, ready = _soonest(unit, group, at, travel_minutes(need, unit, rules))
    return (opens, ready) if opens != NOT_FORESEEN else None


def deadline(need: Need) -> float | None:
    """A moment that has passed cannot be met by anybody; sooner still ranks higher."""
    return need.needed_in if need.needed_in is not None and need.needed_in > 0 else None


def travel_minutes(need: Need, unit: Unit, rules: Rules) -> float | None:
    """To a tenth; of whole metres columns reckon the same to the last digit (`sharing.nearby`)."""
    if need.x is None or need.y is None:
        return None
    metres = sqrt((unit.x - need.x) ** 2 + (unit.y - need.y) ** 2)
    return round(rules.travel_minutes(metres) * 10) / 10


def too_far(need: Need, unit: Unit, travel: float | None) -> bool:
    """How far a patient may travel says nothing about a team that comes."""
    if need.travel_limit is None or travel is None or unit.care_type in VISITS:
        return False
    return travel > need.travel_limit


def needs_ground(need: Need, unit: Unit, group: Group) -> bool:
    """Locked in without legal ground: may be sought and asked, not be assigned."""
    closed = CLOSED_WARD in group.attributes or CLOSED_WARD in unit.attributes
    return closed and need.legal_ground not in GROUNDS


def _when(need: Need, unit: Unit, group: Group, at: Moment, travel: float | None) -> list[str]:
    reasons = []
    release = 0.0 if group.free else group.soonest_release
    if release is None or release > need.may_wait:
        reasons.append(_taken(unit, at))
    opens, ready = _soonest(unit, group, at, travel)
    if opens > need.may_wait and opens > (release or 0.0):
        reasons.append(_told("closed_now", opens, at))
    by = deadline(need)
    if by is not None and ready > by:
        reasons.append(_told("too_late", ready, at))
    return reasons


def _told(code: str, minutes: float, at: Moment) -> str:
    return code if minutes == NOT_FORESEEN else f"{code}:{at.after(minutes)}"


def _taken(unit: Unit, at: Moment) -> str:
    if not unit.held:
        return "full"
    return "held" if unit.held_until is None else _told("held", unit.held_until, at)


def _soonest(unit: Unit, group: Group, at: Moment, travel: float | None) -> tuple[float, float]:
    """When a place can be had, and when care could start: a ward prepares while one travels, and
    the response time of a team holds its travel."""
    release = 0.0 if group.free else group.soonest_release or 0.0
    opens = open_from(unit.admits, at.local, release) if unit.admits else release
    response = unit.response_minutes
    if unit.care_type in VISITS and response is not None:
        return opens, opens + response
    return opens, opens + max(response or 0.0, travel or 0.0)


def _not_for(need: Need, unit: Unit, group: Group, rules: Rules) -> list[str]:
    """Who may lie there."""
    reasons = []
    for room, other in _SHARED:
        if need.sex == other and (room in group.attributes or room in unit.attributes):
            reasons.append(f"{room}_only")
    hidden = rules.hide_closed_without_ground and need.legal_ground == RESISTS
    if hidden and needs_ground(need, unit, group):
        reasons.append("no_ground")
    return reasons


def _lacking(need: Need, unit: Unit, group: Group, at: Moment) -> Iterator[str]:
    """A stay includes the nights; a visit is made in the shift of now."""
    day = night = _not_in(need.requirements, unit.attributes | group.attributes)
    if unit.night_attributes is not None:
        night = _not_in(need.requirements, unit.night_attributes | group.attributes)
    if unit.care_type in VISITS:
        day, night = (day, day) if at.shift != "night" else (night & day, night)
    for what in sorted(day | night):
        if what in ISOLATION:
            yield f"isolation:{what}"
        else:
            yield f"lacks:{what}" if what in day else f"lacks_by_night:{what}"


def _not_in(required: frozenset[str], have: frozenset[str]) -> frozenset[str]:
    lacking = required - have
    if not lacking:
        return lacking
    return frozenset(what for what in lacking if not COVERED_BY.get(what, frozenset()) & have)


def area_of(areas: Mapping[str, frozenset[int]], at: Moment) -> frozenset[int]:
    """Where a team comes in this shift."""
    return areas[at.shift] if at.shift in areas else areas.get("", frozenset())


def _spared(need: Need, unit: Unit, group: Group) -> tuple[bool, bool, int, int, list[str]]:
    """Which fitting place to hold: an open one first, and none that has more than is needed."""
    more = group.attributes - need.requirements - need.wishes
    return (
        not group.free,
        needs_ground(need, unit, group),
        -len(need.wishes & group.attributes),
        len(more),
        sorted(group.attributes),
    )
