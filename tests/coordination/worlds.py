"""Beside each row of each table the verb that makes that move, from a small world in each state."""

import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

from django.utils import timezone

import capacity as capacity_app
import coordination as coordination_app
import triage as triage_app
from capacity import observing, planning, reminders
from capacity import services as capacity
from capacity.models import CareUnit, Place
from capacity.states import NOT_FREE_YET, PlaceState
from coordination import casework, handovers, services
from coordination.matching import Step
from coordination.models import CareRequest, Offer, Passing
from coordination.notices import following
from coordination.offering import silence
from coordination.sharing import services as sharing
from coordination.sharing import waiting
from coordination.shifts import services as shifts
from coordination.states import (
    HandoverState,
    OfferState,
    PassingState,
    RequestState,
)
from lzc.events import verb
from lzc.models import Actor
from lzc.moves import Move
from tests import paths
from tests.coordination.stages import (
    HOUR,
    JUDGED,
    TABLES,
    Call,
    Somebody,
    World,
    case_world,
    handed_world,
    handover_world,
    held_world,
    offer_world,
    ordered_world,
    passing_world,
    place_world,
    request_world,
    with_offer,
)
from tests.coordination.stages import (
    MODELS as MODELS,
)
from tests.coordination.stages import (
    STATES as STATES,
)
from triage import drafting
from triage import services as triage
from triage.services import ContactIn
from triage.states import CaseState


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
            return bool(somebody.actor.duties) or self.name in ("lapse", "come_free")
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


def _watch_ended(world: World) -> None:
    made = CareRequest.objects.filter(pk=world.ids["request"])
    made.update(watch_until=timezone.now() - HOUR, watch_ended_at=None)


def _handled_by_a_colleague(world: World) -> None:
    CareRequest.objects.filter(pk=world.ids["request"]).update(handler=uuid4())


def _time_to_call(world: World) -> None:
    rows = Passing.objects.filter(pk=world.ids["passing"], state=PassingState.ESCALATED)
    rows.update(call_next_at=timezone.now() - HOUR)


def _shift_ended(world: World) -> None:
    Place.objects.filter(pk=world.ids["place"]).update(valid_until=timezone.now() - HOUR)


def _planned(ahead: timedelta) -> Callable[[World], Any]:
    def prepare(world: World) -> None:
        rows = Place.objects.filter(pk=world.ids["place"], state__in=NOT_FREE_YET)
        rows.update(free_from=timezone.now() + ahead)

    return prepare


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


def _offer_both(world: World, by: Actor) -> Any:
    return services.offer_several(world.ids["request"], unit_ids=[world.ids["unit"]], by=by)


def _in_order(world: World, by: Actor) -> Any:
    return services.cascade(world.ids["request"], unit_ids=[world.ids["unit"]], by=by)


def _book(world: World, by: Actor) -> Any:
    unit = world.ids["unit"]
    return services.book(world.ids["request"], unit_id=unit, sbar=paths.LETTER, by=by)


def _bookable(world: World) -> None:
    CareUnit.objects.filter(pk=world.ids["unit"]).update(direct_booking=True)


