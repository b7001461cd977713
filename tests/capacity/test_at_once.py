"""Two at one unit at the same instant: neither is told something that is not so."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections

from capacity import services as capacity
from capacity.models import CareUnit, Place
from coordination import services
from lzc.errors import NotNow
from lzc.events import act
from tests import paths
from tests.cast import Cast, Person, assemble

PATIENCE = 20


@pytest.fixture
def cast(committed: None) -> Cast:
    return assemble()


@contextmanager
def halfway(
    who: Person, does: Callable[..., Any], *args: Any, undone: bool = False, **kwargs: Any
) -> Iterator[threading.Event]:
    """Somebody else is in the middle of this: done, and not committed yet. Setting the event lets
    them end; they do at the end of the block too. `undone`: they roll back."""
    did, may_end = threading.Event(), threading.Event()
    wrong: list[BaseException] = []

    def run() -> None:
        try:
            with act(by=who.actor, door="test"):
                does(*args, by=who.actor, **kwargs)
                did.set()
                may_end.wait(PATIENCE)
                if undone:
                    raise NotNow("Undone.", code="undone")
        except NotNow as refusal:
            if refusal.code != "undone":
                wrong.append(refusal)
        finally:
            did.set()
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert did.wait(PATIENCE)
        yield may_end
    finally:
        may_end.set()
        thread.join(PATIENCE)
    assert not wrong and not thread.is_alive()


def locks_places(unit_id: Any, *, by: Any) -> None:
    """A confirmation as it was: it touched every free place."""
    capacity.confirm(unit_id, by=by)
    Place.objects.filter(unit=unit_id, state="free").update(confirmed_by=by.pk)


def offered(cast: Cast) -> str:
    made = paths.a_request(cast)
    try:
        cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)
    except NotNow as refusal:
        return refusal.code
    return "offered"


@pytest.mark.parametrize(
    ("confirm", "came"),
    [
        pytest.param(capacity.confirm, "offered", id="as it is"),
        pytest.param(locks_places, "no_place", id="control: with the places locked"),
    ],
)
def test_an_offer_during_a_confirmation_gets_its_place(confirm: Any, came: str, cast: Cast) -> None:
    paths.a_place(cast)
    with halfway(cast.planner, confirm, cast.ward.pk):
        assert offered(cast) == came


def take(unit_id: Any, *, by: Any) -> None:
    """An offer takes the plainest, newest place; here the order is turned: the oldest."""
    Place.objects.filter(unit=unit_id).exclude(pk=newest(unit_id)).update(
        state="occupied", occupied_by=by.pk
    )


def newest(unit_id: Any) -> Any:
    return Place.objects.filter(unit=unit_id).latest("observed_at").pk


def test_the_free_place_beside_one_that_is_just_taken_is_withdrawn(cast: Cast) -> None:
    """And at once: the other one may take a while yet."""
    paths.a_place(cast)
    paths.a_place(cast)
    with halfway(cast.coordinator, take, cast.ward.pk):
        assert cast.planner.does(capacity.withdraw, cast.ward.pk) == 1
    states = Place.objects.filter(unit=cast.ward).values_list("state", flat=True)
    assert sorted(states) == ["occupied", "withdrawn"]


def test_a_place_that_was_left_after_all_is_withdrawn(cast: Cast) -> None:
    """Who wanted it changed their mind: the planner waits for that, and is not told "none"."""
    place = paths.a_place(cast)
    with halfway(cast.coordinator, hold_row, place.pk, undone=True) as may_end:
        timer = threading.Timer(0.3, may_end.set)
        timer.start()
        assert cast.planner.does(capacity.withdraw, cast.ward.pk) == 1
        timer.join()
    assert Place.objects.get(pk=place.pk).state == "withdrawn"


def hold_row(place_id: Any, *, by: Any) -> None:
    Place.objects.filter(pk=place_id).update(state="occupied")


def test_two_lists_that_cross_do_not_wait_for_each_other_for_ever(cast: Cast) -> None:
    """Units are locked in one order, whatever the order of the lines."""
    from capacity import bulk

    more = cast.unit(cast.planner.house, "elv_hoog", "De Linde hoog")
    units = sorted([cast.ward.pk, more.pk], key=str)
    seen: list[Any] = []
    with connection.execute_wrapper(
        lambda run, sql, params, many, context: (
            seen.append(params) if "FOR NO KEY UPDATE" in sql and "careunit" in sql else None,
            run(sql, params, many, context),
        )[1]
    ):
        lines = [
            bulk.Line(n, "", {"unit_id": unit, "free": 1}) for n, unit in enumerate(units[::-1])
        ]
        cast.planner.does(bulk.report_all, lines, source="api")
    order = [pk for params in seen for pk in units if pk in params]
    assert order == sorted(order, key=str) and set(order) == set(units)
    assert CareUnit.objects.with_counts().filter(pk__in=units, free=1).count() == 2
