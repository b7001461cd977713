"""From question to care: the request, the offers made for it, the handover of its case."""

from coordination.models.handovers import Handover, Note
from coordination.models.notices import Notice
from coordination.models.offers import ANSWERED, Offer, OfferQuerySet, Silence
from coordination.models.plans import LogReader, Plan
from coordination.models.requests import LEGAL, CareRequest, kind_of, values
from coordination.models.shifts import Passing, Shift

__all__ = [
    "ANSWERED",
    "LEGAL",
    "CareRequest",
    "Handover",
    "LogReader",
    "Note",
    "Notice",
    "Offer",
    "OfferQuerySet",
    "Passing",
    "Plan",
    "Shift",
    "Silence",
    "kind_of",
    "values",
]
