"""The races over HTTP against a web process without guards: they must go wrong there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import cast as casting
from tests.races import naive
from tests.races.callers import callers, key_of, over_http
from tests.races.last_places import EIGHT, rounds
from tests.races.questions import TWENTY, asked_at_once, contacts_of
from tests.stack import Stack

FEW = 8
QUESTIONS = 3


@pytest.fixture(scope="module")
def naive_url(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Here the tests of this module work too, for as long as they last."""
    with django_db_blocker.unblock(), naive.without(*naive.ONE_OFFER_PER_PLACE, *naive.ONE_ANSWER):
        stack = Stack()
        try:
            stack.start("web", DJANGO_SETTINGS_MODULE="tests.races.naive_settings")
            stack.web()
            yield stack.url
        finally:
            stack.close()


def test_control_places_are_given_twice(
    naive_url: str, committed: None, tell: Callable[[object], None]
) -> None:
    cast = casting.assemble()
    with callers(naive_url, *[key_of(cast.coordinator) for _ in range(EIGHT)]) as systems:
        tally = rounds(cast, FEW, over_http(systems))
    tell(tally)
    assert tally.broken >= FEW / 2


def test_control_the_same_question_is_done_again_and_again(
    naive_url: str, committed: None, tell: Callable[[object], None]
) -> None:
    cast = casting.assemble()
    asked_at_once(naive_url, cast, QUESTIONS)
    rows = contacts_of(cast)
    tell(f"{QUESTIONS} questions × {TWENTY} at once: {rows} rows")
    assert rows >= 2 * QUESTIONS
