"""The OpenAPI document: what an endpoint says of itself, and what holds for all of them."""

from collections.abc import Callable
from http import HTTPStatus
from inspect import getdoc
from typing import TYPE_CHECKING, Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema

from lzc.api import about

if TYPE_CHECKING:
    from lzc.api.endpoints import Endpoint

PROBLEM = "application/problem+json"


_TEXT = {"type": "string"}
_FAULT = dict.fromkeys(("field", "code", "detail_nl", "detail_en"), _TEXT)
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "Why not (RFC 9457), in Dutch and in English. `code` is for machines and stays "
    "the same. Some carry more members, such as `state`: how things stand now.",
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT | {"description": "In the language of Accept-Language; else Dutch."},
        "detail_nl": _TEXT,
        "detail_en": _TEXT,
        "code": _TEXT,
        "field": _TEXT | {"description": "Dotted path of the value it is about."},
        "fields": {
            "type": "array",
            "items": {"type": "object", "properties": _FAULT, "required": [*_FAULT]},
        },
    },
    "required": ["type", "title", "status", "detail", "detail_nl", "detail_en", "code"],
}


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "lzc.keys.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "The key of a system, from `manage.py issue_key`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "lzc.keys.SessionMembership"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "session",
            "description": "Somebody who is logged in, as what they chose; with X-CSRFToken.",
        }


WHY_NOT = {
    400: "The shape is not right; `fields` says where.",
    401: "We do not know who asks.",
    403: "It is not yours to do.",
    404: "It does not exist, or it is not yours to see: the two look the same.",
    406: "Only JSON is given.",
    409: "Not in the state things are in now, or the same question is still being worked on.",
    412: "It changed since you looked (`If-Match`).",
    413: "More than 256 KiB.",
    415: "Only JSON is taken (a list by `capacity/import` only as CSV).",
    422: "Understood, but it cannot be true; or a key was used before with another question.",
    503: "LZC is busy or cannot reach its records; nothing changed. See `Retry-After`.",
}
WRITES = frozenset({"POST", "PUT", "PATCH"})
OF_ALL = (400, 401, 404, 406, 503)
OF_WRITES = (403, 409, 413, 415, 422)
EXAMPLE = {
    "type": "urn:lzc:problem:too_late",
    "title": "Conflict",
    "status": 409,
    "detail": "De tijd om te antwoorden is voorbij. De centrale zoekt verder.",
    "detail_nl": "De tijd om te antwoorden is voorbij. De centrale zoekt verder.",
    "detail_en": "The time to answer has passed. The desk looks further.",
    "code": "too_late",
}
KEY, IF_MATCH = "Idempotency-Key", "If-Match"
PARAMETERS = {
    KEY: {
        "name": KEY,
        "in": "header",
        "required": True,
        "schema": {"type": "string", "maxLength": 80},
        "description": "Of your choice, another for every question. The same key and question get "
        "the same answer, byte for byte, for seven days. Optional in a session.",
    },
    IF_MATCH: {
        "name": IF_MATCH,
        "in": "header",
        "schema": {"type": "string"},
        "description": "The `ETag` of what you looked at: if it changed since, the answer is 412.",
    },
}
REPLAYED = {
    "schema": {"type": "string", "enum": ["true"]},
    "description": "This was answered before; nothing was done again.",
}
TAG = {"schema": {"type": "string"}, "description": "What this shows the state of: for `If-Match`."}


def shared(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Last step of the document: what many operations share is said once, and pointed at."""
    _drop(result, "x-spec-enum-id")
    result["info"]["description"] = f"{about.SUMMARY}\n\n{about.EVERYWHERE}"
    components = result["components"]
    components["schemas"]["Problem"] = PROBLEM_SCHEMA
    components["parameters"] = PARAMETERS
    components["responses"] = {f"Problem{status}": _problem(status) for status in sorted(WHY_NOT)}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            _share(method.upper(), operation)
    return result


def _drop(part: Any, name: str) -> None:
    """A mark that the generator leaves for hooks of its own."""
    inner = part
    if isinstance(part, dict):
        part.pop(name, None)
        inner = part.values()
    if isinstance(part, dict | list):
        for each in inner:
            _drop(each, name)


def _problem(status: int) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}}
    if status == EXAMPLE["status"]:
        content["examples"] = {"too_late": {"value": EXAMPLE}}
    return {"description": WHY_NOT[status], "content": {PROBLEM: content}}


def _share(method: str, operation: dict[str, Any]) -> None:
    asked, headers = operation.pop("x-asked"), {}
    if KEY in asked:
        headers["Idempotent-Replayed"] = REPLAYED
    if "ETag" in asked:
        headers["ETag"] = TAG
    given = next(iter(operation["responses"].values()))
    if headers:
        given["headers"] = headers
    pointers = [{"$ref": f"#/components/parameters/{name}"} for name in asked if name in PARAMETERS]
    if pointers:
        operation["parameters"] = [*operation.get("parameters", []), *pointers]
    statuses = [
        *OF_ALL,
        *(OF_WRITES if method in WRITES else ()),
        *((412,) if IF_MATCH in asked else ()),
    ]
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}


def described(view: Callable[..., Any], method: str, here: "Endpoint") -> Callable[..., Any]:
    """Tell drf-spectacular what this endpoint is."""
    summary, _, more = (getdoc(here.run) or here.run.__name__).partition("\n")
    gives = type(here.gives) if here.gives else None
    status = here.status if gives else 204
    return extend_schema(
        operation_id=here.run.__name__,
        summary=summary.rstrip("."),
        description=more.strip(),
        request=_request(here),
        responses={status: OpenApiResponse(gives, HTTPStatus(status).phrase)},
        parameters=[type(here.query)] if here.query else [],
        examples=[*_examples(here)],
        extensions={"x-asked": _asked(method, here)},
    )(view)


def _request(here: "Endpoint") -> Any:
    if here.parser.media_type == "text/csv":
        return {"text/csv": str}
    return type(here.takes) if here.takes else None


def _asked(method: str, here: "Endpoint") -> list[str]:
    """Headers of the question and of the answer, by name."""
    asked = [KEY] if method == "POST" and here.changes else []
    asked += [IF_MATCH] if here.tag else []
    return [*asked, "ETag"] if here.shows_tag else asked


def _examples(here: "Endpoint") -> list[OpenApiExample]:
    made = []
    if here.takes and here.takes.example:
        made.append(OpenApiExample("example", here.takes.example, request_only=True))
    if here.gives and here.gives.example:
        status = [str(here.status)]
        made.append(
            OpenApiExample("answer", here.gives.example, response_only=True, status_codes=status)
        )
    return made
