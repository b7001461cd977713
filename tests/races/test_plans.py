"""Two coordinators apply one plan at the same moment: everybody is offered once."""

from functools import partial

import pytest

from coordination.models import Offer
from coordination.sharing import services as sharing
from tests import cast as casting
from tests import paths
from tests.cast import Cast
from tests.races import naive
from tests.races.pairs import Pair, about_when, meet, unguarded

MANY, FEW = 6, 4
PLACED = 3
ONE_OFFER_PER_UNIT = ("DROP INDEX offer_one_live_per_unit", *naive.ONE_OFFER_PER_PLACE)


def applied_twice(cast: Cast, waiting: int) -> Pair:
    """A plan for so many who wait, with more places than that, and two who apply all of it."""
    for _ in range(waiting):
        paths.a_request(cast)
        paths.a_place(cast)
        paths.a_place(cast)
    plan = cast.coordinator.does(sharing.make_plan, cast.subregion)
    whole = partial(sharing.apply_plan, plan.pk)
    return partial(cast.coordinator.does, whole), partial(cast.colleague.does, whole)


def offers(cast: Cast) -> int:
    return Offer.objects.live().filter(unit__organisation=cast.ward.organisation_id).count()


def test_a_plan_is_applied_once(committed: None) -> None:
    for n in range(MANY):
        cast = casting.assemble()
        one, other = applied_twice(cast, PLACED)
        ((won, lost),) = meet([(one, about_when(other) if n % 2 else other)])
        assert (len(won), lost) == (1, ["stale_plan"])
        assert offers(cast) == len(won[0].offers) == PLACED


def test_control_without_guards_everybody_is_offered_twice(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unguarded(monkeypatch, *ONE_OFFER_PER_UNIT, at="offer"):
        for _ in range(FEW):
            cast = casting.assemble()
            ((won, _),) = meet([naive.in_between(*applied_twice(cast, 1))])
            assert (len(won), offers(cast)) == (2, 2)
