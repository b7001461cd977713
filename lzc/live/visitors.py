"""Who is at the other end of a socket, and whether they still belong there."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.http import HttpRequest, parse_cookie
from django.http.request import validate_host

from lzc.errors import Refused
from lzc.keys import client_of
from lzc.models import ApiClient, Membership
from lzc.web.pages import SESSION_KEY
from lzc.web.sessions import SessionStore


@dataclass(eq=False)
class Visitor:
    """A person in a session, or a machine with a key. `standing` is what its rights came from."""

    actor: UUID
    hears: frozenset[UUID]
    standing: tuple[Any, ...]
    session: str = ""


def own_page(headers: Mapping[str, str]) -> bool:
    """Browsers send cookies with anybody's page, and tell whose it is. Machines tell nothing."""
    try:
        origin = urlsplit(headers.get("origin", ""))
    except ValueError:  # an address that is none
        return False
    if not origin.netloc:
        return "origin" not in headers and "cookie" not in headers
    scheme = {"https"} if settings.IN_PRODUCTION else {"https", "http"}
    return origin.scheme in scheme and validate_host(origin.hostname or "", settings.ALLOWED_HOSTS)


def arrived(headers: Mapping[str, str]) -> Visitor | None:
    """Whom the session cookie, or the key of a machine, stands for; nobody when it ended."""
    kind, _, key = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return _by_key(key.strip())
    cookie = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    return _by_session(cookie) if cookie else None


def _by_session(key: str) -> Visitor | None:
    request = HttpRequest()
    request.session = SessionStore(session_key=key)
    user = get_user(request)
    chosen = request.session.get(SESSION_KEY)
    if not user.is_authenticated or not chosen:
        return None
    membership = Membership.objects.acting().filter(pk=chosen, user=user.pk).first()
    if membership is None:
        return None
    return Visitor(
        actor=membership.pk,
        hears=frozenset(membership.hears),
        standing=(membership.organisation_id, membership.role, membership.user.password),
        session=key,
    )


def _by_key(key: str) -> Visitor | None:
    try:
        client = client_of(key)
    except Refused:
        return None
    standing = _of_machine(client.organisation_id, client.scopes, client.key_hash)
    return Visitor(actor=client.pk, hears=frozenset(client.hears), standing=standing)


def gone(visitors: Collection[Visitor]) -> list[Visitor]:
    """Those whose session, work or key ended, or changed, since they came.

    One query for each kind, however many there are.
    """
    people = [v for v in visitors if v.session]
    machines = [v for v in visitors if not v.session]
    sessions = _sessions(people)
    standings = _people(people) | _machines(machines)
    return [
        v
        for v in visitors
        if standings.get(v.actor) != v.standing or (v.session and v.session not in sessions)
    ]


def _sessions(people: Iterable[Visitor]) -> set[str]:
    """Those that live. Who chooses another membership gets another session."""
    keys = {v.session for v in people}
    alive = Session.objects.filter(pk__in=keys, expire_date__gt=Now())
    return set(alive.values_list("pk", flat=True)) if keys else set()


def _people(people: Iterable[Visitor]) -> dict[UUID, tuple[Any, ...]]:
    ids = {v.actor for v in people}
    if not ids:
        return {}
    active = Membership.objects.active().filter(pk__in=ids, user__is_active=True)
    rows = active.values_list("pk", "organisation", "role", "user__password")
    return {row[0]: row[1:] for row in rows}


def _machines(machines: Iterable[Visitor]) -> dict[UUID, tuple[Any, ...]]:
    ids = {v.actor for v in machines}
    if not ids:
        return {}
    valid = ApiClient.objects.filter(pk__in=ids, revoked_at=None, expires_at__gt=Now())
    rows = valid.values_list("pk", "organisation", "scopes", "key_hash")
    return {row[0]: _of_machine(row[1], row[2], row[3]) for row in rows}


def _of_machine(
    organisation: UUID, scopes: list[str], key_hash: bytes | memoryview
) -> tuple[Any, ...]:
    return organisation, *sorted(scopes), bytes(key_hash)
