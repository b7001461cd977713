"""Who may go where, in columns: which free places have what each request needs, the nearest. Pure.

Requests that ask the same look at the same places, and places that are alike give the same answer,
so the hard rules are asked once per kind of need and kind of place. What is left of them is
reckoned per pair, as the rules themselves do it, to the last digit: how far it is, whether it is in
time, who was tried before, where a team comes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from coordination.matching import VISITS, Moment, Need
from coordination.matching.hard_rules import look
from coordination.matching.terms import NOT_FORESEEN, open_from
from coordination.sharing.asks import Asked, Floats, Ints
from coordination.sharing.spots import Columns
from lzc.policy import Rules

#: Places around a request that are looked at first.
NEAR = 30
#: Of the fit, when it is not known where the patient is.
UNKNOWN = 0.5

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """Which request, which spot, how well they fit, and the minutes between them (NaN: unknown)."""

    rows: Ints
    spots: Ints
    fit: Floats
    travel: Floats

    @classmethod
    def of(cls, parts: "Sequence[Pairs]") -> "Pairs":
        columns = [(part.rows, part.spots, part.fit, part.travel) for part in parts]
        return cls(*(np.concatenate(each) for each in zip(*columns, strict=True)))

    def at(self, which: Ints | Bools) -> "Pairs":
        return Pairs(self.rows[which], self.spots[which], self.fit[which], self.travel[which])

    def sorted(self, width: int) -> "Pairs":
        """By request, and within it by spot, of which there are `width`."""
        return self.at(np.argsort(self.rows * width + self.spots, kind="stable"))

    def first(self, most: int) -> "Pairs":
        """So many of each request: they stand together, nearest first."""
        if not len(self.rows):
            return self
        begins = np.flatnonzero(np.diff(self.rows, prepend=NOBODY))
        within = np.arange(len(self.rows)) - np.repeat(
            begins, np.diff(begins, append=len(self.rows))
        )
        return self.at(within < most)


NOBODY = -1
NONE = Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0))


class Places:
    """All free places, as spots in one order, and what is known of them under these rules."""

    def __init__(self, columns: Columns, at: Moment) -> None:
        self.at, self.told = at, columns
        self.free, self.shape = columns.free, columns.shape
        kinds = columns.examples
        self.visits = np.array([unit.care_type in VISITS for unit in kinds], bool)
        self.opens = np.array([open_from(unit.admits, at.local, 0.0) for unit in kinds])
        #: Per kind of need which kinds of place fit: asked once.
        self.answers: dict[Need, Bools] = {}

    def __len__(self) -> int:
        return len(self.free)

    def left_by(self, taken: Ints) -> Ints:
        """Spots of which something is still free when these are taken."""
        return np.flatnonzero(np.bincount(taken, minlength=len(self)) < self.free)

    def near(self, asked: Asked, rules: Rules, near: int) -> Pairs:
        """For each need the nearest spots that fit."""
        everybody, everything = np.arange(len(asked.ids)), np.arange(len(self))
        return self._pairs(asked, everybody, everything, rules, near, near)

    def among(self, asked: Asked, rows: Ints, spots: Ints, rules: Rules, near: int) -> Pairs:
        """For each of these needs the nearest of these spots that fit, however far."""
        return self._pairs(asked, rows, spots, rules, len(spots), near)

    def _pairs(
        self, asked: Asked, which: Ints, spots: Ints, rules: Rules, reach: int, most: int
    ) -> Pairs:
        parts = [
            self._nearest(asked, need, rows, fitting, rules, reach)
            for kind, alike in asked.alike(which)
            for need, rows, fitting in self._fitting(asked, kind, alike, spots, rules)
            if len(fitting)
        ]
        if not parts:
            return NONE
        found = Pairs.of(parts)
        return found.at(self._allowed(asked, found)).first(most).sorted(len(self))

    def _fitting(
        self, asked: Asked, kind: Need, rows: Ints, spots: Ints, rules: Rules
    ) -> Iterator[tuple[Need, Ints, Ints]]:
        """Step: asked of one example of each kind of place. Where teams do not come to everybody
        the postcode decides too."""
        good = self._good(kind, rules) & ((self.opens == 0) | (self.opens <= kind.may_wait))
        fitting = spots[good[self.shape[spots]]]
        areas = self.told.areas
        if not areas or areas.keys().isdisjoint(fitting.tolist()):
            yield kind, rows, fitting
            return
        towns: dict[int | None, list[int]] = {}
        for row in rows.tolist():
            towns.setdefault(asked.pc4[row], []).append(row)
        for pc4, there in towns.items():
            comes = [pc4 in areas.get(spot, {pc4}) for spot in fitting.tolist()]
            yield kind, np.array(there), fitting[np.array(comes, bool)]

    def _good(self, need: Need, rules: Rules) -> Bools:
        """Step: all that does not depend on where and when it is, nor on whom they tried."""
        bare = replace(need, may_wait=NOT_FORESEEN)
        if bare not in self.answers:
            good = [
                unit.care_type in need.care_types and not look(bare, unit, self.at, rules).reasons
                for unit in self.told.examples
            ]
            self.answers[bare] = np.array(good, bool)
        return self.answers[bare]

    def _nearest(
        self, asked: Asked, kind: Need, rows: Ints, spots: Ints, rules: Rules, reach: int
    ) -> Pairs:
        """Step: of one kind of need. Nearest first; who is nowhere has them in their own order."""
        count = min(reach, len(spots))
        places = asked.where[rows]
        known = ~np.isnan(places).any(axis=1)
        metres = np.full((len(rows), count), np.nan)
        which = np.tile(np.arange(count), (len(rows), 1))
        if known.any():
            far, near = KDTree(self.told.where[spots]).query(places[known], k=count)
            metres[known], which[known] = (each.reshape(-1, count) for each in (far, near))
        travel = np.round(rules.travel_minutes(metres), 1)  # type: ignore[arg-type]
        there = spots[which]
        fit = self._fit(asked, kind, rows, there, travel, rules)
        return Pairs(np.repeat(rows, count), there.ravel(), fit.ravel(), travel.ravel())

    def _fit(
        self, asked: Asked, kind: Need, rows: Ints, spots: Ints, travel: Floats, rules: Rules
    ) -> Floats:
        """Step: the right care and the right place, as in a ranking: what columns know of it."""
        wish = {care: 1 / (1 + n) for n, care in reversed([*enumerate(kind.care_types)])}
        care = np.array([wish.get(unit.care_type, 0.0) for unit in self.told.examples])
        half = rules.half_travel_minutes
        near = np.where(np.isnan(travel), UNKNOWN, half / (half + travel))
        urgency = [asked.urgency[row] for row in rows.tolist()]
        shares = {each: rules.weights_for(each) for each in {*urgency}}
        for_care = np.array([shares[each]["care"] for each in urgency])[:, None]
        for_place = np.array([shares[each]["place"] for each in urgency])[:, None]
        whole = for_care + for_place
        both = for_care * care[self.shape[spots]] + for_place * near
        return np.divide(both, whole, out=near, where=whole > 0)

    def _allowed(self, asked: Asked, found: Pairs) -> Bools:
        """Step: there in time, not too far, and not a unit that was tried."""
        rows, spots, travel = found.rows, found.spots, found.travel
        shape = self.shape[spots]
        answer, team = self.told.response[spots], self.visits[shape]
        ready = np.maximum(np.nan_to_num(answer), np.nan_to_num(travel))
        ready = np.where(team & ~np.isnan(answer), answer, ready) + self.opens[shape]
        late, far = ready > asked.latest[rows], ~team & (travel > asked.limit[rows])
        allowed = ~late & ~far
        before = np.isin(rows, [*asked.tried])
        pairs = zip(rows[before].tolist(), spots[before].tolist(), strict=True)
        new = [self.told.units[spot] not in asked.tried[row] for row, spot in pairs]
        allowed[before] &= np.array(new, bool)
        return allowed
