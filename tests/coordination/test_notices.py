"""Who asked hears what became of it: once on the page, at least once by mail, and no name in it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.db.models.functions import Now

from coordination import services
from coordination.models import CareRequest, LogReader, Notice
from coordination.notices import following, sending
from lzc.events import head
from lzc.models import Event, Membership, User
from tests import paths
from tests.cast import Cast, assemble

ADDRESS = "huisarts@praktijk.example"


@pytest.fixture
def cast(committed: None) -> Cast:
    cast = assemble()
    User.objects.filter(pk=cast.huisarts.user.pk).update(email=ADDRESS)
    LogReader.objects.update_or_create(pk=following.READER, defaults={"cursor": head()})
    return cast


def kinds(made: CareRequest) -> list[str]:
    following.follow()
    return list(
        Notice.objects.filter(request=made).order_by("event").values_list("kind", flat=True)
    )


def found(cast: Cast) -> CareRequest:
    made: CareRequest = paths.offer_at(cast, "assigned").request
    following.follow()
    return made


def notice_of(made: CareRequest, kind: str = "found") -> Notice:
    return Notice.objects.get(request=made, kind=kind)


# On the page -------------------------------------------------------------------------------------


def test_what_the_desk_does_is_told_and_what_they_did_themselves_is_not(cast: Cast) -> None:
    made = paths.a_request(cast)
    assert kinds(made) == []
    cast.coordinator.does(services.take, made.pk)
    offer = paths.an_offer(cast, made)
    assert kinds(made) == ["taken"]
    cast.planner.does(services.accept, offer.pk)
    assert kinds(made) == ["taken"], "a promise is not a place yet"
    cast.coordinator.does(services.assign, offer.pk, sbar=paths.LETTER)
    cast.planner.does(services.fail, offer.pk, reason="no_staff")
    cast.coordinator.does(services.wait, made.pk, interim_plan="De buurvrouw kijkt.")
    cast.huisarts.does(services.cancel, made.pk, reason="hospital")
    assert kinds(made) == ["taken", "found", "lost", "waiting"]
    other = paths.a_request(cast)
    cast.coordinator.does(services.cancel, other.pk, reason="hospital")
    assert kinds(other) == ["cancelled"]


def test_a_desk_that_asked_itself_gets_no_messages(cast: Cast) -> None:
    made = paths.a_request(cast, cast.coordinator)
    cast.coordinator.does(services.take, made.pk)
    assert kinds(made) == []


def test_the_same_fact_is_told_once_however_often_it_is_read(cast: Cast) -> None:
    made = found(cast)
    fact = Event.objects.get(number=notice_of(made).event)
    LogReader.objects.filter(pk=following.READER).update(cursor=fact.number)
    assert cast.clock.does(following.tell, fact) is None
    following.follow()
    assert kinds(made).count("found") == 1
    assert cast.huisarts.hears().count("notice.made") == 2  # picked up, and found
    assert "notice.made" not in cast.planner.hears()


def test_seen_is_seen_by_the_whole_practice(cast: Cast) -> None:
    made = found(cast)
    newest = notice_of(made)
    assert cast.stranger.does(following.see, newest.pk) == 0
    assert cast.huisarts.does(following.see, newest.pk) == 2
    assert not Notice.objects.visible_to(cast.huisarts.actor).filter(seen_at=None).exists()
    assert not Notice.objects.visible_to(cast.planner.actor).exists()


# By mail -----------------------------------------------------------------------------------------


def test_a_mail_says_that_there_is_a_message_and_nothing_about_anybody(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    made = found(cast)
    assert sending.send(notice_of(made).pk)
    (letter,) = mailoutbox
    assert letter.to == [ADDRESS] and letter.subject.startswith("LZC: Er is een plek")
    assert f"/aanvragen/{made.pk}/" in letter.body
    with cast.huisarts.looks():
        person = made.case.patient
        told = str(letter.message())
        for word in (person.name, person.bsn, person.postcode, made.need, made.case.reference):
            assert word and word not in told
    for house in (cast.ward.name, cast.planner.house.row.name):
        assert house not in told
    assert not sending.send(notice_of(made).pk) and len(mailoutbox) == 1


def test_when_who_asked_left_the_others_of_the_practice_hear(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    made = found(cast)
    colleague = cast.person(cast.huisarts.house, "huisarts")
    User.objects.filter(pk=colleague.user.pk).update(email="waarnemer@praktijk.example")
    Membership.objects.filter(pk=cast.huisarts.actor.pk).update(until=Now())
    assert sending.send(notice_of(made).pk)
    assert mailoutbox[0].to == ["waarnemer@praktijk.example"]


def test_without_any_address_it_stands_on_the_page_only(cast: Cast, mailoutbox: list[Any]) -> None:
    made = found(cast)
    User.objects.filter(pk=cast.huisarts.user.pk).update(email="")
    assert not sending.send(notice_of(made).pk)
    assert not mailoutbox and notice_of(made).due_at is None


class Away(BaseEmailBackend):
    """A mail server that does not answer, and sees whether a transaction is open meanwhile."""

    in_transaction: list[bool] = []

    def send_messages(self, messages: Any) -> int:
        self.in_transaction.append(connection.in_atomic_block)
        raise ConnectionRefusedError


class Dies(BaseEmailBackend):
    """The letter has left, and then the process ends."""

    def send_messages(self, messages: Any) -> int:
        mail.outbox.extend(messages)
        raise KeyboardInterrupt


def test_a_server_that_is_away_is_tried_again_and_given_up_after_a_day(
    cast: Cast, settings: Any
) -> None:
    made = found(cast)
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    row = Notice.objects.filter(request=made, kind="found")
    assert not sending.send(notice_of(made).pk)
    assert Away.in_transaction[-1] is False
    notice = notice_of(made)
    assert notice.tries == 1 and notice.due_at is not None and notice.mailed_at is None
    assert not sending.send(notice.pk), "not before its time"
    row.update(due_at=Now(), at=Now() - timedelta(hours=25))
    assert not sending.send(notice.pk)
    assert notice_of(made).due_at is None


def test_who_dies_after_sending_leaves_it_to_be_sent_once_more(
    cast: Cast, settings: Any, mailoutbox: list[Any]
) -> None:
    """At least once: the number of the letter is the same, so a reader sees one."""
    made = found(cast)
    usual, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Dies"
    with pytest.raises(KeyboardInterrupt):
        sending.send(notice_of(made).pk)
    settings.EMAIL_BACKEND = usual
    assert not sending.send(notice_of(made).pk), "somebody may still be at it"
    Notice.objects.filter(request=made, kind="found").update(due_at=Now())
    assert sending.send(notice_of(made).pk)
    first, second = (letter.extra_headers["Message-ID"] for letter in mail.outbox)
    assert first == second and notice_of(made).mailed_at is not None


def test_two_senders_send_it_once(cast: Cast, mailoutbox: list[Any]) -> None:
    made = found(cast)
    row = Notice.objects.filter(request=made, kind="found")
    taken = row.filter(due_at__lte=Now()).update(due_at=Now() + sending.LEASE)
    assert taken == 1 and not sending.send(notice_of(made).pk) and not mailoutbox


def test_without_a_mail_server_nothing_waits_to_be_sent(cast: Cast, settings: Any) -> None:
    settings.MAILS = False
    assert notice_of(found(cast)).due_at is None
