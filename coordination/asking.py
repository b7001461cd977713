"""A request as its requester sends it: one form, one act, several verbs.

Who is it and how urgent come first; the request is last, so that a refusal of it undoes the rest.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Case as Choice
from django.db.models import Q, Value, When

from coordination import casework, handovers, services
from coordination.models import CareRequest
from coordination.services import Ask
from lzc.errors import N_, NotNow
from lzc.models import Desk, Membership, Region
from lzc.rights import OrganisationKind, Role
from triage import drafting, gateway
from triage import services as triage
from triage.models import Case, TriageRecord
from triage.recurrence import Recurrence
from triage.services import ContactIn, PatientIn, TriageIn
from triage.urgency import Urgency


@dataclass(frozen=True)
class Asked:
    """What came of it. `joined`: this person had an open case already."""

    request: CareRequest
    joined: bool = False
    heard: Recurrence | None = None

    @property
    def pk(self) -> UUID:
        return self.request.pk


@dataclass
class Said:
    """What the requester judged and told beside the request itself."""

    urgency: str
    complaint: str = ""
    #: For the desk and the chosen provider; the others never read it.
    story: str = ""
    assessment: dict[str, Any] | None = None


def ask_for(
    *, patient: PatientIn, callback: str, said: Said, ask: Ask, desk: Desk, by: Membership
) -> Asked:
    """For somebody who is taken in now, at the requester's own desk."""
    contact = ContactIn(kind="visit", caller=by.user.full_name, callback=callback, text=said.story)
    taken = casework.take_in(
        patient=patient, contact=contact, urgency=said.urgency, desk=desk, by=by
    )
    if taken.outcome == "joined":
        _once(taken.case, said, ask, desk, by)
    made = _ask(taken.case, said, ask, by)
    drafting.wipe(by=by)
    return Asked(made, taken.outcome == "joined", taken.recurrence)


def ask_in(case_id: UUID, *, said: Said, ask: Ask, by: Membership) -> Asked:
    """In a case that the requester has a part in: who it is was told before."""
    case = gateway.locked_case(case_id, by=by)
    _once(case, said, ask, own_desk(by), by)
    if said.story:
        handovers.note(case.pk, text=said.story, by=by)
    made = _ask(case, said, ask, by)
    drafting.wipe(case_id=case.pk, by=by)
    return Asked(made)


def _once(case: Case, said: Said, ask: Ask, desk: Desk, by: Membership) -> None:
    """Step: what is told with a second request is not lost with it."""
    told = "\n".join(filter(None, [said.complaint, said.story]))
    callback = ask.callback or desk.telephone
    contact = ContactIn(kind="visit", caller=by.user.full_name, callback=callback, text=told)
    wanted = replace(ask, urgency=ask.urgency or said.urgency)
    casework.once(case, wanted, contact=contact, desk=desk, by=by)


def _ask(case: Case, said: Said, ask: Ask, by: Membership) -> CareRequest:
    """Step: the judgement, the decision aid when it was used, and the request."""
    if judged := _judgement(case, said, by):
        casework.judge(case.pk, judged=judged, by=by)
    if said.assessment:
        triage.assess(case.pk, assessment=said.assessment, by=by)
    return services.request(case.pk, ask=ask, by=by)


def _judgement(case: Case, said: Said, by: Membership) -> TriageIn | None:
    """A first triage, what this requester adds to the last one, or that they agree with it.

    A huisarts is the physician whose confirmation a U2 needs before a place may be sought.
    """
    how, before = TriageRecord.How, case.newest_triage
    physician = by.user.full_name if by.role == Role.HUISARTS else ""
    if before is None:
        return TriageIn(said.urgency, how=how.NEW, complaint=said.complaint, physician=physician)
    unconfirmed = said.urgency == Urgency.U2 and physician and not before.physician
    if before.urgency != said.urgency or unconfirmed:
        return TriageIn(
            said.urgency, how=how.SUPPLEMENTED, complaint=said.complaint, physician=physician
        )
    if before.organisation_id == by.organisation_id:
        return None
    return TriageIn(how=how.TAKEN_OVER)


def own_desk(by: Membership) -> Desk:
    """Where somebody is taken in who calls this person at work."""
    desk = by.desk or Desk.objects.filter(organisation=by.organisation_id).order_by("pk").first()
    if desk is None:
        raise NotNow(
            N_("Your organisation has no desk of its own yet. Ask your administrator."),
            code="no_desk",
        )
    return desk


def desk_that_searches(region: Region) -> Desk:
    """The care coordination centre of this subregion, or else of the region around it."""
    near = When(region=region.pk, then=Value(0))
    root = When(region=region.root_id, then=Value(1))
    found = (
        Desk.objects.filter(organisation__kind=OrganisationKind.ZCC)
        .filter(Q(region=region.root_id) | Q(region__parent=region.root_id))
        .select_related("organisation", "region__parent")
        .annotate(distance=Choice(near, root, default=Value(2)))
        .order_by("distance", "name", "pk")
        .first()
    )
    if found is None:
        raise NotNow(
            N_("No care coordination centre works for your region yet. Call your own contact."),
            code="no_centre",
        )
    return found
