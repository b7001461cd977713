"""Verdelen: all open requests of the region beside all its free places, and who would get which.

The plan stands beside first come, first served. Nothing is done until somebody ticks and applies.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext

from capacity.models import CareUnit
from coordination.models import CareRequest, Plan
from coordination.sharing import services
from lzc.errors import NotSeen
from lzc.models import Actor, Membership, Region
from lzc.rights import Duty
from lzc.web.pages import actor_of, as_uuid, page, press, sentence

#: What the plan changes for a request → how it is drawn.
LOOKS = {
    "gains": ("goed", "user-check"),
    "same": ("", "check"),
    "moved": ("", "arrow-right"),
    "waits_longer": ("let", "clock"),
    "held_back": ("", "pause"),
    "unplaced": ("kritiek", "ban"),
}


@page(Duty.DESK)
def sharing(request: HttpRequest) -> HttpResponse:
    """The newest plan that can still be carried out; a button makes a new one."""
    by = actor_of(request)
    region = _steered(by)
    if request.method == "POST":
        press(request, "", services.make_plan, region)
        return redirect("sharing")
    plan = Plan.objects.visible_to(by).filter(region=region).order_by("-made_at").first()
    shown = _shown(plan, by) if plan and plan.good_for() > timezone.now() else {"rows": []}
    return render(request, "coordination/sharing.html", {"region": region, **shown})


@page(Duty.DESK)
def apply(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Offer what is ticked: each that moved since is told by itself."""
    if request.method == "POST":
        ticked = [as_uuid(pk) for pk in request.POST.getlist("requests")]
        told: list[services.Applied] = []
        if not ticked:
            messages.warning(request, gettext("Tick a row first: nothing is offered yet."))
        elif press(request, "", _apply, plan_id, requests=ticked, told=told):
            for applied in told:
                _tell(request, applied)
    return redirect("sharing")


def _apply(
    plan_id: UUID, *, requests: list[UUID], told: list[services.Applied], by: Actor
) -> services.Applied:
    """What came of it is told on the next page; it is no part of what was done."""
    applied = services.apply_plan(plan_id, requests=requests, by=by)
    told.append(applied)
    return applied


def _tell(request: HttpRequest, applied: services.Applied) -> None:
    made = len(applied.offers)
    words = ngettext("%(n)s offer is sent.", "%(n)s offers are sent.", made) % {"n": made}
    messages.success(request, words)
    for dropped in applied.refused:
        messages.warning(request, sentence(dropped.refusal))


def _steered(by: Membership) -> Region:
    """Who steers nothing has nothing to divide."""
    region = Region.objects.filter(pk__in=by.hears).first()
    if region is None:
        raise NotSeen
    return region


def _shown(plan: Plan, by: Actor) -> dict[str, Any]:
    rows = plan.content["rows"]
    units = _names({row[at] for row in rows for at in ("unit", "first_come") if row[at]})
    asked = CareRequest.objects.visible_to(by).filter(pk__in=[row["request"] for row in rows])
    needs = {
        str(pk): (need, case)
        for pk, need, case in asked.values_list("pk", "need", "case__reference")
    }
    told = [_row(row, units, needs, by) for row in rows]
    return {
        "plan": plan,
        "good_until": plan.good_for(),
        "rows": told,
        "placed": sum(bool(row["unit"]) for row in rows),
        "first_come": sum(bool(row["first_come"]) for row in rows),
        "mine": sum(row["mine"] for row in told),
    }


def _names(ids: set[str]) -> dict[str, str]:
    found = CareUnit.objects.filter(pk__in=ids)
    return {str(unit.pk): unit.name for unit in found}


def _row(
    row: services.Row, units: dict[str, str], needs: dict[str, tuple[str, str]], by: Actor
) -> dict[str, Any]:
    tone, icon = LOOKS[row["outcome"]]
    need, reference = needs.get(row["request"], ("", ""))
    until = row["held_back_until"]
    return {
        "id": row["request"],
        "urgency": row["urgency"],
        "care": row["care_types"][0],
        "need": need,
        "reference": reference,
        "waited": row["waited"],
        "unit": units.get(row["unit"] or "", ""),
        "travel": row["travel_minutes"],
        "first_come": units.get(row["first_come"] or "", ""),
        "outcome": row["outcome"],
        "until": parse_datetime(until) if until else None,
        "tone": tone,
        "icon": icon,
        "mine": bool(row["unit"]) and row["organisation"] == str(by.organisation_id),
    }
