"""How likely a listed place is really there: bounded, falling with age, learning from what was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import confidence as bench
from capacity.confidence import (
    FIRST_GUESS,
    HALF_LIFE,
    Outcome,
    brier,
    confidence,
    fitted_half_life,
    lasts,
    quality,
)

ages = st.floats(0, 20_000)
outcomes = st.lists(st.builds(Outcome, ages, st.booleans()), max_size=30)


@given(st.none() | ages, outcomes)
def test_nothing_is_certain_and_nothing_ruled_out(old, known):
    assert 0 < confidence(old, known) < 1


@given(ages, ages, outcomes)
def test_what_is_older_is_never_surer(one, other, known):
    young, old = sorted((one, other))
    assert confidence(young, known) >= confidence(old, known)


@given(ages, outcomes, ages)
def test_a_place_that_was_there_never_makes_it_less_sure(old, known, then):
    assert confidence(old, [*known, Outcome(then, True)]) >= confidence(old, known) - 1e-3


@given(outcomes)
def test_the_order_of_what_happened_does_not_matter(known):
    assert quality(known) == pytest.approx(quality(known[::-1]))


def test_a_unit_nobody_asked_is_an_ordinary_one():
    assert quality([]) == FIRST_GUESS
    assert confidence(HALF_LIFE) == pytest.approx(FIRST_GUESS / 2)


def test_an_old_figure_that_failed_says_less_of_the_list_than_a_fresh_one():
    assert quality([Outcome(3000, False)]) > quality([Outcome(5, False)])


def test_the_half_life_that_was_used_is_found_again():
    known = [
        Outcome(age, number < 100 * 0.85 * lasts(age, 240.0))
        for age in (10.0, 120.0, 240.0, 480.0, 960.0)
        for number in range(100)
    ]
    assert fitted_half_life(known, prior=0.85) == 240.0


def test_brier_is_what_it_is_called():
    assert brier([(1.0, True), (0.5, False)]) == 0.125


@pytest.mark.parametrize("seed", [1, 2])
def test_it_knows_better_than_age_alone_and_than_one_guess_for_all(seed):
    found = bench.scores(seed)
    assert found["confidence"] < found["age alone"]
    assert found["confidence"] < found["constant"]
    assert found["mean guess"] == pytest.approx(found["share there"], abs=0.03)
