"""Two that want opposite things of the same offer, request or handover."""

import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models import QuerySet

from coordination import moving
from lzc import moves
from tests.races import naive
from tests.races.contest import Attempt, contest, lost, won

TARRY = 0.02
#: Two attempts that start together.
Pair = tuple[Attempt, Attempt]


def meet(pairs: Iterable[Pair]) -> Iterator[tuple[list[Any], list[str]]]:
    """Who of the two got it, and what the other was told."""
    with contest(2) as held:
        for pair in pairs:
            outcomes = held.round(*pair)
            yield won(outcomes), lost(outcomes)


def about_when(attempt: Attempt) -> Attempt:
    """Of two acts the longer one always locks last, unless the other tarries a little at times."""

    def tarries() -> Any:
        time.sleep(random.uniform(0, TARRY))
        return attempt()

    return tarries


@contextmanager
def unguarded(monkeypatch: pytest.MonkeyPatch, *guards: str, at: str = "") -> Iterator[None]:
    """No row is locked, no update looks again, these guards of the database are gone."""
    with monkeypatch.context() as patched, naive.without(*guards):
        patched.setattr(QuerySet, "select_for_update", naive.unlocked)
        patched.setattr(moving, "step", naive.step)
        patched.setattr(moves, "check", naive.slow_check(at))
        yield
