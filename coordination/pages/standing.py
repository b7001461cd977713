"""How a request stands, in the words of who asked: one heading, one sentence, whom to call."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.models import CareRequest, Offer
from coordination.states import CHOSEN, HOLDING, OfferState, RequestState
from lzc.models import Membership
from lzc.templatetags.ui import moment
from lzc.web.words import word

R = RequestState


def standing(made: CareRequest, offers: list[Offer]) -> dict[str, str]:
    """`tone`: goed, let or none. `tel`: the house that takes the patient, or else the desk."""
    chosen = next((offer for offer in offers if offer.state in CHOSEN), None)
    told = SENTENCES[R(made.state)](made, offers, chosen)
    if chosen and chosen.unit.telephone:
        told |= {"tel": chosen.unit.telephone, "tel_label": _("Call the provider")}
    elif made.state != R.CLOSED:
        told |= {"tel": made.desk.telephone, "tel_label": _("Call the desk")}
    return told


def _submitted(made: CareRequest, *_offers: Any) -> dict[str, str]:
    text = _("%(desk)s has it. You hear within 10 minutes who picked it up.")
    return {"title": _("Sent"), "text": text % {"desk": made.desk.organisation.name}}


def _searching(made: CareRequest, offers: list[Offer], *_chosen: Any) -> dict[str, str]:
    people = Membership.objects.filter(pk__in=[made.handler] if made.handler else [])
    name = people.values_list("user__full_name", flat=True).first()
    text = _("%(name)s is looking for a place.") % {"name": name or made.desk.organisation.name}
    return {"title": _("Searching for a place"), "text": f"{text} {_asked(offers)}".strip()}


def _asked(offers: list[Offer]) -> str:
    """How many providers are thinking, and until when; or that one of them promised."""
    if any(offer.state == OfferState.ACCEPTED for offer in offers):
        return _("A provider promised a place; the desk decides.")
    now = timezone.now()
    out = [o for o in offers if o.state in HOLDING and o.visible_from <= now < o.answer_before]
    if not out:
        return ""
    text = ngettext(
        "%(n)s provider is asked; the answer comes before %(at)s.",
        "%(n)s providers are asked; the answers come before %(at)s.",
        len(out),
    )
    return text % {"n": len(out), "at": moment(max(offer.answer_before for offer in out))}


def _waiting(made: CareRequest, *_offers: Any) -> dict[str, str]:
    text = _("Nothing fits now. Until there is a place: %(plan)s")
    return {
        "title": _("On the waiting list"),
        "text": text % {"plan": made.interim_plan},
        "tone": "let",
    }


def _on_hold(made: CareRequest, *_offers: Any) -> dict[str, str]:
    text = _("The patient's situation changed. The desk looks again before anything goes on.")
    return {"title": _("On hold"), "text": text, "tone": "let"}


def _assigned(made: CareRequest, _offers: Any, chosen: Offer | None) -> dict[str, str]:
    if chosen is None:
        return {"title": _("Place found"), "text": "", "tone": "goed"}
    holes = {"unit": chosen.unit.name, "town": chosen.unit.town, "at": moment(made.needed_by)}
    if made.kind == CareRequest.Kind.VISIT:
        title, text = _("%(unit)s is coming"), _("Before %(at)s.")
    else:
        title = _("There is a place: %(unit)s")
        text = _("In %(town)s. The patient is expected before %(at)s.")
    return {"title": title % holes, "text": text % holes, "tone": "goed"}


def _started(made: CareRequest, _offers: Any, chosen: Offer | None) -> dict[str, str]:
    where = {"unit": chosen.unit.name if chosen else ""}
    visit = made.kind == CareRequest.Kind.VISIT
    title = _("Care started: %(unit)s") if visit else _("Admitted: %(unit)s")
    text = _("Since %(at)s.") % {"at": moment(made.started_at)}
    return {"title": title % where, "text": text, "tone": "goed"}


def _closed(made: CareRequest, *_offers: Any) -> dict[str, str]:
    text = _("Until %(at)s. You need not do anything.") % {"at": moment(made.ended_at)}
    return {"title": _("Care is completed"), "text": text}


def _cancelled(made: CareRequest, *_offers: Any) -> dict[str, str]:
    why = {"why": word(made.end_reason, "ended"), "at": moment(made.ended_at)}
    return {"title": _("Withdrawn"), "text": _("%(at)s: %(why)s.") % why}


def _draft(made: CareRequest, *_offers: Any) -> dict[str, str]:
    return {"title": _("Draft"), "text": _("Not sent yet.")}


SENTENCES = {
    R.DRAFT: _draft,
    R.SUBMITTED: _submitted,
    R.SEARCHING: _searching,
    R.WAITING: _waiting,
    R.ON_HOLD: _on_hold,
    R.ASSIGNED: _assigned,
    R.STARTED: _started,
    R.CLOSED: _closed,
    R.CANCELLED: _cancelled,
}
