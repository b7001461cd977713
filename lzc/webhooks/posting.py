"""Telling systems by a signed POST (Standard Webhooks): the same log, each at a place of its own.

A subscriber is told of everything its maker may hear, in order and at least once: what fails is
told again, and nothing newer before it. The id of a message is the same at every attempt.
"""

import asyncio
import hmac
import json
import logging
import random
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable
from concurrent.futures import Future
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import httpx
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from lzc.destinations import Destination, Forbidden, destination
from lzc.events import head
from lzc.models import Delivery, Event, Subscription
from lzc.sweeps import alone

logger = logging.getLogger(__name__)

#: For one answer, from looking up the name to its last byte.
PATIENCE = 5.0
LARGEST = 64 * 1024
#: Whoever claimed a subscription and was not heard of for so long, has died.
LEASE = timedelta(seconds=30)
#: One turn: others are waiting.
MOST_EVENTS, TURN = 100, 5.0
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 3600.0
GONE = 410


class Answer(NamedTuple):
    status: int | None
    error: str = ""

    @property
    def received(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def due() -> Iterable[UUID]:
    """Subscriptions with news, whose time has come; the longest waiting first."""
    waiting = Subscription.objects.active().filter(due_at__lte=Now(), cursor__lt=head())
    return list(waiting.order_by("due_at").values_list("pk", flat=True)[:100])


def deliver(subscription_id: UUID) -> int:
    """One turn: tell it what is new, up to the first failure. Returns how much it received.

    An organisation has one turn at a time: many slow subscriptions of one keep no other waiting.
    """
    row = Subscription.objects.filter(pk=subscription_id)
    whose = row.values_list("organisation_id", flat=True).first()
    with alone(f"webhooks of {whose}") as mine:
        claim = Claim.of(subscription_id) if mine else None
        return _turn(claim) if claim else 0


def _turn(claim: "Claim") -> int:
    told, until, newest = 0, time.monotonic() + TURN, head()
    news = _news(claim.row, newest)
    with Line(claim.row) as line:
        for event in news:
            if not claim.note(event, line.post(event)):
                return told
            told += 1
            if time.monotonic() > until:
                break
    if told == len(news) < MOST_EVENTS:
        claim.skip_to(newest)
    claim.let_go()
    return told


def _news(row: Subscription, newest: int) -> list[Event]:
    seen = Event.objects.after(row.cursor).filter(number__lte=newest, audience__overlap=row.hears)
    return list(seen[:MOST_EVENTS])


class Claim:
    """A subscription that this process alone works on. `due_at` is its token, and its end.

    Each step is one guarded update, with no transaction open in between: the network is slow.
    """

    def __init__(self, row: Subscription) -> None:
        self.row = row

    @classmethod
    def of(cls, pk: UUID) -> "Claim | None":
        due = Subscription.objects.active().filter(pk=pk, due_at__lte=Now())
        if due.update(due_at=Now() + LEASE) != 1:
            return None
        makers = ("client__organisation__region", "membership__organisation__region")
        return cls(Subscription.objects.select_related(*makers).get(pk=pk))

    def note(self, event: Event, answer: Answer) -> bool:
        """Write down how it went. Whether to go on."""
        Delivery.objects.create(
            subscription_id=self.row.pk,
            event=event.number,
            status=answer.status,
            error=answer.error[:200],
        )
        if answer.received:
            return self._step(cursor=event.number, failures=0, due_at=Now() + LEASE)
        if answer.status == GONE:
            self._step(active=False)
            logger.warning("subscription %s ended: its address is gone", self.row.pk)
            return False
        self._step(failures=F("failures") + 1, due_at=Now() + pause(self.row.failures))
        return False

    def skip_to(self, number: int) -> None:
        """What lies between is not for this organisation."""
        self._step(cursor=number)

    def let_go(self) -> None:
        self._step(due_at=Now())

    def _step(self, **values: object) -> bool:
        mine = Subscription.objects.filter(pk=self.row.pk, active=True, due_at=self.row.due_at)
        if mine.update(**values) != 1:
            return False
        self.row.refresh_from_db(fields=["cursor", "failures", "due_at"])
        return True


def pause(failures: int) -> timedelta:
    """Longer each time, and never in step with others that failed at the same moment."""
    seconds = min(FIRST_PAUSE * 2 ** min(failures, 20), LONGEST_PAUSE)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))


class Line:
    """The connection to one subscriber, for one turn."""

    def __init__(self, row: Subscription) -> None:
        self.row = row

    def __enter__(self) -> "Line":
        self._runner = asyncio.Runner()
        # Proxies of the environment would look the name up once more, and not as carefully.
        self._client = httpx.AsyncClient(trust_env=False, timeout=PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def post(self, event: Event) -> Answer:
        """Say it, and hear whether it arrived."""
        try:
            return self._runner.run(asyncio.wait_for(self._post(event), PATIENCE))
        except Forbidden as error:
            return Answer(None, f"not allowed: {error}")
        except TimeoutError:
            return Answer(None, f"no answer within {PATIENCE:.0f} seconds")
        except httpx.HTTPError as error:
            return Answer(None, f"{type(error).__name__}: {error}")

    async def _post(self, event: Event) -> Answer:
        loopback = settings.WEBHOOKS_TO_LOOPBACK
        to = await _looked_up(self.row.url, loopback=loopback)
        body = json.dumps(event.message(), separators=(",", ":")).encode()
        who = f"{event.number}-{self.row.pk}"
        headers = {"Host": to.name, "Content-Type": "application/json"}
        async with self._client.stream(
            "POST",
            to.url,
            content=body,
            headers=headers | signed(self.row.secret, who, int(time.time()), body),
            # The certificate is that of the name, although the connection is to an address.
            extensions={"sni_hostname": to.host},
        ) as answer:
            await _read_away(answer)
            return Answer(answer.status_code)


async def _looked_up(url: str, *, loopback: bool) -> Destination:
    """In a thread that nobody waits for: a name server may be silent for longer than we wait."""
    found: Future[Destination] = Future()
    # Else giving up could fall between the thread's looking and its answer.
    found.set_running_or_notify_cancel()

    def look() -> None:
        try:
            found.set_result(destination(url, loopback=loopback))
        except Exception as error:
            found.set_exception(error)

    threading.Thread(target=look, daemon=True).start()
    return await asyncio.wrap_future(found)


async def _read_away(answer: httpx.Response) -> None:
    """What a subscriber says beside its status is not for us; a short answer keeps it open."""
    size = 0
    async for piece in answer.aiter_raw():
        size += len(piece)
        if size > LARGEST:
            return


def signed(secret: str, message_id: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks."""
    key = b64decode(secret.removeprefix("whsec_"))
    what = f"{message_id}.{at}.".encode() + body
    signature = b64encode(hmac.digest(key, what, "sha256")).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{signature}",
    }
