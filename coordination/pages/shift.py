"""Dienst: start it with the sound, pass on what you handle, accept what another passed on."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination import moving
from coordination.models import CareRequest, Passing, Shift
from coordination.pages.acts import REQUEST
from coordination.pages.asks import to_call
from coordination.pages.case import REQUEST_PRESSES
from coordination.pages.listing import ticking, with_handler
from coordination.pages.rows import handler_of
from coordination.shifts import services as shifts
from coordination.states import OPEN, PASSING_MOVES, PassingState
from lzc import access
from lzc.errors import NotSeen
from lzc.models import Action, Membership
from lzc.moves import open_to
from lzc.rights import Duty
from lzc.web import sounds
from lzc.web.pages import actor_of, page, press

#: State of a passing → the colour and the icon beside its words.
LOOKS = {
    PassingState.OFFERED: ("info", "clock"),
    PassingState.ESCALATED: ("let", "triangle-alert"),
}
#: Moves of a request that this page has a button for, and those of a passing with their addresses.
CLAIMS = ("take_over", "pass_on")
ANSWERS = {"accept": "shift_accept", "offer_again": "shift_again"}


@require_safe
@page(Duty.DESK)
def shift(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    template = "coordination/_shift.html" if request.GET.get("deel") else "coordination/shift.html"
    return render(request, template, _drawn(by) | {"part_url": f"{request.path}?deel="})


def _drawn(by: Membership) -> dict[str, Any]:
    """What this desk handles: what waits to be taken over, what is one's own, what is others'."""
    waiting = {row.request_id: row for row in Passing.objects.visible_to(by).waiting()}
    handled = list(_handled(by))
    if handled:
        access.opened(Action.LIST, {made.patient_id for made in handled})
    lines = [_line(made, waiting.get(made.pk), by) for made in handled]
    mine = [line for line in lines if line["request"].handler == by.pk]
    others = [line for line in lines if line["request"].handler != by.pk]
    return {
        "shift": shifts.running(by),
        "mine": mine,
        "theirs": [line for line in others if line["passing"]],
        "others": [line for line in others if not line["passing"]],
        "waits": any(line["passing"] for line in mine),
    }


def _handled(by: Membership) -> Any:
    """Step: all that somebody handles at this desk."""
    rows = CareRequest.objects.visible_to(by).filter(
        desk__organisation=by.organisation_id, handler__isnull=False, state__in=OPEN
    )
    return with_handler(rows.select_related("case", "desk__region")).order_by("needed_by")


def _line(made: CareRequest, passing: Passing | None, by: Membership) -> dict[str, Any]:
    """What the next one must know, of what the work list says already: no word about the person."""
    tone, icon = LOOKS[PassingState(passing.state)] if passing else ("", "")
    return {
        "request": made,
        "reference": made.case.reference,
        "care": made.care_types[0],
        "handler": "" if made.handler == by.pk else handler_of(made),
        "passing": passing,
        "tone": tone,
        "icon": icon,
        "call": to_call(made, passing.calls) if passing and passing.calls else None,
        "acts": _acts(made, passing, by),
    }


def _acts(made: CareRequest, passing: Passing | None, by: Membership) -> dict[str, str]:
    """The buttons: what the tables allow, and makes sense of one's own or a colleague's."""
    if passing is None:
        names = [name for name in moving.request_moves(made, by) if name in CLAIMS]
        return {name: reverse("shift_claim", args=[made.pk, REQUEST[name]]) for name in names}
    passing.request = made
    sides = passing.sides(by)
    names = open_to(PASSING_MOVES, state=passing.state, sides=sides, duties=by.duties)
    useless = "accept" if made.handler == by.pk else ""
    return {
        name: reverse(address, args=[passing.pk])
        for name, address in ANSWERS.items()
        if name in names and name != useless
    }


@page(Duty.DESK)
def claim(request: HttpRequest, request_id: UUID, act: str) -> HttpResponse:
    """One's own or a colleague's, who fell ill: taken over, or offered to the next shift."""
    name = next((name for name in CLAIMS if REQUEST[name] == act), "")
    if not name:
        raise NotSeen
    if request.method == "POST":
        verb, done = REQUEST_PRESSES[name]
        press(request, str(done), verb, request_id)
    return redirect("shift")


@page(Duty.DESK)
def again(request: HttpRequest, passing_id: UUID) -> HttpResponse:
    if request.method == "POST":
        done = _("Offered once more. Until somebody takes it over, it stays where it is.")
        press(request, done, shifts.offer_again, passing_id)
    return redirect("shift")


@require_safe
@page(Duty.DESK)
def clocks(request: HttpRequest) -> HttpResponse:
    """What could make a sound, for a page that does not show the work list: ids and times alone."""
    return render(request, "coordination/_clocks.html", {"clocks": ticking(actor_of(request))})


@page(Duty.DESK)
def start(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        sound = request.POST.get("sound", "")
        tested = shifts.running(actor_of(request)) and sound in Shift.Sound.values
        if tested or press(request, _("Your shift has started."), shifts.start, sound=sound):
            sounds.keep(request, sound)
    return redirect("shift")


@page(Duty.DESK)
def hand_over(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        done = _("Handed over. What nobody accepts stays with you.")
        if press(request, done, shifts.hand_over):
            sounds.forget(request)
    return redirect("shift")


@page(Duty.DESK)
def accept(request: HttpRequest, passing_id: UUID) -> HttpResponse:
    if request.method == "POST":
        press(request, _("Taken over. You are handling this now."), shifts.accept, passing_id)
    return redirect("shift")
