"""What would help when nothing fits: the least that has to be let go, and what it yields.

For each unit that dropped out we ask what it would take. What takes one step is proposed; two
steps together only when no single one helps anywhere. Each proposal is tried by matching again,
and only what that yields is told.

Never let go: isolation (it protects the others), the legal ground for a closed place and that the
place is closed (both are somebody's judgement), who shares a room, a refusal, a closure, the area
of a team.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from coordination.matching.hard_rules import (
    CLOSED_WARD,
    about_place,
    about_unit,
    deadline,
    look,
    soonest,
    travel_minutes,
)
from coordination.matching.terms import (
    Group,
    Moment,
    Need,
    Relaxation,
    Step,
    Unit,
)
from lzc.policy import Rules

#: `drop` a requirement · `travel` up to · `wait` for a place, in time still · `later`: needed by ·
#: `care`: another kind too · `circle`: a neighbour or another region too. Values: minutes or codes.
KINDS = ("drop", "travel", "wait", "later", "care", "circle")
#: Exclusions that no relaxation lifts.
NEVER = frozenset(
    {
        "asked",
        "refused",
        "stopped",
        "outside_area",
        "isolation",
        "women_only",
        "men_only",
        "no_ground",
    }
)
MOST_STEPS = 2
_MEASURED = frozenset({"travel", "wait", "later"})
_TIMELY = frozenset({"full", "held", "closed_now", "too_late"})
_LACKING = frozenset({"lacks", "lacks_by_night"})
Steps = tuple[Step, ...]
Shape = tuple[tuple[str, str], ...]


def relaxed(need: Need, steps: Iterable[Step]) -> Need:
    """The need with these steps taken."""
    for step in steps:
        need = _taken(need, step)
    return need


def relaxations(
    need: Need, excluded: Sequence[Unit], *, at: Moment, rules: Rules
) -> tuple[Relaxation, ...]:
    """Those with the most places first. `excluded`: the units that do not fit as it is."""
    taking = [(unit, list(_ways(need, unit, at, rules))) for unit in excluded]
    within_reach = [unit for unit, ways in taking if ways]
    ways = [way for _unit, ways in taking for way in ways]
    proposed = _least([way for way in ways if len(way) == 1] or ways)
    tried = (_tried(need, steps, within_reach, at, rules) for steps in proposed)
    return tuple(
        sorted((r for r in tried if r.units), key=lambda r: (-r.places, len(r.steps), _said(r)))
    )


def _tried(
    need: Need, steps: Steps, excluded: Sequence[Unit], at: Moment, rules: Rules
) -> Relaxation:
    """Matched again: a proposal is worth what then fits, nothing else."""
    less = relaxed(need, steps)
    seen = ((unit, look(less, unit, at, rules)) for unit in excluded)
    gained = {unit.id: found.free for unit, found in seen if not found.reasons}
    return Relaxation(steps, tuple(sorted(gained)), sum(gained.values()))


def _said(found: Relaxation) -> list[tuple[str, str]]:
    return [(step.kind, str(step.value)) for step in found.steps]


def _taken(need: Need, step: Step) -> Need:
    match step.kind, step.value:
        case "drop", str(what):
            return replace(need, requirements=need.requirements - {what})
        case "care", str(care_type):
            return replace(need, care_types=(*need.care_types, care_type))
        case "circle", int(circle):
            return replace(need, circles=need.circles | {circle})
        case "travel", float(minutes):
            return replace(need, travel_limit=minutes)
        case "wait", float(minutes):
            return replace(need, may_wait=max(minutes, need.may_wait))
        case "later", float(minutes):
            longest = max(minutes, need.may_wait)
            return replace(need, needed_in=minutes, may_wait=longest)
    raise ValueError(step)


def _least(ways: Iterable[Steps]) -> list[Steps]:
    """Of ways that differ in minutes only: the least travel, and then the least time."""
    least: dict[Shape, Steps] = {}
    for way in ways:
        shape = tuple(
            (step.kind, "" if step.kind in _MEASURED else str(step.value)) for step in way
        )
        if shape not in least or _minutes(way) < _minutes(least[shape]):
            least[shape] = way
    return list(least.values())


def _minutes(way: Steps) -> list[float]:
    measured = [step for step in way if step.kind in _MEASURED]
    measured.sort(key=lambda step: KINDS.index(step.kind))
    return [float(step.value) for step in measured]


def _ways(need: Need, unit: Unit, at: Moment, rules: Rules) -> Iterator[Steps]:
    """What it would take for this unit: one way for each kind of place that it has."""
    travel = travel_minutes(need, unit, rules)
    first = _about_unit(need, unit, at, rules, travel)
    if first is None or len(first) > MOST_STEPS:
        return
    least: dict[Steps, Step] = {}
    for group in unit.groups:
        asked = _about_place(need, unit, group, at, rules, travel)
        if asked is None:
            continue
        drops, time = asked
        steps = tuple(sorted({*first, *drops}, key=_fixed))
        if steps not in least or _longer(least[steps]) > _longer(time):
            least[steps] = time
    for steps, time in least.items():
        way = steps if time is _NOW else tuple(sorted((*steps, time), key=_fixed))
        if way and len(way) <= MOST_STEPS:
            yield way


_NOW = Step("now", 0.0)
_TIMES = ("now", "wait", "later")


def _longer(time: Step) -> tuple[int, float]:
    """In time is less to ask than later, and a place that is there less than one to wait for."""
    return (_TIMES.index(time.kind), float(time.value))


def _fixed(step: Step) -> tuple[int, str]:
    return (KINDS.index(step.kind), str(step.value))


def _about_unit(
    need: Need, unit: Unit, at: Moment, rules: Rules, travel: float | None
) -> list[Step] | None:
    """The steps that bring in the unit as such; None: none does."""
    steps = []
    for reason in about_unit(need, unit, at, travel):
        match reason.partition(":")[0]:
            case "other_care" if unit.care_type in _neighbours(need, rules):
                steps.append(Step("care", unit.care_type))
            case "elsewhere":
                steps.append(Step("circle", unit.circle))
            case "too_far" if travel is not None:
                steps.append(Step("travel", travel))
            case _:
                return None
    return steps


def _neighbours(need: Need, rules: Rules) -> frozenset[str]:
    return frozenset(
        near for care_type in need.care_types for near in rules.neighbour_care.get(care_type, ())
    )


def _about_place(
    need: Need, unit: Unit, group: Group, at: Moment, rules: Rules, travel: float | None
) -> tuple[list[Step], Step] | None:
    """What to drop, and how long to wait, for a place of this group; None: that cannot be."""
    foreseen = soonest(need, unit, group, at, rules)
    if foreseen is None:
        return None
    reasons = [
        reason.partition(":")[::2] for reason in about_place(need, unit, group, at, rules, travel)
    ]
    codes = {code for code, _ in reasons}
    if codes & NEVER:
        return None
    drops = [Step("drop", what) for code, what in reasons if code in _LACKING]
    if Step("drop", CLOSED_WARD) in drops:
        return None
    return drops, _time(need, *foreseen) if codes & _TIMELY else _NOW


def _time(need: Need, opens: float, ready: float) -> Step:
    by = deadline(need)
    in_time = by is None or ready <= by
    return Step("wait", float(opens)) if in_time else Step("later", float(ready))
