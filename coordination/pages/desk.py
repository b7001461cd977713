"""The work list of a desk, and what is free in its region."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from capacity.pages.desk import departments, with_last_call
from capacity.states import Load, Said
from coordination.pages.boards import kinds, units, work_list
from lzc.models import Membership
from lzc.rights import Duty
from lzc.web.pages import actor_of, page

#: What a page fetches again when something changed: `?deel=…` → its partial.
PARTS = {
    "werk": "coordination/_worklist.html",
    "stand": "coordination/_numbers.html",
    "cap": "coordination/_capacity.html",
}


@require_GET
@page(Duty.DESK)
def worklist(request: HttpRequest) -> HttpResponse:
    """Werklijst: everything that waits for this desk, beside it what is free in the region."""
    by, part = actor_of(request), request.GET.get("deel", "")
    context: dict[str, Any] = {}
    if part != "cap":
        context |= work_list(request, by)
    if part in ("cap", ""):
        context |= {"capacity": kinds(units(by)), "part_url": f"{request.path}?deel="} | context
    return render(request, PARTS.get(part, "coordination/worklist.html"), context)


@require_GET
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
    unsure = [unit for unit in listed if unit.fresh != "fresh"]
    return {
        "kinds": kinds(listed),
        "figures": [
            {"label": _("Free in the region"), "value": sum(unit.free for unit in listed)},
            {"label": _("Of which uncertain"), "value": sum(unit.free for unit in unsure)},
            {"label": _("Offered now"), "value": sum(unit.held for unit in listed)},
        ],
        "departments": departments(by),
        "loads": list(Load),
        "said": list(Said),
        "part_url": f"{request.path}?deel=",
    }
