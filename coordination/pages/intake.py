"""Taking in a call: first the number, then who it is; what was heard of them before is said then.

Two short steps on one page. The number is sent first: whoever is known by it is asked "am I
speaking with …?", and then need not tell their name and address again.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from coordination import casework
from coordination.pages import acts
from coordination.pages.intake_form import CallForm, IntakeForm
from lzc.errors import N_, NotAllowed, NotNow
from lzc.models import Actor, Desk, Membership
from lzc.rights import Duty, OrganisationKind
from lzc.web.methods import WAYS
from lzc.web.pages import actor_of, attempt, made_before, page, reading, was_sent_before
from triage.callers import Caller, callers
from triage.models import Case
from triage.services import Intake
from triage.states import CaseState


@require_http_methods(WAYS)
@page(Duty.DESK)
def intake(request: HttpRequest) -> HttpResponse:
    """Nieuwe casus: look by the number, then take in."""
    if request.method != "POST":
        return _shown(request, CallForm(initial=_start(request)))
    call = CallForm(request.POST)
    if not call.is_valid():
        return _shown(request, call, status=422)
    with reading(request):
        by = actor_of(request)
        known = _known(call.cleaned_data["callback"], by)
    if "look" in request.POST:
        return _shown(request, IntakeForm(known=known, initial=_typed(request)))
    form = IntakeForm(request.POST, known=known)
    if form.is_valid():
        taken = attempt(request, form, take_in, form, desk=desk_of(by))
        if not form.errors:
            return _on(request, taken)
    made = _made(request) if was_sent_before(form) else None
    return _shown(request, form, status=422, made=made)


def _known(number: str, by: Membership) -> list[Caller]:
    """A call is taken in also when no more numbers are looked up."""
    try:
        return callers(number, desk=desk_of(by), by=by)
    except NotNow:
        return []


def _made(request: HttpRequest) -> Case | None:
    """The case that this very form led to when it was sent the first time."""
    pk = made_before(request)
    return Case.objects.visible_to(actor_of(request)).filter(pk=pk).first() if pk else None


def _start(request: HttpRequest) -> dict[str, str]:
    meldkamer = actor_of(request).organisation.kind == OrganisationKind.MELDKAMER
    return {"asked_by": "citizen" if meldkamer else "professional", "sex": "unknown"}


def _typed(request: HttpRequest) -> dict[str, str]:
    """What was typed so far, kept while the number is looked up."""
    typed = {name: request.POST[name] for name in request.POST if name in IntakeForm.base_fields}
    return _start(request) | typed


def desk_of(by: Membership) -> Desk:
    desk = by.desk or Desk.objects.filter(organisation=by.organisation_id).first()
    if desk is None:
        raise NotAllowed(N_("Your organisation has no desk that takes in cases."), code="no_desk")
    return desk


def take_in(form: IntakeForm, *, desk: Desk, by: Actor) -> "Taken":
    """Register; under a life threat, judge and pass on to 112 in the same act."""
    took = casework.take_in(
        patient=form.patient(),
        contact=form.contact(),
        life_threat=form.cleaned_data["life_threat"],
        desk=desk,
        by=by,
    )
    return Taken(took)


class Taken:
    """An intake with the case it led to, so that a form sent twice leads there again."""

    def __init__(self, took: Intake) -> None:
        self.took = took
        self.pk = took.case.pk


def _on(request: HttpRequest, taken: Taken | None) -> HttpResponse:
    """To the triage of a new case; to a case that was joined. What was heard before goes along."""
    pk = taken.pk if taken else made_before(request)
    case = Case.objects.visible_to(actor_of(request)).filter(pk=pk).first() if pk else None
    if case is None:
        return redirect("worklist")
    if taken is None:
        return redirect("case", case.reference)
    _say(request, taken.took)
    if taken.took.outcome == "joined" or case.state == CaseState.REDIRECTED:
        return redirect("case", case.reference)
    return redirect("case_act", case.reference, acts.CASE["triage"])


def _say(request: HttpRequest, took: Intake) -> None:
    seen = took.recurrence
    if seen.address > seen.person and seen.is_alarm:
        text = gettext("From this address there were %(n)s contacts in %(hours)s hours.")
        messages.warning(request, text % {"n": seen.address, "hours": seen.hours})
    if took.outcome == "joined":
        messages.info(
            request, gettext("This person has an open case already: the contact is added to it.")
        )
    else:
        messages.success(request, gettext("Registered as %(ref)s.") % {"ref": took.case.reference})


def _shown(
    request: HttpRequest, form: CallForm, *, status: int = 200, made: Case | None = None
) -> HttpResponse:
    context = {
        "title": _("New case"),
        "form": form,
        "sections": form.sections(),
        "sent_url": reverse("case", args=[made.reference]) if made else "",
        "looked": isinstance(form, IntakeForm),
        "back": reverse("worklist"),
        "back_label": _("Work list"),
    }
    return render(request, "coordination/intake.html", context, status=status)
