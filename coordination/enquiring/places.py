"""Which places are free now, for who is about to ask: as much of it as their region shows them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from capacity.models import CareType, CareUnit, may_know
from coordination import finding
from coordination.matching import Candidate
from coordination.matching.hard_rules import COVERED_BY
from lzc.models import Actor

#: What is asked for with the form of the huisarts, the lightest first.
STAYS = (CareType.ELV_LOW, CareType.ELV_HIGH, CareType.ELV_PALLIATIVE)


@dataclass(frozen=True)
class Place:
    """A ward where something is free."""

    id: UUID
    name: str
    unit: str
    town: str
    care: str
    free: int
    minutes: int | None
    fresh: str
    observed: datetime | None


@dataclass(frozen=True)
class Places:
    """`count`: None when the region shows nothing. `places`: none when it shows no names."""

    shown: str
    count: int | None = None
    #: How far the nearest is; told with the names alone.
    places: list[Place] = field(default_factory=list)

    @property
    def nearest(self) -> int | None:
        known = [place.minutes for place in self.places if place.minutes is not None]
        return min(known, default=None)


def places_now(
    care_types: Sequence[str],
    *,
    pc4: int | None = None,
    requirements: Collection[str] = (),
    by: Actor,
) -> Places:
    """What is free now and has what is required, nearest first. No patient row is read."""
    if not may_know(by, "counts"):
        return Places("nothing")
    near = finding.open_places(care_types, pc4=pc4, by=by)  # type: ignore[arg-type]
    found = [(c, unit) for c, unit in near if has(unit.attributes, requirements)]
    if not may_know(by, "names"):
        return Places("counts", len(found))
    return Places("names", len(found), [_place(*one) for one in found])


def has(attributes: Collection[str], requirements: Collection[str]) -> bool:
    """Every requirement, or what more than covers it."""
    have = {*attributes}
    return all(what in have or COVERED_BY.get(what, frozenset()) & have for what in requirements)


def _place(c: Candidate, unit: CareUnit) -> Place:
    return Place(
        id=unit.pk,
        name=unit.organisation.name,
        unit=unit.name,
        town=unit.town,
        care=unit.care_type,
        free=unit.free,
        minutes=round(c.travel_minutes) if c.travel_minutes is not None else None,
        fresh=c.freshness,
        observed=unit.observed_at,
    )
