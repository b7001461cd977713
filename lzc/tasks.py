"""Wake-ups of the ground floor."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from lzc.models import Delivery, IdempotencyKey
from lzc.webhooks import posting as webhooks

#: A question is repeated within hours; a failed delivery is looked for within weeks.
KEYS_KEPT, DELIVERIES_KEPT = timedelta(days=7), timedelta(days=30)


@shared_task
def deliver_webhooks() -> None:
    """A wake-up for each subscriber with news: one that is slow keeps no other waiting."""
    for pk in webhooks.due():
        deliver_to.apply_async([str(pk)], expires=60)


@shared_task
def deliver_to(subscription_id: str) -> int:
    return webhooks.deliver(UUID(subscription_id))


@shared_task
def tidy() -> None:
    """What nobody asks for any more."""
    IdempotencyKey.objects.filter(at__lt=Now() - KEYS_KEPT).delete()
    Delivery.objects.filter(at__lt=Now() - DELIVERIES_KEPT).delete()
    Session.objects.filter(expire_date__lt=Now()).delete()
