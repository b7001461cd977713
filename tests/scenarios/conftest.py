"""A region of its own for each story, with real commits: the clock sweeps as it does in use."""

import pytest

from tests.cast import assemble
from tests.scenarios.telling import Story


@pytest.fixture
def story(committed: None) -> Story:
    return Story(assemble())
