"""What somebody typed is not lost: the session ended, another log-in, another role, or too late."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from coordination import handovers, services
from coordination.models import Note
from lzc.models import Membership
from lzc.rights import Role
from lzc.web.kept import END, KEPT, TAKEN, TOLD
from lzc.web.pages import SESSION_KEY
from tests import paths
from tests.care_pages.test_visit import a_visit, task
from tests.cast import Cast, Person
from tests.coordination_pages.conftest import Browser, text_of
from tests.coordination_pages.test_acts_on_a_case import looked, of_request
from tests.coordination_pages.test_opened_case import address
from triage.models import Case

PASSWORD = "rustig-typen-bij-nacht"
TEXT = "Dochter belt om vijf uur terug, sleutel bij de buren."


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """People who can log in by hand."""
    password = make_password(PASSWORD)
    for person in cast.people():
        person.user.password = password
        person.user.save(update_fields=["password"])
    return cast


@pytest.fixture
def case(cast: Cast) -> Case:
    return paths.a_case(cast)


def form_of(browser: Browser, path: str, **typed: str) -> dict[str, str]:
    """What a browser sends for the page as it was opened: its hidden fields, and what is typed."""
    source = browser.get(path).content.decode()
    source = source[source.index('<form class="form"') :]
    hidden = re.findall(r'<input type="hidden" name="(key|as)" value="([^"]*)"', source)
    return dict(hidden) | typed


def hidden_in(page: Any, form: str) -> dict[str, str]:
    """The hidden fields of the form with this in its tag."""
    source = page.content.decode()
    found = re.search(rf"<form[^>]*{form}.*?</form>", source, re.S)
    assert found
    return dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', found[0]))


def logs_in(browser: Browser, person: Person, page: Any) -> Any:
    sent = hidden_in(page, 'id="login"')
    sent |= {"username": person.user.username, "password": PASSWORD}
    return browser.client.post("/inloggen/", sent, follow=True)


def a_second_job(person: Person, cast: Cast) -> Membership:
    house = cast.planner.house.row
    return Membership.objects.create(user=person.user, organisation=house, role=Role.PLANNER)


# The session ended -------------------------------------------------------------------------------


def test_the_head_of_what_is_kept_throws_nothing_away(case: Case, cast: Cast, at: Any) -> None:
    path = address(case, "notitie")
    form = form_of(at.coordinator, path, text=TEXT)
    at.coordinator.client.logout()
    logs_in(at.coordinator, cast.coordinator, at.coordinator.client.post(path, form))
    assert at.coordinator.client.head("/bewaard/").status_code == 200
    assert TEXT in text_of(at.coordinator.get("/bewaard/"))


def test_after_logging_in_again_it_is_sent_yet(case: Case, cast: Cast, at: Any) -> None:
    path = address(case, "notitie")
    form = form_of(at.coordinator, path, text=TEXT)
    at.coordinator.client.logout()
    page = at.coordinator.client.post(path, form)
    assert page.status_code == 401 and "uw tekst is bewaard" in text_of(page)
    assert TEXT not in page.content.decode(), "whoever finds this screen reads nothing"
    shown = logs_in(at.coordinator, cast.coordinator, page)
    assert shown.request["PATH_INFO"] == "/bewaard/" and TEXT in text_of(shown)
    assert looked(cast, Note, case=case) == []

    again = hidden_in(shown, f'action="{path}"')
    done = at.coordinator.client.post(path, again, follow=True)
    assert done.status_code == 200
    assert [note.text for note in looked(cast, Note, case=case)] == [TEXT]
    assert at.coordinator.client.get("/bewaard/").status_code == 302


def test_a_wrong_password_does_not_lose_it(case: Case, cast: Cast, at: Any) -> None:
    path = address(case, "notitie")
    form = form_of(at.coordinator, path, text=TEXT)
    at.coordinator.client.logout()
    page = at.coordinator.client.post(path, form)
    wrong = hidden_in(page, 'id="login"') | {"username": "iemand", "password": "niets"}
    page = at.coordinator.client.post("/inloggen/", wrong)
    assert TEXT in text_of(logs_in(at.coordinator, cast.coordinator, page))


def test_somebody_else_who_logs_in_there_reads_nothing(case: Case, cast: Cast, at: Any) -> None:
    path = address(case, "notitie")
    form = form_of(at.coordinator, path, text=TEXT)
    at.coordinator.client.logout()
    page = at.coordinator.client.post(path, form)
    shown = logs_in(at.coordinator, cast.colleague, page)
    assert TEXT not in shown.content.decode()
    kept = at.coordinator.client.get("/bewaard/", follow=True)
    assert TEXT not in kept.content.decode()


def test_what_was_sealed_is_not_made_up(case: Case, cast: Cast, at: Any) -> None:
    page = at.coordinator.client.get("/inloggen/")
    sent = {"username": cast.coordinator.user.username, "password": PASSWORD, "kept": "gAAAA"}
    assert page.status_code == 200
    shown = at.coordinator.client.post("/inloggen/", sent, follow=True)
    assert shown.request["PATH_INFO"] == "/werklijst/"


def test_it_can_be_thrown_away(case: Case, cast: Cast, at: Any) -> None:
    path = address(case, "notitie")
    form = form_of(at.coordinator, path, text=TEXT)
    at.coordinator.client.logout()
    logs_in(at.coordinator, cast.coordinator, at.coordinator.client.post(path, form))
    assert "niet verstuurd" in text_of(at.coordinator.client.post("/bewaard/", follow=True))
    assert at.coordinator.client.get("/bewaard/").status_code == 302


def goes(browser: Browser, path: str, form: dict[str, str]) -> Any:
    """What `over.js` is told, which hands in what is half typed when its session is over."""
    told = browser.client.post(path, form, headers={"Accept": TOLD})
    assert told["Content-Type"] == TOLD and TEXT not in told.content.decode()
    return told.json()


def logged_in_with(browser: Browser, person: Person, tokens: list[str]) -> Any:
    """As `kept.js` hands in what waits in its tab."""
    sent = hidden_in(browser.client.get("/inloggen/"), 'id="login"')
    sent |= {"kept": " ".join(tokens), "username": person.user.username, "password": PASSWORD}
    return browser.client.post("/inloggen/", sent, follow=True)


def test_nobody_logs_in_before_what_their_tab_kept_was_put_in_the_form() -> None:
    """On a slow line a script that waits for the whole page comes after a quick hand."""
    page = Client().get("/inloggen/").content.decode()
    form = page[page.index('id="login"') :]
    script = re.search(r"<script[^>]*kept[^>]*>", form)
    assert script and not re.search(r"\b(defer|async|type)\b", script[0])
    assert script.start() < form.index("<button")


def test_a_page_that_goes_by_itself_takes_along_what_was_kept(
    case: Case, cast: Cast, at: Any
) -> None:
    """Of two pages both: no text takes the place of another."""
    path, other = address(case, "notitie"), "Buren hebben de sleutel niet meer."
    forms = [form_of(at.coordinator, path, text=text) for text in (TEXT, other)]
    at.coordinator.client.logout()
    told = [goes(at.coordinator, path, form) for form in forms]
    assert [one["to"] for one in told] == ["", ""]
    tokens = [one["kept"] for one in told]
    shown = text_of(logged_in_with(at.coordinator, cast.coordinator, tokens))
    assert TEXT in shown and other in shown


@pytest.mark.parametrize("way", ["sent", "thrown away"])
def test_of_what_is_gone_the_session_remembers_nothing(
    way: str, case: Case, cast: Cast, at: Any
) -> None:
    """Until then it names all that it took, also of a log-in before."""
    path, client = address(case, "notitie"), at.coordinator.client
    forms = [form_of(at.coordinator, path, text=text) for text in (TEXT, TEXT[::-1])]
    client.logout()
    told = [goes(at.coordinator, path, form)["kept"] for form in forms]
    for one in told:
        shown = logged_in_with(at.coordinator, cast.coordinator, [one])
    assert client.session[TAKEN] == [one[-END:] for one in told]
    where = path if way == "sent" else "/bewaard/"
    client.post(where, hidden_in(shown, f'action="{where}"'))
    assert not {KEPT, TAKEN} & {*client.session.keys()}


def test_what_is_too_long_to_be_sealed_is_not_said_to_be_kept(
    case: Case, cast: Cast, at: Any
) -> None:
    """The page hears so, and goes on showing it."""
    form = form_of(at.coordinator, address(case, "notitie"), text=TEXT * 2_500)
    at.coordinator.client.logout()
    said = at.coordinator.client.post(address(case, "notitie"), form, headers={"Accept": TOLD})
    assert said.status_code == 413 and TOLD not in said.get("Content-Type", "")


def test_what_finds_no_room_beside_what_waits_stays_in_its_tab(
    case: Case, cast: Cast, at: Any
) -> None:
    path, other = address(case, "notitie"), "Buren hebben de sleutel niet meer."
    forms = [form_of(at.coordinator, path, text=text) for text in (other * 2_000, TEXT * 1_000)]
    at.coordinator.client.logout()
    told = [goes(at.coordinator, path, form)["kept"] for form in forms]
    shown = logged_in_with(at.coordinator, cast.coordinator, told)
    assert other in text_of(shown) and TEXT not in text_of(shown)
    assert f'data-taken="{told[0][-END:]}"' in shown.content.decode()


def test_what_was_begun_in_another_role_does_not_go_along(case: Case, cast: Cast, at: Any) -> None:
    """Both are shown, to be copied; where one is sent nothing of the other is."""
    path, other = address(case, "notitie"), "Buren hebben de sleutel niet meer."
    form = form_of(at.coordinator, path, text=TEXT)
    second = a_second_job(cast.coordinator, cast)
    forms = [form | {"key": uuid4().hex, "as": str(second.pk), "text": other}, form]
    at.coordinator.client.logout()
    told = [goes(at.coordinator, path, form)["kept"] for form in forms]
    logged_in_with(at.coordinator, cast.coordinator, told)
    at.coordinator.client.post("/rol/", {"membership": str(cast.coordinator.actor.pk)})
    shown = at.coordinator.get("/bewaard/")
    assert TEXT in text_of(shown) and other in text_of(shown)
    assert f'data-taken="{" ".join(one[-END:] for one in told)}"' in shown.content.decode()
    sends = hidden_in(shown, f'action="{path}"')
    assert TEXT in sends.values() and other not in sends.values()


def test_a_page_asks_in_which_role_it_is_without_naming_a_patient(cast: Cast, at: Any) -> None:
    asks = {"Accept": TOLD}
    said = at.coordinator.client.get("/rol/", headers=asks)
    assert said.json() == {"as": str(cast.coordinator.actor.pk)}
    at.coordinator.client.logout()
    assert at.coordinator.client.get("/rol/", headers=asks).status_code == 302


def test_a_page_of_another_role_is_told_where_it_was_kept(case: Case, cast: Cast, at: Any) -> None:
    path = address(case, "notitie")
    form = form_of(at.coordinator, path, text=TEXT)
    session = at.coordinator.client.session
    session[SESSION_KEY] = str(a_second_job(cast.coordinator, cast).pk)
    session.save()
    assert goes(at.coordinator, path, form) == {"kept": "", "to": "/bewaard/"}
    assert TEXT in text_of(at.coordinator.get("/bewaard/"))
    del session[SESSION_KEY]
    session.save()
    assert goes(at.coordinator, path, form)["to"] == "/rol/?next=%2Fbewaard%2F"


def test_another_button_does_not_throw_away_what_waits(case: Case, cast: Cast, at: Any) -> None:
    path = address(case, "notitie")
    form = form_of(at.coordinator, path, text=TEXT)
    at.coordinator.client.logout()
    logs_in(at.coordinator, cast.coordinator, at.coordinator.client.post(path, form))
    at.coordinator.post(path, text="Een andere notitie.")
    assert TEXT in text_of(at.coordinator.get("/bewaard/"))


# Logged in anew in another tab -------------------------------------------------------------------


def strict(person: Person) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person.user, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SESSION_KEY] = str(person.actor.pk)
    session.save()
    return client


@pytest.mark.parametrize(("origin", "kept"), [("http://testserver", True), ("http://x.nl", False)])
def test_an_old_token_shows_what_was_typed_only_to_a_page_of_ours(
    origin: str, kept: bool, case: Case, cast: Cast
) -> None:
    sent = {"key": uuid4().hex, "as": str(cast.coordinator.actor.pk), "text": TEXT}
    client = strict(cast.coordinator)
    page = client.post(address(case, "notitie"), sent, headers={"Origin": origin})
    assert page.status_code == 403 and "CSRF" not in text_of(page)
    assert (TEXT in text_of(page)) == kept
    assert kept or "Deze pagina is te oud" in text_of(page)
    assert looked(cast, Note, case=case) == []


def test_an_old_token_of_somebody_else_shows_nothing(case: Case, cast: Cast) -> None:
    sent = {"key": uuid4().hex, "as": str(cast.coordinator.actor.pk), "text": TEXT}
    headers = {"Origin": "http://testserver"}
    page = strict(cast.colleague).post(address(case, "notitie"), sent, headers=headers)
    assert page.status_code == 403 and TEXT not in page.content.decode()


# Another role ------------------------------------------------------------------------------------


def test_what_was_begun_in_one_role_is_not_sent_in_another(case: Case, cast: Cast, at: Any) -> None:
    path = address(case, "notitie")
    form = form_of(at.coordinator, path, text=TEXT)
    other = a_second_job(cast.coordinator, cast)
    at.coordinator.client.post("/rol/", {"membership": str(other.pk)})
    page = at.coordinator.client.post(path, form)
    assert page.status_code == 409 and TEXT in text_of(page)
    assert "U werkt nu als planner bij Verpleeghuis De Linde" in text_of(page)
    assert looked(cast, Note, case=case) == []

    back = hidden_in(page, 'action="/rol/"') | {"membership": str(cast.coordinator.actor.pk)}
    shown = at.coordinator.client.post("/rol/", back, follow=True)
    at.coordinator.client.post(path, hidden_in(shown, f'action="{path}"'))
    (note,) = looked(cast, Note, case=case)
    assert note.actor == cast.coordinator.actor.pk


def test_a_button_of_another_role_is_not_pressed(cast: Cast, at: Any) -> None:
    """A tap at one house is not an answer of another."""
    made = paths.request_at(cast, "submitted")
    page = at.coordinator.post(of_request(made, "oppakken"), **{"as": str(uuid4())})
    assert page.status_code == 409 and "Laad de pagina opnieuw" in text_of(page)
    made.refresh_from_db()
    assert made.state == "submitted"


# Too late ----------------------------------------------------------------------------------------


def test_findings_of_a_visit_that_was_closed_meanwhile_are_shown(cast: Cast, at: Any) -> None:
    offer = a_visit(cast, until="started")
    found = "Heup pijnlijk, loopt weer met rollator."
    cast.nurse.does(services.complete, offer.pk)
    page = at.nurse.post(task(offer, "report"), findings=found)
    assert page.status_code == 404 and found in text_of(page)
    assert "seh_avoided" not in text_of(
        at.nurse.post(task(offer, "report"), findings=found, outcomes=["seh_avoided"])
    )


def test_a_read_back_after_a_withdrawal_is_shown(cast: Cast, at: Any) -> None:
    offer = a_visit(cast)
    cast.coordinator.does(services.cancel, offer.request_id, reason="died")
    page = at.nurse.post(task(offer, "read_back"), read_back="Ligt naast bed, ik ga erheen.")
    assert "Ligt naast bed, ik ga erheen." in text_of(page)


def test_a_question_after_a_withdrawal_is_shown(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    cast.coordinator.does(services.withdraw, offer.pk)
    page = at.planner.post(f"/aanbod/{offer.pk}/ask/", question="Kan zij zelf traplopen?")
    assert page.status_code == 422 and "Kan zij zelf traplopen?" in text_of(page)


def test_a_note_after_the_case_went_to_another_desk_is_shown(cast: Cast, at: Any) -> None:
    handed = paths.handover_at(cast, "offered")
    cast.nurse.does(handovers.accept, handed.handover.pk, read_back="Begrepen.")
    page = at.coordinator.post(address(handed.case, "notitie"), text=TEXT)
    if page.status_code == 404:
        assert TEXT in text_of(page)
    else:
        assert [note.text for note in looked(cast, Note, case=handed.case)] == [TEXT]
