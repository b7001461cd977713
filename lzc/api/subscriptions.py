"""To be told of events by a signed POST: an organisation asks for it, and may stop it."""

import secrets
from base64 import b64encode
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from lzc.destinations import Forbidden, imaginable
from lzc.errors import N_, NotAllowed, NotSeen, NotValid
from lzc.events import head, record, verb
from lzc.models import Actor, Subscription

MOST = 20


def own(by: Actor) -> QuerySet[Subscription]:
    if by.organisation_id is None or not by.duties:
        return Subscription.objects.none()
    return Subscription.objects.filter(organisation=by.organisation_id)


@verb
def subscribe(*, url: str, by: Actor) -> Subscription:
    """From now on, tell it here, for as long as the key that asks is valid.

    The secret signs every POST (Standard Webhooks).
    """
    if by.organisation_id is None or not by.duties:
        raise NotAllowed(N_("This is not yours to do."), code="not_yours")
    _believable(url)
    if own(by).count() >= MOST:
        raise NotValid(
            "url", N_("Your organisation has %(most)s already. End one first."), most=MOST
        )
    made = Subscription(
        organisation_id=by.organisation_id,
        client_id=by.pk if by.kind == "client" else None,
        membership_id=by.pk if by.kind == "membership" else None,
        url=url,
        secret="whsec_" + b64encode(secrets.token_bytes(32)).decode(),
        cursor=head(),
    )
    made.save(force_insert=True)
    record("subscription.made", made.pk, by=by, audience=[by.organisation_id])
    return made


def _believable(url: str) -> None:
    """Events go over the internet: encrypted, and to a name without a password in it.

    Names are looked up when something is sent, not here: no network in an act.
    """
    try:
        imaginable(url, loopback=settings.WEBHOOKS_TO_LOOPBACK)
        known = "#" not in url
    except Forbidden:
        known = False
    if not known:
        raise NotValid(
            "url",
            N_("Give an address on the internet that begins with https://, without a password."),
        )


@verb
def unsubscribe(subscription_id: UUID, *, by: Actor) -> None:
    """No more of it. What was tried so far goes with it."""
    gone, _ = own(by).filter(pk=subscription_id).delete()
    if not gone:
        raise NotSeen
    record("subscription.ended", subscription_id, by=by, audience=[by.organisation_id])
