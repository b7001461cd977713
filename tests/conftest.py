"""What every test may ask for: a database, the real processes, a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from lzc import translations
from tests import database
from tests.stack import Stack


def pytest_configure() -> None:
    """Pages are tested in Dutch, so with the Dutch of this moment."""
    translations.compile_catalogue()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Figures that a test left in `user_properties` under "measured"."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, figures in getattr(report, "user_properties", ()):
            if name == "measured" and report.when == "call":
                terminalreporter.line(f"{report.nodeid.removeprefix('tests/')}: {figures}")


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch):
    """A region's rules are read each time: whether a second has passed changes no count."""
    monkeypatch.setattr("lzc.models.RULES_FOR", -1.0)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """In place of pytest-django's own: see `tests/database.py`."""
    with django_db_blocker.unblock(), database.cloned() as name:
        connections.databases["default"]["NAME"] = name
        yield
        connections.close_all()
        connection.close_pool()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database with real commits, as other processes see it.

    Nothing is cleaned up afterwards, for the log takes no deletion: a test makes organisations
    of its own and looks at nothing else.
    """
    with django_db_blocker.unblock():
        yield
        connections.close_all()


@pytest.fixture
def transactional_db() -> None:
    """Not for LZC: it would TRUNCATE tables, which the log and the application's role refuse."""
    pytest.fail("use `committed` in place of transactional_db")


@pytest.fixture(scope="session")
def stack(django_db_setup: None) -> Iterator[Stack]:
    """The web process is up; `stack.live()` and `stack.worker()` start the others."""
    running = Stack()
    try:
        running.web()
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium, headless; each test opens a context of its own.

    Of one module, and no longer: for as long as Playwright runs in this thread, Django refuses to
    touch the database in it.
    """
    from playwright.sync_api import sync_playwright

    from lzc.run.browser import executable

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        yield chromium
        chromium.close()
