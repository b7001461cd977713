"""Open requests as columns. Requests of one kind are content with the same places. Pure."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol
from uuid import UUID

import numpy as np
import numpy.typing as npt

from coordination.matching import Need
from coordination.matching.terms import NOT_FORESEEN
from coordination.sharing.spots import kinds_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Asking(Protocol):
    """An open request, wherever it was read. Times in minutes."""

    @property
    def id(self) -> UUID: ...
    @property
    def alike(self) -> Hashable:
        """Equal to that of a request of the same kind, and cheap."""

    @property
    def kind(self) -> Need:
        """What it asks, wherever and whenever it is."""

    @property
    def urgency(self) -> str: ...
    @property
    def pc4(self) -> int | None: ...
    @property
    def x(self) -> int | None: ...
    @property
    def y(self) -> int | None: ...
    @property
    def left(self) -> float | None: ...
    @property
    def waited(self) -> float: ...
    @property
    def travel_limit(self) -> float | None: ...
    @property
    def tried(self) -> frozenset[UUID]: ...


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
    def of(cls, asks: Iterable[Asking]) -> "Asked":
        rows = sorted(asks, key=lambda one: one.id.int)
        kind, first = kinds_of(one.alike for one in rows)
        tried = {row: one.tried for row, one in enumerate(rows)}
        return cls(
            ids=[one.id for one in rows],
            kinds=[rows[row].kind for row in first],
            kind=kind,
            urgency=[one.urgency for one in rows],
            pc4=[one.pc4 for one in rows],
            where=np.array([(one.x, one.y) for one in rows], np.float64).reshape(-1, 2),
            left=np.array([one.left for one in rows], np.float64),
            waited=np.array([one.waited for one in rows], np.float64),
            limit=np.array([one.travel_limit for one in rows], np.float64),
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
