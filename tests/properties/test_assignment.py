"""What must hold of every plan, beside optima found in ways that share nothing with ours."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from coordination.assignment import (
    GRAIN,
    URGENCIES,
    Plan,
    Question,
    Value,
    Waiting,
    compare,
    decide,
)

UNITS = [UUID(int=1_000 + number) for number in range(6)]
Asked = tuple[list[Waiting], dict[UUID, int]]


@st.composite
def shortages(draw: st.DrawFn, requests: int = 12, waits: int = 90) -> Asked:
    """Requests with a few units they may go to, and a few places free."""
    fits = st.dictionaries(st.sampled_from(UNITS), st.integers(0, GRAIN).map(lambda n: n / GRAIN))
    waiting = [
        Waiting(
            UUID(int=number + 1),
            draw(st.sampled_from(URGENCIES)),
            draw(st.integers(0, waits)),
            draw(fits),
        )
        for number in range(draw(st.integers(0, requests)))
    ]
    return waiting, draw(st.dictionaries(st.sampled_from(UNITS), st.integers(0, 3)))


@given(shortages())
def test_every_pair_is_allowed_and_no_unit_gives_more_than_it_has(asked: Asked):
    waiting, free = asked
    said = compare(Question.of(waiting, free))
    allowed = {one.id: one.fits for one in waiting}
    for plan in (said.plan, said.first_come):
        for request, unit, fit in plan.pairs:
            assert allowed[request][unit] == pytest.approx(fit, abs=1 / GRAIN)
        given_out = Counter(pair.unit for pair in plan.pairs)
        assert all(count <= free[unit] for unit, count in given_out.items())


@given(shortages())
def test_everybody_is_placed_once_or_waits(asked: Asked):
    waiting, free = asked
    said = compare(Question.of(waiting, free))
    for plan in (said.plan, said.first_come):
        named = [*(pair.request for pair in plan.pairs), *plan.unplaced]
        assert sorted(named) == sorted(one.id for one in waiting)


@given(shortages())
def test_a_plan_is_never_below_first_come_first_served(asked: Asked):
    said = compare(Question.of(*asked))
    assert said.plan.value >= said.first_come.value
    assert len(said.plan.pairs) >= len(said.first_come.pairs)


@given(shortages())
def test_the_changes_are_the_difference_of_the_two_plans(asked: Asked):
    said = compare(Question.of(*asked))
    before = {pair.request: pair.unit for pair in said.first_come.pairs}
    for change in (*said.gains, *said.waits_longer, *said.moved):
        assert before.pop(change.request, None) == change.first_come
        if change.planned:
            before[change.request] = change.planned
    assert before == {pair.request: pair.unit for pair in said.plan.pairs}


@given(shortages(), st.randoms(use_true_random=False))
def test_the_order_in_which_it_comes_does_not_matter(asked: Asked, chance: random.Random):
    waiting, free = asked
    said = compare(Question.of(waiting, free))
    mixed = [
        Waiting(one.id, one.urgency, one.waited, dict(shuffled(one.fits.items(), chance)))
        for one in shuffled(waiting, chance)
    ]
    assert compare(Question.of(mixed, dict(shuffled(free.items(), chance)))) == said


@given(shortages(), st.sampled_from(UNITS))
def test_one_place_more_makes_no_plan_worse(asked: Asked, unit: UUID):
    waiting, free = asked
    more = free | {unit: free.get(unit, 0) + 1}
    assert decide(Question.of(waiting, more)).value >= decide(Question.of(waiting, free)).value


# Beside an optimum found otherwise -------------------------------------------------------------


def test_the_value_is_that_of_trying_every_plan_500_times():
    """All plans are listed and compared as people would: urgency, then waiting, then fit."""
    for seed in range(500):
        waiting, free = a_shortage(random.Random(seed), requests=5, units=4)
        best = max(value_of(waiting, pairs) for pairs in every_plan(waiting, free))
        assert decide(Question.of(waiting, free)).value == best, f"seed {seed}"


def test_the_value_is_that_of_a_mixed_integer_program_100_times():
    for seed in range(100):
        waiting, free = a_shortage(random.Random(seed), requests=14, units=6)
        assert decide(Question.of(waiting, free)).value == by_program(waiting, free), f"seed {seed}"


def test_both_often_enough_differ_from_first_come_first_served():
    """Otherwise the two above would show little."""
    said = [compare(Question.of(*a_shortage(random.Random(s), 5, 4))) for s in range(500)]
    assert sum(one.plan.value > one.first_come.value for one in said) > 100
    assert sum(bool(one.waits_longer) for one in said) > 50


def shuffled(things: Iterable[Any], chance: random.Random) -> list[Any]:
    mixed = list(things)
    chance.shuffle(mixed)
    return mixed


def a_shortage(chance: random.Random, requests: int, units: int) -> Asked:
    waiting = [
        Waiting(
            UUID(int=number + 1),
            chance.choice(URGENCIES),
            chance.choice((5, 5, 20, 60)),
            {unit: chance.randint(0, 9) / 10 for unit in UNITS[:units] if chance.random() < 0.5},
        )
        for number in range(requests)
    ]
    return waiting, {unit: chance.choice((0, 1, 1, 2)) for unit in UNITS[:units]}


def value_of(waiting: list[Waiting], units: tuple[UUID | None, ...]) -> Value:
    placed = [(one, unit) for one, unit in zip(waiting, units, strict=True) if unit]
    return Value(
        tuple(sum(one.urgency == urgency for one, _ in placed) for urgency in URGENCIES),
        sum(int(one.waited) for one, _ in placed),
        sum(round(one.fits[unit] * GRAIN) for one, unit in placed),
    )


def every_plan(waiting: list[Waiting], free: dict[UUID, int]) -> Iterator[tuple[UUID | None, ...]]:
    if not waiting:
        yield ()
        return
    first, *others = waiting
    for unit in (None, *first.fits):
        if unit and not free[unit]:
            continue
        left = free | {unit: free[unit] - 1} if unit else free
        for plan in every_plan(others, left):
            yield (unit, *plan)


def by_program(waiting: list[Waiting], free: dict[UUID, int]) -> Value:
    """One goal after another, each kept while the next is pursued: no weights at all."""
    pairs = [(i, unit) for i, one in enumerate(waiting) for unit in one.fits]
    if not pairs:
        return Value((0,) * len(URGENCIES), 0, 0)
    once = [[float(i == row) for i, _unit in pairs] for row in range(len(waiting))]
    within = [[float(unit == place) for _i, unit in pairs] for place in free]
    held = [
        LinearConstraint(np.array(once), ub=1),
        LinearConstraint(np.array(within), ub=[*free.values()]),
    ]
    goals = [[float(waiting[i].urgency == u) for i, _unit in pairs] for u in URGENCIES]
    goals.append([float(waiting[i].waited) for i, _unit in pairs])
    goals.append([float(round(waiting[i].fits[unit] * GRAIN)) for i, unit in pairs])
    reached = []
    for goal in goals:
        found = milp(-np.array(goal), constraints=held, integrality=1, bounds=Bounds(0, 1))
        reached.append(round(-found.fun))
        held.append(LinearConstraint(np.array([goal]), lb=reached[-1]))
    return Value(tuple(reached[: len(URGENCIES)]), reached[-2], reached[-1])


def test_a_plan_is_the_same_every_time():
    asked = a_shortage(random.Random(7), requests=14, units=6)
    plans: list[Plan] = [decide(Question.of(*asked)) for _ in range(3)]
    assert plans[0] == plans[1] == plans[2]
