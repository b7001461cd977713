"""A work list as long as wanted: ten cases that came about by the verbs, and copies of their rows,
each with a deadline and words of its own.

Three hundred cases by the verbs would take half a minute, and say nothing more about a list.
"""

import copy
import itertools
import random
import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from capacity.models import Place
from coordination.models import CareRequest, Handover, Offer
from coordination.states import HandoverState, OfferState, RequestState
from tests import paths
from tests.cast import Cast
from triage.models import Case, CaseReference, Involvement, Patient, TriageRecord

TEN = 10
NEEDS = (
    "valt steeds, staat niet zelf op",
    "hulp bij wassen en medicijnen",
    "loopt met rollator, geen trap",
    "vannacht verward na een val",
    "twee keer per dag wondzorg",
    "zuurstof, twee liter",
    "mantelzorger uitgevallen",
    "herstel na operatie aan heup",
    "transfer met tillift",
    "insuline, prikt niet zelf",
    "katheter, begane grond",
    "hond in huis, sleutel bij buren",
)
_turns = itertools.count(1)
Rows = list[Any]


def ten_cases(cast: Cast) -> None:
    """Each under its own heading or with its own words, so that the list asks all its questions."""
    for state in ("SUBMITTED", "SEARCHING", "WAITING", "ON_HOLD", "ASSIGNED"):
        paths.request_at(cast, RequestState[state])
    paths.offer_at(cast, OfferState.SENT)
    paths.offer_at(cast, OfferState.ACCEPTED)
    paths.a_case(cast)
    paths.a_case(cast, urgency="")
    paths.handover_at(cast, HandoverState.OFFERED)


def copied(cast: Cast, cases: int) -> None:
    """After `ten_cases`: so many cases in all, by copying those ten over and over."""
    with cast.coordinator.looks():
        ten = Case.objects.visible_to(cast.coordinator.actor)
        listed = list(ten.values_list("pk", flat=True))
        assert len(listed) == TEN and cases % TEN == 0
        for _ in range(cases // TEN - 1):
            _copy(listed)


def one(cast: Cast) -> str:
    """The number of a case in it for which the desk looks for a place."""
    found = CareRequest.objects.visible_to(cast.coordinator.actor)
    looking = found.filter(state=RequestState.SEARCHING).order_by("created_at")
    return str(looking.values_list("case__reference", flat=True)[0])


def _copy(cases: Iterable[uuid.UUID]) -> None:
    """The rows of these cases once more, about other people."""
    here: dict[uuid.UUID, uuid.UUID] = {}
    nobody = {"bsn_sealed": None, "bsn_index": None, "no_bsn": Patient.NoBsn.UNKNOWN}
    of_case: dict[str, Any] = {"case__in": cases}
    _again(Patient, here, lambda row: nobody, cases__in=cases)
    _again(Case, here, lambda row: {"reference": CaseReference()}, pk__in=cases)
    _again(Involvement, here, **of_case)
    _again(TriageRecord, here, lambda row: {"previous_id": None, "complaint": _told()}, **of_case)
    _again(Handover, here, **of_case)
    _again(CareRequest, here, _asked, **of_case)
    offers = Offer.objects.filter(request__case__in=cases)
    here |= {pk: uuid.uuid4() for pk in offers.values_list("pk", flat=True)}
    _again(Place, here, pk__in=offers.values("place"))
    _again(Offer, here, **{f"request__{name}": value for name, value in of_case.items()})


def _told() -> str:
    """As long as people write it; the same in every run."""
    return f"{next(_turns)}: " + "; ".join(random.Random(next(_turns)).sample(NEEDS, 3))


def _asked(row: CareRequest) -> dict[str, Any]:
    later = timedelta(microseconds=random.Random(next(_turns)).randrange(6 * 3_600_000_000))
    return {"need": _told(), "needed_by": row.needed_by + later}


def _again(
    model: Any,
    here: dict[uuid.UUID, uuid.UUID],
    other: Callable[[Any], dict[str, Any]] = lambda row: {},
    **which: Any,
) -> None:
    """Copies that point at copies. `here`: what stands for what; `other`: what differs in them."""
    made: Rows = []
    for row in model.objects.filter(**which):
        twin = copy.copy(row)
        for field in model._meta.concrete_fields:
            value = getattr(row, field.attname)
            if isinstance(value, uuid.UUID) and value in here:
                setattr(twin, field.attname, here[value])
        if twin.pk == row.pk:
            twin.pk = None if not isinstance(row.pk, uuid.UUID) else uuid.uuid4()
        here[row.pk] = twin.pk
        for name, value in other(row).items():
            setattr(twin, name, value)
        made.append(twin)
    model.objects.bulk_create(made)
