"""The care request: what is asked, by whom, and how that stands."""

import uuid
from collections.abc import Collection
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from capacity.models import VISITS, CareType
from coordination.matching.terms import GROUNDS, RESISTS
from coordination.states import (
    OPEN,
    RequestState,
    Side,
)
from lzc.models import Actor, Desk, Organisation
from triage.models import Case, Patient
from triage.urgency import Urgency

#: Legal grounds as a request keeps them: those that make it lawful, and that there is none.
LEGAL = [*sorted(GROUNDS), RESISTS]


def values(states: Collection[str]) -> list[str]:
    return sorted(str(state) for state in states)


def sides_of(actor: Actor, **parts: uuid.UUID | None) -> set[str]:
    if actor.kind == "clock":
        return {Side.CLOCK}
    mine = actor.organisation_id
    return {side for side, organisation in parts.items() if mine and organisation == mine}


#: A draft, also one that was thrown away.
NEVER_SENT = Q(state=RequestState.DRAFT) | Q(state=RequestState.CANCELLED, submitted_at=None)


class CareRequestQuerySet(models.QuerySet["CareRequest"]):
    def visible_to(self, actor: Actor) -> "CareRequestQuerySet":
        """Requests the actor's organisation asked, looks for, or was assigned; drafts: its own.

        Who only serves has the offer, with its handover, and no more.
        """
        mine = actor.organisation_id
        if mine is None or not actor.duties:
            return self.none()
        party = Q(requester=mine) | Q(desk__organisation=mine)
        if actor.keeps_records:
            party |= Q(provider=mine)
        return self.filter(party & (~NEVER_SENT | Q(requester=mine)))

    def open(self) -> "CareRequestQuerySet":
        return self.filter(state__in=OPEN)

    def unended(self) -> "CareRequestQuerySet":
        """Asked, and neither over nor cancelled: care that has started included."""
        return self.filter(state__in=[*OPEN, RequestState.STARTED])

    def locked(self, pk: uuid.UUID) -> "CareRequest":
        return (
            self.select_for_update(no_key=True, of=("self",))
            .select_related("desk__organisation", "desk__region", "provider")
            .get(pk=pk)
        )


