"""Open requests and free places, paired: a plan, and beside it first come, first served. Pure.

Who may go where is worked out in columns, by every hard rule (`nearby`): per kind of need the
places that have what is needed, of these the `NEAR` nearest of each request. Of the places further
away than that only those count that would else stay free: nobody is left waiting while a place that
fits stands empty.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isnan
from typing import NamedTuple
from uuid import UUID

import numpy as np

from coordination.assignment import GRAIN, NOWHERE, Question, best_pairs, in_turn
from coordination.matching import Moment, Unit
from coordination.sharing.asks import Asked, Asking
from coordination.sharing.nearby import NEAR, Bools, Ints, Pairs, Places
from coordination.sharing.spots import columns_of
from coordination.sharing.turns import counts_as, waits_on
from lzc.policy import Rules

Choose = Callable[[Question], Ints]


class Pair(NamedTuple):
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
class Turns:
    """Who takes part, and how urgent each of all counts."""

    urgency: Sequence[str]
    part: Bools


def shared(
    asks: Iterable[Asking],
    units: Iterable[Unit] | Places,
    *,
    at: Moment,
    rules: Rules,
    near: int = NEAR,
) -> Shared:
    """Who gets which place. The same whatever order it is told in."""
    places = units if isinstance(units, Places) else Places(columns_of(units, at), at)
    pairing = Pairing(asked := Asked.of(asks), places, rules, near)
    plan = pairing.settled(best_pairs, turns := pairing.turns())
    first = pairing.settled(in_turn, pairing.by_asking_first())
    nowhere = turns.part.copy()
    nowhere[plan.rows] = False
    return Shared(
        pairs=pairing.told(plan),
        first_come=pairing.told(first),
        held_back=tuple(asked.ids[row] for row in np.flatnonzero(~turns.part).tolist()),
        unplaced=tuple(asked.ids[row] for row in np.flatnonzero(nowhere).tolist()),
    )


class Pairing:
    """Requests × spots, with the pairs that may be."""

    def __init__(self, asked: Asked, places: Places, rules: Rules, near: int) -> None:
        self.asked, self.places, self.rules, self.near = asked, places, rules, near
        self.seen = places.near(asked, rules, near)

    def turns(self) -> Turns:
        """By the policy of the region."""
        policy, left = self.rules.plan_policy, self.asked.left.tolist()
        told = [*zip(self.asked.urgency, left, self.asked.waited.tolist(), strict=True)]
        part = [not waits_on(*each, policy) for each in told]
        urgency = [counts_as(urgency, left, policy) for urgency, left, _ in told]
        return Turns(urgency, np.array(part, bool))

    def by_asking_first(self) -> Turns:
        return Turns(self.asked.urgency, np.ones(len(self.asked.ids), bool))

    def settled(self, choose: Choose, turns: Turns) -> Pairs:
        """The choice in which nothing that fits is left unused."""
        return self.grown(choose, turns)[1]

    def grown(self, choose: Choose, turns: Turns) -> tuple[Question, Pairs]:
        """The same, with the question it answers: pairs are added until that changes nothing."""
        seen = self.seen.at(turns.part[self.seen.rows])
        while True:
            question = self._question(turns, seen)
            taken = choose(question)
            chosen = seen.at(taken[taken != NOWHERE])
            more = self._beyond(np.flatnonzero((taken == NOWHERE) & turns.part), chosen.spots)
            if not len(more.rows):
                return question, chosen
            seen = Pairs.of([seen, more]).sorted(len(self.places))

    def _question(self, turns: Turns, seen: Pairs) -> Question:
        """Step: every pair that was seen. Who does not take part has none."""
        return Question.in_order(
            requests=self.asked.ids,
            urgency=turns.urgency,
            # In seconds: who asked just before another did ask first.
            waited=self.asked.waited * 60,
            row=seen.rows,
            units=seen.spots,
            fits=seen.fit,
            unit_ids=self.places.told.units,
            free=self.places.free,
        )

    def _beyond(self, waiting: Ints, taken: Ints) -> Pairs:
        """Step: whoever has nothing may have what nobody took."""
        rest = self.places.left_by(taken)
        return self.places.among(self.asked, waiting, rest, self.rules, self.near)

    def told(self, chosen: Pairs) -> tuple[Pair, ...]:
        known = self.places.told
        fits = (np.rint(chosen.fit * GRAIN) / GRAIN).tolist()
        columns = chosen.rows.tolist(), chosen.spots.tolist(), fits, chosen.travel.tolist()
        return tuple(
            Pair(
                self.asked.ids[row],
                known.units[spot],
                known.own[spot],
                fit,
                None if isnan(travel) else travel,
            )
            for row, spot, fit, travel in zip(*columns, strict=True)
        )
