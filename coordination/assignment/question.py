"""Open requests and the places they may go to, as arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

import numpy as np
import numpy.typing as npt

#: Most urgent first. U0 and U1 are with the ambulance and never wait for a place.
URGENCIES = ("U2", "U3", "U4", "U5")
#: Fit counts in hundredths: of two places that differ by less than a minute on the road, which is
#: not known that well, either will do. Why not finer: docs/decisions/0015-fit-in-hundredths.md.
GRAIN = 100
#: Whole numbers below this, and their sums and differences, are exact in float64.
EXACT = 2**52
NOWHERE = -1

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Waiting:
    """An open request: `waited` in minutes since it was asked, `fits` per unit that may take it.

    A fit is 0 (allowed, no more than that) to 1 (exactly right). What is not in it is not allowed.
    """

    id: UUID
    urgency: str
    waited: float
    fits: Mapping[UUID, float]


@dataclass(frozen=True)
class Question:
    """Open requests × units as arrays: request `i` may go to `units[starts[i]:starts[i + 1]]`.

    Rows and units are in the order of their ids, so that the same question has one answer whatever
    order it came in. Make it with `of` (from objects) or `from_arrays` (from columns of a query).
    """

    requests: tuple[UUID, ...]
    unit_ids: tuple[UUID, ...]
    tier: Ints
    waited: Ints
    starts: Ints
    #: The request of every pair, and its unit.
    row: Ints
    units: Ints
    #: In whole parts of GRAIN.
    fit: Ints
    free: Ints
    #: Travel time per pair, for who takes the nearest; empty when it is not known.
    minutes: Floats

    @classmethod
    def of(cls, waiting: Iterable[Waiting], free: Mapping[UUID, int]) -> "Question":
        """`free`: places per unit; a unit that is not in it has none."""
        rows, ids = list(waiting), list(free)
        column = {unit: number for number, unit in enumerate(ids)}
        pairs = [
            [(column[unit], fit) for unit, fit in row.fits.items() if unit in column]
            for row in rows
        ]
        return cls.from_arrays(
            requests=[row.id for row in rows],
            urgency=[row.urgency for row in rows],
            waited=[row.waited for row in rows],
            starts=np.cumsum([0, *(len(each) for each in pairs)]),
            units=[unit for each in pairs for unit, _fit in each],
            fits=[fit for each in pairs for _unit, fit in each],
            unit_ids=ids,
            free=list(free.values()),
        )

    @classmethod
    def from_arrays(
        cls,
        *,
        requests: Sequence[UUID],
        urgency: Sequence[str],
        waited: npt.ArrayLike,
        starts: npt.ArrayLike,
        units: npt.ArrayLike,
        fits: npt.ArrayLike,
        unit_ids: Sequence[UUID],
        free: npt.ArrayLike,
        minutes: npt.ArrayLike = (),
    ) -> "Question":
        """Candidates as CSR: `units` are numbers in `unit_ids`, `fits` and `minutes` go with them.

        Raises ValueError for an unknown urgency, a fit outside 0 … 1, and what is given twice.
        """
        lengths = _lengths(starts)
        rows, columns = _by_id(requests), _by_id(unit_ids)
        row = np.repeat(_inverse(rows), lengths)
        unit = _inverse(columns)[np.asarray(units, np.int64)]
        order = np.argsort(row * len(columns) + unit, kind="stable")
        far = np.asarray(minutes, np.float64)
        return cls.in_order(
            requests=[requests[i] for i in rows.tolist()],
            urgency=[urgency[i] for i in rows.tolist()],
            waited=np.asarray(waited)[rows],
            row=row[order],
            units=unit[order],
            fits=np.asarray(fits)[order],
            unit_ids=[unit_ids[i] for i in columns.tolist()],
            free=np.asarray(free)[columns],
            minutes=far[order] if len(far) else far,
        )

    @classmethod
    def in_order(
        cls,
        *,
        requests: Sequence[UUID],
        urgency: Sequence[str],
        waited: npt.ArrayLike,
        row: Ints,
        units: Ints,
        fits: npt.ArrayLike,
        unit_ids: Sequence[UUID],
        free: npt.ArrayLike,
        minutes: npt.ArrayLike = (),
    ) -> "Question":
        """Of columns that stand in order already: pairs by request (`row`), then by unit."""
        count = np.bincount(row, minlength=len(requests))
        return cls(
            requests=tuple(requests),
            unit_ids=tuple(unit_ids),
            tier=_tiers(urgency),
            waited=_minutes(waited),
            starts=np.concatenate(([0], np.cumsum(count))),
            row=row,
            units=_each_once(row, units),
            fit=_whole(fits),
            free=np.asarray(free, np.int64),
            minutes=np.asarray(minutes, np.float64),
        )

    @cached_property
    def weight(self) -> Ints:
        """What every pair is worth: its request's rank, and within that its fit. See above."""
        order = np.lexsort((self.waited, -self.tier))
        steps = np.diff(self.tier[order]) | np.diff(self.waited[order])
        level = np.empty(len(order), np.int64)
        level[order] = np.cumsum(np.concatenate(([0], steps != 0)))[: len(order)]
        count = len(self.requests)
        step = count * GRAIN + 1
        if (count + 1) ** 2 * step >= EXACT:
            raise ValueError(f"{count} requests at once: decide per subregion")
        return (level + 1)[self.row] * step + self.fit


def _by_id(ids: Sequence[UUID]) -> Ints:
    numbers = [each.int for each in ids]
    if len(set(numbers)) < len(numbers):
        raise ValueError("an id is given twice")
    return np.array(sorted(range(len(numbers)), key=numbers.__getitem__), np.int64)


def _inverse(order: Ints) -> Ints:
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return back


def _lengths(starts: npt.ArrayLike) -> Ints:
    bounds = np.asarray(starts, np.int64)
    return bounds[1:] - bounds[:-1]


def _minutes(waited: npt.ArrayLike) -> Ints:
    return np.floor(np.asarray(waited, np.float64)).astype(np.int64)


def _each_once(row: Ints, unit: Ints) -> Ints:
    if np.any((np.diff(row) == 0) & (np.diff(unit) == 0)):
        raise ValueError("a unit is given twice for one request")
    return unit


def _tiers(urgency: Sequence[str]) -> Ints:
    number = {code: tier for tier, code in enumerate(URGENCIES)}
    if unknown := set(urgency) - number.keys():
        raise ValueError(f"no place is sought at urgency {', '.join(sorted(unknown))}")
    return np.array([number[code] for code in urgency], np.int64)


def _whole(fits: npt.ArrayLike) -> Ints:
    given = np.asarray(fits, np.float64)
    if not np.all((given >= 0) & (given <= 1)):
        raise ValueError("a fit lies between 0 and 1")
    return np.rint(given * GRAIN).astype(np.int64)
