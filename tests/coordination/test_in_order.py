"""Vraag ze op volgorde, several at once, booked at once: whom a desk asks, and what comes next."""

from datetime import timedelta

import pytest
from django.utils import timezone

from capacity.models import CareUnit, Place
from coordination import services
from coordination.models import CareRequest, Offer
from coordination.tasks import ask_next, show_offers
from lzc.errors import NotAllowed, NotNow, NotSeen, NotValid
from lzc.models import Policy
from tests import paths
from tests.cast import assemble
from triage.models import Case


@pytest.fixture
def cast(committed):
    return assemble()


@pytest.fixture
def wards(cast):
    """Two of De Linde and one of De Wilg, each with a place."""
    second = cast.unit(cast.planner.house, "elv_laag", "De Linde, tweede")
    paths.a_place(cast)
    paths.a_place(cast, cast.other_ward, cast.other_planner)
    paths.a_place(cast, second)
    return [cast.ward, cast.other_ward, second]


def in_order(cast, wards) -> CareRequest:
    made = paths.a_request(cast)
    order = [ward.pk for ward in wards]
    return cast.coordinator.does(services.cascade, made.pk, unit_ids=order)


def live(made) -> list[Offer]:
    return list(Offer.objects.live().filter(request=made.pk))


def now_asked(made) -> CareUnit:
    (row,) = live(made)
    return row.unit


def running(made) -> bool:
    return CareRequest.objects.get(pk=made.pk).cascade_since is not None


def refuse(who, made, **said) -> None:
    (row,) = live(made)
    who.does(services.decline, row.pk, **{"reason": "too_heavy"} | said)


def seen_at_once(made) -> None:
    """The seconds go by in which only the desk knows whom the order asked next."""
    Offer.objects.filter(request=made.pk, shown_at=None).update(visible_from=timezone.now())


def test_the_first_is_asked_at_once_and_the_rest_waits(cast, wards):
    made = in_order(cast, wards)
    assert now_asked(made) == wards[0]
    assert CareRequest.objects.get(pk=made.pk).cascade == [wards[1].pk, wards[2].pk]
    assert cast.planner.hears()[-1] == "offer.sent"


def test_a_refusal_asks_the_next_in_the_same_act(cast, wards):
    """No sweeper runs here."""
    made = in_order(cast, wards)
    refuse(cast.planner, made)
    assert now_asked(made) == wards[1]
    seen_at_once(made)
    refuse(cast.other_planner, made)
    assert now_asked(made) == wards[2]


def test_who_refuses_does_not_tell_the_next_that_it_did(cast, wards):
    made = in_order(cast, wards)
    refuse(cast.planner, made)
    assert cast.other_planner.hears() == ["place.released"]
    assert not Offer.objects.inbox(cast.other_planner.actor).exists()
    seen_at_once(made)
    assert Offer.objects.inbox(cast.other_planner.actor).exists()
    show_offers()
    assert cast.other_planner.hears() == ["place.released", "offer.shown"]


def test_who_refuses_looked_at_nobody(cast, wards):
    made = in_order(cast, wards)
    refuse(cast.planner, made)
    assert not Case.objects.visible_to(cast.planner.actor).exists()
    (row,) = live(made)
    first = Offer.objects.get(request=made.pk, state="declined")
    assert row.profile == first.profile


def test_silence_asks_the_next_by_the_clock(cast, wards):
    made = in_order(cast, wards)
    (row,) = live(made)
    paths.let_the_deadline_pass(row)
    cast.clock.does(services.expire, row.pk)
    assert live(made) == []
    ask_next()
    ask_next()
    assert now_asked(made) == wards[1]
    assert cast.other_planner.hears()[-1] == "offer.sent"


def test_what_the_desk_takes_back_asks_the_next_too(cast, wards):
    made = in_order(cast, wards)
    (row,) = live(made)
    cast.coordinator.does(services.withdraw, row.pk)
    assert now_asked(made) == wards[1]


