"""Het wandscherm: how it stands, to be read from four metres. Figures of one organisation, no
patient, no reference, and no row that its token could see: all of it is counted here.

It asks anew every few seconds instead of listening to the socket: by that a stolen token would hear
the ids of all that happens, and a screen that is answered is live, whatever else is down.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from capacity.models import CareType, CareUnit
from capacity.pages.desk import departments
from coordination.models import CareRequest
from coordination.pages.boards import coming, counted, kinds
from coordination.pages.clocks import closing_in
from coordination.pages.drawing import drawing
from coordination.pages.fields import DeskForm, Line
from coordination.pages.land import land
from coordination.pages.listing import midnight, with_offers
from coordination.pages.rows import NEW, turn
from coordination.pages.spots import spots
from coordination.states import OPEN
from lzc import walls
from lzc.freshness import CALL_FIRST
from lzc.models import PostalArea, WallToken
from lzc.rights import Duty
from lzc.web.appearance import theme_of
from lzc.web.methods import WAYS
from lzc.web.pages import actor_of, attempt, page, press

COOKIE = "__Host-wall" if settings.IN_PRODUCTION else "wall"
NEXT, KINDS = 9, 6
#: What is counted first, when a region has more kinds of care than fit.
FIRST = (
    CareType.ELV_HIGH,
    CareType.ELV_LOW,
    CareType.ELV_PALLIATIVE,
    CareType.WLZ_CRISIS,
    CareType.GRZ,
    CareType.WIJKVERPLEGING,
)
#: Of a request only this is read: nothing that somebody typed.
HARMLESS = ("state", "care_types", "urgency", "needed_by", "pc4", "submitted_at", "created_at")


@dataclass(frozen=True)
class Due:
    """One line: by when, how urgent, which care, where about."""

    deadline: datetime
    soon: datetime
    kind: str
    group: str
    urgency: str
    care: str
    town: str


@require_http_methods(WAYS)
def wall(request: HttpRequest) -> HttpResponse:
    """The screen; without a token that opens anything, the door where one is typed."""
    if request.method == "POST":
        return _let_in(request)
    screen = walls.opened(request.COOKIES.get(COOKIE, ""))
    part = bool(request.GET.get("deel"))
    if screen is None and part:
        return HttpResponse(_("This screen shows nothing any more. Load it again."), status=403)
    if screen is None or "koppelen" in request.GET:
        return render(request, "coordination/wall_door.html")
    template = "coordination/_wall.html" if part else "coordination/wall.html"
    return render(request, template, _shown(request, screen))


def _let_in(request: HttpRequest) -> HttpResponse:
    token = request.POST.get("token", "").strip()
    screen = walls.opened(token)
    if screen is None:
        return render(request, "coordination/wall_door.html", {"wrong": True}, status=422)
    response = redirect("wall")
    response.set_cookie(
        COOKIE,
        token,
        expires=screen.expires_at,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _shown(request: HttpRequest, screen: WallToken) -> dict[str, Any]:
    region = screen.organisation.region
    listed = counted(CareUnit.objects.select_related("organisation"), region)
    here, hospitals = land(region), departments(screen)
    found = spots(listed, here.towns)
    due = due_at(screen)
    return {
        "screen": screen,
        "region": region.parent or region,
        # A room that is never quite dark: night, unless somebody chose otherwise on this screen.
        "theme": {"auto": "nacht"}.get(theme_of(request), theme_of(request)),
        "numbers": _numbers(due),
        "due": due[:NEXT],
        "placed": _placed(screen),
        "capacity": _capacity(listed, due),
        "silent": sum(unit.fresh in CALL_FIRST for unit in listed),
        "units": len(listed),
        "hospitals": hospitals,
        "drawing": drawing(here, found, hospitals),
        "credits": here.sources,
    }


def due_at(screen: WallToken) -> list[Due]:
    """What this organisation looks for, by the time something must have been done."""
    rows = CareRequest.objects.filter(
        desk__organisation=screen.organisation_id, state__in=OPEN
    ).only(*HARMLESS)
    made = list(with_offers(rows))
    areas = PostalArea.objects.in_bulk({row.pc4 for row in made if row.pc4})
    return sorted((_due(row, areas) for row in made), key=lambda due: due.deadline)


def _due(made: Any, areas: dict[int, PostalArea]) -> Due:
    group, deadline, kind = turn(made)
    since = (made.sent_at if kind else made.submitted_at) or made.created_at
    area = areas.get(made.pc4)
    return Due(
        deadline=deadline,
        soon=closing_in(min(since, deadline), deadline),
        kind=kind,
        group=group,
        urgency=made.urgency,
        care=made.care_types[0],
        town=area.town if area else "",
    )


def _numbers(due: list[Due]) -> list[dict[str, Any]]:
    now = timezone.now()
    late = sum(one.deadline <= now for one in due)
    near = sum(now < one.deadline <= now + timedelta(hours=2) for one in due)
    return [
        {"label": _("Late"), "value": late, "tone": "kritiek" if late else ""},
        {"label": _("Within 2 hours"), "value": near, "tone": "let" if near else ""},
        {"label": _("Open"), "value": len(due)},
        {"label": _("Not picked up"), "value": sum(one.group == NEW for one in due)},
    ]


def _placed(screen: WallToken) -> int:
    mine = CareRequest.objects.filter(desk__organisation=screen.organisation_id)
    return mine.filter(assigned_at__gte=midnight(), provider__isnull=False).count()


def _capacity(listed: list[Any], due: list[Due]) -> list[dict[str, Any]]:
    """Kinds of care, each with since when the oldest of its figures stands, what comes free, and
    whether the last one is left or fewer are free than are needed. What waits for an answer holds
    its place already."""
    sought = Counter(one.care for one in due if not one.kind)
    order = [*FIRST, *(care for care in CareType if care not in FIRST)]
    found = sorted(kinds(listed), key=lambda kind: order.index(kind["code"]))[:KINDS]
    for kind in found:
        kind |= coming(kind["units"])
        said = (unit.observed_at for unit in kind["units"] if unit.to_be_had and unit.counted)
        kind["oldest"] = min(filter(None, said), default=None)
        kind["scarce"] = 0 < kind["free"] < sought[kind["code"]]
        kind["last"] = kind["free"] == 1
        kind["part"] = round(100 * kind["free"] / kind["total"]) if kind["total"] else None
    return found


# Which screens there are ------------------------------------------------------------------------


class ScreenForm(DeskForm):
    name = Line(label=gettext_lazy("Where the screen hangs"), longest=80)
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long it may show this"),
        coerce=int,
        initial=90,
        choices=[(n, gettext_lazy("%(n)s days") % {"n": n}) for n in (30, 90, 365)],
    )


@page(Duty.DESK)
def screens(request: HttpRequest) -> HttpResponse:
    """The screens of this organisation; a new one is told its token once."""
    by = actor_of(request)
    form = ScreenForm(request.POST if request.method == "POST" else None)
    made = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = attempt(
            request, form, walls.issue, by.organisation, name=said["name"], days=said["days"]
        )
        if made is None and not form.errors:
            return redirect("walls")
    context = {
        "form": ScreenForm() if made else form,
        "made": made,
        "address": request.build_absolute_uri("/wand/"),
        "screens": walls.own(by),
    }
    status = 422 if form.errors else 200
    return render(request, "coordination/walls.html", context, status=status)


@require_POST
@page(Duty.DESK)
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    press(request, _("This screen shows nothing any more."), walls.revoke, pk)
    return redirect("walls")
