"""Contenders that start together, each on a thread and a database connection of its own."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

from django.db import connections

from lzc.errors import Refused

Attempt = Callable[[], Any]


class Contest:
    """Rounds of so many contenders. What is not refused, and fails, fails the test."""

    def __init__(self, contenders: int) -> None:
        self.contenders = contenders
        self._start = Barrier(contenders)
        self._threads = ThreadPoolExecutor(contenders)

    def round(self, *attempts: Attempt) -> list[Any]:
        """What came of each attempt: its result, or the refusal."""
        assert len(attempts) == self.contenders, "somebody would wait at the barrier for ever"
        return list(self._threads.map(self._attempt, attempts))

    def _attempt(self, attempt: Attempt) -> Any:
        self._start.wait()
        try:
            return attempt()
        except Refused as refusal:
            return refusal

    def close(self) -> None:
        self.round(*[connections.close_all] * self.contenders)
        self._threads.shutdown()


@contextmanager
def contest(contenders: int) -> Iterator[Contest]:
    held = Contest(contenders)
    try:
        yield held
    finally:
        held.close()


def won(outcomes: list[Any]) -> list[Any]:
    return [outcome for outcome in outcomes if not isinstance(outcome, Refused)]


def lost(outcomes: list[Any]) -> list[str]:
    """The code of each refusal."""
    return [outcome.code for outcome in outcomes if isinstance(outcome, Refused)]


@dataclass
class Tally:
    """What came of all rounds together."""

    rounds: int = 0
    winners: int = 0
    losers: Counter[str] = field(default_factory=Counter)
    oversold: int = 0
    #: Rounds in which something was given more than once.
    broken: int = 0
    slowest: float = 0.0
    since: float = field(default_factory=time.monotonic)

    def count(self, winners: int, losers: list[str], *, began: float) -> None:
        self.rounds += 1
        self.winners += winners
        self.losers.update(losers)
        self.slowest = max(self.slowest, time.monotonic() - began)

    def __str__(self) -> str:
        lost = ", ".join(f"{n} × {code}" for code, n in sorted(self.losers.items()))
        return (
            f"{self.rounds} rounds: {self.winners} won, {lost or 'none'} refused, "
            f"{self.oversold} oversold in {self.broken} rounds; "
            f"{time.monotonic() - self.since:.1f} s, slowest round {self.slowest * 1000:.0f} ms"
        )
