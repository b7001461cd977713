"""What no page of ours sends: it is refused with a sentence, changes nothing and breaks nothing."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from coordination.models import CareRequest, Note
from lzc.live.visitors import own_page
from lzc.web import kept
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of

LOG_IN = "/inloggen/"
NO_ADDRESS = "http://["
HIDDEN = "\u00ad\u200b\x07"
TURNED = "Geen \u202eeniclusni\u202c allergie."


@pytest.fixture
def stranger(db: None) -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("header", ["Origin", "Referer"])
def test_a_page_whose_address_is_none_is_not_ours(stranger: Client, header: str) -> None:
    answer = stranger.post(LOG_IN, {"a": "b"}, headers={header: NO_ADDRESS})
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert not own_page({"origin": NO_ADDRESS, "cookie": "session=x"})


@pytest.mark.parametrize(
    ("path", "status"),
    [(LOG_IN, 200), ("/werklijst/", 302), ("/wand/", 200), ("/api/v1/cases", 401)],
)
@pytest.mark.parametrize("session", ["a" * 31 + "\x00", "a" * 4000, "' OR 1=1 --"])
def test_a_session_that_cannot_be_one_is_nobody(
    stranger: Client, path: str, status: int, session: str
) -> None:
    stranger.cookies["session"] = session
    assert stranger.get(path).status_code == status


@pytest.mark.parametrize("name", ["a" * 151, "a" * 5000])
def test_a_name_longer_than_any_does_not_log_in(db: None, name: str) -> None:
    answer = Client().post(LOG_IN, {"username": name, "password": "x"})
    assert "horen niet bij elkaar" in text_of(answer)


def test_a_form_in_another_alphabet_of_bytes_is_a_sentence(stranger: Client) -> None:
    odd = "application/x-www-form-urlencoded; charset=utf-16"
    stranger.get(LOG_IN)
    answer = stranger.generic("POST", LOG_IN, b"a=b", content_type=odd)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "Dit verzoek klopt niet" in text_of(answer)


def test_a_form_that_was_begun_by_a_word_is_nobodys(cast: Cast, at: Any) -> None:
    answer = at.coordinator.post("/casus/nieuw/", **{"as": "foo_bar", "text": "Een verhaal."})
    assert answer.status_code == HTTPStatus.CONFLICT
    before = RequestFactory().post("/casus/nieuw/", {"as": "foo_bar", "text": "Een verhaal."})
    token = kept.sealed(before)
    assert token
    client = Client()
    sent = {"username": cast.coordinator.user.username, "password": "x", "kept": token}
    client.force_login(cast.coordinator.user, "django.contrib.auth.backends.ModelBackend")
    assert client.post(LOG_IN, sent).status_code < HTTPStatus.INTERNAL_SERVER_ERROR


@pytest.mark.parametrize("before", ["9" * 5000, "[" * 5000 + "]" * 5000, "{", "\x00"])
def test_what_was_asked_before_is_ours_to_say(cast: Cast, at: Any, before: str) -> None:
    made = paths.a_request(cast)
    form = f"/casus/{made.case.reference}/vraag/{made.pk}/aanpassen/"
    needed_by = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    answer = at.coordinator.post(form, needed_by=needed_by, travel_limit="30", before=before)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert CareRequest.objects.get(pk=made.pk).travel_limit is None


def test_text_that_reads_otherwise_than_it_is_stored_is_not_taken(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    answer = at.coordinator.post(f"/casus/{case.reference}/notitie/", text=TURNED)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "draaien of verbergen" in text_of(answer)
    with cast.coordinator.looks():
        assert not Note.objects.filter(case=case).exists()


def test_what_cannot_be_seen_is_not_kept(cast: Cast, at: Any) -> None:
    case = paths.a_case(cast)
    at.coordinator.post(f"/casus/{case.reference}/notitie/", text=f"Zoon{HIDDEN} belt terug.")
    with cast.coordinator.looks():
        assert Note.objects.get(case=case).text == "Zoon belt terug."
