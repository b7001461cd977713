"""Cases that other desks ask this one to take over: told in SBAR, to be read back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coordination.models import Handover
from coordination.pages.dossier import Dossier
from coordination.pages.opened import handover
from coordination.states import HandoverState
from lzc import access
from lzc.models import Action, Actor
from triage import gateway
from triage.models import Case


def incoming(request: HttpRequest, by: Actor) -> HttpResponse:
    """The part of a page that is fetched again when a handover came, or was taken back."""
    context = {"handovers": handovers_to(by), "part_url": f"{request.path}?deel="}
    return render(request, "coordination/_incoming.html", context)


def handovers_to(by: Actor) -> list[dict[str, Any]]:
    """Oldest first, each as `coordination/_handover.html` draws it."""
    access.opened(Action.SEARCH, [])
    waiting = Handover.objects.filter(
        to_desk__organisation=by.organisation_id, state=HandoverState.OFFERED
    )
    desks = waiting.select_related("from_desk__organisation", "to_desk__organisation")
    rows = list(desks.order_by("offered_at"))
    if not rows:
        return []
    seen = Case.objects.visible_to(by).filter(pk__in=[row.case_id for row in rows])
    cases = {case.pk: case for case in seen}
    gateway.attach_patients(cases.values())
    return [handover(row, Dossier(cases[row.case_id], by)) for row in rows if row.case_id in cases]
