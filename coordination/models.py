"""From question to care: the request, the offers made for it, the handover of its case."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from capacity.models import VISITS, CareType, CareUnit, Place
from coordination.notices.models import Notice as Notice
from coordination.states import (
    CHOSEN,
    HOLDING,
    OPEN,
    HandoverState,
    OfferState,
    PlanState,
    RequestState,
    Side,
)
from lzc.models import Actor, Desk, Organisation, Region
from triage.models import Case, Patient, PatientData
from triage.urgency import Urgency


def values(states: Collection[str]) -> list[str]:
    return sorted(str(state) for state in states)


def _sides(actor: Actor, **parts: uuid.UUID | None) -> set[str]:
    if actor.kind == "clock":
        return {Side.CLOCK}
    mine = actor.organisation_id
    return {side for side, organisation in parts.items() if mine and organisation == mine}


class CareRequestQuerySet(models.QuerySet["CareRequest"]):
    def visible_to(self, actor: Actor) -> "CareRequestQuerySet":
        """Requests the actor's organisation asked, looks for, or was assigned; drafts: its own."""
        mine = actor.organisation_id
        if mine is None or not actor.duties:
            return self.none()
        party = Q(requester=mine) | Q(desk__organisation=mine) | Q(provider=mine)
        return self.filter(party & (~Q(state=RequestState.DRAFT) | Q(requester=mine)))

    def open(self) -> "CareRequestQuerySet":
        return self.filter(state__in=OPEN)

    def unended(self) -> "CareRequestQuerySet":
        """Asked, and neither over nor cancelled: care that has started included."""
        return self.filter(state__in=[*OPEN, RequestState.STARTED])

    def locked(self, pk: uuid.UUID) -> "CareRequest":
        return (
            self.select_for_update(no_key=True, of=("self",))
            .select_related("desk__organisation", "desk__region")
            .get(pk=pk)
        )


class CareRequest(models.Model):
    """Zorgvraag: what care is asked, by when, with what needs. Its parties may act on it."""

    class Kind(models.TextChoices):
        PLACEMENT = "placement"  # a stay somewhere: one open per person
        VISIT = "visit"  # somebody comes; may run beside a placement

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
    pc4 = models.PositiveSmallIntegerField(null=True)
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
        return _sides(actor, requester=self.requester_id, **parts)

    def audience(self) -> set[uuid.UUID | None]:
        return {self.requester_id, self.desk.organisation_id, self.provider_id}


def kind_of(care_types: list[str]) -> str:
    """Visits and stays do not mix in one request: a team comes, a bed is gone to."""
    visits = {care in VISITS for care in care_types}
    if visits == {True}:
        return CareRequest.Kind.VISIT
    return CareRequest.Kind.PLACEMENT if visits == {False} else ""


#: What an answer reads. An offer with its parties is a hundred columns; these are a dozen.
ANSWERED = (
    *("state", "place", "visible_from", "answer_before", "seconds_left", "promised_until"),
    *("seconds_asked", "shown_at", "read_back_at", "departed_at"),
    *("unit__organisation", "unit__name", "unit__care_type"),
    *("request__state", "request__case", "request__requester"),
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
            .select_related("unit__region__parent")
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
        return _sides(
            actor,
            desk=self.request.desk.organisation_id,
            requester=self.request.requester_id,
            provider=self.unit.organisation_id,
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
        return _sides(
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
