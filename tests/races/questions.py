"""One question, sent many times at once with the same key."""

import uuid
from functools import partial
from typing import Any

import httpx
from django.db import connection

from tests.api.programs import intake
from tests.cast import Cast
from tests.races.callers import callers, key_of
from tests.races.contest import contest

TWENTY = 20


def asked_at_once(url: str, cast: Cast, questions: int) -> list[list[httpx.Response]]:
    """So many people are taken in. The answers to each question, which is sent twenty times."""
    system = key_of(cast.centralist)
    answers: list[list[httpx.Response]] = []
    with callers(url, *[system] * TWENTY) as lines, contest(TWENTY) as held:
        for _ in range(questions):
            body: dict[str, Any] = intake(cast.patient(), triage=None)
            key = uuid.uuid4().hex
            asking = [partial(line.asks, "cases", body, key) for line in lines]
            answers.append(held.round(*asking))
    return answers


def contacts_of(cast: Cast) -> int:
    """How many times the meldkamer of this cast wrote down that somebody called."""
    with cast.centralist.looks(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM triage_contact WHERE organisation_id = %s",
            [cast.centralist.house.pk],
        )
        return int(cursor.fetchone()[0])
