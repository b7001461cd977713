"""A database with the demo in it, and nothing else, with the real processes in front of it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from lzc.run.var import BASE
from tests import database
from tests.stack import Stack


class DemoStack(Stack):
    """Like the stack of all tests, on a database and a `var/` of its own."""

    def __init__(self, name: str, var: Path) -> None:
        super().__init__()
        self.name, self.var = name, var

    def environment(self) -> dict[str, str]:
        return super().environment() | {
            "DATABASE_URL": database.url(settings.DATABASE_URL, self.name),
            "DATABASE_OWNER_URL": database.url(settings.DATABASE_OWNER_URL, self.name),
            "LZC_VAR": str(self.var),
            # Runs may be in each other's way by their bells alone: give this one a name.
            "REDIS_PREFIX": f"{settings.REDIS_PREFIX}demo:",
        }

    def manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE,
            env=self.environment() | more,
            capture_output=True,
            text=True,
            timeout=110,
        )

    def rows(self, sql: str) -> list[tuple]:
        """As the owner, who sees all of it."""
        with psycopg.connect(database.url(settings.DATABASE_OWNER_URL, self.name)) as owner:
            return owner.execute(sql).fetchall()

    def keys(self) -> dict[str, dict[str, str]]:
        return json.loads((self.var / "demo-keys.json").read_text())


@pytest.fixture(scope="session")
def demo(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoStack]:
    """The demo was put in by the command that everybody uses, and nobody touched it since."""
    with _stack("demo", tmp_path_factory) as stack:
        yield _filled(stack)


@pytest.fixture(scope="session")
def played(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoStack]:
    """Another one, with the web process in front of it: nights are played in it."""
    with _stack("played", tmp_path_factory) as stack:
        _filled(stack).web()
        yield stack


@contextmanager
def _stack(name: str, folders: pytest.TempPathFactory) -> Iterator[DemoStack]:
    var = folders.mktemp(name)
    (var / "assets").mkdir()
    with database.cloned(f"{name}_") as database_name:
        stack = DemoStack(database_name, var)
        try:
            yield stack
        finally:
            stack.close()


def _filled(stack: DemoStack) -> DemoStack:
    done = stack.manage("demo")
    assert done.returncode == 0, done.stderr
    return stack
