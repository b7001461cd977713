"""How LZC says no to a program: problem+json (RFC 9457), always in Dutch and in English.

Whatever a client does, it gets one of these; what is not its fault answers 503, with when to try
again. `code` is for machines and does not change; the sentences are for people and may.
"""

import json
import logging
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    DisallowedHost,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.template import loader
from django.utils import translation
from django.utils.translation import gettext
from rest_framework import exceptions

from lzc.api.parsing import TooLarge
from lzc.api.shapes import BadShape, Fault
from lzc.errors import N_, NotSeen, NotValid, Refused
from lzc.web.appearance import theme_of

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
#: SQLSTATE: two acts wanted each other's rows, or could not be put in an order. Trying again helps.
AGAIN = frozenset({"40001", "40P01"})
LOCKED = "55P03"
BUSY = frozenset({*AGAIN, LOCKED, "57014"})  # 57014: the statement took too long

UNKNOWN_CALLER = N_("Say who asks: send the key of your organisation, or log in.")
BUSY_NOW = N_("It is very busy with this right now. Nothing was changed; try again in a moment.")
DOWN = N_("LZC cannot reach its records now. Nothing was lost; try again in a moment.")
BROKEN = N_("Something went wrong on our side, and nothing was changed. It has been written down.")
NOT_STORABLE = N_("A value in this cannot be stored. Check numbers, dates and odd characters.")
UNREADABLE = N_("This cannot be read.")
CONFLICT = N_("Somebody else was just before you. Look at how it stands now.")
SEVERAL = N_("Some of this is not right. See `fields` for what, and where.")

