"""Programs that ask over HTTP, each with a connection of its own."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from capacity.models import CareUnit
from coordination.models import CareRequest
from lzc import keys
from lzc.errors import Refused
from lzc.rights import DUTIES, Role
from tests.api.programs import PROBLEM
from tests.cast import Person
from tests.races.last_places import Make


class Declined(Refused):
    """A refusal as it came over the line."""


def key_of(person: Person) -> str:
    """Of a new system that may do what this person may do."""
    scopes, house = DUTIES[Role(person.actor.role)], person.house
    return keys.issue(house.row, name="system", scopes=scopes, desk=house.desk).key


class Caller:
    def __init__(self, url: str, api_key: str) -> None:
        self.client = httpx.Client(
            base_url=f"{url}/api/v1/",
            headers={"Authorization": f"Bearer {api_key}"},
            timeout=60,
            trust_env=False,
        )

    def asks(self, path: str, body: Any, key: str) -> httpx.Response:
        """Again with the same key, as it is told to, while its twin is still being worked on."""
        while True:
            answer = self.client.post(path, json=body, headers={"Idempotency-Key": key})
            if answer.status_code != 409 or answer.json()["code"] != "still_running":
                return answer

    def posts(self, path: str, body: Any) -> Any:
        answer = self.asks(path, body, uuid.uuid4().hex)
        if answer.status_code == 409:
            raise Declined("", code=_said_clearly(answer)["code"])
        assert answer.status_code in (200, 201), f"{answer.status_code} {answer.text}"
        return answer.json()


def _said_clearly(answer: httpx.Response) -> dict[str, Any]:
    """A problem with a sentence in either language."""
    assert answer.headers["Content-Type"] == PROBLEM
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail_nl"] and problem["detail_en"]
    return problem


@contextmanager
def callers(url: str, *api_keys: str) -> Iterator[list[Caller]]:
    """A connection with each of these keys."""
    made = [Caller(url, key) for key in api_keys]
    try:
        yield made
    finally:
        for caller in made:
            caller.client.close()


def over_http(systems: list[Caller]) -> Make:
    """Each contender has its own system; for `last_places.rounds`."""

    def make(contender: int, request: CareRequest, ward: CareUnit) -> Any:
        path = f"requests/{request.pk}/offers"
        return systems[contender].posts(path, {"unit": str(ward.pk)})

    return make
