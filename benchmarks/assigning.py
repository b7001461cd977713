"""Deciding about all open requests at once, beside a second solver that knows nothing of the first.

The floor is HiGHS on the same pairs as a linear program. Its corners are whole numbers, since a
bipartite matching is totally unimodular, so both must reach the same value: that is asserted.
Goals: 500 requests × 2,000 units within 100 ms, 2,000 × 10,000 within 300 ms, from columns to the
plan beside first come, first served. Reading the candidates is measured with the finding of them.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from benchmarks.rows import Row
from coordination.assignment import (
    GRAIN,
    NOWHERE,
    URGENCIES,
    Comparison,
    Question,
    best_pairs,
    compare,
)

REPEATS = 5
CANDIDATES = 30
SIZES = {(500, 2_000): 100, (2_000, 10_000): 300}
QUICK = {(100, 400): 100}

Columns = dict[str, Any]


def columns(requests: int, units: int, *, seed: int = 1) -> Columns:
    """As a query would give them: each request with candidates around it, some places crowded."""
    chance = np.random.default_rng(seed)
    near = chance.beta(2, 5, requests) * (units - 2 * CANDIDATES)
    within = np.argsort(chance.random((requests, 2 * CANDIDATES)), axis=1)[:, :CANDIDATES]
    return {
        "requests": [UUID(int=n) for n in range(1, requests + 1)],
        "urgency": list(chance.choice(URGENCIES, requests, p=(0.1, 0.4, 0.35, 0.15))),
        "waited": chance.integers(0, 600, requests),
        "starts": np.arange(requests + 1) * CANDIDATES,
        "units": (near.astype(int)[:, None] + within).ravel(),
        "fits": chance.random(requests * CANDIDATES),
        "unit_ids": [UUID(int=n) for n in range(1, units + 1)],
        # Of the units nearby a third has a place, a few have two.
        "free": chance.choice(3, units, p=(0.7, 0.2, 0.1)),
    }


def run(*, quick: bool, say: Callable[[str], None]) -> list[Row]:
    rows = []
    for (requests, units), goal in (QUICK if quick else SIZES).items():
        say(f"assigning {requests:,} requests to {units:,} units")
        given = columns(requests, units)
        question = Question.from_arrays(**given)
        second, floor = _timed(lambda q=question: by_linear_program(q), repeats=1)
        said, whole = _timed(lambda g=given: compare(Question.from_arrays(**g)))
        ours, solve = _timed(lambda q=question: best_pairs(q))
        _same(question, ours, second)
        name = f"assign {requests:,} × {units:,}"
        rows += [
            Row(f"{name}: solve", _ms(solve), _ms(floor), f"{solve / floor:.3f}×", "equal value"),
            Row(f"{name}: columns to plan", _ms(whole), "", "", f"≤ {goal} ms"),
            Row(f"{name}: placed, first come", *_placed(said), "", "shown"),
        ]
    return rows


def by_linear_program(question: Question) -> int:
    """The greatest sum of weights, found by HiGHS: first by rank, and then, kept so, by fit.

    In one step the fits would drown in the tolerance of a solver in floating point.
    """
    pairs = np.arange(len(question.units))
    ones = np.ones(len(pairs))
    once = csr_array((ones, (question.row, pairs)), shape=(len(question.requests), len(pairs)))
    room = csr_array((ones, (question.units, pairs)), shape=(len(question.unit_ids), len(pairs)))
    rank = (question.weight - question.fit) / (len(question.requests) * GRAIN + 1)
    limits = np.concatenate((np.ones(len(question.requests)), question.free))
    most = _most(rank, vstack([once, room]), limits)
    kept = vstack([once, room, csr_array(-rank[None, :])])
    best = _most(question.fit, kept, np.append(limits, -round(rank @ most)))
    return int(question.weight[best > 0.5].sum())


def _most(goal: Any, rows: Any, limits: Any) -> Any:
    found = linprog(-goal, A_ub=rows, b_ub=limits, bounds=(0, 1), method="highs")
    if not found.success:
        raise SystemExit(f"the second solver gave up: {found.message}")
    return found.x


def _same(question: Question, ours: Any, second: int) -> None:
    value = int(question.weight[ours[ours != NOWHERE]].sum())
    if value != second:
        raise SystemExit(f"the solvers differ: {value} and {second}. One of them is wrong")


def _placed(said: Comparison) -> tuple[str, str]:
    both = (said.plan.value.placed, said.first_come.value.placed)
    ours, turn = (" ".join(map(str, placed)) for placed in both)
    return ours, turn


def _timed(work: Callable[[], Any], repeats: int = REPEATS) -> tuple[Any, float]:
    """What it gave, and the median of its milliseconds."""
    times, gave = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        gave = work()
        times.append((time.perf_counter() - start) * 1000)
    return gave, statistics.median(times)


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.1f} ms"
