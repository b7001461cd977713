"""Deciding about all open requests at once, and who is called when nothing is found."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from coordination.api import done
from coordination.api.answers import Int, Str, Strs, Uuid
from coordination.api.requests import tag_of_request
from coordination.api.steps import moved_request, open_to
from coordination.models import CareRequest, Plan
from coordination.sharing import services, waiting
from coordination.states import PLAN_MOVES
from lzc.api.answers import Out, When
from lzc.api.endpoints import endpoint
from lzc.api.problems import problem_of
from lzc.api.shapes import Code, Id, In, Many
from lzc.errors import N_, NotSeen, NotValid
from lzc.models import Actor, Region

Float = serializers.FloatField


class NewPlanIn(In):
    """Which region; your own when it is left out."""

    example = {"region": "zwolle"}
    region = Code(50, help_text="The short name of a region or subregion, as at `/me`.")


class ApplyIn(In):
    """Which rows; all of your desk when it is left out, and then all of them or none."""

    example: ClassVar[dict[str, Any]] = {"requests": ["5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a04"]}
    requests = Many(Id(), least=1, most=500, help_text="Requests of rows with a unit.")


class EscalateIn(In):
    """Who is called now."""

    example = {"to": "coordinator"}
    to = Code(12, required=True, help_text="A step of the ladder: coordinator, on_call, board.")


class PlanRow(Out):
    """One open request. No word about a patient."""

    request = Uuid()
    urgency = Str()
    care_types = Strs()
    waited = Int(help_text="Minutes since it was asked.")
    desk = Uuid(help_text="The desk that looks for it, and alone carries out this row.")
    unit = Uuid(allow_null=True, help_text="Where the plan places it.")
    place = Strs(help_text="What that place has of its own.")
    fit = Float(allow_null=True, help_text="0 to 1: the right care, and the right place.")
    travel_minutes = Float(allow_null=True)
    first_come = Uuid(allow_null=True, help_text="Where it would go by asking first.")
    outcome = Str(
        help_text="same, moved, gains, waits_longer, held_back (it can wait), unplaced (nothing "
        "fits)."
    )
    held_back_until = Str(allow_null=True)


class PlanOut(Out):
    """Who would get which place, beside first come, first served. It proposes; you decide."""

    example = {
        "id": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a20",
        "region": "zwolle",
        "made_at": "2026-11-22T02:14:07.120000Z",
        "good_until": "2026-11-22T02:24:07.120000Z",
        "state": "made",
        "policy": "timely",
        "rules": "1",
        "log_number": 4182,
        "rows": [
            {
                "request": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a04",
                "urgency": "U2",
                "care_types": ["elv_laag"],
                "waited": 42,
                "desk": "3f0e6f3c-54a8-4d9e-8a9c-5a1fbb1f6a01",
                "unit": "3f0e6f3c-54a8-4d9e-8a9c-5a1fbb1f6a02",
                "place": [],
                "fit": 0.87,
                "travel_minutes": 12.5,
                "first_come": None,
                "outcome": "gains",
                "held_back_until": None,
            }
        ],
        "moves": ["apply_plan"],
    }
    id = Uuid()
    region = Str(source="region.slug")
    made_at = When()
    good_until = When(help_text="After this it is too old to be carried out.")
    state = Str()
    policy = Str()
    rules = Str(help_text="Which rules decided.")
    log_number = Int(help_text="The newest number of the log when it was made.")
    rows = PlanRow(many=True)
    moves = Strs()


class DroppedOut(Out):
    """A row that was not carried out."""

    request = Uuid()
    code = Str()
    sentence = Str(source="detail", help_text="In the language that was asked for.")
    detail_nl = Str()
    detail_en = Str()


class OfferedOut(Out):
    """A row that was carried out."""

    id = Uuid()
    request = Uuid(source="request_id")
    unit = Uuid(source="unit_id")


class AppliedOut(Out):
    """What was offered, and what could not be."""

    example = {
        "id": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a20",
        "state": "applied",
        "offers": [
            {
                "id": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a05",
                "request": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a04",
                "unit": "3f0e6f3c-54a8-4d9e-8a9c-5a1fbb1f6a02",
            }
        ],
        "refused": [],
    }

    id = Uuid()
    state = Str()
    offers = OfferedOut(many=True)
    refused = DroppedOut(many=True)


class Escalated(Out):
    """Whom to call now."""

    example = done.RequestMoved.example | {"escalated_to": "coordinator", "telephone": ""}
    id = Uuid()
    state = Str()
    version = Int()
    case = Uuid(source="case_id")
    moves = Strs()
    escalated_to = Str()
    telephone = Str(help_text="As the region decided; empty when it said nothing.")


def shown(plan: Plan, by: Actor) -> Any:
    """The plan, with until when it may be carried out and by what its rows are told."""
    plan.good_until = plan.good_for()  # type: ignore[attr-defined]
    plan.rows = plan.content["rows"]  # type: ignore[attr-defined]
    plan.moves = open_to(PLAN_MOVES, plan, by)  # type: ignore[attr-defined]
    return plan


def region_of(slug: str, by: Actor) -> Region:
    """The region that is named, or else the ROAZ region the actor works in."""
    regions = Region.objects.select_related("parent")
    found = regions.filter(slug=slug) if slug else regions.filter(pk__in=[by.roaz])
    region = found.first()
    if region is None:
        raise NotValid("region", N_("There is no such region."), code="no_region")
    return region


@endpoint(takes=NewPlanIn, gives=PlanOut, status=201)
def make_plan(*, said: dict[str, Any], by: Actor) -> Any:
    """Decide about all open requests of a region together. Nothing is done by it."""
    return shown(services.make_plan(region_of(said.get("region", ""), by), by=by), by)


@endpoint(gives=PlanOut)
def plan(plan_id: UUID, *, by: Actor) -> Any:
    """A plan as it was made."""
    found = Plan.objects.visible_to(by).select_related("region__parent").filter(pk=plan_id).first()
    if found is None:
        raise NotSeen
    return shown(found, by)


@endpoint(takes=ApplyIn, gives=AppliedOut)
def apply_plan(plan_id: UUID, *, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Make the offers of a plan: these rows, or all of your desk or none."""
    applied = services.apply_plan(plan_id, requests=said.get("requests"), by=by)
    return {
        "id": applied.plan.pk,
        "state": applied.plan.state,
        "offers": applied.offers,
        "refused": [
            problem_of(dropped.refusal).body() | {"request": dropped.request}
            for dropped in applied.refused
        ],
    }


@endpoint(takes=EscalateIn, gives=Escalated, tag=tag_of_request)
def escalate_request(request_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Nothing is found: whom to call, one step higher."""
    made: Any = moved_request(waiting.escalate(request_id, **said, by=by), by)
    made.telephone = telephone_of(made)
    return made


def telephone_of(made: CareRequest) -> str:
    return made.desk.region.rules().escalation.get(made.escalated_to, "")
