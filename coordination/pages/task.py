"""One visit as the nurse sees it: the patient, the steps, the handover, what is known."""

from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.models import Offer
from coordination.pages import acts
from coordination.pages.cards import Card
from coordination.pages.care_forms import ReadBackForm, ReportForm
from coordination.pages.dossier import Dossier, opened
from coordination.pages.opened import facts, handover, letter, signals, who
from coordination.pages.timeline import timeline
from coordination.states import CHOSEN, HandoverState, OfferState, RequestState
from lzc.models import Membership
from lzc.web.words import word
from triage.models import Case, Contact
from triage.states import CaseState

S = OfferState
#: The patient is shown from assignment on; after the visit for as long as the team has a part.
SHOWN = CHOSEN | {S.COMPLETED}
#: What the button of a step says, where that is not the step itself.
BUTTONS: dict[str, str | Promise] = {
    "read_back": gettext_lazy("Read and understood"),
    "depart": gettext_lazy("I am on the way"),
    "start": gettext_lazy("I am with the patient"),
    "report": gettext_lazy("Save findings"),
    "complete": gettext_lazy("Complete the visit"),
}
Context = dict[str, Any]


def task_of(offer: Offer, form: forms.Form | None, *, by: Membership) -> Context:
    """The context of `coordination/_task.html`. `form`: what was typed and refused."""
    card = Card(offer, by, None, "tasks", None)
    bare = {"offer_id": offer.pk, "offer": card, "form": form, "part_url": f"{_url(offer)}?deel="}
    seen = Case.objects.visible_to(by).filter(pk=offer.request.case_id)
    if offer.state not in SHOWN or not seen.exists():
        return bare
    dossier = opened(offer.request.case_id, by=by)
    return bare | _who(offer, dossier) | _work(offer, dossier, form, by)


def _who(offer: Offer, dossier: Dossier) -> Context:
    """To whom, where, and what should make one think."""
    person, made = dossier.case.patient, offer.request
    return {
        "case_id": made.case_id,
        "request_id": made.pk,
        "reference": dossier.case.reference,
        "who": who(person),
        "need": f"{word(made.care_types[0], 'care')}: {made.need}",
        "person": {
            "address": person.home(),
            "telephone": person.telephone,
            "access_notes": person.access_notes,
        },
        "signals": [*_warnings(offer, dossier), *signals(dossier)],
        "facts": [fact for fact in facts(dossier) if not fact.get("missing")],
    }


def _work(offer: Offer, dossier: Dossier, form: forms.Form | None, by: Membership) -> Context:
    """What is to be done, what was said, what happened."""
    waiting = [made for made in dossier.handovers if made.state == HandoverState.OFFERED]
    return {
        "steps": _steps(offer, _reported(offer, dossier), form),
        "sbar": letter(offer.sbar or {}),
        "handovers": [handover(made, dossier) for made in waiting],
        "timeline": timeline(dossier),
        "acts": _acts(offer, dossier, by),
        "reasons": Offer.Reason.values,
        "form": form,
    }


def _url(offer: Offer) -> str:
    return reverse("task", args=[offer.pk])


def _acts(offer: Offer, dossier: Dossier, by: Membership) -> dict[str, str]:
    """The desk's own forms for this case; they lead back here."""
    open_ = acts.of_case(dossier.case, by, dossier.handovers)
    back = f"?taak={offer.pk}"
    return {n: open_[n] + back for n in ("deteriorate", "hand_over", "redirect") if n in open_}


def _warnings(offer: Offer, dossier: Dossier) -> list[dict[str, str]]:
    """What stops the visit, or should make one think."""
    found = []
    if dossier.case.state == CaseState.REDIRECTED:
        text = _("Life-threatening: this is with 112 now. Stay with the patient if you are there.")
        found.append({"icon": "siren", "tone": "kritiek", "text": text})
    if offer.request.state == RequestState.ON_HOLD:
        desk = offer.request.desk
        text = _("On hold: the patient's situation changed. %(desk)s looks again: %(telephone)s")
        holes = {"desk": desk.organisation.name, "telephone": desk.telephone}
        found.append({"icon": "pause", "tone": "let", "text": text % holes})
    return found


def _reported(offer: Offer, dossier: Dossier) -> datetime | None:
    """When this team last wrote down what it found, since the visit began."""
    mine = (
        contact.registered_at
        for contact in dossier.contacts
        if contact.kind == Contact.Kind.REPORT
        and contact.organisation_id == offer.unit.organisation_id
        and offer.started_at
        and contact.registered_at >= offer.started_at
    )
    return max(mine, default=None)


def _steps(
    offer: Offer, reported: datetime | None, form: forms.Form | None
) -> list[dict[str, Any]]:
    """Five steps, one of them now. On hold none can be taken before the patient was reached.

    Those that come later have their form already: where there is no reception nothing is fetched.
    """
    reached: list[tuple[str, str, str, datetime | None]] = [
        ("read_back", _("Read back"), "check-check", offer.read_back_at),
        ("depart", _("On the way"), "route", offer.departed_at or offer.started_at),
        ("start", _("With the patient"), "map-pin", offer.started_at),
        ("report", _("Findings"), "square-pen", reported or _done(offer)),
        ("complete", _("Visit completed"), "check", _done(offer)),
    ]
    now = next((code for code, _label, _icon, at in reached if at is None), "")
    held = offer.request.state == RequestState.ON_HOLD and not offer.started_at
    return [
        {
            "code": code,
            "label": label,
            "icon": icon,
            "at": at,
            "state": "now" if code == now else "done" if at else "todo",
            "url": "" if held or at else reverse("task_step", args=[offer.pk, code]),
            "fields": [] if at else list(_form(code, form)),
            "button": BUTTONS[code],
        }
        for code, label, icon, at in reached
    ]


def _done(offer: Offer) -> datetime | None:
    return offer.ended_at if offer.state == S.COMPLETED else None


FORMS: dict[str, type[forms.Form]] = {"read_back": ReadBackForm, "report": ReportForm}


def _form(code: str, sent: forms.Form | None) -> forms.Form:
    wanted = FORMS.get(code, forms.Form)
    return sent if isinstance(sent, wanted) and sent.fields else wanted()
