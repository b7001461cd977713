"""What must hold of a ranking for every need and every region of units."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import nextafter
from typing import Any
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from coordination.matching import (
    EXCLUSIONS,
    KINDS,
    REMARKS,
    Group,
    Moment,
    Need,
    Ranking,
    Unit,
    rank,
    relaxed,
)
from lzc.freshness import LEVELS
from lzc.hours import AMSTERDAM
from lzc.policy import DAY, Rules

RULES = Rules()
CARE = ("elv_laag", "elv_hoog", "wijkverpleging")
PLACE = ("single_room", "women", "isolation_contact", "closed_ward")
SKILLS = ("oxygen", "transfer_1", "transfer_2")
NEVER_DROPPED = {"isolation", "isolation_contact", "isolation_strict", "closed_ward"}
MEASURED = {"travel", "wait", "later"}

ids = st.integers(0, 30).map(lambda n: UUID(int=n))
pc4s = st.integers(8001, 8003)


def mostly(usual: Any, other: Any) -> Any:
    """Else hardly a unit would fit, and little would be tried."""
    return st.integers(0, 3).flatmap(lambda n: other if n == 3 else st.just(usual))


minutes = st.integers(0, 600).map(float)
subsets = st.frozensets
groups = st.builds(
    Group,
    attributes=subsets(st.sampled_from(PLACE), max_size=2),
    free=st.integers(0, 2),
    soonest_release=st.none() | minutes,
)
windows = st.tuples(st.integers(0, 6), st.integers(0, DAY - 1), st.integers(0, DAY))
skills = subsets(st.sampled_from(SKILLS))
one_unit = st.builds(
    Unit,
    id=ids,
    care_type=st.sampled_from(CARE),
    x=st.integers(0, 4).map(lambda n: n * 10_000),
    y=st.just(0),
    groups=st.lists(groups, max_size=2).map(tuple),
    held=st.integers(0, 1),
    held_until=st.none() | minutes,
    minutes_old=st.none() | st.floats(0, 2000),
    true_until=st.none() | st.floats(-10, 600),
    attributes=mostly(frozenset(SKILLS), skills),
    night_attributes=mostly(None, skills),
    pc4=pc4s,
    service_area=mostly(
        {}, st.dictionaries(st.sampled_from(["", "day", "night"]), subsets(pc4s), max_size=2)
    ),
    admits=mostly((), st.lists(windows, max_size=4).map(tuple)),
    response_minutes=mostly(None, minutes),
    closed=mostly("", st.just("no_staff")),
    circle=mostly(0, st.integers(0, 2)),
    confidence=st.floats(0, 1),
    answered=st.floats(0, 1),
    health=st.sampled_from(["ok", "silent"]),
    direct_booking=st.booleans(),
    main_practitioner=st.sampled_from(["", "huisarts"]),
)
units = st.lists(one_unit, max_size=10, unique_by=lambda unit: unit.id)
needs = st.builds(
    Need,
    care_types=st.lists(st.sampled_from(CARE), min_size=1, max_size=2, unique=True).map(tuple),
    requirements=subsets(
        st.sampled_from([*SKILLS, "single_room", "isolation_contact", "closed_ward"]), max_size=2
    ),
    wishes=subsets(st.sampled_from(["single_room", "garden"])),
    pc4=st.none() | pc4s,
    x=st.none() | st.just(0),
    y=st.just(0),
    urgency=st.sampled_from(["", "U2", "U4"]),
    needed_in=st.none() | st.integers(-60, 600).map(float),
    may_wait=st.sampled_from([0.0, 0.0, 60.0]),
    sex=st.sampled_from(["", "female", "male"]),
    legal_ground=st.sampled_from(["", "none_resists", "ibs"]),
    refused_by=subsets(ids, max_size=2),
    asked=subsets(ids, max_size=2),
    travel_limit=st.none() | st.sampled_from([5.0, 20.0]),
    huisarts_area=st.none() | subsets(pc4s),
)
moments = st.integers(0, 14 * DAY).map(
    lambda after: Moment.of(
        datetime(2026, 10, 20, tzinfo=AMSTERDAM) + timedelta(minutes=after), RULES
    )
)


def ranked(need: Need, all_: list[Unit], at: Moment, **said: Any) -> Ranking:
    return rank(need, all_, at=at, rules=said.pop("rules", RULES), **said)


def chosen(need: Need, all_: list[Unit], at: Moment) -> set[UUID]:
    return {found.unit for found in ranked(need, all_, at, relax=False).candidates}


# Whole, stable, by the rules -------------------------------------------------------------------


@given(needs, units, moments, st.randoms(use_true_random=False))
def test_everybody_is_named_once_and_the_order_of_input_does_not_matter(need, all_, at, random):
    found = ranked(need, all_, at, relax=True)
    named = [c.unit for c in found.candidates] + [e.unit for e in found.excluded]
    assert sorted(named) == sorted(unit.id for unit in all_)
    mixed = random.sample(all_, len(all_))
    assert ranked(need, mixed, at, relax=True) == found


@given(needs, units, moments)
def test_only_known_codes_are_said(need, all_, at):
    found = ranked(need, all_, at, relax=True)
    reasons = [code.partition(":")[0] for e in found.excluded for code in e.reasons]
    assert {*reasons} <= {*EXCLUSIONS}
    assert all(e.reasons for e in found.excluded)
    remarks = [code.partition(":")[0] for c in found.candidates for code in c.remarks]
    assert {*remarks} <= {*REMARKS}
    assert {step.kind for r in found.relaxations for step in r.steps} <= {*KINDS}


@given(needs, units, moments)
def test_no_candidate_breaks_a_hard_rule(need, all_, at):
    for found in ranked(need, all_, at).candidates:
        (unit,) = (unit for unit in all_ if unit.id == found.unit)
        assert unit.care_type in need.care_types
        assert unit.id not in need.asked | need.refused_by
        assert not unit.closed and unit.circle in need.circles
        assert not unit.service_area or any(need.pc4 in a for a in unit.service_area.values())
        if need.travel_limit is not None and unit.care_type != "wijkverpleging":
            assert found.travel_minutes is None or found.travel_minutes <= need.travel_limit
        if need.needed_in is not None and need.needed_in > 0 and found.ready_in is not None:
            assert found.ready_in <= need.needed_in
        _has_it_all(need, unit, found.place)
        released = [group for group in unit.groups if group.soonest_release is not None]
        assert unit.free or (released and need.may_wait)


def _has_it_all(need: Need, unit: Unit, place: frozenset[str]) -> None:
    """One place of the unit, by day and by night (a team: by either)."""
    assert any(group.attributes == place for group in unit.groups)
    night = unit.attributes if unit.night_attributes is None else unit.night_attributes
    lists = [unit.attributes | place, night | place]
    lacking = [need.requirements - have for have in lists]
    if any("transfer_2" in have for have in lists):
        lacking = [less - {"transfer_1"} for less in lacking]
    either = unit.care_type == "wijkverpleging"
    assert (any if either else all)(not less for less in lacking)
    assert not (need.sex == "male" and "women" in place)


@given(needs, units, moments)
def test_scores_are_parts_of_one_and_the_best_comes_first(need, all_, at):
    found = ranked(need, all_, at).candidates
    for c in found:
        s = c.scores
        assert all(0 <= part <= 1 for part in (s.care, s.place, s.carer, s.time, s.total))
    totals = [c.scores.total for c in found]
    assert totals == sorted(totals, reverse=True)


# More is never less ----------------------------------------------------------------------------


@given(needs, units, moments, one_unit, groups, st.data())
def test_a_place_more_never_removes_a_candidate(need, all_, at, newcomer, group, data):
    before = chosen(need, all_, at)
    strangers = [newcomer] if newcomer.id not in {unit.id for unit in all_} else []
    assert before <= chosen(need, [*all_, *strangers], at)
    assume(all_)
    n = data.draw(st.integers(0, len(all_) - 1))
    more = [*all_]
    more[n] = replace(more[n], groups=(*more[n].groups, group))
    assert before <= chosen(need, more, at)
    if more[n].groups:
        first, *rest = more[n].groups
        more[n] = replace(more[n], groups=(replace(first, free=first.free + 1), *rest))
        assert before <= chosen(need, more, at)


@given(needs, units, moments, st.none() | st.floats(0, 5000))
def test_age_never_hides(need, all_, at, age):
    aged = [replace(unit, minutes_old=age, true_until=None) for unit in all_]
    assert chosen(need, aged, at) == chosen(need, all_, at)


@given(needs, one_unit, moments, st.lists(st.none() | st.floats(0, 2000), min_size=2, max_size=5))
def test_of_units_that_are_alike_the_surest_stands_first(need, unit, at, ages):
    alike = [
        replace(unit, id=UUID(int=100 + n), minutes_old=age, true_until=None)
        for n, age in enumerate(ages)
    ]
    levels = [LEVELS.index(c.freshness) for c in ranked(need, alike, at).candidates]
    assert levels == sorted(levels)


# What would help -------------------------------------------------------------------------------


@given(needs, units, moments)
def test_every_relaxation_yields_exactly_what_it_says(need, all_, at):
    before = chosen(need, all_, at)
    for found in ranked(need, all_, at, relax=True).relaxations:
        after = ranked(relaxed(need, found.steps), all_, at, relax=False).candidates
        assert before <= {c.unit for c in after}
        new = [c for c in after if c.unit not in before]
        assert new and {c.unit for c in new} == {*found.units}
        assert found.places == sum(c.free for c in new)


@given(needs, units, moments)
def test_no_smaller_one_does(need, all_, at):
    """A minute less yields less; and of two steps together neither helps alone."""
    for found in ranked(need, all_, at, relax=True).relaxations:
        for n, step in enumerate(found.steps):
            others = found.steps[:n] + found.steps[n + 1 :]
            if others:
                assert chosen(relaxed(need, others), all_, at) == chosen(need, all_, at)
            if step.kind not in MEASURED:
                continue
            less = replace(step, value=nextafter(float(step.value), 0.0))
            steps = (*others, less)
            smaller = chosen(relaxed(need, steps), all_, at) - chosen(need, all_, at)
            assert not {*found.units} <= smaller


@given(needs, units, moments)
def test_every_requirement_that_alone_stands_in_the_way_is_proposed(need, all_, at):
    before = chosen(need, all_, at)
    proposed = {
        found.steps[0].value
        for found in ranked(need, all_, at, relax=True).relaxations
        if len(found.steps) == 1 and found.steps[0].kind == "drop"
    }
    helps = {
        what
        for what in need.requirements - NEVER_DROPPED
        if chosen(replace(need, requirements=need.requirements - {what}), all_, at) - before
    }
    assert proposed == helps


@given(needs, units, moments)
def test_another_circle_or_kind_of_care_that_alone_helps_is_proposed(need, all_, at):
    before = chosen(need, all_, at)
    proposed = {
        (found.steps[0].kind, found.steps[0].value)
        for found in ranked(need, all_, at, relax=True).relaxations
        if len(found.steps) == 1 and found.steps[0].kind in ("care", "circle")
    }
    near = {k for care in need.care_types for k in RULES.neighbour_care.get(care, ())}
    wider = {("circle", 2): replace(need, circles=frozenset({0, 1, 2}))} | {
        ("care", kind): replace(need, care_types=(*need.care_types, kind))
        for kind in near - {*need.care_types}
    }
    assert proposed == {name for name, more in wider.items() if chosen(more, all_, at) - before}


@given(needs, units, moments, st.booleans())
def test_isolation_and_the_legal_ground_are_never_let_go(need, all_, at, hide):
    rules = replace(RULES, hide_closed_without_ground=hide)
    found = ranked(need, all_, at, rules=rules, relax=True)
    for step in (step for r in found.relaxations for step in r.steps):
        assert step.value not in NEVER_DROPPED
        assert relaxed(need, [step]).legal_ground == need.legal_ground
        assert relaxed(need, [step]).sex == need.sex
