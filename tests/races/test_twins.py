"""The same person, whom nobody knows yet, is taken in by several desks at the same moment."""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests import cast as casting
from tests.cast import Cast
from tests.races import naive
from tests.races.callers import callers, key_of
from tests.races.contest import Contest, contest, won
from tests.stack import Stack
from triage import gateway
from triage import services as triage
from triage.models import Case
from triage.services import ContactIn, Intake, PatientIn

DESKS, MANY, FEW = 8, 12, 4


def taken_in(held: Contest, cast: Cast, who: PatientIn) -> list[Any]:
    """By eight desks at once: four people work at each of two."""
    people = [cast.centralist, cast.triagist] * (DESKS // 2)
    return held.round(
        *[
            partial(p.does, triage.register, patient=who, contact=ContactIn(), desk=p.desk)
            for p in people
        ]
    )


def cases_of(taken: list[Intake]) -> int:
    return Case.objects.filter(pk__in={each.case.pk for each in taken}).count()


def test_a_new_person_gets_one_case_and_the_others_join_it(cast: Cast) -> None:
    """By name, birth date and address alone: the lock on those is all there is."""
    with contest(DESKS) as held:
        for _ in range(MANY):
            taken = won(taken_in(held, cast, cast.patient(bsn="")))
            assert Counter(t.outcome for t in taken) == {"registered": 1, "joined": DESKS - 1}
            assert cases_of(taken) == 1


def test_the_index_alone_keeps_a_person_with_a_bsn_from_two_cases(cast: Cast) -> None:
    """Two desks that each know nothing but a BSN have no name to wait for each other on."""
    with contest(DESKS) as held:
        for _ in range(MANY):
            who = PatientIn(bsn=casting.test_bsn())
            outcomes = taken_in(held, cast, who)
            refused = {o.code for o in outcomes if not isinstance(o, Intake)}
            assert refused <= {"twin_patient", "twin_case"}
            assert Counter(t.outcome for t in won(outcomes))["registered"] == 1
            assert cases_of(won(outcomes)) == 1


def test_over_http_nobody_is_refused_for_it(
    stack: Stack, cast: Cast, tell: Callable[[object], None]
) -> None:
    """The door tries again, and joins what the other just opened."""
    people = [cast.centralist, cast.triagist] * (DESKS // 2)
    began, told = time.monotonic(), Counter[str]()
    with callers(stack.url, *map(key_of, people)) as systems, contest(DESKS) as held:
        for _ in range(MANY):
            body = {"patient": {"bsn": casting.test_bsn()}, "contact": {"text": "Gevallen."}}
            taken = held.round(*[partial(s.posts, "cases", body) for s in systems])
            told.update(answer["outcome"] for answer in taken)
            assert len({answer["id"] for answer in taken}) == 1
    tell(f"{MANY} new people × {DESKS} at once: {dict(told)}; {time.monotonic() - began:.1f} s")
    assert told == {"registered": MANY, "joined": MANY * (DESKS - 1)}


@pytest.mark.parametrize("with_bsn", [False, True])
def test_control_without_lock_and_index_they_get_several(
    committed: None, with_bsn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "_one_at_a_time", lambda key: None)
    monkeypatch.setattr(gateway, "find", naive.slow_find())
    with naive.without(*naive.ONE_PERSON):
        cast = casting.assemble()
        with contest(DESKS) as held:
            known = [cast.patient(**({} if with_bsn else {"bsn": ""})) for _ in range(FEW)]
            several = sum(cases_of(won(taken_in(held, cast, who))) > 1 for who in known)
    assert several >= FEW / 2
