"""Too few places: who goes first, who goes where, and who it makes better or worse off."""

from uuid import UUID

import pytest

from coordination.assignment import NOWHERE, Question, Waiting, best_pairs, compare, decide, in_turn

A, B, C, D = (UUID(int=number) for number in range(1, 5))
HOUSE, WARD, ROOM = (UUID(int=number) for number in range(11, 14))


def asks(who: UUID, urgency: str = "U3", waited: float = 10, **fits: float) -> Waiting:
    places = {"house": HOUSE, "ward": WARD, "room": ROOM}
    return Waiting(who, urgency, waited, {places[name]: fit for name, fit in fits.items()})


def where(*waiting: Waiting, **free: int) -> dict[UUID, UUID]:
    places = {"house": HOUSE, "ward": WARD, "room": ROOM}
    question = Question.of(waiting, {places[name]: count for name, count in free.items()})
    return {pair.request: pair.unit for pair in decide(question).pairs}


def test_the_most_urgent_has_the_last_place():
    assert where(asks(A, "U3", 500, house=1), asks(B, "U2", 1, house=0), house=1) == {B: HOUSE}


def test_of_the_same_urgency_who_waited_longest_has_it():
    assert where(asks(A, waited=10, house=1), asks(B, waited=11, house=0), house=1) == {B: HOUSE}


def test_who_waited_equally_long_is_told_apart_by_fit():
    assert where(asks(A, house=0.2), asks(B, house=0.3), house=1) == {B: HOUSE}


def test_who_can_go_elsewhere_leaves_the_only_place_to_who_cannot():
    urgent = asks(A, "U2", house=1, ward=0.1)
    assert where(urgent, asks(B, "U5", house=0.1), house=1, ward=1) == {A: WARD, B: HOUSE}


def test_a_chain_of_moves_makes_room_for_one_more():
    found = where(
        asks(A, "U2", house=1, ward=0.2),
        asks(B, "U3", ward=1, room=0.2),
        asks(C, "U4", house=0.5),
        house=1,
        ward=1,
        room=1,
    )
    assert found == {A: WARD, B: ROOM, C: HOUSE}


def test_one_u2_is_not_given_up_for_any_number_of_others():
    others = [asks(UUID(int=100 + n), "U5", 10_000, house=1) for n in range(200)]
    assert where(*others, asks(A, "U2", 0, house=0), house=1) == {A: HOUSE}


def test_a_unit_gives_as_many_places_as_it_has_free():
    found = where(*(asks(who, house=1) for who in (A, B, C, D)), house=3)
    assert list(found.values()) == [HOUSE] * 3


@pytest.mark.parametrize("free", [{}, {"house": 0}, {"ward": 2}])
def test_where_no_place_is_free_or_allowed_everybody_waits(free: dict[str, int]):
    assert where(asks(A, house=1), **free) == {}


def test_nobody_asks_nothing_is_planned():
    plan = decide(Question.of([], {HOUSE: 2}))
    assert (plan.pairs, plan.unplaced, plan.value.placed) == ((), (), (0, 0, 0, 0))


def test_a_plan_says_who_goes_on_waiting_and_what_it_is_worth():
    asked = [asks(A, "U2", 7.9, house=0.25), asks(B, "U4", 30, house=1)]
    plan = decide(Question.of(asked, {HOUSE: 1}))
    assert plan.unplaced == (B,)
    assert plan.value == ((1, 0, 0, 0), 7, 25)
    assert plan.pairs == ((A, HOUSE, 0.25),)


# Beside first come, first served ---------------------------------------------------------------


def test_first_come_is_first_served_whatever_the_urgency():
    asked = [asks(A, "U2", 5, house=1), asks(B, "U5", 60, house=0.1, ward=0.3)]
    said = compare(Question.of(asked, {HOUSE: 1, WARD: 1}))
    assert [tuple(pair) for pair in said.first_come.pairs] == [(A, HOUSE, 1.0), (B, WARD, 0.3)]
    said = compare(Question.of(asked, {HOUSE: 1}))
    assert [tuple(pair) for pair in said.first_come.pairs] == [(B, HOUSE, 0.1)]


def test_it_is_said_who_gains_who_waits_longer_and_who_goes_elsewhere():
    said = compare(
        Question.of(
            [
                asks(A, "U2", 5, house=0.5),
                asks(B, "U5", 60, house=0.9),
                asks(C, "U3", 50, ward=0.8, room=0.5),
                asks(D, "U3", 40, ward=0.7),
            ],
            {HOUSE: 1, WARD: 1, ROOM: 1},
        )
    )
    gains = {(one.request, one.urgency, one.waited, one.planned) for one in said.gains}
    assert gains == {(A, "U2", 5, HOUSE), (D, "U3", 40, WARD)}
    (longer,) = said.waits_longer
    assert (longer.request, longer.first_come, longer.planned) == (B, HOUSE, None)
    (moved,) = said.moved
    assert (moved.request, moved.first_come, moved.planned) == (C, WARD, ROOM)
    assert moved.fit_gain == pytest.approx(-0.3)


def test_with_places_enough_the_plan_changes_nothing():
    asked = [asks(A, "U2", 5, house=0.5), asks(B, "U5", 60, ward=0.9)]
    said = compare(Question.of(asked, {HOUSE: 1, WARD: 1}))
    assert said.plan == said.first_come
    assert not (said.gains or said.waits_longer or said.moved)


def test_who_takes_the_nearest_does_not_look_at_fit():
    question = Question.from_arrays(
        requests=[A],
        urgency=["U3"],
        waited=[1],
        starts=[0, 2],
        units=[0, 1],
        fits=[1, 0],
        unit_ids=[HOUSE, WARD],
        free=[1, 1],
        minutes=[30, 12],
    )
    assert question.units[in_turn(question)].tolist() == [0]
    assert question.units[in_turn(question, nearest=True)].tolist() == [1]


# What comes in ---------------------------------------------------------------------------------


def test_a_life_threat_does_not_wait_for_a_place():
    with pytest.raises(ValueError, match="U1"):
        Question.of([asks(A, "U1", house=1)], {HOUSE: 1})


@pytest.mark.parametrize("fit", [-0.1, 1.1, float("nan")])
def test_a_fit_lies_between_0_and_1(fit: float):
    with pytest.raises(ValueError, match="between 0 and 1"):
        Question.of([asks(A, house=fit)], {HOUSE: 1})


def test_nobody_asks_twice_and_no_unit_is_named_twice():
    with pytest.raises(ValueError, match="an id"):
        Question.of([asks(A, house=1), asks(A, ward=1)], {HOUSE: 1})
    with pytest.raises(ValueError, match="a unit"):
        Question.from_arrays(
            requests=[A],
            urgency=["U3"],
            waited=[0],
            starts=[0, 2],
            units=[0, 0],
            fits=[0, 0],
            unit_ids=[HOUSE],
            free=[2],
        )


def test_more_than_can_be_counted_exactly_is_refused():
    many = [asks(UUID(int=n + 100), waited=n, house=1) for n in range(36_000)]
    with pytest.raises(ValueError, match="per subregion"):
        best_pairs(Question.of(many, {HOUSE: 1}))
    # In turn nothing is weighed.
    assert (in_turn(Question.of(many, {HOUSE: 1})) != NOWHERE).sum() == 1
