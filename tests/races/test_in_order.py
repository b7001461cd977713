"""Two say no at once to a request that is asked in an order, and the next one is asked once."""

from collections.abc import Callable
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db.models import QuerySet

from capacity import services as capacity
from capacity.models import CareUnit
from coordination import services
from coordination.models import CareRequest, Offer
from coordination.offering import in_order
from tests import cast as casting
from tests.cast import Cast
from tests.paths import LETTER, let_the_deadline_pass
from tests.races import crowd, naive
from tests.races.contest import contest, lost, won
from tests.races.pairs import Pair, meet

MANY, FEW = 30, 6
REASON = "too_heavy"


def ordered(cast: Cast, count: int) -> list[list[Offer]]:
    """So many requests, each asked of two wards, and two more to come in that order."""
    asked = crowd.offers(cast, count, each=2)
    wards = iter(crowd.last_places(cast, 2 * count))
    for first, _ in asked:
        order = [next(wards).pk, next(wards).pk]
        cast.coordinator.does(services.cascade, first.request_id, unit_ids=order)
    return asked


def both_refuse(cast: Cast, offers: list[Offer]) -> Pair:
    first, second = (
        partial(cast.planner.does, services.decline, row.pk, reason=REASON) for row in offers
    )
    return first, second


def asked_next(offers: list[Offer]) -> int:
    """How many got the question after these."""
    rest = Offer.objects.filter(request=offers[0].request_id)
    return rest.exclude(pk__in=[row.pk for row in offers]).count()


def test_of_two_refusals_at_once_one_asks_the_next(
    cast: Cast, tell: Callable[[object], None]
) -> None:
    rounds = ordered(cast, MANY)
    list(meet(both_refuse(cast, offers) for offers in rounds))
    tell(f"{MANY} × two refusals at once: each asked one more")
    assert [asked_next(offers) for offers in rounds] == [1] * MANY
    left = CareRequest.objects.filter(pk__in=[offers[0].request_id for offers in rounds])
    assert {len(made.cascade) for made in left} == {1}


def test_control_without_locks_nobody_is_asked(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has said no, and still sees the other's question open."""
    follow, both = in_order.follow, Barrier(2)

    def follow_together(*args: Any) -> bool:
        both.wait()
        try:
            return follow(*args)
        finally:
            both.wait()

    cast = casting.assemble()
    rounds = ordered(cast, FEW)
    monkeypatch.setattr(QuerySet, "select_for_update", naive.unlocked)
    monkeypatch.setattr(in_order, "follow", follow_together)
    list(meet(both_refuse(cast, offers) for offers in rounds))
    assert [asked_next(offers) for offers in rounds] == [0] * FEW


def left_behind(cast: Cast, count: int) -> list[list[Offer]]:
    """Both let it pass: nobody has the question, and two clocks see it."""
    rounds = ordered(cast, count)
    for offers in rounds:
        for row in offers:
            let_the_deadline_pass(row)
            cast.clock.does(services.expire, row.pk)
    return rounds


def test_of_two_clocks_at_once_one_asks_the_next(cast: Cast) -> None:
    rounds = left_behind(cast, MANY)
    go_on = [partial(cast.clock.does, services.go_on, row[0].request_id) for row in rounds]
    for _, refused in meet((one, one) for one in go_on):
        assert refused == ["not_waiting"]
    assert [asked_next(offers) for offers in rounds] == [1] * MANY


def last_place_for_two(cast: Cast, count: int) -> list[tuple[CareUnit, list[CareRequest]]]:
    wards, asked = crowd.last_places(cast, count), iter(crowd.requests(cast, 2 * count))
    CareUnit.objects.filter(pk__in=[ward.pk for ward in wards]).update(direct_booking=True)
    return [(ward, [next(asked), next(asked)]) for ward in wards]


def booked_and_offered(cast: Cast, ward: CareUnit, asked: list[CareRequest]) -> Pair:
    book = partial(services.book, unit_id=ward.pk, sbar=LETTER)
    return (
        lambda: cast.coordinator.does(book, asked[0].pk),
        lambda: cast.colleague.does(services.offer, asked[1].pk, unit_id=ward.pk),
    )


def test_a_last_place_is_booked_or_offered_and_never_both(
    cast: Cast, tell: Callable[[object], None]
) -> None:
    rounds, booked = last_place_for_two(cast, MANY), 0
    with contest(2) as held:
        for ward, asked in rounds:
            came = held.round(*booked_and_offered(cast, ward, asked))
            (row,) = won(came)
            assert lost(came) == ["no_place"]
            booked += row.state == "assigned"
    tell(f"{MANY} last places booked and offered at once: {booked} booked, {MANY - booked} offered")
    live = Offer.objects.live().filter(unit__in=[ward.pk for ward, _ in rounds])
    assert live.count() == MANY


def test_control_without_guards_it_is_both(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_looked = Barrier(2, timeout=60).wait
    monkeypatch.setattr(capacity, "hold", partial(naive.hold, others_look=both_looked))
    with naive.without(*naive.ONE_OFFER_PER_PLACE):
        cast = casting.assemble()
        with contest(2) as held:
            for ward, asked in last_place_for_two(cast, FEW):
                assert len(won(held.round(*booked_and_offered(cast, ward, asked)))) == 2
