"""Who is on the line? A number that is known saves a person from telling again who they are."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from lzc import access
from lzc.errors import N_, NotAllowed, NotNow
from lzc.models import Action, Actor, ApiClient, Desk
from lzc.rights import Duty
from triage import gateway
from triage.identity import clean_telephone
from triage.models import Contact, Patient
from triage.services import TREATING

#: So many people with another number in an hour are more than anybody speaks with; a system takes
#: the calls of a whole desk with one key.
MOST, MOST_OF_A_SYSTEM = 40, 400


@dataclass(frozen=True)
class Caller:
    """Somebody who is known by this number, and how often they called lately."""

    patient: Patient
    calls: int
    hours: int


def callers(telephone: str, *, desk: Desk, by: Actor) -> list[Caller]:
    """Candidates, no more: the desk asks "am I speaking with …?" before it says so (`recognised`).

    A telephone may be lent, shared or passed on, so a number alone never joins a case.
    """
    answers = desk.organisation.kind in TREATING and by.has(Duty.DESK)
    if desk.organisation_id != by.organisation_id or not answers:
        raise NotAllowed(N_("You can only take in cases at your own desk."), code="not_your_desk")
    number = clean_telephone(telephone)
    _not_too_often(number, by)
    found = gateway.calling_from(number)
    hours = desk.region.rules().recurrence_hours
    calls = Counter(
        Contact.objects.filter(
            case__patient__in=[patient.pk for patient in found],
            occurred_at__gte=timezone.now() - timedelta(hours=hours),
            kind=Contact.Kind.CALL,
        ).values_list("case__patient_id", flat=True)
    )
    return [Caller(patient, calls[patient.pk], hours) for patient in found]


def _not_too_often(number: str, by: Actor) -> None:
    """Who tries numbers one after the other is told no more names. Only who was found counts."""
    found = access.others_lately(by, Action.LIST, subject=gateway.BY_NUMBER, terms=[number])
    if found >= (MOST_OF_A_SYSTEM if by.kind == ApiClient.kind else MOST):
        raise NotNow(
            N_("You looked up many callers this hour. Take the call, and ask who it is."),
            code="too_many_searches",
        )
