"""What time does is swept by tasks; what is true does not depend on whether they ran."""

import threading
import time
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from capacity import services as capacity
from capacity.models import CareUnit, Place
from capacity.states import PlaceState
from capacity.tasks import end_shifts, remind_stale_capacity
from coordination import services
from coordination.models import Offer
from coordination.states import OfferState
from coordination.tasks import expire_offers, release_expired_holds, show_offers
from lzc import sweeps
from lzc.celery import app
from lzc.errors import NotNow
from lzc.events import act, head
from lzc.models import CLOCK, AccessRecord, Event, IdempotencyKey
from lzc.sweeps import sweep
from lzc.tasks import KEYS_KEPT, tidy
from tests import paths

PAST = timedelta(seconds=-1)


def ago(offer: Offer, **columns: timedelta) -> None:
    """As if so much time had passed."""
    moments = {name: timezone.now() + delta for name, delta in columns.items()}
    Offer.objects.filter(pk=offer.pk).update(**moments)


def state(offer: Offer) -> str:
    return Offer.objects.get(pk=offer.pk).state


def place(offer: Offer) -> str:
    return Place.objects.get(pk=offer.place_id).state


def told_of(subject: uuid.UUID, since: int) -> list[str]:
    found = Event.objects.after(since).filter(subject=subject)
    return list(found.values_list("type", flat=True))


# Each sweep ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [OfferState.SENT, OfferState.ASKED])
def test_an_offer_nobody_answered_expires_and_gives_its_place_back(at, cast):
    offer = paths.offer_at(cast, at)
    expire_offers()
    assert state(offer) == at
    ago(offer, answer_before=PAST)
    expire_offers()
    assert (state(offer), place(offer)) == (OfferState.EXPIRED, PlaceState.FREE)


def test_what_was_answered_does_not_expire(cast):
    offer = paths.offer_at(cast, OfferState.ACCEPTED)
    ago(offer, answer_before=PAST)
    expire_offers()
    assert state(offer) == OfferState.ACCEPTED


def test_a_provider_is_told_when_the_undo_window_has_passed(cast):
    paths.a_place(cast)
    made = paths.a_request(cast)
    offer = cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk, undo=True)
    show_offers()
    assert Offer.objects.get(pk=offer.pk).shown_at is None
    assert cast.planner.hears() == ["place.released"]
    ago(offer, visible_from=PAST)
    show_offers()
    assert Offer.objects.get(pk=offer.pk).shown_at is not None
    assert cast.planner.hears() == ["place.released", "offer.shown"]


def test_what_was_taken_back_in_time_is_never_shown(cast):
    paths.a_place(cast)
    made = paths.a_request(cast)
    offer = cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk, undo=True)
    cast.coordinator.does(services.withdraw, offer.pk)
    ago(offer, visible_from=PAST)
    show_offers()
    assert cast.planner.hears() == ["place.released"]


def test_a_promise_that_the_desk_did_not_take_up_lapses(cast):
    offer = paths.offer_at(cast, OfferState.ACCEPTED)
    release_expired_holds()
    assert state(offer) == OfferState.ACCEPTED
    ago(offer, promised_until=PAST)
    release_expired_holds()
    assert (state(offer), place(offer)) == (OfferState.WITHDRAWN, PlaceState.FREE)


def test_a_planner_who_was_silent_too_long_is_asked_once(cast):
    paths.a_place(cast)
    since = head()
    remind_stale_capacity()
    assert told_of(cast.ward.pk, since) == []
    CareUnit.objects.filter(pk=cast.ward.pk).update(observed_at=timezone.now() - timedelta(days=1))
    remind_stale_capacity()
    remind_stale_capacity()
    assert told_of(cast.ward.pk, since) == ["unit.grown_stale"]
    cast.planner.does(capacity.confirm, cast.ward.pk)
    CareUnit.objects.filter(pk=cast.ward.pk).update(
        observed_at=timezone.now() - timedelta(hours=23), reminded_at=timezone.now() - 2 * KEYS_KEPT
    )
    remind_stale_capacity()
    assert told_of(cast.ward.pk, since).count("unit.grown_stale") == 2


def test_a_visit_that_was_not_given_ends_with_its_shift(cast):
    until = timezone.now() + timedelta(hours=1)
    (visit,) = cast.nurse.does(capacity.release, cast.team.pk, valid_until=until)
    since = head()
    end_shifts()
    assert Place.objects.get(pk=visit.pk).state == PlaceState.FREE
    Place.objects.filter(pk=visit.pk).update(valid_until=timezone.now() + PAST)
    end_shifts()
    assert Place.objects.get(pk=visit.pk).state == PlaceState.WITHDRAWN
    assert told_of(cast.team.pk, since) == ["place.lapsed"]


def test_what_nobody_asks_for_any_more_is_thrown_away(cast):
    for key in ("old", "young"):
        with act(by=cast.planner.actor, key=key):
            pass
    mine = IdempotencyKey.objects.filter(actor=cast.planner.actor.pk)
    mine.filter(key="old").update(at=timezone.now() - KEYS_KEPT - timedelta(hours=1))
    ended = Session.objects.create(
        session_key=uuid.uuid4().hex, session_data="", expire_date=timezone.now() + PAST
    )
    tidy()
    assert [key.key for key in mine] == ["young"]
    assert not Session.objects.filter(pk=ended.pk).exists()


