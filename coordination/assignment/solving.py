"""Which request gets which place: the best for all together, or each in turn."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from coordination.assignment.question import GRAIN, NOWHERE, Ints, Question


def best_pairs(question: Question) -> Ints:
    """Per request the number of its pair in the best plan, or NOWHERE.

    The solver wants everybody placed, so each request has a column of its own that means waiting.
    """
    count = len(question.requests)
    pairs, columns = _expanded(question)
    if not len(pairs):
        return np.full(count, NOWHERE, np.int64)
    waiting = columns.max() + 1 + np.arange(count)
    weight = question.weight[pairs]
    # Costs above zero: the solver reads a zero as "not allowed".
    cost = np.concatenate((weight.max() + 1 - weight, np.full(count, weight.max() + 1)))
    where = (
        np.concatenate((question.row[pairs], np.arange(count))),
        np.concatenate((columns, waiting)),
    )
    shape = (count, int(waiting[-1]) + 1)
    table = csr_array((cost.astype(np.float64), where), shape=shape)
    rows, chosen = min_weight_full_bipartite_matching(table)
    return _pairs_at(question, rows, _unit_of(question, pairs, columns), chosen)


def in_turn(question: Question, *, nearest: bool = False) -> Ints:
    """First come, first served: each takes the best fit (or the nearest) that is still free."""
    if nearest:
        order = np.lexsort((question.minutes, question.row))
    else:
        order = np.argsort(question.row * (GRAIN + 1) - question.fit, kind="stable")
    units, left = question.units[order].tolist(), question.free.tolist()
    starts = question.starts.tolist()
    taken = np.full(len(question.requests), NOWHERE, np.int64)
    for i in np.argsort(-question.waited, kind="stable").tolist():
        for at in range(starts[i], starts[i + 1]):
            if left[units[at]] > 0:
                left[units[at]] -= 1
                taken[i] = order[at]
                break
    return taken


def _expanded(question: Question) -> tuple[Ints, Ints]:
    """Every pair once per place that its unit can really use, and the column of that place.

    A unit never needs more places than there are requests that could go there.
    """
    wanted = np.bincount(question.units, minlength=len(question.unit_ids))
    places = np.clip(question.free, 0, wanted)
    first = np.concatenate(([0], np.cumsum(places)))
    times = places[question.units]
    pairs = np.repeat(np.arange(len(question.units)), times)
    within = np.arange(len(pairs)) - np.repeat(np.cumsum(times) - times, times)
    return pairs, first[question.units[pairs]] + within


def _unit_of(question: Question, pairs: Ints, columns: Ints) -> Ints:
    """The unit of every column; those beyond them mean waiting."""
    units = np.full(columns.max() + 1 + len(question.requests), NOWHERE, np.int64)
    units[columns] = question.units[pairs]
    return units


def _pairs_at(question: Question, rows: Ints, units: Ints, chosen: Ints) -> Ints:
    """The number of the pair (row, unit): pairs stand in order of row and unit."""
    width = len(question.unit_ids)
    unit = units[chosen]
    taken = np.full(len(question.requests), NOWHERE, np.int64)
    there = unit != NOWHERE
    keys = question.row * width + question.units
    taken[rows[there]] = np.searchsorted(keys, rows[there] * width + unit[there])
    return taken
