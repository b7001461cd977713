"""Whatever is done, in whatever order: who replays the log through the tables has the rows.

Each fact must also have been possible: the state before it is one the move may start from.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from capacity import services as capacity
from capacity.models import CareUnit, Place
from coordination import casework, handovers, services
from coordination.amending import AMENDED
from coordination.models import CareRequest, Offer
from coordination.offering import in_order
from coordination.states import (
    CHOSEN,
    HANDOVER_BORN,
    HANDOVER_MOVES,
    HOLDING,
    OFFER_BORN,
    OFFER_MOVES,
    OPEN,
    REQUEST_MOVES,
    HandoverState,
    RequestState,
)
from lzc.errors import Refused
from lzc.models import Event
from tests import paths
from tests.cast import Cast, assemble
from triage import services as triage
from triage.models import Case, Involvement
from triage.services import ContactIn, TriageIn
from triage.states import CASE_BORN, CASE_MOVES

#: Fact → the move that records it. What begins something starts from nothing.
FACTS: dict[str, list[Any]] = {}
for table in (CASE_MOVES, REQUEST_MOVES, OFFER_MOVES, HANDOVER_MOVES):
    for row in table.values():
        FACTS.setdefault(row.event, []).append(row)
BORN = {
    "case.registered": CASE_BORN["register"],
    "offer.sent": OFFER_BORN["offer"],
    "offer.booked": OFFER_BORN["book"],
    "handover.offered": HANDOVER_BORN["hand_over"],
}
#: Told beside a move, of a thing that does not move by it.
BESIDES = {"case.asked_again", "case.asked_twice", "case.assessed", in_order.RAN_OUT, AMENDED}


class Story:
    """A cast, one case, and whatever came of it; each step is one act by one of them."""

    def __init__(self) -> None:
        self.cast: Cast = assemble()
        self.case = paths.a_case(self.cast, self.cast.huisarts)

    def request(self) -> CareRequest | None:
        return CareRequest.objects.filter(case=self.case).order_by("-created_at").first()

    def offer(self, turn: int) -> Offer | None:
        rows = list(Offer.objects.filter(request__case=self.case).order_by("-created_at")[:3])
        return rows[turn % len(rows)] if rows else None

    def handover(self) -> Any:
        with self.cast.clock.looks():
            return self.case.handovers.order_by("-offered_at").first()


Step = Callable[[Story, int], Any]


def on_case(verb: Callable[..., Any], who: str, **more: Any) -> Step:
    return lambda story, turn: getattr(story.cast, who).does(verb, story.case.pk, **more)


def on_request(verb: Callable[..., Any], who: str, **more: Any) -> Step:
    def step(story: Story, turn: int) -> None:
        if made := story.request():
            getattr(story.cast, who).does(verb, made.pk, **more)

    return step


def on_offer(verb: Callable[..., Any], who: str = "", **more: Any) -> Step:
    def step(story: Story, turn: int) -> None:
        if row := story.offer(turn):
            owner = {story.cast.ward.pk: "planner", story.cast.other_ward.pk: "other_planner"}
            getattr(story.cast, who or owner[row.unit_id]).does(verb, row.pk, **more)

    return step


def on_handover(verb: Callable[..., Any], who: str, **more: Any) -> Step:
    def step(story: Story, turn: int) -> None:
        if made := story.handover():
            getattr(story.cast, who).does(verb, made.pk, **more)

    return step


def ask(story: Story, turn: int) -> None:
    story.cast.huisarts.does(
        services.request, story.case.pk, ask=paths.an_ask(story.cast), draft=turn % 3 == 0
    )


def offer(story: Story, turn: int) -> None:
    if made := story.request():
        unit = (story.cast.ward, story.cast.other_ward)[turn % 2]
        story.cast.coordinator.does(services.offer, made.pk, unit_id=unit.pk)


def ask_in_order(story: Story, turn: int) -> None:
    if made := story.request():
        order = [story.cast.ward.pk, story.cast.other_ward.pk][:: 1 if turn % 2 else -1]
        story.cast.coordinator.does(services.cascade, made.pk, unit_ids=order)


def book(story: Story, turn: int) -> None:
    if made := story.request():
        ward = story.cast.other_ward
        CareUnit.objects.filter(pk=ward.pk).update(direct_booking=True)
        story.cast.coordinator.does(
            services.book, made.pk, unit_id=ward.pk, sbar=paths.LETTER, again=True
        )


def release(story: Story, turn: int) -> None:
    who = (story.cast.planner, story.cast.other_planner)[turn % 2]
    unit = (story.cast.ward, story.cast.other_ward)[turn % 2]
    who.does(capacity.release, unit.pk)


def hand_over(story: Story, turn: int) -> None:
    givers = (story.cast.huisarts, story.cast.nurse)
    giver, taker = givers if turn % 2 else givers[::-1]
    giver.does(handovers.hand_over, story.case.pk, to_desk=taker.desk, sbar=paths.SBAR)


def pass_deadlines(story: Story, turn: int) -> None:
    past = timezone.now() - timezone.timedelta(hours=1)
    Offer.objects.filter(request__case=story.case).update(answer_before=past, promised_until=past)


def call_again(story: Story, turn: int) -> None:
    with story.cast.clock.looks():
        bsn = Case.objects.get(pk=story.case.pk).patient.bsn
    who = (story.cast.centralist, story.cast.nurse)[turn % 2]
    known = paths.PatientIn(bsn=bsn)
    who.does(triage.register, patient=known, contact=ContactIn(), desk=who.desk)


WORSE = TriageIn(how="supplemented", complaint="koorts erbij")
LIFE = TriageIn(how="redone", reason="zakt weg", urgency="U1")
CALM = TriageIn(how="redone", reason="bijgekomen", urgency="U3")
#: What may come in between, at any moment.
TWISTS: list[Step] = [
    release,
    ask,
    offer,
    offer,
    ask_in_order,
    book,
    on_request(services.stop_cascade, "coordinator"),
    on_request(services.go_on, "clock"),
    on_offer(services.accept),
    on_offer(services.assign, "coordinator", sbar=paths.LETTER),
    on_offer(services.start),
    on_offer(services.complete),
    on_offer(services.ask, question="Kan zij traplopen?"),
    on_offer(services.reply, "coordinator", reply="Nee."),
    on_offer(services.decline, reason="no_staff"),
    on_offer(services.decline, reason="no_capacity", place_gone=True),
    on_offer(services.fail, reason="no_staff"),
    on_offer(services.withdraw, "coordinator"),
    on_offer(services.expire, "clock"),
    on_offer(services.lapse, "clock"),
    on_offer(services.depart),
    on_request(services.submit, "huisarts"),
    on_request(services.take, "coordinator"),
    on_request(services.wait, "coordinator", interim_plan="De buurvrouw kijkt."),
    on_request(services.hold, "huisarts"),
    on_request(services.cancel, "huisarts", reason="changed"),
    on_case(triage.triage, "nurse", judged=LIFE),
    on_case(triage.redirect, "huisarts"),
    on_case(casework.deteriorate, "huisarts", judged=WORSE),
    on_case(casework.close_case, "huisarts", reason="care_started"),
    on_case(casework.close_case, "nurse", reason="care_started"),
    hand_over,
    on_handover(handovers.refuse, "nurse", reason="vol"),
    on_handover(handovers.withdraw, "huisarts"),
    pass_deadlines,
    call_again,
]
#: What somebody would do next, by how things stand; so that stories get somewhere.
AHEAD: dict[str, list[Step]] = {
    "closed case": [on_case(triage.reopen, "huisarts"), on_case(triage.reopen, "nurse")],
    "redirected": [
        on_case(triage.triage, "huisarts", judged=CALM),
        on_case(triage.confirm_redirect, "huisarts", ritnummer="RIT-1", life_threat=True),
        on_case(triage.triage, "huisarts", judged=CALM),
    ],
    "nothing asked": [ask],
    "draft": [on_request(services.submit, "huisarts")],
    "on_hold": [on_request(services.resume, "coordinator")],
    "no offer": [release, offer, offer],
    "sent": [on_offer(services.accept)],
    "asked": [on_offer(services.reply, "coordinator", reply="Nee."), on_offer(services.accept)],
    "accepted": [on_offer(services.assign, "coordinator", sbar=paths.LETTER)],
    "assigned": [on_offer(services.read_back, read_back="Begrepen."), on_offer(services.start)],
    "started": [on_offer(services.complete)],
    "handed": [
        on_handover(handovers.accept, "nurse", read_back="Begrepen."),
        on_handover(handovers.accept, "huisarts", read_back="Begrepen."),
    ],
}


def where(story: Story, turn: int) -> str:
    """How things stand, in the words of AHEAD."""
    case, made = Case.objects.get(pk=story.case.pk), story.request()
    handed = story.handover()
    if case.state != "open":
        return "closed case" if case.state == "closed" else "redirected"
    if handed and handed.state == HandoverState.OFFERED and turn % 2:
        return "handed"
    if made is None or made.state in (RequestState.CANCELLED, RequestState.CLOSED):
        return "nothing asked"
    if made.state in (RequestState.DRAFT, RequestState.ON_HOLD):
        return str(made.state)
    live = made.offers.filter(state__in=HOLDING | CHOSEN).order_by("-created_at").first()
    return str(live.state) if live else "no offer"


stories = st.lists(
    st.tuples(st.integers(0, 3 * len(TWISTS)), st.integers(0, 11)), min_size=15, max_size=50
)


def go_on(story: Story, which: int, turn: int) -> None:
    if which < len(TWISTS):
        TWISTS[which](story, turn)
    else:
        ahead = AHEAD[where(story, turn)]
        ahead[turn % len(ahead)](story, turn)


def told(steps: list[tuple[int, int]]) -> None:
    story = Story()
    for which, turn in steps:
        try:
            go_on(story, which, turn)
        except Refused:
            continue
    replayed = replay(story)
    for model in (CareRequest, Offer):
        noun = "request" if model is CareRequest else "offer"
        rows = model.objects.filter(
            **{"case" if noun == "request" else "request__case": story.case}
        )
        for row in rows:
            assert replayed.get(row.pk, RequestState.DRAFT) == row.state, f"{noun} {row.pk}"
    for case in Case.objects.filter(patient=story.case.patient_id):
        assert replayed[case.pk] == case.state
    with story.cast.clock.looks():
        for made in story.case.handovers.all():
            assert replayed[made.pk] == made.state
    holds(story)


def replay(story: Story) -> dict[Any, str]:
    """The state of everything, from its facts alone."""
    state: dict[Any, str] = {}
    houses = [p.house.pk for p in story.cast.people()] + [story.cast.clock.actor.pk]
    ours = Event.objects.filter(audience__overlap=houses).order_by("number")
    for fact in ours:
        if fact.type in BORN:
            assert fact.subject not in state
            state[fact.subject] = BORN[fact.type]
        elif fact.type in FACTS and not fact.type.startswith("place."):
            before = state.get(fact.subject, RequestState.DRAFT)
            possible = [m for m in FACTS[fact.type] if before in m.sources]
            assert possible, f"{fact} was told in state {before}"
            assert len({m.target for m in possible}) == 1, f"{fact} does not tell to which state"
            state[fact.subject] = possible[0].target or before
        else:
            assert fact.type in BESIDES or fact.type.startswith(("place.", "unit."))
    return state


def holds(story: Story) -> None:
    """What is always so, whatever happened."""
    units = CareUnit.objects.filter(pk__in=[story.cast.ward.pk, story.cast.other_ward.pk])
    places = Place.objects.filter(unit__in=units)
    live = Offer.objects.filter(unit__in=units, state__in=HOLDING)
    assert {(p.pk, p.held_by) for p in places.filter(state="held")} == {
        (o.place_id, o.pk) for o in live
    }
    asked = CareRequest.objects.filter(case=story.case)
    assert asked.filter(state__in=OPEN).count() <= 1
    owners = Involvement.objects.filter(case=story.case, kind="owner", until=None)
    assert [o.desk_id for o in owners] == [Case.objects.get(pk=story.case.pk).owner_id]
    for made in asked:
        chosen = list(made.offers.filter(state__in=CHOSEN).select_related("unit"))
        assert len(chosen) <= 1
        if made.state in (RequestState.ASSIGNED, RequestState.STARTED):
            assert [o.unit.organisation_id for o in chosen] == [made.provider_id]
        if made.state in (RequestState.SUBMITTED, RequestState.CANCELLED, RequestState.CLOSED):
            assert not Offer.objects.live().filter(request=made).exists()
    with story.cast.clock.looks():
        assert story.case.handovers.filter(state=HandoverState.OFFERED).count() <= 1


LOOKS_ON = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
#: A story of thirty acts is not made shorter in any reasonable time.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)


@settings(
    max_examples=8, derandomize=True, deadline=None, phases=PHASES, suppress_health_check=LOOKS_ON
)
@given(stories)
def test_the_log_tells_the_state(committed, steps):
    told(steps)


@pytest.mark.long
@pytest.mark.timeout(1200)
@settings(max_examples=400, deadline=None, phases=PHASES, suppress_health_check=LOOKS_ON)
@given(stories)
def test_the_log_tells_the_state_of_very_many_stories(committed, steps):
    told(steps)


def test_control_a_log_that_misses_a_fact_does_not_tell_the_state(committed):
    """Without this, a replay that looks at nothing would pass as well."""
    story = Story()
    made = story.cast.huisarts.does(services.request, story.case.pk, ask=paths.an_ask(story.cast))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE coordination_carerequest SET state = 'searching' WHERE id = %s", [made.pk]
        )
    assert replay(story)[made.pk] == "submitted"
