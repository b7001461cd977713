"""The opened case: a page beside the work list, forms for what must be said, buttons besides."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from coordination import casework, finding, handovers, services
from coordination.moving import TAKEN
from coordination.pages import acts, amend_form, sheets, starts
from coordination.pages.boards import panels, work_list
from coordination.pages.dossier import Dossier, case_id, opened
from coordination.pages.opened import Fact, facts, judgements, opened_case, signals, who
from coordination.pages.parts import A_HANDOVER, A_REQUEST, AN_OFFER, THE_CASE, Part
from coordination.pages.sheets import Sheet
from coordination.shifts import services as shifts
from lzc.errors import NotNow, NotSeen
from lzc.models import Actor
from lzc.rights import Duty
from lzc.web.methods import WAYS
from lzc.web.pages import actor_of, as_uuid, attempt, page, press, reading, sentence
from triage import services as triage
from triage.models import Case

#: A form is shown, or sent.
ways = require_http_methods(WAYS)
Presses = Mapping[str, tuple[Callable[..., Any], str | Promise]]


def ask_in_order(request_id: UUID, *, by: Actor) -> Any:
    """All candidates of now, best first."""
    units = finding.in_order(request_id, by=by)
    return services.cascade(request_id, unit_ids=units, by=by)


CASE_PRESSES: Presses = {
    "redirect": (casework.redirect, _("This case is passed on to 112.")),
    "reopen": (triage.reopen, _("The case is open again.")),
}
REQUEST_PRESSES: Presses = {
    "take": (services.take, _("Picked up. You are handling this now.")),
    "take_over": (services.take_over, _("Taken over. You are handling this now.")),
    "pass_on": (
        shifts.pass_on,
        _("Offered to the next shift. Until somebody takes it over, it stays where it is."),
    ),
    "hold": (services.hold, _("On hold. Nothing is promised until somebody looked again.")),
    "resume": (services.resume, _("The search goes on.")),
    "cascade": (ask_in_order, _("They are asked one after the other, best first.")),
    "stop_cascade": (
        services.stop_cascade,
        _("Stopped. Who was asked already can still answer; nobody else is asked."),
    ),
}
OFFER_PRESSES: Presses = {
    "withdraw": (services.withdraw, _("The offer is withdrawn. The place is free again.")),
}
HANDOVER_PRESSES: Presses = {
    "withdraw": (handovers.withdraw, _("The handover is withdrawn.")),
}


@require_safe
@page(Duty.DESK)
def _case(request: HttpRequest, reference: str) -> HttpResponse:
    by, part = actor_of(request), request.GET.get("deel", "")
    rules = by.organisation.region.rules()
    if part in ("werk", "stand"):
        context = work_list(request, by, rules, chosen=reference)
        return render(request, f"coordination/_{PARTS[part]}.html", context)
    dossier = opened(case_id(reference, by=by), by=by)
    if part:
        context = opened_case(dossier) | {"part_url": f"{request.path}?deel="}
        return render(request, "coordination/_case.html", context)
    board = work_list(request, by, rules, chosen=reference) | panels(by)
    drawn = opened_case(dossier)
    drawn["acts"] |= board["acts"]
    return render(request, "coordination/case.html", board | drawn)


PARTS = {"werk": "worklist", "stand": "numbers"}


def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Casus, beside the list. What is open on a screen and no longer theirs, goes from it."""
    response = _case(request, reference)
    if response.status_code == NotSeen.status and request.GET.get("deel") == "casus":
        return render(request, "coordination/_case_gone.html", {"reference": reference})
    return response


@ways
@page(Duty.DESK)
def case_act(request: HttpRequest, reference: str, act: str) -> HttpResponse:
    name = _name(acts.CASE, act)
    pk = _pk(request, reference)
    if name in CASE_PRESSES:
        return _press(request, reference, CASE_PRESSES[name], pk, THE_CASE)
    return _fill_in(request, reference, name, sheets.CASE[name], pk, THE_CASE)


@ways
@page(Duty.DESK)
def request_act(request: HttpRequest, reference: str, pk: UUID, act: str) -> HttpResponse:
    name, anchor = _name(acts.REQUEST, act), f"vraag-{pk}"
    if name == "offer" and request.method == "POST":
        verb = (services.offer, "")  # the row itself counts down
        unit = {"unit_id": as_uuid(request.POST.get("unit", "")), "undo": True}
        return _press(request, reference, verb, pk, A_REQUEST, anchor=anchor, **unit)
    if name == "widen" and request.method == "POST":
        found = (amend_form.let_go, _("Widened. Look below what fits now."))
        steps = amend_form.steps_of(request)
        return _press(request, reference, found, pk, A_REQUEST, anchor=anchor, steps=steps)
    if name in REQUEST_PRESSES:
        return _press(request, reference, REQUEST_PRESSES[name], pk, A_REQUEST, anchor=anchor)
    if name not in sheets.REQUEST:
        return _back(request, reference, _came_from(request, reference), anchor)
    return _fill_in(request, reference, name, sheets.REQUEST[name], pk, A_REQUEST)


