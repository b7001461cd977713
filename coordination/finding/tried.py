"""Who was asked for a request already."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from coordination.models import CareRequest, Offer
from coordination.refusals import still_refused
from coordination.states import HOLDING, OfferState

REFUSED = (OfferState.DECLINED, OfferState.FAILED)
ASKED = ("unit_id", "state", "reason", "free_from")


class Tried:
    """Who holds an offer of this request, and who said no to it."""

    def __init__(self, made: CareRequest) -> None:
        self._sort(Offer.objects.filter(request=made).values_list(*ASKED), timezone.now())

    @classmethod
    def of(cls, rows: Iterable[Any], now: datetime) -> "Tried":
        """From rows that were read with the request."""
        tried = cls.__new__(cls)
        tried._sort(rows, now)
        return tried

    def _sort(self, rows: Iterable[Any], now: datetime) -> None:
        self.live: set[UUID] = set()
        self.refused: set[UUID] = set()
        for unit, state, reason, free_from in rows:
            if state in HOLDING:
                self.live.add(unit)
            if state in REFUSED and still_refused(reason, free_from, now):
                self.refused.add(unit)
