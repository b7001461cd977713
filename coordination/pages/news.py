"""What just changed, in sentences: a time, a unit or the number of a case, and nobody's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from capacity.models import CareUnit
from coordination.models import CareRequest, Offer
from lzc.models import Actor, Event
from triage.models import Case

MOST = 8
#: What a desk wants to know without looking for it. What it did itself is in the list already.
SENTENCES: dict[str, str | Promise] = {
    "place.released": _("has a free place"),
    "place.came_free": _("has a free place"),
    "place.withdrawn": _("withdrew a free place"),
    "place.not_there": _("has no place after all"),
    "unit.confirmed": _("confirmed its places"),
    "unit.called": _("was called"),
    "unit.stopped": _("admits nobody for now"),
    "unit.reopened": _("admits again"),
    "unit.fell_silent": _("does not answer any more"),
    "unit.heard_again": _("answers again"),
    "care_request.submitted": _("asks for care"),
    "care_request.taken": _("was picked up"),
    "care_request.taken_over": _("got another handler"),
    "care_request.place_found": _("a place came free that fits"),
    "care_request.held": _("is on hold"),
    "care_request.cancelled": _("was withdrawn"),
    "care_request.started": _("care has started"),
    "passing.escalated": _("nobody takes it over from the former shift"),
    "passing.escalated_again": _("still nobody takes it over from the former shift"),
    "case.registered": _("is new"),
    "case.deteriorated": _("the patient is getting worse"),
    "case.redirected": _("is with 112"),
    "case.closed": _("was closed"),
    "offer.sent": _("was offered to %(unit)s"),
    "offer.asked": _("%(unit)s asks something back"),
    "offer.accepted": _("%(unit)s promises a place"),
    "offer.declined": _("%(unit)s cannot take the patient"),
    "offer.expired": _("%(unit)s did not answer in time"),
    "offer.withdrawn": _("the offer to %(unit)s was withdrawn"),
    "offer.failed": _("%(unit)s cannot keep its promise"),
}


@dataclass(frozen=True)
class News:
    number: int
    at: datetime
    about: str
    text: str
    url: str = ""


def news(by: Actor) -> list[News]:
    """The newest facts this desk may hear, newest first; what it may no longer open is left out."""
    heard = Event.objects.visible_to(by).filter(type__in=SENTENCES)
    events = list(heard.order_by("-number")[: 3 * MOST])
    cases, units = _cases(events, by), _units(events)
    told = (_told(event, cases, units) for event in events)
    return [one for one in told if one is not None][:MOST]


def _told(event: Event, cases: dict[UUID, str], units: dict[UUID, str]) -> News | None:
    unit = units.get(_id(event, "unit"), "")
    sentence = str(SENTENCES[event.type])
    if event.type.startswith(("place.", "unit.")):
        return News(event.number, event.at, unit, sentence) if unit else None
    number = cases.get(_about(event), "")
    if not number:
        return None
    text = sentence % {"unit": unit} if "%" in sentence else sentence
    return News(event.number, event.at, number, text, reverse("case", args=[number]))


def _about(event: Event) -> UUID:
    """Of a claim on its way to the next shift: its request."""
    return _id(event, "request") if event.type.startswith("passing.") else event.subject


def _cases(events: Iterable[Event], by: Actor) -> dict[UUID, str]:
    """The number of the case, by whatever the fact is about: the case, its request or its offer."""
    subjects = {_about(event) for event in events}
    offers = Offer.objects.visible_to(by).filter(pk__in=subjects)
    case_of = dict(offers.values_list("pk", "request__case_id"))
    requests = CareRequest.objects.visible_to(by).filter(pk__in=subjects)
    case_of |= dict(requests.values_list("pk", "case_id"))
    seen = Case.objects.visible_to(by).filter(pk__in={*subjects, *case_of.values()})
    numbers = dict(seen.values_list("pk", "reference"))
    return numbers | {pk: numbers[case] for pk, case in case_of.items() if case in numbers}


def _units(events: Iterable[Event]) -> dict[UUID, str]:
    """Capacity is no patient data: every unit may be named."""
    wanted = {_id(event, "unit") for event in events}
    return dict(CareUnit.objects.filter(pk__in=wanted).values_list("pk", "name"))


def _id(event: Event, name: str) -> UUID:
    found = event.ids.get(name)
    return UUID(found) if found else UUID(int=0)