def _half_over(world: World) -> None:
    now = timezone.now()
    _offer_now(visible_from=now - HOUR, answer_before=now + HOUR / 2, prompted_at=None)(world)


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
    Way(
        "request",
        "take_over",
        services.take_over,
        _on("request", services.take_over),
        request_world,
        prepare=_handled_by_a_colleague,
    ),
    Way(
        "request",
        "pass_on",
        shifts.pass_on,
        _on("request", shifts.pass_on),
        request_world,
        prepare=_handled_by_a_colleague,
        bears=True,
    ),
    Way("passing", "accept", shifts.accept, _on("passing", shifts.accept), passing_world),
    Way("passing", "escalate", shifts.escalate, _on("passing", shifts.escalate), passing_world),
    Way(
        "passing",
        "tell_again",
        shifts.tell_again,
        _on("passing", shifts.tell_again),
        passing_world,
        prepare=_time_to_call,
    ),
    Way(
        "passing",
        "offer_again",
        shifts.offer_again,
        _on("passing", shifts.offer_again),
        passing_world,
    ),
    Way("request", "offer", services.offer, _make_offer, request_world),
    Way("request", "offer", services.offer_several, _offer_both, request_world),
    Way(
        "request", "offer", services.offer_best, _on("request", services.offer_best), request_world
    ),
    _request("amend", services.amend, said={"travel_limit": 25}),
    _request("widen", services.widen, taken=[Step("travel", 25.0)]),
    Way("request", "cascade", services.cascade, _in_order, request_world),
    Way("request", "book", services.book, _book, request_world, prepare=_bookable),
    Way(
        "request",
        "stop_cascade",
        services.stop_cascade,
        _on("request", services.stop_cascade),
        ordered_world,
    ),
    Way("request", "go_on", services.go_on, _on("request", services.go_on), ordered_world),
    _request("wait", services.wait, interim_plan="De buurvrouw kijkt."),
    _request("hold", services.hold),
    _request("resume", services.resume),
    Way("request", "resume_assigned", services.resume, _on("request", services.resume), held_world),
    _request("escalate", waiting.escalate, to="coordinator"),
    Way(
        "request",
        "end_watch",
        waiting.end_watch,
        _on("request", waiting.end_watch),
        request_world,
        prepare=_watch_ended,
    ),
    _request("cancel", services.cancel, reason="changed"),
    _through("assign", services.assign, OfferState.ACCEPTED, sbar=paths.LETTER),
    _through("fall_back", services.withdraw, OfferState.ASSIGNED, FALLS_AWAY),
    _through("fall_back", services.fail, OfferState.ASSIGNED, FALLS_AWAY, reason="no_staff"),
    _through("start", services.start, OfferState.ASSIGNED),
    _through("close", services.complete, OfferState.STARTED),
    _offer("show", services.show, _offer_now(shown_at=None)),
    _offer("prompt", services.prompt, _half_over),
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
        planning.lapse,
        _on("place", planning.lapse),
        place_world,
        prepare=_shift_ended,
    ),
    Way(
        "place",
        "come_free",
        planning.come_free,
        _on("place", planning.come_free),
        place_world,
        prepare=_planned(-HOUR),
    ),
    Way(
        "place",
        "call_off",
        planning.call_off,
        _on("place", planning.call_off),
        place_world,
        prepare=_planned(HOUR),
    ),
    Way("place", "clear", planning.clear, _on("place", planning.clear), place_world),
]

#: Rows that are another row's verb in another state (`Way.instead`).
#: The waiting list, by the clock (tests/scenarios/test_a04_no_bed.py).
OTHERWISE = {("request", "fall_away"), ("request", "find_place")}
#: Rows of places that are no verb of their own: steps of an offer (tests/capacity/test_places.py).
STEPS = {"hold", "let_go", "withdraw_held", "occupy", "vacate"}
#: A release makes a new place when none lies dormant, so it can be done in every state.
ANYWHEN = {"release", "plan_release"}

#: Verbs that make no move, and why.
WITHOUT_A_MOVE = {
    casework.take_in: "see `triage.register`",
    triage.register: "a case begins with it, or a contact is added to an open one",
    services.request: "a request begins with it",
    shifts.start: "a shift is a person's own: SHIFT_MOVES (tests/coordination/test_shifts.py)",
    shifts.hand_over: "the same; and a `pass_on` for each claim",
    sharing.make_plan: "a plan is new; it proposes, and moves nothing",
    sharing.apply_plan: "an `offer` for each row of the plan that still holds",
    waiting.rematch: "a change of capacity; `find_place` is recorded for whom it fits",
    drafting.keep: "a form that was not sent yet is nobody's but who types in it",
    drafting.wipe: "the same, thrown away",
    following.tell: "who asked gets a message of what happened",
    following.see: "and has read it",
    waiting.rematch_request: "what is asked changed; the same",
    casework.ask_twice: "a second asker is heard; nothing moves, unless it is a life threat",
    services.report: "see `triage.report`",
    triage.assess: "the decision aid is part of judging: allowed to whom `triage` is",
    triage.close: "the part of `close_case` that knows no requests",
    capacity.release: "see ANYWHEN",
    capacity.confirm: "a unit says again what it said: no place moves",
    capacity.report_free: "a system's `release` or `withdraw`, then `confirm`",
    planning.plan_release: "see ANYWHEN",
    **dict.fromkeys(
        (
            observing.stop,
            observing.reopen,
            observing.observe_call,
            observing.report_load,
            reminders.remind,
            reminders.escalate,
            silence.fall_silent,
            silence.speak,
        ),
        "of a unit or a hospital: tests/capacity/test_units.py walks their tables",
    ),
}


def verbs() -> list[Call]:
    """Everything marked `@verb`, in whatever module or package."""
    return [
        thing
        for app in (triage_app, capacity_app, coordination_app)
        for room in pkgutil.walk_packages(app.__path__, f"{app.__name__}.")
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