def test_a_promise_that_is_broken_asks_the_next(cast, wards):
    made = in_order(cast, wards)
    (row,) = live(made)
    cast.planner.does(services.accept, row.pk)
    ask_next()
    assert live(made) == [row]
    cast.planner.does(services.fail, row.pk, reason="no_staff")
    assert now_asked(made) == wards[1]


def test_who_has_no_place_any_more_is_passed_over(cast, wards):
    made = in_order(cast, wards)
    Place.objects.filter(unit=wards[1]).update(state="withdrawn")
    refuse(cast.planner, made)
    assert now_asked(made) == wards[2]


def test_when_all_were_asked_the_desk_hears_it(cast, wards):
    made = in_order(cast, wards[:1])
    refuse(cast.planner, made)
    assert live(made) == []
    assert not running(made)
    assert "care_request.cascade_ran_out" in cast.coordinator.hears()


def test_the_desk_stops_it_and_nobody_else_is_asked(cast, wards):
    made = in_order(cast, wards)
    cast.coordinator.does(services.stop_cascade, made.pk)
    refuse(cast.planner, made)
    ask_next()
    assert live(made) == []
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(services.stop_cascade, made.pk)
    assert refusal.value.code == "no_cascade"


@pytest.mark.parametrize("end", ["assign", "cancel", "wait"])
def test_it_ends_with_the_search(end, cast, wards):
    made = in_order(cast, wards)
    (row,) = live(made)
    if end == "assign":
        cast.planner.does(services.accept, row.pk)
        cast.coordinator.does(services.assign, row.pk, sbar=paths.LETTER)
    elif end == "cancel":
        cast.huisarts.does(services.cancel, made.pk, reason="died")
    else:
        cast.coordinator.does(services.wait, made.pk, interim_plan="De buurvrouw kijkt.")
    assert not running(made)


def test_on_hold_nobody_is_asked_until_somebody_looked_again(cast, wards):
    made = in_order(cast, wards)
    cast.huisarts.does(services.hold, made.pk)
    refuse(cast.planner, made)
    ask_next()
    assert live(made) == [] and running(made)
    cast.coordinator.does(services.resume, made.pk)
    ask_next()
    assert now_asked(made) == wards[1]


def test_when_nothing_may_be_sought_any_more_it_ends(cast, wards):
    """A U2 that no physician looked at: not through a refusal either."""
    made = in_order(cast, wards)
    case = Case.objects.get(pk=made.case_id)
    worse = paths.TriageIn(how="redone", reason="koorts", urgency="U2")
    cast.huisarts.does(paths.casework.judge, case.pk, judged=worse)
    assert "care_request.cascade_ran_out" in cast.coordinator.hears()
    refuse(cast.planner, made)
    assert live(made) == []
    assert not running(made)


def test_two_orders_at_once_are_none(cast, wards):
    made = in_order(cast, wards)
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(services.cascade, made.pk, unit_ids=[wards[1].pk])
    assert refusal.value.code == "cascade_runs"


def test_an_order_of_nobody_of_strangers_or_of_other_care_is_refused(cast, wards):
    made = paths.a_request(cast)
    tried = {NotValid: [[], [made.pk]], NotNow: [[cast.team.pk]]}
    for error, orders in tried.items():
        for order in orders:
            with pytest.raises(error):
                cast.coordinator.does(services.cascade, made.pk, unit_ids=order)
    with pytest.raises(NotAllowed):
        cast.huisarts.does(services.cascade, made.pk, unit_ids=[wards[0].pk])
    with pytest.raises(NotSeen):
        cast.stranger.does(services.cascade, made.pk, unit_ids=[wards[0].pk])


# Several at once --------------------------------------------------------------------------------


def several(cast, made, wards, **more) -> list[Offer]:
    return cast.coordinator.does(
        services.offer_several, made.pk, unit_ids=[ward.pk for ward in wards], **more
    )


def test_several_are_asked_in_one_act(cast, wards):
    made = paths.a_request(cast)
    assert [row.unit for row in several(cast, made, wards)] == wards
    assert len(live(made)) == 3


