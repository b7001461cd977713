"""A provider promises a place in the very moment in which the time to answer runs out."""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import connection

from capacity.states import PlaceState
from coordination import services
from coordination.models import Offer
from coordination.states import OfferState
from lzc.errors import NotNow
from lzc.models import Event
from tests import cast as casting
from tests.cast import Cast
from tests.races import crowd, naive
from tests.races.contest import contest, won
from tests.races.pairs import Pair, meet, unguarded

MANY = [200, pytest.param(2000, marks=[pytest.mark.long, pytest.mark.timeout(3600)])]
FEW = 10
SPREAD = 0.005
#: The aim is corrected after each round, so that either side wins about as often.
CORRECTION = 0.0005
SOON = """
UPDATE coordination_offer SET answer_before = clock_timestamp() + %s * interval '1 second'
WHERE id = %s
"""


@dataclass
class Duel:
    """One offer. `aim`: so long after the deadline the provider answers, give or take `spread`."""

    cast: Cast
    offer_id: UUID
    aim: float
    spread: float = SPREAD
    deadline: float = 0.0

    def set_deadline(self) -> None:
        ahead = 2 * self.spread + max(0.0, -self.aim)
        with connection.cursor() as cursor:
            cursor.execute(SOON, [ahead, self.offer_id])
        self.deadline = time.monotonic() + ahead

    def answers(self) -> Offer:
        self._wait(self.aim)
        return self.cast.planner.does(services.accept, self.offer_id)

    def expires(self) -> Offer:
        """The clock tries until it is decided, as the sweeps do."""
        self._wait(0.0)
        while True:
            try:
                return self.cast.clock.does(services.expire, self.offer_id)
            except NotNow as refusal:
                if refusal.code != "answered":
                    raise

    def _wait(self, aim: float) -> None:
        at = self.deadline + aim + random.uniform(-self.spread, self.spread)
        time.sleep(max(0.0, at - time.monotonic()))


def outcomes(offer_id: UUID) -> list[str]:
    """What the log says was decided."""
    decided = Event.objects.filter(subject=offer_id, type__in=["offer.accepted", "offer.expired"])
    return list(decided.values_list("type", flat=True))


@pytest.mark.parametrize("count", MANY)
def test_an_answer_at_the_deadline_has_one_outcome(
    cast: Cast, count: int, tell: Callable[[object], None]
) -> None:
    decided: Counter[str] = Counter()
    aim = -SPREAD
    with contest(2) as held:
        for (offer,) in crowd.offers(cast, count):
            duel = Duel(cast, offer.pk, aim)
            duel.set_deadline()
            (outcome,) = won(held.round(duel.answers, duel.expires))
            assert outcomes(offer.pk) == [f"offer.{outcome.state}"]
            assert_place_agrees(offer)
            decided[str(outcome.state)] += 1
            aim += CORRECTION if outcome.state == OfferState.ACCEPTED else -CORRECTION
    tell(f"{count} deadlines ± {SPREAD * 1000:.0f} ms: {dict(decided)}, 0 with two outcomes")
    assert decided[OfferState.ACCEPTED] and decided[OfferState.EXPIRED], "this was no race"


def assert_place_agrees(offer: Offer) -> None:
    place = crowd.place_of(offer.pk)
    state = Offer.objects.values_list("state", flat=True).get(pk=offer.pk)
    if state == OfferState.ACCEPTED:
        assert (place.state, place.held_by) == (PlaceState.HELD, offer.pk)
    else:
        assert (state, place.state, place.held_by) == ("expired", PlaceState.FREE, None)


def test_control_without_lock_and_guard_both_happen(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider looks in time, the deadline passes, the clock acts, the provider writes."""
    with unguarded(monkeypatch, *naive.ONE_OFFER_PER_PLACE):
        cast = casting.assemble()
        offers = [offer for (offer,) in crowd.offers(cast, FEW)]
        list(meet(_in_between(cast, offer) for offer in offers))
        decided = [sorted(outcomes(offer.pk)) for offer in offers]
    assert decided == [["offer.accepted", "offer.expired"]] * FEW


def _in_between(cast: Cast, offer: Offer) -> Pair:
    duel = Duel(cast, offer.pk, aim=0.0, spread=0.0)

    def passes_and_expires() -> Offer:
        duel.set_deadline()
        return duel.expires()

    return naive.in_between(duel.answers, passes_and_expires)
