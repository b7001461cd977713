"""Each invariant that lives in the database, and somebody who tries to break it past the verbs.

A constraint that is added to a model, or a trigger to a migration, needs somebody here who tries.
"""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from coordination import services
from lzc.models import Policy
from tests import paths
from tests.cast import Cast, assemble
from triage import services as triage

OURS = ("lzc", "triage", "capacity", "coordination")
Said = tuple[str, list[Any]]
ATTEMPTS: list[Any] = []


def against(constraint: str) -> Callable[[Callable[[Cast], Said]], None]:
    def keep(attempt: Callable[[Cast], Said]) -> None:
        name = f"{constraint}: {attempt.__name__.replace('_', ' ')}"
        ATTEMPTS.append(pytest.param(constraint, attempt, id=name))

    return keep


def changed(table: str, pk: Any, **columns: Any) -> Said:
    """An UPDATE past every verb."""
    sets = ", ".join(f"{column} = %s" for column in columns)
    return f"UPDATE {table} SET {sets} WHERE id = %s", [*columns.values(), pk]


def copied(table: str, pk: Any, **columns: Any) -> Said:
    """One more row like this one, but for these columns."""
    sql = (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(t, %s)).* FROM {table} t WHERE id = %s"
    )
    return sql, [json.dumps({"id": str(uuid.uuid4())} | columns, default=str), pk]


# The ground floor ------------------------------------------------------------------------------


@against("policy_version_once")
def a_second_version_one(cast):
    made = Policy.objects.create(region=cast.region, version=1)
    return copied("lzc_policy", made.pk, id=-made.pk)


# People and cases ------------------------------------------------------------------------------


@against("patient_bsn_once")
def the_same_bsn_twice(cast):
    return copied("triage_patient", paths.a_case(cast).patient_id)


@against("case_one_open_per_person")
def a_second_open_case(cast):
    return copied("triage_case", paths.a_case(cast).pk, reference=uuid.uuid4().hex[:20])


@against("case_state_known")
def an_unknown_state_of_a_case(cast):
    return changed("triage_case", paths.a_case(cast).pk, state="lost")


@against("case_closed_has_time")
def closed_at_no_time(cast):
    return changed("triage_case", paths.a_case(cast).pk, state="closed")


@against("case_closed_has_time")
def open_yet_closed_yesterday(cast):
    return changed("triage_case", paths.a_case(cast).pk, closed_at="2026-01-01")


@against("case_owner_agrees")
def an_owner_without_a_part_in_it(cast):
    return changed("triage_case", paths.a_case(cast).pk, owner_id=cast.nurse.desk.pk)


@against("case_owner_agrees")
def an_owner_whose_part_ended(cast):
    return _owning(cast, "until = now()")


@against("case_owner_agrees")
def an_owner_at_another_desk(cast):
    sql, values = _owning(cast, "desk_id = %s")
    return sql, [cast.nurse.desk.pk, *values]


def _owning(cast, change: str) -> Said:
    case = paths.a_case(cast)
    return f"UPDATE triage_involvement SET {change} WHERE case_id = %s AND kind = 'owner'", [
        case.pk
    ]


@against("case_owner_agrees")
def a_case_that_nobody_owns_from_the_start(cast):
    case = paths.a_case(cast)
    patient = paths.a_case(cast).patient_id
    cast.coordinator.does(triage.close, case.pk, reason="care_started")
    reference = uuid.uuid4().hex[:20]
    return copied("triage_case", case.pk, patient_id=patient, reference=reference)


@against("case_one_owner")
def a_second_owner(cast):
    case = paths.a_case(cast)
    first = case.involvements.get(kind="owner")
    return copied("triage_involvement", first.pk, id=-first.pk, organisation_id=cast.nurse.house.pk)


@against("involvement_once")
def the_same_part_twice(cast):
    part = paths.a_case(cast).involvements.get(kind="own_huisarts")
    return copied("triage_involvement", part.pk, id=-part.pk)


@against("involvement_ends_after")
def a_part_that_ended_before_it_began(cast):
    part = paths.a_case(cast).involvements.get(kind="own_huisarts")
    return changed("triage_involvement", part.pk, until="2020-01-01")


@against("owner_is_a_desk")
def an_owner_without_a_desk(cast):
    return _owning(cast, "desk_id = NULL")


@against("involvement_kind_known")
def a_part_that_nobody_knows(cast):
    part = paths.a_case(cast).involvements.get(kind="own_huisarts")
    return changed("triage_involvement", part.pk, kind="bystander")


@against("contact_kind_known")
def a_rumour_is_no_contact(cast):
    taken = paths.taken_in(cast)
    return copied("triage_contact", taken.contact.pk, kind="rumour")


@against("contact_external_ref_once")
def the_same_reference_of_theirs_twice(cast):
    return copied("triage_contact", paths.taken_in(cast, external_ref="MKA-1").contact.pk)


# Judgements ------------------------------------------------------------------------------------


def _judged(cast, **columns: Any) -> Said:
    case = paths.a_case(cast)
    with cast.coordinator.looks():
        newest = case.triage.get()
    return copied("triage_triagerecord", newest.pk, **{"number": 2} | columns)


@against("triage_number_once")
def the_same_number_twice(cast):
    return _judged(cast, number=1)


@against("triage_urgency_known")
def an_urgency_that_does_not_exist(cast):
    return _judged(cast, urgency="U6")


def _judged_again(cast, **columns: Any) -> Said:
    case = paths.a_case(cast)
    cast.coordinator.does(triage.triage, case.pk, judged=paths.TriageIn(how="taken_over"))
    with cast.coordinator.looks():
        newest = case.triage.get(number=2)
    return copied("triage_triagerecord", newest.pk, **{"number": 3} | columns)


@against("redone_has_a_reason")
def done_again_for_no_reason(cast):
    return _judged_again(cast, how="redone")


@against("triage_how_known")
def judged_in_a_way_that_does_not_exist(cast):
    return _judged_again(cast, how="guessed")


@against("triage_builds_on_the_last")
def a_second_look_at_nothing(cast):
    return _judged(cast, how="taken_over")


@against("triage_builds_on_the_last")
def a_first_look_that_builds_on_another(cast):
    case = paths.a_case(cast)
    with cast.coordinator.looks():
        newest = case.triage.get()
    return copied("triage_triagerecord", newest.pk, number=2, previous_id=newest.pk)


@against("deviation_has_a_reason")
def another_choice_than_the_aid_without_saying_why(cast):
    case = paths.a_case(cast)
    answers = {"version": "1", "answers": {}, "outcome": "elv_laag", "chosen": "elv_laag"}
    made = cast.coordinator.does(triage.assess, case.pk, assessment=answers)
    return copied("triage_careassessment", made.pk, chosen="grz")


# Places ----------------------------------------------------------------------------------------


@against("place_state_known")
def an_unknown_state_of_a_place(cast):
    return changed("capacity_place", paths.a_place(cast).pk, state="lost")


@against("place_held_by_an_offer")
def held_by_nobody(cast):
    return changed("capacity_place", paths.a_place(cast).pk, state="held")


@against("place_held_by_an_offer")
def free_yet_somebody_has_it(cast):
    return changed("capacity_place", paths.a_place(cast).pk, held_by=uuid.uuid4())


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
    agree = {"case_owner_agrees", "place_hold_agrees", "request_choice_agrees"}
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
        }


def test_what_is_tried_is_refused_for_that_reason_alone(committed):
    """Control: the same statement with a value that may be is taken."""
    case = paths.a_case(assemble())
    sql, values = changed("triage_case", case.pk, ritnummer="RIT-1")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount == 1
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
