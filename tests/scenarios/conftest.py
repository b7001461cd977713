"""A region of its own for each story, with real commits: the clock sweeps as it does in use."""

import pytest

from coordination.models import LogReader
from coordination.sharing import waiting
from lzc.events import head
from tests.cast import assemble
from tests.scenarios.telling import Story


@pytest.fixture
def story(committed: None) -> Story:
    """What happened in other stories, and in a race with a thousand of them, is no news here."""
    LogReader.objects.update_or_create(pk=waiting.READER, defaults={"cursor": head()})
    return Story(assemble())
