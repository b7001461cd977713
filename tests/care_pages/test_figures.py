"""Mijn cijfers: how a provider answered these thirty days, on its page and over REST."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coordination import services
from coordination.models import Offer, Silence
from coordination.offering import figures
from coordination.offering.figures import DAYS, Figures
from coordination.states import OfferState
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of

PAGE = "/mijn-cijfers/"


def of_linde(cast: Cast) -> Figures:
    (found,) = cast.planner.does(lambda *, by: figures.of_provider(by))
    return found


def answered_after(offer: Offer, minutes: int, *, asked: int = 0) -> None:
    """It was seen so long before it was answered; its questions took part of that."""
    took = timedelta(minutes=minutes)
    Offer.objects.filter(pk=offer.pk).update(
        visible_from=F("answered_at") - took, seconds_asked=asked * 60
    )


def test_who_was_never_asked_has_nothing_to_say(cast: Cast, at: Any) -> None:
    found = of_linde(cast)
    assert (found.asked, found.median_seconds, found.reasons) == (0, None, [])
    page = text_of(at.planner.get(PAGE))
    assert "Gevraagd 0" in page and "Stil geweest nooit" in page


def test_every_way_to_answer_is_counted_once(cast: Cast, at: Any) -> None:
    for state in (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED, OfferState.FAILED):
        paths.offer_at(cast, state)
    other = paths.an_offer(cast)
    cast.planner.does(services.decline, other.pk, reason="too_heavy")
    paths.offer_at(cast, OfferState.DECLINED)
    found = of_linde(cast)
    counted = (found.asked, found.promised, found.declined, found.unanswered, found.failed)
    assert counted == (6, 2, 3, 1, 1)
    assert found.reasons == [("no_staff", 2), ("too_heavy", 1)]
    page = text_of(at.planner.get(PAGE))
    assert "Kon niet 3 (50%)" in page and "Te weinig personeel 2" in page


def test_how_soon_is_told_without_the_time_that_questions_took(cast: Cast) -> None:
    for minutes, asked in ((2, 0), (4, 0), (30, 20)):
        answered_after(paths.offer_at(cast, OfferState.DECLINED), minutes, asked=asked)
    found = of_linde(cast)
    assert found.median_seconds == pytest.approx(240)
    assert found.slow_seconds == pytest.approx(528)


def test_what_lies_longer_back_does_not_count(cast: Cast) -> None:
    old = paths.offer_at(cast, OfferState.DECLINED)
    Offer.objects.filter(pk=old.pk).update(visible_from=timezone.now() - timedelta(days=DAYS + 1))
    assert of_linde(cast).asked == 0


def test_bed_days_count_from_when_the_thirty_days_begin(cast: Cast) -> None:
    offer = paths.offer_at(cast, OfferState.STARTED)
    Offer.objects.filter(pk=offer.pk).update(started_at=timezone.now() - timedelta(days=45))
    cast.ward.beds = 2
    cast.ward.save(update_fields=["beds"])
    found = of_linde(cast)
    assert (found.admitted, found.unit.occupied) == (0, 1)
    assert found.bed_days == pytest.approx(30, abs=0.01)
    assert found.occupancy == pytest.approx(0.5, abs=0.01)


def test_silence_is_told_with_how_long_it_lasted(cast: Cast, at: Any) -> None:
    now = timezone.now()
    for begun, ended in ((60, 58), (5, None)):
        Silence.objects.create(
            unit=cast.ward,
            told_at=now - timedelta(hours=begun),
            ended_at=now - timedelta(hours=ended) if ended else None,
        )
    found = of_linde(cast)
    assert (found.silences, found.silent_now) == (2, True)
    assert found.silent_hours == pytest.approx(7, abs=0.01)
    assert "2 keer, samen 7:00 uur, ook nu" in text_of(at.planner.get(PAGE))


def test_nobody_else_reads_them(cast: Cast, at: Any) -> None:
    paths.offer_at(cast, OfferState.DECLINED)
    page = at.other_planner.get(PAGE)
    assert cast.ward.name not in text_of(page) and "Te weinig personeel" not in text_of(page)
    for who in ("huisarts", "coordinator", "adviser", "centralist"):
        assert getattr(at, who).get(PAGE).status_code == 404


def test_no_word_about_a_patient_is_read(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.STARTED)
    with CaptureQueriesContext(connection) as asked:
        page = at.planner.get(PAGE).content.decode()
    assert not [q for q in asked if '"triage_' in q["sql"]]
    assert str(offer.pk) not in page and str(offer.request.case_id) not in page


def test_over_rest_they_are_the_same(cast: Cast, at: Any) -> None:
    paths.offer_at(cast, OfferState.DECLINED)
    told = at.planner.client.get("/api/v1/figures").json()
    (row,) = told["results"]
    assert told["days"] == DAYS and row["unit"] == str(cast.ward.pk)
    assert (row["asked"], row["declined"]) == (1, 1)
    assert row["reasons"] == [{"reason": "no_staff", "count": 1}]
    assert at.coordinator.client.get("/api/v1/figures").json()["results"] == []


def test_it_takes_as_many_queries_for_many_as_for_one(cast: Cast, at: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            at.planner.get(PAGE)
        return len(found)

    paths.offer_at(cast, OfferState.DECLINED)
    at.planner.get(PAGE)
    few = queries()
    cast.unit(cast.planner.house, "elv_hoog", "De Linde hoog")
    for state in (OfferState.STARTED, OfferState.ACCEPTED):
        paths.offer_at(cast, state)
    assert queries() == few
