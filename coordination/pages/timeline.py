"""What happened in a case, told line by line from the log: when, who, what, and what was said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.pages.dossier import Dossier
from lzc.models import CLOCK, Event
from lzc.templatetags.ui import moment
from lzc.web.words import word
from triage.models import Contact, TriageRecord

#: What each fact is called in the story. None: another fact of the same act tells it already.
PHRASES: dict[str, str | Promise | None] = {
    "case.registered": _("took this in"),
    "case.contacted": _("spoke again about this"),
    "case.asked_again": _("asked again what was known already: %(items)s"),
    "case.asked_twice": _("asked for this patient too: call back"),
    "case.triaged": _("triage %(urgency)s, %(how)s"),
    "case.reported": _("found"),
    "case.noted": _("notes"),
    "case.deteriorated": _("says that the patient is getting worse"),
    "case.redirected": _("passed this on to 112"),
    "case.redirect_confirmed": _("confirmed what 112 does"),
    "case.owner_changed": None,
    "case.closed": _("closed the case: %(ended)s"),
    "case.reopened": _("opened the case again"),
    "case.assessed": _("filled in the decision aid"),
    "care_request.submitted": _("asked for: %(care)s"),
    "care_request.taken": _("picked it up"),
    "care_request.taken_over": _("took it over from a colleague"),
    "care_request.offered": None,
    "care_request.cascade_started": _("asks them one after the other"),
    "care_request.cascade_went_on": None,
    "care_request.cascade_stopped": _("stopped asking one after the other"),
    "care_request.cascade_ran_out": _("everybody in the order was asked: look further"),
    "care_request.booked": None,
    "care_request.waiting": _("put it on the waiting list"),
    "care_request.shortage": None,
    "care_request.place_found": _("found that a place came free that fits"),
    "care_request.watch_ended": _("found that nobody watches any more"),
    "care_request.escalated": _("called somebody higher up"),
    "care_request.amended": _("changed what is asked"),
    "care_request.widened": _("widened the search"),
    "care_request.held": _("put the request on hold"),
    "care_request.resumed": _("went on searching"),
    "care_request.assignment_resumed": _("looked again: the assignment stands"),
    "care_request.assigned": None,
    "care_request.searching_again": _("searches again"),
    "care_request.provider_fell_away": _("the provider fell away; first somebody looks again"),
    "care_request.judged_anew": _("changes the urgency of the request"),
    "care_request.started": None,
    "care_request.closed": None,
    "care_request.cancelled": _("withdrew the request: %(ended)s"),
    "offer.sent": _("offered to %(unit)s"),
    "offer.shown": None,
    "offer.booked": _("booked at %(unit)s"),
    "offer.amended": None,
    "offer.unanswered": _("%(unit)s does not answer yet: call them"),
    "offer.asked": _("asks back, for %(unit)s"),
    "offer.replied": _("answered %(unit)s"),
    "offer.accepted": _("promised a place: %(unit)s"),
    "offer.declined": _("refused for %(unit)s: %(reason)s"),
    "offer.expired": _("no answer in time from %(unit)s"),
    "offer.withdrawn": _("withdrew the offer to %(unit)s"),
    "offer.lapsed": _("the promise of %(unit)s was not used in time"),
    "offer.assigned": _("assigned to %(unit)s"),
    "offer.read_back": _("read the handover back"),
    "offer.departed": _("is on the way"),
    "offer.started": _("care has started: %(unit)s"),
    "offer.completed": _("care is completed: %(unit)s"),
    "offer.failed": _("%(unit)s cannot keep its promise: %(reason)s"),
    "handover.offered": _("hands the case over to %(to)s"),
    "handover.accepted": _("took the case over for %(to)s"),
    "handover.refused": _("did not take the case over for %(to)s"),
    "handover.withdrawn": _("took the handover to %(to)s back"),
}

#: In the act of a provider who says no these are the doing of the order that a desk chose.
FOLLOWED = {"offer.sent", "care_request.cascade_ran_out"}


@dataclass(frozen=True)
class Line:
    id: int
    at: datetime
    who: str
    text: str
    quote: str = ""


def timeline(dossier: Dossier) -> list[Line]:
    """Newest first. A fact that another one of the same act tells is left out."""
    told = _Told(dossier)
    return [told.line(event) for event in dossier.events if PHRASES.get(event.type, event.type)]


class _Told:
    """The rows that the facts are about, by their id."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.contacts = {row.pk: row for row in dossier.contacts}
        self.triage = {row.pk: row for row in dossier.triage}
        self.notes = {row.pk: row for row in dossier.notes}
        self.requests = {row.pk: row for row in dossier.requests}
        self.offers = {row.pk: row for row in dossier.offers}
        self.handovers = {row.pk: row for row in dossier.handovers}
        self.desks = {row.desk.organisation_id for row in dossier.requests}

    def line(self, event: Event) -> Line:
        tell = TELLERS[event.type.partition(".")[0]]
        holes, quote = tell(self, event)
        text = str(PHRASES.get(event.type, event.type)) % holes
        contact = self.contacts.get(_id(event, "contact"))
        if contact and contact.is_late_entry:
            at = moment(contact.occurred_at)
            text += " " + gettext("(it was %(at)s, entered afterwards)") % {"at": at}
        return Line(event.number, event.at, self._who(event), text, quote)

    def _who(self, event: Event) -> str:
        if event.actor_kind == CLOCK.kind:
            return gettext("The clock")
        if event.type in FOLLOWED and event.organisation not in self.desks:
            return gettext("The order")
        return self.dossier.names.get(event.actor, "")

    def _case(self, event: Event) -> tuple[dict[str, Any], str]:
        if contact := self.contacts.get(_id(event, "contact")):
            items = ", ".join(word(item, "core") for item in contact.reentered)
            return {"items": items}, "" if event.type == "case.asked_again" else _said(contact)
        if judged := self.triage.get(_id(event, "triage")):
            how = word(judged.how, "how")
            return {"urgency": judged.urgency, "how": how}, _judged(judged)
        if note := self.notes.get(_id(event, "note")):
            return {}, note.text
        case = self.dossier.case
        ritnummer = f"{gettext('Ride number')} {case.ritnummer}" if case.ritnummer else ""
        quote = ritnummer if event.type == "case.redirect_confirmed" else ""
        return {"ended": word(case.close_reason, "ended")}, quote

    def _request(self, event: Event) -> tuple[dict[str, Any], str]:
        made = self.requests[event.subject]
        care = ", ".join(word(code, "care") for code in made.care_types)
        quotes = {
            "care_request.submitted": made.need,
            "care_request.waiting": made.interim_plan,
        }
        holes = {"care": care, "ended": word(made.end_reason, "ended")}
        return holes, quotes.get(event.type, "")

    def _offer(self, event: Event) -> tuple[dict[str, Any], str]:
        offer = self.offers[event.subject]
        holes = {"unit": offer.unit.name, "reason": word(offer.reason, "reason")}
        quotes = {
            "offer.asked": offer.question,
            "offer.replied": offer.reply,
            "offer.declined": offer.remark,
            "offer.failed": offer.remark,
            "offer.read_back": offer.read_back,
        }
        return holes, quotes.get(event.type, "")

    def _handover(self, event: Event) -> tuple[dict[str, Any], str]:
        made = self.handovers[event.subject]
        quotes = {
            "handover.offered": made.situation,
            "handover.accepted": made.read_back,
            "handover.refused": made.reason,
        }
        to = f"{made.to_desk.organisation.name}"
        return {"to": to}, quotes.get(event.type, "")


TELLERS: dict[str, Callable[[_Told, Event], tuple[dict[str, Any], str]]] = {
    "case": _Told._case,
    "care_request": _Told._request,
    "offer": _Told._offer,
    "handover": _Told._handover,
}


def _id(event: Event, name: str) -> UUID:
    found = event.ids.get(name)
    return UUID(found) if found else UUID(int=0)


def _said(contact: Contact) -> str:
    caller = f"{contact.caller}: " if contact.caller else ""
    return f"{caller}{contact.text}" if contact.text else ""


def _judged(judged: TriageRecord) -> str:
    return judged.reason or judged.complaint if judged.how != "taken_over" else ""
