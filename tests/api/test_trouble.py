"""What a database can say no to, and what a program then hears. The errors are real ones."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from lzc import keys
from lzc.api.door import address
from lzc.api.endpoints import endpoint
from lzc.api.problems import server_error
from lzc.models import ApiClient
from lzc.rights import Duty
from tests.api.programs import PROBLEM, refused
from tests.cast import Cast

RAISE = "DO $$ BEGIN RAISE EXCEPTION 'as in life' USING ERRCODE = '{}'; END $$"


@pytest.fixture
def key(cast: Cast) -> str:
    return keys.issue(cast.coordinator.house.row, name="s", scopes=[Duty.DESK]).key


def asked(key: str, run: Callable[..., None]) -> Any:
    view = address(get=endpoint()(run))
    return view(RequestFactory().get("/", headers={"authorization": f"Bearer {key}"}))


def raising(sqlstate: str, times: int = 100) -> tuple[Callable[..., None], list[int]]:
    """An endpoint in which the database raises this, so many times; and a list of its calls."""
    calls: list[int] = []

    def run(*, by: ApiClient) -> None:
        calls.append(1)
        if len(calls) <= times:
            with connection.cursor() as cursor:
                cursor.execute(RAISE.format(sqlstate))

    return run, calls


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_deadlock_is_tried_again(key: str, sqlstate: str) -> None:
    run, calls = raising(sqlstate, times=2)
    assert asked(key, run).status_code == 204
    assert len(calls) == 3


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_but_not_for_ever(key: str, sqlstate: str) -> None:
    run, calls = raising(sqlstate)
    answer = asked(key, run)
    refused(answer, 503, "busy")
    assert answer["Retry-After"] and len(calls) == 3


@pytest.mark.parametrize("sqlstate", ["55P03", "57014"])
def test_what_takes_too_long_is_asked_again_later(key: str, sqlstate: str) -> None:
    run, calls = raising(sqlstate)
    answer = asked(key, run)
    refused(answer, 503, "busy")
    assert answer["Retry-After"] and len(calls) == 1


@pytest.mark.parametrize("sqlstate", ["57P01", "08006", "53300"])
def test_a_database_that_goes_away(key: str, sqlstate: str) -> None:
    run, _ = raising(sqlstate)
    answer = asked(key, run)
    refused(answer, 503, "down")
    assert answer["Retry-After"]


def test_a_database_that_is_not_there(key: str) -> None:
    def run(*, by: ApiClient) -> None:
        with connection.wrap_database_errors:
            psycopg.connect("postgres://lzc@127.0.0.1:1/lzc", connect_timeout=1)

    with pytest.raises(OperationalError):
        run(by=ApiClient())
    refused(asked(key, run), 503, "down")


@pytest.mark.parametrize("sqlstate", ["22003", "22001", "22021"])
def test_a_value_that_cannot_be_stored(key: str, sqlstate: str) -> None:
    run, _ = raising(sqlstate)
    refused(asked(key, run), 400, "not_storable")


def test_a_fault_of_our_own_says_nothing_and_is_written_down(
    key: str, caplog: pytest.LogCaptureFixture
) -> None:
    def run(*, by: ApiClient) -> None:
        raise ZeroDivisionError("geheim")

    answer = asked(key, run)
    problem = refused(answer, 500, "broken")
    assert "geheim" not in str(problem) and "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/me", PROBLEM), ("/inloggen/", "text/html")])
def test_a_host_that_is_not_ours(db: None, path: str, kind: str) -> None:
    answer = Client().get(path, headers={"host": "elders.example"})
    assert answer.status_code == 400 and answer["Content-Type"].startswith(kind)


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/me", PROBLEM), ("/", "text/html")])
def test_what_nobody_caught(path: str, kind: str) -> None:
    for error, status in ((OperationalError("weg"), 503), (ZeroDivisionError("geheim"), 500)):
        try:
            raise error
        except Exception:
            answer = server_error(RequestFactory().get(path))
        assert answer.status_code == status and answer["Content-Type"].startswith(kind)
        assert "geheim" not in answer.content.decode()
        assert ("Retry-After" in answer) == (status == 503)
