"""Nights of demand against too few places, made from a seed. Assumptions, not measurements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coordination.assignment import URGENCIES
from coordination.demo import limburg, zwolle
from coordination.demo.areas import LIMBURG, ZWOLLE
from coordination.demo.positions import Spot, spots
from coordination.demo.shapes import Area, House
from lzc.policy import Rules

REGIONS = ((ZWOLLE, zwolle.ORGANISATIONS), (LIMBURG, limburg.ORGANISATIONS))
#: Minutes from 17:00: the last request comes at 08:00, the last place by noon.
LAST_REQUEST, LAST_PLACE = 900, 1140
#: Of the places, how many are free at 17:00.
FREE_AT_ONCE = 0.5
#: Minutes within which somebody must be there, by urgency.
LIMITS = np.array([90.0, 240.0, 720.0, 1440.0])
#: Further than this is not asked of anybody.
FARTHEST = 60.0
#: Per million inhabitants in a night: stays, and visits of home care (DOMAIN §7, its busy end).
STAYS, VISITS = 20, 30
VISIT = "wijkverpleging"
#: What is asked, how often, and what else would do, the best first.
WANTED: dict[str, tuple[float, tuple[str, ...]]] = {
    "elv_laag": (0.45, ("elv_laag", "elv_hoog", "observatie")),
    "elv_hoog": (0.25, ("elv_hoog", "observatie")),
    "elv_palliatief": (0.08, ("elv_palliatief", "hospice", "elv_hoog")),
    "wlz_crisis": (0.10, ("wlz_crisis", "observatie")),
    "respijt": (0.12, ("respijt", "elv_laag")),
}
SUITS = (1.0, 0.6, 0.3)
#: Share of the requests per urgency.
URGENT_STAY, URGENT_VISIT = (0.08, 0.37, 0.40, 0.15), (0.25, 0.45, 0.25, 0.05)
#: What a place must have, and how often. A ward that treats complex care has some of it anyway.
NEEDED = {"single_room": 0.08, "oxygen": 0.10, "isolation": 0.04, "iv_antibiotics": 0.05}
ANYWAY = {
    "elv_hoog": {"oxygen"},
    "elv_palliatief": {"oxygen", "single_room"},
    "hospice": {"oxygen"},
}
#: When requests come: twice as often in the evening as in the night.
EVENING, EVENING_SHARE = 360, 0.6


@dataclass(frozen=True)
class Night:
    """Requests × places. Minutes count from 17:00."""

    asked: np.ndarray
    tier: np.ndarray
    free_from: np.ndarray
    #: Requests × places.
    travel: np.ndarray
    fit: np.ndarray
    allowed: np.ndarray

    def only(self, also: np.ndarray) -> "Night":
        return replace(self, allowed=self.allowed & also)


@dataclass(frozen=True)
class Asked:
    kinds: tuple[str, ...]
    needs: frozenset[str]
    x: int
    y: int


@dataclass(frozen=True)
class Place:
    kind: str
    has: frozenset[str]
    x: int
    y: int
    #: Towns that a team comes to; empty for a bed.
    towns: frozenset[str]


def a_night(seed: int, number: int, share: float) -> Night:
    """Night `number`, by turns in Zwolle and in Limburg. `share`: places per request."""
    chance = np.random.default_rng((seed, number))
    area, houses = REGIONS[number % 2]
    where = spots(area.towns)
    wanted, town, asked, tier = _requests(chance, area, where)
    places = _places(chance, houses, where, wanted, share)
    late = chance.uniform(0, LAST_PLACE, len(places))
    free_from = np.where(chance.random(len(places)) < FREE_AT_ONCE, 0.0, late)
    travel = _travel(wanted, places)
    suits = np.array([[_suits(w, t, p) for p in places] for w, t in zip(wanted, town, strict=True)])
    suits = suits.reshape(len(wanted), len(places))
    return Night(
        np.floor(asked),
        tier,
        np.ceil(free_from),
        travel,
        np.clip(0.6 * suits + 0.4 * (1 - travel / FARTHEST), 0, 1),
        (suits > 0) & (travel <= FARTHEST),
    )


def _requests(
    chance: np.random.Generator, area: Area, where: Sequence[Spot]
) -> tuple[list[Asked], list[str], np.ndarray, np.ndarray]:
    """What is asked, in which town, at which minute, how urgent."""
    weight = np.array([spot.town.inhabitants / len(spot.town.postcodes) for spot in where])
    millions = sum(town.inhabitants for town in area.towns) / 1e6
    stays, visits = chance.poisson(STAYS * millions), chance.poisson(VISITS * millions)
    kinds = [*chance.choice([*WANTED], stays, p=_shares()), *[VISIT] * visits]
    at = [where[i] for i in chance.choice(len(where), len(kinds), p=weight / weight.sum())]
    wanted = [_asked(chance, kind, spot) for kind, spot in zip(kinds, at, strict=True)]
    tier = np.concatenate(
        (
            chance.choice(len(URGENCIES), stays, p=URGENT_STAY),
            chance.choice(len(URGENCIES), visits, p=URGENT_VISIT),
        )
    )
    evening = chance.random(len(kinds)) < EVENING_SHARE
    early, late = (
        chance.uniform(0, EVENING, len(kinds)),
        chance.uniform(EVENING, LAST_REQUEST, len(kinds)),
    )
    return wanted, [spot.town.name for spot in at], np.where(evening, early, late), tier


def _shares() -> np.ndarray:
    return np.array([share for share, _kinds in WANTED.values()])


def _asked(chance: np.random.Generator, kind: str, spot: Spot) -> Asked:
    if kind == VISIT:
        return Asked((VISIT,), frozenset(), spot.x, spot.y)
    needs = frozenset(code for code, often in NEEDED.items() if chance.random() < often)
    return Asked(WANTED[kind][1], needs, spot.x, spot.y)


def _places(
    chance: np.random.Generator,
    houses: Sequence[House],
    where: Sequence[Spot],
    wanted: Sequence[Asked],
    share: float,
) -> list[Place]:
    """Beds and visits apart, each fewer than what is asked of them."""
    known = [*_known(houses, where)]
    found: list[Place] = []
    for visits in (False, True):
        those = [(place, size) for place, size in known if (place.kind == VISIT) == visits]
        needed = sum((w.kinds[0] == VISIT) == visits for w in wanted)
        sizes = np.array([size for _place, size in those], float)
        drawn = chance.choice(len(those), round(share * needed), p=sizes / sizes.sum())
        found += [those[i][0] for i in drawn]
    return found


def _known(houses: Sequence[House], where: Sequence[Spot]) -> Iterator[tuple[Place, int]]:
    """Every ward and team of the demo region, and how large it is."""
    for house in houses:
        spot = next(spot for spot in where if spot.town.name == house.town)
        for ward in house.wards:
            has = frozenset(ward.extra) | ANYWAY.get(ward.care_type, set())
            yield Place(ward.care_type, has, spot.x, spot.y, frozenset()), ward.beds
        for team in house.teams:
            yield (
                Place(VISIT, frozenset(), spot.x, spot.y, frozenset(team.towns)),
                max(team.visits, 1),
            )


def _suits(wanted: Asked, town: str, place: Place) -> float:
    """How right the kind of care is; 0 when the place cannot take this patient."""
    if place.kind not in wanted.kinds or not wanted.needs <= place.has:
        return 0.0
    if place.towns and town not in place.towns:
        return 0.0
    return SUITS[wanted.kinds.index(place.kind)]


def _travel(wanted: Sequence[Asked], places: Sequence[Place]) -> np.ndarray:
    here = np.array([(w.x, w.y) for w in wanted], float).reshape(-1, 2)
    there = np.array([(p.x, p.y) for p in places], float).reshape(-1, 2)
    metres = np.hypot(*(here[:, None, :] - there[None, :, :]).transpose(2, 0, 1))
    rules = Rules()
    return metres / 1000 * rules.detour / rules.km_per_hour * 60 + rules.start_minutes
