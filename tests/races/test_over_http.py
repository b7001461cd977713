"""The same races against the real web process: what a system at the other end gets to see."""

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.races.callers import callers, key_of, over_http
from tests.races.last_places import EIGHT, free_places, rounds
from tests.races.questions import TWENTY, asked_at_once, contacts_of
from tests.stack import Stack

MANY = [40, pytest.param(1250, marks=[pytest.mark.long, pytest.mark.timeout(3600)])]
QUESTIONS = 10


@pytest.mark.parametrize("count", MANY)
def test_a_last_place_is_given_once(
    stack: Stack, cast: Cast, count: int, tell: Callable[[object], None]
) -> None:
    """Every loser gets a clear 409; anything else would come out of its round as an error."""
    with callers(stack.url, *[key_of(cast.coordinator) for _ in range(EIGHT)]) as systems:
        tally = rounds(cast, count, over_http(systems))
    tell(tally)
    assert tally.oversold == 0
    assert tally.winners == count
    assert tally.losers == {"no_place": count * (EIGHT - 1)}
    assert free_places(cast) == 0


def test_the_same_question_twenty_times_at_once_is_done_once(
    stack: Stack, cast: Cast, tell: Callable[[object], None]
) -> None:
    answers = asked_at_once(stack.url, cast, QUESTIONS)
    tell(f"{QUESTIONS} questions × {TWENTY} at once: {contacts_of(cast)} rows")
    assert contacts_of(cast) == QUESTIONS
    for same in answers:
        assert {(a.status_code, a.content) for a in same} == {(201, same[0].content)}
        assert sum("Idempotent-Replayed" in a.headers for a in same) == TWENTY - 1
