"""A line of the table of figures."""

from dataclasses import dataclass


@dataclass
class Row:
    """A claim, what was measured, the floor, and the ratio."""

    claim: str
    measured: str
    floor: str
    ratio: str
    goal: str
