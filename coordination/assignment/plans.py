"""A plan, and what it changes for whom."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import numpy as np

from coordination.assignment.question import GRAIN, NOWHERE, URGENCIES, Ints, Question
from coordination.assignment.solving import best_pairs, in_turn


class Value(NamedTuple):
    """What a plan is worth; compare two of the same question: the greater one is better."""

    #: How many are placed, per urgency of `URGENCIES`.
    placed: tuple[int, ...]
    #: Minutes that those placed have waited, together.
    waited: int
    #: Their fits together, in whole parts of GRAIN.
    fit: int


class Pair(NamedTuple):
    request: UUID
    unit: UUID
    fit: float


@dataclass(frozen=True)
class Plan:
    """Who goes where; nobody decided it yet."""

    pairs: tuple[Pair, ...]
    value: Value
    unplaced: tuple[UUID, ...]


class Change(NamedTuple):
    """What the plan changes for one request. No unit: it goes on waiting."""

    request: UUID
    urgency: str
    waited: int
    first_come: UUID | None
    planned: UUID | None
    fit_gain: float


@dataclass(frozen=True)
class Comparison:
    """The plan beside what first come, first served would do, and whom it makes better or worse."""

    plan: Plan
    first_come: Plan
    gains: tuple[Change, ...]
    waits_longer: tuple[Change, ...]
    #: Placed either way, but elsewhere.
    moved: tuple[Change, ...]


def compare(question: Question) -> Comparison:
    """The best plan, first come first served, and what the one changes against the other."""
    best, turn = best_pairs(question), in_turn(question)
    changes = {
        kind: tuple(
            _change(question, i, int(turn[i]), int(best[i])) for i in np.flatnonzero(who).tolist()
        )
        for kind, who in {
            "gains": (best != NOWHERE) & (turn == NOWHERE),
            "waits_longer": (best == NOWHERE) & (turn != NOWHERE),
            "moved": (best != NOWHERE) & (turn != NOWHERE) & (best != turn),
        }.items()
    }
    return Comparison(plan_of(question, best), plan_of(question, turn), **changes)


def decide(question: Question) -> Plan:
    return plan_of(question, best_pairs(question))


def plan_of(question: Question, taken: Ints) -> Plan:
    """The plan that gives request `i` its pair `taken[i]`."""
    placed = np.flatnonzero(taken != NOWHERE)
    at = taken[placed]
    pairs = tuple(
        Pair(question.requests[i], question.unit_ids[unit], fit / GRAIN)
        for i, unit, fit in zip(placed, question.units[at], question.fit[at].tolist(), strict=True)
    )
    value = Value(
        tuple(np.bincount(question.tier[placed], minlength=len(URGENCIES)).tolist()),
        int(question.waited[placed].sum()),
        int(question.fit[at].sum()),
    )
    waiting = np.flatnonzero(taken == NOWHERE)
    return Plan(pairs, value, tuple(question.requests[i] for i in waiting))


def _change(question: Question, i: int, before: int, after: int) -> Change:
    def unit(pair: int) -> UUID | None:
        return None if pair == NOWHERE else question.unit_ids[question.units[pair]]

    def fit(pair: int) -> int:
        return 0 if pair == NOWHERE else int(question.fit[pair])

    return Change(
        question.requests[i],
        URGENCIES[question.tier[i]],
        int(question.waited[i]),
        unit(before),
        unit(after),
        (fit(after) - fit(before)) / GRAIN,
    )
