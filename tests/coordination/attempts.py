"""Somebody who tries to break the invariants of people, cases and judgements past the verbs."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from coordination.models import Notice
from lzc.api.subscriptions import subscribe
from lzc.events import head
from lzc.models import Policy
from tests import paths
from tests.cast import Cast
from triage import services as triage
from triage.models import Draft

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


@against("logcounter_one_row")
def a_second_counter(cast):
    return copied("lzc_logcounter", 1, id=2)


def a_subscription(cast: Cast) -> Any:
    return cast.planner.does(subscribe, url="https://ecd.example.nl/").pk


@against("subscription_one_maker")
def a_subscription_of_nobody(cast):
    return changed("lzc_subscription", a_subscription(cast), membership_id=None)


@against("subscription_one_maker")
def a_subscription_of_two(cast):
    machine = cast.machine(cast.planner.house).actor
    return changed("lzc_subscription", a_subscription(cast), client_id=machine.pk)


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


# Messages and drafts ---------------------------------------------------------------------------


def _notice(cast: Cast) -> Notice:
    made = paths.a_request(cast)
    return Notice.objects.create(
        event=head() + 1_000_000_000,
        request=made,
        organisation_id=made.requester_id,
        kind=Notice.Kind.TAKEN,
        at=made.created_at,
    )


@against("notice_once")
def a_second_message_of_one_fact(cast):
    return copied("coordination_notice", _notice(cast).pk)


@against("notice_kind_known")
def a_message_of_a_kind_that_nobody_knows(cast):
    return changed("coordination_notice", _notice(cast).pk, kind="gossip")


@against("draft_one_per_form")
def a_second_draft_of_one_form(cast):
    made = Draft(membership=cast.huisarts.actor).seal({"need": "rust"})
    made.save(force_insert=True)
    return copied("triage_draft", made.pk)
