"""A cast of its own for each race, with real commits; and its figures in the summary of the run."""

from collections.abc import Callable

import pytest

from tests import cast as casting


@pytest.fixture
def cast(committed: None) -> casting.Cast:
    return casting.assemble()


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[object], None]:
    """What came of it: `tests/conftest.py` prints it when the run is done, also under xdist."""
    return lambda figures: record_property("measured", str(figures))
