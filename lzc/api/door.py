"""The door of a program: one address, one question, one act.

An endpoint (`lzc.api.endpoints`) knows the answer. The door does the rest, the same for all: who
asks, what was sent, the idempotency key, the act, trying again after a deadlock.
"""

import json
import random
import re
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls.converters import UUIDConverter
from django.utils.http import parse_etags
from rest_framework.exceptions import NotAuthenticated, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.views import APIView

from lzc.api.endpoints import Endpoint
from lzc.api.openapi import WRITES, described
from lzc.api.parsing import MOST_BYTES, CsvParser, StrictJSONParser, TooLarge
from lzc.api.problems import AGAIN, LOCKED, sqlstate
from lzc.api.shapes import In
from lzc.errors import N_, NotNow, NotValid, Refused
from lzc.events import Act, act, fingerprint
from lzc.keys import KeyAuthentication, SessionMembership
from lzc.models import Actor
from lzc.web.pages import address_of

TRIES = 3
LONGEST_KEY = 80
#: Somebody registered the same person at the same moment: now that they are there, join them.
TWINS = frozenset({"twin_case", "twin_patient"})
GONE = 204
#: The shape of a question that takes nothing.
NOTHING = In()


class Id(UUIDConverter):
    """An id in an address, in either case of letters, as it is taken in a body."""

    regex = UUIDConverter.regex.replace("a-f", "a-fA-F")

    def to_python(self, value: str) -> UUID:
        return UUID(value)


class Stale(Refused):
    """`If-Match` names a state that is no more."""

    status = 412

    def __init__(self, now: str) -> None:
        super().__init__(
            N_("This has changed since you looked. Look again, then decide."),
            code="changed",
            etag=now,
        )


class Malformed(NotValid):
    """A header that cannot be right."""

    status = 400


class StillRunning(NotNow):
    """The twin of a question is at work; it was waited for."""

    retry_after = 1

    def __init__(self) -> None:
        super().__init__(
            N_("This is still being worked on. Ask again in a moment, with the same key."),
            code="still_running",
        )


class Door(APIView):
    authentication_classes = (KeyAuthentication, SessionMembership)
    permission_classes = ()
    parser_classes: tuple[type[BaseParser], ...] = (StrictJSONParser,)
    endpoints: Mapping[str, Endpoint] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _weigh(request._request, self.parser_classes[0].media_type)
        super().initial(request, *args, **kwargs)
        if not isinstance(request.user, Actor):
            raise NotAuthenticated

    def question(self, request: Request, **ids: UUID) -> HttpResponseBase:
        here = self.endpoints["GET" if request.method == "HEAD" else str(request.method)]
        by: Any = request.user
        sent = _sent(here, request)
        opening = _opening(here, request, by, ids)
        tag = ""

        def work() -> tuple[int, str]:
            nonlocal tag
            _same_as_seen(here, request, by, ids)
            answer = here.answer(by, ids, sent)
            tag = answer.tag
            text = "" if answer.shown is None else written(answer.shown)
            return here.status if text else GONE, text

        try:
            this = _acted(opening, work)
        except NotValid as refusal:
            refusal.field = here.named_here(refusal.field)
            raise
        status, text = this.answer or (GONE, "")
        response = HttpResponse(text.encode(), status=status, content_type="application/json")
        if tag:
            response["ETag"] = tag
        if this.replayed:
            response["Idempotent-Replayed"] = "true"
        return response


def written(shown: Any) -> str:
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"), default=str)


def _weigh(request: HttpRequest, media_type: str) -> None:
    """Before anything is made of it: is it what is taken here, and how much of it?"""
    if request.method not in WRITES:
        return
    if "HTTP_TRANSFER_ENCODING" in request.META:
        raise Malformed(
            "Content-Length", N_("Say beforehand how long it is: no chunks."), code="no_length"
        )
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length[:12]) > MOST_BYTES:
        raise TooLarge
    if length != "0" and request.content_type != media_type:
        raise UnsupportedMediaType(request.content_type or "")
    # Read now, and kept: the fingerprint needs the very bytes, and others read it as a stream.
    request.body  # noqa: B018


