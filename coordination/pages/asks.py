"""The requests of a case as a desk works on them: who was asked, who could be, and who not."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from capacity.models import CareUnit
from coordination.finding import candidates
from coordination.matching import Candidate
from coordination.models import CareRequest, Offer
from coordination.moving import MATCHING, request_moves
from coordination.offering.limits import at_once
from coordination.pages import acts
from coordination.pages.amend_form import proposals
from coordination.pages.clocks import closing_in
from coordination.pages.dossier import Dossier
from coordination.states import CHOSEN, HOLDING, OPEN, OfferState
from coordination.steps import unmatchable
from lzc.freshness import CALL_FIRST
from lzc.web.pages import sentence
from lzc.web.words import remarked, why_not, word
from triage.states import CaseState

#: The rest of the ranking is one click away (as in coordination/_candidates.html).
SHOWN_AT_ONCE = 6


def asks(dossier: Dossier) -> list[dict[str, Any]]:
    """Open ones first, each with its offers and, when this desk may offer, its candidates."""
    requests = sorted(dossier.requests, key=lambda made: made.state not in OPEN)
    return [_ask(made, dossier) for made in requests]


def _ask(made: CareRequest, dossier: Dossier) -> dict[str, Any]:
    open_acts = acts.of_request(made, dossier.by, dossier.case)
    mine = [offer for offer in dossier.offers if offer.request_id == made.pk]
    seeks = not MATCHING.isdisjoint(request_moves(made, dossier.by))
    # With 112 the page says so already, above everything.
    blocked = blocked_by(dossier) if seeks and dossier.case.state == CaseState.OPEN else ""
    shown: dict[str, Any] = {"candidates": [], "excluded": []}
    if "offer" in open_acts:
        live = [offer for offer in mine if offer.state in HOLDING]
        full = bool(live) and len(live) >= at_once(made)
        book = open_acts.get("book", "")
        shown = {"full": full, **_places(made, dossier, "" if full else open_acts["offer"], book)}
    return {
        **_asked(made, dossier),
        "offers": [_offer(offer, dossier) for offer in sorted(mine, key=_over)],
        "acts": open_acts,
        "next": _next(made),
        "block_reason": blocked,
        **shown,
    }


def _next(made: CareRequest) -> list[str]:
    """Who is asked next when nobody says yes, in this order."""
    names = dict(CareUnit.objects.filter(pk__in=made.cascade).values_list("pk", "name"))
    return [names[pk] for pk in made.cascade]


def _asked(made: CareRequest, dossier: Dossier) -> dict[str, Any]:
    """What was asked, of whom, and how it stands."""
    return {
        "id": made.pk,
        "care_types": made.care_types,
        "need": made.need,
        "requirements": [word(code, "requirement") for code in made.requirements],
        "where": _where(made),
        "grounds": _grounds(made),
        "wishes": made.wishes,
        "state": made.state,
        "is_open": made.state in OPEN,
        "in_order": made.cascade_since,
        "needed_by": made.needed_by if made.state in OPEN else None,
        "soon": closing_in(made.submitted_at or made.created_at, made.needed_by),
        "desk": made.desk.organisation.name,
        "handler": _handler(dossier, made),
        "passed_on": getattr(made, "passed_on", False),
        "provider": made.provider.name if made.provider else "",
        "interim_plan": made.interim_plan,
        "watcher": made.watcher,
        "watch_until": made.watch_until,
        "worst_case": made.worst_case,
        "escalated": to_call(made, made.escalated_to),
        "told": _told(made),
        "ended": word(made.end_reason, "ended"),
    }


def _where(made: CareRequest) -> list[str]:
    """Where a place is sought, as far as it is not simply near home."""
    told = []
    if made.near_pc4:
        told.append(_("near %(pc4)s") % {"pc4": made.near_pc4})
    if made.travel_limit:
        told.append(_("at most %(n)s min away") % {"n": made.travel_limit})
    if made.beyond:
        told.append(_("another region will do as well"))
    return told


def _grounds(made: CareRequest) -> list[str]:
    """Who treats, and on what legal ground: what must be settled before somebody is assigned."""
    told = [word(made.who_treats, "treats")] if made.who_treats else []
    return [*told, word(made.legal_ground, "legal_ground")] if made.legal_ground else told


def to_call(made: CareRequest, step: str) -> dict[str, str]:
    """Who this step of the ladder is, and at which number where the desk of the request works."""
    number = made.desk.region.rules().escalation.get(step, "")
    return {"who": word(step, "escalation"), "telephone": number}


def _told(made: CareRequest) -> list[str]:
    """Where a place came free that fits, while it waited."""
    units = CareUnit.objects.filter(pk__in=made.told_units) if made.state in OPEN else []
    return sorted(unit.name for unit in units)


def _handler(dossier: Dossier, made: CareRequest) -> str:
    """Who handles it; the organisation is said already."""
    return dossier.names.get(made.handler, "").partition(",")[0] if made.handler else ""


def blocked_by(dossier: Dossier) -> str:
    """Why nothing may be offered now; empty when it may."""
    hindrance = unmatchable(dossier.case)
    return sentence(hindrance) if hindrance else ""


def _places(made: CareRequest, dossier: Dossier, url: str, book: str) -> dict[str, Any]:
    found = candidates(made.pk, by=dossier.by)
    rows = [_candidate(c, unit, made, url) for c, unit in found.candidates]
    for row, (_c, unit) in zip(rows, found.candidates, strict=True):
        row["book"] = f"{book}?unit={unit.pk}" if book and unit.direct_booking else ""
    return {
        "candidates": rows,
        "more": len(found.candidates) - SHOWN_AT_ONCE,
        "helps": proposals(found.relaxations),
        "excluded": [
            {"id": unit.pk, "name": unit.name, "reason": ", ".join(map(why_not, e.reasons))}
            for e, unit in found.excluded
        ],
    }


def _candidate(c: Candidate, unit: CareUnit, made: CareRequest, url: str) -> dict[str, Any]:
    return {
        "id": unit.pk,
        "name": unit.name,
        "town": unit.town,
        "free": c.free,
        "beds": unit.beds,
        "minutes": round(c.travel_minutes) if c.travel_minutes is not None else None,
        "response": unit.response_minutes,
        "fits": _fits(c, made),
        "conflict": _("%(n)s of it offered now") % {"n": unit.held} if unit.held else "",
        "fresh": c.freshness,
        "observed": unit.observed_at,
        "url": url,
        "call_first": c.freshness in CALL_FIRST,
        "telephone": unit.telephone,
    }


def _fits(c: Candidate, made: CareRequest) -> list[dict[str, str]]:
    """Who is in this list fits every hard requirement; what deviates besides gets ink."""
    points = len(made.requirements) + 1
    fit = _("all %(n)s points") % {"n": points} if made.requirements else _("fits the question")
    notes = [{"tone": "", "text": fit}]
    notes += [{"tone": "let", "text": remarked(code)} for code in c.remarks]
    if c.wish:
        care = word(made.care_types[c.wish], "care")
        notes.insert(1, {"tone": "let", "text": _("second choice: %(care)s") % {"care": care}})
    return notes


#: What asks something of this desk comes first, what is over last.
ORDER = [*CHOSEN, OfferState.ACCEPTED, OfferState.ASKED, OfferState.SENT]


def _over(offer: Offer) -> int:
    return ORDER.index(OfferState(offer.state)) if offer.state in ORDER else len(ORDER)


def _offer(offer: Offer, dossier: Dossier) -> dict[str, Any]:
    now = timezone.now()
    return {
        "id": offer.pk,
        "name": offer.unit.name,
        "town": offer.unit.town,
        "telephone": offer.unit.telephone,
        "state": offer.state,
        "answer_before": offer.answer_before,
        "soon": closing_in(offer.visible_from, offer.answer_before),
        "visible_from": offer.visible_from,
        "goes_out": offer.state == OfferState.SENT and offer.visible_from > now,
        "promised_until": offer.promised_until,
        "reason": offer.reason,
        "remark": offer.remark,
        "free_from": offer.free_from,
        "call_now": offer.state == OfferState.SENT and bool(offer.prompted_at),
        "question": offer.question,
        "reply": offer.reply,
        "read_back": offer.read_back,
        "at": _since(offer),
        "over": offer.state not in HOLDING and offer.state not in CHOSEN,
        "acts": acts.of_offer(offer, dossier.by, dossier.case),
    }


def _since(offer: Offer) -> datetime:
    """Since when it stands as it does."""
    moments = (offer.ended_at, offer.started_at, offer.departed_at, offer.answered_at)
    return next((at for at in moments if at), offer.created_at)
