"""Subscribers are told by signed POSTs, in order, at least once, each at a place of its own."""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from lzc.api.subscriptions import subscribe
from lzc.celery import app
from lzc.events import head
from lzc.keys import revoke
from lzc.models import ApiClient, Delivery, Event, Membership, Subscription
from lzc.rights import Duty
from lzc.tasks import deliver_webhooks
from lzc.webhooks import posting as webhooks
from tests.live.ears import happens


class Subscriber(BaseHTTPRequestHandler):
    """A system of somebody else's, that keeps what it was told."""

    server: "Receiver"

    def do_POST(self) -> None:  # noqa: N802 (the name http.server looks for)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers.items()), body))
        status = self.server.answers.pop(0) if self.server.answers else 204
        if self.server.waits:
            self.server.waits.wait(30)
        self.send_response(status)
        for name, value in self.server.says.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: Any) -> None: ...


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Subscriber)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.says: dict[str, str] = {}
        self.body = b""
        self.waits: threading.Event | None = None
        self.url = f"http://127.0.0.1:{self.server_port}/lzc"

    def handle_error(self, *_: Any) -> None:
        """Whoever hung up on us is not our concern."""

    def numbers(self) -> list[int]:
        return [json.loads(body)["number"] for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    if server.waits:
        server.waits.set()
    server.shutdown()
    thread.join()
    server.server_close()


def subscribed(who: Any, url: str) -> Subscription:
    """Told of what comes from now on; that it was made is behind it."""
    made: Subscription = who.does(subscribe, url=url)
    told_from_here(made)
    return made


def told_from_here(*subscriptions: Subscription) -> None:
    Subscription.objects.filter(pk__in=[s.pk for s in subscriptions]).update(cursor=head())


@pytest.fixture
def subscription(cast: Any, receiver: Receiver) -> Subscription:
    return subscribed(cast.planner, receiver.url)


def happens_there(cast: Any, count: int = 1) -> list[int]:
    """So many facts for the planner's house; their numbers."""
    since = head()
    happens(cast.planner.actor, [cast.planner.house.pk], count=count)
    return list(Event.objects.after(since).values_list("number", flat=True))


def now_due(subscription: Subscription) -> None:
    Subscription.objects.filter(pk=subscription.pk).update(due_at=timezone.now())


def fresh(subscription: Subscription) -> Subscription:
    return Subscription.objects.get(pk=subscription.pk)


def attempts(subscription: Subscription) -> list[tuple[int, int | None]]:
    rows = Delivery.objects.filter(subscription=subscription).order_by("pk")
    return list(rows.values_list("event", "status"))


def test_the_signature_is_that_of_the_standard():
    """The example that the libraries of Standard Webhooks are tested with."""
    headers = webhooks.signed(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_subscriber_is_told_what_a_socket_would_be_told(cast, subscription, receiver):
    (number,) = happens_there(cast)
    assert webhooks.deliver(subscription.pk) == 1
    ((headers, body),) = receiver.got
    assert json.loads(body) == Event.objects.get(pk=number).message()
    assert headers["webhook-id"] == f"{number}-{subscription.pk}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 300
    key = base64.b64decode(subscription.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert headers["Host"] == f"127.0.0.1:{receiver.server_port}"


def test_in_order_once_and_only_what_is_for_its_organisation(cast, subscription, receiver):
    before = happens_there(cast, 2)
    happens(cast.stranger.actor, [cast.stranger.house.pk], count=3)
    after = happens_there(cast, 2)
    assert webhooks.deliver(subscription.pk) == 4
    assert webhooks.deliver(subscription.pk) == 0
    assert receiver.numbers() == before + after
    assert attempts(subscription) == [(n, 204) for n in before + after]


def test_what_happened_before_it_subscribed_is_not_told(cast, receiver):
    happens_there(cast, 2)
    later = subscribed(cast.planner, receiver.url)
    assert webhooks.deliver(later.pk) == 0
    assert receiver.got == []


def test_who_steers_is_told_of_the_region_and_a_provider_is_not(cast, receiver):
    steers = subscribed(cast.coordinator, receiver.url)
    provider = subscribed(cast.other_planner, receiver.url)
    happens(cast.planner.actor, [cast.region.pk])
    assert [webhooks.deliver(s.pk) for s in (steers, provider)] == [1, 0]


def test_the_first_that_is_told_is_that_it_was_made(cast, receiver):
    made = cast.planner.does(subscribe, url=receiver.url)
    assert webhooks.deliver(made.pk) == 1
    ((_, body),) = receiver.got
    assert json.loads(body)["type"] == "subscription.made"


def test_it_is_told_no_more_than_the_key_that_made_it_may_hear(cast, receiver):
    """The region is for desks: a key of the zorgcentrale that only answers does not hear it."""
    house = cast.coordinator.house
    keys = [cast.machine(house, duty) for duty in (Duty.ANSWER, Duty.DESK)]
    narrow, wide = (subscribed(key, receiver.url) for key in keys)
    told_from_here(narrow, wide)
    happens(cast.planner.actor, [cast.region.pk])
    happens(cast.planner.actor, [house.pk])
    assert [webhooks.deliver(s.pk) for s in (narrow, wide)] == [1, 2]


def key_revoked(machine: Any) -> None:
    revoke(machine.actor.prefix)


def key_expired(machine: Any) -> None:
    ApiClient.objects.filter(pk=machine.actor.pk).update(expires_at=timezone.now())


@pytest.mark.parametrize("ended", [key_revoked, key_expired])
def test_it_ends_with_its_key(ended, cast, receiver):
    machine = cast.machine(cast.planner.house, Duty.ANSWER)
    made = subscribed(machine, receiver.url)
    happens_there(cast)
    assert made.pk in webhooks.due()
    ended(machine)
    assert made.pk not in webhooks.due()
    assert webhooks.deliver(made.pk) == 0
    assert receiver.got == []


def test_what_a_person_asked_for_ends_with_their_membership(cast, subscription, receiver):
    happens_there(cast)
    Membership.objects.filter(pk=cast.planner.actor.pk).update(until=timezone.now())
    assert subscription.pk not in webhooks.due()
    assert webhooks.deliver(subscription.pk) == 0


def test_what_failed_is_told_again_and_nothing_newer_before_it(cast, subscription, receiver):
    one, two, three = happens_there(cast, 3)
    receiver.answers = [204, 500]
    assert webhooks.deliver(subscription.pk) == 1
    assert attempts(subscription) == [(one, 204), (two, 500)]
    now = fresh(subscription)
    assert (now.cursor, now.failures) == (one, 1)
    assert now.due_at > timezone.now()
    now_due(subscription)
    assert webhooks.deliver(subscription.pk) == 2
    assert receiver.numbers() == [one, two, two, three]
    ids = [headers["webhook-id"] for headers, _ in receiver.got]
    assert ids[1] == ids[2]
    assert fresh(subscription).failures == 0


def test_before_its_time_it_is_left_alone(cast, subscription, receiver):
    happens_there(cast)
    receiver.answers = [500]
    webhooks.deliver(subscription.pk)
    assert subscription.pk not in webhooks.due()
    assert webhooks.deliver(subscription.pk) == 0
    assert len(receiver.got) == 1
    now_due(subscription)
    assert subscription.pk in webhooks.due()


def test_pauses_grow_and_have_an_end():
    pauses = [webhooks.pause(n).total_seconds() for n in range(40)]
    assert 4 <= pauses[0] <= 6
    assert 8 <= pauses[1] <= 12
    assert all(p <= 1.2 * webhooks.LONGEST_PAUSE for p in pauses)
    assert pauses[-1] >= 0.8 * webhooks.LONGEST_PAUSE


def test_an_address_that_is_gone_is_not_tried_again(cast, subscription, receiver):
    happens_there(cast)
    receiver.answers = [410]
    webhooks.deliver(subscription.pk)
    assert not fresh(subscription).active
    now_due(subscription)
    assert webhooks.deliver(subscription.pk) == 0
    assert subscription.pk not in webhooks.due()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_it_does_not_go_elsewhere_because_it_is_told_to(status, cast, subscription, receiver):
    happens_there(cast)
    receiver.answers, receiver.says = [status], {"Location": "https://169.254.169.254/"}
    assert webhooks.deliver(subscription.pk) == 0
    ((_, kept),) = attempts(subscription)
    assert kept == status
    assert len(receiver.got) == 1


def test_nobody_there_is_a_failure_with_a_reason(cast, receiver):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        silent = subscribed(cast.planner, f"http://127.0.0.1:{nobody.getsockname()[1]}/")
    happens_there(cast)
    assert webhooks.deliver(silent.pk) == 0
    (row,) = Delivery.objects.filter(subscription=silent)
    assert row.status is None
    assert "ConnectError" in row.error


def test_who_does_not_answer_is_not_waited_for(cast, subscription, receiver, monkeypatch):
    monkeypatch.setattr(webhooks, "PATIENCE", 0.3)
    happens_there(cast)
    receiver.waits = threading.Event()
    assert webhooks.deliver(subscription.pk) == 0
    (row,) = Delivery.objects.filter(subscription=subscription)
    assert row.error.startswith("no answer within")


def test_who_answers_by_a_letter_at_a_time_is_not_waited_for_either(cast, monkeypatch):
    """Each letter comes in time; all of them together do not."""
    monkeypatch.setattr(webhooks, "PATIENCE", 0.6)
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            line, _ = server.accept()
            with line:
                while not done.is_set():
                    try:
                        line.sendall(b"H")
                    except OSError:
                        return
                    time.sleep(0.1)

        dripping = threading.Thread(target=drip)
        dripping.start()
        slow = subscribed(cast.planner, f"http://127.0.0.1:{server.getsockname()[1]}/")
        happens_there(cast)
        assert webhooks.deliver(slow.pk) == 0
        done.set()
        dripping.join()
    (row,) = Delivery.objects.filter(subscription=slow)
    assert row.status is None


def test_a_name_server_that_is_silent_is_not_waited_for(cast, subscription, monkeypatch):
    monkeypatch.setattr(webhooks, "PATIENCE", 0.3)
    done, looked_up = threading.Event(), threading.Event()

    def silent(url: str, *, loopback: bool) -> Any:
        done.wait(30)
        looked_up.set()
        raise webhooks.Forbidden("no such name")

    monkeypatch.setattr(webhooks, "destination", silent)
    happens_there(cast)
    assert webhooks.deliver(subscription.pk) == 0
    assert not looked_up.is_set(), "it was waited for"
    done.set()
    (row,) = Delivery.objects.filter(subscription=subscription)
    assert row.error.startswith("no answer within")
    assert looked_up.wait(30)


def test_an_organisation_has_one_turn_at_a_time_and_keeps_no_other_waiting(
    cast, subscription, receiver, monkeypatch
):
    slow, receiver.waits = subscribed(cast.planner, receiver.url), threading.Event()
    told_from_here(slow, subscription)
    happens_there(cast)

    def work() -> None:
        try:
            webhooks.deliver(slow.pk)
        finally:
            connection.close()

    busy = threading.Thread(target=work)
    busy.start()
    until = time.monotonic() + 30
    while not receiver.got:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert webhooks.deliver(subscription.pk) == 0
    assert len(receiver.got) == 1
    monkeypatch.setattr(webhooks, "PATIENCE", 0.3)
    other = subscribed(cast.stranger, receiver.url)
    happens(cast.stranger.actor, [cast.stranger.house.pk])
    webhooks.deliver(other.pk)
    assert len(receiver.got) == 2
    receiver.waits.set()
    busy.join()
    assert webhooks.deliver(subscription.pk) == 1


def test_a_long_answer_is_not_read_to_its_end(cast, subscription, receiver):
    receiver.body = b"x" * (64 * 1024 * 1024)
    happens_there(cast)
    assert webhooks.deliver(subscription.pk) == 1


def test_an_address_that_came_to_stand_for_a_machine_inside_is_not_told(cast, settings, receiver):
    settings.WEBHOOKS_TO_LOOPBACK = True
    inside = subscribed(cast.planner, receiver.url)
    settings.WEBHOOKS_TO_LOOPBACK = False
    happens_there(cast)
    assert webhooks.deliver(inside.pk) == 0
    (row,) = Delivery.objects.filter(subscription=inside)
    assert row.error.startswith("not allowed")
    assert receiver.got == []


def test_two_workers_do_not_tell_the_same_twice(cast, subscription, receiver):
    said = happens_there(cast, 5)
    gate = threading.Barrier(4)

    def work() -> None:
        try:
            gate.wait()
            webhooks.deliver(subscription.pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert receiver.numbers() == said


def test_what_a_worker_that_died_had_claimed_is_taken_up_later(cast, subscription, receiver):
    said = happens_there(cast)
    assert webhooks.Claim.of(subscription.pk)
    assert webhooks.deliver(subscription.pk) == 0
    Subscription.objects.filter(pk=subscription.pk).update(
        due_at=fresh(subscription).due_at - webhooks.LEASE
    )
    assert webhooks.deliver(subscription.pk) == 1
    assert receiver.numbers() == said


def test_who_lost_its_claim_stops(cast, subscription, receiver):
    """It was so slow that another took over: that one goes on, this one does not."""
    claim = webhooks.Claim.of(subscription.pk)
    (number,) = happens_there(cast)
    Subscription.objects.filter(pk=subscription.pk).update(
        due_at=timezone.now() + timedelta(minutes=1)
    )
    event = Event.objects.get(pk=number)
    assert claim.note(event, webhooks.Answer(204)) is False
    assert fresh(subscription).cursor < number


def test_no_transaction_is_open_while_it_posts(cast, subscription, receiver, monkeypatch):
    seen: list[bool] = []
    post = webhooks.Line.post

    def watched(line: webhooks.Line, event: Event) -> webhooks.Answer:
        seen.append(connection.in_atomic_block or not transaction.get_autocommit())
        return post(line, event)

    monkeypatch.setattr(webhooks.Line, "post", watched)
    happens_there(cast, 2)
    webhooks.deliver(subscription.pk)
    assert seen == [False, False]


def test_a_worker_tells_what_is_due(cast, subscription, receiver, processes):
    """The real thing: a wake-up for all makes one for each with news."""
    said = happens_there(cast, 3)
    running = processes()
    running.worker()
    running.webhooks()
    deadline = time.monotonic() + 60
    # The receiver has it a moment before the attempt is written down.
    while receiver.numbers() != said or len(attempts(subscription)) < len(said):
        assert time.monotonic() < deadline
        app.send_task(deliver_webhooks.name)
        time.sleep(0.5)
    assert attempts(subscription) == [(n, 204) for n in said]