#: What the framework refuses before LZC looks: status, code, sentence.
FRAMEWORK: dict[type[Exception], tuple[int, str, str]] = {
    exceptions.NotAuthenticated: (401, "who_are_you", UNKNOWN_CALLER),
    exceptions.AuthenticationFailed: (401, "who_are_you", UNKNOWN_CALLER),
    exceptions.PermissionDenied: (
        403, "csrf", N_("This form is too old. Load the page again and send it once more."),
    ),
    PermissionDenied: (403, "not_yours", N_("This is not yours to do.")),
    exceptions.MethodNotAllowed: (
        405, "method", N_("This address does not take this method. `Allow` says which it does."),
    ),
    exceptions.NotAcceptable: (406, "accept", N_("Answers are JSON. Accept application/json.")),
    exceptions.UnsupportedMediaType: (
        415, "media_type", N_("Send JSON, and say so: Content-Type: application/json."),
    ),
    exceptions.Throttled: (
        429, "too_many", N_("These are too many questions at once. Wait, then try again."),
    ),
    exceptions.ParseError: (400, "not_json", UNREADABLE),
    UnreadablePostError: (400, "cut_off", N_("What you sent broke off. Send it again.")),
    TooManyFieldsSent: (
        400, "suspicious", N_("These are too many fields at once. Leave some out."),
    ),
    DisallowedHost: (
        400, "suspicious", N_("LZC has no such host name. Use the address you were given."),
    ),
    SuspiciousOperation: (400, "suspicious", UNREADABLE),
    DataError: (400, "not_storable", NOT_STORABLE),
    OverflowError: (400, "not_storable", NOT_STORABLE),
    UnicodeError: (400, "not_storable", NOT_STORABLE),
    RecursionError: (400, "not_storable", NOT_STORABLE),
    IntegrityError: (409, "conflict", CONFLICT),
    InterfaceError: (503, "down", DOWN),
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    status: int
    code: str
    sentence: str
    holes: Mapping[str, Any] = field(default_factory=dict)
    #: Dotted path of the value it is about.
    path: str = ""
    faults: tuple[Fault, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        dutch, english = said(self.sentence, self.holes)
        spoken = (translation.get_language() or "nl").split("-")[0]
        told: dict[str, Any] = {
            "type": f"urn:lzc:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": english if spoken == "en" else dutch,
            "detail_nl": dutch,
            "detail_en": english,
            "code": self.code,
        }
        if self.path:
            told["field"] = self.path
        if self.faults:
            told["fields"] = [_fault(fault) for fault in self.faults]
        # Numbers and states in the sentence are told apart too, for machines.
        return {name: _plain(value) for name, value in self.holes.items()} | told

    def response(self) -> HttpResponse:
        text = json.dumps(self.body(), ensure_ascii=False)
        headers = {"Retry-After": "2"} if self.status == 503 else {}
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="lzc"'
        return HttpResponse(
            text.encode(),
            status=self.status,
            content_type=MEDIA_TYPE,
            headers=headers | dict(self.headers),
        )


def said(sentence: str, holes: Mapping[str, Any]) -> tuple[str, str]:
    """The sentence in Dutch and in English, its holes filled."""
    with translation.override("nl"):
        dutch = translation.gettext(sentence)
    return (dutch % holes, sentence % holes) if holes else (dutch, sentence)


def _fault(fault: Fault) -> dict[str, str]:
    dutch, english = said(fault.sentence, fault.holes)
    return {"field": fault.path, "code": fault.code, "detail_nl": dutch, "detail_en": english}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def problem_of(error: BaseException) -> Problem:
    """What there is to say about this."""
    match error:
        case Refused():
            path = error.field if isinstance(error, NotValid) else ""
            later = {"Retry-After": str(error.retry_after)} if hasattr(error, "retry_after") else {}
            return Problem(error.status, error.code, error.sentence, error.holes, path, (), later)
        case BadShape(faults=(Fault() as only,)):
            return Problem(400, only.code, only.sentence, only.holes, only.path, error.faults)
        case BadShape():
            first = error.faults[0].path
            return Problem(400, "bad_shape", SEVERAL, path=first, faults=error.faults)
        case Http404() | exceptions.NotFound():
            return problem_of(NotSeen())
        case RequestDataTooBig():
            return problem_of(TooLarge())
        case OperationalError():
            busy = sqlstate(error) in BUSY
            return Problem(503, "busy" if busy else "down", BUSY_NOW if busy else DOWN)
    for kind in type(error).__mro__:
        if kind in FRAMEWORK:
            status, code, sentence = FRAMEWORK[kind]
            return Problem(status, code, sentence, headers=_headers(error))
    logger.error("an answer of 500", exc_info=error)
    return Problem(500, "broken", BROKEN)


def _headers(error: BaseException) -> dict[str, str]:
    if isinstance(error, exceptions.MethodNotAllowed):
        return {"Allow": getattr(error, "allowed", "")}
    if isinstance(error, exceptions.Throttled):
        return {"Retry-After": str(math.ceil(getattr(error, "wait", None) or 1))}
    return {}


def sqlstate(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def problem(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """The exception handler of Django REST framework."""
    if isinstance(error, exceptions.MethodNotAllowed):
        error.allowed = ", ".join(context["view"].allowed_methods)  # type: ignore[attr-defined]
    return problem_of(error).response()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What went wrong before any address was reached: a host that is not ours, or too much."""
    told = problem_of(exception)
    if _is_program(request):
        return told.response()
    # Without the request: a page cannot be drawn for a host that is not ours.
    named = {} if told.sentence == UNREADABLE else {"sentence": gettext(told.sentence) % told.holes}
    page = loader.render_to_string("400.html", named | {"theme": theme_of(request)})
    return HttpResponse(page, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody caught. A database that is away comes back: that is a 503, with when."""
    error = sys.exc_info()[1] or RuntimeError()
    if _is_program(request):
        return problem_of(error).response()
    away = isinstance(error, OperationalError | InterfaceError)
    page = loader.render_to_string("503.html" if away else "500.html", {"theme": theme_of(request)})
    headers = {"Retry-After": "2"} if away else {}
    return HttpResponse(page, status=503 if away else 500, headers=headers)


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
