"""The planner's own units: one tap each, saved at once, undone within moments."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capacity import reminders
from capacity.models import CareUnit, Place
from capacity.states import PlaceState
from lzc.hours import AMSTERDAM, shift_end
from lzc.models import Event
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of

CAPACITY, CONFIRM = "/capaciteit/", "/capaciteit/bevestigen"


def tap(unit: CareUnit, which: str) -> str:
    return f"/capaciteit/{unit.pk}/{which}"


def free(unit: CareUnit) -> int:
    return Place.objects.filter(Place.usable(), unit=unit).count()


def shown(page: Any, unit: CareUnit) -> CareUnit:
    return next(row for row in page.context["units"] if row.pk == unit.pk)


def test_it_shows_ones_own_units_only(cast: Cast, at: Any) -> None:
    page = at.planner.get(CAPACITY)
    assert [unit.pk for unit in page.context["units"]] == [cast.ward.pk]
    assert cast.other_ward.name not in text_of(page)


@pytest.mark.parametrize("who", ["huisarts", "coordinator", "adviser", "centralist"])
def test_who_has_no_capacity_finds_nothing(who: str, cast: Cast, at: Any) -> None:
    browser = getattr(at, who)
    assert browser.get(CAPACITY).status_code == 404
    assert browser.post(CONFIRM).status_code == 404
    assert browser.post(tap(cast.ward, "meer")).status_code == 404


def test_a_unit_of_another_house_is_not_found(cast: Cast, at: Any) -> None:
    assert at.planner.post(tap(cast.other_ward, "meer")).status_code == 404
    assert free(cast.other_ward) == 0
    assert at.planner.post(f"/capaciteit/{uuid4()}/meer").status_code == 404
    assert at.planner.post(tap(cast.ward, "veel")).status_code == 404


def test_one_more_and_one_less_are_saved_at_once(cast: Cast, at: Any) -> None:
    page = at.planner.post(tap(cast.ward, "meer"))
    assert (free(cast.ward), shown(page, cast.ward).free) == (1, 1)
    page = at.planner.post(tap(cast.ward, "minder"))
    assert (free(cast.ward), shown(page, cast.ward).free) == (0, 0)


def test_a_double_tap_of_one_button_counts_once(cast: Cast, at: Any) -> None:
    key = uuid4().hex
    for _ in range(2):
        at.planner.post(tap(cast.ward, "meer"), key=key)
    assert free(cast.ward) == 1


@pytest.mark.parametrize(("which", "text", "after"), [("meer", "1 → 2", 1), ("minder", "1 → 0", 1)])
def test_a_slip_of_the_thumb_is_undone(
    which: str, text: str, after: int, cast: Cast, at: Any
) -> None:
    paths.a_place(cast)
    page = at.planner.post(tap(cast.ward, which))
    assert f"De Linde ELV: {text}" in text_of(page)
    page = at.planner.post(page.context["undo"]["url"])
    assert free(cast.ward) == after
    assert not page.context["undo"], "an undo is not offered to be undone"


def test_the_live_part_keeps_the_undo_in_sight(cast: Cast, at: Any) -> None:
    at.planner.post(tap(cast.ward, "meer"))
    page = at.planner.get(CAPACITY, deel="soorten")
    assert "Ongedaan" in text_of(page) and "<html" not in page.content.decode()


def test_what_a_request_holds_cannot_be_taken_off(cast: Cast, at: Any) -> None:
    paths.an_offer(cast)
    page = at.planner.post(tap(cast.ward, "minder"))
    assert "geen vrije plekken meer" in text_of(page)
    assert Place.objects.filter(unit=cast.ward, state=PlaceState.HELD).count() == 1
    assert "1 aangeboden" in text_of(page)


def test_everything_is_confirmed_with_one_tap(cast: Cast, at: Any) -> None:
    more = cast.unit(cast.planner.house, "elv_hoog", "De Linde hoog")
    paths.a_place(cast)
    long_ago = timezone.now() - timedelta(hours=9)
    CareUnit.objects.filter(pk__in=[cast.ward.pk, more.pk]).update(observed_at=long_ago)
    page = at.planner.get(CAPACITY)
    assert "Klopt nog" in text_of(page) and "klopt dit nog?" in text_of(page)
    page = at.planner.post(CONFIRM)
    assert "Bevestigd" in text_of(page) and "Volgende herinnering" in text_of(page)
    confirmed = Event.objects.filter(type="unit.confirmed", actor=cast.planner.actor.pk)
    assert {event.subject for event in confirmed} == {cast.ward.pk, more.pk}
    for unit in (cast.ward, more):
        unit.refresh_from_db()
        assert unit.observed_at and unit.observed_at > long_ago + timedelta(hours=8)


def test_a_unit_that_nobody_ever_confirmed_says_so(at: Any) -> None:
    page = text_of(at.planner.get(CAPACITY))
    assert "nog nooit bevestigd" in page


def test_offers_that_wait_are_answered_here_too(cast: Cast, at: Any) -> None:
    assert "wacht op uw antwoord" not in text_of(at.planner.get(CAPACITY))
    offer = paths.an_offer(cast)
    page = at.planner.get(CAPACITY)
    assert "1 aanvraag wacht op uw antwoord" in text_of(page)
    assert "Toezeggen" in text_of(at.planner.get(CAPACITY, deel="vragen"))
    (yes,) = re.findall(r'action="(/aanbod/[^"]*/accept/[^"]*)"', page.content.decode())
    answered = text_of(at.planner.post(yes))
    assert "Toegezegd" in answered and "Nu vrij" in answered
    offer.refresh_from_db()
    assert offer.state == "accepted"
    assert "wacht op uw antwoord" not in text_of(at.planner.get(CAPACITY))


def test_an_offer_whose_time_is_up_is_not_said_here(cast: Cast, at: Any) -> None:
    paths.let_the_deadline_pass(paths.an_offer(cast))
    assert "wacht op uw antwoord" not in text_of(at.planner.get(CAPACITY))


def test_a_question_without_words_is_asked_again_among_all_offers(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    page = at.planner.post(f"/aanbod/{offer.pk}/ask/?back=capacity", question="")
    assert page.status_code == 422
    assert "Aanvragen aan u" in text_of(page)


def test_a_house_without_units_is_told_what_to_do(cast: Cast, at: Any) -> None:
    CareUnit.objects.filter(pk=cast.ward.pk).update(organisation=cast.other_planner.house.pk)
    page = text_of(at.planner.get(CAPACITY))
    assert "geen afdelingen" in page and "Klopt nog" not in page


def test_an_address_of_a_button_shows_the_units(cast: Cast, at: Any) -> None:
    for path in (CONFIRM, tap(cast.ward, "meer")):
        page = at.planner.get(path)
        assert (page.status_code, page.url) == (302, CAPACITY)
    assert free(cast.ward) == 0


def test_a_visit_counts_until_the_end_of_the_shift(cast: Cast, at: Any) -> None:
    before = timezone.now()
    page = at.nurse.post(tap(cast.team, "meer"))
    (place,) = Place.objects.filter(unit=cast.team)
    assert place.valid_until in {shift_end(before), shift_end(timezone.now())}
    assert "tot " in text_of(page)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-22T03:00", "2026-11-22T07:00"),
        ("2026-11-22T06:45", "2026-11-22T15:00"),
        ("2026-11-22T15:00", "2026-11-22T23:00"),
        ("2026-11-22T23:30", "2026-11-23T07:00"),
        ("2026-10-25T01:30", "2026-10-25T07:00"),  # the night that lasts an hour longer
        ("2027-03-28T00:30", "2027-03-28T07:00"),  # and the one that lasts an hour less
    ],
)
def test_shifts_end_on_the_dutch_wall_clock(now: str, end: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=AMSTERDAM)
    assert shift_end(at) == datetime.fromisoformat(end).replace(tzinfo=AMSTERDAM)


def test_it_takes_as_many_queries_for_many_units_as_for_one(cast: Cast, at: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            at.planner.get(CAPACITY)
        return len(found)

    at.planner.get(CAPACITY)
    few = queries()
    for n in range(3):
        cast.unit(cast.planner.house, "elv_hoog", f"Afdeling {n}")
    paths.an_offer(cast)
    assert queries() == few


# Stops, plans, until when ----------------------------------------------------------------------


def test_a_stop_is_begun_and_ended_with_a_tap(cast: Cast, at: Any) -> None:
    end = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    page = at.planner.post(tap(cast.ward, "stop"), reason="infection", expected_end=end)
    assert "infectie op de afdeling, verwacht tot" in text_of(page)
    assert shown(page, cast.ward).stopped == "infection"
    page = at.planner.post(tap(cast.ward, "open"))
    assert shown(page, cast.ward).stopped is None


def test_an_end_of_a_stop_that_is_no_moment_is_asked_for_as_a_day_and_a_time(
    cast: Cast, at: Any
) -> None:
    page = at.planner.post(tap(cast.ward, "stop"), reason="infection", expected_end="morgen")
    assert "Vul een datum en een tijd in" in text_of(page)


def test_a_date_that_is_refused_is_said_again(cast: Cast, at: Any) -> None:
    sent = {"reason": "infection", "expected_end": "2020-03-01T07:30"}
    page = at.planner.post(tap(cast.ward, "stop"), **sent)
    assert "U typte: 01-03-2020 07:30" in text_of(page)
    assert "U typte" not in text_of(at.planner.post(tap(cast.ward, "open")))


def test_a_place_is_planned_and_called_off(cast: Cast, at: Any) -> None:
    page = at.planner.post(tap(cast.ward, "vrij-vanaf"), at="16:30")
    assert "vrij vanaf" in text_of(page) and "16:30" in text_of(page)
    (place,) = Place.objects.filter(unit=cast.ward)
    page = at.planner.post(f"/capaciteit/plek/{place.pk}/vervalt")
    assert "vrij vanaf 16:30" not in text_of(page)


def test_what_is_no_time_is_said(cast: Cast, at: Any) -> None:
    for sent in ("kwart over", ""):
        assert "16:30" in text_of(at.planner.post(tap(cast.ward, "vrij-vanaf"), at=sent))
    assert "16:30" in text_of(at.planner.post(CONFIRM, until="straks"))
    assert not Place.objects.filter(unit=cast.ward).exists()


def test_a_patient_who_left_is_said_with_a_tap(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, "started")
    assert "bezet" in text_of(at.planner.get(CAPACITY))
    at.planner.post(f"/capaciteit/plek/{offer.place_id}/vertrokken")
    assert Place.objects.get(pk=offer.place_id).state == PlaceState.WITHDRAWN
    assert at.other_planner.post(f"/capaciteit/plek/{offer.place_id}/vertrokken").status_code == 404
    assert at.planner.post(f"/capaciteit/plek/{offer.place_id}/weg").status_code == 404


def test_everything_is_correct_until_a_time(cast: Cast, at: Any) -> None:
    page = at.planner.post(CONFIRM, until="07:00")
    until = CareUnit.objects.get(pk=cast.ward.pk).true_until
    assert until is not None and timezone.localtime(until).strftime("%H:%M") == "07:00"
    assert "klopt tot" in text_of(page)


# Behind the link of a reminder -----------------------------------------------------------------


def link(unit: CareUnit) -> str:
    return f"/klopt-nog/{reminders.sign(unit.pk)}/"


def test_a_link_asks_before_it_says_anything(cast: Cast, client: Client) -> None:
    paths.a_place(cast)
    long_ago = timezone.now() - timedelta(hours=9)
    CareUnit.objects.filter(pk=cast.ward.pk).update(observed_at=long_ago)
    page = client.get(link(cast.ward))
    assert "De Linde ELV" in text_of(page) and "Nu vrij: 1" in text_of(page)
    assert CareUnit.objects.get(pk=cast.ward.pk).observed_at == long_ago
    answer = client.post(link(cast.ward))
    assert "Bewaard. Dank u wel." in text_of(client.get(answer.url))
    unit = CareUnit.objects.get(pk=cast.ward.pk)
    assert unit.observed_at > long_ago and unit.source == "link"


def test_a_phone_that_opens_the_thanks_again_hours_later_is_asked_again(
    cast: Cast, client: Client
) -> None:
    thanks = client.post(link(cast.ward)).url
    hours_ago = timezone.now() - timedelta(hours=3)
    CareUnit.objects.filter(pk=cast.ward.pk).update(observed_at=hours_ago)
    page = text_of(client.get(thanks))
    assert "Bewaard" not in page and "Klopt nog" in page


def test_behind_a_link_another_number_is_said(cast: Cast, client: Client) -> None:
    client.post(link(cast.ward), {"free": "3"})
    assert free(cast.ward) == 3
    page = client.post(link(cast.ward), {"free": "veel"})
    assert page.status_code == 422 and free(cast.ward) == 3


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_a_link_is_looked_at_or_pressed_and_nothing_else(
    method: str, cast: Cast, client: Client
) -> None:
    long_ago = timezone.now() - timedelta(hours=9)
    CareUnit.objects.filter(pk=cast.ward.pk).update(observed_at=long_ago)
    answer = getattr(client, method)(link(cast.ward))
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD, POST"
    assert CareUnit.objects.get(pk=cast.ward.pk).observed_at == long_ago


def test_a_link_that_ended_says_what_to_do(cast: Cast, client: Client) -> None:
    page = client.get("/klopt-nog/verzonnen/")
    assert page.status_code == 404 and "twaalf uur" in text_of(page)
    assert client.post("/klopt-nog/verzonnen/").status_code == 404