class CareRequest(models.Model):
    """Zorgvraag: what care is asked, by when, with what needs. Its parties may act on it."""

    class Kind(models.TextChoices):
        PLACEMENT = "placement"  # a stay somewhere: one open per person
        VISIT = "visit"  # somebody comes; may run beside a placement

    class Treats(models.TextChoices):
        """Who is the main practitioner (*hoofdbehandelaar*) during a stay. Empty: not settled."""

        OWN = "own"  # the own huisarts comes there
        PASSANT = "passant"  # a huisarts near the unit takes the patient for as long as it lasts
        SPECIALIST = "specialist"  # specialist ouderengeneeskunde
        NONE = "none"  # there is no huisarts, and nobody was found yet

    class Consent(models.TextChoices):
        """May providers be asked? When not: why it is done without."""

        GIVEN = "given"
        REPRESENTATIVE = "representative"  # given in the name of the patient
        CANNOT_DECIDE = "cannot_decide"  # and nobody who may can be reached
        NO_TIME = "no_time"
        NOT_POSSIBLE = "not_possible"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: Acceptable kinds of care, the wished one first.
    care_types = ArrayField(models.CharField(max_length=20, choices=CareType.choices))
    urgency = models.CharField(max_length=2, choices=[(u, u) for u in Urgency])
    needed_by = models.DateTimeField()
    #: One line of need, and what a place must have; no word about who it is.
    need = models.CharField(max_length=200)
    requirements = ArrayField(models.CharField(max_length=30), default=list)
    wishes = models.CharField(max_length=300, blank=True)
    #: Wishes that are known as codes count in the ranking; they exclude nobody.
    wish_codes = ArrayField(models.CharField(max_length=30), default=list)
    #: Where the patient lives; and near which postcode a place is sought when that is elsewhere:
    #: where the patient is now, or wants to be.
    pc4 = models.PositiveSmallIntegerField(null=True)
    near_pc4 = models.PositiveSmallIntegerField(null=True)
    sex = models.CharField(max_length=8, default="unknown")
    #: How far the patient may travel to a stay (minutes); whether another ROAZ region will do.
    travel_limit = models.PositiveSmallIntegerField(null=True)
    beyond = models.BooleanField(default=False)
    #: Until when a place itself may be waited for: a window that opens, a planned release.
    may_wait_until = models.DateTimeField(null=True)
    #: Wzd: what makes a stay in a closed ward lawful. Empty: not asked yet.
    legal_ground = models.CharField(max_length=16, blank=True, choices=[(g, g) for g in LEGAL])
    #: Who treats where that must be a huisarts and the own one does not come, or there is none.
    who_treats = models.CharField(max_length=16, blank=True)
    requester = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    requested_by = models.UUIDField()
    callback = models.CharField(max_length=20, blank=True)
    consent = models.CharField(max_length=20)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="requests")
    handler = models.UUIDField(null=True)
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, default=RequestState.SUBMITTED)
    interim_plan = models.CharField(max_length=300, blank=True)
    #: "Vraag ze op volgorde": whom the desk still wants asked in turn; since when, by whose choice.
    cascade = ArrayField(models.UUIDField(), default=list)
    cascade_since = models.DateTimeField(null=True)
    cascade_by = models.UUIDField(null=True)
    #: Of the interim plan: who watches, until when, and what to do when it goes wrong after all.
    watcher = models.CharField(max_length=120, blank=True)
    watch_until = models.DateTimeField(null=True)
    worst_case = models.CharField(max_length=300, blank=True)
    watch_ended_at = models.DateTimeField(null=True)
    #: The highest step of the ladder that was called, and when (`Rules.escalation`).
    escalated_to = models.CharField(max_length=12, blank=True)
    escalated_at = models.DateTimeField(null=True)
    #: When there was first no place anywhere: counted once, for reports.
    shortage_at = models.DateTimeField(null=True)
    #: Units where a place came free that fits, while it waited; and when the desk was last told.
    told_units = ArrayField(models.UUIDField(), default=list)
    places_told_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    submitted_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CareRequestQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RequestState]), name="request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["placement", "visit"]), name="request_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=[u.value for u in Urgency]), name="request_urgency_known"
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(kind="placement", state__in=values(OPEN)),
                name="request_one_open_placement",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "started"]) | Q(provider__isnull=False),
                name="request_assigned_has_provider",
            ),
            models.CheckConstraint(
                condition=Q(legal_ground__in=["", *LEGAL]), name="request_legal_ground_known"
            ),
            models.CheckConstraint(
                condition=Q(who_treats__in=["", "none", "own", "passant", "specialist"]),
                name="request_who_treats_known",
            ),
            models.CheckConstraint(
                condition=Q(cascade_since=None) | Q(state__in=["searching", "on_hold"]),
                name="request_cascade_while_searching",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["desk", "needed_by"],
                condition=Q(state__in=values(OPEN)),
                name="request_work_list",
            ),
            models.Index(fields=["requester", "-created_at"], name="request_of_requester"),
            models.Index(
                fields=["cascade_since"],
                condition=Q(cascade_since__isnull=False),
                name="request_in_cascade",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.care_types} {self.state}"

    def sides(self, actor: Actor) -> set[str]:
        parts = {"desk": self.desk.organisation_id, "provider": self.provider_id}
        return sides_of(actor, requester=self.requester_id, **parts)

    def audience(self) -> set[uuid.UUID | None]:
        """Of a draft nobody else hears, nor of a draft that was thrown away."""
        if self.submitted_at is None and self.state in (RequestState.DRAFT, RequestState.CANCELLED):
            return {self.requester_id}
        told: set[uuid.UUID | None] = {self.requester_id, self.desk.organisation_id}
        # Who only serves hears of its offer: what happens in a case is not for them.
        if self.provider and self.provider.keeps_records:
            told.add(self.provider.pk)
        return told


def kind_of(care_types: list[str]) -> str:
    """Visits and stays do not mix in one request: a team comes, a bed is gone to."""
    visits = {care in VISITS for care in care_types}
    if visits == {True}:
        return CareRequest.Kind.VISIT
    return CareRequest.Kind.PLACEMENT if visits == {False} else ""
