"""Beside each row of each table the verb that makes that move, and a small world for each state."""

import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

import capacity as capacity_app
import coordination as coordination_app
import triage as triage_app
from capacity import services as capacity
from capacity.models import Place
from capacity.states import PLACE_MOVES, PlaceState
from coordination import casework, handovers, services
from coordination.models import CareRequest, Handover, Offer
from coordination.states import (
    HANDOVER_MOVES,
    OFFER_MOVES,
    REQUEST_MOVES,
    HandoverState,
    OfferState,
    RequestState,
)
from lzc.events import verb
from lzc.models import CLOCK, Actor
from lzc.moves import Move, Moves
from lzc.rights import DUTIES, Duty, Role
from tests import paths
from tests.cast import Cast, House, assemble
from triage import services as triage
from triage.models import Case
from triage.services import ContactIn, TriageIn
from triage.states import CASE_MOVES, CaseState

TABLES: dict[str, Moves] = {
    "case": CASE_MOVES,
    "request": REQUEST_MOVES,
    "offer": OFFER_MOVES,
    "handover": HANDOVER_MOVES,
    "place": PLACE_MOVES,
}
STATES: dict[str, list[str]] = {
    "case": list(CaseState),
    "request": list(RequestState),
    "offer": list(OfferState),
    "handover": list(HandoverState),
    "place": list(PlaceState),
}
MODELS: dict[str, Any] = {
    "case": Case,
    "request": CareRequest,
    "offer": Offer,
    "handover": Handover,
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


def place_world(state: str) -> World:
    cast = assemble()
    place = paths.place_at(cast, state)
    houses = {"planner": cast.planner.house, "other": cast.coordinator.house}
    return World(cast, houses, {"place": place.pk, "unit": place.unit_id}).hire()


# Rows ------------------------------------------------------------------------------------------

Call = Callable[..., Any]
HOUR = timedelta(hours=1)
JUDGED = TriageIn(how="supplemented", complaint="koorts erbij")


@dataclass
class Way:
    """One row of a table, the verb that makes it, and from what world."""

    table: str
    name: str
    verb: Call
    call: Call
    world: Callable[[str], World]
    #: What the verb must be allowed on another table first: (table, row, the state it is in).
    first: tuple[str, str, str] | None = None
    prepare: Callable[[World], Any] = lambda world: None
    #: The move tells of a new row, not of the one that was moved.
    bears: bool = False
    #: In these states the same verb makes another move: state → its name.
    instead: dict[str, str] = field(default_factory=dict)
    #: No verb leads to these states together with the rest of the world: they are put there.
    forced: bool = False

    def __str__(self) -> str:
        return f"{self.table}.{self.name} by {self.verb.__name__}"

    @property
    def move(self) -> Move:
        return TABLES[self.table][self.name]

    def move_in(self, state: str) -> Move:
        return TABLES[self.table][self.instead.get(state, self.name)]

    def checks(self, state: str) -> Iterator[tuple[Move, str]]:
        """Each move that must be allowed, with the state it starts from, in order."""
        if self.first:
            table, name, at = self.first
            yield TABLES[table][name], at
        yield self.move_in(state), state

    def sides(self, somebody: Somebody) -> set[str]:
        if self.table == "case" and somebody.house not in ("clock", "stranger"):
            return {somebody.house, "party"}
        return {somebody.house}

    def sees(self, somebody: Somebody, state: str) -> bool:
        if somebody.house == "clock":
            return "clock" in self.move.by
        if self.table == "place":  # capacity is for all who work in the region's care
            return bool(somebody.actor.duties) or self.name == "lapse"
        if not somebody.actor.duties:
            return False
        return somebody.house in SEEN_BY.get((self.table, state), {somebody.house} - {"stranger"})

    def force(self, world: World, state: str) -> Callable[[], Any]:
        """Past every verb; what comes back puts it as it was: the database refuses to keep it."""
        now = timezone.now()
        more: dict[str, Any] = {"closed_at": now} if state == "closed" else {}
        if self.table == "request":
            more = {"provider": world.houses["provider"].pk}
        row = MODELS[self.table].objects.filter(pk=world.ids[self.table])
        was = row.values("state", *more).get()
        row.update(state=state, **more)
        return lambda: row.update(**was)


#: Who still sees it in which state; where nothing is said, everybody with a part in it.
SEEN_BY: dict[tuple[str, str], set[str]] = {
    ("case", CaseState.CLOSED): {"owner"},
    ("request", RequestState.DRAFT): {"requester"},
    ("handover", HandoverState.ACCEPTED): {"receiver"},
    ("handover", HandoverState.REFUSED): {"sender"},
    ("handover", HandoverState.WITHDRAWN): {"sender"},
}


def _on(noun: str, verb: Call, **arguments: Any) -> Call:
    return lambda world, by: verb(world.ids[noun], by=by, **arguments)


def _offer_now(**values: Any) -> Callable[[World], Any]:
    return lambda world: Offer.objects.filter(pk=world.ids["offer"]).update(**values)


def _in_time(world: World) -> None:
    _offer_now(answer_before=timezone.now() + HOUR)(world)


def _too_late(world: World) -> None:
    _offer_now(answer_before=timezone.now() - HOUR)(world)


def _promise_ended(world: World) -> None:
    _offer_now(promised_until=timezone.now() - HOUR)(world)


def _shift_ended(world: World) -> None:
    Place.objects.filter(pk=world.ids["place"]).update(valid_until=timezone.now() - HOUR)


def _case(name: str, verb: Call, **arguments: Any) -> Way:
    return Way("case", name, verb, _on("case", verb, **arguments), case_world)


def _request(name: str, verb: Call, **arguments: Any) -> Way:
    return Way("request", name, verb, _on("request", verb, **arguments), request_world)


def _offer(
    name: str, verb: Call, prepare: Callable[[World], Any] = _in_time, **arguments: Any
) -> Way:
    call = _on("offer", verb, **arguments)
    return Way("offer", name, verb, call, offer_world, prepare=prepare)


def _through(
    name: str, verb: Call, at: str, instead: dict[str, str] | None = None, **arguments: Any
) -> Way:
    """A move of the request that a verb of its offer makes; the offer stands at `at`."""
    return Way(
        "request",
        name,
        verb,
        _on("offer", verb, **arguments),
        with_offer(at),
        first=("offer", verb.__name__, at),
        prepare=_read_back,
        instead=instead or {},
        forced=True,
    )


def _read_back(world: World) -> None:
    _offer_now(read_back="Begrepen.", read_back_at=timezone.now())(world)


def _handover(name: str, verb: Call, **arguments: Any) -> Way:
    return Way("handover", name, verb, _on("handover", verb, **arguments), handover_world)


def _hand_over(world: World, by: Actor) -> Any:
    desk = world.cast.nurse.desk
    return handovers.hand_over(world.ids["case"], to_desk=desk, sbar=paths.SBAR, by=by)


def _make_offer(world: World, by: Actor) -> Any:
    return services.offer(world.ids["request"], unit_id=world.ids["unit"], by=by)


FALLS_AWAY = {str(RequestState.ON_HOLD): "fall_away"}

WAYS = [
    _case("contact", triage.add_contact, contact=ContactIn(text="Zij belt weer.")),
    _case("triage", triage.triage, judged=JUDGED),
    _case("triage", casework.judge, judged=JUDGED),
    _case("report", triage.report, findings="Heup pijnlijk.", outcomes=["seh_avoided"]),
    _case("note", handovers.note, text="Sleutel bij de buren."),
    _case("deteriorate", casework.deteriorate, judged=JUDGED),
    _case("redirect", triage.redirect),
    _case("redirect", casework.redirect),
    _case("confirm_redirect", triage.confirm_redirect, ritnummer="RIT-1", life_threat=True),
    Way(
        "case",
        "take_over",
        handovers.accept,
        _on("handover", handovers.accept, read_back="Begrepen."),
        handed_world,
        forced=True,
    ),
    _case("close", casework.close_case, reason="care_started"),
    _case("reopen", triage.reopen),
    Way("case", "hand_over", handovers.hand_over, _hand_over, case_world, bears=True),
    _request("submit", services.submit),
    _request("take", services.take),
    Way("request", "offer", services.offer, _make_offer, request_world),
    _request("wait", services.wait, interim_plan="De buurvrouw kijkt."),
    _request("hold", services.hold),
    _request("resume", services.resume),
    Way("request", "resume_assigned", services.resume, _on("request", services.resume), held_world),
    _request("cancel", services.cancel, reason="changed"),
    _through("assign", services.assign, OfferState.ACCEPTED, sbar=paths.LETTER),
    _through("fall_back", services.withdraw, OfferState.ASSIGNED, FALLS_AWAY),
    _through("fall_back", services.fail, OfferState.ASSIGNED, FALLS_AWAY, reason="no_staff"),
    _through("start", services.start, OfferState.ASSIGNED),
    _through("close", services.complete, OfferState.STARTED),
    _offer("show", services.show, _offer_now(shown_at=None)),
    _offer("ask", services.ask, question="Kan zij traplopen?"),
    _offer("reply", services.reply, reply="Een verdieping."),
    _offer("accept", services.accept),
    _offer("decline", services.decline, reason="no_staff"),
    _offer("expire", services.expire, _too_late),
    _offer("withdraw", services.withdraw),
    _offer("lapse", services.lapse, _promise_ended),
    _offer("assign", services.assign, sbar=paths.LETTER),
    _offer("read_back", services.read_back, read_back="Begrepen."),
    _offer("depart", services.depart),
    _offer("start", services.start, _read_back),
    _offer("complete", services.complete),
    _offer("fail", services.fail, reason="no_staff"),
    _handover("accept", handovers.accept, read_back="Begrepen."),
    _handover("refuse", handovers.refuse, reason="Niemand op de weg."),
    _handover("withdraw", handovers.withdraw),
    Way("place", "withdraw", capacity.withdraw, _on("unit", capacity.withdraw), place_world),
    Way(
        "place",
        "lapse",
        capacity.lapse,
        _on("place", capacity.lapse),
        place_world,
        prepare=_shift_ended,
    ),
]

#: Rows that are another row's verb in another state (`Way.instead`).
OTHERWISE = {("request", "fall_away")}
#: Rows of places that are no verb of their own: steps of an offer (tests/capacity/test_places.py).
STEPS = {"hold", "let_go", "occupy", "vacate"}
#: A release makes a new place when none lies dormant, so it can be done in every state.
ANYWHEN = {"release"}

#: Verbs that make no move, and why.
WITHOUT_A_MOVE = {
    casework.take_in: "see `triage.register`",
    triage.register: "a case begins with it, or a contact is added to an open one",
    services.request: "a request begins with it",
    casework.ask_twice: "a second asker is heard; nothing moves, unless it is a life threat",
    services.report: "see `triage.report`",
    triage.assess: "the decision aid is part of judging: allowed to whom `triage` is",
    triage.close: "the part of `close_case` that knows no requests",
    capacity.release: "see ANYWHEN",
    capacity.confirm: "a unit says again what it said: no place moves",
    capacity.report_free: "a system's `release` or `withdraw`, then `confirm`",
    capacity.remind: "a question to a planner: no place moves",
}


def verbs() -> list[Call]:
    """Everything marked `@verb`, in whatever module."""
    return [
        thing
        for app in (triage_app, capacity_app, coordination_app)
        for room in pkgutil.iter_modules(app.__path__, f"{app.__name__}.")
        for thing in vars(import_module(room.name)).values()
        if getattr(thing, "__code__", None) is MARKED and thing.__module__ == room.name
    ]


#: What `@verb` wraps around a function.
MARKED = verb(lambda *, by: None).__code__  # type: ignore[attr-defined]


_built: dict[str, World] = {}


def at(way: Way, state: str) -> World:
    """The world of this way in this state; many ways start from the same one."""
    start = "" if way.forced else state
    key = f"{way.world.__qualname__} {way.first} {start}"
    if key not in _built:
        _built[key] = way.world(state)
    return _built[key]


def nowhere() -> World:
    """A world in which nothing is to be found."""
    world = place_world(PlaceState.FREE)
    world.ids = defaultdict(uuid4)
    return world
