"""Mijn cijfers: how a provider answered in the last thirty days, from the rows that there are.

Counts, times and reasons of its own units. No patient is read for it, and none can be told from it
by anybody but the provider that had the patient in its care.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Extract, Greatest, Least
from django.utils import timezone

from capacity.models import CareUnit
from coordination.models import Offer, Silence
from coordination.states import OfferState
from lzc.models import Actor

S = OfferState
DAYS = 30
HOUR, DAY = 3600, 86400
ANSWERED = Q(answered_at__isnull=False)
#: Nobody said a word before the clock ran out; a question that no desk answered is not silence.
IN_SILENCE = Q(state=S.EXPIRED, answered_at=None, seconds_left=None)


class Percentile(Aggregate):
    """The value that this part of the rows does not pass."""

    function = "percentile_cont"
    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass
class Figures:
    """One unit over these thirty days. Seconds, days and hours as numbers; None: nothing to say."""

    unit: CareUnit
    asked: int = 0
    promised: int = 0
    declined: int = 0
    unanswered: int = 0
    failed: int = 0
    median_seconds: float | None = None
    slow_seconds: float | None = None
    admitted: int = 0
    bed_days: float = 0
    silences: int = 0
    silent_hours: float = 0
    silent_now: bool = False
    reasons: list[tuple[str, int]] = field(default_factory=list)

    @property
    def occupancy(self) -> float | None:
        """Which part of its bed days went to patients who came this way; a team has no beds."""
        return self.bed_days / (self.unit.beds * DAYS) if self.unit.beds else None


def of_provider(by: Actor) -> list[Figures]:
    """Of each of its own units."""
    now = timezone.now()
    since = now - timedelta(days=DAYS)
    units = CareUnit.objects.own(by).with_counts().order_by("name", "pk")
    found = {unit.pk: Figures(unit) for unit in units}
    for rows in (answers(by, since), stays(by, since, now), silences(by, since, now)):
        for row in rows:
            _put(found, row)
    for unit, reasons in _by_unit(refusals(by, since)).items():
        if unit in found:
            found[unit].reasons = reasons
    return list(found.values())


def _put(found: dict[UUID, Figures], row: dict[str, Any]) -> None:
    """Step: what one question counted, beside the rest of that unit."""
    figures = found.get(row.pop("unit"))
    for name, value in row.items() if figures else ():
        setattr(figures, name, value)


def _by_unit(rows: QuerySet[Any, Any]) -> dict[UUID, list[tuple[str, int]]]:
    found: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        found[row["unit"]].append((row["reason"], row["n"]))
    return found


# What is counted ---------------------------------------------------------------------------------


def _asked(by: Actor, since: datetime) -> QuerySet[Offer]:
    return Offer.objects.inbox(by).filter(visible_from__gt=since).order_by()


def answers(by: Actor, since: datetime) -> QuerySet[Any, Any]:
    """How many it was asked, what it said, and how soon: without the time its questions took."""
    long = Extract(F("answered_at") - F("visible_from"), "epoch") - F("seconds_asked")
    took = Greatest(long, Value(0.0), output_field=FloatField())
    no = Q(state=S.DECLINED)
    return (
        _asked(by, since)
        .values("unit")
        .annotate(
            asked=Count("pk"),
            promised=Count("pk", filter=ANSWERED & ~no),
            declined=Count("pk", filter=no),
            unanswered=Count("pk", filter=IN_SILENCE),
            failed=Count("pk", filter=Q(state=S.FAILED)),
            median_seconds=Percentile(took, part=0.5, filter=ANSWERED),
            slow_seconds=Percentile(took, part=0.9, filter=ANSWERED),
        )
    )


def refusals(by: Actor, since: datetime) -> QuerySet[Any, Any]:
    """Why it said no, the most frequent reason first."""
    rows = _asked(by, since).filter(state=S.DECLINED).values("unit", "reason")
    return rows.annotate(n=Count("pk")).order_by("-n", "reason")


def stays(by: Actor, since: datetime, now: datetime) -> QuerySet[Any, Any]:
    """Who came, and the bed days that they took within these thirty days."""
    until = Least(Coalesce("ended_at", Value(now)), Value(now))
    days = Extract(until - Greatest("started_at", Value(since)), "epoch") / DAY
    here = Q(ended_at=None) | Q(ended_at__gt=since)
    return (
        Offer.objects.inbox(by)
        .filter(here, started_at__isnull=False)
        .order_by()
        .values("unit")
        .annotate(
            admitted=Count("pk", filter=Q(started_at__gt=since)),
            bed_days=Sum(days, output_field=FloatField()),
        )
    )


def silences(by: Actor, since: datetime, now: datetime) -> QuerySet[Any, Any]:
    """How often the desks were told that it did not answer, and for how long."""
    until = Coalesce("ended_at", Value(now))
    hours = Extract(until - Greatest("told_at", Value(since)), "epoch") / HOUR
    return (
        Silence.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since))
        .filter(unit__in=CareUnit.objects.own(by))
        .order_by()
        .values("unit")
        .annotate(
            silences=Count("pk"),
            silent_hours=Sum(hours, output_field=FloatField()),
            silent_now=Count("pk", filter=Q(ended_at=None)),
        )
    )
