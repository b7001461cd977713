"""Dividing what there is, and how far the log was read for who waits."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from coordination.states import (
    PlanState,
    Side,
)
from lzc.models import Actor, Region


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, actor: Actor) -> "PlanQuerySet":
        """Who steers the region sees how it would be divided."""
        return self.filter(Q(region__in=actor.hears) | Q(region__parent__in=actor.hears))


class Plan(models.Model):
    """Verdeling: who would get which place when all open requests are decided together.

    It proposes. Each desk carries out what concerns its own requests, all of it or part.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    made_by = models.UUIDField()
    made_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, default=PlanState.MADE)
    #: How places were divided, and by which version of the rules.
    policy = models.CharField(max_length=10)
    rules = models.CharField(max_length=120)
    #: The newest number of the log when it was made: all before it was known.
    log_number = models.BigIntegerField()
    #: The rows as `coordination.sharing.plans` wrote them. Ids and codes, no word about a patient.
    content = models.JSONField()
    applied_at = models.DateTimeField(null=True)
    applied_by = models.UUIDField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PlanState]), name="plan_state_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region", "-made_at"], name="plan_newest")]

    def __str__(self) -> str:
        return f"{self.region} {self.made_at:%F %R} {self.state}"

    def good_for(self) -> datetime:
        """Until then it may be carried out."""
        return self.made_at + timedelta(minutes=self.region.rules().plan_minutes)

    def sides(self, actor: Actor) -> set[str]:
        return {Side.DESK} if self.region.root_id in actor.hears else set()


class LogReader(models.Model):
    """Up to where a part of LZC has read the log and done what follows from it."""

    name = models.CharField(primary_key=True, max_length=30)
    cursor = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name}: {self.cursor}"
