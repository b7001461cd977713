"""Programs that call the API in-process, in the name of the people of the cast."""

import itertools
import json
from typing import Any

from django.apps import apps
from django.db import connection
from django.test import Client

from lzc import keys
from lzc.models import LogCounter
from lzc.rights import DUTIES, Duty, Role
from lzc.web.pages import SESSION_KEY
from tests.api import contract
from tests.cast import House, Person
from triage.services import PatientIn

APPS = ("lzc", "triage", "capacity", "coordination")
TABLES = [m._meta.db_table for app in APPS for m in apps.get_app_config(app).get_models()]
COUNTS = " UNION ALL ".join(
    f"SELECT '{table}', count(*) FROM {table}" for table in TABLES if "access" not in table
)
_keys = itertools.count(1)
PROBLEM = "application/problem+json"


class Program:
    """A system with a key of a house, or a browser in which somebody is logged in."""

    def __init__(self, **headers: str) -> None:
        self.client = Client(headers=headers, raise_request_exception=False)
        self.sends_keys = "authorization" in headers

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if method == "POST" and self.sends_keys:
            headers.setdefault("idempotency_key", f"key-{next(_keys)}")
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value}
        if connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        data = body if isinstance(body, bytes) else b"" if body is None else written(body)
        kind = sent.pop("content-type", "application/json")
        response = self.client.generic(method, url(path), data, kind, headers=sent)
        contract.check(method, url(path), response)
        return response

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.ask("DELETE", path, **headers)


def written(body: Any) -> bytes:
    return json.dumps(body, default=str).encode()


def url(path: str) -> str:
    return path if path.startswith("/") else f"/api/v1/{path}"


def system_of(person: Person) -> Program:
    """The system that somebody works with: it may do what they may do."""
    return system_at(person.house, *DUTIES[Role(person.actor.role)])


def system_at(house: House, *scopes: Duty) -> Program:
    issued = keys.issue(house.row, name="system", scopes=scopes, desk=house.desk)
    return Program(authorization=f"Bearer {issued.key}")


def browser_of(person: Person) -> Program:
    program = Program()
    program.client.force_login(person.user)
    session = program.client.session
    session[SESSION_KEY] = str(person.actor.pk)
    session.save()
    return program


def the_log() -> int:
    return LogCounter.objects.get().n


def told(response: Any, status: int = 200) -> Any:
    """What was answered, when it was answered as it should be."""
    assert response.status_code == status, response.content.decode()
    return response.json()


def refused(response: Any, status: int, code: str, field: str | None = None) -> Any:
    """A problem as it should be: its shape, and a sentence in either language."""
    said = response.content.decode()
    assert response.status_code == status, said
    assert response["Content-Type"] == PROBLEM
    problem = json.loads(said)
    assert (problem["code"], problem["status"]) == (code, status), said
    assert problem.get("field") == field, said
    assert problem["type"] == f"urn:lzc:problem:{code}" and problem["title"]
    assert problem["detail"] in (problem["detail_nl"], problem["detail_en"])
    for sentence in (problem, *problem.get("fields", [])):
        assert sentence["detail_nl"] and sentence["detail_en"]
        assert sentence["detail_nl"] != sentence["detail_en"], said
    return problem


def everything() -> dict[str, int]:
    """How many rows there are of each kind; who looked or was refused stays written, as it must."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        return dict(cursor.fetchall()) | {"log": the_log()}


def intake(who: PatientIn, **more: Any) -> dict[str, Any]:
    """What a meldkamer sends: somebody nobody heard of yet."""
    patient = {
        "bsn": who.bsn,
        "name": who.name,
        "birth_date": str(who.birth_date),
        "sex": "female",
        "address": who.address,
        "postcode": who.postcode,
        "telephone": who.telephone,
        "own_huisarts": str(who.own_huisarts),
    }
    contact = {"asked_by": "citizen", "text": "Ligt op de grond."}
    return {"patient": patient, "contact": contact, "triage": {"urgency": "U3"}} | more
