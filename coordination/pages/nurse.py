"""The nurse's phone at night: who to go to, one next step, and everything that is known."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from coordination import services
from coordination.models import Offer
from coordination.pages.care_forms import ReadBackForm, ReportForm
from coordination.pages.incoming import handovers_to, incoming
from coordination.pages.provider import admissions_of, say
from coordination.pages.task import task_of
from lzc.errors import NotSeen
from lzc.rights import Duty
from lzc.web.kept import typed
from lzc.web.pages import actor_of, attempt, page, reading
from lzc.web.queued import from_queue, in_words


@require_safe
@page(Duty.ANSWER)
def tasks(request: HttpRequest) -> HttpResponse:
    """Who goes to patients sees visits; who takes them in sees admissions."""
    by, part = actor_of(request), request.GET.get("deel", "")
    name = "tasks" if by.has(Duty.VISIT) else "admissions"
    if part == "overdrachten" and by.has(Duty.VISIT):
        return incoming(request, by)
    context = admissions_of(by)
    if part:
        return render(request, f"coordination/_{name}.html", context)
    if by.has(Duty.VISIT):
        context["handovers"] = handovers_to(by)
    return render(request, f"coordination/{name}.html", context)


@require_safe
@page(Duty.VISIT)
def task(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    return _show(request, offer_id)


def _show(
    request: HttpRequest, offer_id: UUID, form: forms.Form | None = None, *, status: int = 200
) -> HttpResponse:
    """A visit that is over, or went to somebody else, says so; its patient is gone from it."""
    by = actor_of(request)
    rows = Offer.objects.inbox(by).select_related(
        "unit__organisation", "request__desk__organisation"
    )
    offer = rows.filter(pk=offer_id).first()
    if offer is None:
        raise NotSeen
    context = task_of(offer, form, by=by)
    if form and not context.get("steps"):
        context["typed"] = typed(request)
    part = "_task" if request.GET.get("deel") else "task"
    return render(request, f"coordination/{part}.html", context, status=status)


@dataclass(frozen=True)
class Step:
    """A step of the visit: its verb, what is said when it is done, what is filled in."""

    verb: Callable[..., Any]
    done: str | Promise
    form: type[forms.Form] = forms.Form


STEPS: dict[str, Step] = {
    "read_back": Step(services.read_back, _("Read back."), ReadBackForm),
    "depart": Step(services.depart, _("Recorded: you are on the way.")),
    "start": Step(services.start, _("Recorded: you are with the patient.")),
    "report": Step(services.report, _("Saved. Everybody involved can read it."), ReportForm),
    "complete": Step(services.complete, _("The visit is completed. Thank you.")),
}


@page(Duty.VISIT)
@in_words
def step(request: HttpRequest, offer_id: UUID, name: str) -> HttpResponse:
    """One step. What was typed stays when it is refused."""
    if name not in STEPS:
        raise NotSeen
    if request.method != "POST":
        return redirect("task", offer_id)
    taken = STEPS[name]
    form = taken.form(request.POST)
    if form.is_valid():
        attempt(request, form, taken.verb, offer_id, **form.cleaned_data)
    if form.errors and form.fields and not from_queue(request):
        with reading(request):
            return _show(request, offer_id, form, status=422)
    say(request, form, taken.done)
    return redirect("task", offer_id)
