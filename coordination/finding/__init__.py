"""Who could take this patient: the units that can matter, brought in by at most two statements, and
the ranking of them. Not one patient row is read."""

from coordination.finding.finding import (
    MOST,
    Decision,
    Found,
    best,
    candidates,
    in_order,
    in_turn,
    open_places,
    ranked,
    unit_now,
    weighed,
)
from coordination.finding.tried import Tried

__all__ = [
    "MOST",
    "Decision",
    "Found",
    "Tried",
    "best",
    "candidates",
    "in_order",
    "in_turn",
    "open_places",
    "ranked",
    "unit_now",
    "weighed",
]
