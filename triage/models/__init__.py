"""The patient, the case around one episode, and everything that was said and judged in it."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.functional import cached_property

from lzc.crypto import open_bsn
from lzc.models import Actor, Desk, Organisation, Region
from lzc.rights import OrganisationKind
from triage.identity import LONGEST_ADDRESS_KEY, LONGEST_PERSON_KEY, written_postcode
from triage.models.drafts import Draft as Draft
from triage.models.guarded import PatientData as PatientData
from triage.states import CaseState, Side
from triage.urgency import Urgency, may_be_matched

#: Entered later than this after it happened: entered afterwards.
LATE = timedelta(minutes=30)


class Patient(models.Model):
    """A person, and all personal data about them; erasable. Reached through `triage.gateway`."""

    class Sex(models.TextChoices):
        FEMALE = "female"
        MALE = "male"
        OTHER = "other"
        UNKNOWN = "unknown"

    class NoBsn(models.TextChoices):
        """Why there is no BSN. That is normal: a person on the floor has no card at hand."""

        UNKNOWN = "unknown"
        NON_RESIDENT = "non_resident"
        REFUSED = "refused"
        EMERGENCY = "emergency"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bsn_sealed = models.BinaryField(null=True, editable=False)
    bsn_index = models.BinaryField(max_length=32, null=True, editable=False)
    no_bsn = models.CharField(max_length=12, choices=NoBsn.choices, blank=True)
    foreign_id = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    estimated_age = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    address = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=6, blank=True)
    town = models.CharField(max_length=80, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    #: Practical things the next carer needs: key safe, dog, language, who to call.
    access_notes = models.CharField(max_length=300, blank=True)
    own_huisarts = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    #: For recognising: folded name and birth date; full postcode and house number.
    person_key = models.CharField(max_length=LONGEST_PERSON_KEY, blank=True, editable=False)
    address_key = models.CharField(max_length=LONGEST_ADDRESS_KEY, blank=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True)
    erased_at = models.DateTimeField(null=True)

    objects = PatientData.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bsn_index"], condition=Q(merged_into=None), name="patient_bsn_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person_key"], condition=~Q(person_key=""), name="patient_person"),
            models.Index(
                fields=["address_key"], condition=~Q(address_key=""), name="patient_address"
            ),
            models.Index(
                fields=["telephone"], condition=~Q(telephone=""), name="patient_telephone"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def bsn(self) -> str:
        return open_bsn(bytes(self.bsn_sealed), self.pk) if self.bsn_sealed else ""

    @property
    def pc4(self) -> int | None:
        return int(self.postcode[:4]) if self.postcode else None

    @property
    def is_temporary(self) -> bool:
        return not self.name

    def label(self) -> str:
        """Name, or for somebody unknown a visible temporary identity."""
        return self.name or f"ONB-{self.pk.hex[:6].upper()}"

    def home(self) -> str:
        """Where they live, as on a letter: `Brink 21, 7772 DA Hardenberg`; as far as known."""
        place = f"{written_postcode(self.postcode)} {self.town}".strip()
        return ", ".join(part for part in (self.address, place) if part)


class CaseReference(models.Func):
    """`ZC-2611-0418`: what people say on the telephone. Never reused; gaps mean nothing."""

    template = (
        "'ZC-' || to_char(now() AT TIME ZONE 'Europe/Amsterdam', 'YYMM') || '-' || "
        "to_char(nextval('triage_case_reference'), 'FM999999990000')"
    )
    output_field = models.CharField()


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: Actor) -> "CaseQuerySet":
        """Cases the actor's organisation is involved in now; without duties: none.

        Nor for who only serves, whatever its part in it is.
        """
        if actor.organisation_id is None or not actor.duties or not actor.keeps_records:
            return self.none()
        mine = Involvement.objects.open().filter(
            case=OuterRef("pk"), organisation=actor.organisation_id
        )
        return self.filter(Exists(mine))

    def locked(self, pk: uuid.UUID) -> "Case":
        """Asked twice when it got another owner while we waited: the old one joins no more."""
        rows = self.select_for_update(no_key=True, of=("self",)).select_related("owner")
        return rows.filter(pk=pk).first() or rows.get(pk=pk)


class Case(models.Model):
    """Casus: everything around one patient's episode. One desk owns it at any moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True, db_default=CaseReference())
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="cases")
    region = models.ForeignKey(Region, models.PROTECT)
    owner = models.ForeignKey(Desk, models.PROTECT, related_name="cases")
    state = models.CharField(max_length=12, default=CaseState.OPEN)
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=40, blank=True)
    redirected_at = models.DateTimeField(null=True)
    #: Why looking at it is more sensitive than usual: see `AccessRecord`.
    sensitivity = models.CharField(max_length=12, blank=True)
    #: When 112 said that it is no life threat after all; None while nothing of the sort was said.
    cleared_at = models.DateTimeField(null=True)
    #: Rides of the ambulance service: how 112 knows this episode.
    ritnummer = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    _told: list[uuid.UUID] | None = None

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in CaseState]), name="case_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.CLOSED, closed_at__isnull=False)
                | (~Q(state=CaseState.CLOSED) & Q(closed_at=None)),
                name="case_closed_has_time",
            ),
            # One open episode per person: a second call joins the first.
            models.UniqueConstraint(
                fields=["patient"],
                condition=~Q(state=CaseState.CLOSED),
                name="case_one_open_per_person",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["owner"], condition=~Q(state=CaseState.CLOSED), name="case_open_of_desk"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def audience(self) -> list[uuid.UUID]:
        """Organisations that are told what happens in this case."""
        if self._told is None:
            parts = self.involvements.open().values_list("organisation_id", flat=True)
            self._told = list(parts.distinct())
        return self._told

    def involve(
        self,
        kind: str,
        organisation: uuid.UUID,
        *,
        desk: Desk | None = None,
        since: datetime | None = None,
    ) -> None:
        """Step: the caller holds the case. From now on this organisation sees and is told."""
        part = Involvement(case=self, kind=kind, organisation_id=organisation, desk=desk)
        if since is not None:
            part.since = since
        Involvement.objects.bulk_create([part], ignore_conflicts=True)
        self._told = sorted({*(self.audience()), organisation}, key=str)

    def release(self, kind: str, organisation: uuid.UUID) -> None:
        """Step: the caller holds the case. This part of the organisation in it has ended."""
        self.involvements.open().filter(kind=kind, organisation=organisation).update(until=Now())
        self._told = None

    def release_helper(self, organisation: uuid.UUID) -> None:
        """Step: it helps no longer. Who spoke with the patient itself keeps sight of the case."""
        spoke = Contact.objects.filter(case=self, organisation=organisation)
        parts = self.involvements.open().filter(~Exists(spoke), organisation=organisation)
        parts.filter(kind=Involvement.Kind.HELPER).update(until=Now())
        self._told = None

    @cached_property
    def newest_triage(self) -> "TriageRecord | None":
        return self.triage.order_by("-number").first()

    def open_twin(self) -> "Case | None":
        """Of a closed case: the one that runs for the same person now."""
        alive = Case.objects.filter(patient=self.patient_id).exclude(state=CaseState.CLOSED)
        return alive.exclude(pk=self.pk).first()

    @property
    def may_be_matched(self) -> bool:
        """Nothing is matched under a life threat, nor a U2 that no physician looked at.

        What was judged before a redirection no longer counts: first somebody looks again.
        """
        newest = self.newest_triage
        return (
            self.state == CaseState.OPEN
            and newest is not None
            and (self.redirected_at is None or newest.at > self.redirected_at)
            and may_be_matched(newest.urgency, newest.physician)
        )

    @property
    def awaits_new_look(self) -> bool:
        """112 confirmed that no life is at stake, and nobody judged it since it was passed on."""
        newest = self.newest_triage
        return (
            self.state == CaseState.OPEN
            and self.redirected_at is not None
            and self.cleared_at is not None
            and (newest is None or newest.at <= self.redirected_at)
        )

    def sides(self, actor: Actor) -> set[str]:
        """In which parts this actor stands before the case."""
        if actor.organisation_id is None:
            return {Side.CLOCK} if actor.kind == "clock" else set()
        sides: set[str] = set()
        if self.owner.organisation_id == actor.organisation_id:
            sides.add(Side.OWNER)
        if actor.organisation_id in self.audience():
            sides.add(Side.PARTY)
            if actor.organisation.kind == OrganisationKind.MELDKAMER:  # type: ignore[attr-defined]
                sides.add(Side.MELDKAMER)
        return sides


class InvolvementQuerySet(models.QuerySet["Involvement"]):
    def open(self) -> "InvolvementQuerySet":
        return self.filter(until=None)

    def close(self) -> int:
        return self.open().update(until=Now())


class Involvement(models.Model):
    """An organisation's part in a case, from when until when: who may see, who is told."""

    class Kind(models.TextChoices):
        OWNER = "owner"
        REQUESTER = "requester"
        HELPER = "helper"
        PROVIDER = "provider"
        OWN_HUISARTS = "own_huisarts"

    case = models.ForeignKey(Case, models.PROTECT, related_name="involvements")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True)

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="owner", until=None), name="case_one_owner"
            ),
            models.UniqueConstraint(
                fields=["case", "organisation", "kind"],
                condition=Q(until=None),
                name="involvement_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="involvement_ends_after"
            ),
            models.CheckConstraint(
                condition=~Q(kind="owner") | Q(desk__isnull=False), name="owner_is_a_desk"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["owner", "requester", "helper", "provider", "own_huisarts"]),
                name="involvement_kind_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "case"], condition=Q(until=None), name="involvement_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.kind}"


