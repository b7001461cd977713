"""Who stopped answering. Seen from offers that ran out and from figures that grew old: no counter.

A silent unit is shown as such, told of once, and never taken away. The desk is told to telephone
while there is still time, and its planner hears that others see the silence.
"""

from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from capacity.models import CareUnit
from capacity.observing import permit
from capacity.services import tell
from coordination import moving
from coordination.models import Offer, Silence
from coordination.states import OFFER_MOVES, OfferState
from lzc.errors import N_, NotNow, NotSeen
from lzc.events import moment, record, verb
from lzc.models import CLOCK, Actor
from lzc.policy import Rules

#: At these a desk is told halfway that nobody answers; the others can wait for the deadline.
PRESSING = ("U2", "U3")


def with_health(units: QuerySet[Any], rules: Rules) -> QuerySet[Any]:
    """Each unit with `silent`: too many offers passed it without a word, or its figures did.

    An answer breaks the silence, also a no. An offer with a question that no desk answered says
    nothing of the provider.
    """
    since = timezone.now() - rules.silent_after
    later = Offer.objects.filter(unit=OuterRef("unit"), answered_at__gt=OuterRef("ended_at"))
    passed = (
        Offer.objects.filter(
            ~Exists(later),
            unit=OuterRef("pk"),
            state=OfferState.EXPIRED,
            seconds_left=None,
            ended_at__gt=since,
        )
        .order_by()
        .values("unit")
        .annotate(n=Count("pk"))
        .values("n")
    )
    unanswered = Coalesce(Subquery(passed), 0, output_field=IntegerField())
    declared = Q(true_until__isnull=False, true_until__gt=Now())
    quiet = Q(observed_at__isnull=False, observed_at__lt=since) & ~declared
    return units.alias(unanswered=unanswered).annotate(
        silent=ExpressionWrapper(
            Q(unanswered__gte=rules.silences) | quiet, output_field=BooleanField()
        )
    )


def _of_the_clock(unit_id: UUID, name: str, by: Actor) -> tuple[CareUnit, str]:
    """Step: it was given the id. The unit, locked: one act at a time tells of its silence."""
    rows = CareUnit.objects.select_related("region__parent").filter(pk=unit_id)
    unit = rows.select_for_update(no_key=True, of=("self",)).first() if by is CLOCK else None
    if unit is None:
        raise NotSeen
    found, _ = permit(unit, name, by)
    return unit, found.event


def _is_silent(unit: CareUnit) -> bool:
    known = with_health(CareUnit.objects.filter(pk=unit.pk), unit.region.rules())
    return bool(known.values_list("silent", flat=True)[0])


@verb
def fall_silent(unit_id: UUID, *, by: Actor) -> None:
    """A unit stopped answering: its planners and the desks of the region are told, once."""
    unit, event = _of_the_clock(unit_id, "fall_silent", by)
    told = Silence.objects.filter(unit=unit, ended_at=None).exists()
    if told or not _is_silent(unit):
        raise NotNow(N_("This unit answers, or it was told before."), code="not_silent")
    Silence.objects.create(unit=unit)
    tell(event, unit, by)


@verb
def speak(unit_id: UUID, *, by: Actor) -> None:
    """A unit that was silent answers again: who heard of its silence hears that too."""
    unit, event = _of_the_clock(unit_id, "speak", by)
    told = Silence.objects.filter(unit=unit, ended_at=None)
    if _is_silent(unit) or not told.update(ended_at=Now()):
        raise NotNow(N_("This unit is still silent, or it was told before."), code="not_heard")
    tell(event, unit, by)


@verb
def prompt(offer_id: UUID, *, by: Actor) -> None:
    """Half of the time is over and nobody answers: the desk is told to telephone."""
    row = moving.clocked(offer_id, by)
    moving.check(row, "prompt", by)
    half = row.visible_from + (row.answer_before - row.visible_from) / 2
    pressing = row.request.urgency in PRESSING and moment() >= half
    waiting = Offer.objects.filter(pk=row.pk, state=row.state, prompted_at=None)
    if not pressing or not waiting.update(prompted_at=moment()):
        raise NotNow(N_("There is still time, or it was told before."), code="not_yet")
    desk = row.request.desk.organisation_id
    ids = {"unit": row.unit_id, "request": row.request_id}
    record(OFFER_MOVES["prompt"].event, row.pk, by=by, audience=[desk], **ids)


def unanswered() -> QuerySet[Offer]:
    """Offers for `prompt`."""
    span = DurationField()
    waiting = Offer.objects.filter(
        state=OfferState.SENT,
        prompted_at=None,
        visible_from__lte=Now(),
        request__urgency__in=PRESSING,
    )
    return waiting.annotate(
        left=ExpressionWrapper(F("answer_before") - Now(), output_field=span),
        gone=ExpressionWrapper(Now() - F("visible_from"), output_field=span),
    ).filter(left__lte=F("gone"))
