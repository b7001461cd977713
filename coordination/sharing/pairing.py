"""Open requests and free places, paired: a plan, and beside it first come, first served. Pure.

Who may go where is worked out in columns: per kind of need the places that have what is needed, of
these the `NEAR` nearest of each request. What columns do not know is asked of the hard rules
afterwards, of the pairs that were chosen; a pair that breaks one is left out and all is chosen
anew. So every pair of every plan stands under every hard rule, however it was found.

Of the places further away than that only those count that would else stay free: nobody is left
waiting while a place that fits stands empty.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from coordination.assignment import GRAIN, NOWHERE, Question, best_pairs, in_turn
from coordination.matching import Moment, Unit
from coordination.matching.hard_rules import look, travel_minutes
from coordination.sharing.nearby import NEAR, Ints, Pairs, Places, Spot, places_of
from coordination.sharing.turns import Ask, counts_as, waits_on
from lzc.policy import Rules

Choose = Callable[[Question], Ints]


@dataclass(frozen=True)
class Pair:
    """This request to a place like this one. `fit`: 0 to 1."""

    request: UUID
    unit: UUID
    place: frozenset[str]
    fit: float
    travel_minutes: float | None


@dataclass(frozen=True)
class Shared:
    """A plan, and beside it who would have had which place by asking first."""

    pairs: tuple[Pair, ...]
    first_come: tuple[Pair, ...]
    #: Their turn has not come: they can wait.
    held_back: tuple[UUID, ...]
    #: Their turn has come, and there is nothing.
    unplaced: tuple[UUID, ...]

    @property
    def gains(self) -> tuple[UUID, ...]:
        """Placed by the plan, and by nothing else."""
        return self._only(self.pairs, self.first_come)

    @property
    def waits_longer(self) -> tuple[UUID, ...]:
        """Would have had a place by asking first, and waits for who cannot."""
        return self._only(self.first_come, self.pairs)

    def _only(self, these: tuple[Pair, ...], those: tuple[Pair, ...]) -> tuple[UUID, ...]:
        others = {pair.request for pair in those}
        return tuple(pair.request for pair in these if pair.request not in others)


@dataclass(frozen=True)
class On:
    """When, by which rules, and how many places around each request are looked at first."""

    at: Moment
    rules: Rules
    near: int


def shared(
    asks: Iterable[Ask],
    units: Iterable[Unit] | Places,
    *,
    at: Moment,
    rules: Rules,
    near: int = NEAR,
) -> Shared:
    """Who gets which place. The same whatever order it is told in."""
    everybody = sorted(asks, key=lambda ask: str(ask.id))
    turn = [ask for ask in everybody if not waits_on(ask, rules.plan_policy)]
    places = units if isinstance(units, Places) else places_of(units, at)
    on = On(at, rules, near)
    asked = [ask.need.urgency for ask in everybody]
    said = [counts_as(ask, rules.plan_policy) for ask in turn]
    first = Pairing(everybody, asked, places, on)
    plan = Pairing(turn, said, places, on, first).settled(best_pairs)
    placed = {pair.request for pair in plan}
    return Shared(
        pairs=plan,
        first_come=first.settled(in_turn),
        held_back=tuple(ask.id for ask in everybody if waits_on(ask, rules.plan_policy)),
        unplaced=tuple(ask.id for ask in turn if ask.id not in placed),
    )


class Pairing:
    """Requests × spots, with the pairs that may be: grown and pruned until nothing changes."""

    def __init__(
        self,
        asks: Sequence[Ask],
        urgency: Sequence[str],
        places: Places,
        on: On,
        wider: "Pairing | None" = None,
    ) -> None:
        """`wider`: one of these asks and more, which has looked around already."""
        self.asks, self.urgency, self.places, self.on = asks, urgency, places, on
        self.needs = [ask.need for ask in asks]
        self.barred: list[int] = []
        #: Pairs that the hard rules were asked of, and allow.
        self.fine: set[tuple[UUID, int]] = wider.fine if wider else set()
        self.seen = wider.of(asks) if wider else places.near(self.needs, on.rules, on.near)

    def of(self, asks: Sequence[Ask]) -> Pairs:
        """What was seen around some of its requests, counted as theirs."""
        number = {ask.id: row for row, ask in enumerate(asks)}
        theirs = np.array([number.get(ask.id, NOWHERE) for ask in self.asks], np.int64)
        rows = theirs[self.seen[0]]
        mine = rows != NOWHERE
        return rows[mine], self.seen[1][mine], self.seen[2][mine]

    def settled(self, choose: Choose) -> tuple[Pair, ...]:
        """The choice in which no rule is broken and nothing that fits is left unused."""
        while True:
            rows, spots, fits = chosen = self._chosen(choose)
            broken = np.array([self._breaks(*pair) for pair in self._numbers(chosen)], bool)
            self.barred += self.places.key(rows, spots)[broken].tolist()
            if not broken.any() and not self._grown(rows, spots):
                numbers = zip(self._numbers(chosen), fits.tolist(), strict=True)
                return tuple(self._pair(row, spot, fit) for (row, spot), fit in numbers)

    def _numbers(self, pairs: Pairs) -> Iterable[tuple[int, int]]:
        return zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)

    def _chosen(self, choose: Choose) -> Pairs:
        """Step: asks stand in the order of their ids, and so do the names of the spots."""
        question = self.question()
        taken = choose(question)
        placed = np.flatnonzero(taken != NOWHERE)
        at = taken[placed]
        return placed, question.units[at], question.fit[at] / GRAIN

    def question(self) -> Question:
        """What is asked now: every pair that was seen and breaks no rule that is known of."""
        rows, spots, fits = self.seen
        if self.barred:
            keep = ~np.isin(self.places.key(rows, spots), self.barred)
            rows, spots, fits = rows[keep], spots[keep], fits[keep]
        return Question.from_arrays(
            requests=[ask.id for ask in self.asks],
            urgency=self.urgency,
            # In seconds: who asked just before another did ask first.
            waited=[ask.waited * 60 for ask in self.asks],
            starts=np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(self.asks))))),
            units=spots,
            fits=fits,
            unit_ids=self.places.names,
            free=self.places.free,
        )

    def _breaks(self, row: int, spot: int) -> bool:
        """Step: does a hard rule speak against it? Only this kind of place of the unit counts."""
        asked = (self.asks[row].id, spot)
        if asked in self.fine:
            return False
        unit = _with_this_place(self.places.spot(spot))
        if look(self.needs[row], unit, self.on.at, self.on.rules).reasons:
            return True
        self.fine.add(asked)
        return False

    def _grown(self, rows: Ints, spots: Ints) -> bool:
        """Step: whoever has nothing may have what nobody took. Whether there was such a thing."""
        rest = self.places.left_by(spots.tolist())
        waiting = np.setdiff1d(np.arange(len(self.asks)), rows)
        if not len(rest) or not len(waiting):
            return False
        needs = [self.needs[row] for row in waiting]
        mine = {int(row): number for number, row in enumerate(waiting)}
        width = len(self.places)
        barred = [mine[k // width] * width + k % width for k in self.barred if k // width in mine]
        found = self.places.among(needs, rest, self.on.rules, self.on.near, barred)
        if not len(found[0]):
            return False
        more = (waiting[found[0]], *found[1:])
        joined = [np.concatenate(both) for both in zip(self.seen, more, strict=True)]
        order = np.lexsort((joined[1], joined[0]))
        self.seen = (joined[0][order], joined[1][order], joined[2][order])
        return True

    def _pair(self, row: int, spot: int, fit: float) -> Pair:
        there = self.places.spot(spot)
        travel = travel_minutes(self.needs[row], there.unit, self.on.rules)
        return Pair(self.asks[row].id, there.unit.id, there.group.attributes, fit, travel)


def _with_this_place(spot: Spot) -> Unit:
    return spot.unit if len(spot.unit.groups) == 1 else replace(spot.unit, groups=(spot.group,))
