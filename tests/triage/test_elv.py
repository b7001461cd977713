"""The decision aid: every question settles it by itself, and nothing is proposed too early."""

import pytest

from capacity.models import CareType
from lzc.rights import OrganisationKind
from triage.elv import PLAIN, QUESTIONS, Question, first_open, propose


def undecided(*, until: Question | None = None) -> dict[str, bool]:
    """Answers that settle nothing, up to the question."""
    end = QUESTIONS.index(until) if until else len(QUESTIONS)
    return {q.code: not q.decides for q in QUESTIONS[:end]}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.code)
def test_a_question_settles_it_whatever_comes_after(question: Question) -> None:
    answers = undecided(until=question) | {question.code: question.decides}
    assert propose(answers) == question.outcome
    assert propose(undecided() | answers) == question.outcome


def test_when_nothing_asks_for_more_it_is_the_plain_stay() -> None:
    assert propose(undecided()) == PLAIN


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.code)
def test_with_an_open_question_nothing_is_proposed(question: Question) -> None:
    answers = undecided() | {QUESTIONS[-1].code: True}
    del answers[question.code]
    assert propose(answers) == "" and first_open(answers) == question.code


def test_every_outcome_is_a_kind_of_care_or_of_house() -> None:
    known = {*CareType.values, *OrganisationKind}
    assert {q.outcome for q in QUESTIONS} | {PLAIN} <= known
