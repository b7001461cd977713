"""A cast for each test, and the systems they work with."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests import cast as casting
from tests.api.programs import system_of


@pytest.fixture
def cast(db: None) -> casting.Cast:
    return casting.assemble()


@pytest.fixture
def systems(cast: casting.Cast) -> Any:
    """One system for each person of the cast, under the same name."""
    people = {n: p for n, p in vars(cast).items() if isinstance(p, casting.Person)}
    return SimpleNamespace(**{name: system_of(person) for name, person in people.items()})
