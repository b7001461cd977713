"""Concept: what is typed in the form is kept as it is typed, for nobody but who types it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from coordination.pages.dossier import case_id
from coordination.pages.patient_form import NewPatientForm
from coordination.pages.request_form import RequestForm
from lzc.rights import Duty
from lzc.templatetags.ui import moment
from lzc.web.pages import actor_of, page, reading
from triage import drafting
from triage.elv import questionnaire
from triage.models import Draft

#: What asks for it by script wants a word, not a page.
WORD = "text/plain"


def about(request: HttpRequest) -> str:
    """The end of an address: of which case it is, when it is of one."""
    reference = request.GET.get("casus", "")
    return f"?{urlencode({'casus': reference})}" if reference else ""


@page(Duty.ASK)
def keep(request: HttpRequest) -> HttpResponse:
    """What is typed so far. What is wrong in it is kept as well: it is not sent yet."""
    if request.method != "POST":
        return redirect(reverse("request_new") + about(request))
    with reading(request):
        draft = kept(request)
    said = _("Draft kept %(at)s") % {"at": moment(draft.kept_at)} if draft else ""
    if WORD in request.headers.get("Accept", ""):
        return HttpResponse(said, content_type=f"{WORD}; charset=utf-8")
    messages.success(request, said)
    return redirect(reverse("request_new") + about(request))


def kept(request: HttpRequest) -> Draft | None:
    """Step, in an act: the form as it was sent, whatever is wrong in it; nothing once it was."""
    by, reference = actor_of(request), request.GET.get("casus", "")
    questions = questionnaire(by.organisation.region.rules().elv_edits)
    kind = RequestForm if reference else NewPatientForm
    return drafting.keep(
        kind(request.POST, questions=questions).typed(),
        form=request.POST.get("key", "")[:80],
        case_id=case_id(reference, by=by) if reference else None,
        by=by,
    )


@page(Duty.ASK)
def wipe(request: HttpRequest) -> HttpResponse:
    """Concept wissen."""
    by, reference = actor_of(request), request.GET.get("casus", "")
    if request.method == "POST":
        with reading(request):
            drafting.wipe(case_id=case_id(reference, by=by) if reference else None, by=by)
        messages.info(request, _("The draft is thrown away."))
    return redirect(reverse("request_new") + about(request))