@ways
@page(Duty.DESK)
def offer_act(request: HttpRequest, reference: str, pk: UUID, act: str) -> HttpResponse:
    name = _name(acts.OFFER, act)
    if name in OFFER_PRESSES:
        knew = request.POST.get("knew", "")
        return _press(request, reference, OFFER_PRESSES[name], pk, AN_OFFER, knew=knew)
    return _fill_in(request, reference, name, sheets.OFFER[name], pk, AN_OFFER)


@ways
@page(Duty.DESK)
def handover_act(request: HttpRequest, reference: str, pk: UUID, act: str) -> HttpResponse:
    name = _name(acts.HANDOVER, act)
    if name in HANDOVER_PRESSES:
        return _press(request, reference, HANDOVER_PRESSES[name], pk, A_HANDOVER)
    return _fill_in(request, reference, name, sheets.HANDOVER[name], pk, A_HANDOVER)


def _pk(request: HttpRequest, reference: str) -> UUID:
    """Which case; that somebody asked for one that is not theirs is written down."""
    by = actor_of(request)
    if request.method != "POST":
        return case_id(reference, by=by)
    with reading(request):
        return case_id(reference, by=by)


def _name(words: Mapping[str, str], act: str) -> str:
    """The move that this word in the address stands for; 404 when there is none."""
    found = next((name for name, word in words.items() if word == act), None)
    if found is None:
        raise NotSeen
    return found


def _press(
    request: HttpRequest,
    reference: str,
    button: tuple[Callable[..., Any], str | Promise],
    pk: UUID,
    part: Part,
    *,
    anchor: str = "",
    **values: Any,
) -> HttpResponse:
    """A button. Whoever comes here by a link, after logging in again for one, sees the case."""
    came_from = _came_from(request, reference)
    if request.method == "POST":
        verb, done = button
        try:
            checked = part.checked(reference, verb)
            press(request, str(done), checked, pk, asks=TAKEN, **values)
        except NotNow as lost:
            return _lost(request, reference, pk, lost)
    return _back(request, reference, came_from, anchor)


def _lost(request: HttpRequest, reference: str, pk: UUID, lost: NotNow) -> HttpResponse:
    """Picked up by a colleague just now: who, when, and do you take it over?"""
    context = {
        "sentence": sentence(lost),
        "reference": reference,
        "take_over": reverse("request_act", args=[reference, pk, acts.REQUEST["take_over"]]),
    }
    return render(request, "coordination/taken.html", context, status=lost.status)


def _back(request: HttpRequest, reference: str, came_from: str, anchor: str = "") -> HttpResponse:
    """To the case, or to the list when this desk no longer has a part in it."""
    if request.GET.get("taak"):
        return redirect(came_from)
    if not Case.objects.visible_to(actor_of(request)).filter(reference=reference).exists():
        return redirect("worklist")
    return redirect(f"{came_from}#{anchor}" if anchor else came_from)


def _came_from(request: HttpRequest, reference: str) -> str:
    """A nurse comes from a visit and goes back to it; everybody else works on the case.

    Asked before anything is done: a visit that cannot be is refused while nothing is saved.
    """
    visit = request.GET.get("taak", "")
    return reverse("task", args=[as_uuid(visit)]) if visit else reverse("case", args=[reference])


# Forms ----------------------------------------------------------------------------------------


def _fill_in(
    request: HttpRequest, reference: str, name: str, sheet: Sheet, pk: UUID, part: Part
) -> HttpResponse:
    """Show a form that starts with what is known; do what it says; or show it again, as typed."""
    by, came_from = actor_of(request), _came_from(request, reference)
    if request.method != "POST":
        dossier = opened(case_id(reference, by=by), by=by)
        target, open_ = part.find(dossier, pk)
        acts.must_be_open(open_, name, dossier.case, by)
        form = sheet.form(request, sheet.start(dossier, target))
        return _sheet(request, dossier, sheet, form, sheet.about(target))
    form = sheet.form(request, None)
    if form.is_valid():
        attempt(request, form, part.checked(reference, sheet.run), pk, form)
        if not form.errors:
            messages.success(request, str(sheet.done))
            return _back(request, reference, came_from)
    with reading(request):
        dossier = opened(case_id(reference, by=by), by=by)
        target, _open = part.find(dossier, pk)
        starts.read_now(form, dossier, target)
        return _sheet(request, dossier, sheet, form, sheet.about(target), status=422)


def _sheet(
    request: HttpRequest,
    dossier: Dossier,
    sheet: Sheet,
    form: Any,
    about: list[Fact],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "title": sheet.title,
        "intro": sheet.intro,
        "form": form,
        "sections": form.sections(),
        "submit": sheet.submit,
        "submit_icon": sheet.icon,
        "back": _came_from(request, dossier.case.reference),
        "back_label": dossier.case.reference,
        "who": who(dossier.case.patient),
        "signals": [signal for signal in signals(dossier) if signal["text"]],
        "facts": [*about, *facts(dossier)],
        "judgements": judgements(dossier),
    }
    return render(request, "coordination/sheet.html", context, status=status)