# How they sweep -----------------------------------------------------------------------------------


SWEEPS = [show_offers, expire_offers, release_expired_holds, remind_stale_capacity, end_shifts]


def test_twice_is_once(cast):
    offer = paths.offer_at(cast, OfferState.SENT)
    ago(offer, answer_before=PAST)
    # The first round does what is due, also what other tests left behind in this database.
    for task in SWEEPS * 3:
        task()
    told = Event.objects.filter(subject=offer.pk).values_list("type", flat=True)
    assert [type for type in told if type == "offer.expired"] == ["offer.expired"]
    assert Offer.objects.get(pk=offer.pk).state == OfferState.EXPIRED


def test_each_row_is_an_act_of_the_clock(cast):
    offers = [paths.offer_at(cast, OfferState.SENT) for _ in range(3)]
    for offer in offers:
        ago(offer, answer_before=PAST)
    since = head()
    assert expire_offers() >= 3  # what other tests left behind in this database is swept as well
    said = Event.objects.after(since).filter(subject__in=[offer.pk for offer in offers])
    assert [(e.type, e.actor_kind, e.actor) for e in said] == [
        ("offer.expired", "clock", CLOCK.pk)
    ] * 3


def test_a_row_that_cannot_be_done_does_not_keep_the_others_waiting(cast, caplog):
    done: list[int] = []

    def verb(pk: Any, *, by: Any) -> None:
        if pk == 2:
            raise RuntimeError("broken")
        if pk == 3:
            raise NotNow("somebody was first")
        done.append(pk)

    assert sweep(verb, [1, 2, 3, 4]) == 2
    assert done == [1, 4]
    assert "the clock could not" in caplog.text
    assert "broken" in caplog.text


def test_two_sweeps_of_one_kind_are_not_at_it_together(cast):
    begun, may_end = threading.Event(), threading.Event()
    counts: list[int] = []

    def verb(pk: Any, *, by: Any) -> None:
        begun.set()
        assert may_end.wait(20)

    def first() -> None:
        try:
            counts.append(sweep(verb, [1]))
        finally:
            connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    assert begun.wait(20)
    counts.append(sweep(verb, [2]))
    may_end.set()
    thread.join()
    assert counts == [0, 1]
    assert sweep(lambda pk, by: None, [3]) == 1


def test_a_sweep_lets_go_of_its_lock_whatever_happens(cast):
    def failing() -> Any:
        raise ZeroDivisionError
        yield

    def verb(pk: Any, *, by: Any) -> None: ...

    with pytest.raises(ZeroDivisionError):
        sweep(verb, failing())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s",
            [sweeps.LOCKS],
        )
        assert cursor.fetchone() == (0,)


def test_a_race_that_was_lost_leaves_no_trace_of_a_refusal(cast):
    """What is due is asked of the database, so that the clock is seldom refused at all."""
    offer = paths.offer_at(cast, OfferState.SENT)
    ago(offer, answer_before=PAST)
    before = AccessRecord.objects.filter(actor_kind="clock").count()
    for task in SWEEPS:
        task()
    assert AccessRecord.objects.filter(actor_kind="clock").count() == before


# Without them -------------------------------------------------------------------------------------


def test_an_answer_after_the_deadline_is_too_late_though_nobody_swept(cast):
    offer = paths.offer_at(cast, OfferState.SENT)
    ago(offer, answer_before=PAST)
    with pytest.raises(NotNow) as refusal:
        cast.planner.does(services.accept, offer.pk)
    assert refusal.value.code == "too_late"


def test_a_visit_of_a_shift_that_ended_is_not_given_though_nobody_swept(cast):
    until = timezone.now() + timedelta(hours=1)
    cast.nurse.does(capacity.release, cast.team.pk, valid_until=until)
    Place.objects.filter(unit=cast.team).update(valid_until=timezone.now() + PAST)
    made = paths.a_request(cast, care_types=["wijkverpleging"])
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(services.offer, made.pk, unit_id=cast.team.pk)
    assert refusal.value.code == "no_place"


def test_a_provider_sees_an_offer_when_its_time_has_come_though_nobody_swept(cast):
    paths.a_place(cast)
    made = paths.a_request(cast)
    offer = cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk, undo=True)
    inbox = Offer.objects.inbox(cast.planner.actor)
    assert not inbox.exists()
    ago(offer, visible_from=PAST)
    assert list(inbox) == [offer]


# The real thing -----------------------------------------------------------------------------------


def test_the_timetable_names_tasks_that_exist():
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks, entry


def test_beat_and_worker_sweep_by_themselves(cast, processes):
    offer = paths.offer_at(cast, OfferState.SENT)
    ago(offer, answer_before=PAST)
    running = processes()
    running.worker()
    running.beat()
    deadline = time.monotonic() + 60
    while state(offer) != OfferState.EXPIRED:
        assert time.monotonic() < deadline, running.log("worker").read_text()[-2000:]
        time.sleep(0.1)