class Contact(models.Model):
    """Contactmoment: who called or came, when, about what. Never changed afterwards."""

    class Kind(models.TextChoices):
        CALL = "call"
        VISIT = "visit"
        OBSERVATION = "observation"  # of a third party: police, municipality, neighbour
        REPORT = "report"  # findings of a carer

    class AskedBy(models.TextChoices):
        CITIZEN = "citizen"
        PROFESSIONAL = "professional"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    actor = models.UUIDField()
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CALL)
    asked_by = models.CharField(
        max_length=12, choices=AskedBy.choices, default=AskedBy.PROFESSIONAL
    )
    caller = models.CharField(max_length=120, blank=True)
    callback = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    occurred_at = models.DateTimeField()
    registered_at = models.DateTimeField(db_default=Now())
    external_ref = models.CharField(max_length=80, blank=True)
    #: How this ended for others: police_lift, ambulance_avoided, seh_avoided …
    outcomes = ArrayField(models.CharField(max_length=24), default=list)
    #: Core items that were asked again although the case knew them. The aim is none.
    reentered = ArrayField(models.CharField(max_length=12), default=list)

    objects = PatientData.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "external_ref"],
                condition=~Q(external_ref=""),
                name="contact_external_ref_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["call", "visit", "observation", "report"]),
                name="contact_kind_known",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["case", "occurred_at"], name="contact_of_case")]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_at:%F %R}"

    @property
    def is_late_entry(self) -> bool:
        return self.registered_at - self.occurred_at > LATE


