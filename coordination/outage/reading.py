"""What is on an outage list: open cases, what was asked and answered, places, numbers to call."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from capacity.models import CareUnit
from coordination.models import CareRequest, Handover, Note, Offer
from coordination.states import HandoverState
from lzc.models import Action, Actor, Desk, Organisation
from lzc.policy import Rules
from lzc.rights import STEERING, OrganisationKind
from triage import gateway
from triage.models import Case, Contact, TriageRecord
from triage.states import CaseState

#: Whose desks are called when a case must go somewhere: not every practice of the region.
CALLED = frozenset({*STEERING, OrganisationKind.WIJKVERPLEGING})


@dataclass
class Sheet:
    """One open case: who it is about, what is going on, how far it came."""

    case: Case
    judged: TriageRecord | None
    requests: list[CareRequest] = field(default_factory=list)
    #: Who called last, and how to reach them; the last thing that was written down; whom it waits
    #: for when it is being handed over.
    contact: Contact | None = None
    note: Note | None = None
    handover: Handover | None = None

    @property
    def due(self) -> datetime:
        return min((made.needed_by for made in self.requests), default=self.case.opened_at)


@dataclass(frozen=True)
class OutageList:
    organisation: Organisation
    made_at: datetime
    sheets: list[Sheet]
    units: list[Any]
    desks: list[Desk]
    #: Step of the ladder → telephone number, as far as the region gave them.
    ladder: dict[str, str]


def outage_list(organisation: Organisation, *, by: Actor, action: Action) -> OutageList:
    """As it stands now. From here on it is known who took the patients along."""
    now, rules = timezone.now(), organisation.region.rules()
    return OutageList(
        organisation=organisation,
        made_at=now,
        sheets=sorted(_sheets(by, action), key=lambda sheet: sheet.due),
        units=_units(by, organisation, now, rules),
        desks=_desks(organisation),
        ladder={step: number for step, number in rules.escalation.items() if number},
    )


def _sheets(by: Actor, action: Action) -> list[Sheet]:
    open_ = Case.objects.visible_to(by).exclude(state=CaseState.CLOSED)
    cases = list(open_.select_related("owner__organisation").order_by("opened_at"))
    if not cases:
        return []
    gateway.attach_patients(cases, action=action)
    gateway.attach_triage(cases)
    ids = [case.pk for case in cases]
    asked = _requests(by, ids)
    contacts = _newest(Contact.objects.filter(case__in=ids), "-occurred_at")
    notes = _newest(Note.objects.filter(case__in=ids), "-at")
    offered = Handover.objects.filter(case__in=ids, state=HandoverState.OFFERED)
    handovers = {one.case_id: one for one in offered.select_related("to_desk")}
    return [
        Sheet(
            case=case,
            judged=case.newest_triage,
            requests=asked[case.pk],
            contact=contacts.get(case.pk),
            note=notes.get(case.pk),
            handover=handovers.get(case.pk),
        )
        for case in cases
    ]


def _requests(by: Actor, cases: Iterable[UUID]) -> dict[UUID, list[CareRequest]]:
    """Step: what was asked in each and is not over, with the offers that are out (`out`)."""
    rows = CareRequest.objects.visible_to(by).unended().filter(case__in=cases)
    rows = rows.select_related("requester", "provider", "desk").order_by("needed_by")
    found: dict[UUID, list[CareRequest]] = defaultdict(list)
    by_id: dict[UUID, Any] = {}
    for made in rows:
        found[made.case_id].append(made)
        by_id[made.pk] = made
        by_id[made.pk].out = []
    offers = Offer.objects.visible_to(by).live().filter(request__in=by_id)
    for offer in offers.select_related("unit__organisation").order_by("visible_from"):
        by_id[offer.request_id].out.append(offer)
    return found


def _newest(rows: Any, order: str) -> dict[UUID, Any]:
    return {row.case_id: row for row in rows.order_by("case", order).distinct("case")}


def _units(by: Actor, organisation: Organisation, now: datetime, rules: Rules) -> list[Any]:
    rows = CareUnit.objects.visible_to(by).within(organisation.region)
    listed: list[Any] = list(rows.with_counts().order_by("care_type", "town", "name"))
    for unit in listed:
        unit.fresh = unit.freshness(now, rules)
    return listed


def _desks(organisation: Organisation) -> list[Desk]:
    root = organisation.region.root_id
    here = Q(region=root) | Q(region__parent=root)
    rows = Desk.objects.filter(here, organisation__kind__in=CALLED)
    return list(rows.select_related("organisation").order_by("organisation__kind", "name"))
