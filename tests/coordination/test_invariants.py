"""Each invariant that lives in the database, and somebody who tries to break it past the verbs.

A constraint that is added to a model, or a trigger to a migration, needs somebody here who tries.
"""

import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from capacity import observing
from coordination import services
from coordination.models import Silence
from coordination.sharing import services as sharing
from coordination.shifts import services as shifts
from tests import paths
from tests.cast import assemble
from tests.coordination.attempts import ATTEMPTS, against, changed, copied

OURS = ("lzc", "triage", "capacity", "coordination")


# Shifts ----------------------------------------------------------------------------------------


def a_shift(cast):
    return cast.coordinator.does(shifts.start, sound="heard")


def a_passing(cast):
    made = paths.request_at(cast, "searching")
    return cast.coordinator.does(shifts.pass_on, made.pk)


@against("shift_one_at_a_time")
def two_shifts_at_once(cast):
    return copied("coordination_shift", a_shift(cast).pk)


@against("shift_sound_known")
def a_sound_that_was_perhaps_heard(cast):
    return changed("coordination_shift", a_shift(cast).pk, sound="maybe")


@against("shift_off_has_ended")
def a_shift_that_is_over_and_did_not_end(cast):
    return changed("coordination_shift", a_shift(cast).pk, state="off")


@against("passing_state_known")
def an_unknown_state_of_a_passing(cast):
    return changed("coordination_passing", a_passing(cast).pk, state="lost")


@against("passing_one_at_a_time")
def passed_on_twice(cast):
    return copied("coordination_passing", a_passing(cast).pk)


@against("passing_accepted_by_somebody")
def accepted_by_nobody(cast):
    return changed("coordination_passing", a_passing(cast).pk, state="accepted")


# Places ----------------------------------------------------------------------------------------


@against("unit_attributes_are_codes")
def two_codes_in_one(cast):
    return changed("capacity_careunit", cast.ward.pk, attributes=["vac|pump"])


@against("unit_night_attributes_are_codes")
def a_code_of_nothing(cast):
    return changed("capacity_careunit", cast.team.pk, night_attributes=[""])


@against("place_state_known")
def an_unknown_state_of_a_place(cast):
    return changed("capacity_place", paths.a_place(cast).pk, state="lost")


@against("place_held_by_an_offer")
def held_by_nobody(cast):
    return changed("capacity_place", paths.a_place(cast).pk, state="held")


@against("place_held_by_an_offer")
def free_yet_somebody_has_it(cast):
    return changed("capacity_place", paths.a_place(cast).pk, held_by=uuid.uuid4())


@against("place_held_stays")
def thrown_away_while_an_offer_holds_it(cast):
    return "DELETE FROM capacity_place WHERE id = %s", [paths.an_offer(cast).place_id]


@against("place_occupied_by_a_patient")
def free_with_a_patient_in_it(cast):
    return changed("capacity_place", paths.a_place(cast).pk, occupied_by=uuid.uuid4())


@against("place_planned_is_not_free_yet")
def free_now_and_free_later(cast):
    return changed("capacity_place", paths.a_place(cast).pk, free_from="2199-01-01T07:00Z")


@against("closure_one_at_a_time")
def two_stops_at_once(cast):
    return copied("capacity_closure", a_stop(cast).pk)


@against("closure_reason_known")
def stopped_for_no_known_reason(cast):
    return changed("capacity_closure", a_stop(cast).pk, reason="")


@against("closure_ends_by_somebody")
def a_stop_that_nobody_ended(cast):
    return changed("capacity_closure", a_stop(cast).pk, ended_at="2199-01-01T07:00Z")


@against("closure_ends_by_somebody")
def a_stop_that_ended_before_it_began(cast):
    return changed(
        "capacity_closure", a_stop(cast).pk, ended_at="2001-01-01T07:00Z", ended_by=uuid.uuid4()
    )


def a_stop(cast):
    return cast.planner.does(observing.stop, cast.ward.pk, reason="staff")


def a_call(cast):
    return cast.coordinator.does(observing.observe_call, cast.ward.pk, said="no_answer")


@against("call_said_known")
def an_unknown_thing_said(cast):
    return copied("capacity_unitcall", a_call(cast).pk, said="maybe")


@against("call_counts_what_is_free")
def no_answer_and_yet_a_number(cast):
    return copied("capacity_unitcall", a_call(cast).pk, free=2)


def a_load(cast):
    hospital = paths.a_hospital(cast)
    return cast.coordinator.does(observing.report_load, hospital.pk, load="busy")


@against("load_known")
def an_unknown_load(cast):
    return copied("capacity_emergencyload", a_load(cast).pk, id=-1, load="calm")


