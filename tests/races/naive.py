"""LZC as it would be without its guards: first look, then write. Only the controls use it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.db.models import QuerySet
from django.utils import timezone

from capacity.models import CareUnit, Place
from capacity.states import PlaceState
from coordination import moving
from coordination.models import Offer
from lzc import moves
from lzc.errors import NotNow
from lzc.events import STORED, Act
from lzc.models import Actor
from tests import database
from tests.races.contest import Attempt
from triage import gateway

#: Between looking and writing. Long enough for another to look as well.
LAG = 0.05

ONE_OFFER_PER_PLACE = (
    "DROP INDEX offer_one_live_per_place",
    "DROP TRIGGER hold_agrees ON capacity_place",
    "DROP TRIGGER hold_agrees ON coordination_offer",
)
ONE_ASSIGNED = (*ONE_OFFER_PER_PLACE, "DROP INDEX offer_one_assigned_per_request")
ONE_HANDOVER = ("DROP INDEX handover_one_at_a_time",)
ONE_PERSON = ("DROP INDEX patient_bsn_once", "DROP INDEX case_one_open_per_person")
ONE_ANSWER = ("ALTER TABLE lzc_idempotencykey DROP CONSTRAINT lzc_idempotencykey_pkey",)


@contextmanager
def without(*guards: str) -> Iterator[None]:
    """For as long as this lasts the tests work in another database, which lacks these guards."""
    usual = connections.databases["default"]["NAME"]
    with database.cloned("naive_") as name:
        address = database.url(settings.DATABASE_OWNER_URL, name)
        with psycopg.connect(address, autocommit=True) as owner:
            for guard in guards:
                owner.execute(guard)
        _move_to(name)
        try:
            yield
        finally:
            _move_to(usual)


def _move_to(name: str) -> None:
    connections.close_all()
    connection.close_pool()
    connections.databases["default"]["NAME"] = name


def unlocked(rows: QuerySet[Any], **_how: Any) -> QuerySet[Any]:
    """In place of `select_for_update`."""
    return rows.all()


def lag() -> None:
    """Others look as well, in all likelihood."""
    time.sleep(LAG)


def hold(
    unit: CareUnit,
    *,
    offer: UUID,
    like: object = None,
    others_look: Callable[[], object] = lag,
) -> UUID:
    """In place of the one statement: is there a free place? Then it is ours."""
    place = Place.objects.filter(Place.usable(), unit=unit).first()
    if place is None:
        raise NotNow("none left", code="no_place")
    others_look()
    Place.objects.filter(pk=place.pk).update(state=PlaceState.HELD, held_by=offer)
    return place.pk


def step(
    row: Offer, name: str, by: Actor, *, due: str = "", in_time: bool = True, **values: Any
) -> None:
    """In place of the guarded update: what was right when we looked is right."""
    now = timezone.now()
    if due and in_time != (getattr(row, due) > now):
        raise NotNow("not now", code="too_late" if in_time else "answered")
    found = moving.check(row, name, by)
    if found.target is not None:
        values["state"] = found.target
    Offer.objects.filter(pk=row.pk).update(**values)
    for column, value in values.items():
        setattr(row, column, value)
    moving.tell(found.event, row, by)


class _Gap(NamedTuple):
    """Between looking and writing, wide enough for another to do all it wants."""

    looked: Event
    done: Event


_gap: ContextVar[_Gap | None] = ContextVar("gap", default=None)


def in_between(slow: Attempt, quick: Attempt) -> tuple[Attempt, Attempt]:
    """The slow one looks, the quick one does all of it, then the slow one writes. No clock."""
    gap = _Gap(Event(), Event())

    def looks_first() -> Any:
        token = _gap.set(gap)
        try:
            return slow()
        finally:
            _gap.reset(token)
            gap.looked.set()

    def comes_between() -> Any:
        gap.looked.wait()
        try:
            return quick()
        finally:
            gap.done.set()

    return looks_first, comes_between


def slow_check(at: str = "") -> Callable[..., moves.Move]:
    """In place of `moves.check`: the same, for whom `in_between` says so with a gap behind it.

    `at`: only behind the look at this move.
    """
    check = moves.check

    def checked(*args: Any, **how: Any) -> moves.Move:
        found = check(*args, **how)
        if (gap := _gap.get()) and at in ("", args[1]):
            gap.looked.set()
            gap.done.wait()
        return found

    return checked


def slow_find() -> Callable[..., Any]:
    """In place of `gateway.find`."""
    find = gateway.find

    def found(known: gateway.Known) -> Any:
        people = find(known)
        time.sleep(LAG)
        return people

    return found


def claim(this: Act) -> None:
    """In place of `Act.claim`: was this key used? If not, use it."""
    with connection.cursor() as cursor:
        cursor.execute(STORED, [this.by.pk, this.key])
        if found := cursor.fetchone():
            this.replayed, this.answer = True, found[1:]
            return
        time.sleep(LAG)
        cursor.execute(
            "INSERT INTO lzc_idempotencykey (actor, key, fingerprint) VALUES (%s, %s, %s)",
            [this.by.pk, this.key, this.fingerprint],
        )
