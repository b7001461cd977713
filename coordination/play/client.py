"""A system of one organisation, talking to LZC as any supplier's system would."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx

TRIES = 4
PATIENCE = 20.0
#: The server is busy or starting anew: the same question again, with the same key.
AGAIN = frozenset({429, 502, 503, 504})


class Trouble(Exception):
    """The night cannot be played; the message says why, and what to do."""


class Surprise(Exception):
    """LZC answered something else than the story needs. `code`: why, as LZC names it."""

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.code = code


class Client:
    """Speaks in the name of one organisation. Each POST has a key: sent twice, done once."""

    def __init__(self, http: httpx.Client, key: str) -> None:
        self.http = http
        self.headers = {"Authorization": f"Bearer {key}", "Accept-Language": "nl"}
        #: What was sent, to count the forms somebody filled in.
        self.sent: list[str] = []

    def get(self, path: str, **query: str | int) -> Any:
        return self._ask("GET", path, params=query, headers=self.headers)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        self.sent.append(path)
        headers = self.headers | {"Idempotency-Key": str(uuid4())}
        return self._ask("POST", path, json=body or {}, headers=headers)

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        self.sent.append(path)
        return self._ask("PUT", path, json=body, headers=self.headers)

    def _ask(self, method: str, path: str, **sent: Any) -> Any:
        for left in reversed(range(TRIES)):
            try:
                answer = self.http.request(method, f"/api/v1/{path}", **sent)
            except httpx.TransportError as error:
                if left:
                    time.sleep(0.5)
                    continue
                raise Trouble(
                    f"Op {self.http.base_url} antwoordt niemand ({error}). Start LZC met "
                    "`make run`, of noem een ander adres met --base."
                ) from error
            if answer.status_code in AGAIN and left:
                time.sleep(1)
                continue
            return _read(answer, f"{method} {path}")
        raise AssertionError("unreachable")


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _read(answer: httpx.Response, question: str) -> Any:
    if answer.status_code == 401:
        raise Trouble(
            "LZC kent de sleutels van de demo niet (meer). Maak nieuwe met `manage.py demo --keys`."
        )
    if answer.is_success:
        return answer.json() if answer.content else None
    said = _problem(answer)
    if not said:
        raise Trouble(
            f"Op dit adres draait geen LZC, of het is van slag: {question} gaf "
            f"{answer.status_code}. Noem het goede adres met --base."
        )
    told = said.get("detail_nl") or said.get("detail") or said
    where = f" ({said['field']})" if said.get("field") else ""
    raise Surprise(f"{question} gaf {answer.status_code}: {told}{where}", said.get("code", ""))