@against("load_full_has_a_reason")
def full_for_no_reason(cast):
    return copied("capacity_emergencyload", a_load(cast).pk, id=-1, load="full")


@against("place_hold_agrees")
def held_by_an_offer_that_does_not_exist(cast):
    return changed("capacity_place", paths.a_place(cast).pk, state="held", held_by=uuid.uuid4())


@against("place_hold_agrees")
def held_by_an_offer_of_another_place(cast):
    row = paths.an_offer(cast)
    other = paths.a_place(cast, cast.other_ward, cast.other_planner)
    return changed("capacity_place", other.pk, state="held", held_by=row.pk)


@against("place_hold_agrees")
def let_go_while_the_offer_lives(cast):
    row = paths.an_offer(cast)
    return changed("capacity_place", row.place_id, state="free", held_by=None)


@against("place_hold_agrees")
def an_offer_that_ended_but_keeps_its_place(cast):
    return changed("coordination_offer", paths.an_offer(cast).pk, state="expired")


@against("place_hold_agrees")
def an_offer_that_lives_again_without_a_place(cast):
    row = paths.offer_at(cast, "withdrawn")
    return changed("coordination_offer", row.pk, state="sent")


# Requests and offers ---------------------------------------------------------------------------


@against("request_state_known")
def an_unknown_state_of_a_request(cast):
    return changed("coordination_carerequest", paths.a_request(cast).pk, state="lost")


@against("request_one_open_placement")
def a_second_open_placement(cast):
    return copied("coordination_carerequest", paths.a_request(cast).pk, state="waiting")


@against("request_assigned_has_provider")
def assigned_to_nobody(cast):
    return changed("coordination_carerequest", paths.a_request(cast).pk, state="assigned")


@against("request_cascade_while_searching")
def asked_in_an_order_while_nobody_searches(cast):
    made = paths.a_request(cast)
    return changed("coordination_carerequest", made.pk, cascade_since="2026-01-01")


@against("silence_told_once")
def a_silence_that_is_told_twice(cast):
    made = Silence.objects.create(unit=cast.ward)
    return copied("coordination_silence", made.pk)


@against("offer_state_known")
def an_unknown_state_of_an_offer(cast):
    return changed("coordination_offer", paths.an_offer(cast).pk, state="lost")


@against("offer_one_live_per_place")
def a_second_live_offer_of_one_place(cast):
    other = paths.a_request(cast)
    return copied("coordination_offer", paths.an_offer(cast).pk, request_id=other.pk)


@against("offer_one_live_per_unit")
def a_second_live_offer_to_one_unit(cast):
    row = paths.an_offer(cast)
    return copied("coordination_offer", row.pk, place_id=paths.a_place(cast).pk)


@against("offer_one_assigned_per_request")
def a_second_chosen_offer(cast):
    row = paths.offer_at(cast, "assigned")
    place = paths.a_place(cast, cast.other_ward, cast.other_planner)
    return copied("coordination_offer", row.pk, unit_id=cast.other_ward.pk, place_id=place.pk)


@against("offer_one_assigned_per_request")
def a_chosen_offer_beside_one_that_started(cast):
    row = paths.offer_at(cast, "started")
    place = paths.a_place(cast, cast.other_ward, cast.other_planner)
    return copied(
        "coordination_offer",
        row.pk,
        unit_id=cast.other_ward.pk,
        place_id=place.pk,
        state="assigned",
    )


@against("offer_refused_with_reason")
def declined_for_no_reason(cast):
    row = paths.offer_at(cast, "declined")
    return changed("coordination_offer", row.pk, reason="")


@against("offer_refused_with_reason")
def failed_for_no_reason(cast):
    return changed("coordination_offer", paths.offer_at(cast, "failed").pk, reason="")


@against("plan_state_known")
def an_unknown_state_of_a_plan(cast):
    plan = cast.coordinator.does(sharing.make_plan, cast.region)
    return changed("coordination_plan", plan.pk, state="lost")


# Handovers -------------------------------------------------------------------------------------


@against("handover_state_known")
def an_unknown_state_of_a_handover(cast):
    found = paths.handover_at(cast, "offered")
    return changed("coordination_handover", found.handover.pk, state="lost")


@against("handover_one_at_a_time")
def two_handovers_at_once(cast):
    found = paths.handover_at(cast, "offered")
    return copied("coordination_handover", found.handover.pk, to_desk_id=cast.triagist.desk.pk)


@against("handover_to_another_desk")
def handed_to_oneself(cast):
    found = paths.handover_at(cast, "offered")
    return changed("coordination_handover", found.handover.pk, to_desk_id=cast.coordinator.desk.pk)


@against("handover_is_read_back")
def accepted_without_a_word(cast):
    found = paths.handover_at(cast, "accepted")
    return changed("coordination_handover", found.handover.pk, read_back="")


