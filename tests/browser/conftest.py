"""Real Chromium in front of the real processes; each journey has a region of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from capacity.models import CareUnit
from lzc.models import Policy, PostalArea, User
from tests.browser.window import DESK, PASSWORD, Window, aside
from tests.cast import Cast, Person, assemble
from tests.scenarios.night import Night
from tests.stack import Stack

#: Long enough to see the button, short enough to wait for.
UNDO_SECONDS = 3


def _with_log_ins() -> Cast:
    cast = assemble()
    password = make_password(PASSWORD)
    users = [person.user.pk for person in cast.people()]
    User.objects.filter(pk__in=users).update(password=password)
    _moves_apart(cast)
    Policy.objects.create(region=cast.region, version=1, values={"undo_seconds": UNDO_SECONDS})
    return cast


def _moves_apart(cast: Cast) -> None:
    """Candidates come from the whole country, nearest first: those of other tests are far away."""
    here = {"x": 20_000 + cast.pc4 % 100 * 2_000, "y": 400_000}
    PostalArea.objects.filter(pk=cast.pc4).update(**here)
    units = [cast.team.pk, cast.ward.pk, cast.other_ward.pk]
    CareUnit.objects.filter(pk__in=units).update(**here)


@pytest.fixture
def night(django_db_setup: None, django_db_blocker: Any) -> Iterator[Night]:
    """Nothing happened yet. `committed` would close its connections in Playwright's thread."""
    with django_db_blocker.unblock():
        yield aside(lambda: Night(_with_log_ins()))


Open = Callable[..., Window]


@pytest.fixture
def opens(browser: Any, stack: Stack, night: Night) -> Iterator[Open]:
    """A window for somebody, logged in; in the end all of them must be well."""
    stack.live()
    windows: list[Window] = []

    def window(person: Person | None, size: tuple[int, int] = DESK, **more: Any) -> Window:
        made = Window(browser, stack, size, **more)
        windows.append(made)
        if person:
            made.logs_in(person)
        return made

    yield window
    for made in windows:
        made.close()


@pytest.fixture
def clock(stack: Stack) -> Iterator[None]:
    """Time passes: the sweeps run for as long as the test does."""
    stack.worker()
    stack.beat()
    yield
    stack.stop("beat")
    stack.stop("worker")
