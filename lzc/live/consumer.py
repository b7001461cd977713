"""The live socket: `/ws/live?after=<number>` tells what happened since, and then what happens.

To the page or machine: facts, as in `Event.message()`; `{"heartbeat": time, "head": number}` on
arrival and every 15 seconds, while the log can be read: everything up to `head` was told;
`{"reload": true, "head": number}`: too much was missed, fetch everything anew and come back with
`head`; `{"present": case, "who": [{"name", "doing"}]}`: who else is at that case now. From it:
`{"ping": true}` is answered by a heartbeat, `{"after": number}` tells again from there,
`{"present": case, "doing": "looks"}` says what its person does. No fact says more than ids.
"""

import asyncio
import gc
import json
import logging
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import redis
from django.db import DatabaseError, connection
from django.utils import timezone

from lzc import bell
from lzc.live import presence, tail, visitors
from lzc.live.sockets import WENT_AWAY, Message, Send, Socket, closing, message
from lzc.models import Event

logger = logging.getLogger(__name__)

PATH = "/ws/live"
HEARTBEAT_EVERY = 15.0
RIGHTS_EVERY = 3.0
FORGET_EVERY = 3.0
#: Who missed more facts than this, or would have to search further back, fetches everything anew.
MOST_MISSED, FARTHEST = 1_000, 50_000
#: Of what a client says: bytes in one message, and messages within so many seconds.
LARGEST, MOST_SAID, SAID_WITHIN = 4 * 1024, 10, 10.0
#: Open pages of one person at one employer, or connections of one machine.
MOST_SOCKETS = 20

# Why a socket was closed. Those of HTTP have 4000 added.
NOT_UNDERSTOOD, RUDE, TOO_LARGE, LATER = 1003, 1008, 1009, 1013
UNREADABLE, UNKNOWN, TOO_MANY = 4400, 4401, 4429

Receive = Callable[[], Awaitable[Message]]


def missed(hears: frozenset[UUID], after: int, upto: int) -> list[Message] | None:
    """What happened between the two numbers for these audiences; None when it is too much."""
    if upto - after > FARTHEST:
        return None
    visible = Event.objects.after(after).filter(number__lte=upto, audience__overlap=[*hears])
    found = list(visible[: MOST_MISSED + 1])
    if len(found) > MOST_MISSED:
        return None
    return [message(tail.written_out(event)) for event in found]


def number_in(query: bytes) -> int | None:
    """The `after` of an address; -1: from now on; None: that is no number."""
    found = re.fullmatch(rb"(?:after=([0-9]{1,18}))?", query)
    return None if found is None else int(found[1] or -1)


def heartbeat(head: int) -> Message:
    return message(json.dumps({"heartbeat": timezone.now().isoformat(), "head": head}))


async def again(step: Callable[[], Awaitable[None]], every: float) -> None:
    """Do it for as long as the process lives, whatever happens."""
    while True:
        try:
            await step()
        except Exception:
            logger.exception("%s failed; trying again", step.__name__)
        await asyncio.sleep(every)


