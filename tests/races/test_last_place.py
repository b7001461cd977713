"""One place is left, and eight coordinators offer it at the same moment."""

from collections.abc import Callable

import pytest

from capacity import services as capacity
from tests import cast as casting
from tests.cast import Cast
from tests.races import naive
from tests.races.last_places import EIGHT, by_verb, free_places, rounds

MANY = [150, pytest.param(1250, marks=[pytest.mark.long, pytest.mark.timeout(3600)])]
FEW = 8


@pytest.mark.parametrize("count", MANY)
def test_a_last_place_is_given_once(cast: Cast, count: int, tell: Callable[[object], None]) -> None:
    """A deadlock would come out of its round as an error: there is none."""
    tally = rounds(cast, count, by_verb(cast))
    tell(tally)
    assert tally.oversold == 0
    assert tally.winners == count
    assert tally.losers == {"no_place": count * (EIGHT - 1)}
    assert free_places(cast) == 0


def test_the_index_alone_keeps_a_place_from_being_given_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capacity, "hold", naive.hold)
    tally = rounds(cast, FEW, by_verb(cast))
    assert (tally.oversold, tally.winners) == (0, FEW)
    assert tally.losers["conflict"] > 0


def test_the_guarded_statement_alone_does_so_too(committed: None) -> None:
    with naive.without(*naive.ONE_OFFER_PER_PLACE):
        cast = casting.assemble()
        tally = rounds(cast, FEW, by_verb(cast))
    assert (tally.oversold, tally.winners) == (0, FEW)


def test_control_without_either_places_are_given_twice(
    committed: None, monkeypatch: pytest.MonkeyPatch, tell: Callable[[object], None]
) -> None:
    monkeypatch.setattr(capacity, "hold", naive.hold)
    with naive.without(*naive.ONE_OFFER_PER_PLACE):
        cast = casting.assemble()
        tally = rounds(cast, FEW, by_verb(cast))
    tell(tally)
    assert tally.broken >= FEW / 2
