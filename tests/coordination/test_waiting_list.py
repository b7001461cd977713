"""How the waiting list reads the log: each change has its effect once, whoever breaks off."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity import services as capacity
from coordination import services
from coordination.models import LogReader
from coordination.sharing import waiting
from coordination.sharing.watching import GAINS, OTHERS, newest_of_each
from coordination.states import REQUEST_MOVES, Side
from lzc.events import head
from lzc.models import Event
from tests import paths
from tests.cast import Cast, assemble
from triage.models import Case


@pytest.fixture
def cast(committed: None) -> Cast:
    return assemble()


FOUND = "care_request.place_found"
kinds = st.sampled_from(sorted(GAINS | OTHERS))
units = st.integers(0, 3).map(lambda n: UUID(int=n))
logs = st.lists(st.tuples(units, kinds), max_size=12).map(
    lambda facts: [(n, unit, kind) for n, (unit, kind) in enumerate(facts, start=1)]
)


@given(logs)
def test_changes_of_one_unit_are_one_at_its_newest_fact_in_the_order_of_the_log(log):
    found = newest_of_each(log)
    assert [change.number for change in found] == sorted(change.number for change in found)
    assert {change.subject for change in found} == {unit for _n, unit, _kind in log}
    for change in found:
        mine = [(n, kind) for n, unit, kind in log if unit == change.subject]
        assert change.number == max(n for n, _kind in mine)
        assert change.gained == any(kind in GAINS for _n, kind in mine)


def waiting_beside_a_place(cast: Cast) -> tuple[UUID, int]:
    """Somebody waits, and a place comes free: the request, and the number of that fact."""
    made = paths.request_at(cast, "waiting")
    LogReader.objects.update_or_create(pk=waiting.READER, defaults={"cursor": head()})
    cast.planner.does(capacity.release, cast.ward.pk)
    return made.pk, head()


def told(request: UUID) -> int:
    return Event.objects.filter(type=FOUND, subject=request).count()


def test_the_same_fact_is_told_of_once_however_often_it_is_read(cast: Cast) -> None:
    request, number = waiting_beside_a_place(cast)
    for _ in range(3):
        cast.clock.does(waiting.rematch, cast.ward.pk, upto=number, gained=True)
    assert told(request) == 1
    assert LogReader.objects.get(pk=waiting.READER).cursor == number


def test_who_found_another_way_in_the_meantime_is_told_nothing(cast: Cast) -> None:
    request, number = waiting_beside_a_place(cast)
    cast.huisarts.does(services.cancel, request, reason="hospital")
    cast.clock.does(waiting.rematch, cast.ward.pk, upto=number, gained=True)
    assert told(request) == 0


@pytest.mark.parametrize("state", ["open", "redirected"])
def test_of_who_is_with_112_no_place_is_told_whatever_is_asked_anew(cast: Cast, state: str) -> None:
    request, number = waiting_beside_a_place(cast)
    Case.objects.filter(requests=request).update(state=state)
    cast.clock.does(waiting.rematch_request, request, upto=number)
    assert told(request) == (state == "open")


def test_whom_it_cannot_tell_of_keeps_nobody_else_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, number = waiting_beside_a_place(cast)
    sound = paths.request_at(cast, "waiting").pk
    recorded, tried = waiting.record, []

    def breaks(kind: str, subject: UUID, **more: Any) -> None:
        if subject == broken:
            tried.append(subject)
            raise ZeroDivisionError
        recorded(kind, subject, **more)

    with monkeypatch.context() as patched:
        patched.setattr(waiting, "record", breaks)
        assert cast.clock.does(waiting.rematch, cast.ward.pk, upto=number, gained=True) == 1
    assert (len(tried), told(sound), told(broken)) == (2, 1, 0)
    assert f"request {broken} could not be told" in caplog.text
    # Of the next change it hears.
    cast.clock.does(waiting.rematch, cast.ward.pk, upto=number + 1, gained=False)
    assert (told(sound), told(broken)) == (1, 1)


def test_only_the_clock_tells_that_a_place_was_found() -> None:
    assert REQUEST_MOVES["find_place"].by == {Side.CLOCK}
    assert GAINS.isdisjoint(OTHERS)
