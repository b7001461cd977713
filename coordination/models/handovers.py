"""A case that goes from desk to desk, and what is noted in it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from coordination.models.requests import sides_of
from coordination.states import (
    HandoverState,
)
from lzc.models import Actor, Desk, Organisation
from triage.models import Case, PatientData


class Handover(models.Model):
    """A desk hands the case to another: told in SBAR, read back, then the other owns it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="handovers")
    from_desk = models.ForeignKey(Desk, models.PROTECT, related_name="+")
    to_desk = models.ForeignKey(Desk, models.PROTECT, related_name="+")
    situation = models.TextField()
    background = models.TextField(blank=True)
    assessment = models.TextField(blank=True)
    recommendation = models.TextField()
    read_back = models.TextField(blank=True)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default=HandoverState.OFFERED)
    offered_by = models.UUIDField()
    offered_at = models.DateTimeField(db_default=Now())
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = PatientData.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in HandoverState]), name="handover_state_known"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="offered"), name="handover_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(from_desk=F("to_desk")), name="handover_to_another_desk"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | ~Q(read_back=""), name="handover_is_read_back"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["to_desk"], condition=Q(state="offered"), name="handover_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.from_desk} → {self.to_desk}: {self.state}"

    def sides(self, actor: Actor) -> set[str]:
        return sides_of(
            actor,
            sender=self.from_desk.organisation_id,
            receiver=self.to_desk.organisation_id,
        )


class Note(models.Model):
    """A line in the case that everybody involved reads. Never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    text = models.TextField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    actor = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    objects = PatientData.as_manager()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.at:%F %R}"
