"""A case as a program is told it: all that is in it, in as many queries whatever happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from coordination.api.steps import case_moves
from coordination.models import CareRequest, Handover, Note
from lzc.models import Actor, ApiClient, Membership
from triage import gateway
from triage.models import CareAssessment, Case, Contact, Involvement, TriageRecord
from triage.recurrence import PastContact, Recurrence, recurrence


@dataclass
class Story:
    case: Case
    by: Actor

    @cached_property
    def contacts(self) -> list[Contact]:
        """Newest first, by when they happened."""
        rows = Contact.objects.filter(case=self.case).select_related("organisation")
        return list(rows.order_by("-occurred_at", "-registered_at"))

    @cached_property
    def triage(self) -> list[TriageRecord]:
        """Newest first."""
        rows = TriageRecord.objects.filter(case=self.case).select_related("organisation")
        return list(rows.order_by("-number"))

    @cached_property
    def notes(self) -> list[Note]:
        rows = Note.objects.filter(case=self.case).select_related("organisation")
        return list(rows.order_by("-at"))

    @cached_property
    def handovers(self) -> list[Handover]:
        """Newest first."""
        rows = Handover.objects.filter(case=self.case)
        desks = rows.select_related("from_desk__organisation", "to_desk__organisation")
        return list(desks.order_by("-offered_at"))

    @cached_property
    def requests(self) -> list[CareRequest]:
        """Newest first; those that the reader is a party to."""
        rows = CareRequest.objects.visible_to(self.by).filter(case=self.case)
        parties = rows.select_related("requester", "provider", "desk__organisation")
        return list(parties.order_by("-created_at"))

    @cached_property
    def involvements(self) -> list[Involvement]:
        """Who has, or had, a part in it; in order."""
        parts = self.case.involvements.select_related("organisation", "desk__organisation")
        return list(parts.order_by("since", "pk"))

    @cached_property
    def owners(self) -> list[Involvement]:
        return [part for part in self.involvements if part.kind == Involvement.Kind.OWNER]

    @cached_property
    def assessments(self) -> list[CareAssessment]:
        rows = CareAssessment.objects.filter(case=self.case).select_related("organisation")
        return list(rows.order_by("-at"))

    @cached_property
    def heard(self) -> Recurrence | None:
        """Calls of this person, and of anybody at this address, around the newest call."""
        calls = [c for c in self.contacts if c.kind == Contact.Kind.CALL]
        if not calls:
            return None
        newest, patient = calls[0], self.case.patient
        hours = self.case.region.rules().recurrence_hours
        at_home = gateway.at_address(patient.address_key) if patient.address_key else set()
        past = (
            Contact.objects.filter(
                case__patient__in=at_home | {patient.pk},
                kind=Contact.Kind.CALL,
                occurred_at__gte=newest.occurred_at - timedelta(hours=hours),
                occurred_at__lte=newest.occurred_at,
            )
            .exclude(pk=newest.pk)
            .values_list("occurred_at", "case__patient_id")
        )
        told = [PastContact(at, who == patient.pk, who in at_home) for at, who in past]
        return recurrence(told, at=newest.occurred_at, hours=hours)

    @property
    def reentries(self) -> int:
        """Core items that were asked again although the case knew them. The aim is none."""
        return sum(len(contact.reentered) for contact in self.contacts)

    @property
    def moves(self) -> list[str]:
        """What the reader could do now."""
        self.case._told = list({p.organisation_id for p in self.involvements if p.until is None})
        return case_moves(self.case, self.by)

    @property
    def urgency(self) -> str:
        return self.triage[0].urgency if self.triage else ""

    @property
    def complaint(self) -> str:
        return self.triage[0].complaint if self.triage else ""

    @property
    def signals(self) -> list[dict[str, Any]]:
        return signals(self.heard)

    @cached_property
    def names(self) -> dict[UUID, str]:
        """Who did it: people and machines, at their organisation."""
        rows: list[Any] = [*self.contacts, *self.triage, *self.assessments, *self.notes]
        asked = [who for h in self.handovers for who in (h.offered_by, h.answered_by) if who]
        return _names({row.actor for row in rows} | {*asked})


def _names(actors: Iterable[UUID]) -> dict[UUID, str]:
    people = Membership.objects.filter(pk__in=actors).select_related("user", "organisation")
    machines = ApiClient.objects.filter(pk__in=actors).select_related("organisation")
    named = {person.pk: f"{person.user}, {person.organisation}" for person in people}
    return named | {machine.pk: f"{machine.name}, {machine.organisation}" for machine in machines}


def signals(heard: Recurrence | None) -> list[dict[str, Any]]:
    """What a professional should know before the triage ends."""
    if heard is None or not heard.is_alarm:
        return []
    return [
        {
            "code": "recurrence",
            "contacts": heard.contacts,
            "hours": heard.hours,
            "person": heard.person,
            "address": heard.address,
            "suggests": "second_contact",
        }
    ]


def told(case_id: UUID, *, by: Actor) -> Story:
    """The case with all that is in it. 404 when the actor has no part in it."""
    return Story(gateway.read_case(case_id, by=by), by)
