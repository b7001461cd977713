"""Who has how many places, and keeping that true."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from capacity import services
from capacity.attributes import Attribute
from capacity.models import CareType, CareUnit
from lzc.api.answers import Out, When, results_of
from lzc.api.endpoints import Tagged, endpoint
from lzc.api.ground import OrganisationOut
from lzc.api.paging import Shown, page
from lzc.api.shapes import Choice, Id, In, Many, Moment, Page, Whole, YesNo
from lzc.errors import NotSeen
from lzc.models import Actor, rules_of

FRESHNESS = ["fresh", "ageing", "old", "unknown"]


class UnitQuery(Page):
    """Which wards and teams."""

    care_type = Choice(CareType)
    organisation = Id()
    own = YesNo(help_text="Only those of your own organisation.")


class CountsOut(Out):
    """How many places, and how sure that is. Old figures are shown as old, never hidden."""

    example = {
        "free": 2,
        "held": 1,
        "occupied": 9,
        "next_free_until": None,
        "observed_at": "2026-11-22T01:50:00Z",
        "source": "api",
        "freshness": "fresh",
        "true_until": None,
        "stopped": None,
        "stopped_until": None,
        "next_release": "2026-11-22T15:30:00Z",
    }
    free = serializers.IntegerField(help_text="Staffed and usable now, and nobody holds it.")
    held = serializers.IntegerField(help_text="Promised or asked for: an offer holds it.")
    occupied = serializers.IntegerField()
    next_free_until = When(allow_null=True, help_text="When the first of the free ones ends.")
    observed_at = When(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    freshness = serializers.ChoiceField(FRESHNESS, source="told_freshness")
    true_until = When(allow_null=True, help_text="Until then the unit says that it holds.")
    stopped = serializers.CharField(
        allow_null=True, help_text="Why it takes nobody now, whatever it lists; null: it does."
    )
    stopped_until = When(allow_null=True, help_text="When that is expected to end.")
    next_release = When(allow_null=True, help_text="When the first planned place comes free.")


class UnitOut(CountsOut):
    """A ward or a team: what an offer is made to."""

    example = {}
    id = serializers.UUIDField()
    name = serializers.CharField()
    care_type = serializers.CharField()
    organisation = OrganisationOut()
    town = serializers.CharField()
    pc4 = serializers.IntegerField()
    lat = serializers.FloatField()
    lon = serializers.FloatField()
    telephone = serializers.CharField()
    attributes = serializers.ListField(child=serializers.CharField())
    admits_from = serializers.IntegerField(allow_null=True, help_text="Minutes after midnight.")
    admits_until = serializers.IntegerField(allow_null=True)
    service_area = serializers.ListField(child=serializers.IntegerField())
    response_minutes = serializers.IntegerField(allow_null=True)
    night_attributes = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text="What is left of `attributes` at night; null: all of them.",
    )
    direct_booking = serializers.BooleanField()
    main_practitioner = serializers.CharField()
    beds = serializers.IntegerField()


class Attributes(Many):
    """Codes of what places have."""

    def __init__(self, help_text: str) -> None:
        super().__init__(Choice(Attribute), most=12, help_text=help_text)


class CapacityIn(In):
    """How many can be given now. What is held for a request stays held, and does not count."""

    example = {"free": 2, "attributes": ["single_room"], "true_until": "2026-11-23T07:00:00+01:00"}
    free = Whole(0, services.MOST_AT_ONCE, required=True)
    attributes = Attributes("Count only places that have exactly these; left out: all places.")
    valid_until = Moment(allow_null=True, help_text="The end of the shift.")
    true_until = Moment(allow_null=True, help_text="Until then this holds, whatever its age.")


class HoldsIn(In):
    """Nothing need be said; or until when it will hold."""

    example = {"true_until": "2026-11-23T07:00:00+01:00"}
    true_until = Moment(allow_null=True, help_text="Klopt tot: until then this holds.")


class PlacesIn(In):
    """How many places more."""

    example = {"count": 1, "attributes": ["single_room", "women"]}
    count = Whole(1, services.MOST_AT_ONCE)
    attributes = Attributes("What these places have on top of what their unit has.")
    valid_until = Moment(allow_null=True, help_text="The end of the shift.")


def tag(unit: Any) -> str:
    """What is known of its places: when that was said, how many there are of each, its stop."""
    said = f"{unit.observed_at.timestamp():.6f}" if unit.observed_at else "never"
    return f'"{said}-{unit.free}-{unit.held}-{unit.occupied}-{unit.stopped or "open"}"'


def tag_of_unit(unit_id: UUID, *, by: Actor) -> str:
    services.own_unit(unit_id, by=by)
    return tag(CareUnit.objects.with_counts().get(pk=unit_id))


def _fresh(units: list[Any]) -> list[Any]:
    """Put beside each how old its figures may be taken to be, by the rules of its region."""
    now = timezone.now()
    rules = rules_of({unit.region for unit in units})
    for unit in units:
        unit.told_freshness = unit.freshness(now, rules[unit.region_id])
    return units


def shown_unit(unit_id: UUID, by: Actor) -> Any:
    rows = CareUnit.objects.named_to(by).with_counts()
    unit = rows.filter(pk=unit_id).select_related("organisation", "region").first()
    if unit is None:
        raise NotSeen
    return _fresh([unit])[0]


@endpoint(query=UnitQuery, gives=results_of(UnitOut))
def units(*, query: dict[str, Any], by: Actor) -> Shown:
    """Wards and teams with their places. Capacity is no patient data: the whole region sees it.

    Who only asks for care sees what its region shows them: see `GET /open-places`.
    """
    rows = CareUnit.objects.named_to(by)
    for name in ("care_type", "organisation"):
        if name in query:
            rows = rows.filter(**{name: query[name]})
    if query.get("own"):
        rows = rows.filter(organisation=by.organisation_id)
    found = page(rows.with_counts().select_related("organisation", "region"), query, by="name")
    _fresh(found.results)
    return found


@endpoint(gives=UnitOut)
def unit(unit_id: UUID, *, by: Actor) -> Tagged:
    """One ward or team."""
    row = shown_unit(unit_id, by)
    return Tagged(row, tag(row))


@endpoint(gives=CountsOut)
def capacity(unit_id: UUID, *, by: Actor) -> Tagged:
    """Its places in numbers."""
    row = shown_unit(unit_id, by)
    return Tagged(row, tag(row))


@endpoint(takes=CapacityIn, gives=CountsOut, tag=tag_of_unit)
def report_capacity(unit_id: UUID, *, said: dict[str, Any], by: Actor) -> Tagged:
    """Say how many are free now. Sending it again changes nothing but its age."""
    services.report_free(unit_id, **said, by=by)
    row = shown_unit(unit_id, by)
    return Tagged(row, tag(row))


@endpoint(takes=HoldsIn, gives=CountsOut, tag=tag_of_unit)
def confirm_capacity(unit_id: UUID, *, said: dict[str, Any], by: Actor) -> Tagged:
    """It still holds, none free included."""
    services.confirm(unit_id, **said, source="api", by=by)
    row = shown_unit(unit_id, by)
    return Tagged(row, tag(row))


@endpoint(takes=PlacesIn, gives=CountsOut, status=201, tag=tag_of_unit)
def release_places(unit_id: UUID, *, said: dict[str, Any], by: Actor) -> Tagged:
    """So many places more can be given now."""
    services.release(unit_id, **said, source="api", by=by)
    row = shown_unit(unit_id, by)
    return Tagged(row, tag(row))
