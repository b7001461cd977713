"""Dienst: start it with the sound, pass on what you handle, accept what another passed on."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from coordination.models import CareRequest, Passing, Shift
from coordination.shifts import services as shifts
from coordination.states import OPEN, PassingState
from lzc import access
from lzc.models import Action, Membership
from lzc.rights import Duty
from lzc.web.pages import actor_of, page, press

#: State of a passing → the colour and the icon beside its words.
LOOKS = {
    PassingState.OFFERED: ("info", "clock"),
    PassingState.ESCALATED: ("let", "triangle-alert"),
}


@page(Duty.DESK)
def shift(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    template = "coordination/_shift.html" if request.GET.get("deel") else "coordination/shift.html"
    return render(request, template, _drawn(by) | {"part_url": f"{request.path}?deel="})


def _drawn(by: Membership) -> dict[str, Any]:
    """What somebody handles, with how far its passing on is, and what waits for them."""
    waiting = {row.request_id: row for row in _waiting(by)}
    mine = CareRequest.objects.visible_to(by).filter(handler=by.pk, state__in=OPEN)
    held = list(mine.select_related("case").order_by("needed_by"))
    theirs = [row for row in waiting.values() if row.giver != by.pk]
    seen = [*held, *(row.request for row in theirs)]
    if seen:
        access.opened(Action.LIST, {made.patient_id for made in seen})
    people = _names({row.giver for row in theirs})
    return {
        "shift": shifts.running(by),
        "mine": [_line(made, waiting.get(made.pk)) for made in held],
        "theirs": [
            _line(row.request, row) | {"giver": people.get(row.giver, "")} for row in theirs
        ],
        "waits": sum(made.pk in waiting for made in held),
    }


def _waiting(by: Membership) -> Iterable[Passing]:
    rows = Passing.objects.visible_to(by).waiting().select_related("request__case")
    return rows.order_by("request__needed_by")


def _names(ids: set[UUID]) -> dict[UUID, str]:
    found = Membership.objects.filter(pk__in=ids).values_list("pk", "user__full_name")
    return dict(found)


def _line(made: CareRequest, passing: Passing | None) -> dict[str, Any]:
    """What the next one must know, of what the work list says already: no word about the person."""
    tone, icon = LOOKS[PassingState(passing.state)] if passing else ("", "")
    return {
        "request": made,
        "reference": made.case.reference,
        "care": made.care_types[0],
        "passing": passing,
        "tone": tone,
        "icon": icon,
    }


@page(Duty.DESK)
def start(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        sound = request.POST.get("sound", "")
        if shifts.running(actor_of(request)) and sound in Shift.Sound.values:
            request.session["sound"] = sound
        elif press(request, _("Your shift has started."), shifts.start, sound=sound):
            # Of this browser: another one that they work in is silent until it was tested.
            request.session["sound"] = sound
    return redirect("shift")


@page(Duty.DESK)
def hand_over(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        done = _("Handed over. What nobody accepts stays with you.")
        if press(request, done, shifts.hand_over):
            request.session.pop("sound", None)
    return redirect("shift")


@page(Duty.DESK)
def accept(request: HttpRequest, passing_id: UUID) -> HttpResponse:
    if request.method == "POST":
        press(request, _("Taken over. You are handling this now."), shifts.accept, passing_id)
    return redirect("shift")
