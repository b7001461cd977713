"""The work list of a desk, what is free in its region, what just changed, and what is sought."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capacity.pages.desk import departments, with_last_call
from capacity.states import Load, Said
from coordination.pages import map
from coordination.pages.boards import free, free_now, kinds, panels, units, unsure, work_list
from coordination.pages.news import news
from lzc.models import Membership
from lzc.rights import Duty
from lzc.web.pages import actor_of, page, reading
from triage.models import Case

#: What a page fetches again when something changed: `?deel=…` → its partial.
PARTS = {
    "werk": "coordination/_worklist.html",
    "stand": "coordination/_numbers.html",
    "cap": "coordination/_capacity.html",
    "nieuws": "coordination/_news.html",
    "seh-nu": "coordination/_load.html",
    "kaart-vak": "coordination/_map_panel.html",
}
#: What is sought is a number or a few words.
LONGEST = 80


@require_safe
@page(Duty.DESK)
def worklist(request: HttpRequest) -> HttpResponse:
    """Werklijst: everything that waits for this desk, beside it what is free in the region."""
    by, part = actor_of(request), request.GET.get("deel", "")
    return render(request, PARTS.get(part, "coordination/worklist.html"), _drawn(request, by, part))


def _drawn(request: HttpRequest, by: Membership, part: str) -> dict[str, Any]:
    """What the page needs, or this part of it. The panels are fetched by the page itself."""
    if part == "kaart-vak":
        return map.panel(by)
    if part == "seh-nu":
        return {"departments": departments(by), **panels(by)}
    if part == "nieuws":
        return {"news": news(by), **panels(by)}
    rules = by.organisation.region.rules()
    context: dict[str, Any] = {} if part == "cap" else work_list(request, by, rules)
    if part in ("cap", ""):
        context |= {"capacity": free_now(by, rules), **panels(by)}
    return context


@page(Duty.DESK)
def search(request: HttpRequest) -> HttpResponse:
    """Zoeken: a number opens its case, words leave the rows they are in.

    It is sent, never linked to: what is sought may be a name, and stands in no address.
    """
    sought = " ".join(request.POST.get("q", "").split())[:LONGEST]
    if request.method != "POST" or not (sought and sought.isprintable()):
        return redirect("worklist")
    with reading(request):
        by = actor_of(request)
        rules = by.organisation.region.rules()
        found = work_list(request, by, rules, words=sought.casefold().split())
        if number := _number(sought, found, by):
            return redirect("case", number)
        context = found | panels(by) | {"sought": sought, "filtered_url": "", "waiting": 0}
        return render(request, "coordination/worklist.html", context)


def _number(sought: str, found: dict[str, Any], by: Membership) -> str:
    """The case that is called so: its whole number, or the last part of one in the list."""
    whole = Case.objects.visible_to(by).filter(reference=sought.upper())
    if reference := whole.values_list("reference", flat=True).first():
        return reference
    rows = [row for group in found["groups"] for row in group["rows"]]
    called = {row.reference for row in rows if row.number == sought.zfill(4)}
    return called.pop() if len(called) == 1 else ""


@require_safe
@page(Duty.DESK)
def capacity_overview(request: HttpRequest) -> HttpResponse:
    """Vrije capaciteit: per kind of care, and per unit with how old its figure is."""
    by = actor_of(request)
    part = request.GET.get("deel", "")
    template = "coordination/_overview.html" if part else "coordination/overview.html"
    return render(request, template, _overview(request, by))


def _overview(request: HttpRequest, by: Membership) -> dict[str, Any]:
    listed = units(by)
    with_last_call(listed)
    counted = [unit for unit in listed if unit.counted]
    return {
        "kinds": kinds(listed),
        "figures": [
            {"label": _("Free in the region"), "value": free(counted)},
            {"label": _("Of which uncertain"), "value": free(unsure(counted))},
            {"label": _("Older than a day, not counted"), "value": free(listed) - free(counted)},
            {"label": _("Offered now"), "value": sum(unit.held for unit in listed)},
        ],
        "departments": departments(by),
        "loads": list(Load),
        "said": list(Said),
        "part_url": f"{request.path}?deel=",
    }
