"""Is there a request for this person already? Asked while the form is filled in, before sending.

Who has a part in it is led there. Everybody else hears that there is one, and no more: not whose,
not where, not since when. What they send all the same is passed on (`casework.once`).
"""

from dataclasses import dataclass
from uuid import UUID

from coordination.models import CareRequest
from lzc import access
from lzc.errors import N_, NotAllowed, NotNow
from lzc.models import Action, Actor
from lzc.rights import Duty
from triage import gateway
from triage.gateway import Known
from triage.models import Case

#: Of an access record.
SUBJECT = "before sending"
#: So many different people in an hour are more than anybody sends requests for.
MOST = 40


@dataclass(frozen=True)
class Twin:
    """A placement request for this person is open. The rest: for who has a part in it."""

    request: UUID | None = None
    reference: str = ""
    #: Asked by their own organisation.
    own: bool = False


def open_already(known: Known, *, by: Actor) -> Twin | None:
    """The open placement request of this person, if there is one. The search is written down."""
    if not by.has(Duty.ASK):
        raise NotAllowed(N_("This is not yours to do."), code="not_yours")
    gateway.may_know_who(by)
    _not_too_often(by)
    found = [patient.pk for patient in gateway.alike(known, subject=SUBJECT)]
    asked = CareRequest.objects.open().filter(patient__in=found, kind=CareRequest.Kind.PLACEMENT)
    made = asked.select_related("case").order_by("submitted_at").first() if found else None
    if made is None:
        return None
    if not Case.objects.visible_to(by).filter(pk=made.case_id).exists():
        return Twin()
    return Twin(made.pk, made.case.reference, made.requester_id == by.organisation_id)


def _not_too_often(by: Actor) -> None:
    """Who tries numbers one after the other learns nothing more. The same person counts once."""
    if access.others_lately(by, Action.SEARCH, subject=SUBJECT) >= MOST:
        raise NotNow(
            N_("You looked for many people this hour. Send the request: it is looked up then."),
            code="too_many_searches",
        )
