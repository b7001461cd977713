"""What stands beside the form of the huisarts and follows it: places, the decision aid, a twin.

Each is asked for by POST: what is typed about a person stands in no address.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from coordination.enquiring import twins
from coordination.enquiring.places import STAYS, places_now
from coordination.pages.concept import about
from coordination.pages.patient_form import WhoForm
from coordination.pages.request_form import REQUIREMENTS, RequestForm
from lzc.errors import NotNow
from lzc.models import Membership
from lzc.rights import Duty
from lzc.web.pages import actor_of, page, reading, sentence
from triage.elv import asked, questionnaire
from triage.identity import clean_postcode

#: More than these nobody reads; how many there are is said.
MOST_PLACES = 8
Context = dict[str, Any]


@page(Duty.ASK)
def places(request: HttpRequest) -> HttpResponse:
    """Which places are free now, of the kind and with what was chosen so far.

    It comes again with each change of capacity: where the patient lives stands on the page, so that
    nobody is looked at for it.
    """
    if request.method != "POST":
        return redirect(reverse("request_new") + about(request))
    known = clean_postcode(request.POST.get("pc4", ""))
    with reading(request):
        context = of_places(request, request.POST, int(known[:4]) if known else None)
        return render(request, "coordination/_places_now.html", context)


def of_places(request: HttpRequest, said: Any, pc4: int | None) -> Context:
    """`said`: what is filled in, or was the last time. `pc4`: where the patient is known to be."""
    chosen = [said["care_type"]] if said.get("care_type") in STAYS else list(STAYS)
    typed = clean_postcode(said.get("postcode") or "")
    wanted = said.getlist("requirements") if isinstance(said, QueryDict) else said["requirements"]
    found = places_now(
        chosen,
        pc4=pc4 or (int(typed[:4]) if typed else None),
        requirements=[code for code in wanted if code in REQUIREMENTS],
        by=actor_of(request),
    )
    return {
        "found": found,
        "places": found.places[:MOST_PLACES],
        "more_places": len(found.places) - MOST_PLACES,
        "several": len(chosen) > 1,
        "pc4": pc4,
        "places_url": reverse("request_places"),
    }


@page(Duty.ASK)
def aid(request: HttpRequest) -> HttpResponse:
    """The questions that matter after the last answer. What does not matter is not answered."""
    if request.method != "POST":
        return redirect(reverse("request_new") + about(request))
    with reading(request):
        questions = questionnaire(actor_of(request).organisation.region.rules().elv_edits)
        said = request.POST.copy()
        answers = RequestForm(said, questions=questions).answers()
        matter = {question.code for question in asked(answers, questions)}
        for question in questions:
            if question.code not in matter:
                said.pop(f"aid_{question.code}", None)
        form = RequestForm(initial=said.dict(), questions=questions)
        context = {"aid": form.aid_now(), **addresses(request)}
        return render(request, "coordination/_aid.html", context)


@page(Duty.ASK)
def twin(request: HttpRequest) -> HttpResponse:
    """Loopt er al een aanvraag? Looked up as soon as it is known who it is."""
    if request.method != "POST":
        return redirect(reverse("request_new"))
    by = actor_of(request)
    context: Context = addresses(request)
    try:
        with reading(request):
            found = twins.open_already(WhoForm(request.POST).known(), by=by)
    except NotNow as refusal:
        context["refused"] = sentence(refusal)
    else:
        context |= {"twin": found, "twin_link": _leads(found, by)}
    return render(request, "coordination/_twin.html", context)


def _leads(found: twins.Twin | None, by: Membership) -> str:
    """To the request itself for who asked it; to the case for who else has a part in it."""
    if found is None or found.request is None:
        return ""
    return (
        reverse("follow", args=[found.request])
        if found.own
        else reverse("case", args=[found.reference])
    )


def addresses(request: HttpRequest) -> Context:
    end = about(request)
    return {
        "aid_url": reverse("request_aid") + end,
        "twin_url": reverse("request_twin"),
        "draft_url": reverse("request_draft") + end,
        "wipe_url": reverse("request_draft_wipe") + end,
    }