@against("place_hold_agrees")
def an_offer_that_vanishes_with_a_place_in_its_hands(cast):
    made = paths.offer_at(cast, "sent")
    return "DELETE FROM coordination_offer WHERE id = %s", [made.pk]


@against("place_hold_agrees")
def an_offer_that_moves_and_leaves_its_place_held(cast):
    made, other = paths.offer_at(cast, "sent"), paths.offer_at(assemble(), "sent")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE coordination_offer SET state = 'expired' WHERE id = %s", [other.pk])
        free = "UPDATE capacity_place SET state = 'free', held_by = NULL WHERE id = %s"
        cursor.execute(free, [other.place_id])
    return (
        "WITH taken AS (UPDATE capacity_place SET state = 'held', held_by = %s WHERE id = %s)"
        " UPDATE coordination_offer SET place_id = %s WHERE id = %s",
        [made.pk, other.place_id, other.place_id, made.pk],
    )


@against("case_owner_agrees")
def a_part_of_the_owner_that_vanishes(cast):
    case = paths.a_case(cast)
    return "DELETE FROM triage_involvement WHERE case_id = %s AND kind = 'owner'", [case.pk]


@against("request_same_patient")
def a_request_about_somebody_else(cast):
    made = paths.a_request(cast)
    return changed(
        "coordination_carerequest", made.pk, patient_id=paths.a_case(assemble()).patient_id
    )


@against("request_kind_known")
def an_unknown_kind_of_care(cast):
    return changed("coordination_carerequest", paths.a_request(cast).pk, kind="both")


@against("request_legal_ground_known")
def a_ground_that_no_law_knows(cast):
    return changed("coordination_carerequest", paths.a_request(cast).pk, legal_ground="family")


@against("request_who_treats_known")
def somebody_who_treats_and_is_nobody(cast):
    return changed("coordination_carerequest", paths.a_request(cast).pk, who_treats="me")


@against("request_urgency_known")
def an_unknown_urgency(cast):
    return changed("coordination_carerequest", paths.a_request(cast).pk, urgency="U9")


@against("request_choice_agrees")
def assigned_without_an_offer(cast):
    made = paths.a_request(cast)
    house = cast.planner.house.pk
    return changed("coordination_carerequest", made.pk, state="assigned", provider_id=house)


FREED = """
WITH freed AS (UPDATE capacity_place SET state = 'free', held_by = NULL WHERE held_by = %s)
"""


@against("request_choice_agrees")
def an_assigned_request_whose_offer_is_given_back(cast):
    made = paths.offer_at(cast, "assigned")
    return (
        f"{FREED} UPDATE coordination_offer SET state = 'expired' WHERE id = %s",
        [made.pk, made.pk],
    )


@against("request_choice_agrees")
def an_assigned_request_whose_offer_vanishes(cast):
    made = paths.offer_at(cast, "assigned")
    return (
        f"{FREED} DELETE FROM coordination_offer WHERE id = %s",
        [made.pk, made.pk],
    )


def test_a_visit_may_run_beside_a_placement(committed):
    """Control of `request_one_open_placement`: it is about a stay, not about all care."""
    cast = assemble()
    made = paths.a_request(cast)
    ask = paths.an_ask(cast, care_types=["wijkverpleging"])
    beside = cast.huisarts.does(services.request, made.case_id, ask=ask)
    assert beside.kind == "visit"


# And each of them is refused -------------------------------------------------------------------


@pytest.mark.parametrize(("constraint", "attempt"), ATTEMPTS)
def test_the_database_itself_refuses(constraint, attempt, committed):
    sql, values = attempt(assemble())
    with (
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)
        assert cursor.rowcount == 1, "nothing was tried"
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert refusal.value.__cause__.diag.constraint_name == constraint


def test_somebody_tries_every_constraint():
    named = {
        constraint.name
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }
    tried = {attempt.values[0] for attempt in ATTEMPTS}
    agree = {"case_owner_agrees", "place_hold_agrees", "place_held_stays", "request_choice_agrees"}
    assert tried == named | agree | {"request_same_patient"}


def test_every_trigger_is_one_we_know(committed):
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal")
        assert {name for (name,) in cursor.fetchall()} == {
            "only_grows",
            "never_emptied",
            "owner_agrees",
            "hold_agrees",
            "choice_agrees",
            "choice_left",
            "choice_gone",
            "place_follows",
            "unit_root",
            "region_moves",
            "unit_leads",
            "held_stays",
        }


def test_what_is_tried_is_refused_for_that_reason_alone(committed):
    """Control: the same statement with a value that may be is taken."""
    case = paths.a_case(assemble())
    sql, values = changed("triage_case", case.pk, ritnummer="RIT-1")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount == 1
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
