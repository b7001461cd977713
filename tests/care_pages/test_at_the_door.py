"""What every page does with who comes, what is sent, and what is written down of it."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.db import DataError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from coordination import services
from coordination.pages import desk
from lzc.models import AccessRecord, Action, Membership
from lzc.web.pages import SESSION_KEY
from tests import paths
from tests.cast import Cast, Person
from tests.coordination_pages.conftest import text_of
from triage import services as triage


def refusals_of(person: Person) -> list[AccessRecord]:
    return list(AccessRecord.objects.filter(user=person.user.pk, action=Action.REFUSED))


# Who comes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_whose_work_it_is_not_is_written_down(method: str, cast: Cast, at: Any) -> None:
    assert getattr(at.planner, method)("/casus/nieuw/").status_code == 404
    (refusal,) = refusals_of(cast.planner)
    assert (refusal.door, refusal.detail) == (f"{method.upper()} intake", "not_found")


def test_a_refused_button_is_written_down_with_what_it_was_about(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    assert at.other_planner.post(f"/aanbod/{offer.pk}/accept/").status_code == 404
    (refusal,) = refusals_of(cast.other_planner)
    assert refusal.subject == f"offer:{offer.pk}"


def test_and_so_is_a_look_at_a_case_of_somebody_else(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, cast.huisarts)
    at.stranger.get(f"/casus/{case.reference}/")
    at.stranger.post(f"/casus/{case.reference}/notitie/", text="x")
    assert {r.subject for r in refusals_of(cast.stranger)} == {f"reference:{case.reference}"}


# How they come ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/aanbod/", "/taken/", "/capaciteit/"])
def test_a_page_can_be_asked_for_its_head_only(path: str, cast: Cast, at: Any) -> None:
    answer = at.planner.client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_head_of_a_page_with_patients_is_written_down_as_the_page_is(
    cast: Cast, at: Any
) -> None:
    case = paths.a_case(cast, cast.huisarts)
    assert at.huisarts.client.head(f"/aanvraag/?casus={case.reference}").status_code == 200
    looked = AccessRecord.objects.filter(user=cast.huisarts.user.pk, action=Action.READ)
    assert looked.filter(patients=[case.patient_id], door="HEAD request_new").exists()


@pytest.mark.parametrize("method", ["options", "put", "patch", "delete"])
def test_in_no_other_way(method: str, cast: Cast, at: Any) -> None:
    answer = getattr(at.huisarts.client, method)("/aanvraag/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"


def test_too_much_at_once_and_a_foreign_host_are_named(cast: Cast, at: Any) -> None:
    client = at.coordinator.client
    long = client.post("/rol/", {"next": "x" * 300_000})
    many = client.get("/werklijst/?" + "&".join(f"a{n}=1" for n in range(1100)))
    foreign = client.get("/werklijst/", headers={"host": "elders.example"})
    assert {page.status_code for page in (long, many, foreign)} == {400}
    assert "Dit is te groot" in text_of(long)
    assert "te veel velden" in text_of(many) and "adres" in text_of(foreign)


@pytest.mark.parametrize(
    ("method", "path"), [("get", "/uitloggen/"), ("get", "/weergave/"), ("post", "/werklijst/")]
)
def test_what_cannot_be_opened_so_says_what_to_do(
    method: str, path: str, cast: Cast, at: Any
) -> None:
    page = getattr(at.coordinator, method)(path)
    assert page.status_code == 405 and page["Allow"]
    assert "Er is niets veranderd" in text_of(page) and "startpagina" in text_of(page)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("coordinator", "/dienst/"),
        ("huisarts", "/aanvragen/"),
        ("huisarts", "/aanvragen/{request}/"),
        ("planner", "/aanbod/"),
        ("planner", "/taken/"),
        ("nurse", "/taken/{offer}/"),
        ("planner", "/mijn-cijfers/"),
        ("planner", "/capaciteit/"),
    ],
)
def test_a_page_that_only_shows_takes_no_button(who: str, path: str, cast: Cast, at: Any) -> None:
    """With somebody on it: what is shown is read in an act, and a button has one of its own."""
    offer = paths.offer_at(cast, "assigned")
    cast.colleague.does(services.take_over, offer.request_id)
    path = path.format(offer=offer.pk, request=offer.request_id)
    page = getattr(at, who).post(path)
    assert (page.status_code, page["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["", "notitie/"])
def test_a_page_of_a_case_answers_head_as_get(path: str, cast: Cast, at: Any) -> None:
    case = paths.a_request(cast).case
    answer = at.coordinator.client.head(f"/casus/{case.reference}/{path}")
    assert answer.status_code == 200 and not answer.content


@pytest.mark.parametrize("name", ["worklist", "capacity_overview", "shift", "sound_clocks", "keys"])
def test_a_page_answers_head_as_get(name: str, cast: Cast, at: Any) -> None:
    assert at.coordinator.client.head(reverse(name)).status_code == 200


# What they send --------------------------------------------------------------------------------


def test_a_case_is_not_looked_for_under_a_name_that_nobody_can_say(cast: Cast, at: Any) -> None:
    assert at.huisarts.client.get("/aanvraag/?casus=%00").status_code == 404


@pytest.mark.parametrize("key", ["\x00", "sleutel\x00", "\x1b", "é"])
def test_a_key_that_is_not_of_our_making_does_nothing(key: str, cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    answer = at.planner.post(f"/aanbod/{offer.pk}/accept/", key=key)
    assert "Laad de pagina opnieuw" in text_of(answer)
    offer.refresh_from_db()
    assert offer.state == "sent"


def test_what_cannot_be_stored_is_said_so(
    cast: Cast, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*_: Any) -> HttpResponse:
        raise DataError("value too long for type character varying(24)")

    monkeypatch.setattr(desk, "work_list", odd)
    answer = at.coordinator.get("/werklijst/")
    assert answer.status_code == 400
    assert "character varying" not in answer.content.decode()


def test_a_mistake_of_ours_names_its_lines_in_the_log_and_stays_dark_at_night(
    cast: Cast, at: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> HttpResponse:
        raise ZeroDivisionError

    monkeypatch.setattr(desk, "work_list", broken)
    browser: Client = at.coordinator.client
    browser.raise_request_exception, browser.cookies["lzc_theme"] = False, "nacht"
    answer = browser.get("/werklijst/")
    assert answer.status_code == 500 and 'data-thema="nacht"' in answer.content.decode()
    said = re.search(r"Code voor de helpdesk: 500 · ([0-9a-f]{8})\b", text_of(answer))
    assert said and f"'request_id': '{said[1]}" in caplog.text


# Back again ------------------------------------------------------------------------------------


def closed_case(cast: Cast) -> str:
    made = paths.a_request(cast)
    cast.huisarts.does(services.cancel, made.pk, reason="changed")
    cast.huisarts.does(triage.close, made.case_id, reason="care_started")
    return str(made.case.reference)


def refused(at: Any, cast: Cast, came_from: str) -> HttpResponse:
    path = f"/aanvraag/?casus={closed_case(cast)}"
    answer: HttpResponse = at.huisarts.client.get(path, headers={"referer": came_from})
    assert answer.status_code == 409
    return answer


def test_who_followed_a_link_to_what_is_over_can_go_back(cast: Cast, at: Any) -> None:
    answer = refused(at, cast, "http://testserver/aanvragen/")
    assert 'href="http://testserver/aanvragen/"' in answer.content.decode()


def test_who_followed_a_link_to_what_is_not_theirs_can_go_back(at: Any) -> None:
    came_from = "http://testserver/capaciteit/"
    answer = at.planner.client.get("/casus/nieuw/", headers={"referer": came_from})
    assert answer.status_code == 404
    assert f'class="knop knop-hoofd" href="{came_from}"' in answer.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.nl/", "javascript:alert(1)", ""])
def test_but_not_to_a_page_of_somebody_else(elsewhere: str, cast: Cast, at: Any) -> None:
    page = refused(at, cast, elsewhere)
    assert "Terug naar de pagina" not in text_of(page)


# Choosing a role -------------------------------------------------------------------------------


def test_choosing_a_role_does_not_make_a_session_longer(cast: Cast, at: Any) -> None:
    browser: Client = at.planner.client
    session = browser.session
    session.set_expiry(300)
    session["_session_expiry"] = 300
    session.save()
    browser.post("/rol/", {"membership": str(cast.planner.actor.pk)})
    assert browser.session.get_expiry_age() <= 300


# A form that is shown once more ----------------------------------------------------------------


def test_a_refused_form_is_told_from_one_that_was_done(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    assert at.planner.post(f"/aanbod/{offer.pk}/ask/", question="").status_code == 422
    assert at.huisarts.post("/aanvraag/", need="").status_code == 422
    cast.planner.does(services.accept, offer.pk)
    cast.coordinator.does(services.assign, offer.pk, sbar=paths.LETTER)
    assert at.planner.post(f"/aanbod/{offer.pk}/read_back/", text="").status_code == 422


# Roles -----------------------------------------------------------------------------------------


def test_where_somebody_wanted_to_go_outlives_the_choice_of_a_role(cast: Cast, at: Any) -> None:
    session = at.coordinator.client.session
    del session[SESSION_KEY]
    session.save()
    wanted = "/werklijst/?filter=a&soort=b"
    chosen = at.coordinator.client.get(wanted)
    role = {"membership": str(cast.coordinator.actor.pk)}
    back = at.coordinator.client.get(chosen.url).context["next"]
    assert at.coordinator.client.post("/rol/", role | {"next": back}).url == wanted


def test_with_two_roles_the_address_survives_the_log_in_whole(cast: Cast) -> None:
    user = cast.coordinator.user
    Membership.objects.create(
        user=user, organisation=cast.planner.house.row, role=cast.planner.actor.role
    )
    user.set_password("rustig-typen-bij-nacht")
    user.save(update_fields=["password"])
    sent = {"username": user.username, "password": "rustig-typen-bij-nacht"}
    client = Client()
    answer = client.post("/inloggen/", sent | {"next": "/werklijst/?filter=a&soort=b"})
    assert client.get(answer.url).context["next"] == "/werklijst/?filter=a&soort=b"


def test_another_role_is_offered_to_who_has_one(cast: Cast, at: Any) -> None:
    assert "In een andere rol" not in text_of(at.coordinator.get("/werklijst/"))
    Membership.objects.create(
        user=cast.coordinator.user,
        organisation=cast.planner.house.row,
        role=cast.planner.actor.role,
    )
    assert "In een andere rol" in text_of(at.coordinator.get("/werklijst/"))


# Logging in ------------------------------------------------------------------------------------


def test_a_wrong_password_is_said_and_too_many_of_them_too(cast: Cast) -> None:
    client, sent = Client(), {"username": cast.coordinator.user.username, "password": "niet dit"}
    once = client.post("/inloggen/", sent)
    assert "horen niet bij elkaar" in text_of(once)
    for _n in range(settings.AXES_FAILURE_LIMIT):
        last = client.post("/inloggen/", sent)
    assert last.status_code == 429
    assert "Wacht 15 minuten" in text_of(last)
