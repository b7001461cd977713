"""The act and the log: whatever one actor does at once is one transaction, and its facts are kept.

The log is the only outbox. Its numbers are one step of one counter row, taken by the very last
statement of the act, so they follow the order of commits and have no gaps. After the commit a bell
rings: "the log grew". The bell carries no news, so a lost ring costs a second and nothing else.
"""

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from lzc import access, bell
from lzc.errors import N_, NotNow, NotValid, Refused
from lzc.models import Actor, LogCounter
from lzc.rounds import one_round

P = ParamSpec("P")
R = TypeVar("R")

#: What a broken constraint means to the person who was second. Apps add theirs (`when_broken`).
SENTENCES: dict[str, tuple[str, str]] = {}

CLAIM = """
INSERT INTO lzc_idempotencykey (actor, key, fingerprint) VALUES (%s, %s, %s)
ON CONFLICT DO NOTHING RETURNING clock_timestamp()
"""
STORED = "SELECT fingerprint, status, body FROM lzc_idempotencykey WHERE actor = %s AND key = %s"
KEEP = "UPDATE lzc_idempotencykey SET status = %s, body = %s WHERE actor = %s AND key = %s"
#: Django's foreign keys are deferred: left to the commit they would lock parents after the counter.
NOW = "SET CONSTRAINTS ALL IMMEDIATE"
FACTS = """
WITH step AS (UPDATE lzc_logcounter SET n = n + %s RETURNING n)
INSERT INTO lzc_event
    (number, at, type, subject, actor_kind, actor, organisation, audience, ids)
SELECT step.n - %s + f.ord, clock_timestamp(), f.type, f.subject, %s, %s, %s, f.audience, f.ids
FROM step, jsonb_to_recordset(%s::jsonb)
    AS f(ord int, type text, subject uuid, audience uuid[], ids jsonb)
"""


@dataclass
class Act:
    """What one actor does at once. `answer` is kept with the key; a replay finds it there."""

    by: Actor
    key: str = ""
    fingerprint: bytes = b""
    facts: list[dict[str, Any]] = field(default_factory=list)
    answer: tuple[int, str] | None = None
    replayed: bool = False
    #: Rows this act has locked, or made: the next verb of the same act need not lock them again.
    held: dict[UUID, Any] = field(default_factory=dict)
    #: By the database's clock: PostgreSQL's is the only one.
    moment: datetime | None = None

    def claim(self) -> None:
        """Step: take the key, or find what was answered to it. Waits for a twin at work."""
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [self.by.pk, self.key, self.fingerprint])
            if claimed := cursor.fetchone():
                self.moment = claimed[0]
                return
            cursor.execute(STORED, [self.by.pk, self.key])
            fingerprint, status, body = cursor.fetchone()
        if bytes(fingerprint) != self.fingerprint:
            raise NotValid(
                "Idempotency-Key",
                N_("This key was used before with another question. Use a new key."),
                code="key_reused",
            )
        self.replayed, self.answer = True, (status, body)

    def finish(self) -> None:
        """Step: the answer, then the facts with one step of the counter, as the last statement."""
        if self.replayed or not (self.facts or (self.key and self.answer)):
            return
        with one_round(), connection.cursor() as cursor:
            if self.key and self.answer:
                cursor.execute(KEEP, [*self.answer, self.by.pk, self.key])
            if self.facts:
                n, facts, by = len(self.facts), json.dumps(self.facts, default=str), self.by
                cursor.execute(NOW)
                cursor.execute(FACTS, [n, n, by.kind, by.pk, by.organisation_id, facts])
        if self.facts:
            transaction.on_commit(lambda: bell.ring(), robust=True)


_current: ContextVar[Act | None] = ContextVar("act", default=None)


@contextmanager
def act(
    *,
    by: Actor,
    key: str = "",
    fingerprint: bytes = b"",
    ground: str = "treatment",
    door: str = "",
    access_point: str = "",
    subject: str = "",
) -> Iterator[Act]:
    """One durable transaction in which verbs run. A refusal rolls it back and is written down.

    So is, however it ends, who was looked at in it.
    """
    if _current.get() is not None:
        raise RuntimeError("an act inside an act: the door opens one")
    this = Act(by, key, fingerprint)
    who = access.Asking(by, ground, door, access_point, subject)
    token = _current.set(this)
    try:
        with access.asking(who), translated(), transaction.atomic(durable=True):
            if key:
                this.claim()
            yield this
            this.finish()
    except BaseException as error:
        _written_down(who, error)
        raise
    finally:
        _current.reset(token)


def _written_down(who: access.Asking, error: BaseException) -> None:
    """Step, after the rollback: who was looked at, and what was refused."""
    if not isinstance(error, Refused):
        access.broken_off(who)
        return
    access.refused(who, error.code)
    if error.afterwards is not None:
        _afterwards(who, error.afterwards)


def _afterwards(who: access.Asking, verb: Callable[..., object]) -> None:
    """Step: what a refusal leaves to be done; when that cannot be done either, it stays refused."""
    token = _current.set(None)
    try:
        with act(by=who.by, ground=who.ground, door=who.door, access_point=who.access_point):
            verb(by=who.by)
    except Refused:
        return
    finally:
        _current.reset(token)


@contextmanager
def translated() -> Iterator[None]:
    """A unique index that held is a refusal like any other: somebody else was first.

    Any other constraint that held caught a mistake of ours, and is not made to look like that.
    """
    try:
        yield
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        name = error.__cause__.diag.constraint_name or ""
        sentence, code = SENTENCES.get(
            name, (N_("Somebody else was just before you. Look at how it stands now."), "conflict")
        )
        raise NotNow(sentence, code=code) from error


@contextmanager
def part() -> Iterator[None]:
    """A part of an act that may be refused by itself: then nothing of it is left, nor told."""
    this = current()
    told, held = len(this.facts), dict(this.held)
    try:
        with translated(), transaction.atomic():
            yield
    except Refused:
        del this.facts[told:]
        this.held = held
        raise


def current() -> Act:
    this = _current.get()
    if this is None:
        raise RuntimeError("a verb runs inside an act: the door opens one")
    return this


def moment() -> datetime:
    """When this act happens, by the database's clock: what a verb writes down and counts from."""
    this = current()
    if this.moment is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            this.moment = cursor.fetchone()[0]
    return this.moment


def when_broken(constraint: str, sentence: str, code: str) -> None:
    """Say what it means to a person that this constraint held."""
    SENTENCES[constraint] = (sentence, code)


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a write function of the domain: it runs inside an act, by the actor of that act."""

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if kwargs.get("by") is not current().by:
            raise RuntimeError(f"{function.__name__}: `by` is the actor of the act")
        return function(*args, **kwargs)

    return checked


def record(
    type: str, subject: UUID, *, by: Actor, audience: Iterable[UUID | None], **ids: Any
) -> None:
    """Add one fact: what happened, to what, and which organisations hear of it. Ids only."""
    this = current()
    if by is not this.by:
        raise RuntimeError("facts are recorded in the name of the actor of the act")
    this.facts.append(
        {
            "ord": len(this.facts) + 1,
            "type": type,
            "subject": str(subject),
            "audience": sorted({str(a) for a in audience if a}),
            "ids": {name: str(i) for name, i in ids.items() if i is not None},
        }
    )


def fingerprint(*parts: bytes) -> bytes:
    """What a question was: method, address and body. The same key must mean the same question."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def head() -> int:
    """The newest number of the log, now."""
    return LogCounter.objects.values_list("n", flat=True).get()
