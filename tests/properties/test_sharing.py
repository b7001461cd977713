"""What must hold of a plan for every night: whatever is asked, and whatever is free."""

import random
from collections import Counter
from dataclasses import dataclass, replace
from math import isnan
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from coordination.assignment import URGENCIES
from coordination.matching import Group, Moment, Need, Unit, rank
from coordination.matching.hard_rules import look, travel_minutes
from coordination.sharing.asks import Asked
from coordination.sharing.nearby import Places
from coordination.sharing.pairing import Pair, Shared, shared
from coordination.sharing.spots import columns_of
from coordination.sharing.turns import POLICIES, TIMELY, counts_as, waits_on
from lzc.policy import Rules
from tests.coordination import needs as a
from tests.properties.test_matching import groups, moments, needs, one_unit

#: A busy machine is no fault of a plan.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Ask:
    """An open request with all that rankings know of a need."""

    id: UUID
    need: Need
    waited: float

    def __getattr__(self, name: str) -> Any:
        return getattr(self.need, name)

    @property
    def kind(self) -> Need:
        bare: dict[str, Any] = {"x": None, "y": None, "pc4": None, "needed_in": None}
        nobody: frozenset[UUID] = frozenset()
        return replace(self.need, **bare, travel_limit=None, refused_by=nobody, asked=nobody)

    alike = kind

    @property
    def left(self) -> float | None:
        return self.need.needed_in

    @property
    def tried(self) -> frozenset[UUID]:
        return self.need.refused_by | self.need.asked


RULES = {policy: Rules(plan_policy=policy) for policy in POLICIES}

asks = st.builds(
    Ask,
    id=st.integers(1, 99).map(lambda n: UUID(int=n)),
    need=st.builds(
        replace,
        needs,
        urgency=st.sampled_from(URGENCIES),
        may_wait=st.sampled_from([0.0, 600.0]),
        x=st.none() | st.sampled_from([0, 10_000, 25_000]),
    ),
    waited=st.integers(0, 900).map(float),
)
nights = st.lists(asks, max_size=7, unique_by=lambda ask: ask.id)
some = st.builds(replace, groups, free=st.sampled_from([1, 1, 1, 0, 2]))
wards = st.builds(replace, one_unit, groups=st.lists(some, min_size=1, max_size=2).map(tuple))
regions = st.lists(wards, max_size=6, unique_by=lambda unit: unit.id)
policies = st.sampled_from(POLICIES)
#: How many places of each request are looked at first: so few that there are always more.
nears = st.integers(1, 3)


def ruled(ask: Ask, unit: Unit, at: Moment, rules: Rules) -> bool:
    """Whether the ranking of one request, which knows nothing of plans, allows it."""
    return bool(rank(ask.need, [unit], at=at, rules=rules, relax=False).candidates)


def waits(ask: Ask, policy: str) -> bool:
    return waits_on(ask.urgency, ask.left, ask.waited, policy)


def counts(ask: Ask, policy: str) -> str:
    return counts_as(ask.urgency, ask.left, policy)


def like(unit: Unit, pair: Pair) -> Unit:
    """The unit with only the kind of place that was planned."""
    return replace(unit, groups=tuple(g for g in unit.groups if g.attributes == pair.place))


def plans(told: Shared) -> list[tuple[Pair, ...]]:
    return [told.pairs, told.first_come]


@patiently
@given(nights, regions, moments, policies, nears)
def test_every_plan_respects_every_hard_rule(night, region, at, policy, near):
    rules = RULES[policy]
    told = shared(night, region, at=at, rules=rules, near=near)
    by_id, units = {ask.id: ask for ask in night}, {unit.id: unit for unit in region}
    for plan in plans(told):
        for pair in plan:
            assert ruled(by_id[pair.request], like(units[pair.unit], pair), at, rules)


@patiently
@given(nights, regions, moments, st.booleans())
def test_columns_allow_what_the_hard_rules_allow_and_nothing_else(night, region, at, hide):
    """Of every pair, travel time included: no plan asks the rules again of what it chose."""
    rules = Rules(hide_closed_without_ground=hide)
    region = [unit for unit in region if not unit.closed]
    asked, places = Asked.of(night), Places(columns_of(region, at), at)
    pairs, known = places.near(asked, rules, near=99), places.told
    found = {
        (asked.ids[row], known.units[spot], known.own[spot]): None if isnan(travel) else travel
        for row, spot, travel in zip(pairs.rows, pairs.spots, pairs.travel, strict=True)
    }
    looks = {
        (ask.id, unit.id, group.attributes): look(
            ask.need, replace(unit, groups=(group,)), at, rules
        )
        for ask in night
        for unit in region
        for group in unit.groups
        if group.free
    }
    assert found == {pair: told.travel for pair, told in looks.items() if not told.reasons}


