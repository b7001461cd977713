"""Places of a kind, places that will be free, and what changes about them."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from capacity import planning
from capacity import services as capacity
from capacity.models import CareUnit, Place
from capacity.tasks import end_shifts, free_planned_places
from coordination import services
from lzc.errors import NotNow, NotSeen, NotValid
from lzc.events import act
from lzc.hours import shift_end
from tests import paths
from tests.cast import assemble

HOUR = timedelta(hours=1)


@pytest.fixture
def cast(committed):
    return assemble()


def free(unit, **of) -> int:
    return Place.objects.filter(Place.usable(), unit=unit, **of).count()


# Kinds of places -------------------------------------------------------------------------------


def test_a_place_has_more_than_its_unit_and_is_counted_by_kind(cast):
    cast.planner.does(capacity.release, cast.ward.pk, count=2)
    cast.planner.does(capacity.release, cast.ward.pk, attributes=["women", "single_room"])
    report = capacity.report_free
    cast.planner.does(report, cast.ward.pk, free=0, attributes=["single_room", "women"])
    assert free(cast.ward) == free(cast.ward, attributes=[]) == 2


def test_the_plainest_place_that_will_do_is_given_first(cast):
    cast.planner.does(capacity.release, cast.ward.pk, attributes=["single_room"])
    plain = paths.a_place(cast)
    with act(by=cast.coordinator.actor):
        assert taken(cast, []) == plain.pk


def test_who_needs_a_single_room_gets_one_or_nothing(cast):
    paths.a_place(cast)
    with act(by=cast.coordinator.actor), pytest.raises(NotNow) as refusal:
        taken(cast, ["single_room"])
    assert refusal.value.code == "no_place"
    (room,) = cast.planner.does(capacity.release, cast.ward.pk, attributes=["single_room"])
    with act(by=cast.coordinator.actor):
        assert taken(cast, ["single_room"]) == room.pk


def taken(cast, like) -> object:
    """Which place would be taken: it is put back before the database asks for the offer."""
    unit = CareUnit.objects.select_related("region").get(pk=cast.ward.pk)
    with transaction.atomic():
        place = capacity.hold(unit, offer=cast.ward.pk, like=like)
        transaction.set_rollback(True)
    return place


def test_what_a_unit_can_only_do_by_day_is_not_given_day_and_night(cast):
    place = paths.a_place(cast)
    CareUnit.objects.filter(pk=cast.ward.pk).update(attributes=["oxygen", "insulin"])
    assert Place.objects.get(pk=place.pk).gives == ["elv_laag", "insulin", "oxygen"]
    CareUnit.objects.filter(pk=cast.ward.pk).update(night_attributes=["insulin"])
    assert Place.objects.get(pk=place.pk).gives == ["elv_laag", "insulin"]


def test_a_place_follows_its_unit_when_that_moves(cast):
    place = paths.a_place(cast)
    CareUnit.objects.filter(pk=cast.ward.pk).update(x=1, y=2, care_type="grz")
    place.refresh_from_db()
    assert (place.x, place.y, place.care_type) == (1, 2, "grz")
    Place.objects.filter(pk=place.pk).update(care_type="hospice")
    assert Place.objects.get(pk=place.pk).care_type == "grz", "it is not the place's to say"


def test_an_unknown_attribute_is_named(cast):
    with pytest.raises(NotValid) as refusal:
        cast.planner.does(capacity.release, cast.ward.pk, attributes=["zeezicht"])
    assert "zeezicht" in str(refusal.value)


def test_a_visit_ends_with_the_shift_unless_something_else_is_said(cast):
    (visit,) = cast.nurse.does(capacity.release, cast.team.pk)
    assert timedelta() < visit.valid_until - timezone.now() < 9 * HOUR
    (bed,) = cast.planner.does(capacity.release, cast.ward.pk)
    assert bed.valid_until is None


# Vrij vanaf ------------------------------------------------------------------------------------


def test_a_planned_place_is_not_free_and_is_shown_as_coming(cast):
    at = timezone.now() + 2 * HOUR
    place = cast.planner.does(planning.plan_release, cast.ward.pk, free_from=at)
    assert (place.state, place.free_from) == ("withdrawn", at)
    shown = CareUnit.objects.with_counts().get(pk=cast.ward.pk)
    assert (shown.free, shown.next_release) == (0, at)
    assert cast.coordinator.hears()[-1] == "place.release_planned"


def test_when_the_time_has_come_the_clock_frees_it_and_the_desks_hear(cast):
    at = timezone.now() + 2 * HOUR
    place = cast.planner.does(planning.plan_release, cast.ward.pk, free_from=at)
    with pytest.raises(NotNow):
        cast.clock.does(planning.come_free, place.pk)
    Place.objects.filter(pk=place.pk).update(free_from=timezone.now() - HOUR)
    free_planned_places()
    free_planned_places()
    assert (free(cast.ward), Place.objects.get(pk=place.pk).free_from) == (1, None)
    assert cast.coordinator.hears().count("place.came_free") == 1


def come(place) -> Place:
    """The time that was planned for this place has come."""
    Place.objects.filter(pk=place.pk).update(free_from=timezone.now() - HOUR)
    free_planned_places()
    end_shifts()
    return Place.objects.get(pk=place.pk)


def test_a_visit_that_lapsed_and_is_planned_anew_can_be_given_until_its_shift_ends(cast):
    (visit,) = cast.nurse.does(capacity.release, cast.team.pk)
    Place.objects.filter(pk=visit.pk).update(valid_until=timezone.now() - HOUR)
    end_shifts()
    at = timezone.now() + 2 * HOUR
    again = cast.nurse.does(planning.plan_release, cast.team.pk, free_from=at)
    assert come(again).valid_until == shift_end(timezone.now())
    assert free(cast.team) == 1


def test_a_bed_whose_list_ended_while_it_was_occupied_comes_free_as_planned(cast):
    row = paths.offer_at(cast, "started")
    at = timezone.now() + HOUR
    cast.planner.does(planning.plan_release, cast.ward.pk, free_from=at, place=row.place_id)
    Place.objects.filter(pk=row.place_id).update(valid_until=timezone.now() - HOUR)
    assert come(row.place).valid_until is None
    assert free(cast.ward) == 1


def test_a_place_that_is_planned_keeps_what_it_has(cast):
    row = paths.offer_at(cast, "started")
    plan = planning.plan_release
    said = {"free_from": timezone.now() + HOUR, "place": row.place_id}
    with pytest.raises(NotValid) as refusal:
        cast.planner.does(plan, cast.ward.pk, attributes=["single_room"], **said)
    assert refusal.value.field == "attributes"
    assert Place.objects.get(pk=row.place_id).free_from is None


def test_a_plan_is_called_off(cast):
    at = timezone.now() + 2 * HOUR
    place = cast.planner.does(planning.plan_release, cast.ward.pk, free_from=at)
    cast.planner.does(planning.call_off, place.pk)
    assert Place.objects.get(pk=place.pk).free_from is None
    with pytest.raises(NotNow):
        cast.planner.does(planning.call_off, place.pk)


def test_a_planned_place_is_not_taken_for_one_that_lies_dormant(cast):
    at = timezone.now() + 2 * HOUR
    planned = cast.planner.does(planning.plan_release, cast.ward.pk, free_from=at)
    assert paths.a_place(cast).pk != planned.pk


def test_an_occupied_place_is_planned_and_comes_free(cast):
    row = paths.offer_at(cast, "started")
    at = timezone.now() + HOUR
    cast.planner.does(planning.plan_release, cast.ward.pk, free_from=at, place=row.place_id)
    Place.objects.filter(pk=row.place_id).update(free_from=timezone.now() - HOUR)
    cast.clock.does(planning.come_free, row.place_id)
    assert Place.objects.get(pk=row.place_id).state == "free"


def test_a_place_of_another_unit_is_not_planned(cast):
    theirs = paths.a_place(cast, cast.other_ward, cast.other_planner)
    at = timezone.now() + HOUR
    with pytest.raises(NotSeen):
        plan = planning.plan_release
        cast.planner.does(plan, cast.ward.pk, free_from=at, place=theirs.pk)


@pytest.mark.parametrize("hours", [-1, 24 * 40])
def test_a_plan_lies_ahead_and_not_too_far(hours, cast):
    with pytest.raises(NotValid):
        cast.planner.does(
            planning.plan_release, cast.ward.pk, free_from=timezone.now() + hours * HOUR
        )


# Vertrokken ------------------------------------------------------------------------------------


def test_when_the_planner_said_it_first_the_offer_takes_nobody_else_out_of_bed(cast):
    row = paths.offer_at(cast, "started")
    cast.planner.does(planning.clear, row.place_id)
    cast.planner.does(capacity.release, cast.ward.pk)
    Place.objects.filter(pk=row.place_id).update(state="occupied")
    cast.planner.does(services.complete, row.pk)
    assert Place.objects.get(pk=row.place_id).state == "occupied"


# Klopt tot -------------------------------------------------------------------------------------


def test_saying_it_again_does_not_take_back_until_when_it_holds(cast):
    until = timezone.now() + HOUR
    unit = cast.planner.does(capacity.confirm, cast.ward.pk, true_until=until)
    assert unit.true_until == until
    assert cast.planner.does(capacity.confirm, cast.ward.pk).true_until == until


def test_another_figure_takes_it_back(cast):
    cast.planner.does(capacity.confirm, cast.ward.pk, true_until=timezone.now() + HOUR)
    cast.planner.does(capacity.release, cast.ward.pk)
    assert CareUnit.objects.get(pk=cast.ward.pk).true_until is None
