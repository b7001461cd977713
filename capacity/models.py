"""Who can take a patient, and the places they have. A count is a view; there is no counter."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import Count, Exists, F, Func, Max, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Now
from django.db.models.lookups import Regex

from capacity.states import Load, PlaceState, Said, Source, Stop
from lzc.freshness import freshness
from lzc.hours import AMSTERDAM
from lzc.models import Actor, Organisation, Region
from lzc.policy import Rules
from lzc.rights import ASKING, Duty


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
#: Where it lies, for "the nearest first": an index walks in this order.
POINT = Func(F("x"), F("y"), function="point", output_field=models.TextField())


def are_codes(column: str) -> Q:
    """Codes are joined into one word where many are compared: none is empty, none has a mark."""
    joined = Func(
        F(column),
        Value(""),
        Value("|"),
        function="array_to_string",
        output_field=models.TextField(),
    )
    return ~Q(**{f"{column}__contains": [""]}) & Q(Regex(joined, r"^[a-z0-9_]*$"))


def may_know(actor: Actor, what: str) -> bool:
    """Of the places of others, "names" or "counts": who only asks sees what its region shows."""
    house: Organisation | None = getattr(actor, "organisation", None)
    if house is None or house.kind not in ASKING:
        return True
    shown = house.region.rules().requester_sees
    return shown == "names" or shown == what == "counts"


class CareUnitQuerySet(models.QuerySet["CareUnit"]):
    def visible_to(self, actor: Actor) -> "CareUnitQuerySet":
        """Capacity is no patient data: whoever works in the care of the region sees all of it."""
        if actor.organisation_id is None or not actor.duties:
            return self.none()
        return self.all()

    def named_to(self, actor: Actor) -> "CareUnitQuerySet":
        """The same, for whoever may know which house has what; others see their own houses."""
        seen = self.visible_to(actor)
        return seen if may_know(actor, "names") else seen.filter(organisation=actor.organisation_id)

    def own(self, actor: Actor) -> "CareUnitQuerySet":
        if actor.organisation_id is None or not actor.has(Duty.ANSWER):
            return self.none()
        return self.filter(organisation=actor.organisation_id)

    def within(self, region: Region) -> "CareUnitQuerySet":
        """Those of the ROAZ region that this region is, or is a part of."""
        return self.filter(root=region.root_id)

    def with_free(self) -> "CareUnitQuerySet":
        """How many places are free and held; and `to_be_had`: none where nobody is admitted."""
        shut = Closure.now(OuterRef("pk"))
        usable = Place.usable("places__")
        return self.annotate(
            free=Count("places", filter=usable),
            to_be_had=Count("places", filter=usable & Q(~Exists(shut))),
            held=Count("places", filter=Q(places__state=PlaceState.HELD)),
        )

    def with_coming(self, until: datetime) -> "CareUnitQuerySet":
        """How many places were planned to come free before then, and when the first does. A unit
        that still admits nobody by then gives none, nor one that should have admitted by now."""
        shut = Closure.now(OuterRef("pk")).exclude(
            expected_end__gt=Now(), expected_end__lte=OuterRef("places__free_from")
        )
        # Without `isnull` PostgreSQL looks for a stop of every place: NULL does not end an AND.
        planned = {"isnull": False, "gt": Now(), "lte": until}
        due = Q(**{f"places__free_from__{how}": said for how, said in planned.items()})
        due &= Q(~Exists(shut))
        return self.annotate(
            planned=Count("places", filter=due), first_planned=Min("places__free_from", filter=due)
        )

    def with_counts(self) -> "CareUnitQuerySet":
        """How many places are free and held, since when that is known, and whether it is closed."""
        stop = Closure.now(OuterRef("pk"))
        return self.annotate(
            stopped=Subquery(stop.values("reason")),
            stopped_until=Subquery(stop.values("expected_end")),
            next_release=Min("places__free_from"),
            occupied=Count("places", filter=Q(places__state=PlaceState.OCCUPIED)),
            next_free_until=Min("places__valid_until", filter=Place.usable("places__")),
            newest_place=Max("places__observed_at"),
        ).with_free()


class CareUnit(models.Model):
    """An ELV ward, a rehabilitation ward, a night nursing team: what an offer is made to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="units")
    region = models.ForeignKey(Region, models.PROTECT)
    #: Its ROAZ region, kept by the database: places are sought in one's own region first.
    root = models.UUIDField(null=True, editable=False)
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
    #: What it can deal with at night, when fewer are at work. None: the same as by day.
    night_attributes = ArrayField(models.CharField(max_length=30), null=True)
    #: Weekday ("0": Monday) → windows of [from, until] in minutes; empty: as `admits_from` says.
    admits = models.JSONField(default=dict)
    #: Shift ("day", "evening", "night") → postcodes; what is left out is as `service_area` says.
    shift_areas = models.JSONField(default=dict)
    #: A desk may book a place here without asking first.
    direct_booking = models.BooleanField(default=False)
    beds = models.PositiveSmallIntegerField(default=0)
    #: When somebody last said how many places there are, none included.
    observed_at = models.DateTimeField(null=True)
    observed_by = models.UUIDField(null=True)
    source = models.CharField(max_length=12, blank=True)
    #: "Klopt tot 07:00": until then the figure is declared true, however old it grows.
    true_until = models.DateTimeField(null=True)
    #: When the planner was last asked whether it still holds, and when that was seen to be ignored.
    reminded_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    objects = CareUnitQuerySet.as_manager()

    # Set by `with_counts`.
    free: int
    to_be_had: int
    held: int
    occupied: int
    stopped: str | None
    stopped_until: datetime | None
    next_release: datetime | None
    # Set by `with_coming`.
    planned: int
    first_planned: datetime | None

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=are_codes(column), name=f"unit_{column}_are_codes")
            for column in ("attributes", "night_attributes")
        ]
        indexes: ClassVar = [
            models.Index(fields=["care_type"], name="unit_care_type"),
            GistIndex(F("root"), F("care_type"), POINT, name="unit_nearest"),
            GinIndex(fields=["service_area"], name="unit_service_area"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_team(self) -> bool:
        return self.care_type in VISITS

    def freshness(self, now: datetime, rules: Rules) -> str:
        """fresh, ageing, old or unknown: shown, never hidden."""
        local = now.astimezone(AMSTERDAM)
        _, into_shift = rules.shift_at(local.hour * 60 + local.minute)
        return freshness(
            _minutes(self.observed_at, now),
            care_type=self.care_type,
            rules=rules,
            true_until=_minutes(now, self.true_until),
            shift_minutes=into_shift,
        )


def _minutes(since: datetime | None, until: datetime | None) -> float | None:
    return (until - since).total_seconds() / 60 if since and until else None


class Place(models.Model):
    """One bed that can be given now, or one visit a team can still make this shift."""

    Source = Source

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(CareUnit, models.PROTECT, related_name="places")
    state = models.CharField(max_length=10, default=PlaceState.FREE)
    #: What this very place has on top of what its unit has: `single_room`, `women` …
    attributes = ArrayField(models.CharField(max_length=30), default=list)
    #: The offer that holds it. A bare id: capacity does not know offers.
    held_by = models.UUIDField(null=True)
    #: How old the figure was when this place was last asked for: for `PlaceOutcome`.
    asked_minutes_old = models.FloatField(null=True)
    #: The offer whose patient is in it; empty when somebody came by another way.
    occupied_by = models.UUIDField(null=True)
    #: "Vrij vanaf 16:30": the clock frees it then.
    free_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    source = models.CharField(max_length=8, choices=[(s, s) for s in Source])
    #: When this place was listed; that it still holds is said of the unit as a whole.
    observed_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.UUIDField(null=True)
    #: Copied from the unit by the database itself, so that one index finds the nearest free place
    #: of a kind (`capacity.nearest`): its ROAZ region, its care type, where it lies, and all it has
    #: day and night (its care type among it, so that one condition asks for both).
    root = models.UUIDField(null=True, editable=False)
    care_type = models.CharField(max_length=20, default="", editable=False)
    x = models.IntegerField(default=0, editable=False)
    y = models.IntegerField(default=0, editable=False)
    gives = ArrayField(models.CharField(max_length=30), default=list, editable=False)

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
            models.CheckConstraint(
                condition=Q(state=PlaceState.OCCUPIED) | Q(occupied_by=None),
                name="place_occupied_by_a_patient",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[PlaceState.WITHDRAWN.value, PlaceState.OCCUPIED.value])
                | Q(free_from=None),
                name="place_planned_is_not_free_yet",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit"], condition=Q(state="free"), name="place_free"),
            models.Index(fields=["held_by"], condition=Q(state="held"), name="place_held"),
            models.Index(
                fields=["free_from"], condition=Q(free_from__isnull=False), name="place_planned"
            ),
            GistIndex(
                F("root"), F("care_type"), POINT, condition=Q(state="free"), name="place_nearest"
            ),
            GinIndex(
                fields=["gives"],
                condition=Q(state="free"),
                name="place_gives",
                fastupdate=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.state}"

    @staticmethod
    def usable(prefix: str = "") -> Q:
        """Free, and its shift has not ended."""
        until = f"{prefix}valid_until"
        free = Q(**{f"{prefix}state": PlaceState.FREE})
        return free & (Q(**{until: None}) | Q(**{f"{until}__gt": Now()}))


class Closure(models.Model):
    """Opnamestop: a unit takes nobody for a while. Rows are kept: that is its history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(CareUnit, models.PROTECT, related_name="closures")
    reason = models.CharField(max_length=20, choices=[(s, s) for s in Stop])
    remark = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField(db_default=Now())
    began_by = models.UUIDField()
    #: What is expected, no more: it ends when somebody says so.
    expected_end = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ended_at=None), name="closure_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[s.value for s in Stop]), name="closure_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__gte=F("began_at"), ended_by__isnull=False),
                name="closure_ends_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.reason}"

    @classmethod
    def now(cls, unit: Any) -> "models.QuerySet[Closure]":
        """The stop of a unit, if it has one. `unit`: the unit, or an `OuterRef` to it."""
        return cls.objects.filter(unit=unit, ended_at=None)


class UnitCall(models.Model):
    """Somebody telephoned: what the unit said of its places. Rows are added, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(CareUnit, models.PROTECT, related_name="observed_calls")
    said = models.CharField(max_length=10, choices=[(s, s) for s in Said])
    free = models.PositiveSmallIntegerField(null=True)
    until = models.DateTimeField(null=True)
    remark = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    actor = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(said__in=[s.value for s in Said]), name="call_said_known"
            ),
            models.CheckConstraint(
                condition=Q(free=None) | Q(said=Said.HAS_PLACE, free__gte=1),
                name="call_counts_what_is_free",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "-at"], name="call_newest")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.said}"


