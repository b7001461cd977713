"""Who looked has looked: what an act wrote of it outlives the act, however that ends."""

import uuid

import pytest
from django.db import OperationalError, connection

from lzc import access
from lzc.errors import NotNow
from lzc.events import act
from lzc.models import AccessRecord, Action
from tests.cast import assemble


def written(patient: uuid.UUID) -> list[str]:
    rows = AccessRecord.objects.filter(patients__contains=[patient]).order_by("at")
    return list(rows.values_list("action", flat=True))


def refusals(by) -> list[str]:
    rows = AccessRecord.objects.filter(actor=by.pk, action=Action.REFUSED)
    return list(rows.values_list("detail", flat=True))


def test_who_was_looked_at_in_an_act_that_was_refused(committed):
    by, patient = assemble().coordinator.actor, uuid.uuid4()
    with pytest.raises(NotNow), act(by=by):
        access.opened(Action.SEARCH, [patient], terms=["Pietersen"])
        access.opened(Action.UPDATE, [patient])
        raise NotNow("Too late.", code="too_late")
    assert written(patient) == ["search", "update"]
    assert refusals(by) == ["too_late"]


@pytest.mark.parametrize("crash", [ZeroDivisionError, KeyboardInterrupt])
def test_who_was_looked_at_in_an_act_that_broke(crash, committed):
    by, patient = assemble().coordinator.actor, uuid.uuid4()
    with pytest.raises(crash), act(by=by):
        access.opened(Action.READ, [patient])
        raise crash
    assert written(patient) == ["read"]
    assert refusals(by) == []


def test_also_when_it_was_the_database_that_broke_the_act(committed):
    by, patient = assemble().coordinator.actor, uuid.uuid4()
    with pytest.raises(OperationalError), act(by=by), connection.cursor() as cursor:
        access.opened(Action.READ, [patient])
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(10)")
    assert written(patient) == ["read"]


def test_when_it_cannot_be_written_the_first_trouble_is_told_and_the_second_logged(
    committed, monkeypatch, caplog
):
    by, patient = assemble().coordinator.actor, uuid.uuid4()
    with pytest.raises(ZeroDivisionError), act(by=by):
        access.opened(Action.READ, [patient])

        def gone(_rows):
            raise OperationalError("the server is away")

        monkeypatch.setattr(AccessRecord.objects, "bulk_create", gone)
        raise ZeroDivisionError
    assert "1 access records were lost with their act" in caplog.text
    assert str(patient) not in caplog.text


@pytest.mark.parametrize("how", [NotNow("Too late.", code="too_late"), ZeroDivisionError()])
def test_it_stays_written_when_they_were_looked_at_and_not_when_the_act_ended(how, committed):
    by, patients = assemble().coordinator.actor, [uuid.uuid4(), uuid.uuid4()]
    with pytest.raises(type(how)), act(by=by):
        for patient in patients:
            access.opened(Action.READ, [patient])
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (ended,) = cursor.fetchone()
        raise how
    rows = AccessRecord.objects.filter(actor=by.pk).order_by("at")
    looks = [row for row in rows if row.action == Action.READ]
    assert [row.patients for row in looks] == [[patient] for patient in patients]
    assert looks[0].at < looks[1].at < ended
    assert all(row.at > ended for row in rows if row.action == Action.REFUSED)


def test_an_act_that_is_done_writes_it_once(committed):
    by, patient = assemble().coordinator.actor, uuid.uuid4()
    with act(by=by):
        access.opened(Action.READ, [patient])
    assert written(patient) == ["read"]
