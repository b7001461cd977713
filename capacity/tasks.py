"""Capacity grows old: who listed it is asked, and a shift that ended gives no visits any more."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.db.models.functions import Now

from capacity import planning, reminders
from capacity.models import CareUnit, Place
from capacity.reminders import ASKED_IN_VAIN, NOT_ASKED, UNDECLARED
from capacity.states import PlaceState
from lzc.models import regions_alike
from lzc.sweeps import BATCH, sweep


@shared_task
def remind_stale_capacity() -> int:
    """Too long silent, by the rules of their own region."""
    return sweep(reminders.remind, silent_units())


def silent_units() -> Iterator[UUID]:
    for rules, regions in regions_alike("fresh_minutes"):
        fresh = timedelta(minutes=rules.fresh_minutes)
        silent = CareUnit.objects.filter(
            NOT_ASKED, UNDECLARED, region__in=regions, observed_at__lt=Now() - fresh
        )
        yield from silent.order_by("observed_at").values_list("pk", flat=True)[:BATCH]


@shared_task
def escalate_ignored_reminders() -> int:
    """Asked, and nothing was said since."""
    return sweep(reminders.escalate, ignoring_units())


def ignoring_units() -> Iterator[UUID]:
    for rules, regions in regions_alike("reminder_minutes"):
        patience = timedelta(minutes=rules.reminder_minutes)
        found = CareUnit.objects.filter(
            ASKED_IN_VAIN, region__in=regions, reminded_at__lt=Now() - patience
        )
        yield from found.order_by("reminded_at").values_list("pk", flat=True)[:BATCH]


@shared_task
def end_shifts() -> int:
    """Visits that were not given before their shift ended."""
    over = Place.objects.filter(state=PlaceState.FREE, valid_until__lte=Now())
    return sweep(planning.lapse, over.order_by("valid_until").values_list("pk", flat=True)[:BATCH])


@shared_task
def free_planned_places() -> int:
    """`Vrij vanaf` has come."""
    due = Place.objects.filter(free_from__lte=Now())
    return sweep(planning.come_free, due.order_by("free_from").values_list("pk", flat=True)[:BATCH])
