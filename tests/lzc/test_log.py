"""The event log, the access log, a region's rules and all that was said in a case only grow."""

import threading
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from capacity import services as capacity
from lzc.errors import NotNow
from lzc.events import act, record
from lzc.models import AccessRecord, Event, LogCounter
from tests import paths
from tests.cast import assemble

NEVER_CHANGED = (
    "triage_contact",
    "triage_triagerecord",
    "triage_careassessment",
    "coordination_note",
)
LOGS = ("lzc_event", "lzc_accessrecord", "lzc_policy")
GROWING = (*LOGS, *NEVER_CHANGED)
STATEMENTS = {
    "UPDATE": "UPDATE {0} SET {1} = {1}",
    "DELETE": "DELETE FROM {}",
    "TRUNCATE": "TRUNCATE {} CASCADE",
}


def statement(how: str, table: str) -> str:
    return STATEMENTS[how].format(table, "version" if table == "lzc_policy" else "actor")


def said(sql: str) -> str:
    """What the database says of it."""
    with (
        pytest.raises(DatabaseError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    return str(refusal.value)


@pytest.mark.parametrize("table", GROWING)
@pytest.mark.parametrize("how", ["UPDATE", "DELETE"])
def test_what_was_written_stays_as_it_was_written(table, how, committed):
    paths.a_case(assemble())
    assert "only grows" in said(statement(how, table))


@pytest.mark.parametrize("table", [*GROWING, "lzc_logcounter"])
def test_what_was_written_is_not_emptied(table, committed):
    assert "permission denied" in said(statement("TRUNCATE", table))


@pytest.mark.parametrize(
    ("table", "how"),
    [
        *((table, how) for table in LOGS for how in STATEMENTS),
        *((table, how) for table in NEVER_CHANGED for how in ("UPDATE", "DELETE")),
        ("lzc_logcounter", "DELETE"),
        ("lzc_logcounter", "TRUNCATE"),
    ],
)
def test_not_by_the_owner_of_the_tables_either(table, how, committed, as_owner):
    paths.a_case(assemble())
    assert "only grows" in as_owner(statement(how, table))


@pytest.fixture
def as_owner():
    """Says a statement as the role that owns the tables, and what came of it."""
    import psycopg
    from django.conf import settings

    from tests import database

    def says(sql: str) -> str:
        name = str(connection.settings_dict["NAME"])
        with psycopg.connect(database.url(settings.DATABASE_OWNER_URL, name)) as owner:
            try:
                owner.execute(sql)
            except psycopg.Error as refusal:
                owner.rollback()
                return str(refusal)
            owner.rollback()
        return "done"

    return says


def test_there_is_one_counter_and_no_second_one_counts(committed):
    assert LogCounter.objects.count() == 1
    assert "only grows" in said("DELETE FROM lzc_logcounter")
    assert "logcounter_one_row" in said("INSERT INTO lzc_logcounter (id, n) VALUES (2, 0)")


def numbers() -> list[int]:
    return list(Event.objects.order_by("number").values_list("number", flat=True))


def test_the_numbers_have_no_gaps_though_acts_were_refused(committed):
    cast, since = assemble(), LogCounter.objects.get().n
    for _ in range(3):
        cast.planner.does(capacity.release, cast.ward.pk)
        with pytest.raises(NotNow):
            cast.planner.does(capacity.withdraw, cast.ward.pk, count=40)
        with pytest.raises(ZeroDivisionError), act(by=cast.planner.actor):
            capacity.confirm(cast.ward.pk, by=cast.planner.actor)
            1 / 0  # noqa: B018 (something of ours that breaks)
    assert LogCounter.objects.get().n == since + 3
    assert numbers() == list(range(1, since + 4))


def test_eight_at_once_leave_no_gaps_either(committed):
    cast, since = assemble(), LogCounter.objects.get().n

    def tell(n: int) -> None:
        try:
            for turn in range(12):
                try:
                    with act(by=cast.planner.actor):
                        record("x.told", uuid.uuid4(), by=cast.planner.actor, audience=[])
                        if (turn + n) % 3 == 0:
                            raise NotNow("never mind")
                except NotNow:
                    pass
        finally:
            connection.close()

    tellers = [threading.Thread(target=tell, args=(n,)) for n in range(8)]
    [t.start() for t in tellers]
    [t.join() for t in tellers]
    assert LogCounter.objects.get().n == since + 64
    assert numbers() == list(range(1, since + 65))


def test_a_number_follows_the_commit_not_the_beginning(committed):
    """Who began first and ended last has the higher number: a reader never has to look back."""
    cast = assemble()
    begun, other_done = threading.Event(), threading.Event()
    late: list[int] = []

    def slow() -> None:
        try:
            with act(by=cast.planner.actor):
                record("x.slow", uuid.uuid4(), by=cast.planner.actor, audience=[])
                begun.set()
                other_done.wait(10)
            late.append(LogCounter.objects.get().n)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(10)
    cast.planner.does(capacity.release, cast.ward.pk)
    quick = LogCounter.objects.get().n
    other_done.set()
    thread.join()
    assert Event.objects.get(number=quick).type == "place.released"
    assert late == [quick + 1]


def test_a_fact_is_told_to_whom_it_concerns_and_to_nobody_else(committed):
    cast = assemble()
    cast.planner.does(capacity.release, cast.ward.pk)
    assert cast.planner.hears() == ["place.released"]
    assert cast.coordinator.hears() == ["place.released"]  # steers the region
    for other in (cast.other_planner, cast.stranger, cast.huisarts, cast.nurse, cast.clock):
        assert other.hears() == []


def test_who_has_no_duty_hears_nothing_of_their_own_organisation(committed):
    cast = assemble()
    security = cast.person(cast.planner.house, "security")
    cast.planner.does(capacity.release, cast.ward.pk)
    assert security.hears() == []


def test_no_fact_carries_a_word_about_the_patient(committed):
    """The whole night's facts, as a socket or a webhook tells them."""
    cast = assemble()
    known = cast.patient()
    row = paths.offer_at(cast, "completed")
    case = paths.a_case(cast, cast.huisarts, name=known.name, bsn=known.bsn)
    facts = Event.objects.filter(number__gt=0, subject__in=[row.pk, row.request_id, case.pk])
    told = " ".join(str(f.message()) for f in facts)
    assert len(facts) > 8
    for word in (known.name, known.bsn, "U3", "val", "Heup", str(case.patient_id)):
        assert word not in told


def test_a_fact_of_the_first_stage_never_carries_the_case(committed):
    cast = assemble()
    row = paths.offer_at(cast, "assigned")
    facts = Event.objects.filter(type__startswith="offer.", subject=row.pk)
    assert {f.type for f in facts} == {"offer.sent", "offer.accepted", "offer.assigned"}
    # Nor the request: two units of one house would know that they are asked for the same person.
    assert {tuple(f.ids) for f in facts} == {("unit",)}


def test_a_reader_of_the_access_log_finds_who_why_and_through_which_door(committed):
    cast = assemble()
    with act(
        by=cast.nurse.actor, ground="emergency", door="GET /x", access_point="::1", subject="case:1"
    ):
        from lzc import access
        from lzc.models import Action

        who = uuid.uuid4()
        access.opened(Action.READ, [who])
    (row,) = AccessRecord.objects.filter(patients__contains=[who])
    assert (row.actor, row.user) == (cast.nurse.actor.pk, cast.nurse.user.pk)
    assert (row.organisation, row.role) == (cast.nurse.house.pk, "wijkverpleegkundige")
    assert (row.action, row.ground, row.door) == ("read", "emergency", "GET /x")
    assert (row.access_point, row.subject) == ("::1", "case:1")
