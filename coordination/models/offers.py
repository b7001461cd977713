"""The question to a unit, with a place held for it; and who let questions pass."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from capacity.models import CareUnit, Place
from coordination.models.requests import CareRequest, sides_of, values
from coordination.states import (
    CHOSEN,
    HOLDING,
    OfferState,
)
from lzc.models import Actor

#: What an answer reads. An offer with its parties is a hundred columns; these are a dozen.
ANSWERED = (
    *("state", "place", "visible_from", "answer_before", "seconds_left", "promised_until"),
    *("seconds_asked", "shown_at", "read_back_at", "departed_at"),
    *("unit__organisation", "unit__name", "unit__care_type"),
    *("request__state", "request__case", "request__requester", "request__requirements"),
    *("request__desk__organisation", "request__desk__region__parent"),
)


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, actor: Actor) -> "OfferQuerySet":
        """The desk and the requester from the start, the provider once it was really sent."""
        mine = actor.organisation_id
        if mine is None or not actor.duties:
            return self.none()
        asked = Q(request__desk__organisation=mine) | Q(request__requester=mine)
        return self.filter(self._sent_to(mine) | asked)

    def inbox(self, actor: Actor) -> "OfferQuerySet":
        if actor.organisation_id is None or not actor.duties:
            return self.none()
        return self.filter(self._sent_to(actor.organisation_id))

    def _sent_to(self, organisation: uuid.UUID) -> Q:
        """What was taken back before it could be seen was never sent."""
        unseen = Q(state=OfferState.WITHDRAWN, ended_at__lte=F("visible_from"))
        return Q(unit__organisation=organisation, visible_from__lte=Now()) & ~unseen

    def live(self) -> "OfferQuerySet":
        return self.filter(state__in=HOLDING)

    def to_answer(self) -> "OfferQuerySet":
        """Locked, with no more than an answer needs: its clock, its place, who the parties are."""
        locked = self.select_for_update(no_key=True, of=("self",)).order_by()
        return locked.select_related("unit", "request__desk__region").only(*ANSWERED)

    def locked(self, pk: uuid.UUID) -> "Offer":
        return (
            self.select_for_update(no_key=True, of=("self",))
            .select_related("unit__region__parent", "unit__organisation")
            .get(pk=pk)
        )


class Offer(models.Model):
    """Aanbod: the question to one unit to take one patient, with one place held for it.

    Until it is assigned it shows a profile, no person. Then the record and an SBAR open.
    """

    class Reason(models.TextChoices):
        """Why not. "No capacity" is kept apart from "cannot give this care"."""

        NO_CAPACITY = "no_capacity"
        NO_STAFF = "no_staff"
        TOO_HEAVY = "too_heavy"
        DOES_NOT_FIT = "does_not_fit"
        ONLY_LATER = "only_later"
        NO_ISOLATION = "no_isolation"
        NO_EQUIPMENT = "no_equipment"
        NEEDS_CLOSED_WARD = "needs_closed_ward"
        ADMISSION_STOP = "admission_stop"
        TOO_LITTLE_INFORMATION = "too_little_information"
        CONTRACT = "contract"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(CareRequest, models.PROTECT, related_name="offers")
    unit = models.ForeignKey(CareUnit, models.PROTECT, related_name="offers")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=OfferState.SENT)
    #: What the provider sees before assignment: age band, sex, PC4, care, urgency, needs.
    profile = models.JSONField()
    visible_from = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    answer_before = models.DateTimeField()
    #: What was left on the clock when a question stopped it.
    seconds_left = models.PositiveIntegerField(null=True)
    #: How long its questions have stopped the clock so far.
    seconds_asked = models.PositiveIntegerField(default=0)
    #: When the desk was told that nobody answers: call them.
    prompted_at = models.DateTimeField(null=True)
    promised_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=24, blank=True)
    #: "Not in time, but later": from when the place can be had.
    free_from = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, blank=True)
    #: What the choice to ask this unit rested on: the ranking of that moment, and by which rules.
    decision = models.JSONField(null=True)
    #: When the provider said that the hygiene for an infection is in order.
    hygiene_at = models.DateTimeField(null=True)
    question = models.CharField(max_length=300, blank=True)
    reply = models.CharField(max_length=300, blank=True)
    sbar = models.JSONField(null=True)
    read_back = models.CharField(max_length=300, blank=True)
    read_back_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    departed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in OfferState]), name="offer_state_known"
            ),
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(state__in=values(HOLDING)),
                name="offer_one_live_per_place",
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state__in=values(CHOSEN)),
                name="offer_one_assigned_per_request",
            ),
            models.UniqueConstraint(
                fields=["request", "unit"],
                condition=Q(state__in=values(HOLDING)),
                name="offer_one_live_per_unit",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "failed"]) | ~Q(reason=""),
                name="offer_refused_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["answer_before"],
                condition=Q(state__in=["asked", "sent"]),
                name="offer_due",
            ),
            models.Index(fields=["unit", "-visible_from"], name="offer_inbox"),
            models.Index(
                fields=["unit", "-ended_at"], condition=Q(state="expired"), name="offer_unanswered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.state}"

    def sides(self, actor: Actor) -> set[str]:
        return sides_of(
            actor,
            desk=self.request.desk.organisation_id,
            requester=self.request.requester_id,
            provider=self.unit.organisation_id,
        )

    def serves(self, actor: Actor) -> bool:
        """Its house only serves: it has no record to open, but must know what to do."""
        house = self.unit.organisation
        return (
            house.pk == actor.organisation_id and not house.keeps_records and self.state in CHOSEN
        )

    def audience(self) -> set[uuid.UUID | None]:
        """The provider hears of it from the moment it could see it."""
        told: set[uuid.UUID | None] = {
            self.request.desk.organisation_id,
            self.request.requester_id,
        }
        sent = self.visible_from <= timezone.now()
        return told | ({self.unit.organisation_id} if sent else set())


class Silence(models.Model):
    """A unit lets offers pass without a word, or says nothing of its places. Rows are kept.

    Whether a unit is silent is never read from here: it is seen from its offers and its figures.
    A row is what was told of it, so that it is told once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(CareUnit, models.PROTECT, related_name="+")
    told_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ended_at=None), name="silence_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} since {self.told_at}"