class TriageRecord(models.Model):
    """One judgement of urgency and complaint. Append-only; points to the one it builds on."""

    class How(models.TextChoices):
        NEW = "new"
        TAKEN_OVER = "taken_over"  # read and agreed
        SUPPLEMENTED = "supplemented"  # something was added
        REDONE = "redone"  # done again, for a reason

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="triage")
    number = models.PositiveIntegerField()
    previous = models.ForeignKey("self", models.PROTECT, null=True)
    how = models.CharField(max_length=12, choices=How.choices)
    reason = models.CharField(max_length=200, blank=True)
    system = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=40, blank=True)
    urgency = models.CharField(max_length=2, choices=[(u, u) for u in Urgency])
    complaint = models.TextField(blank=True)
    abcde = models.JSONField(default=dict)
    alarm_signals = ArrayField(models.CharField(max_length=40), default=list)
    treatment_limits = models.CharField(max_length=300, blank=True)
    #: The physician who confirmed that a U2 may be placed; empty when nobody did.
    physician = models.CharField(max_length=120, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    actor = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    objects = PatientData.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="triage_number_once"),
            models.CheckConstraint(
                condition=Q(urgency__in=[u.value for u in Urgency]), name="triage_urgency_known"
            ),
            models.CheckConstraint(
                condition=Q(how__in=["new", "taken_over", "supplemented", "redone"]),
                name="triage_how_known",
            ),
            models.CheckConstraint(
                condition=~Q(how="redone") | ~Q(reason=""), name="redone_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(how="new", previous=None) | ~Q(how="new") & Q(previous__isnull=False),
                name="triage_builds_on_the_last",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.urgency} {self.how}"


class CareAssessment(models.Model):
    """Answers to the decision aid for a stay; it proposes, the referrer decides."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="assessments")
    version = models.CharField(max_length=20)
    answers = models.JSONField()
    outcome = models.CharField(max_length=40)
    chosen = models.CharField(max_length=40)
    deviation = models.CharField(max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    actor = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    objects = PatientData.as_manager()

    class Meta:
        base_manager_name = "objects"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome=F("chosen")) | ~Q(deviation=""), name="deviation_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.chosen
