"""The study of scarce nights: the same from the same seed, and its books are in order."""

import numpy as np
import pytest

from benchmarks.assigning import by_linear_program, columns
from benchmarks.scarce_nights import Night, a_night
from benchmarks.scarcity import CLAIRVOYANT, POLICIES, foreseen, in_time, played, study, told
from coordination.assignment import NOWHERE, URGENCIES, Question, best_pairs, compare
from lzc.run.var import BASE

NIGHTS, SHARE = 4, 0.7


@pytest.fixture(scope="module", params=range(NIGHTS))
def night(request: pytest.FixtureRequest) -> Night:
    return a_night(3, request.param, SHARE)


def test_the_same_seed_tells_the_same() -> None:
    first = told(study(5, NIGHTS, SHARE))
    assert told(study(5, NIGHTS, SHARE)) == first
    assert told(study(6, NIGHTS, SHARE)) != first


def test_a_night_does_not_depend_on_how_many_follow() -> None:
    few, more = study(5, 2, SHARE), study(5, 4, SHARE)
    for name, tally in few.items():
        assert (more[name].nightly[:2] == tally.nightly).all()


def test_there_are_fewer_places_than_requests(night: Night) -> None:
    assert 0 < len(night.free_from) <= len(night.asked) * SHARE + 1


@pytest.mark.parametrize("policy", POLICIES)
def test_a_place_is_given_once_allowed_and_not_before_its_time(night: Night, policy: str) -> None:
    outcome = played(night, policy)
    who = np.flatnonzero(outcome.place != NOWHERE)
    places = outcome.place[who]
    assert len(who) and len({*places}) == len(places)
    assert night.allowed[who, places].all()
    assert (outcome.minute[who] >= night.asked[who]).all()
    assert (outcome.minute[who] >= night.free_from[places]).all()
    assert not in_time(night, outcome)[outcome.place == NOWHERE].any()


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_without_foresight_places_more_of_the_most_urgent(night: Night, policy: str) -> None:
    """Of U2, of U2 and U3 together, and so on."""
    best, real = (
        np.bincount(night.tier[in_time(night, outcome)], minlength=len(URGENCIES)).cumsum()
        for outcome in (foreseen(night), played(night, policy))
    )
    assert (real <= best).all()


def test_the_counts_add_up() -> None:
    found = study(5, NIGHTS, SHARE)
    for tally in found.values():
        assert (tally.in_time <= tally.placed).all() and (tally.placed <= tally.asked).all()
        assert (tally.nightly.sum(axis=0) == tally.in_time).all()
        assert (tally.asked == found[CLAIRVOYANT].asked).all()
        assert (tally.fit <= tally.placed).all() and (tally.waited >= 0).all()
    best = found[CLAIRVOYANT]
    assert (best.in_time == best.placed).all()


@pytest.mark.parametrize("seed", range(5))
def test_a_second_solver_comes_to_the_same_value(seed: int) -> None:
    question = Question.from_arrays(**columns(60, 150, seed=seed))
    ours = best_pairs(question)
    assert question.weight[ours[ours != NOWHERE]].sum() == by_linear_program(question)
    assert compare(question).plan.value > compare(question).first_come.value


def test_what_the_documentation_tells_is_what_the_study_gives() -> None:
    page = (BASE / "docs" / "scarcity.md").read_text()
    assert "\n".join(told(study(1, 30, SHARE))) in page
