"""A message to who asked for care: that something happened to their request."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from lzc.models import Actor, Organisation
from lzc.rights import Duty


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, actor: Actor) -> "NoticeQuerySet":
        """The whole practice: who asked may be off duty when a place is found."""
        if actor.organisation_id is None or not actor.has(Duty.ASK):
            return self.none()
        return self.filter(organisation=actor.organisation_id)


class Notice(models.Model):
    """Bericht. Holds no word about a patient: its request does, for who may open that."""

    class Kind(models.TextChoices):
        TAKEN = "taken"  # somebody at the desk works on it
        FOUND = "found"  # there is a place
        WAITING = "waiting"  # nothing fits now
        LOST = "lost"  # the place fell through
        CANCELLED = "cancelled"  # by the desk

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    #: The fact it follows from, by its number in the log.
    event = models.BigIntegerField()
    request = models.ForeignKey("coordination.CareRequest", models.PROTECT, related_name="notices")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    #: When to mail that it is there; none: it was mailed, or is not going to be.
    due_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["taken", "found", "waiting", "lost", "cancelled"]),
                name="notice_kind_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "-at"], name="notice_list"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="notice_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F %R}"
