"""One open socket: what it is told goes out in order, and nobody waits for one that is slow."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from typing import Any
from uuid import UUID, uuid4

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Send = Callable[[Message], Coroutine[Any, Any, None]]

#: A whole backlog, and as much again. Who is further behind must fetch everything anew.
MOST_WAITING = 2_000
#: "Cannot resume": the 410 of sockets.
GONE = 4410
#: What a send says when the other side went away, or broke the rules and was sent away by uvicorn.
WENT_AWAY = (OSError, RuntimeError)


def message(text: str) -> Message:
    return {"type": "websocket.send", "text": text}


def closing(code: int) -> Message:
    return {"type": "websocket.close", "code": code}


class Socket:
    """A message is written at once by whoever brings it: no task needs to wake up for it.

    With a thousand sockets those wake-ups cost a quarter of the broadcast. Only when a send has to
    wait, for a client that does not read, a task takes over, and the rest queues behind it.
    """

    def __init__(self, send: Send, hears: frozenset[UUID], after: int = 0) -> None:
        self.name = uuid4().hex
        self.hears = hears
        self.after = after
        self.ended = False
        self._send = send
        self._waiting: deque[Message] = deque()
        #: Something is on its way, or the backlog is being read: what comes now, waits.
        self._busy = False
        self._writer: asyncio.Task[None] | None = None

    def hear(self, number: int, fact: Message) -> None:
        """One that the client said to know already is left out."""
        if number > self.after:
            self.tell(fact, number)

    def tell(self, news: Message, head: int) -> None:
        if self.ended:
            return
        if len(self._waiting) >= MOST_WAITING:
            return self.reload(head)
        self._put(news)

    def reload(self, head: int) -> None:
        """It cannot be told everything: it must fetch everything anew, and go on from `head`."""
        self.end(GONE, message(f'{{"reload":true,"head":{head}}}'))

    def end(self, code: int, *last_words: Message) -> None:
        """Close. What still waited is dropped."""
        if self.ended:
            return
        self.ended = True
        self._waiting.clear()
        for word in (*last_words, closing(code)):
            self._put(word)

    async def hold(self) -> None:
        """From now on everything waits, until `go_on`: something older has to go first."""
        while self._writer is not None:
            await self._writer
        self._busy = True

    async def go_on(self, first: Iterable[Message] = ()) -> None:
        if not self.ended:
            self._waiting.extendleft(reversed([*first]))
        await self._drain()

    def forget(self) -> None:
        """The connection is gone."""
        self.ended = True
        if self._writer is not None:
            self._writer.cancel()

    def _put(self, news: Message) -> None:
        if self._busy:
            self._waiting.append(news)
            return
        step = self._send(news)
        try:
            waits_for = step.send(None)
        except StopIteration:
            return
        except Exception as error:
            # Whatever it is, whoever brings the news has others to tell.
            return self._lost(error)
        self._busy = True
        self._writer = asyncio.create_task(self._write(_Rest(step, waits_for)))

    async def _write(self, rest: Awaitable[None]) -> None:
        try:
            await rest
            await self._drain()
        except Exception as error:
            self._lost(error)
        finally:
            self._writer = None

    async def _drain(self) -> None:
        while self._waiting:
            await self._send(self._waiting.popleft())
        self._busy = False

    def _lost(self, error: Exception) -> None:
        """Whoever receives from the other side hears that it is gone, and clears up."""
        if not isinstance(error, WENT_AWAY):
            logger.error("a socket broke", exc_info=error)
        self.ended = True
        self._waiting.clear()


class _Rest:
    """The rest of a coroutine that was begun by hand: awaiting it finishes it."""

    def __init__(self, step: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self.step = step
        self.waits_for = waits_for

    def __await__(self) -> Generator[Any, Any, None]:
        try:
            yield self.waits_for
        except BaseException:
            self.step.close()
            raise
        return (yield from self.step.__await__())
