"""The tail: one per process reads the log, once and in order, and hands each fact to who hears it.

The bell says that the log grew; the tail also looks by itself every second, so a lost ring costs
that second and nothing else. The log has no gaps, and the tail is the only reader that reads all of
it: it alone may conclude from a missing number that something is wrong.
"""

import asyncio
import json
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import UUID

import redis
from django.db import DatabaseError, connection

from lzc import bell
from lzc.events import head
from lzc.live.sockets import Socket, message
from lzc.models import Event

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0
PAGE = 500
#: A missing number is looked for so often, before the tail goes on without it.
LOOKS = 5


class Fact(NamedTuple):
    number: int
    audience: Collection[UUID]
    text: str


def written_out(event: Event) -> str:
    return json.dumps(event.message(), separators=(",", ":"))


def facts_after(number: int) -> list[Fact]:
    """The next page of the log, each fact written out once for all who hear it."""
    events = Event.objects.after(number)[:PAGE]
    return [Fact(event.number, event.audience, written_out(event)) for event in events]


def in_a_row(cursor: int, facts: list[Fact]) -> list[Fact]:
    """Those up to the first number that is missing."""
    for place, fact in enumerate(facts, 1):
        if fact.number != cursor + place:
            return facts[: place - 1]
    return facts


class Tail:
    """Where this process is in the log, and who listens to it."""

    def __init__(self, read: Callable[[int], list[Fact]] = facts_after) -> None:
        #: Everything up to here was handed on. None: the log was not seen yet.
        self.cursor: int | None = None
        #: When the log was last seen, by this process's own steady clock.
        self.seen_at = 0.0
        self._read = read
        self._sockets: dict[UUID, set[Socket]] = defaultdict(set)
        self._rung = asyncio.Event()
        self._deaf = False
        # A thread, and so a database connection, of its own: a storm of arriving sockets that read
        # their backlog must not hold up those who listen.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tail")

    def join(self, socket: Socket) -> int:
        """From now on it hears everything after the number returned."""
        if self.cursor is None:
            raise LookupError("the log was not seen yet")
        for audience in socket.hears:
            self._sockets[audience].add(socket)
        return self.cursor

    def leave(self, socket: Socket) -> None:
        for audience in socket.hears:
            self._sockets[audience].discard(socket)
            if not self._sockets[audience]:
                del self._sockets[audience]

    async def run(self) -> None:
        """Look when the bell rings, and each second. Ends only when it is cancelled."""
        while True:
            self._rung.clear()
            try:
                await self.look()
            except Exception:
                logger.exception("the log could not be read; trying again")
                await asyncio.sleep(LOOK_EVERY)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._rung.wait()

    async def look(self) -> None:
        """Hand on all that is new."""
        if self.cursor is None:
            self.cursor = await self._in_thread(head)
        looks = 0
        while True:
            facts = await self._in_thread(self._read, self.cursor)
            self.seen_at = time.monotonic()
            if not facts:
                return
            whole = in_a_row(self.cursor, facts)
            looks = 0 if whole else looks + 1
            if looks:
                whole = await self._miss(facts, looks)
            await self._hand_on(whole)
            if len(whole) == len(facts) < PAGE:
                return

    async def _miss(self, facts: list[Fact], looks: int) -> list[Fact]:
        """A number is missing. Look again; in the end go on, and everybody fetches all anew."""
        assert self.cursor is not None
        found = facts[0].number
        logger.error("the log misses %s to %s (look %s)", self.cursor + 1, found - 1, looks)
        if looks < LOOKS:
            await asyncio.sleep(0.1)
            return []
        self.cursor = found - 1
        for socket in self.hearing([*self._sockets]):
            socket.reload(self.cursor)
        return in_a_row(self.cursor, facts)

    async def _hand_on(self, facts: list[Fact]) -> None:
        for fact in facts:
            told, news = self.hearing(fact.audience), message(fact.text)
            for socket in told:
                socket.hear(fact.number, news)
            self.cursor = fact.number
            if told:
                # A burst of facts for many sockets must not keep the others out.
                await asyncio.sleep(0)

    def hearing(self, audience: Collection[UUID]) -> set[Socket]:
        """The sockets of this process that are told what these audiences are told."""
        none: set[Socket] = set()
        return none.union(*(self._sockets.get(one, none) for one in audience))

    async def listen(self) -> None:
        """Hear the bell until it falls silent: the caller begins again."""
        try:
            async for _ in bell.heard(bell.channel()):
                self._rung.set()
                self._say(deaf=False)
        except (redis.RedisError, OSError) as error:
            self._say(deaf=True, because=error)

    def _say(self, *, deaf: bool, because: Exception | None = None) -> None:
        """Once for each silence, however long it lasts."""
        if deaf and not self._deaf:
            logger.warning("the bell fell silent, looking every second: %s", because)
        elif self._deaf and not deaf:
            logger.warning("the bell can be heard again")
        self._deaf = deaf

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, _kept_open, function, *arguments)

    def close(self) -> None:
        self._thread.submit(connection.close)
        self._thread.shutdown()


def _kept_open(function: Callable[..., Any], *arguments: Any) -> Any:
    """The tail reads all the time, and keeps its connection until that breaks."""
    try:
        return function(*arguments)
    except DatabaseError:
        connection.close()
        raise
