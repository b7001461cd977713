"""Everything an opened case holds, read once. The page, its timeline and the SBAR draw from it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from coordination.models import CareRequest, Handover, Note, Offer, Passing
from coordination.states import PassingState
from lzc.errors import NotSeen
from lzc.models import Actor, ApiClient, Event, Membership, Region
from lzc.policy import Rules
from triage import gateway
from triage.models import Case, Contact, Involvement, TriageRecord
from triage.recurrence import PastContact, Recurrence, recurrence


def case_id(reference: str, *, by: Actor) -> UUID:
    """The case that is called so on the telephone; 404 when it is not visible."""
    if not reference.isprintable():
        raise NotSeen
    found = Case.objects.visible_to(by).filter(reference=reference).values_list("pk", flat=True)
    pk = found.first()
    if pk is None:
        raise NotSeen
    return pk


def names(actors: Iterable[UUID | None]) -> dict[UUID, str]:
    """Who they are: a person at an organisation, or a system of one."""
    wanted = {pk for pk in actors if pk}
    people = Membership.objects.filter(pk__in=wanted).select_related("user", "organisation")
    found = {m.pk: f"{m.user.full_name}, {m.organisation.name}" for m in people}
    if wanted - found.keys():
        machines = ApiClient.objects.filter(pk__in=wanted - found.keys())
        found |= {m.pk: f"{m.name}, {m.organisation.name}" for m in machines.select_related()}
    return found


@dataclass
class Dossier:
    """A case with what belongs to it, as far as the one who looks is a party to it."""

    case: Case
    by: Actor
    _rules: dict[UUID, Rules] = field(default_factory=dict)

    def rules(self, region: Region) -> Rules:
        if region.pk not in self._rules:
            self._rules[region.pk] = region.rules()
        return self._rules[region.pk]

    @cached_property
    def triage(self) -> list[TriageRecord]:
        """Newest first."""
        records = TriageRecord.objects.filter(case=self.case).select_related("organisation")
        return list(records.order_by("-number"))

    @property
    def judged(self) -> TriageRecord | None:
        return self.triage[0] if self.triage else None

    @cached_property
    def contacts(self) -> list[Contact]:
        """Newest first, by when they happened."""
        rows = Contact.objects.filter(case=self.case).select_related("organisation")
        return list(rows.order_by("-occurred_at", "-registered_at"))

    @cached_property
    def notes(self) -> list[Note]:
        return list(Note.objects.filter(case=self.case).order_by("-at"))

    @cached_property
    def handovers(self) -> list[Handover]:
        """Newest first."""
        rows = Handover.objects.filter(case=self.case)
        desks = rows.select_related("from_desk__organisation", "to_desk__organisation")
        return list(desks.order_by("-offered_at"))

    @cached_property
    def owners(self) -> list[Involvement]:
        """The desks that owned it, in order; the last one owns it now."""
        parts = self.case.involvements.filter(kind=Involvement.Kind.OWNER)
        return list(parts.select_related("desk__organisation").order_by("since", "pk"))

    @cached_property
    def requests(self) -> list[CareRequest]:
        """Newest first; those the one who looks is a party to."""
        rows = CareRequest.objects.visible_to(self.by).filter(case=self.case)
        parties = rows.select_related(
            "requester", "provider", "desk__organisation", "desk__region__parent"
        )
        waiting = Passing.objects.filter(request=OuterRef("pk"), state=PassingState.OFFERED)
        return list(parties.annotate(passed_on=Exists(waiting)).order_by("-created_at"))

    @cached_property
    def offers(self) -> list[Offer]:
        """Newest first, each beside its request."""
        requests = {made.pk: made for made in self.requests}
        rows = Offer.objects.visible_to(self.by).filter(request__in=requests)
        offers = list(rows.select_related("unit__organisation").order_by("-created_at"))
        for offer in offers:
            offer.request = requests[offer.request_id]
        return offers

    @cached_property
    def events(self) -> list[Event]:
        """What happened in it, newest first. Who sees the case now, sees how it came to be."""
        subjects = [self.case.pk, *(r.pk for r in self.requests), *(o.pk for o in self.offers)]
        subjects += [handover.pk for handover in self.handovers]
        return list(Event.objects.filter(Q(subject__in=subjects)).order_by("-number"))

    @cached_property
    def names(self) -> dict[UUID, str]:
        actors = [event.actor for event in self.events]
        return names([*actors, *(made.handler for made in self.requests)])

    @cached_property
    def recurrence(self) -> Recurrence | None:
        """How often this person called lately, the newest call included."""
        hours = self.rules(self.case.region).recurrence_hours
        calls = Contact.objects.filter(
            case__patient=self.case.patient_id, kind=Contact.Kind.CALL
        ).order_by("-occurred_at")
        moments = list(calls.values_list("occurred_at", flat=True)[:50])
        if not moments:
            return None
        past = [PastContact(at, same_person=True, same_address=False) for at in moments[1:]]
        return recurrence(past, at=moments[0], hours=hours)


def opened(pk: UUID, *, by: Actor) -> Dossier:
    """Open the case: from here on it is known who looked."""
    case = gateway.read_case(pk, by=by)
    dossier = Dossier(case, by)
    case.newest_triage = dossier.judged
    return dossier
