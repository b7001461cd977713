"""What the address of an act names: a case, or a part of it; of another case it is not there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from coordination.models import CareRequest, Offer
from coordination.pages import acts
from coordination.pages.dossier import Dossier
from lzc import access
from lzc.errors import NotSeen
from lzc.models import Action, Actor
from triage.models import Case

#: In a dossier: what a form is about, and the moves that are open on it now.
Find = Callable[[Dossier, UUID], tuple[Any, acts.Acts]]
#: Is it part of the case that is called so?
Belongs = Callable[[UUID, str, Actor], bool]
Verb = Callable[..., Any]


@dataclass(frozen=True)
class Part:
    find: Find
    belongs: Belongs

    def checked(self, reference: str, verb: Verb) -> Verb:
        """The verb, done to what belongs to this case only. Inside the act: sent twice is one."""

        def done(pk: UUID, *args: Any, by: Actor, **values: Any) -> Any:
            if not self.belongs(pk, reference, by):
                raise NotSeen
            return verb(pk, *args, by=by, **values)

        return done


def _the_case(dossier: Dossier, pk: UUID) -> tuple[Any, acts.Acts]:
    found = acts.of_case(dossier.case, dossier.by, dossier.handovers)
    return dossier.case, found


def _the_request(dossier: Dossier, pk: UUID) -> tuple[Any, acts.Acts]:
    made = _among(dossier.requests, pk)
    return made, acts.of_request(made, dossier.by, dossier.case)


def _the_offer(dossier: Dossier, pk: UUID) -> tuple[Any, acts.Acts]:
    offer = _among(dossier.offers, pk)
    return offer, acts.of_offer(offer, dossier.by, dossier.case)


def _the_handover(dossier: Dossier, pk: UUID) -> tuple[Any, acts.Acts]:
    made = _among(dossier.handovers, pk)
    return made, acts.of_handover(made, dossier.by, dossier.case.reference)


def _among(rows: list[Any], pk: UUID) -> Any:
    found = next((row for row in rows if row.pk == pk), None)
    if found is None:
        raise NotSeen
    return found


def _is_case(pk: UUID, reference: str, by: Actor) -> bool:
    return Case.objects.visible_to(by).filter(pk=pk, reference=reference).exists()


def _has_request(pk: UUID, reference: str, by: Actor) -> bool:
    rows = CareRequest.objects.visible_to(by)
    return rows.filter(pk=pk, case__reference=reference).exists()


def _has_offer(pk: UUID, reference: str, by: Actor) -> bool:
    rows = Offer.objects.visible_to(by)
    return rows.filter(pk=pk, request__case__reference=reference).exists()


def _has_handover(pk: UUID, reference: str, by: Actor) -> bool:
    access.opened(Action.READ, [], subject=f"handover:{pk}")
    return Case.objects.visible_to(by).filter(handovers=pk, reference=reference).exists()


THE_CASE = Part(_the_case, _is_case)
A_REQUEST = Part(_the_request, _has_request)
AN_OFFER = Part(_the_offer, _has_offer)
A_HANDOVER = Part(_the_handover, _has_handover)
