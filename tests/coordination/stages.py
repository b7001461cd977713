"""Who stands around a case, and a small world for each state of each table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from capacity.models import Place
from capacity.states import PLACE_MOVES, PlaceState
from coordination import services
from coordination.models import CareRequest, Handover, Offer, Passing
from coordination.shifts import services as shifts
from coordination.states import (
    HANDOVER_MOVES,
    OFFER_MOVES,
    PASSING_MOVES,
    REQUEST_MOVES,
    HandoverState,
    OfferState,
    PassingState,
    RequestState,
)
from lzc.models import CLOCK, Actor
from lzc.moves import Moves
from lzc.rights import DUTIES, Duty, Role
from tests import paths
from tests.cast import Cast, House, assemble
from triage.models import Case
from triage.services import TriageIn
from triage.states import CASE_MOVES, CaseState

TABLES: dict[str, Moves] = {
    "case": CASE_MOVES,
    "request": REQUEST_MOVES,
    "offer": OFFER_MOVES,
    "handover": HANDOVER_MOVES,
    "passing": PASSING_MOVES,
    "place": PLACE_MOVES,
}
STATES: dict[str, list[str]] = {
    "case": list(CaseState),
    "request": list(RequestState),
    "offer": list(OfferState),
    "handover": list(HandoverState),
    "passing": list(PassingState),
    "place": list(PlaceState),
}
MODELS: dict[str, Any] = {
    "case": Case,
    "request": CareRequest,
    "offer": Offer,
    "handover": Handover,
    "passing": Passing,
    "place": Place,
}


@dataclass
class Somebody:
    """An actor of a house, or the clock."""

    house: str
    actor: Actor

    def __str__(self) -> str:
        return f"{self.house} {'+'.join(sorted(self.actor.duties)) or self.actor.kind}"


@dataclass
class World:
    """What the tests of one state share. `houses`: who stands on which side."""

    cast: Cast
    houses: dict[str, House]
    ids: dict[str, UUID]
    everybody: list[Somebody] = field(default_factory=list)

    def hire(self) -> "World":
        """Of each house somebody with each set of duties there is: each role's, and each alone."""
        roles = {DUTIES[role]: role for role in Role}
        scopes = [duty for duty in Duty if frozenset({duty}) not in roles]
        for name, house in self.houses.items():
            people = [self.cast.person(house, role) for role in roles.values()]
            machines = [self.cast.machine(house, duty) for duty in scopes]
            self.everybody += [Somebody(name, who.actor) for who in (*people, *machines)]
        self.everybody += [
            Somebody("stranger", self.cast.stranger.actor),
            Somebody("stranger", self.cast.other_planner.actor),
            Somebody("clock", CLOCK),
        ]
        return self

    def snapshot(self) -> tuple[str, int]:
        """All rows of this little world in one value, and how far the log is."""
        with connection.cursor() as cursor:
            cursor.execute(SNAPSHOT, {n: self.ids.get(n) for n in ("case", "request", "unit")})
            *rows, number = cursor.fetchone()
        return str(rows), number


_ROWS = "SELECT md5(string_agg(t::text, '|' ORDER BY t.id::text)) FROM {} t WHERE {}"
SNAPSHOT = "SELECT " + ", ".join(
    f"({_ROWS.format(table, where)})"
    for table, where in {
        "triage_case": "id = %(case)s",
        "triage_patient": "id = (SELECT patient_id FROM triage_case WHERE id = %(case)s)",
        "triage_involvement": "case_id = %(case)s",
        "triage_contact": "case_id = %(case)s",
        "triage_triagerecord": "case_id = %(case)s",
        "coordination_handover": "case_id = %(case)s",
        "coordination_passing": "request_id = %(request)s",
        "coordination_note": "case_id = %(case)s",
        "coordination_carerequest": "case_id = %(case)s",
        "coordination_offer": "request_id = %(request)s",
        "capacity_place": "unit_id = %(unit)s",
        "capacity_careunit": "id = %(unit)s",
    }.items()
)
SNAPSHOT += ", (SELECT n FROM lzc_logcounter)"


# Worlds ----------------------------------------------------------------------------------------


