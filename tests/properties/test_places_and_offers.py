"""Places and offers beside a model of a page: whatever is done, the two agree.

The model knows how many places of each ward are free, held, occupied or withdrawn, and in what
state each offer is. It says what must come of each step, and the wards are counted after each.
"""

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from capacity import services as capacity
from capacity.models import CareUnit, Place
from coordination import services
from coordination.models import Offer
from lzc.errors import Refused
from lzc.policy import Rules
from tests import paths
from tests.cast import assemble

AT_ONCE = Rules().offers_at_once
HOLDS = ("sent", "asked", "accepted", "assigned")


@dataclass
class Made:
    """An offer as the model knows it."""

    pk: object
    ward: int
    request: int
    state: str = "sent"
    read_back: bool = False


class Wards(RuleBasedStateMachine):
    offers = Bundle("offers")

    def __init__(self) -> None:
        super().__init__()
        self.cast = assemble()
        self.wards = [self.cast.ward, self.cast.other_ward]
        self.planners = [self.cast.planner, self.cast.other_planner]
        self.requests = [paths.a_request(self.cast) for _ in range(3)]
        self.places = [Counter(), Counter()]
        self.made: list[Made] = []

    # What is done, and what the model says must come of it

    @rule(ward=st.integers(0, 1), count=st.integers(1, 2))
    def release(self, ward: int, count: int) -> None:
        assert self._does(self.planners[ward], capacity.release, self.wards[ward].pk, count=count)
        again = min(count, self.places[ward]["withdrawn"])
        self.places[ward].update(free=count, withdrawn=-again)

    @rule(ward=st.integers(0, 1))
    def withdraw_place(self, ward: int) -> None:
        done = self._does(self.planners[ward], capacity.withdraw, self.wards[ward].pk)
        assert done is bool(self.places[ward]["free"])
        if done:
            self.places[ward].update(free=-1, withdrawn=1)

    @rule(target=offers, ward=st.integers(0, 1), request=st.integers(0, 2))
    def offer(self, ward: int, request: int) -> object:
        live = [o for o in self.made if o.request == request and o.state in HOLDS]
        placed = any(o.state in ("assigned", "started", "completed") for o in self._of(request))
        may = (
            not placed
            and len(live) < AT_ONCE
            and all(o.ward != ward for o in live)
            and self.places[ward]["free"] > 0
        )
        unit, asked = self.wards[ward], self.requests[request]
        try:
            row = self.cast.coordinator.does(services.offer, asked.pk, unit_id=unit.pk)
        except Refused:
            assert not may
            return multiple()
        assert may
        self.places[ward].update(free=-1, held=1)
        self.made.append(Made(row.pk, ward, request))
        return self.made[-1]

    @rule(of=offers)
    def accept(self, of: Made) -> None:
        if self._answers(of, services.accept, {"sent", "asked"}):
            of.state = "accepted"

    @rule(of=offers)
    def ask(self, of: Made) -> None:
        if self._answers(of, services.ask, {"sent"}, question="Kan zij traplopen?"):
            of.state = "asked"

    @rule(of=offers, gone=st.booleans())
    def decline(self, of: Made, gone: bool) -> None:
        more = {"reason": "no_staff", "place_gone": gone}
        if self._answers(of, services.decline, {"sent", "asked"}, **more):
            self._ends(of, "declined", "withdrawn" if gone else "free")

    @rule(of=offers)
    def fail(self, of: Made) -> None:
        if self._answers(of, services.fail, {"accepted", "assigned"}, reason="no_staff"):
            self._ends(of, "failed", "withdrawn")

    @rule(of=offers)
    def withdraw(self, of: Made) -> None:
        done = self._does(self.cast.coordinator, services.withdraw, of.pk)
        assert done is (of.state in HOLDS)
        if done:
            self._ends(of, "withdrawn", "free")

    @rule(of=offers)
    def expire(self, of: Made) -> None:
        paths.let_the_deadline_pass(Offer(pk=of.pk))
        done = self._does(self.cast.clock, services.expire, of.pk)
        assert done is (of.state in ("sent", "asked"))
        if done:
            self._ends(of, "expired", "free")

    @rule(of=offers)
    def assign(self, of: Made) -> None:
        done = self._does(self.cast.coordinator, services.assign, of.pk, sbar=paths.LETTER)
        assert done is (of.state == "accepted")
        if done:
            of.state = "assigned"
            for other in self._of(of.request):
                if other is not of and other.state in HOLDS:
                    self._ends(other, "withdrawn", "free")

    @rule(of=offers)
    def start(self, of: Made) -> None:
        if self._answers(of, services.read_back, {"assigned"}, read_back="Begrepen."):
            assert self._answers(of, services.start, {"assigned"})
            of.state = "started"
            self.places[of.ward].update(held=-1, occupied=1)

    @rule(of=consumes(offers))
    def complete(self, of: Made) -> None:
        if self._answers(of, services.complete, {"started"}):
            of.state = "completed"
            self.places[of.ward].update(occupied=-1, withdrawn=1)

    # The two beside each other

    @invariant()
    def the_wards_are_as_the_model_says(self) -> None:
        for ward, counted in zip(self.wards, self.places, strict=True):
            rows = Counter(Place.objects.filter(unit=ward).values_list("state", flat=True))
            assert rows == +counted
            seen = CareUnit.objects.with_counts().get(pk=ward.pk)
            assert (seen.free, seen.held) == (counted["free"], counted["held"])

    @invariant()
    def so_are_the_offers(self) -> None:
        rows = Offer.objects.filter(pk__in=[of.pk for of in self.made])
        states = dict(rows.values_list("pk", "state"))
        assert states == {of.pk: of.state for of in self.made}

    def _of(self, request: int) -> list[Made]:
        return [of for of in self.made if of.request == request]

    def _answers(self, of: Made, verb, states: set[str], **more) -> bool:
        done = self._does(self.planners[of.ward], verb, of.pk, **more)
        assert done is (of.state in states), f"{verb.__name__} of {of}"
        return done

    def _ends(self, of: Made, state: str, place: str) -> None:
        of.state = state
        self.places[of.ward].update({"held": -1, place: 1})

    def _does(self, who, verb, *args, **more) -> bool:
        try:
            who.does(verb, *args, **more)
        except Refused:
            return False
        return True


def check(examples: int, steps: int, **more) -> None:
    run_state_machine_as_test(
        Wards,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


def test_places_and_offers_do_as_the_model_says(committed):
    check(4, 40, derandomize=True)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_places_and_offers_do_as_the_model_says_very_often(committed):
    check(300, 50)


def test_control_a_verb_that_forgets_a_place_is_noticed(committed, monkeypatch):
    """Without this, a model that agrees with everything would pass as well."""
    monkeypatch.setattr(capacity, "let_go", capacity.withdraw_held)
    with pytest.raises(AssertionError):
        check(10, 25, derandomize=True)
