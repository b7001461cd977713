"""Rounds of eight requests, each offered the one free place of the same ward."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Count

from capacity.models import CareUnit, Place
from capacity.states import PlaceState
from coordination import services
from coordination.models import CareRequest, Offer
from tests.cast import Cast
from tests.races import crowd
from tests.races.contest import Contest, Tally, contest, lost, won

EIGHT = 8
#: Offers this request to this ward: a contender's whole attempt.
Make = Callable[[int, CareRequest, CareUnit], Any]


def by_verb(cast: Cast) -> Make:
    def make(_contender: int, request: CareRequest, ward: CareUnit) -> Offer:
        return cast.coordinator.does(services.offer, request.pk, unit_id=ward.pk)

    return make


def rounds(cast: Cast, count: int, make: Make) -> Tally:
    """So many rounds, each about a fresh last place, each with eight requests of its own."""
    asked = iter(crowd.requests(cast, count * EIGHT))
    wards = crowd.last_places(cast, count)
    tally = Tally()
    with contest(EIGHT) as held:
        for ward in wards:
            began = time.monotonic()
            outcomes = _round(held, make, [next(asked) for _ in range(EIGHT)], ward)
            tally.count(len(won(outcomes)), lost(outcomes), began=began)
    given = live_offers(wards)
    tally.oversold = sum(offers - 1 for offers in given.values())
    tally.broken = sum(offers > 1 for offers in given.values())
    return tally


def _round(held: Contest, make: Make, asked: list[CareRequest], ward: CareUnit) -> list[Any]:
    return held.round(*[partial(make, n, request, ward) for n, request in enumerate(asked)])


def live_offers(wards: list[CareUnit]) -> dict[UUID, int]:
    """How many were promised the one place of each ward, as far as any was."""
    live = Offer.objects.live().filter(unit__in=wards).values("unit")
    return {row["unit"]: row["offers"] for row in live.annotate(offers=Count("pk")).order_by()}


def free_places(wards_of: Cast) -> int:
    house = wards_of.planner.house.pk
    return Place.objects.filter(unit__organisation=house, state=PlaceState.FREE).count()
