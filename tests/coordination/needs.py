"""One need and one unit that fits it; a test says only what is different in it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from coordination.matching import Candidate, Group, Moment, Need, Ranking, Unit, rank
from lzc.hours import AMSTERDAM
from lzc.policy import Rules

#: A Monday afternoon.
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=AMSTERDAM)
EVERY_DAY = range(7)


def need(**said: Any) -> Need:
    return Need(**{"care_types": ("elv_laag",), "pc4": 8011, "x": 200_000, "y": 500_000} | said)


def unit(n: int = 1, **said: Any) -> Unit:
    """A ward of 5 minutes away with one free place, just confirmed."""
    usual: dict[str, Any] = {
        "care_type": "elv_laag",
        "x": 200_000,
        "y": 500_000,
        "groups": (Group(free=1),),
        "minutes_old": 0.0,
    }
    return Unit(id=UUID(int=n), **usual | said)


def team(n: int = 1, **said: Any) -> Unit:
    return unit(n, **{"care_type": "wijkverpleging", "response_minutes": 25.0} | said)


def places(*attributes: str, free: int = 1, **said: Any) -> Group:
    return Group(frozenset(attributes), free, **said)


def ranked(
    asked: Need, *units: Unit, now: datetime = NOW, relax: bool | None = None, **policy: Any
) -> Ranking:
    rules = Rules(**policy)
    return rank(asked, units, at=Moment.of(now, rules), rules=rules, relax=relax)


def why(asked: Need, one: Unit, **said: Any) -> list[str]:
    """The reasons against this unit; none when it fits."""
    excluded = ranked(asked, one, **said).excluded
    return [reason for found in excluded for reason in found.reasons]


def the(asked: Need, one: Unit, **said: Any) -> Candidate:
    (found,) = ranked(asked, one, **said).candidates
    return found


def order(asked: Need, *units: Unit, **said: Any) -> list[int]:
    """The numbers of the units, best first."""
    return [found.unit.int for found in ranked(asked, *units, **said).candidates]
