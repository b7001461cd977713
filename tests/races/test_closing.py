"""Somebody calls again while the case is being closed: no call ends in a closed case."""

from collections.abc import Callable
from threading import Event as Signal
from typing import Any

from django.db import connection

from coordination import casework
from lzc.events import act
from lzc.models import Event
from tests.cast import Cast
from tests.races.contest import contest
from tests.races.pairs import Pair
from triage import services as triage
from triage.models import Case
from triage.services import ContactIn, Intake, PatientIn

WAITS_FOR_US = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""


def test_a_call_waits_for_the_closing_and_then_opens_a_case(cast: Cast) -> None:
    for _ in range(5):
        who = cast.patient()
        first = _taken_in(cast, who)
        with contest(2) as held:
            again, _ = held.round(*_called_while_closing(cast, who, first.case))
        assert isinstance(again, Intake), again
        assert (again.outcome, again.case.pk == first.case.pk) == ("registered", False)
        told = Event.objects.filter(subject=first.case.pk).order_by("-number")
        assert told.values_list("type", flat=True)[0] == "case.closed"


def _taken_in(cast: Cast, who: PatientIn) -> Any:
    desk = cast.coordinator.desk
    return cast.coordinator.does(triage.register, patient=who, contact=ContactIn(), desk=desk)


def _called_while_closing(cast: Cast, who: PatientIn, case: Case) -> Pair:
    """The case is closed, but not committed, when the call comes in."""
    closed, taken_in = Signal(), Signal()

    def calls() -> Any:
        closed.wait()
        try:
            return _taken_in(cast, who)
        finally:
            taken_in.set()

    def closes() -> None:
        by = cast.colleague.actor
        with act(by=by, door="test"):
            casework.close_case(case.pk, reason="care_started", by=by)
            closed.set()
            _until_somebody_waits(taken_in.is_set)

    return calls, closes


def _until_somebody_waits(or_else: Callable[[], bool]) -> None:
    while not or_else():
        with connection.cursor() as cursor:
            cursor.execute(WAITS_FOR_US)
            if cursor.fetchone()[0]:
                return
