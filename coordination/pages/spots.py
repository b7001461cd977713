"""What stands on the map: of each town how many places are free, and how sure that is.

Never a word about a patient. Which houses have them is left out for who may not know.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lzc.areas import Point
from lzc.freshness import LEVELS
from lzc.web.words import word

#: The level of a town where nothing is free.
FULL = "full"


@dataclass
class Spot:
    """A town with the units in it. `level`: the surest of its free places, or that it has none."""

    town: str
    at: Point
    units: list[Any] = field(default_factory=list)

    @property
    def free(self) -> int:
        return sum(unit.to_be_had for unit in self.units)

    @property
    def uncertain(self) -> int:
        return sum(unit.to_be_had for unit in self.units if unit.fresh != LEVELS[0])

    @property
    def level(self) -> str:
        levels = [unit.fresh for unit in self.units if unit.to_be_had]
        return min(levels, key=LEVELS.index) if levels else FULL

    @property
    def oldest(self) -> datetime | None:
        """Of the units with a place: when the first of them was last heard of."""
        said = [unit.observed_at for unit in self.units if unit.to_be_had and unit.observed_at]
        return min(said, default=None)

    @property
    def label(self) -> str:
        """`Zwolle: 5 free, of which 2 uncertain`: what the mark says to who cannot see it."""
        told = _("%(town)s: %(n)s free") % {"town": self.town, "n": self.free}
        unsure = _("of which %(n)s uncertain") % {"n": self.uncertain}
        return f"{told}, {unsure}" if self.uncertain else told


def spots(units: Iterable[Any], towns: Mapping[str, Point]) -> list[Spot]:
    """By town; one that no postcode names stands where its units are."""
    found: dict[str, Spot] = {}
    for unit in units:
        at = towns.get(unit.town, (unit.x, unit.y))
        found.setdefault(unit.town, Spot(unit.town, at)).units.append(unit)
    return [found[town] for town in sorted(found)]


def told(spot: Spot, *, named: bool) -> dict[str, Any]:
    """As the map's script reads it."""
    return {
        "town": spot.town,
        "free": spot.free,
        "uncertain": spot.uncertain,
        "level": spot.level,
        "label": spot.label,
        "units": [_told(unit, named) for unit in spot.units],
    }


def _told(unit: Any, named: bool) -> dict[str, Any]:
    care = word(unit.care_type, "care")
    return {
        "name": f"{unit.organisation.name}, {care}" if named else care,
        "free": unit.to_be_had,
        "fresh": unit.fresh,
        "word": word(unit.fresh, "freshness"),
        "at": unit.observed_at.isoformat(timespec="minutes") if unit.observed_at else None,
    }


def of_hospital(row: Any) -> dict[str, Any]:
    """The same for a hospital: how busy its emergency department says it is (`departments`)."""
    load = row.told.load if row.told else ""
    return {
        "hospital": row.name,
        "load": load,
        "label": f"{row.name}: {word(load, 'load')}" if load else row.name,
    }