def _sent(here: Endpoint, request: Request) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    if here.parser is CsvParser:
        sent["said"] = request.data if isinstance(request.data, str) else ""
    elif here.takes is not None:
        sent["said"] = here.takes.take(request.data)
    elif request.method in WRITES and request.data:
        NOTHING.take(request.data)
    if here.query is not None:
        sent["query"] = here.query.spelled(request.query_params)
    elif request.META.get("QUERY_STRING"):
        NOTHING.spelled(request.query_params)
    return sent


def _opening(
    here: Endpoint, request: Request, by: Actor, ids: Mapping[str, UUID]
) -> dict[str, Any]:
    """With what the act is opened: who, the key, and what the access record says of it."""
    plain = request._request
    match = plain.resolver_match
    key = _key(plain, by) if plain.method == "POST" and here.changes else ""
    return {
        "by": by,
        "key": key,
        "fingerprint": _fingerprint(plain) if key else b"",
        "door": f"{plain.method} {_template(match.route if match else '')}"[:60],
        "access_point": address_of(plain),
        "subject": next((f"{name.removesuffix('_id')}:{i}" for name, i in ids.items()), ""),
    }


def _fingerprint(request: HttpRequest) -> bytes:
    return fingerprint(str(request.method).encode(), request.get_full_path().encode(), request.body)


@lru_cache(maxsize=256)
def _template(route: str) -> str:
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route)


def _key(request: HttpRequest, by: Actor) -> str:
    """Machines send a key with every POST; a person sees for themselves what happened."""
    key = request.headers.get("Idempotency-Key", "")
    if not key and by.kind == "client":
        raise Malformed(
            "Idempotency-Key",
            N_("Send an Idempotency-Key, so that sending it again does nothing twice."),
            code="key_missing",
        )
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Malformed(
            "Idempotency-Key",
            N_("This key is no key: at most %(most)s visible characters."),
            code="bad_key",
            most=LONGEST_KEY,
        )
    return key


def _same_as_seen(here: Endpoint, request: Request, by: Actor, ids: Mapping[str, UUID]) -> None:
    """`If-Match`: do it only if this is still as it was when you looked."""
    wanted = request.META.get("HTTP_IF_MATCH")
    if wanted is None or here.tag is None:
        return
    now = here.tag(**ids, by=by)
    if now not in (tags := parse_etags(wanted)) and "*" not in tags:
        raise Stale(now)


def _acted(opening: dict[str, Any], work: Callable[[], tuple[int, str]]) -> Act:
    """One act. When two wanted each other's rows, one of them is rolled back: it tries again."""
    for left in reversed(range(TRIES)):
        opened = False
        try:
            with act(**opening) as this:
                opened = True
                if not this.replayed:
                    this.answer = work()
            return this
        except OperationalError as error:
            state = sqlstate(error)
            if state == LOCKED and not opened:
                raise StillRunning from error
            if state not in AGAIN or not left:
                raise
        except NotNow as refusal:
            if refusal.code not in TWINS or not left:
                raise
        time.sleep(random.uniform(0.005, 0.05))
    raise AssertionError("the last try answers or raises")


def address(**endpoints: Endpoint) -> Callable[..., HttpResponseBase]:
    """The view of one address: `address(get=cases, post=register)`."""
    by_method = {method.upper(): here for method, here in endpoints.items()}
    methods: dict[str, Any] = {
        method.lower(): described(_answers(), method, here) for method, here in by_method.items()
    }
    name = "".join(here.run.__name__.title() for here in endpoints.values()).replace("_", "")
    more = {
        "endpoints": by_method,
        # Django answers HEAD as GET, and the server leaves the body out.
        "http_method_names": [*endpoints, *(["head"] if "get" in endpoints else [])],
        "parser_classes": tuple({here.parser for here in endpoints.values()}),
    }
    door: type[Door] = type(name, (Door,), methods | more)
    return door.as_view()


def _answers() -> Callable[..., HttpResponseBase]:
    def answers(self: Door, request: Request, **ids: UUID) -> HttpResponseBase:
        return self.question(request, **ids)

    return answers
