"""A copy of the runtime to be handled roughly; a test must leave no process of it behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run.copy_of_lzc import Copy


@pytest.fixture(scope="session")
def own_var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One for all tests of a worker: making a cluster takes seconds, and each test mends it."""
    var = tmp_path_factory.mktemp("copy") / "var"
    yield var
    Copy(var).clean()


@pytest.fixture
def copy(own_var: Path) -> Iterator[Copy]:
    one = Copy(own_var)
    yield one
    one.close()
