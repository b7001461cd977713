"""Every move × every state × everybody: what the tables say is what the verbs do, no more.

A cell is one actor who tries one move in one state. The table says what must come of it: 404 for
who may not see, 403 for who sees but may not, 409 for who may but not now; else the verb does it.
After a refusal not one row is different. A new row in a table is tested as soon as `worlds.WAYS`
says how its verb is called, and until then `test_every_row_of_every_table_has_a_verb` fails.
"""

import pytest
from django.db import connection

from lzc.errors import NotAllowed, NotNow, NotSeen, Refused
from lzc.events import act
from lzc.models import Event
from tests.coordination import worlds
from tests.coordination.worlds import Somebody, Way, World

CELLS = [
    pytest.param(way, state, id=f"{way} in {state}")
    for way in worlds.WAYS
    for state in worlds.STATES[way.table]
]


@pytest.fixture
def world(way, state, django_db_setup, django_db_blocker):
    """Committed before the test's own transaction starts, and shared by all that start from it."""
    with django_db_blocker.unblock():
        yield worlds.at(way, state)


@pytest.mark.parametrize(("way", "state"), CELLS)
def test_a_verb_does_what_its_table_says_and_nothing_else(way, state, world, db):
    way.prepare(world)
    undo = way.force(world, state) if way.forced else bool
    before = world.snapshot()
    wrong = []
    for somebody in world.everybody:
        must, came = _must(way, state, somebody), _tries(way, world, somebody, before)
        if way.forced and state not in way.move_in(state).sources:
            must, came = "refused", "refused" if came in REFUSALS else came
        if must != came:
            wrong.append(f"{somebody}: {came} instead of {must}")
    # What was done was undone by the test itself; a refusal undoes itself, or it shows here.
    after = world.snapshot()
    undo()
    assert not wrong, "\n".join(wrong)
    assert after == before


REFUSALS = {"NotSeen": NotSeen, "NotAllowed": NotAllowed, "NotNow": NotNow}


def _must(way: Way, state: str, somebody: Somebody) -> str:
    """Read from the tables alone."""
    if not way.sees(somebody, state):
        return "NotSeen"
    for move, now in way.checks(state):
        timed = somebody.house == "clock" and "clock" in move.by
        duty = move.duty is None or move.duty in somebody.actor.duties
        if not timed and not (way.sides(somebody) & move.by and duty):
            return "NotAllowed"
        if now not in move.sources:
            return "NotNow"
    move = way.move_in(state)
    return f"{move.event} → {move.target or state}"


class Done(Exception):
    """It was allowed, and done: now the act is undone, for the next one to try."""


def _tries(way: Way, world: World, somebody: Somebody, before: tuple[str, int]) -> str:
    """What came of it."""
    try:
        with act(by=somebody.actor, door="test") as this:
            way.call(world, by=somebody.actor)
            this.finish()
            assert world.snapshot()[1] == before[1] + len(this.facts)
            raise Done(f"{_event(way, world, before[1])} → {_state(way, world)}")
    except Done as done:
        return str(done)
    except Refused as refusal:
        kinds = [name for name, kind in REFUSALS.items() if isinstance(refusal, kind)]
        return kinds[0] if kinds else f"{type(refusal).__name__} {refusal.code}"


def _event(way: Way, world: World, number: int) -> str:
    table = worlds.TABLES[way.table]
    events = {table[name].event for name in (way.name, *way.instead.values())}
    told = Event.objects.filter(number__gt=number, type__in=events)
    if not way.bears:
        told = told.filter(subject__in=world.ids.values())
    return told.values_list("type", flat=True).first() or "nothing of it in the log"


def _state(way: Way, world: World) -> str:
    table = worlds.MODELS[way.table]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT state FROM {table} WHERE id = %s", [world.ids[way.table]])
        return str(cursor.fetchone()[0])


def test_every_row_of_every_table_has_a_verb():
    tested = {(way.table, way.name) for way in worlds.WAYS}
    rows = {(table, name) for table, moves in worlds.TABLES.items() for name in moves}
    steps = {("place", name) for name in worlds.STEPS | worlds.ANYWHEN}
    assert rows - tested == steps | worlds.OTHERWISE
    assert tested <= rows


def test_every_verb_makes_a_move_or_has_a_reason_not_to():
    called = {way.verb for way in worlds.WAYS}
    assert {v for v in worlds.verbs() if v not in called} == set(worlds.WITHOUT_A_MOVE)


@pytest.mark.parametrize("way", worlds.WAYS, ids=str)
def test_what_does_not_exist_is_not_found(way, committed):
    world = worlds.nowhere()
    for who in (world.cast.nurse, world.cast.clock):
        with pytest.raises(NotSeen), act(by=who.actor, door="test"):
            way.call(world, by=who.actor)
