"""Free places as columns: places of one unit that are alike are one spot. Pure."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
import numpy.typing as npt

from coordination.matching import Group, Moment, Unit
from coordination.matching.hard_rules import area_of

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Columns:
    """One row per spot, in the order of their units and of what the places have of their own."""

    units: Sequence[UUID]
    own: Sequence[frozenset[str]]
    where: npt.NDArray[np.float64]
    free: npt.NDArray[np.int64]
    #: Minutes; not a number: not known.
    response: npt.NDArray[np.float64]
    #: Which of `examples` each is like: spots of one kind give the same to whoever comes there.
    shape: npt.NDArray[np.int64]
    #: Of each kind what a spot gives, without who and where it is.
    examples: Sequence[Unit]
    #: Where a team comes in this shift, of those that do not come to everybody.
    areas: Mapping[int, frozenset[int]]


def kinds_of(these: Iterable[Hashable]) -> tuple[npt.NDArray[np.int64], list[int]]:
    """Of which kind each of these is, and the first of every kind."""
    kinds: dict[Hashable, int] = {}
    numbers = np.array([kinds.setdefault(each, len(kinds)) for each in these], np.int64)
    return numbers, np.unique(numbers, return_index=True)[1].tolist()


def columns_of(units: Iterable[Unit], at: Moment) -> Columns:
    """The free places of units that can take somebody in now."""
    found = [
        (unit, group)
        for unit in units
        if not unit.closed
        for group in unit.groups
        if group.free > 0
    ]
    found.sort(key=lambda spot: (spot[0].id, sorted(spot[1].attributes)))
    shape, first = kinds_of(_shape(*spot) for spot in found)
    return Columns(
        units=[unit.id for unit, _ in found],
        own=[group.attributes for _, group in found],
        where=np.array([(unit.x, unit.y) for unit, _ in found], np.float64).reshape(-1, 2),
        free=np.array([group.free for _, group in found], np.int64),
        response=np.array([unit.response_minutes for unit, _ in found], np.float64),
        shape=shape,
        examples=[_example(*found[n]) for n in first],
        areas={
            n: area_of(unit.service_area, at)
            for n, (unit, _) in enumerate(found)
            if unit.service_area
        },
    )


def _shape(unit: Unit, group: Group) -> tuple[object, ...]:
    has = (unit.attributes, unit.night_attributes, group.attributes)
    return (unit.care_type, *has, unit.admits, unit.circle)


def _example(unit: Unit, group: Group) -> Unit:
    one = Group(group.attributes, free=1)
    return replace(unit, id=NOBODY, groups=(one,), held=0, service_area={}, response_minutes=None)
