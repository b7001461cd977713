"""Ten thousand facts by eight writers, two processes that listen: nothing lost, doubled, swapped.

And that this test can fail: the same question put to a reader of ids from a sequence.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from lzc.events import act, head, record
from lzc.models import Event
from tests import database
from tests.live.ears import Ear, Facts, happens, numbers, subjects

logger = logging.getLogger(__name__)

WRITERS, FACTS = 8, 10_000


def together(*jobs: Callable[[], None]) -> None:
    """Each in a thread, and so with a connection, of its own. What goes wrong there, goes wrong."""
    wrong: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong


@pytest.mark.timeout(300)
def test_ten_thousand_facts_by_eight_writers_reach_all_who_listen(cast, processes):
    house = [cast.coordinator.house.pk]
    written: list[list[str]] = [[] for _ in range(WRITERS)]

    def writer(own: list[str]) -> Callable[[], None]:
        chance = random.Random(repr(own))

        def write() -> None:
            while len(own) < FACTS // WRITERS:
                left = FACTS // WRITERS - len(own)
                own.extend(
                    happens(cast.coordinator.actor, house, count=min(left, chance.randint(1, 4)))
                )

        return write

    urls = [processes().live(), processes().live()]
    since = head()
    with (
        Ear(urls[0], cast.coordinator, after=since) as one,
        Ear(urls[0], cast.colleague, after=since) as two,
        Ear(urls[1], cast.coordinator, after=since) as three,
        Ear(urls[1], cast.stranger, after=since) as stranger,
    ):
        heard: list[Facts] = [[], [], []]
        ears = [
            lambda ear=ear, own=own: own.extend(ear.facts(FACTS))
            for ear, own in zip((one, two, three), heard, strict=True)
        ]
        started = time.monotonic()
        together(*(writer(own) for own in written), *ears)
        logger.info("%s facts written and heard in %.1f s", FACTS, time.monotonic() - started)
        assert [ear.all_until_now() for ear in (one, two, three)] == [[], [], []]
        assert stranger.all_until_now() == []
    kept = list(Event.objects.after(since).values_list("number", flat=True))
    assert kept == list(range(since + 1, since + 1 + FACTS)), "the log has gaps"
    for facts in heard:
        assert numbers(facts) == kept
        assert sorted(subjects(facts)) == sorted(s for own in written for s in own)
        for own in written:
            mine = set(own)
            assert [s for s in subjects(facts) if s in mine] == own


# The negative control ---------------------------------------------------------------------------


@contextmanager
def a_naive_log() -> Iterator[str]:
    """A table whose ids come from a sequence: the address of its database, for who owns it."""
    address = database.url(settings.DATABASE_OWNER_URL, str(connection.settings_dict["NAME"]))
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("CREATE TABLE naive_log (id bigserial PRIMARY KEY)")
        try:
            yield address
        finally:
            owner.execute("DROP TABLE naive_log")


class NaiveReader:
    """`id > cursor`, as one would write it at first."""

    def __init__(self, address: str) -> None:
        self.db = psycopg.connect(address, autocommit=True)
        self.cursor = 0
        self.read: list[int] = []

    def look(self) -> None:
        found = self.db.execute(
            "SELECT id FROM naive_log WHERE id > %s ORDER BY id", [self.cursor]
        ).fetchall()
        self.read += [row[0] for row in found]
        self.cursor = self.read[-1] if self.read else 0


def test_a_reader_of_ids_from_a_sequence_does_lose_some(committed):
    with a_naive_log() as address:
        reader, done = NaiveReader(address), threading.Event()

        def write() -> None:
            with psycopg.connect(address) as db:
                for _ in range(200):
                    db.execute("INSERT INTO naive_log DEFAULT VALUES")
                    time.sleep(random.uniform(0, 0.002))
                    db.commit()

        def read() -> None:
            while not done.is_set():
                reader.look()

        reading = threading.Thread(target=read)
        reading.start()
        together(*[write] * WRITERS)
        done.set()
        reading.join()
        reader.look()
        reader.db.close()
    lost = WRITERS * 200 - len(reader.read)
    logger.info("a naive reader lost %s of %s", lost, WRITERS * 200)
    assert lost > 0


# One writer that is slow to commit ----------------------------------------------------------------


class SlowWriter:
    """An act that stays open, before or after it took its number, until it is let go."""

    def __init__(self, actor, audience, *, holds_its_number: bool) -> None:
        self.actor, self.audience, self.holds = actor, audience, holds_its_number
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self) -> None:
        with act(by=self.actor) as this:
            record("x.slow", self.actor.pk, by=self.actor, audience=self.audience)
            if self.holds:
                this.finish()
                this.facts.clear()
            self.begun.set()
            assert self.may_end.wait(20)


def test_who_began_first_and_commits_last_is_heard_last_and_not_lost(cast, ear):
    house = [cast.coordinator.house.pk]
    mine = ear(cast.coordinator)
    slow = SlowWriter(cast.coordinator.actor, house, holds_its_number=False)

    def quick() -> None:
        assert slow.begun.wait(20)
        happens(cast.colleague.actor, house)
        assert [fact["type"] for fact in mine.facts(1)] == ["x.happened"]
        slow.may_end.set()

    together(slow, quick)
    assert [fact["type"] for fact in mine.facts(1)] == ["x.slow"]


def test_the_same_with_a_sequence_is_lost(committed):
    with a_naive_log() as address, psycopg.connect(address) as slow:
        reader = NaiveReader(address)
        slow.execute("INSERT INTO naive_log DEFAULT VALUES")
        with psycopg.connect(address) as quick:
            quick.execute("INSERT INTO naive_log DEFAULT VALUES")
        reader.look()
        slow.commit()
        reader.look()
        reader.db.close()
    assert reader.read == [2]


def test_who_holds_its_number_is_waited_for(cast, ear):
    """Nobody overtakes: the next number is given after the commit of the one before."""
    house = [cast.coordinator.house.pk]
    mine = ear(cast.coordinator)
    slow = SlowWriter(cast.coordinator.actor, house, holds_its_number=True)
    order: list[str] = []

    def second() -> None:
        assert slow.begun.wait(20)
        happens(cast.colleague.actor, house)
        order.append("second")

    def watch() -> None:
        assert slow.begun.wait(20)
        time.sleep(0.5)
        assert order == []
        assert mine.all_until_now() == []
        slow.may_end.set()

    together(slow, second, watch)
    assert [fact["type"] for fact in mine.facts(2)] == ["x.slow", "x.happened"]
