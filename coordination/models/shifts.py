"""Who is at work at a desk, and the claims that go from one shift to the next."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from coordination.models.requests import CareRequest, sides_of, values
from coordination.states import OPEN, PASSING, PassingState, ShiftState
from lzc.models import Actor, Membership, Organisation


def _workplace(actor: Actor) -> uuid.UUID | None:
    return actor.organisation_id if actor.duties else None


class ShiftQuerySet(models.QuerySet["Shift"]):
    def visible_to(self, actor: Actor) -> "ShiftQuerySet":
        """Who works at the same desk."""
        mine = _workplace(actor)
        return self.none() if mine is None else self.filter(organisation=mine)

    def running(self) -> "ShiftQuerySet":
        return self.filter(state=ShiftState.ON)


class Shift(models.Model):
    """Dienst: somebody is at work from here to there, and tried whether they hear the sounds."""

    class Sound(models.TextChoices):
        HEARD = "heard"
        SILENT = "silent"  # not heard: this screen is for the eyes alone

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    sound = models.CharField(max_length=6, choices=Sound.choices)
    state = models.CharField(max_length=3, default=ShiftState.ON)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state="on"), name="shift_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(sound__in=["heard", "silent"]), name="shift_sound_known"
            ),
            models.CheckConstraint(
                condition=Q(state="on", ended_at=None) | Q(state="off", ended_at__isnull=False),
                name="shift_off_has_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%F %R} {self.state}"


class PassingQuerySet(models.QuerySet["Passing"]):
    def visible_to(self, actor: Actor) -> "PassingQuerySet":
        """Who works at the desk that handles the request: nobody else's shift is this."""
        mine = _workplace(actor)
        return self.none() if mine is None else self.filter(request__desk__organisation=mine)

    def waiting(self) -> "PassingQuerySet":
        """Of requests that are still open, and that its giver still handles."""
        return self.filter(state__in=PASSING, request__state__in=OPEN, request__handler=F("giver"))


class Passing(models.Model):
    """One claim on its way to the next shift. Whose it is stands in `CareRequest.handler` alone.

    No word is kept with it: what the next one must know is what the work list says of the request.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(CareRequest, models.PROTECT, related_name="passings")
    giver = models.UUIDField()
    offered_by = models.UUIDField()
    offered_at = models.DateTimeField(db_default=Now())
    #: Not accepted by then: the whole desk is told.
    accept_before = models.DateTimeField()
    state = models.CharField(max_length=10, default=PassingState.OFFERED)
    accepted_by = models.UUIDField(null=True)
    accepted_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    #: Who of the region's ladder is to be called about it, since when, and when the next one is.
    calls = models.CharField(max_length=12, blank=True, db_default="")
    called_at = models.DateTimeField(null=True)
    call_next_at = models.DateTimeField(null=True)

    objects = PassingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PassingState]), name="passing_state_known"
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=values(PASSING)),
                name="passing_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_by__isnull=False)
                | (~Q(state="accepted") & Q(accepted_by=None)),
                name="passing_accepted_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["accept_before"], condition=Q(state="offered"), name="passing_due"
            ),
            models.Index(
                fields=["call_next_at"], condition=Q(state="escalated"), name="passing_to_call"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offered_at:%F %R} {self.state}"

    def sides(self, actor: Actor) -> set[str]:
        return sides_of(actor, desk=self.request.desk.organisation_id)
