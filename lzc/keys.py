"""Who is at the door: a machine with the key of its organisation, or a person in a session."""

import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.db.models.functions import Now
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from lzc.errors import N_, Refused
from lzc.models import ApiClient, Desk, Membership, Organisation
from lzc.rights import Duty
from lzc.web.pages import SESSION_KEY

logger = logging.getLogger(__name__)

#: Known to scanners for leaked secrets: `lzc_<prefix>_<secret>`.
BRAND = "lzc"
PREFIX_BYTES, SECRET_BYTES = 6, 32
LONGEST_VALID = timedelta(days=366)
#: Machines ask many times a second: who they are is looked up once in it.
FOR_SECONDS = 1.0
MOST_RECENT = 1_000
_recent: dict[str, tuple[float, ApiClient]] = {}
#: Compared with when there is no such key, so that both answers take as long.
_NOBODY = bytes(32)


class NotKnown(Refused):
    """We do not know who asks."""

    status = 401


class Issued(NamedTuple):
    client: ApiClient
    key: str  # told once; only its hash is kept


def issue(
    organisation: Organisation,
    *,
    name: str,
    scopes: Iterable[Duty],
    desk: Desk | None = None,
    valid: timedelta = timedelta(days=365),
) -> Issued:
    """Make a key for a machine of this organisation, at `desk` when its work is done at one.

    Two keys may live side by side: make the new one, move over, then revoke the old one.
    """
    if not timedelta() < valid <= LONGEST_VALID:
        raise ValueError("a key is valid for a year at most")
    if desk is not None and desk.organisation_id != organisation.pk:
        raise ValueError("the desk is one of the organisation itself")
    prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    client = ApiClient(
        organisation=organisation,
        desk=desk,
        name=name,
        prefix=prefix,
        key_hash=_hashed(secret),
        scopes=sorted(Duty(scope) for scope in scopes),
        expires_at=timezone.now() + valid,
    )
    client.save(force_insert=True)
    return Issued(client, f"{BRAND}_{prefix}_{secret}")


def revoke(prefix: str) -> int:
    """The key with this prefix opens nothing from now on; in other processes within a second.

    What was subscribed to with it is told no more: subscribe with the new key first.
    """
    _recent.pop(prefix, None)
    return ApiClient.objects.filter(prefix=prefix, revoked_at=None).update(revoked_at=Now())


def _hashed(secret: str) -> bytes:
    """A fast hash is enough: the secret is 32 random bytes, not something a person thought of."""
    return hashlib.sha256(secret.encode()).digest()


def client_of(key: str) -> ApiClient:
    """The machine whose key this is, with everything a verb asks of its actor.

    Looked up once a second at most: a key that is revoked is refused within that second.
    """
    brand, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    if brand != BRAND or not secret or not key.isascii() or not prefix.isalnum():
        raise _unknown("")
    client = _found(prefix)
    kept = bytes(client.key_hash) if client else _NOBODY
    if not hmac.compare_digest(_hashed(secret), kept) or client is None:
        raise _unknown(prefix)
    if client.revoked_at is not None:
        raise NotKnown(
            N_("This key was revoked. Use the new one, or ask your administrator."),
            code="key_revoked",
        )
    if client.expires_at <= timezone.now():
        raise NotKnown(
            N_("This key has expired. Ask your administrator for a new one."), code="key_expired"
        )
    return client


def _found(prefix: str) -> ApiClient | None:
    until, client = _recent.get(prefix, (0.0, None))
    if client is None or time.monotonic() > until:
        client = (
            ApiClient.objects.filter(prefix=prefix)
            .select_related(
                "organisation__region__parent", "desk__region__parent", "desk__organisation"
            )
            .first()
        )
        if len(_recent) > MOST_RECENT:
            _recent.clear()
        if client is not None:
            _recent[prefix] = (time.monotonic() + FOR_SECONDS, client)
    return client


def _unknown(prefix: str) -> NotKnown:
    logger.warning("a key that nobody has: %s", prefix[:12])
    return NotKnown(N_("We do not know this key. Check that it was copied whole."), code="key")


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer lzc_…`"""

    def authenticate(self, request: Request) -> tuple[ApiClient, None] | None:
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is None:
            return None
        kind, _, key = header.partition(" ")
        if kind.lower() != "bearer":
            raise _unknown("")
        return client_of(key.strip()), None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="lzc"'


class SessionMembership(SessionAuthentication):
    """A person who is logged in here acts in the membership that the session works in."""

    def authenticate(self, request: Request) -> tuple[Membership, None] | None:
        person = request._request.user
        if not person.is_authenticated or not person.is_active:
            return None
        self.enforce_csrf(request)
        chosen = request._request.session.get(SESSION_KEY)
        actor = chosen and Membership.objects.acting().filter(pk=chosen, user=person.pk).first()
        if not actor:
            raise NotKnown(N_("Choose first in which role you work now."), code="no_membership")
        return actor, None
