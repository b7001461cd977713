"""Who looked at whom. No log, no data: patient rows are read only after a record of it was written.

An act tells who asks and why (`Asking`). The gateway (`triage.gateway`) calls `opened` before it
reads; `require` guards the rows themselves. What an act that is rolled back had written, is written
once more in a transaction of its own: who looked has looked, whatever became of the act.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from lzc.crypto import blind
from lzc.models import AccessRecord, Action, Actor

logger = logging.getLogger(__name__)

LATELY = timedelta(hours=1)

#: Written out, for it goes before every look. The database says when; that stays so when it has to
#: be written once more.
WRITTEN = [f.attname for f in AccessRecord._meta.concrete_fields if f.name != "at"]
WRITE = f"""
INSERT INTO lzc_accessrecord ({", ".join(f'"{name}"' for name in WRITTEN)})
VALUES ({", ".join("%s::uuid[]" if name == "patients" else "%s" for name in WRITTEN)})
RETURNING at
"""


class NoAccessRecord(RuntimeError):
    """Patient data was asked for without saying who looks: a mistake in the code."""


@dataclass(frozen=True)
class Asking:
    """Who asks, on what ground, through which door, from where."""

    by: Actor
    ground: str = "treatment"
    door: str = ""
    access_point: str = ""
    subject: str = ""
    #: What this act has written down so far.
    written: list[AccessRecord] = field(default_factory=list, compare=False)


_asking: ContextVar[Asking | None] = ContextVar("asking", default=None)
_granted: ContextVar[bool] = ContextVar("granted", default=False)


@contextmanager
def asking(who: Asking) -> Iterator[None]:
    """Step: within it `opened` may be called; nothing is granted yet."""
    asked, granted = _asking.set(who), _granted.set(False)
    try:
        yield
    finally:
        _granted.reset(granted)
        _asking.reset(asked)


def opened(
    action: Action,
    patients: Iterable[UUID],
    *,
    subject: str = "",
    terms: Iterable[str] = (),
    sensitivity: str = "",
) -> None:
    """Write down that these patients are looked at now; from here on their rows may be read.

    `terms`: what was searched for; only a keyed hash of it is kept.
    """
    who = _asking.get()
    if who is None:
        raise NoAccessRecord("patient data is reached from inside an act")
    detail = _hashed(terms)
    looked = sorted(set(patients), key=str)
    record = _record(who, action, looked, subject or who.subject, detail)
    record.sensitivity = sensitivity
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [getattr(record, name) for name in WRITTEN])
        (record.at,) = cursor.fetchone()
    who.written.append(record)
    _granted.set(True)


def others_lately(by: Actor, action: Action, *, subject: str, terms: Iterable[str] = ()) -> int:
    """How many different ones this actor asked for in the past hour, beside what is asked now."""
    said = AccessRecord.objects.filter(
        organisation=by.organisation_id,
        actor=by.pk,
        action=action,
        subject=subject,
        at__gt=Now() - LATELY,
    )
    return said.exclude(detail=_hashed(terms)).values("detail").distinct().count()


def _hashed(terms: Iterable[str]) -> str:
    told = "|".join(terms)
    return blind(told).hex() if told else ""


def require() -> None:
    if not _granted.get():
        raise NoAccessRecord("write an access record before reading patient data")


def refused(who: Asking, code: str) -> None:
    """A refusal is worth knowing too: somebody tried. It comes after what they had seen by then."""
    with transaction.atomic(durable=True):
        refusal = _record(who, Action.REFUSED, [], who.subject, code)
        AccessRecord.objects.bulk_create([*who.written, refusal])


def broken_off(who: Asking) -> None:
    """The act broke: what was looked at in it stays written, if the database still answers."""
    if not who.written:
        return
    try:
        with transaction.atomic(durable=True):
            AccessRecord.objects.bulk_create(who.written)
    except DatabaseError:
        # What broke the act is told; this must not hide it.
        logger.exception("%s access records were lost with their act", len(who.written))


def _record(
    who: Asking, action: Action, patients: list[UUID], subject: str, detail: str
) -> AccessRecord:
    return AccessRecord(
        action=Action(action).value,
        ground=who.ground,
        actor_kind=who.by.kind,
        actor=who.by.pk,
        user=getattr(who.by, "user_id", None),
        organisation=who.by.organisation_id,
        role=getattr(who.by, "role", ""),
        patients=patients,
        subject=subject,
        door=who.door,
        access_point=who.access_point,
        detail=detail[:64],
    )
