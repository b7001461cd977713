"""Which units can take this patient, best first, why the others cannot, and what would help. Pure.

Hard rules exclude, each with a coded reason (`hard_rules`). What is left is ranked along the four
of 4×juist (`scores`). When nothing fits, the smallest changes that would (`relaxing`). Old figures
rank lower; they never hide. The same input gives the same order, whatever order it came in.
"""

from coordination.matching.hard_rules import EXCLUSIONS
from coordination.matching.ranking import rank
from coordination.matching.relaxing import KINDS, NEVER, relaxed
from coordination.matching.scores import REMARKS
from coordination.matching.terms import (
    GROUNDS,
    VISITS,
    Candidate,
    Excluded,
    Group,
    Moment,
    Need,
    Ranking,
    Relaxation,
    Scores,
    Step,
    Unit,
)

__all__ = [
    "EXCLUSIONS",
    "GROUNDS",
    "KINDS",
    "NEVER",
    "REMARKS",
    "VISITS",
    "Candidate",
    "Excluded",
    "Group",
    "Moment",
    "Need",
    "Ranking",
    "Relaxation",
    "Scores",
    "Step",
    "Unit",
    "rank",
    "relaxed",
]
