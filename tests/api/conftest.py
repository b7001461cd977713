"""A cast for each test, and the systems they work with."""

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
    return casting.Each(cast, system_of)