class Live:
    """The sockets of this process, and the one tail that feeds them."""

    def __init__(self, parties: presence.Parties = lambda actor, case: None) -> None:
        self.tail = tail.Tail()
        self.presence = presence.Presence()
        self._parties = parties
        self._open: dict[Socket, visitors.Visitor] = {}
        #: What a page said last of the case it shows.
        self._at: dict[Socket, presence.Said] = {}
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="live")

    async def lifespan(self, receive: Receive, send: Send) -> None:
        """Channels knows no lifespan; the tail needs one."""
        await receive()
        # What is loaded by now stays. Looking through it for rubbish takes 30 ms, in which a
        # thousand sockets would wait.
        gc.freeze()
        async with self.running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        loops = [
            self.tail.run(),
            again(self.tail.listen, 1.0),
            again(self._beat, HEARTBEAT_EVERY),
            again(self._look_at_rights, RIGHTS_EVERY),
            again(self._hear_who_is_where, 1.0),
            again(self._forget, FORGET_EVERY),
        ]
        tasks = [asyncio.create_task(loop) for loop in loops]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.tail.close()
            self._threads.shutdown()

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        await receive()
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        if scope["path"] != PATH or not visitors.own_page(headers):
            return await send({"type": "websocket.close"})
        # A refusal before this reaches a page as "it did not work": the code would be lost.
        await send({"type": "websocket.accept"})
        try:
            await self._let_in(headers, number_in(scope["query_string"]), receive, send)
        except WENT_AWAY as error:
            logger.debug("a visitor went away: %r", error)

    async def _let_in(
        self, headers: Mapping[str, str], after: int | None, receive: Receive, send: Send
    ) -> None:
        try:
            visitor = await self._in_thread(visitors.arrived, headers)
        except DatabaseError:
            logger.exception("a visitor could not be looked up")
            return await send(closing(LATER))
        if visitor is None or after is None:
            return await send(closing(UNKNOWN if visitor is None else UNREADABLE))
        if refusal := self._refusal(visitor):
            return await send(closing(refusal))
        socket = Socket(send, visitor.hears)
        self._open[socket] = visitor
        try:
            await self._catch_up(socket, after)
            for case in self.presence.cases(socket.hears):
                self._tell_who(socket, case)
            await self._converse(socket, receive)
        finally:
            del self._open[socket]
            self.tail.leave(socket)
            socket.forget()
            await self._leaves(socket)

    def _refusal(self, visitor: visitors.Visitor) -> int:
        if self.tail.cursor is None:
            return LATER
        others = sum(other.actor == visitor.actor for other in self._open.values())
        return TOO_MANY if others >= MOST_SOCKETS else 0

    async def _catch_up(self, socket: Socket, after: int) -> None:
        """Listen first, then read: what happens meanwhile waits behind what was missed."""
        await socket.hold()
        upto = self.tail.join(socket)
        socket.after = after = upto if after < 0 else after
        told: list[Message] | None = []
        try:
            if after < upto:
                told = await self._in_thread(missed, socket.hears, after, upto)
            elif after > upto:
                # Another process may have told of it before this one saw it.
                newest = await self._in_thread(tail.head)
                told = None if after > newest else []
        except DatabaseError:
            logger.exception("a backlog could not be read")
            socket.end(LATER)
        if told is None:
            socket.reload(upto)
        await socket.go_on([*(told or ()), heartbeat(upto)])

    async def _converse(self, socket: Socket, receive: Receive) -> None:
        """A client has little to say; who says more, or something else, is sent away."""
        said: deque[float] = deque(maxlen=MOST_SAID)
        while (event := await receive())["type"] != "websocket.disconnect":
            now = time.monotonic()
            if len(said) == MOST_SAID and now - said[0] < SAID_WITHIN:
                socket.end(RUDE)
            said.append(now)
            text = event.get("text")
            if text is None:
                socket.end(NOT_UNDERSTOOD)
            elif len(text.encode()) > LARGEST:
                socket.end(TOO_LARGE)
            elif not socket.ended:
                await self._answer(socket, text)

    async def _answer(self, socket: Socket, text: str) -> None:
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            said = None
        match said:
            case {"ping": True, **rest} if not rest:
                if self._sees_the_log():
                    self._tell_time([socket])
            case {"after": after, **rest} if not rest and type(after) is int and after >= 0:
                await self._catch_up(socket, after)
            case {"present": case, "doing": doing, **rest} if not rest and doing in presence.DOING:
                await self._is_at(socket, case, doing)
            case _:
                socket.end(RUDE)

    async def _is_at(self, socket: Socket, case: Any, doing: str) -> None:
        """Somebody is at a case. Of one that is not theirs, or of a machine, nobody hears."""
        try:
            about = UUID(case)
        except (TypeError, ValueError, AttributeError):
            return socket.end(RUDE)
        visitor = self._open[socket]
        try:
            said = await self._in_thread(self._party_says, socket, visitor, about, doing)
        except DatabaseError:
            return
        if said is not None:
            self._at[socket] = said

    def _party_says(
        self, socket: Socket, visitor: visitors.Visitor, case: UUID, doing: str
    ) -> presence.Said | None:
        party = self._parties(visitor.actor, case) if visitor.session else None
        if party is None:
            return None
        who, audience = str(visitor.actor), frozenset(party.hears)
        said = presence.Said(str(case), socket.name, who, party.name, doing, audience)
        presence.say(said)
        return said

    async def _leaves(self, socket: Socket) -> None:
        """The page is gone, and whoever stood there with it."""
        if said := self._at.pop(socket, None):
            await self._in_thread(presence.say, replace(said, doing=""))

    async def _hear_who_is_where(self) -> None:
        """Until Valkey falls silent; the tail says so in the log."""
        with suppress(redis.RedisError, OSError):
            async for text in bell.heard(presence.channel()):
                if text and self.presence.hear(said := presence.Said.read(text), time.monotonic()):
                    self._tell_of(said)

    async def _forget(self) -> None:
        for said in self.presence.forget(time.monotonic()):
            self._tell_of(said)

    def _tell_of(self, said: presence.Said) -> None:
        for socket in self.tail.hearing(said.audience):
            self._tell_who(socket, said.case)

    def _tell_who(self, socket: Socket, case: str) -> None:
        if visitor := self._open.get(socket):
            told = json.dumps(self.presence.told(case, visitor.actor))
            socket.tell(message(told), self.tail.cursor or 0)

    async def _beat(self) -> None:
        if self._sees_the_log():
            self._tell_time([*self._open])

    def _sees_the_log(self) -> bool:
        """Who says "live" while the database is away, lies."""
        return time.monotonic() - self.tail.seen_at < 5 * tail.LOOK_EVERY

    def _tell_time(self, sockets: list[Socket]) -> None:
        head = self.tail.cursor or 0
        for socket in sockets:
            socket.tell(heartbeat(head), head)

    async def _look_at_rights(self) -> None:
        here = dict(self._open)
        left = await self._in_thread(visitors.gone, set(here.values())) if here else ()
        for socket, visitor in here.items():
            if visitor in left:
                socket.end(UNKNOWN)

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, _and_let_go, function, *arguments)


def _and_let_go(function: Callable[..., Any], *arguments: Any) -> Any:
    """The connection goes back to the pool: many sockets share few."""
    try:
        return function(*arguments)
    finally:
        connection.close()
