"""Many cases, requests and offers at once, as the verbs would have left them, written in bulk.

The constraints and triggers of the database check each row, as they do for the verbs.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from capacity.models import CareType, CareUnit, Place
from capacity.states import PlaceState
from coordination.models import CareRequest, Offer
from coordination.states import OfferState, RequestState
from tests.cast import Cast, Person
from triage.models import Case, Involvement, Patient, TriageRecord

HOUR = timedelta(hours=1)
#: Rows in one transaction. The application's role has no patience for thousands.
BATCH = 200
T = TypeVar("T")


def batches(count: int, make: Callable[[int], list[T]]) -> list[T]:
    return [row for n in range(0, count, BATCH) for row in make(min(BATCH, count - n))]


def cases(cast: Cast, count: int, owner: Person) -> list[Case]:
    """Nobody knows yet who they are; each is open, triaged, and owned by this desk."""
    patients = [Patient(no_bsn=Patient.NoBsn.UNKNOWN) for _ in range(count)]
    made = [
        # Numbers for people to say are left to the cases that people register.
        Case(reference=p.pk.hex[:20], patient=p, owner=owner.desk, region=cast.subregion)
        for p in patients
    ]
    parts = [_part(case, Involvement.Kind.OWNER, owner) for case in made]
    judged = [
        TriageRecord(
            case=case,
            number=1,
            how=TriageRecord.How.NEW,
            urgency="U3",
            organisation_id=owner.house.pk,
            actor=owner.actor.pk,
        )
        for case in made
    ]
    with transaction.atomic():
        for model, rows in (
            (Patient, patients), (Case, made), (Involvement, parts), (TriageRecord, judged),
        ):  # fmt: skip
            model.objects.bulk_create(rows)
    return made


def _part(case: Case, kind: str, who: Person) -> Involvement:
    return Involvement(case=case, kind=kind, organisation_id=who.house.pk, desk=who.desk)


def requests(cast: Cast, count: int) -> list[CareRequest]:
    """The huisarts asks the zorgcentrale for a bed, for so many patients."""
    return batches(count, lambda some: _requests(cast, some, RequestState.SUBMITTED))


def _requests(cast: Cast, count: int, state: str) -> list[CareRequest]:
    made = [
        CareRequest(
            case=case,
            patient_id=case.patient_id,
            kind=CareRequest.Kind.PLACEMENT,
            care_types=[CareType.ELV_LOW],
            urgency="U3",
            needed_by=timezone.now() + HOUR,
            need="Kan niet zelf naar bed of toilet.",
            requester_id=cast.huisarts.house.pk,
            requested_by=cast.huisarts.actor.pk,
            consent="given",
            desk=cast.coordinator.desk,
            state=state,
            submitted_at=timezone.now(),
        )
        for case in cases(cast, count, cast.huisarts)
    ]
    helpers = [_part(m.case, Involvement.Kind.HELPER, cast.coordinator) for m in made]
    with transaction.atomic():
        Involvement.objects.bulk_create(helpers)
        CareRequest.objects.bulk_create(made)
    return made


def last_places(cast: Cast, count: int) -> list[CareUnit]:
    """So many wards of De Linde, each with one free place."""
    wards = [cast.unit(cast.planner.house, CareType.ELV_LOW, f"Afdeling {n}") for n in range(count)]
    Place.objects.bulk_create([Place(unit=ward, source=Place.Source.PLANNER) for ward in wards])
    return wards


def offers(
    cast: Cast, count: int, *, each: int = 1, state: str = OfferState.SENT
) -> list[list[Offer]]:
    """For each of so many requests as many offers, all live, each to a ward of its own."""
    return batches(count, lambda some: _offers(cast, some, each, state))


def _offers(cast: Cast, count: int, each: int, state: str) -> list[list[Offer]]:
    asked = [r for r in _requests(cast, count, RequestState.SEARCHING) for _ in range(each)]
    wards = last_places(cast, count * each)
    held = {place.unit_id: place for place in Place.objects.filter(unit__in=wards)}
    made = [
        _offer(request, held[ward.pk], state) for request, ward in zip(asked, wards, strict=True)
    ]
    with transaction.atomic():
        Offer.objects.bulk_create(made)
        Place.objects.bulk_update(held.values(), ["state", "held_by"])
    return [made[n : n + each] for n in range(0, len(made), each)]


def _offer(request: CareRequest, place: Place, state: str) -> Offer:
    now = timezone.now()
    row = Offer(
        request=request,
        unit_id=place.unit_id,
        place=place,
        state=state,
        profile={},
        visible_from=now,
        shown_at=now,
        answer_before=now + HOUR,
        promised_until=now + HOUR if state == OfferState.ACCEPTED else None,
    )
    place.state, place.held_by = PlaceState.HELD, row.pk
    return row


def place_of(offer_id: UUID) -> Place:
    return Place.objects.get(pk=Offer.objects.values("place").get(pk=offer_id)["place"])
