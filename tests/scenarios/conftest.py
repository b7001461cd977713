"""A region of its own for each story, with real commits: the clock sweeps as it does in use."""

import pytest

from coordination.models import LogReader
from coordination.sharing import waiting
from lzc.events import head
from tests.cast import assemble
from tests.scenarios.telling import Story


@pytest.fixture
def story(committed: None) -> Story:
    return Story(assemble())


@pytest.fixture
def told_before(story: Story) -> None:
    """What happened in other stories is no news any more."""
    LogReader.objects.update_or_create(pk=waiting.READER, defaults={"cursor": head()})
