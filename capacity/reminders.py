"""Asking a planner whether it still holds: once per silence, answered with one tap, or escalated.

The link in a reminder is signed and ends. Who opens it is nobody we know, so it can do one thing:
say of this one unit that it still holds, or how many are free. A page asks for the tap itself:
programs that look at links in messages would confirm what nobody read.
"""

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from capacity.models import CareUnit
from capacity.observing import permit
from capacity.services import own_unit, tell
from lzc.errors import N_, NotNow, NotSeen
from lzc.events import record, verb
from lzc.models import CLOCK, Actor
from lzc.rights import Duty

SALT = "capacity.reminder"
#: A reminder of last night is not answered this afternoon.
VALID = timedelta(hours=12)

NOT_ASKED = Q(reminded_at=None) | Q(reminded_at__lt=F("observed_at"))
#: Nobody declared it true until later than now.
UNDECLARED = Q(true_until=None) | Q(true_until__lte=Now())
#: Asked, and nothing said since; this silence was not escalated yet.
ASKED_IN_VAIN = Q(reminded_at__gte=F("observed_at")) & (
    Q(escalated_at=None) | Q(escalated_at__lt=F("reminded_at"))
)


class LinkActor(Actor):
    """Whoever opened the link of a reminder: at work for one unit, and for nothing else."""

    kind = "link"
    desk_id = None
    duties = frozenset({Duty.ANSWER})

    def __init__(self, unit: CareUnit) -> None:
        self.pk = unit.pk
        self.organisation_id = unit.organisation_id

    def __str__(self) -> str:
        return f"link of {self.pk}"

    @property
    def hears(self) -> list[UUID]:
        return []


def sign(unit_id: UUID) -> str:
    """The last part of the link: which unit, until when, and that we said so."""
    return signing.dumps(str(unit_id), salt=SALT)


def opened(token: str) -> LinkActor:
    """Who stands behind this link; `NotSeen` when it ended or is not ours."""
    try:
        unit_id = UUID(signing.loads(token, salt=SALT, max_age=VALID))
    except (signing.BadSignature, ValueError):
        raise NotSeen from None
    unit = CareUnit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise NotSeen
    return LinkActor(unit)


def link_for(unit_id: UUID, *, by: Actor) -> str:
    """Step: a link for a planner of this very organisation, to send where it is read."""
    unit = own_unit(unit_id, by=by)
    permit(unit, "confirm", by)
    return sign(unit.pk)


def _of_the_clock(unit_id: UUID, name: str, by: Actor) -> tuple[CareUnit, str]:
    unit = CareUnit.objects.select_related("region__parent").filter(pk=unit_id).first()
    if unit is None or by is not CLOCK:
        raise NotSeen
    found, _ = permit(unit, name, by)
    return unit, found.event


@verb
def remind(unit_id: UUID, *, by: Actor) -> None:
    """Nobody said for too long whether this still holds: ask the planner, once per silence."""
    unit, event = _of_the_clock(unit_id, "remind", by)
    stale_since = timezone.now() - timedelta(minutes=unit.region.rules().fresh_minutes)
    silent = NOT_ASKED & UNDECLARED & Q(observed_at__lt=stale_since)
    if not CareUnit.objects.filter(silent, pk=unit.pk).update(reminded_at=Now()):
        raise NotNow(N_("This was confirmed, or asked about, in the meantime."), code="not_stale")
    record(event, unit.pk, by=by, audience=[unit.organisation_id], unit=unit.pk)


@verb
def escalate(unit_id: UUID, *, by: Actor) -> None:
    """A reminder was ignored: its organisation and the desks of the region are told, once."""
    unit, event = _of_the_clock(unit_id, "escalate", by)
    patience = timedelta(minutes=unit.region.rules().reminder_minutes)
    ignored = ASKED_IN_VAIN & Q(reminded_at__lt=timezone.now() - patience)
    if not CareUnit.objects.filter(ignored, pk=unit.pk).update(escalated_at=Now()):
        raise NotNow(N_("This was answered, or told before."), code="not_ignored")
    tell(event, unit, by)
