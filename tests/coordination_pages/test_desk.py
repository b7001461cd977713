"""The desk around its list: what presses, what is sought, what changed, who handles it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from coordination import services
from coordination.models import CareRequest
from coordination.states import OfferState, RequestState
from lzc.models import AccessRecord, Event, Policy
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of
from tests.coordination_pages.test_work_list import LIST, rows_of
from triage.models import Case

SEARCH = "/werklijst/zoeken/"


# What presses -----------------------------------------------------------------------------------


def asked_before(cast: Cast, *, ago: int, left: int) -> CareRequest:
    """A request of so many minutes ago, with so many left."""
    now = timezone.now()
    made = paths.a_request(cast)
    CareRequest.objects.filter(pk=made.pk).update(
        submitted_at=now - timedelta(minutes=ago), needed_by=now + timedelta(minutes=left)
    )
    return made


@pytest.mark.parametrize(
    ("ago", "left", "level", "word"),
    [(60, 300, "", "nog"), (400, 100, "soon", "loopt op"), (60, -12, "late", "te laat")],
)
def test_each_level_has_a_word_of_its_own(
    ago: int, left: int, level: str, word: str, cast: Cast, at: Any
) -> None:
    asked_before(cast, ago=ago, left=left)
    page = at.coordinator.get(LIST)
    assert f'data-level="{level}"' in page.content.decode()
    assert word in text_of(page)


def test_a_region_says_from_when_a_promise_presses(cast: Cast, at: Any) -> None:
    asked_before(cast, ago=60, left=300)
    rules = {"pressing_minutes": {"U3": 240}, "pressing_part": 0.9}
    Policy.objects.create(region=cast.region, version=1, values=rules)
    assert 'data-level="soon"' in at.coordinator.get(LIST).content.decode()


def test_a_row_stays_itself_under_another_heading(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    (before,) = rows_of(at.coordinator.get(LIST))
    cast.coordinator.does(services.take, made.pk)
    (after,) = rows_of(at.coordinator.get(LIST))
    assert (before.group, after.group) == ("new", "busy") and before.id == after.id


def test_it_is_picked_up_from_the_list(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    (row,) = rows_of(at.coordinator.get(LIST))
    page = at.coordinator.post(row.take)
    assert 'id="casus"' in page.content.decode()
    made.refresh_from_db()
    assert made.handler == cast.coordinator.actor.pk
    assert not rows_of(at.coordinator.get(LIST))[0].take


@pytest.mark.parametrize(("van", "found"), [("laat", 1), ("straks", 1), ("nieuw", 3), ("wacht", 0)])
def test_each_figure_is_the_filter_that_it_counts(
    van: str, found: int, cast: Cast, at: Any
) -> None:
    for left in (-5, 60, 300):
        asked_before(cast, ago=60, left=left)
    page = at.coordinator.get(LIST, van=van)
    (figure,) = [n for n in page.context["numbers"] if n.get("current")]
    assert figure["value"] == len(rows_of(page)) == found


def test_the_title_says_how_many_wait(cast: Cast, at: Any) -> None:
    assert "<title>Werklijst" in at.coordinator.get(LIST).content.decode()
    paths.a_request(cast)
    paths.a_request(cast)
    assert "<title>(2) Werklijst" in at.coordinator.get(LIST).content.decode()


# What is sought ---------------------------------------------------------------------------------


def test_a_number_opens_its_case(cast: Cast, at: Any) -> None:
    case = paths.a_request(cast).case
    for sought in (case.reference, case.reference.lower(), case.reference.rpartition("-")[2]):
        found = at.coordinator.post(SEARCH, follow=False, q=sought)
        assert (found.status_code, found.url) == (302, f"/casus/{case.reference}/")


def test_a_name_finds_the_case_and_stands_in_no_address_row_or_log(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, name="Truus Appelboom")
    paths.a_case(cast)
    page = at.coordinator.post(SEARCH, q="appelb")
    (row,) = rows_of(page)
    assert row.reference == case.reference and page.redirect_chain == []
    assert "Appelboom" not in page.content.decode()
    record = AccessRecord.objects.filter(actor=cast.coordinator.actor.pk, action="search").last()
    assert record and len(record.detail) == 64 and "appelb" not in record.detail
    assert 'hx-get="/werklijst/?deel=werk"' not in page.content.decode()


def test_words_of_the_row_are_found_and_of_another_desk_nothing_is(cast: Cast, at: Any) -> None:
    paths.a_request(cast)
    assert len(rows_of(at.coordinator.post(SEARCH, q="ELV zwolle"))) == 1
    assert not rows_of(at.nurse.post(SEARCH, q="ELV zwolle"))
    empty = at.coordinator.post(SEARCH, q="nergens te vinden")
    assert "Geen open casus past bij wat u zoekt" in text_of(empty)
    assert "Filter wissen" in text_of(empty)
    assert 'hx-get="/werklijst/?deel=nieuws"' in empty.content.decode()


@pytest.mark.parametrize("sought", ["", "   ", "a\x00b"])
def test_what_says_nothing_finds_the_whole_list(sought: str, cast: Cast, at: Any) -> None:
    assert at.coordinator.post(SEARCH, follow=False, q=sought).url == LIST
    assert at.coordinator.get(SEARCH).url == LIST


# What changed -----------------------------------------------------------------------------------


def test_what_just_changed_is_told_without_a_name(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.ACCEPTED)
    case = Case.objects.get(pk=offer.request.case_id)
    with cast.coordinator.looks():
        name = case.patient.name
    page = at.coordinator.get(LIST, deel="nieuws")
    told = [(one.about, one.text) for one in page.context["news"]]
    assert told[0] == (case.reference, "De Linde ELV zegt een plek toe")
    assert ("De Linde ELV", "heeft een vrije plek") in told
    assert name not in page.content.decode()


def test_who_has_no_part_in_it_hears_of_no_case(cast: Cast, at: Any) -> None:
    paths.offer_at(cast, OfferState.ACCEPTED)
    told = at.stranger.get(LIST, deel="nieuws").context["news"]
    assert [one for one in told if one.url] == []


# Who handles it ---------------------------------------------------------------------------------


def act_of(made: CareRequest, word: str) -> str:
    return f"/casus/{made.case.reference}/vraag/{made.pk}/{word}/"


def test_who_is_second_is_told_who_was_first_and_when(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    cast.colleague.does(services.take, made.pk)
    taken = Event.objects.get(subject=made.pk, type="care_request.taken").at
    page = at.coordinator.post(act_of(made, "oppakken"))
    assert page.status_code == 409
    at_time = f"{timezone.localtime(taken):%H:%M}"
    said = f"Andere coördinator pakte deze casus om {at_time} op. Overnemen?"
    assert said in text_of(page)
    assert f'action="{act_of(made, "overnemen")}"' in page.content.decode()
    made.refresh_from_db()
    assert made.handler == cast.colleague.actor.pk


def test_a_colleague_takes_it_over_and_the_timeline_says_so(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    cast.colleague.does(services.take, made.pk)
    page = at.coordinator.post(act_of(made, "overnemen"))
    made.refresh_from_db()
    assert (made.handler, made.state) == (cast.coordinator.actor.pk, RequestState.SEARCHING)
    assert "nam het over van een collega" in text_of(page)
    assert "take_over" not in page.context["acts"]
    assert "take_over" in at.colleague.get(f"/casus/{made.case.reference}/").context["acts"]


def test_nobody_takes_over_from_themselves_or_from_another_desk(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    cast.coordinator.does(services.take, made.pk)
    again = at.coordinator.post(act_of(made, "overnemen"))
    assert "U bent al de behandelaar" in text_of(again)
    asker = at.huisarts.post(act_of(made, "overnemen"))
    assert "Dit mag u niet doen" in text_of(asker)
    made.refresh_from_db()
    assert made.handler == cast.coordinator.actor.pk


# Keys -------------------------------------------------------------------------------------------


def test_the_keys_are_turned_off_for_a_person_wherever_they_work(cast: Cast, at: Any) -> None:
    assert 'data-keys="on"' in at.coordinator.get(LIST).content.decode()
    back = at.coordinator.post("/toetsen/", single_keys="off", next=LIST)
    assert back.redirect_chain[0][0] == LIST
    assert 'data-keys="off"' in back.content.decode()
    assert 'data-keys="on"' in at.colleague.get(LIST).content.decode()
    assert "Sneltoetsen aanzetten" in text_of(at.coordinator.get("/toetsen/"))


def test_another_site_is_no_place_to_go_back_to(cast: Cast, at: Any) -> None:
    sent = at.coordinator.post("/toetsen/", False, single_keys="on", next="https://elders.example/")
    assert sent.url == "/"
