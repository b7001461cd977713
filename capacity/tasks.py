"""Capacity grows old: who listed it is asked, and a shift that ended gives no visits any more."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.db.models import F, Q
from django.db.models.functions import Now

from capacity import services
from capacity.models import CareUnit, Place
from capacity.states import PlaceState
from lzc.models import Region
from lzc.sweeps import BATCH, sweep


@shared_task
def remind_stale_capacity() -> int:
    """Too long silent, by the rules of their own region."""
    return sweep(services.remind, silent_units())


def silent_units() -> Iterator[UUID]:
    not_asked = Q(reminded_at=None) | Q(reminded_at__lt=F("observed_at"))
    for region in Region.objects.filter(careunit__isnull=False).distinct():
        fresh = timedelta(minutes=region.rules().fresh_minutes)
        silent = CareUnit.objects.filter(not_asked, region=region, observed_at__lt=Now() - fresh)
        yield from silent.order_by("observed_at").values_list("pk", flat=True)[:BATCH]


@shared_task
def end_shifts() -> int:
    """Visits that were not given before their shift ended."""
    over = Place.objects.filter(state=PlaceState.FREE, valid_until__lte=Now())
    return sweep(services.lapse, over.order_by("valid_until").values_list("pk", flat=True)[:BATCH])