def case_world(state: str) -> World:
    cast = assemble()
    case = paths.case_at(cast, state)
    houses = {
        "owner": cast.coordinator.house,
        "party": cast.huisarts.house,
        "meldkamer": cast.centralist.house,
    }
    return World(cast, houses, {"case": case.pk}).hire()


def handed_world(state: str) -> World:
    """A case that is being handed over, whatever its state."""
    cast = assemble()
    found = paths.handover_at(cast, HandoverState.OFFERED)
    houses = {"owner": cast.coordinator.house, "receiver": cast.nurse.house}
    ids = {"case": found.case.pk, "handover": found.handover.pk}
    return World(cast, houses, ids).hire()


def request_world(state: str) -> World:
    """Beside the request a ward that has a place, and holds none for it."""
    cast = assemble()
    made = paths.request_at(cast, state)
    paths.a_place(cast, cast.other_ward, cast.other_planner)
    houses = {"requester": cast.huisarts.house, "desk": cast.coordinator.house}
    if state in (RequestState.ASSIGNED, RequestState.STARTED, RequestState.CLOSED):
        houses["provider"] = cast.planner.house
    ids = {"case": made.case_id, "request": made.pk, "unit": cast.other_ward.pk}
    return World(cast, houses, ids).hire()


def ordered_world(state: str) -> World:
    """As `request_world`, asked in an order: the first let it pass, the other ward is next."""
    world = request_world(state)
    cast, ids = world.cast, world.ids
    if state == RequestState.SEARCHING:
        paths.a_place(cast)
        order = [cast.ward.pk, ids["unit"]]
        cast.coordinator.does(services.cascade, ids["request"], unit_ids=order)
        row = Offer.objects.get(request=ids["request"])
        paths.let_the_deadline_pass(row)
        cast.clock.does(services.expire, row.pk)
    on_hold = CareRequest.objects.filter(pk=ids["request"], state=RequestState.ON_HOLD)
    on_hold.update(cascade=[ids["unit"]], cascade_since=timezone.now())
    return world


def held_world(state: str) -> World:
    """As `request_world`, but what is on hold was assigned already."""
    if state != RequestState.ON_HOLD:
        return request_world(state)
    world = request_world(RequestState.ASSIGNED)
    world.cast.coordinator.does(services.hold, world.ids["request"])
    return world


def offer_world(state: str) -> World:
    cast = assemble()
    row = paths.offer_at(cast, state)
    houses = {
        "requester": cast.huisarts.house,
        "desk": cast.coordinator.house,
        "provider": cast.planner.house,
    }
    ids = {
        "case": row.request.case_id,
        "request": row.request_id,
        "offer": row.pk,
        "place": row.place_id,
        "unit": row.unit_id,
    }
    return World(cast, houses, ids).hire()


def with_offer(offer_state: str) -> Callable[[str], World]:
    return lambda state: offer_world(offer_state)


def handover_world(state: str) -> World:
    cast = assemble()
    found = paths.handover_at(cast, state)
    houses = {"sender": cast.coordinator.house, "receiver": cast.nurse.house}
    ids = {"case": found.case.pk, "handover": found.handover.pk}
    return World(cast, houses, ids).hire()


def passing_world(state: str) -> World:
    """A coordinator who is not in this world passed it on; the time to accept it has passed."""
    world = request_world(RequestState.SEARCHING)
    cast, request = world.cast, world.ids["request"]
    made = cast.coordinator.does(shifts.pass_on, request)
    Passing.objects.filter(pk=made.pk).update(accept_before=timezone.now() - timedelta(hours=1))
    if state == PassingState.ESCALATED:
        cast.clock.does(shifts.escalate, made.pk)
    if state == PassingState.ACCEPTED:
        cast.colleague.does(shifts.accept, made.pk)
    world.houses = {"desk": cast.coordinator.house}
    world.ids["passing"] = made.pk
    world.everybody = []
    return world.hire()


def place_world(state: str) -> World:
    cast = assemble()
    place = paths.place_at(cast, state)
    houses = {"planner": cast.planner.house, "other": cast.coordinator.house}
    return World(cast, houses, {"place": place.pk, "unit": place.unit_id}).hire()


# Rows ------------------------------------------------------------------------------------------

Call = Callable[..., Any]
HOUR = timedelta(hours=1)
JUDGED = TriageIn(how="supplemented", complaint="koorts erbij")
