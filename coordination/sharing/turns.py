"""Whose turn it is in a plan, by the policy of the region. Pure. Why: docs/scarcity.md."""

from coordination.assignment import URGENCIES

TIMELY, TOGETHER = "timely", "together"
POLICIES = (TIMELY, TOGETHER)
#: Who can wait: they get nothing before half of their term is over.
PATIENT = frozenset({"U4", "U5"})
LAST = URGENCIES[-1]


def held_back(left: float, waited: float) -> float:
    """Minutes until half of its term is over; 0 or less: it is."""
    return (left - waited) / 2


def waits_on(urgency: str, left: float | None, waited: float, policy: str) -> bool:
    """Whether it gets nothing yet, so that the places it can do without stay for who cannot.

    `left`: minutes of its term; None or not a number: it has none.
    """
    patient = policy == TIMELY and urgency in PATIENT
    return patient and left is not None and held_back(left, waited) > 0


def counts_as(urgency: str, left: float | None, policy: str) -> str:
    """How urgent it counts: whose term is over stands behind who can still be in time."""
    late = policy == TIMELY and left is not None and left <= 0
    return LAST if late else urgency
