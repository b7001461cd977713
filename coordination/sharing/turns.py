"""Whose turn it is in a plan, by the policy of the region. Pure. Why: docs/scarcity.md."""

from dataclasses import dataclass
from uuid import UUID

from coordination.assignment import URGENCIES
from coordination.matching import Need

TIMELY, TOGETHER = "timely", "together"
POLICIES = (TIMELY, TOGETHER)
#: Who can wait: they get nothing before half of their term is over.
PATIENT = frozenset({"U4", "U5"})
LAST = URGENCIES[-1]


@dataclass(frozen=True)
class Ask:
    """An open request. `waited`: minutes since it was asked; its need says how many are left."""

    id: UUID
    need: Need
    waited: float

    @property
    def held_back(self) -> float:
        """Minutes until half of its term is over; 0 or less: it is."""
        left = self.need.needed_in
        return 0.0 if left is None else (left - self.waited) / 2


def waits_on(ask: Ask, policy: str) -> bool:
    """Whether it gets nothing yet, so that the places it can do without stay for who cannot."""
    return policy == TIMELY and ask.need.urgency in PATIENT and ask.held_back > 0


def counts_as(ask: Ask, policy: str) -> str:
    """How urgent it counts: whose term is over stands behind who can still be in time."""
    left = ask.need.needed_in
    late = policy == TIMELY and left is not None and left <= 0
    return LAST if late else ask.need.urgency
