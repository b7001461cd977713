"""What each form of a case starts with: all that is known, so that only what is new is typed."""

from typing import Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination import casework
from coordination.models import CareRequest, Handover, Offer
from coordination.moving import FOUND_MEANWHILE
from coordination.pages import forms, sbar
from coordination.pages.ask_form import AskForm, desks_of, from_case, looking_desks
from coordination.pages.dossier import Dossier
from coordination.pages.fields import DeskForm
from coordination.pages.opened import SBAR, Fact, fact
from lzc.models import Actor, Membership
from lzc.web.pages import actor_of
from lzc.web.words import word
from triage import services as triage
from triage.judging import JUDGED_MEANWHILE
from triage.models import TriageRecord
from triage.services import JUDGED

How = TriageRecord.How
Start = dict[str, Any]


def sent(request: HttpRequest) -> Any:
    """What was filled in; nothing when the form is asked for."""
    return request.POST if request.method == "POST" else None


# Triage ---------------------------------------------------------------------------------------


def how_of(request: HttpRequest) -> str:
    how = request.POST.get("how") or request.GET.get("how") or How.NEW
    return how if how in How.values else How.NEW


def triage_form(request: HttpRequest, start: Start | None) -> DeskForm:
    how = how_of(request)
    if how == How.TAKEN_OVER:
        return forms.TakenOverForm(sent(request), initial=start or {})
    return forms.TriageForm(sent(request), initial=_differing(start or {}, how), how=how)


def _differing(start: Start, how: str) -> Start:
    """A judgement that is made again is made anew: its urgency is not filled in beforehand."""
    anew = ("urgency", "physician") if how == How.REDONE else ()
    return {name: value for name, value in start.items() if name not in anew}


def judged_before(dossier: Dossier, target: Any) -> Start:
    """What the last judgement said; and that somebody called before is a signal by itself."""
    last = dossier.judged
    start: Start = {field: getattr(last, field) for field in JUDGED} if last else {}
    start["after"] = last.number if last else 0
    start |= start.pop("abcde", {})
    seen = dossier.recurrence
    if seen and seen.is_alarm:
        start["alarm_signals"] = sorted({*start.get("alarm_signals", []), "second_contact"})
    if not last and dossier.contacts:
        start["complaint"] = dossier.contacts[0].text
    return start


def run_triage(case_id: UUID, form: Any, *, by: Actor) -> Any:
    if isinstance(form, forms.TakenOverForm):
        judged = triage.TriageIn(how=How.TAKEN_OVER, after=form.cleaned_data["after"])
    else:
        judged = form.judged()
    return casework.judge(case_id, judged=judged, by=by)


def found_so_far(dossier: Dossier, target: CareRequest) -> Start:
    return {"knew": str(target.provider_id or "")}


def read_now(form: Any, dossier: Dossier, target: Any) -> None:
    """What came in between is shown with the refusal: sent again, it was read.

    What was a first triage then adds to the judgement that came before it.
    """
    if form.has_error(NON_FIELD_ERRORS, FOUND_MEANWHILE):
        form.data = form.data.copy()
        form.data.update(found_so_far(dossier, target))
    if not form.has_error(NON_FIELD_ERRORS, JUDGED_MEANWHILE) or not dossier.judged:
        return
    form.data = form.data.copy()
    form.data["after"] = dossier.judged.number
    if form.data.get("how") == How.NEW:
        form.data["how"] = How.SUPPLEMENTED


def worse_form(request: HttpRequest, start: Start | None) -> DeskForm:
    first = How.NEW in (request.POST.get("how"), (start or {}).get("how"))
    how = How.NEW if first else How.REDONE
    form = forms.TriageForm(sent(request), initial=_differing(start or {}, how), how=how)
    if "reason" in form.fields:
        form.fields["reason"].label = _("What got worse?")
    return form


def worse_start(dossier: Dossier, target: Any) -> Start:
    return judged_before(dossier, target) | {"how": How.REDONE if dossier.judged else How.NEW}


# Handing over, asking -------------------------------------------------------------------------


def hand_over_form(request: HttpRequest, start: Start | None) -> DeskForm:
    by = actor_of(request)
    first = (start or {}).get("first")
    desks = [desk for desk in desks_of(by) if desk.pk != (start or {}).get("owner")]
    return forms.HandOverForm(sent(request), initial=start or {}, desks=desks, first=first)


def hand_over_start(dossier: Dossier, target: Any) -> Start:
    case = dossier.case
    own_gp = case.patient.own_huisarts_id
    return sbar.sbar(dossier) | {"owner": case.owner_id, "first": own_gp}


def ask_form(request: HttpRequest, start: Start | None) -> DeskForm:
    return AskForm(sent(request), initial=start or {}, desks=looking_desks(actor_of(request)))


def ask_start(dossier: Dossier, target: Any) -> Start:
    assert isinstance(dossier.by, Membership)
    return from_case(dossier, looking_desks(dossier.by))


def confirm(case_id: UUID, form: Any, *, by: Actor) -> Any:
    data = form.cleaned_data
    return triage.confirm_redirect(
        case_id, ritnummer=data["ritnummer"], life_threat=data["outcome"] == "has_it", by=by
    )


def book_form(request: HttpRequest, start: Start | None) -> DeskForm:
    """For the unit that the button stood beside."""
    first = (start or {}) | {"unit": request.GET.get("unit", "")}
    return forms.BookForm(sent(request), initial=first)


def the_request(made: CareRequest) -> list[Fact]:
    care = ", ".join(word(code, "care") for code in made.care_types)
    return [fact(gettext("Care asked for"), care), fact(gettext("Needs"), made.need)]


def the_offer(offer: Offer) -> list[Fact]:
    told = [fact(gettext("Provider"), f"{offer.unit.name}, {offer.unit.town}")]
    if offer.question:
        told.append(fact(gettext("Question"), offer.question))
    return told


def the_handover(made: Handover) -> list[Fact]:
    told = [fact(gettext("From"), made.from_desk.organisation.name)]
    return told + [fact(word(code, "sbar"), getattr(made, code)) for code in SBAR]


# When nothing is found --------------------------------------------------------------------------


def waits(dossier: Dossier, target: CareRequest) -> Start:
    """As it was said before: what changes is typed anew."""
    return {name: getattr(target, name) for name in ("interim_plan", *forms.WATCHED)}


def ladder(target: CareRequest) -> list[Fact]:
    """At which number each step is reached."""
    steps = target.desk.region.rules().escalation
    numbers = [fact(word(step, "escalation"), number) for step, number in steps.items() if number]
    return [*the_request(target), *numbers]
