"""The one place that reads the tables. A small table of our own, so that it can be seen whole."""

import pytest

from lzc.errors import NotAllowed, NotNow
from lzc.moves import check, diagram, move, open_to
from lzc.rights import DUTIES, Duty, Role

TABLE = {
    "fill": move({"guest"}, Duty.ANSWER, {"empty"}, "full", "cup.filled"),
    "look": move({"guest", "host"}, None, {"empty", "full"}, None, "cup.seen"),
    "cool": move({"clock"}, None, {"full"}, "cold", "cup.cooled"),
}


def tried(name, state="empty", sides=(), duties=()):
    return check(TABLE, name, state=state, sides=set(sides), duties=set(duties))


def test_who_may_and_can_gets_the_move():
    assert tried("fill", sides={"guest"}, duties={Duty.ANSWER}) is TABLE["fill"]


@pytest.mark.parametrize(
    ("sides", "duties"), [((), {Duty.ANSWER}), ({"host"}, {Duty.ANSWER}), ({"guest"}, {Duty.DESK})]
)
def test_the_wrong_side_or_the_wrong_work_is_not_allowed(sides, duties):
    with pytest.raises(NotAllowed) as refusal:
        tried("fill", sides=sides, duties=duties)
    assert refusal.value.code == "not_yours"


def test_who_may_not_is_not_told_in_what_state_it_is():
    with pytest.raises(NotAllowed):
        tried("fill", state="full", sides={"host"}, duties={Duty.ANSWER})


def test_who_may_but_cannot_now_is_told_so():
    with pytest.raises(NotNow) as refusal:
        tried("fill", state="full", sides={"guest"}, duties={Duty.ANSWER})
    assert refusal.value.holes["state"] == "full"


def test_the_clock_needs_no_duty_and_nobody_else_is_the_clock():
    assert tried("cool", state="full", sides={"clock"}) is TABLE["cool"]
    with pytest.raises(NotAllowed):
        tried("cool", state="full", sides={"guest"}, duties=set(Duty))
    with pytest.raises(NotAllowed):
        tried("look", sides={"clock"})


def test_a_move_without_a_duty_is_for_all_on_that_side():
    assert tried("look", sides={"host"}) is TABLE["look"]


def test_the_buttons_are_the_moves_that_check_would_allow():
    for state in ("empty", "full", "cold"):
        for sides in (set(), {"guest"}, {"host"}, {"guest", "host"}):
            for duties in (set(), {Duty.ANSWER}, {Duty.DESK}):
                shown = open_to(TABLE, state=state, sides=sides, duties=duties)
                assert shown == [n for n in TABLE if _allowed(n, state, sides, duties)]


def _allowed(name, state, sides, duties):
    try:
        return bool(tried(name, state, sides, duties))
    except (NotAllowed, NotNow):
        return False


def test_the_diagram_shows_every_arrow_and_where_it_begins():
    drawn = diagram(TABLE, {"pour": "empty"}).splitlines()
    assert drawn[0] == "stateDiagram-v2"
    assert {line.strip() for line in drawn[1:]} == {
        "[*] --> empty: pour",
        "empty --> full: fill",
        "empty --> empty: look",
        "full --> full: look",
        "full --> cold: cool",
    }


def test_every_role_has_its_duties_and_two_have_none():
    assert set(DUTIES) == set(Role)
    assert {role for role, duties in DUTIES.items() if not duties} == {Role.ADVISER, Role.SECURITY}
