"""Open requests as columns. Requests of one kind are content with the same places. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

import numpy as np
import numpy.typing as npt

from coordination.matching import Need
from coordination.matching.terms import NOT_FORESEEN
from coordination.sharing.turns import Ask

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """One row per open request, in the order of their ids. Not a number: not known, or none."""

    ids: Sequence[UUID]
    #: What each kind asks, whoever, wherever and whenever it is; and of which kind each row is.
    kinds: Sequence[Need]
    kind: Ints
    urgency: Sequence[str]
    pc4: Sequence[int | None]
    where: Floats
    #: Minutes: until care must have started, since it was asked, and how far one may travel.
    left: Floats
    waited: Floats
    limit: Floats
    #: Which units were asked before.
    tried: Mapping[int, frozenset[UUID]]

    @classmethod
    def of(cls, asks: Iterable[Ask]) -> "Asked":
        rows = sorted(asks, key=lambda ask: ask.id)
        needs = [ask.need for ask in rows]
        kinds: dict[Need, int] = {}
        tried = {row: need.refused_by | need.asked for row, need in enumerate(needs)}
        where = [(None, None) if None in (n.x, n.y) else (n.x, n.y) for n in needs]
        return cls(
            ids=[ask.id for ask in rows],
            kind=np.array([kinds.setdefault(_kind(n), len(kinds)) for n in needs], np.int64),
            kinds=[*kinds],
            urgency=[need.urgency for need in needs],
            pc4=[need.pc4 for need in needs],
            where=np.array(where, np.float64).reshape(-1, 2),
            left=np.array([need.needed_in for need in needs], np.float64),
            waited=np.array([ask.waited for ask in rows], np.float64),
            limit=np.array([need.travel_limit for need in needs], np.float64),
            tried={row: units for row, units in tried.items() if units},
        )

    @cached_property
    def latest(self) -> Floats:
        """As `hard_rules.deadline`: what has passed cannot be met by anybody."""
        return np.where(self.left > 0, self.left, NOT_FORESEEN)

    def alike(self, which: Ints) -> Iterator[tuple[Need, Ints]]:
        """Those of these rows that are of one kind."""
        kind = self.kind[which]
        for each in np.unique(kind).tolist():
            yield self.kinds[each], which[kind == each]


def _kind(need: Need) -> Need:
    return Need(
        need.care_types,
        need.requirements,
        may_wait=need.may_wait,
        sex=need.sex,
        legal_ground=need.legal_ground,
        circles=need.circles,
    )
