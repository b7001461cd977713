"""How each state is reached, by the verbs and in no other way.

The tests of the move tables start from every state; the stories start from the beginning.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F

from capacity import services as capacity
from capacity.models import CareUnit, Place
from capacity.states import PlaceState
from coordination import casework, handovers, services
from coordination.handovers import Sbar
from coordination.models import CareRequest, Handover, Offer
from coordination.services import Ask
from coordination.states import HandoverState, OfferState, RequestState
from lzc.rights import OrganisationKind
from tests.cast import Cast, House, Person
from triage import services as triage
from triage.models import Case
from triage.services import ContactIn, Intake, PatientIn, TriageIn
from triage.states import CaseState

SBAR = Sbar(situation="Gevallen, komt niet zelf overeind.", recommendation="Vannacht hulp thuis.")
LETTER = {"situation": "Heupkneuzing", "recommendation": "Twee weken herstel"}


def a_case(cast: Cast, by: Person | None = None, *, urgency: str = "U3", **known: Any) -> Case:
    """Taken in at a desk (the zorgcentrale's unless said otherwise), and triaged."""
    who = by or cast.coordinator
    taken = who.does(
        triage.register, patient=cast.patient(**known), contact=ContactIn(), desk=who.desk
    )
    if urgency:
        who.does(triage.triage, taken.case.pk, judged=TriageIn(urgency=urgency, complaint="val"))
    return taken.case


def taken_in(cast: Cast, **contact: Any) -> Intake:
    """Somebody new called the zorgcentrale."""
    who = cast.coordinator
    known, said = cast.patient(), ContactIn(**contact)
    return who.does(triage.register, patient=known, contact=said, desk=who.desk)


def case_at(cast: Cast, state: str) -> Case:
    """Owned by the zorgcentrale; meldkamer and huisarts have a part in it."""
    case = a_case(cast)
    who = _known_as(case, cast)
    cast.centralist.does(
        triage.register, patient=who, contact=ContactIn(), desk=cast.centralist.desk
    )
    if state == CaseState.REDIRECTED:
        cast.coordinator.does(triage.redirect, case.pk)
    if state == CaseState.CLOSED:
        cast.coordinator.does(casework.close_case, case.pk, reason="care_started")
    return case


def _known_as(case: Case, cast: Cast) -> PatientIn:
    with cast.coordinator.looks():
        return PatientIn(bsn=case.patient.bsn)


def an_ask(cast: Cast, **more: Any) -> Ask:
    values = {"care_types": ["elv_laag"], "need": "Kan niet zelf naar bed of toilet."}
    return Ask(desk=cast.coordinator.desk, **values | more)


def a_request(cast: Cast, by: Person | None = None, **more: Any) -> CareRequest:
    """Huisarts De Vries owns a case and asks the zorgcentrale for a bed."""
    who = by or cast.huisarts
    return who.does(services.request, a_case(cast, who).pk, ask=an_ask(cast, **more))


def request_at(cast: Cast, state: str) -> CareRequest:
    if state == RequestState.DRAFT:
        case = a_case(cast, cast.huisarts)
        return cast.huisarts.does(services.request, case.pk, ask=an_ask(cast), draft=True)
    if state in (RequestState.ASSIGNED, RequestState.STARTED, RequestState.CLOSED):
        offer = {
            RequestState.ASSIGNED: "assigned",
            RequestState.STARTED: "started",
            RequestState.CLOSED: "completed",
        }[state]
        return offer_at(cast, offer).request
    made = a_request(cast)
    desk = cast.coordinator
    if state in (RequestState.SEARCHING, RequestState.WAITING):
        desk.does(services.take, made.pk)
    if state == RequestState.WAITING:
        desk.does(services.wait, made.pk, interim_plan="De buurvrouw kijkt om het uur.")
    if state == RequestState.ON_HOLD:
        desk.does(services.hold, made.pk)
    if state == RequestState.CANCELLED:
        cast.huisarts.does(services.cancel, made.pk, reason="changed")
    return made


def a_place(cast: Cast, unit: CareUnit | None = None, by: Person | None = None) -> Place:
    (place,) = (by or cast.planner).does(capacity.release, (unit or cast.ward).pk, count=1)
    return place


def a_hospital(cast: Cast) -> House:
    """With an emergency department, in the same region; nobody of it is at work yet."""
    return House(OrganisationKind.ZIEKENHUIS, "Ziekenhuis", cast.subregion, has_desk=False).saved()


def an_offer(cast: Cast, made: CareRequest | None = None) -> Offer:
    """The zorgcentrale asks De Linde; the offer holds its only place."""
    a_place(cast)
    request = made or a_request(cast)
    return cast.coordinator.does(services.offer, request.pk, unit_id=cast.ward.pk)


def offer_at(cast: Cast, state: str) -> Offer:
    row = an_offer(cast)
    desk, house = cast.coordinator, cast.planner
    if state in (
        OfferState.ACCEPTED,
        OfferState.ASSIGNED,
        OfferState.STARTED,
        OfferState.COMPLETED,
        OfferState.FAILED,
    ):
        house.does(services.accept, row.pk)
    if state in (OfferState.ASSIGNED, OfferState.STARTED, OfferState.COMPLETED):
        desk.does(services.assign, row.pk, sbar=LETTER)
    if state in (OfferState.STARTED, OfferState.COMPLETED):
        house.does(services.read_back, row.pk, read_back="Begrepen.")
        house.does(services.start, row.pk)
    if state == OfferState.COMPLETED:
        house.does(services.complete, row.pk)
    if state == OfferState.FAILED:
        house.does(services.fail, row.pk, reason="no_staff")
    if state == OfferState.ASKED:
        house.does(services.ask, row.pk, question="Kan zij traplopen?")
    if state == OfferState.DECLINED:
        house.does(services.decline, row.pk, reason="no_staff")
    if state == OfferState.WITHDRAWN:
        desk.does(services.withdraw, row.pk)
    if state == OfferState.EXPIRED:
        let_the_deadline_pass(row)
        cast.clock.does(services.expire, row.pk)
    return row


def let_the_deadline_pass(row: Offer) -> None:
    """A test does not wait for the clock: it moves the deadline."""
    Offer.objects.filter(pk=row.pk).update(answer_before=F("answer_before") - timedelta(days=1))


@dataclass
class Handed:
    case: Case
    handover: Handover


def handover_at(cast: Cast, state: str) -> Handed:
    """The zorgcentrale hands a case to the night nurses."""
    case = a_case(cast)
    made = cast.coordinator.does(handovers.hand_over, case.pk, to_desk=cast.nurse.desk, sbar=SBAR)
    if state == HandoverState.ACCEPTED:
        cast.nurse.does(handovers.accept, made.pk, read_back="Valt steeds; wij gaan erheen.")
    if state == HandoverState.REFUSED:
        cast.nurse.does(handovers.refuse, made.pk, reason="Niemand meer op de weg.")
    if state == HandoverState.WITHDRAWN:
        cast.coordinator.does(handovers.withdraw, made.pk)
    return Handed(case, made)


def place_at(cast: Cast, state: str) -> Place:
    if state in (PlaceState.FREE, PlaceState.WITHDRAWN):
        place = a_place(cast)
        if state == PlaceState.WITHDRAWN:
            cast.planner.does(capacity.withdraw, cast.ward.pk)
        return place
    row = offer_at(cast, {PlaceState.HELD: "sent", PlaceState.OCCUPIED: "started"}[state])
    return Place.objects.get(pk=row.place_id)
