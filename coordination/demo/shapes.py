"""What the demo's data looks like. Pure: plain values, without a database."""

from dataclasses import dataclass
from typing import Any

#: Minutes since somebody last said so.
NOW, FRESH, AGEING, OLD, LONG_AGO = 6, 95, 410, 1560, 6000


@dataclass(frozen=True)
class Town:
    name: str
    subregion: str
    lat: float
    lon: float
    first: int  # four-digit postcodes, from …
    last: int  # … up to and including
    inhabitants: int

    @property
    def postcodes(self) -> range:
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Subregion:
    slug: str
    name: str
    area_code: str
    policy: dict[str, Any] | None = None


@dataclass(frozen=True)
class Area:
    """A ROAZ region: a tree of two levels and the towns in it."""

    slug: str
    name: str
    policy: dict[str, Any]
    subregions: tuple[Subregion, ...]
    towns: tuple[Town, ...]


@dataclass(frozen=True)
class Ward:
    """Beds of one kind in a house, and how many of them are free."""

    care_type: str
    beds: int
    free: int
    minutes_old: int
    extra: tuple[str, ...] = ()
    admits: tuple[int, int] | None = None  # hours on the Dutch wall clock


@dataclass(frozen=True)
class Team:
    """Carers who come to the patient, in these towns, at these hours."""

    name: str
    towns: tuple[str, ...]
    visits: int
    minutes_old: int
    admits: tuple[int, int] | None = None
    response_minutes: int = 30
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class House:
    """An organisation. `desk`: the name of the counter where it can own a case, if it has one."""

    slug: str
    kind: str
    name: str
    town: str
    desk: str = ""
    hours: str = ""
    wards: tuple[Ward, ...] = ()
    teams: tuple[Team, ...] = ()
    #: Works for the whole ROAZ region, not for the subregion that its town lies in.
    wide: bool = False


@dataclass(frozen=True)
class Worker:
    """Somebody with a log-in, in one role at one organisation or more."""

    username: str
    name: str
    works: tuple[tuple[str, str], ...]  # (role, slug of the organisation)
    #: The one that is shown first when log-ins are printed.
    shown: bool = False
