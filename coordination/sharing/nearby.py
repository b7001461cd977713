"""Free places in columns: which have what each request needs, the nearest of them. Pure.

Requests that ask the same (care, needs, legal ground) look at the same places, and places that are
alike give the same answer, so the hard rules are asked once per kind of need and kind of place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import UUID

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from coordination.matching import VISITS, Group, Moment, Need, Unit
from coordination.matching.hard_rules import deadline, look
from coordination.matching.terms import NOT_FORESEEN
from lzc.policy import Rules

#: Places around a request that are looked at first.
NEAR = 30
#: Of the fit, when it is not known where the patient is.
UNKNOWN = 0.5
NOBODY = UUID(int=0)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
#: Which request, which spot, and how well they fit: three columns of equal length.
Pairs = tuple[Ints, Ints, Floats]
NONE: Pairs = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


@dataclass(frozen=True)
class Spot:
    """Places of one unit that are alike."""

    unit: Unit
    group: Group


@dataclass(frozen=True)
class Columns:
    """Free places as columns, in the order of their units. A spot is made when it is asked for."""

    where: Floats
    free: Ints
    #: Minutes; not a number: not known.
    response: Floats
    #: Which of `kinds` each is like: spots of one kind give the same to whoever comes there.
    shape: Ints
    #: Of each kind the number of one spot.
    examples: Sequence[int]
    #: Where a team comes in this shift, of those that do not come to everybody.
    areas: Mapping[int, frozenset[int]]
    spot: Callable[[int], Spot]

    @classmethod
    def of(cls, spots: Sequence[Spot], at: Moment) -> "Columns":
        shapes: dict[tuple[object, ...], int] = {}
        shape = [shapes.setdefault(_shape(spot), len(shapes)) for spot in spots]
        where = [(spot.unit.x, spot.unit.y) for spot in spots]
        return cls(
            where=np.array(where, np.float64).reshape(-1, 2),
            free=np.array([spot.group.free for spot in spots], np.int64),
            response=np.array([spot.unit.response_minutes for spot in spots], np.float64),
            shape=np.array(shape, np.int64),
            examples=np.unique(np.array(shape, np.int64), return_index=True)[1].tolist(),
            areas={n: area_of(s.unit, at) for n, s in enumerate(spots) if s.unit.service_area},
            spot=spots.__getitem__,
        )


@lru_cache(maxsize=8)
def _names(count: int) -> tuple[UUID, ...]:
    return tuple(UUID(int=number + 1) for number in range(count))


class Places:
    """All free places, as spots in one order. Made by `places_of`, or from columns."""

    def __init__(self, columns: Columns, at: Moment) -> None:
        self.at, self.spot = at, columns.spot
        self.where, self.free, self.response = columns.where, columns.free, columns.response
        self.shape, self.areas = columns.shape, columns.areas
        self.names = _names(len(self.free))
        self.examples = [_example(columns.spot(n)) for n in columns.examples]
        team = np.array([unit.care_type in VISITS for unit in self.examples], bool)
        self.visits = team[self.shape] if len(self.shape) else np.zeros(0, bool)
        #: Per kind of need which kinds of place fit: asked once.
        self.answers: dict[tuple[object, ...], npt.NDArray[np.bool_]] = {}

    def __len__(self) -> int:
        return len(self.free)

    def left_by(self, taken: Iterable[int]) -> Ints:
        """Spots of which something is still free when these are taken."""
        used = np.bincount(np.fromiter(taken, np.int64), minlength=len(self))
        return np.flatnonzero(used < self.free)

    def near(self, needs: Sequence[Need], rules: Rules, near: int) -> Pairs:
        """For each need the nearest spots that fit."""
        return self._pairs(needs, np.arange(len(self)), rules, near, near, ())

    def among(
        self, needs: Sequence[Need], spots: Ints, rules: Rules, near: int, without: Iterable[int]
    ) -> Pairs:
        """For each need the nearest of these that fit, however far. `without`: see `key`."""
        return self._pairs(needs, spots, rules, len(spots), near, without)

    def key(self, rows: Ints, spots: Ints) -> Ints:
        """One number for a pair."""
        return rows * len(self) + spots

    def _pairs(
        self,
        needs: Sequence[Need],
        spots: Ints,
        rules: Rules,
        reach: int,
        most: int,
        without: Iterable[int],
    ) -> Pairs:
        kinds: dict[tuple[object, ...], list[int]] = {}
        for row, need in enumerate(needs):
            kinds.setdefault(self._kind(need), []).append(row)
        barred = np.fromiter(without, np.int64)
        parts = []
        for alike in kinds.values():
            fitting = spots[self._fits(needs[alike[0]], spots, rules)]
            if len(fitting):
                found = self._nearest(needs, np.array(alike), fitting, rules, reach)
                parts.append(_cut(self._without(found, barred), most))
        if not parts:
            return NONE
        rows, there, fits = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((there, rows))
        return rows[order], there[order], fits[order]

    def _without(self, found: Pairs, barred: Ints) -> Pairs:
        if not len(barred):
            return found
        return _only(found, ~np.isin(self.key(found[0], found[1]), barred))

    def _kind(self, need: Need) -> tuple[object, ...]:
        """What decides which spots fit, wherever the patient is and whatever was tried before."""
        pc4 = need.pc4 if self.areas else None
        asked = (need.care_types, need.requirements, need.urgency, need.sex, need.legal_ground)
        return (*asked, need.circles, need.may_wait, pc4)

    def _fits(self, need: Need, spots: Ints, rules: Rules) -> npt.NDArray[np.bool_]:
        """Step: asked of one example of each kind of place."""
        kind = self._kind(need)
        if kind not in self.answers:
            self.answers[kind] = self._asked(need, rules)
        fits = self.answers[kind][self.shape[spots]]
        if self.areas:
            fits &= [need.pc4 in self.areas.get(int(n), {need.pc4}) for n in spots]
        return fits

    def _asked(self, need: Need, rules: Rules) -> npt.NDArray[np.bool_]:
        bare = replace(
            need,
            x=None,
            y=None,
            needed_in=None,
            refused_by=frozenset(),
            asked=frozenset(),
            travel_limit=None,
        )
        good = [not look(bare, unit, self.at, rules).reasons for unit in self.examples]
        return np.array(good, bool)

    def _nearest(
        self, needs: Sequence[Need], rows: Ints, spots: Ints, rules: Rules, reach: int
    ) -> Pairs:
        """Step: of one kind of need. Nearest first; who is nowhere has them in their own order."""
        count = min(reach, len(spots))
        places = [(needs[row].x, needs[row].y) for row in rows]
        known = np.array([None not in place for place in places], bool)
        metres = np.full((len(rows), count), np.nan)
        which = np.tile(np.arange(count), (len(rows), 1))
        if known.any():
            asked = [place for place in places if None not in place]
            far, near = KDTree(self.where[spots]).query(asked, k=count)
            metres[known], which[known] = (each.reshape(-1, count) for each in (far, near))
        travel = np.round(rules.travel_minutes(metres), 1).ravel()  # type: ignore[arg-type]
        pairs = np.repeat(rows, count), spots[which.ravel()]
        fits = self._fit(needs[rows[0]], pairs[1], travel, rules)
        return _only((*pairs, fits), self._allowed(needs, *pairs, travel))

    def _fit(self, need: Need, spots: Ints, travel: Floats, rules: Rules) -> Floats:
        """Step: the right care and the right place, as in a ranking: what columns know of it."""
        wish = {care: 1 / (1 + n) for n, care in reversed([*enumerate(need.care_types)])}
        care = np.array([wish.get(unit.care_type, 0.0) for unit in self.examples])
        half, share = rules.half_travel_minutes, rules.weights_for(need.urgency)
        near = np.where(np.isnan(travel), UNKNOWN, half / (half + travel))
        whole = share["care"] + share["place"]
        if whole <= 0:
            return near
        return (share["care"] * care[self.shape[spots]] + share["place"] * near) / whole

    def _allowed(
        self, needs: Sequence[Need], rows: Ints, spots: Ints, travel: Floats
    ) -> npt.NDArray[np.bool_]:
        """Step: there in time, not too far, and not a unit that was tried."""
        far = np.nan_to_num(travel)
        answer, team = self.response[spots], self.visits[spots]
        ready = np.where(team & ~np.isnan(answer), answer, np.maximum(np.nan_to_num(answer), far))
        latest, limit = np.full(len(needs), NOT_FORESEEN), np.full(len(needs), NOT_FORESEEN)
        allowed = np.ones(len(rows), bool)
        for row in {*rows.tolist()}:
            need, until = needs[row], deadline(needs[row])
            latest[row] = NOT_FORESEEN if until is None else until
            limit[row] = NOT_FORESEEN if need.travel_limit is None else need.travel_limit
            if tried := need.refused_by | need.asked:
                mine = np.flatnonzero(rows == row)
                allowed[mine] = [self.spot(int(n)).unit.id not in tried for n in spots[mine]]
        far = np.where(team, 0.0, far)
        return allowed & (ready <= latest[rows]) & (far <= limit[rows])


def places_of(units: Iterable[Unit], at: Moment) -> Places:
    """The free places of units that can take somebody in now, in one order."""
    found = [
        Spot(unit, group)
        for unit in units
        if not unit.closed
        for group in unit.groups
        if group.free > 0
    ]
    found.sort(key=lambda spot: (str(spot.unit.id), sorted(spot.group.attributes)))
    return Places(Columns.of(found, at), at)


def _shape(spot: Spot) -> tuple[object, ...]:
    unit = spot.unit
    has = (unit.attributes, unit.night_attributes, spot.group.attributes)
    return (unit.care_type, *has, unit.admits, unit.circle)


def _example(spot: Spot) -> Unit:
    """What a spot gives, without who and where it is."""
    group = Group(spot.group.attributes, free=1)
    return replace(
        spot.unit, id=NOBODY, groups=(group,), held=0, service_area={}, response_minutes=None
    )


def area_of(unit: Unit, at: Moment) -> frozenset[int]:
    """Where a team comes in this shift."""
    areas = unit.service_area
    return areas[at.shift] if at.shift in areas else areas.get("", frozenset())


def _only(pairs: Pairs, keep: npt.NDArray[np.bool_]) -> Pairs:
    return pairs[0][keep], pairs[1][keep], pairs[2][keep]


def _cut(pairs: Pairs, most: int) -> Pairs:
    """The first so many of each request: they stand nearest first, request by request."""
    rows = pairs[0]
    if not len(rows):
        return pairs
    begins = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    within = np.arange(len(rows)) - np.repeat(begins, np.diff(np.append(begins, len(rows))))
    return _only(pairs, within < most)
