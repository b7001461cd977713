"""The tail by itself, and a socket by itself: gaps, slow clients, broken databases."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterator

import pytest

from lzc.live import sockets, tail
from lzc.live.sockets import Socket
from lzc.live.tail import Fact, Tail, in_a_row

HOUSE = uuid.uuid4()


def fact(number: int, *audience: uuid.UUID) -> Fact:
    return Fact(number, audience or [HOUSE], f'{{"number":{number}}}')


class Client:
    """The other side of a socket, which reads, or does not."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.gone: type[Exception] | None = None

    async def send(self, message):
        """As uvicorn does: it returns at once, until the client no longer takes what is sent."""
        await self.reads.wait()
        if self.gone:
            raise self.gone
        self.got.append(message.get("text") or f"closed {message['code']}")

    def socket(self, *hears: uuid.UUID) -> Socket:
        return Socket(self.send, frozenset(hears or [HOUSE]))


class Log:
    """A log in memory; `hidden` numbers are there, but cannot be seen yet."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = list(numbers)
        self.hidden: list[int] = []
        self.looks = 0

    def read(self, after: int) -> list[Fact]:
        self.looks += 1
        here = [n for n in self.numbers if n > after and n not in self.hidden]
        return [fact(n) for n in here[: tail.PAGE]]


@pytest.fixture
def tail_of() -> Iterator[Callable[[Log], Tail]]:
    """Tails that have read nothing yet."""
    made: list[Tail] = []

    def one(log: Log) -> Tail:
        made.append(Tail(log.read))
        made[-1].cursor = 0
        return made[-1]

    yield one
    for each in made:
        each.close()


def texts(*numbers: int) -> list[str]:
    return [fact(n).text for n in numbers]


@pytest.mark.parametrize(
    ("cursor", "numbers", "whole"),
    [
        (0, [], []),
        (0, [1, 2, 3], [1, 2, 3]),
        (4, [5, 7], [5]),
        (4, [6, 7], []),
        (4, [5, 6, 8, 9], [5, 6]),
    ],
)
def test_it_goes_as_far_as_no_number_is_missing(cursor, numbers, whole):
    assert [f.number for f in in_a_row(cursor, [fact(n) for n in numbers])] == whole


async def test_a_log_longer_than_a_page_is_read_to_its_end(tail_of):
    log, client = Log(*range(1, 2 * tail.PAGE + 8)), Client()
    here = tail_of(log)
    here.join(client.socket())
    await here.look()
    assert client.got == texts(*log.numbers)
    assert log.looks == 3


async def test_a_missing_number_is_looked_for_again_and_told_in_its_place(tail_of, caplog):
    log, client = Log(1, 2, 3, 4), Client()
    log.hidden = [2]
    here = tail_of(log)
    here.join(client.socket())
    asyncio.get_running_loop().call_later(0.15, log.hidden.clear)
    with caplog.at_level(logging.ERROR):
        await here.look()
    assert client.got == texts(1, 2, 3, 4)
    assert "the log misses 2 to 2" in caplog.text


async def test_a_number_that_stays_away_makes_everybody_fetch_everything_anew(tail_of, caplog):
    log, client, other = Log(1, 3, 4), Client(), Client()
    here = tail_of(log)
    here.join(client.socket())
    here.join(other.socket(uuid.uuid4()))
    await here.look()
    reload = ['{"reload":true,"head":2}', f"closed {sockets.GONE}"]
    assert client.got == texts(1) + reload
    assert other.got == reload
    assert here.cursor == 4
    assert caplog.text.count("the log misses 2 to 2") == tail.LOOKS


class Growing(Log):
    """Grows, and rings, just after it was read."""

    def __init__(self, *numbers: int) -> None:
        super().__init__()
        self.to_come = list(numbers)
        self.ring: Callable[[], None] = lambda: None

    def read(self, after: int) -> list[Fact]:
        found = super().read(after)
        if self.to_come:
            self.numbers.append(self.to_come.pop(0))
            self.ring()
        return found


async def test_a_bell_that_rang_while_it_looked_makes_it_look_again(tail_of, monkeypatch):
    monkeypatch.setattr(tail, "LOOK_EVERY", 3600)
    log, client = Growing(1, 2, 3), Client()
    here = tail_of(log)
    here.join(client.socket())
    loop = asyncio.get_running_loop()
    log.ring = lambda: loop.call_soon_threadsafe(here._rung.set)
    running = asyncio.create_task(here.run())
    await until(lambda: client.got == texts(1, 2, 3))
    running.cancel()


async def test_it_looks_without_a_bell_too(tail_of):
    log, client = Log(1), Client()
    here = tail_of(log)
    here.join(client.socket())
    running = asyncio.create_task(here.run())
    await until(lambda: client.got == texts(1))
    log.numbers.append(2)
    await until(lambda: client.got == texts(1, 2))
    running.cancel()


class Failing(Log):
    failures = 2

    def read(self, after: int) -> list[Fact]:
        if self.failures:
            self.failures -= 1
            raise OSError("away")
        return super().read(after)


async def test_a_log_that_cannot_be_read_is_tried_again(tail_of, caplog):
    client = Client()
    here = tail_of(Failing(1))
    here.join(client.socket())
    running = asyncio.create_task(here.run())
    await until(lambda: client.got == texts(1))
    running.cancel()
    assert caplog.text.count("the log could not be read") == 2


async def until(true) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


# A socket by itself -----------------------------------------------------------------------------


def tell(socket: Socket, *numbers: int) -> None:
    for number in numbers:
        socket.hear(number, sockets.message(fact(number).text))


async def test_who_reads_is_told_at_once_without_a_task_that_wakes_up():
    client = Client()
    socket = client.socket()
    before = len(asyncio.all_tasks())
    tell(socket, 1, 2)
    assert client.got == texts(1, 2)
    assert len(asyncio.all_tasks()) == before


async def test_who_is_slow_keeps_nobody_waiting_and_gets_everything_in_order(tail_of):
    slow, quick = Client(), Client()
    log = Log(*range(1, 101))
    here = tail_of(log)
    here.join(slow.socket())
    here.join(quick.socket())
    slow.reads.clear()
    await here.look()
    assert quick.got == texts(*range(1, 101))
    assert slow.got == []
    slow.reads.set()
    log.numbers += range(101, 111)
    await here.look()
    await until(lambda: len(slow.got) == 110)
    assert slow.got == quick.got == texts(*range(1, 111))


async def test_who_stays_slow_is_told_to_fetch_everything_anew():
    client = Client()
    socket = client.socket()
    client.reads.clear()
    tell(socket, *range(1, sockets.MOST_WAITING + 3))
    assert socket.ended
    client.reads.set()
    last = sockets.MOST_WAITING + 2
    reload = [f'{{"reload":true,"head":{last}}}', f"closed {sockets.GONE}"]
    await until(lambda: len(client.got) >= 3)
    # The first was on its way already.
    assert client.got == texts(1) + reload
    tell(socket, last + 1)
    assert len(client.got) == 3


async def test_what_happens_while_the_past_is_read_comes_after_it():
    client = Client()
    socket = client.socket()
    await socket.hold()
    tell(socket, 3, 4)
    assert client.got == []
    await socket.go_on([sockets.message(text) for text in texts(1, 2)])
    tell(socket, 5)
    assert client.got == texts(1, 2, 3, 4, 5)


async def test_the_past_is_not_read_again_before_a_slow_client_took_the_rest():
    client = Client()
    socket = client.socket()
    client.reads.clear()
    tell(socket, 1, 2)
    asyncio.get_running_loop().call_soon(client.reads.set)
    await socket.hold()
    assert client.got == texts(1, 2)


async def test_what_a_client_knows_is_not_told_again():
    client = Client()
    socket = Socket(client.send, frozenset([HOUSE]), after=2)
    tell(socket, 1, 2, 3)
    assert client.got == texts(3)


@pytest.mark.parametrize("waiting", [False, True])
@pytest.mark.parametrize("gone", [BrokenPipeError, RuntimeError, KeyError])
async def test_a_client_that_went_away_hurts_nobody(tail_of, gone, waiting):
    client, other = Client(), Client()
    here = tail_of(Log(1, 2, 3))
    here.join(socket := client.socket())
    here.join(other.socket())
    client.gone = gone
    if waiting:
        client.reads.clear()
        asyncio.get_running_loop().call_soon(client.reads.set)
    await here.look()
    await until(lambda: socket.ended)
    assert other.got == texts(1, 2, 3)


async def test_who_left_is_told_nothing_and_leaves_nothing_behind(tail_of):
    client, log = Client(), Log(1)
    here = tail_of(log)
    here.join(socket := client.socket())
    await here.look()
    here.leave(socket)
    log.numbers.append(2)
    await here.look()
    assert client.got == texts(1)
    assert not here._sockets
