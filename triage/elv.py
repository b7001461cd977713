"""The decision aid for a short stay: eight questions. It proposes; the referrer decides. Pure.

The order follows the national *afwegingsinstrument*: first what rules a short stay out, then which
kind of stay. The version goes with every set of answers that is kept.
"""

from collections.abc import Mapping
from typing import NamedTuple

VERSION = "elv-1"
#: When nothing asks for more.
PLAIN = "elv_laag"


class Question(NamedTuple):
    code: str
    decides: bool  # the answer that settles it
    outcome: str  # what is then proposed: a kind of care, or a kind of organisation


QUESTIONS = (
    Question("specialist", True, "ziekenhuis"),
    Question("psychiatry", True, "ggz"),
    Question("safe_home", True, "wijkverpleging"),
    Question("wlz", True, "wlz_crisis"),
    Question("medical", False, "respijt"),
    Question("rehabilitation", True, "grz"),
    Question("terminal", True, "elv_palliatief"),
    Question("complex", True, "elv_hoog"),
)


def propose(answers: Mapping[str, bool]) -> str:
    """What the answers lead to; empty as long as a question before the deciding one is open."""
    for question in QUESTIONS:
        if question.code not in answers:
            return ""
        if answers[question.code] is question.decides:
            return question.outcome
    return PLAIN


def first_open(answers: Mapping[str, bool]) -> str:
    """The first question that nobody answered yet."""
    return next((q.code for q in QUESTIONS if q.code not in answers), "")
