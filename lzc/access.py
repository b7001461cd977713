"""Who looked at whom. No log, no data: patient rows are read only after a record of it was written.

An act tells who asks and why (`Asking`). The gateway (`triage.gateway`) calls `opened` before it
reads; `require` guards the rows themselves. A refusal is written in a transaction of its own,
since the act's is rolled back.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from lzc.crypto import blind
from lzc.models import AccessRecord, Action, Actor


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
    action: Action, patients: Iterable[UUID], *, subject: str = "", terms: Iterable[str] = ()
) -> None:
    """Write down that these patients are looked at now; from here on their rows may be read.

    `terms`: what was searched for; only a keyed hash of it is kept.
    """
    who = _asking.get()
    if who is None:
        raise NoAccessRecord("patient data is reached from inside an act")
    detail = blind("|".join(terms)).hex() if terms else ""
    _write(who, action, sorted(set(patients), key=str), subject or who.subject, detail)
    _granted.set(True)


def require() -> None:
    if not _granted.get():
        raise NoAccessRecord("write an access record before reading patient data")


def refused(who: Asking, code: str) -> None:
    """A refusal is worth knowing too: somebody tried."""
    with transaction.atomic(durable=True):
        _write(who, Action.REFUSED, [], who.subject, code)


def _write(who: Asking, action: Action, patients: list[UUID], subject: str, detail: str) -> None:
    AccessRecord.objects.bulk_create(
        [
            AccessRecord(
                action=action,
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
        ]
    )
