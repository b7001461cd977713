"""The huisarts follows a request to its end, and sees what waits for the practice. Nobody calls."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coordination import handovers, services
from coordination.models import LogReader
from coordination.notices import following
from coordination.states import RequestState
from lzc.events import head
from lzc.models import AccessRecord
from tests import paths
from tests.care_pages.test_request import MINE, follow, of_case
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of
from triage import services as triage
from triage.models import Case
from triage.services import ContactIn


@pytest.mark.parametrize(
    ("state", "title", "now"),
    [
        ("submitted", "Verstuurd", "Opgepakt"),
        ("searching", "Zoekt plek", "Aanbieders gevraagd"),
        ("waiting", "wachtlijst", "Aanbieders gevraagd"),
        ("on_hold", "Stilgezet", ""),
        ("assigned", "Er is een plek: De Linde ELV", "Zorg gestart"),
        ("started", "Opgenomen: De Linde ELV", "Zorg gestart"),
        ("closed", "De zorg is afgerond", "Zorg gestart"),
        ("cancelled", "Ingetrokken", "Ingetrokken"),
    ],
)
def test_how_it_stands_is_one_heading(
    state: str, title: str, now: str, cast: Cast, at: Any
) -> None:
    made = paths.request_at(cast, state)
    page = at.huisarts.get(follow(made))
    assert title in page.context["standing"]["title"] or title in text_of(page)
    current = [str(s["label"]) for s in page.context["steps"] if s["state"] == "now"]
    assert not now or current == [now]


def test_who_searches_and_until_when_is_told(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    cast.coordinator.does(services.take, made.pk)
    assert (
        cast.coordinator.user.full_name in at.huisarts.get(follow(made)).context["standing"]["text"]
    )
    paths.an_offer(cast, made)
    assert "1 aanbieder is gevraagd" in at.huisarts.get(follow(made)).context["standing"]["text"]


def test_every_step_has_who_and_when(cast: Cast, at: Any) -> None:
    made = paths.request_at(cast, RequestState.STARTED)
    lines = at.huisarts.get(follow(made)).context["timeline"]
    for person in (cast.huisarts, cast.coordinator, cast.planner):
        assert any(person.user.full_name in line.who for line in lines)
    assert all(line.at and line.who for line in lines)


def test_the_live_part_comes_by_itself(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    part = at.huisarts.get(follow(made), deel="volg")
    assert "<html" not in part.content.decode() and f"zc:id:{made.pk}" in part.content.decode()
    part = at.huisarts.get(MINE, deel="mijn")
    assert "<html" not in part.content.decode() and follow(made) in part.content.decode()


def test_the_menu_tells_how_many_are_open_and_looks_at_nobody_for_that(cast: Cast, at: Any) -> None:
    count = f"{MINE}?deel=aantal"
    assert f'hx-get="{count}" hx-trigger="load, ' in at.huisarts.get(MINE).content.decode()
    assert text_of(at.huisarts.get(count)).strip() == ""
    paths.request_at(cast, RequestState.CLOSED)
    paths.a_request(cast)
    looked = AccessRecord.objects.count()
    part = at.huisarts.get(count)
    assert text_of(part).split() == ["1", "open"] and "load, " not in part.content.decode()
    assert AccessRecord.objects.count() == looked


@pytest.mark.parametrize("who", ["stranger", "coordinator", "nurse", "triagist"])
def test_only_who_asked_follows(who: str, cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    browser = getattr(at, who)
    assert browser.get(follow(made)).status_code == 404
    assert browser.post(f"{follow(made)}intrekken/", reason="died").status_code == 404
    made.refresh_from_db()
    assert made.state == RequestState.SUBMITTED


def test_what_is_no_longer_needed_is_withdrawn_with_a_reason(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    at.huisarts.post(f"{follow(made)}intrekken/", reason="geen zin")
    made.refresh_from_db()
    assert made.state == RequestState.SUBMITTED
    page = at.huisarts.post(f"{follow(made)}intrekken/", reason="hospital")
    made.refresh_from_db()
    assert (made.state, made.end_reason) == (RequestState.CANCELLED, "hospital")
    assert "naar het ziekenhuis" in text_of(page)
    page = at.huisarts.post(f"{follow(made)}intrekken/", reason="hospital")
    assert "intussen veranderd" in text_of(page)


def test_after_its_part_ended_the_name_is_gone(cast: Cast, at: Any) -> None:
    """The zorgcentrale owns the case; once the request has ended the huisarts has no part in it."""
    who = {"name": "Q. Kanariesma", "own_huisarts": None}
    case = paths.a_case(cast, **who)
    with cast.coordinator.looks():
        known = case.patient.bsn
    cast.huisarts.does(
        triage.register,
        patient=triage.PatientIn(bsn=known),
        contact=ContactIn(),
        desk=cast.huisarts.desk,
    )
    made = cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast))
    assert "Kanariesma" in text_of(at.huisarts.get(MINE))
    Case.objects.get(pk=case.pk).involvements.filter(organisation=cast.huisarts.house.pk).update(
        until=timezone.now() + timedelta(seconds=1)
    )
    for path in (MINE, follow(made)):
        page = at.huisarts.get(path)
        assert page.status_code == 200 and "Kanariesma" not in page.content.decode()
        assert case.reference in text_of(page)


def test_a_handover_to_the_practice_waits_on_the_page(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    cast.coordinator.does(handovers.hand_over, case.pk, to_desk=cast.huisarts.desk, sbar=paths.SBAR)
    page = at.huisarts.get(MINE)
    assert paths.SBAR.situation in text_of(page)
    (shown,) = page.context["handovers"]
    part = at.huisarts.get(MINE, deel="overdrachten")
    assert "<html" not in part.content.decode() and paths.SBAR.situation in text_of(part)
    page = at.huisarts.post(shown["acts"]["accept"], read_back="Ik ga vanochtend langs.")
    assert Case.objects.get(pk=case.pk).owner_id == cast.huisarts.desk.pk
    assert of_case(case) in page.content.decode(), "from the case it is one step to the request"


def test_how_many_were_asked_and_what_they_said_stands_with_the_step(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)

    def asked() -> str:
        steps = at.huisarts.get(follow(offer.request)).context["steps"]
        return next(str(s["more"]) for s in steps if s["label"] == "Aanbieders gevraagd")

    assert asked() == "1 aanbieder, 1 moet nog antwoorden"
    cast.planner.does(services.accept, offer.pk)
    assert asked() == "1 aanbieder"
    page = at.huisarts.get(follow(offer.request))
    now = [str(s["label"]) for s in page.context["steps"] if s["state"] == "now"]
    assert now == ["Plek gevonden"] and "Plek toegezegd" in text_of(page)


def test_messages_stand_above_until_they_were_seen(cast: Cast, at: Any) -> None:
    LogReader.objects.update_or_create(pk=following.READER, defaults={"cursor": head()})
    made = paths.offer_at(cast, "assigned").request
    assert 'id="berichten"' in at.huisarts.get(MINE).content.decode()
    following.follow()
    part = at.huisarts.get(MINE, deel="berichten")
    assert "<html" not in part.content.decode() and "zc:notice" in part.content.decode()
    assert "Nieuw Er is een plek" in text_of(part) and follow(made) in part.content.decode()
    assert cast.ward.name not in text_of(part)
    page = at.huisarts.post(part.context["seen_url"])
    told = text_of(page)
    assert "Er is een plek" in told and "Nieuw Er is een plek" not in told
    assert not page.context["seen_url"]
    assert "Er is een plek" not in text_of(at.stranger.get(MINE))


def test_no_requests_yet_says_so(at: Any) -> None:
    assert "nog geen aanvragen" in text_of(at.huisarts.get(MINE))


@pytest.mark.parametrize("which", ["list", "one"])
def test_it_takes_as_many_queries_for_much_as_for_little(which: str, cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    path = MINE if which == "list" else follow(made)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            at.huisarts.get(path)
        return len(found)

    paths.an_offer(cast, made)
    at.huisarts.get(path)
    few = queries()
    for n in range(3):
        paths.a_request(cast)
        cast.huisarts.does(handovers.note, made.case_id, text=f"Regel {n}")
    assert queries() == few
