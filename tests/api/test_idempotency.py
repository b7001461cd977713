"""The same question twice does nothing twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from tests import cast as casting
from tests import database
from tests.api.programs import browser_of, everything, intake, refused, system_of, told
from tests.cast import Cast
from tests.paths import an_offer
from triage.models import Case

KEY = {"idempotency_key": "112-2026-0418"}


def test_the_same_question_gets_the_same_bytes(cast: Cast) -> None:
    system, body = system_of(cast.centralist), intake(cast.patient())
    first = system.post("cases", body, **KEY)
    assert first.status_code == 201 and "Idempotent-Replayed" not in first
    before = everything()
    again = system.post("cases", body, **KEY)
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotent-Replayed"] == "true"
    assert again["Content-Type"] == first["Content-Type"]
    assert everything() == before


def test_another_question_with_the_same_key_is_refused(cast: Cast) -> None:
    system, body = system_of(cast.centralist), intake(cast.patient())
    case = told(system.post("cases", body, **KEY), 201)["id"]
    before = everything()
    other = intake(cast.patient())
    refused(system.post("cases", other, **KEY), 422, "key_reused", "Idempotency-Key")
    elsewhere = system.post(f"cases/{case}/notes", {"text": "x"}, **KEY)
    refused(elsewhere, 422, "key_reused", "Idempotency-Key")
    assert everything() == before


def test_a_key_belongs_to_who_used_it(cast: Cast) -> None:
    body = intake(cast.patient(), triage=None)
    first = told(system_of(cast.centralist).post("cases", body, **KEY), 201)
    second = told(system_of(cast.triagist).post("cases", body, **KEY), 201)
    assert (first["outcome"], second["outcome"]) == ("registered", "joined")


def test_a_refusal_is_not_kept(cast: Cast) -> None:
    """What was refused may be asked again, with the same key, when things stand otherwise."""
    row, desk, ward = an_offer(cast), system_of(cast.coordinator), system_of(cast.planner)
    path, sbar = f"offers/{row.pk}/assign", {"sbar": {"situation": "a", "recommendation": "b"}}
    refused(desk.post(path, sbar, **KEY), 409, "wrong_state")
    told(ward.post(f"offers/{row.pk}/accept"))
    assert told(desk.post(path, sbar, **KEY))["state"] == "assigned"


@pytest.mark.parametrize("key", ["x" * 81, "sleutel-é", "a\tb"])
def test_a_key_that_is_none(cast: Cast, key: str) -> None:
    answer = system_of(cast.centralist).post("cases", {"patient": {}}, idempotency_key=key)
    refused(answer, 400, "bad_key", "Idempotency-Key")


def test_a_machine_sends_a_key_with_every_post(cast: Cast) -> None:
    system, before = system_of(cast.centralist), None
    before = everything()
    answer = system.post("cases", intake(cast.patient()), idempotency_key="")
    refused(answer, 400, "key_missing", "Idempotency-Key")
    assert everything() == before


def test_a_person_need_not(cast: Cast) -> None:
    browser = browser_of(cast.centralist)
    told(browser.post("cases", intake(cast.patient())), 201)
    body = intake(cast.patient())
    first = browser.post("cases", body, **KEY)
    assert browser.post("cases", body, **KEY).content == first.content


def test_putting_twice_is_saying_it_again(cast: Cast) -> None:
    system = system_of(cast.planner)
    for _ in range(2):
        said = told(system.put(f"units/{cast.ward.pk}/capacity", {"free": 3}))
        assert said["free"] == 3


@pytest.fixture
def twin(cast: Cast) -> Iterator[psycopg.Connection[Any]]:
    """Another process, in the midst of its work."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(database.url(settings.DATABASE_URL, name)) as other:
        yield other
        other.rollback()


def test_a_twin_that_is_still_running(cast: Cast, twin: psycopg.Connection[Any]) -> None:
    system = system_of(cast.centralist)
    actor = told(system.get("me"))["id"]
    twin.execute(
        "INSERT INTO lzc_idempotencykey (actor, key, fingerprint) VALUES (%s, %s, '')",
        [actor, KEY["idempotency_key"]],
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
    answer = system.post("cases", intake(cast.patient()), **KEY)
    refused(answer, 409, "still_running")
    assert answer["Retry-After"]


def test_eight_at_once_do_it_once(committed: None) -> None:
    cast = casting.assemble()
    system, body = system_of(cast.centralist), intake(cast.patient())
    start = Barrier(8)

    def ask(_number: int) -> bytes:
        start.wait()
        try:
            return bytes(system.post("cases", body, **KEY).content)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, range(8)))
    assert len(answers) == 1
    assert Case.objects.filter(owner=cast.centralist.desk).count() == 1
