"""The screens on the walls of an organisation: each has a token that only reads, ends, and can be
taken back.

A token is told once; the browser of the screen keeps it in a cookie. Whoever holds it sees figures
of one organisation and nothing else: a wall has no duties, so no row is visible to it.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from lzc.errors import N_, NotAllowed, NotSeen, NotValid
from lzc.events import record, verb
from lzc.models import Actor, Organisation, WallToken
from lzc.rights import Duty

#: Known to scanners for leaked secrets: `lzcw_<prefix>_<secret>`.
BRAND = "lzcw"
PREFIX_BYTES, SECRET_BYTES = 6, 24
LONGEST_DAYS = 366
#: Compared with when there is no such token, so that both answers take as long.
_NOTHING = bytes(32)


class Operator(Actor):
    """Whoever runs LZC, on its command line. Sees no row either."""

    kind = "operator"
    pk = UUID(int=1)
    organisation_id = None
    desk_id = None
    duties = frozenset()


OPERATOR = Operator()


class Issued(NamedTuple):
    wall: WallToken
    token: str  # told once; only its hash is kept

    @property
    def pk(self) -> UUID:
        return self.wall.pk


def own(by: Actor) -> QuerySet[WallToken]:
    """Those that still open something, of the organisation whose desk this is."""
    if by.organisation_id is None or not by.has(Duty.DESK):
        return WallToken.objects.none()
    alive = WallToken.objects.filter(revoked_at=None, expires_at__gt=Now())
    return alive.filter(organisation=by.organisation_id).order_by("name", "issued_at")


@verb
def issue(organisation: Organisation, *, name: str, days: int, by: Actor) -> Issued:
    """A screen may show the figures of this organisation, for so many days."""
    if by is not OPERATOR and not (by.has(Duty.DESK) and by.organisation_id == organisation.pk):
        raise NotAllowed(N_("This is not yours to do."), code="not_yours")
    if not name.strip():
        raise NotValid("name", N_("Say where the screen hangs."))
    if not 1 <= days <= LONGEST_DAYS:
        raise NotValid("days", N_("Choose from 1 to %(most)s days."), most=LONGEST_DAYS)
    prefix, secret = secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES)
    made = WallToken(
        organisation=organisation,
        name=name.strip()[:80],
        prefix=prefix,
        key_hash=_hashed(secret),
        expires_at=timezone.now() + timedelta(days=days),
    )
    made.save(force_insert=True)
    record("wall.issued", made.pk, by=by, audience=[organisation.pk])
    return Issued(made, f"{BRAND}_{prefix}_{secret}")


@verb
def revoke(wall_id: UUID, *, by: Actor) -> None:
    """This screen shows nothing from its next question on, within seconds."""
    if not own(by).filter(pk=wall_id).update(revoked_at=Now()):
        raise NotSeen
    record("wall.revoked", wall_id, by=by, audience=[by.organisation_id])


def opened(token: str) -> WallToken | None:
    """The screen whose token this is; nobody when it ended, was taken back or never was."""
    brand, _, rest = token.partition("_")
    prefix, _, secret = rest.partition("_")
    if brand != BRAND or not secret or not token.isascii() or not prefix.isalnum():
        return None
    alive = WallToken.objects.filter(prefix=prefix, revoked_at=None, expires_at__gt=Now())
    wall = alive.select_related("organisation__region__parent").first()
    kept = bytes(wall.key_hash) if wall else _NOTHING
    return wall if hmac.compare_digest(_hashed(secret), kept) else None


def _hashed(secret: str) -> bytes:
    """A fast hash is enough: the secret is random bytes, not something a person thought of."""
    return hashlib.sha256(secret.encode()).digest()
