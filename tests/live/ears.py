"""Whoever listens at a live socket, as a browser or a machine would."""

import json
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from lzc.events import act, head, record
from lzc.models import Actor
from tests.api.programs import browser_of
from tests.cast import Person

#: What takes longer is broken. How long it does take is for the benchmarks to say.
PATIENCE = 30.0
OWN_PAGE = "http://127.0.0.1:8000"

#: As a page does, that was made a moment ago.
HERE = -1

Facts = list[dict[str, Any]]


def cookie_of(person: Person) -> str:
    """Of a session in which this person is logged in, and at work."""
    cookies = browser_of(person).client.cookies
    return f"{settings.SESSION_COOKIE_NAME}={cookies[settings.SESSION_COOKIE_NAME].value}"


def happens(by: Actor, audience: Iterable[uuid.UUID], *, count: int = 1) -> list[str]:
    """So many facts in one act; returns what they are about."""
    subjects = [uuid.uuid4() for _ in range(count)]
    with act(by=by):
        for subject in subjects:
            record("x.happened", subject, by=by, audience=audience)
    return [str(subject) for subject in subjects]


class Ear:
    """One open socket. It gives up after `PATIENCE`."""

    def __init__(
        self,
        url: str,
        person: Person | None = None,
        *,
        after: int | str | None = HERE,
        cookie: str = "",
        key: str = "",
        origin: str | None = OWN_PAGE,
        **options: Any,
    ) -> None:
        headers = {}
        if person or cookie:
            headers["Cookie"] = cookie or cookie_of(person)
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self._opened = connect(
            url if after is None else f"{url}?after={head() if after == HERE else after}",
            additional_headers=headers,
            origin=origin,
            proxy=None,
            max_queue=None,
            **options,
        )
        self.socket = self._opened.__enter__()

    def __enter__(self) -> "Ear":
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.__exit__(None, None, None)

    def message(self) -> dict[str, Any]:
        return json.loads(self.socket.recv(timeout=PATIENCE))

    def heartbeat(self) -> dict[str, Any]:
        """The next one; on the way there nothing else is said."""
        said = self.message()
        assert "heartbeat" in said, said
        return said

    def facts(self, count: int) -> Facts:
        """The next so many."""
        found: Facts = []
        since = time.monotonic()
        while len(found) < count:
            assert time.monotonic() - since < PATIENCE, f"only {len(found)} of {count} came"
            said = self.message()
            if "number" in said:
                found.append(said)
                since = time.monotonic()
        return found

    def all_until(self, number: int) -> Facts:
        """Everything it hears up to this number of the log."""
        found: Facts = []
        deadline, pause = time.monotonic() + PATIENCE, 0.05
        while time.monotonic() < deadline:
            self.say({"ping": True})
            while "heartbeat" not in (said := self.message()):
                found.append(said)
            if said["head"] >= number:
                return found
            # Who asks too often is sent away.
            time.sleep(pause := min(2 * pause, 2.0))
        raise AssertionError(f"the tail never came to {number}")

    def all_until_now(self) -> Facts:
        return self.all_until(head())

    def say(self, what: Any) -> None:
        self.socket.send(what if isinstance(what, str | bytes) else json.dumps(what))

    def closed(self) -> int:
        """Wait until it is, and say why."""
        deadline = time.monotonic() + PATIENCE
        with suppress(ConnectionClosed):
            while time.monotonic() < deadline:
                self.socket.recv(timeout=PATIENCE)
        return self.socket.close_code

    @property
    def is_open(self) -> bool:
        self.say({"ping": True})
        return "heartbeat" in self.message()


def numbers(facts: Facts) -> list[int]:
    return [fact["number"] for fact in facts]


def subjects(facts: Facts) -> list[str]:
    return [fact["subject"] for fact in facts]