def test_columns_reckon_the_way_to_a_place_as_the_rules_do_to_the_last_digit():
    chance = random.Random(4)
    metres = [(chance.randrange(280_000), chance.randrange(300_000, 620_000)) for _ in range(4_000)]
    region = [a.unit(number, x=x, y=y) for number, (x, y) in enumerate(metres)]
    need, at = a.need(x=150_000, y=450_000), Moment.of(a.NOW, rules := Rules())
    places = Places(columns_of(region, at), at)
    pairs = places.near(Asked.of([Ask(UUID(int=1), need, 0.0)]), rules, near=4_000)
    told = dict(zip(pairs.spots.tolist(), pairs.travel.tolist(), strict=True))
    assert told == {n: travel_minutes(need, unit, rules) for n, unit in enumerate(region)}


@patiently
@given(nights, regions, moments, policies, nears)
def test_nobody_gets_two_places_and_no_place_is_given_twice(night, region, at, policy, near):
    told = shared(night, region, at=at, rules=RULES[policy], near=near)
    there: Counter[tuple[UUID, frozenset[str]]] = Counter()
    for unit in region:
        for group in unit.groups:
            there[unit.id, group.attributes] += group.free
    for plan in plans(told):
        assert len({pair.request for pair in plan}) == len(plan)
        assert Counter((pair.unit, pair.place) for pair in plan) <= there


@patiently
@given(nights, regions, moments, policies, nears)
def test_nobody_is_left_waiting_while_a_place_that_fits_stands_free(
    night, region, at, policy, near
):
    rules = RULES[policy]
    told = shared(night, region, at=at, rules=rules, near=near)
    by_id = {ask.id: ask for ask in night}
    used = Counter((pair.unit, pair.place) for pair in told.pairs)
    for unit in region:
        for group in unit.groups:
            left = sum(g.free for g in unit.groups if g.attributes == group.attributes)
            if left > used[unit.id, group.attributes]:
                alone = replace(unit, groups=(Group(group.attributes, left),))
                assert not any(ruled(by_id[i], alone, at, rules) for i in told.unplaced)


@patiently
@given(nights, regions, moments, policies)
def test_everybody_is_placed_held_back_or_named_as_waiting(night, region, at, policy):
    told = shared(night, region, at=at, rules=RULES[policy])
    named = [*(pair.request for pair in told.pairs), *told.unplaced, *told.held_back]
    assert sorted(named) == sorted(ask.id for ask in night)
    assert set(told.held_back) == {ask.id for ask in night if waits(ask, policy)}


@patiently
@given(nights, regions, moments, policies, st.randoms(use_true_random=False))
def test_the_order_in_which_it_is_told_does_not_matter(night, region, at, policy, random):
    told = shared(night, region, at=at, rules=RULES[policy])
    mixed = random.sample(night, len(night)), random.sample(region, len(region))
    assert shared(*mixed, at=at, rules=RULES[policy]) == told


@patiently
@given(nights, regions, moments, policies)
def test_no_fewer_of_the_most_urgent_than_by_asking_first(night, region, at, policy):
    """Of those whose turn it is, as urgent as they count; of the first, of the first two, …"""
    rules = RULES[policy]
    turn = [ask for ask in night if not waits(ask, policy)]
    assume(turn)
    told = shared(turn, region, at=at, rules=rules)
    tier = {ask.id: counts(ask, policy) for ask in turn}
    ours, first = (Counter(tier[pair.request] for pair in plan) for plan in plans(told))
    for most in range(1, len(URGENCIES) + 1):
        some_ = URGENCIES[:most]
        assert sum(ours[u] for u in some_) >= sum(first[u] for u in some_)


@patiently
@given(asks)
def test_who_cannot_wait_is_never_held_back(ask):
    if ask.need.urgency in ("U2", "U3") or ask.need.needed_in is None or ask.need.needed_in <= 0:
        assert not waits(ask, TIMELY)
    assert counts(ask, "together") == ask.need.urgency


def test_who_may_wait_for_a_window_is_not_judged_by_who_may_not():
    rules, opens = Rules(), tuple((day, 16 * 60, 18 * 60) for day in a.EVERY_DAY)
    night = [
        Ask(UUID(int=1), a.need(urgency="U3"), 100.0),
        Ask(UUID(int=2), a.need(urgency="U3", may_wait=600.0), 10.0),
    ]
    told = shared(night, [a.unit(admits=opens)], at=Moment.of(a.NOW, rules), rules=rules)
    assert [pair.request for pair in told.pairs] == [UUID(int=2)]


def test_who_may_wait_for_a_window_still_has_to_be_in_time():
    rules, opens = Rules(), tuple((day, 16 * 60, 18 * 60) for day in a.EVERY_DAY)
    night = [
        Ask(UUID(int=n), a.need(urgency="U3", may_wait=600.0, needed_in=left), 10.0)
        for n, left in ((1, 60.0), (2, 300.0))
    ]
    ward = a.unit(admits=opens, groups=(Group(free=2),))
    told = shared(night, [ward], at=Moment.of(a.NOW, rules), rules=rules)
    assert [pair.request for pair in told.pairs + told.first_come] == [UUID(int=2)] * 2
