"""Who gets which place when there are too few: all open requests decided together. Pure.

Urgency first, then waiting time, then fit. Which requests *can* be placed together is a matroid
(the transversal matroid of the requests), and that settles the first two without any weighing:
taking requests in order of urgency and waiting time, as long as all taken so far can still be
placed, gives a set that is never behind any other plan. Its k-th request is at least as urgent, and
of that urgency has waited at least as long, as the k-th of any other plan (Rado, Edmonds). So no U2
is ever given up for any number of others, and still nobody could place more people.

The solver needs one number per pair. Because of the above any numbers that rise with the order will
do, so a request weighs its *rank* among the n open ones, and not a power of anything:
`rank × (n × GRAIN + 1) + fit`, with fit in whole parts of GRAIN. All fits together are less than
one step of rank. All are whole numbers and all sums stay below 2**52, so float64 counts exactly.
"""

from coordination.assignment.plans import (
    Change,
    Comparison,
    Pair,
    Plan,
    Value,
    compare,
    decide,
    plan_of,
)
from coordination.assignment.question import GRAIN, NOWHERE, URGENCIES, Question, Waiting
from coordination.assignment.solving import best_pairs, in_turn

__all__ = [
    "GRAIN",
    "NOWHERE",
    "URGENCIES",
    "Change",
    "Comparison",
    "Pair",
    "Plan",
    "Question",
    "Value",
    "Waiting",
    "best_pairs",
    "compare",
    "decide",
    "in_turn",
    "plan_of",
]
