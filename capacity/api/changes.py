"""What changes for a unit or one of its places: plans, stops, telephone calls, reminders."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from capacity import observing, planning, reminders
from capacity.api.units import Attributes, CountsOut, shown_unit, tag_of_unit
from capacity.models import CareUnit, Closure, Place, UnitCall
from capacity.services import MOST_AT_ONCE
from capacity.states import Said, Stop
from lzc.api.answers import Out, When, results_of
from lzc.api.endpoints import endpoint
from lzc.api.paging import Shown, page
from lzc.api.shapes import Choice, Id, In, Moment, Page, Text, Whole
from lzc.errors import NotSeen
from lzc.models import Actor


class PlaceOut(Out):
    """One place. Which offer holds it, and who lies in it, is not told here."""

    example = {
        "id": "0190f1c2-0000-7000-8000-000000000002",
        "state": "occupied",
        "attributes": ["single_room"],
        "free_from": "2026-11-22T15:30:00Z",
        "valid_until": None,
        "source": "planner",
        "observed_at": "2026-11-22T01:50:00Z",
    }
    id = serializers.UUIDField()
    state = serializers.CharField()
    attributes = serializers.ListField(child=serializers.CharField())
    free_from = When(allow_null=True, help_text="When it comes free, if that is planned.")
    valid_until = When(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    observed_at = When()


class PlanIn(In):
    """When a place comes free."""

    example = {"free_from": "2026-11-22T16:30:00+01:00", "attributes": ["single_room"]}
    free_from = Moment(required=True)
    attributes = Attributes("What this place has on top of what its unit has.")
    place = Id(help_text="One that is occupied or withdrawn; left out: one more place.")


class StopIn(In):
    """Why nobody can be admitted, and until when that is expected."""

    example = {"reason": "staff", "expected_end": "2026-11-24T08:00:00+01:00"}
    reason = Choice(Stop, required=True)
    expected_end = Moment(allow_null=True)
    remark = Text(200)


class StopOut(Out):
    """A stop: as long as `ended_at` is null, the unit takes nobody."""

    example = {
        "reason": "staff",
        "remark": "",
        "began_at": "2026-11-22T01:50:00Z",
        "expected_end": "2026-11-24T07:00:00Z",
        "ended_at": None,
    }
    reason = serializers.CharField()
    remark = serializers.CharField()
    began_at = When()
    expected_end = When(allow_null=True)
    ended_at = When(allow_null=True)


class CallIn(In):
    """What was said on the telephone."""

    example = {"said": "has_place", "free": 2, "until": "2026-11-22T18:00:00+01:00"}
    said = Choice(Said, required=True)
    free = Whole(1, MOST_AT_ONCE, help_text="How many; with has_place only.")
    until = Moment(allow_null=True, help_text="Until when that holds; not with no_answer.")
    remark = Text(200)


class CallOut(Out):
    """A call that was written down."""

    example = {
        "said": "has_place",
        "free": 2,
        "until": "2026-11-22T17:00:00Z",
        "remark": "",
        "at": "2026-11-22T01:50:00Z",
        "organisation": "0190f1c2-0000-7000-8000-000000000003",
    }
    said = serializers.CharField()
    free = serializers.IntegerField(allow_null=True)
    until = When(allow_null=True)
    remark = serializers.CharField()
    at = When()
    organisation = serializers.UUIDField(source="organisation_id", help_text="Who called.")


class LinkOut(Out):
    """Where a planner answers with one tap, without logging in."""

    example = {"path": "/klopt-nog/eyJ1bml0…/", "valid_until": "2026-11-22T13:50:00Z"}
    path = serializers.CharField(help_text="Put the address of LZC before it.")
    valid_until = When()


def _seen(unit_id: UUID, by: Actor) -> CareUnit:
    found = CareUnit.objects.visible_to(by).filter(pk=unit_id).first()
    if found is None:
        raise NotSeen
    return found


@endpoint(query=Page, gives=results_of(PlaceOut))
def places(unit_id: UUID, *, query: dict[str, Any], by: Actor) -> Shown:
    """The places of a unit, one by one."""
    return page(Place.objects.filter(unit=_seen(unit_id, by)), query, by="observed_at")


@endpoint(takes=PlanIn, gives=PlaceOut, status=201, tag=tag_of_unit)
def plan_release(unit_id: UUID, *, said: dict[str, Any], by: Actor) -> Place:
    """A place comes free at this time. Then the clock frees it."""
    return planning.plan_release(unit_id, **said, source="api", by=by)


@endpoint(gives=PlaceOut)
def call_off_release(place_id: UUID, *, by: Actor) -> Place:
    """It does not come free at that time after all."""
    planning.call_off(place_id, by=by)
    return Place.objects.get(pk=place_id)


@endpoint(gives=PlaceOut)
def clear_place(place_id: UUID, *, by: Actor) -> Place:
    """The patient in it has left. Release it when it can be given again."""
    planning.clear(place_id, by=by)
    return Place.objects.get(pk=place_id)


@endpoint(takes=StopIn, gives=CountsOut, status=201, tag=tag_of_unit)
def stop_admissions(unit_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Opnamestop: nobody is admitted for a while. Its places stay listed, and are not given."""
    observing.stop(unit_id, **said, by=by)
    return shown_unit(unit_id, by)


@endpoint(gives=CountsOut, tag=tag_of_unit)
def reopen_admissions(unit_id: UUID, *, by: Actor) -> Any:
    """The stop is over."""
    observing.reopen(unit_id, by=by)
    return shown_unit(unit_id, by)


@endpoint(query=Page, gives=results_of(StopOut))
def stops(unit_id: UUID, *, query: dict[str, Any], by: Actor) -> Shown:
    """The stops of a unit, newest first: now and before."""
    return page(Closure.objects.filter(unit=_seen(unit_id, by)), query, by="-began_at")


@endpoint(takes=CallIn, gives=CountsOut, status=201)
def write_down_call(unit_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Gebeld: what a unit said on the telephone. For desks that steer the region.

    "full" takes what is listed free off the list until the unit itself says otherwise; what is
    held for a request is not touched. "has_place" makes the list say `free`.
    """
    observing.observe_call(unit_id, **said, by=by)
    return shown_unit(unit_id, by)


@endpoint(query=Page, gives=results_of(CallOut))
def unit_calls(unit_id: UUID, *, query: dict[str, Any], by: Actor) -> Shown:
    """What a unit said on the telephone, newest first."""
    return page(UnitCall.objects.filter(unit=_seen(unit_id, by)), query, by="-at")


@endpoint(gives=LinkOut, status=201)
def reminder_link(unit_id: UUID, *, by: Actor) -> dict[str, Any]:
    """A link for your planner: "still correct" or another number, with one tap.

    Make one when you hear `unit.grown_stale`, and send it where it is read. It ends after twelve
    hours and can do nothing else.
    """
    token = reminders.link_for(unit_id, by=by)
    return {
        "path": reverse("capacity_link", args=[token]),
        "valid_until": timezone.now() + reminders.VALID,
    }