class EmergencyLoadQuerySet(models.QuerySet["EmergencyLoad"]):
    def visible_to(self, actor: Actor) -> "EmergencyLoadQuerySet":
        """No patient data: whoever works in the care of the region sees it."""
        return self.all() if actor.organisation_id and actor.duties else self.none()

    def newest(self) -> "EmergencyLoadQuerySet":
        """Of each hospital what was said last."""
        return self.order_by("organisation", "-at", "-pk").distinct("organisation")


class EmergencyLoad(models.Model):
    """How busy an emergency department says it is. Rows are added: the newest one counts."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="loads")
    load = models.CharField(max_length=8, choices=[(v, v) for v in Load])
    reason = models.CharField(max_length=120, blank=True)
    expected_until = models.DateTimeField(null=True)
    source = models.CharField(max_length=8, choices=[(s, s) for s in Source])
    actor = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    objects = EmergencyLoadQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(load__in=[v.value for v in Load]), name="load_known"
            ),
            models.CheckConstraint(
                condition=~Q(load__in=[Load.FULL.value, Load.CLOSED.value]) | ~Q(reason=""),
                name="load_full_has_a_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "-at"], name="load_newest")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.load}"


class PlaceOutcome(models.Model):
    """Whether a place that was listed free turned out to be there when somebody asked for it."""

    unit = models.ForeignKey(CareUnit, models.PROTECT, related_name="outcomes")
    #: A bare id, as on the place: capacity does not know offers.
    offer = models.UUIDField(unique=True)
    was_there = models.BooleanField()
    #: How old the unit's figure was when the place was asked for.
    minutes_old = models.FloatField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "-at"], name="outcome_newest")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.was_there}"
