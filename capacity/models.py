"""Who can take a patient, and the places they have. A count is a view; there is no counter."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Now

from capacity.states import PlaceState
from lzc.models import Actor, Organisation, Region
from lzc.policy import Rules
from lzc.rights import Duty


class CareType(models.TextChoices):
    """Kinds of care a unit gives. A stay needs a bed, a visit needs a team that comes."""

    ELV_LOW = "elv_laag"
    ELV_HIGH = "elv_hoog"
    ELV_PALLIATIVE = "elv_palliatief"
    GRZ = "grz"
    WLZ_CRISIS = "wlz_crisis"
    RESPIJT = "respijt"
    OBSERVATION = "observatie"
    HOSPICE = "hospice"
    WIJKVERPLEGING = "wijkverpleging"


VISITS = frozenset({CareType.WIJKVERPLEGING})


class CareUnitQuerySet(models.QuerySet["CareUnit"]):
    def visible_to(self, actor: Actor) -> "CareUnitQuerySet":
        """Capacity is no patient data: whoever works in the care of the region sees all of it."""
        if actor.organisation_id is None or not actor.duties:
            return self.none()
        return self.all()

    def own(self, actor: Actor) -> "CareUnitQuerySet":
        if actor.organisation_id is None or not actor.has(Duty.ANSWER):
            return self.none()
        return self.filter(organisation=actor.organisation_id)

    def with_counts(self) -> "CareUnitQuerySet":
        """How many places are free and held, and since when that is known."""
        return self.annotate(
            free=Count("places", filter=Place.usable("places__")),
            held=Count("places", filter=Q(places__state=PlaceState.HELD)),
            occupied=Count("places", filter=Q(places__state=PlaceState.OCCUPIED)),
            next_free_until=Min("places__valid_until", filter=Place.usable("places__")),
            newest_place=Max("places__observed_at"),
        )


class CareUnit(models.Model):
    """An ELV ward, a rehabilitation ward, a night nursing team: what an offer is made to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="units")
    region = models.ForeignKey(Region, models.PROTECT)
    name = models.CharField(max_length=120)
    care_type = models.CharField(max_length=20, choices=CareType.choices)
    town = models.CharField(max_length=80)
    pc4 = models.PositiveSmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    lat = models.FloatField()
    lon = models.FloatField()
    telephone = models.CharField(max_length=20, blank=True)
    attributes = ArrayField(models.CharField(max_length=30), default=list)
    #: Minutes after midnight, Dutch wall clock; both empty: day and night.
    admits_from = models.PositiveSmallIntegerField(null=True)
    admits_until = models.PositiveSmallIntegerField(null=True)
    #: Of a team: the postcodes it comes to. Empty for a ward: it takes anybody.
    service_area = ArrayField(models.PositiveSmallIntegerField(), default=list)
    response_minutes = models.PositiveSmallIntegerField(null=True)
    main_practitioner = models.CharField(max_length=40, blank=True)
    beds = models.PositiveSmallIntegerField(default=0)
    #: When somebody last said how many places there are, none included.
    observed_at = models.DateTimeField(null=True)
    observed_by = models.UUIDField(null=True)
    source = models.CharField(max_length=12, blank=True)
    #: When the planner was last asked whether it still holds.
    reminded_at = models.DateTimeField(null=True)

    objects = CareUnitQuerySet.as_manager()

    # Set by `with_counts`.
    free: int
    held: int
    occupied: int

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["care_type"], name="unit_care_type"),
            GinIndex(fields=["service_area"], name="unit_service_area"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_team(self) -> bool:
        return self.care_type in VISITS

    def freshness(self, now: datetime, rules: Rules) -> str:
        """fresh, ageing or unknown: shown, never hidden."""
        if self.observed_at is None:
            return "unknown"
        old = now - self.observed_at
        if old <= timedelta(minutes=rules.fresh_minutes):
            return "fresh"
        return "ageing" if old <= timedelta(minutes=rules.unknown_minutes) else "unknown"


class Place(models.Model):
    """One bed that can be given now, or one visit a team can still make this shift."""

    class Source(models.TextChoices):
        PLANNER = "planner"
        API = "api"
        PHONE = "phone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(CareUnit, models.PROTECT, related_name="places")
    state = models.CharField(max_length=10, default=PlaceState.FREE)
    #: The offer that holds it. A bare id: capacity does not know offers.
    held_by = models.UUIDField(null=True)
    valid_until = models.DateTimeField(null=True)
    source = models.CharField(max_length=8, choices=Source.choices)
    observed_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in PlaceState]), name="place_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=PlaceState.HELD, held_by__isnull=False)
                | (~Q(state=PlaceState.HELD) & Q(held_by=None)),
                name="place_held_by_an_offer",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit"], condition=Q(state="free"), name="place_free"),
            models.Index(fields=["held_by"], condition=Q(state="held"), name="place_held"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.state}"

    @staticmethod
    def usable(prefix: str = "") -> Q:
        """Free, and its shift has not ended."""
        until = f"{prefix}valid_until"
        free = Q(**{f"{prefix}state": PlaceState.FREE})
        return free & (Q(**{until: None}) | Q(**{f"{until}__gt": Now()}))
