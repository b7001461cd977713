"""The huisarts asks: one form, with what is free beside it. After that there is nobody to call."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.asking import Asked, ask_for, ask_in, desk_that_searches, own_desk
from coordination.models import CareRequest
from coordination.pages import acts, beside, concept
from coordination.pages.dossier import Dossier, case_id, opened
from coordination.pages.opened import facts, signals, who
from coordination.pages.patient_form import NewPatientForm
from coordination.pages.request_form import RequestForm, suggested
from coordination.states import OPEN
from lzc.errors import N_, NotNow, NotValid
from lzc.models import Membership
from lzc.rights import Duty, OrganisationKind
from lzc.web.pages import actor_of, attempt, made_before, page, reading, was_sent_before
from triage import drafting
from triage.elv import questionnaire
from triage.models import Draft
from triage.recurrence import ALARMING
from triage.states import CaseState


@page(Duty.ASK)
def request_new(request: HttpRequest) -> HttpResponse:
    """Aanvraag: for somebody new, or with `?casus=` for a case that one has a part in."""
    if request.method == "POST":
        return _send(request)
    dossier = _dossier(request)
    draft = drafting.kept(case_id=dossier.case.pk if dossier else None, by=actor_of(request))
    return _show(request, _form(request, dossier, draft), dossier, draft=draft)


def _dossier(request: HttpRequest) -> Dossier | None:
    reference, by = request.GET.get("casus", ""), actor_of(request)
    if not reference:
        return None
    dossier = opened(case_id(reference, by=by), by=by)
    if dossier.case.state == CaseState.CLOSED:
        raise NotNow(N_("This case is closed. Its owner can open it again."), code="closed")
    return dossier


def _form(request: HttpRequest, dossier: Dossier | None, draft: Draft | None = None) -> RequestForm:
    """What is known or was typed before is filled in, or shown. Consent never is."""
    by = actor_of(request)
    region = by.organisation.region
    desk_that_searches(region)  # better refused now than after typing
    questions = questionnaire(region.rules().elv_edits)
    sent = request.POST if request.method == "POST" else None
    start = {**suggested(timezone.now()), "callback": own_desk(by).telephone}
    typed = draft.fields if draft else {}
    if dossier is None:
        return NewPatientForm(sent, initial=start | typed, questions=questions)
    if dossier.judged:
        start["urgency"] = dossier.judged.urgency
    whom = {"label": _("Patient"), "value": who(dossier.case.patient)}
    known = [whom, *facts(dossier)]
    return RequestForm(sent, initial=start | typed, known=known, questions=questions)


def _show(
    request: HttpRequest,
    form: RequestForm,
    dossier: Dossier | None,
    *,
    status: int = 200,
    made: UUID | None = None,
    draft: Draft | None = None,
) -> HttpResponse:
    """`made`: the request that this form had made already."""
    pc4 = dossier.case.patient.pc4 if dossier else None
    said = request.POST if form.is_bound else {"requirements": [], **form.initial}
    context = {
        "title": _("Request a short stay"),
        "form": form,
        "sent_url": reverse("follow", args=[made]) if made else "",
        "sections": form.sections(),
        "other_url": _other_care(dossier) if dossier else "",
        "signals": [*_open_already(dossier), *signals(dossier)] if dossier else [],
        "consult_telephone": actor_of(request).organisation.region.rules().consult_telephone,
        "aid": form.aid_now(),
        "draft": draft,
        **beside.addresses(request),
        **beside.of_places(request, said, pc4),
    }
    return render(request, "coordination/request_form.html", context, status=status)


def _other_care(dossier: Dossier) -> str:
    """The desk's own form, which knows every kind of care."""
    return reverse("case_act", args=[dossier.case.reference, acts.CASE["ask"]])


def _open_already(dossier: Dossier) -> list[dict[str, str]]:
    """A person has one open placement at most: better seen before the form is filled in."""
    asked = (made for made in dossier.requests if made.kind == CareRequest.Kind.PLACEMENT)
    made = next((made for made in asked if made.state in OPEN), None)
    if made is None:
        return []
    return [
        {
            "icon": "info",
            "text": _("A request is open already for this patient (%(reference)s).")
            % {"reference": dossier.case.reference},
            "url": reverse("follow", args=[made.pk]),
            "link": _("Look at it"),
        }
    ]


def _send(request: HttpRequest) -> HttpResponse:
    with reading(request):
        dossier = _dossier(request)
        form = _form(request, dossier)
    asked = _attempt(request, form, dossier) if form.is_valid() else None
    if form.errors:
        made = made_before(request) if was_sent_before(form) else None
        with reading(request):
            draft = _kept(request) if made is None else None
            return _show(request, form, _dossier(request), status=422, made=made, draft=draft)
    if asked is None:
        before = made_before(request)
        return redirect("follow", before) if before else redirect("requests")
    _tell(request, asked)
    for route in form.beside():
        messages.info(request, _("The decision aid also says: %(what)s.") % {"what": route})
    return redirect("follow", asked.pk)


def _kept(request: HttpRequest) -> Draft | None:
    """Step: what is too long for a draft is shown all the same, with what is wrong in it."""
    try:
        return concept.kept(request)
    except NotValid:
        return None


def _attempt(request: HttpRequest, form: RequestForm, dossier: Dossier | None) -> Asked | None:
    """Step: one act, in which the person is taken in too when nobody knew them."""
    by = actor_of(request)
    ask = form.ask(desk_that_searches(by.organisation.region))
    if dossier:
        return attempt(request, form, ask_in, dossier.case.pk, said=form.said(), ask=ask)
    assert isinstance(form, NewPatientForm)
    return attempt(
        request,
        form,
        ask_for,
        patient=form.patient(_own_practice(by)),
        callback=ask.callback,
        said=form.said(),
        ask=ask,
        desk=own_desk(by),
    )


def _own_practice(by: Membership) -> UUID | None:
    """A practice asks for its own patients."""
    own = by.organisation.kind == OrganisationKind.HUISARTS
    return by.organisation_id if own else None


def _tell(request: HttpRequest, asked: Asked) -> None:
    messages.success(request, _("Your request is sent."))
    if asked.joined:
        messages.info(request, _("A case of this patient was open already. It is added to that."))
    heard = asked.heard
    if heard is None or not heard.is_alarm:
        return
    if heard.person >= ALARMING:
        text = _("This is contact no. %(n)s about this patient in %(hours)s hours.")
        messages.info(request, text % {"n": heard.person, "hours": heard.hours})
    if heard.address > heard.person:
        text = _("From this address there were %(n)s contacts in %(hours)s hours.")
        messages.info(request, text % {"n": heard.address, "hours": heard.hours})
