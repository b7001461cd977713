"""The desk takes back, or chooses, what the provider answers at the same moment."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from capacity.states import PlaceState
from coordination import services
from coordination.models import CareRequest, Offer
from coordination.states import CHOSEN, HOLDING, OfferState, RequestState
from tests import cast as casting
from tests.cast import Cast
from tests.paths import LETTER
from tests.races import crowd, naive
from tests.races.pairs import Pair, about_when, meet, unguarded

MANY, FEW = 30, 8
Versus = Callable[[Cast, Offer], Pair]


def cancelled(cast: Cast, offer: Offer) -> Pair:
    return (
        partial(cast.planner.does, services.accept, offer.pk),
        partial(cast.huisarts.does, services.cancel, offer.request_id, reason="changed"),
    )


def taken_back(cast: Cast, offer: Offer) -> Pair:
    return (
        partial(cast.planner.does, services.accept, offer.pk),
        partial(cast.coordinator.does, services.withdraw, offer.pk),
    )


def both_assigned(cast: Cast, offers: list[Offer]) -> Pair:
    first, second = offers
    assign = services.assign
    return (
        partial(cast.coordinator.does, assign, first.pk, sbar=LETTER),
        partial(cast.colleague.does, assign, second.pk, sbar=LETTER),
    )


def is_gone(offer: Offer) -> bool:
    """Taken back for good, its place free again."""
    state = Offer.objects.values_list("state", flat=True).get(pk=offer.pk)
    place = crowd.place_of(offer.pk)
    return (state, place.state, place.held_by) == (OfferState.WITHDRAWN, PlaceState.FREE, None)


@pytest.mark.parametrize("versus", [cancelled, taken_back])
def test_what_the_desk_takes_back_stays_taken_back(
    cast: Cast, versus: Versus, tell: Callable[[object], None]
) -> None:
    offers = [offer for (offer,) in crowd.offers(cast, MANY)]
    told: Counter[str] = Counter()
    met = meet((about_when(a), b) for a, b in (versus(cast, offer) for offer in offers))
    for offer, (_, lost) in zip(offers, met, strict=True):
        assert lost in ([], ["cancelled" if versus is cancelled else "taken_back"])
        assert is_gone(offer)
        told.update(lost or ["promised first"])
    tell(f"{MANY} offers {versus.__name__} while they are accepted: {dict(told)}")


@pytest.mark.parametrize("versus", [cancelled, taken_back])
def test_control_without_locks_it_comes_back(
    committed: None, versus: Versus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider looks first and writes last: promised, and nobody waits for it."""
    with unguarded(monkeypatch, *naive.ONE_OFFER_PER_PLACE):
        cast = casting.assemble()
        offers = [offer for (offer,) in crowd.offers(cast, FEW)]
        list(meet(naive.in_between(*versus(cast, offer)) for offer in offers))
        assert not any(is_gone(offer) for offer in offers)


def test_of_two_promised_places_one_is_assigned(cast: Cast) -> None:
    promised = crowd.offers(cast, MANY, each=2, state=OfferState.ACCEPTED)
    met = meet(both_assigned(cast, offers) for offers in promised)
    for offers, (won, lost) in zip(promised, met, strict=True):
        assert ([row.state for row in won], lost) == (["assigned"], ["wrong_state"])
        (chosen,) = won
        (other,) = (offer for offer in offers if offer.pk != chosen.pk)
        assert is_gone(other)
        assert crowd.place_of(chosen.pk).held_by == chosen.pk
        assert CareRequest.objects.get(pk=chosen.request_id).state == RequestState.ASSIGNED
    asked = [offers[0].request_id for offers in promised]
    live = Offer.objects.filter(request__in=asked)
    assert live.filter(state__in=CHOSEN).count() == live.filter(state__in=HOLDING).count() == MANY


def test_control_without_locks_both_are_told_that_they_are_chosen(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unguarded(monkeypatch, *naive.ONE_ASSIGNED):
        cast = casting.assemble()
        promised = crowd.offers(cast, FEW, each=2, state=OfferState.ACCEPTED)
        met = meet(naive.in_between(*both_assigned(cast, offers)) for offers in promised)
        assert [len(won) for won, _ in met] == [2] * FEW