def test_all_of_them_or_none(cast, wards):
    made = paths.a_request(cast)
    Place.objects.filter(unit=wards[2]).update(state="withdrawn")
    with pytest.raises(NotNow) as refusal:
        several(cast, made, wards)
    assert refusal.value.code == "no_place"
    assert live(made) == []


def test_when_places_are_scarce_one_at_a_time(cast, wards):
    """Three places, four patients."""
    asked = [paths.a_request(cast) for _ in range(4)]
    with pytest.raises(NotNow) as refusal:
        several(cast, asked[0], wards[:2])
    assert refusal.value.code == "too_many_offers"
    assert "scarce" in refusal.value.sentence
    assert several(cast, asked[0], wards[:1])


def test_a_region_may_decide_otherwise(cast, wards):
    Policy.objects.create(region=cast.region, version=1, values={"offers_at_once_scarce": 2})
    asked = [paths.a_request(cast) for _ in range(4)]
    assert several(cast, asked[0], wards[:2])


def test_who_refused_is_not_asked_again_by_accident(cast, wards):
    made = paths.a_request(cast)
    several(cast, made, wards[:1])
    refuse(cast.planner, made)
    with pytest.raises(NotNow) as refusal:
        several(cast, made, wards[:1])
    assert refusal.value.code == "refused_before"
    assert several(cast, made, wards[:1], again=True)


# Booked -----------------------------------------------------------------------------------------


def book(cast, made, ward) -> Offer:
    return cast.coordinator.does(services.book, made.pk, unit_id=ward.pk, sbar=paths.LETTER)


@pytest.fixture
def bookable(cast, wards):
    CareUnit.objects.filter(pk=wards[0].pk).update(direct_booking=True)
    return wards[0]


def test_a_unit_that_lets_the_desk_decide_is_booked_at_once(cast, wards, bookable):
    made = paths.a_request(cast)
    other = cast.coordinator.does(services.offer, made.pk, unit_id=wards[1].pk)
    row = book(cast, made, bookable)
    made = CareRequest.objects.get(pk=made.pk)
    assert (row.state, made.state, made.provider_id) == (
        "assigned",
        "assigned",
        cast.planner.house.pk,
    )
    assert Case.objects.visible_to(cast.planner.actor).filter(pk=made.case_id).exists()
    assert "offer.booked" in cast.planner.hears()
    assert Offer.objects.get(pk=other.pk).state == "withdrawn"


def test_it_can_still_say_that_it_cannot(cast, bookable):
    made = paths.a_request(cast)
    row = book(cast, made, bookable)
    cast.planner.does(services.fail, row.pk, reason="no_staff")
    assert CareRequest.objects.get(pk=made.pk).state == "searching"
    assert not Case.objects.visible_to(cast.planner.actor).exists()


def test_who_decides_itself_is_not_booked(cast, wards):
    made = paths.a_request(cast)
    with pytest.raises(NotNow) as refusal:
        book(cast, made, wards[0])
    assert refusal.value.code == "no_direct_booking"


# How long it waits ------------------------------------------------------------------------------


def test_all_questions_together_stop_the_clock_a_quarter_of_an_hour(cast):
    row = paths.an_offer(cast)
    cast.planner.does(services.ask, row.pk, question="Kan zij traplopen?")
    spent = timezone.now() + timedelta(minutes=1)  # fourteen of the fifteen minutes are over
    Offer.objects.filter(pk=row.pk).update(answer_before=spent)
    cast.coordinator.does(services.reply, row.pk, reply="Nee.")
    cast.planner.does(services.ask, row.pk, question="En eten?")
    again = Offer.objects.get(pk=row.pk)
    assert again.answer_before - timezone.now() <= timedelta(minutes=1)
    Offer.objects.filter(pk=row.pk).update(answer_before=timezone.now())
    cast.coordinator.does(services.reply, row.pk, reply="Ook niet.")
    with pytest.raises(NotNow) as refusal:
        cast.planner.does(services.ask, row.pk, question="En drinken?")
    assert refusal.value.code == "asked_enough"
