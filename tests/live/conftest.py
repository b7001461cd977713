from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests import cast as casting
from tests.live.ears import Ear
from tests.stack import Stack


@pytest.fixture
def cast(committed: None) -> casting.Cast:
    return casting.assemble()


@pytest.fixture
def live(stack: Stack, committed: None) -> str:
    """Where the live process of this run listens."""
    return stack.live()


@pytest.fixture
def ear(live: str) -> Iterator[Callable[..., Ear]]:
    """Opens sockets; all of them are closed in the end."""
    with ExitStack() as ears:
        yield lambda *who, **how: ears.enter_context(Ear(live, *who, **how))


@pytest.fixture
def processes(committed: None) -> Iterator[Callable[[], Stack]]:
    """More processes beside those of this run; they end with the test."""
    started: list[Any] = []

    def start() -> Stack:
        started.append(Stack())
        return started[-1]

    yield start
    for each in started:
        each.close()
