"""What a move answers: ids, states and times.

It is kept with the idempotency key, so it says nothing about a person.
"""

from rest_framework import serializers

from coordination.api.answers import Int, SignalOut, Str, Strs, Uuid, Uuids
from lzc.api.answers import Out, When


class CaseMoved(Out):
    """How the case stands now."""

    example = {
        "id": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a01",
        "reference": "ZC-2611-0418",
        "state": "open",
        "version": 3,
        "moves": ["contact", "triage", "note", "close"],
    }
    id = Uuid()
    reference = Str()
    state = Str()
    version = Int()
    moves = Strs()


class Made(Out):
    """Written down."""

    example = {"id": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a02", "at": "2026-11-22T02:14:07.120000Z"}
    id = Uuid()
    at = When()


class TriageMade(Made):
    """Written down; and how the case stands now."""

    example = Made.example | {"number": 2, "case_state": "open"}
    number = Int()
    case_state = Str()


class HandoverMoved(Out):
    """How the handover stands now, and who owns the case."""

    example = {
        "id": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a03",
        "state": "accepted",
        "case": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a01",
        "owner": "3f0e6f3c-54a8-4d9e-8a9c-5a1fbb1f6a01",
        "moves": [],
    }
    id = Uuid()
    state = Str()
    case = Uuid(source="case_id")
    owner = Uuid(source="case.owner_id", help_text="The desk that owns the case now.")
    moves = Strs()


class PassingMoved(Out):
    """How far the claim is on its way to the next shift, and who handles the request."""

    example = {
        "id": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a06",
        "state": "accepted",
        "request": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a04",
        "handler": "3f0e6f3c-54a8-4d9e-8a9c-5a1fbb1f6a02",
        "moves": [],
    }
    id = Uuid()
    state = Str()
    request = Uuid(source="request_id")
    handler = Str(source="request.handler", help_text="Who handles the request now.")
    moves = Strs()


class RequestMoved(Out):
    """How the request stands now."""

    example = {
        "id": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a04",
        "state": "searching",
        "version": 2,
        "case": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a01",
        "moves": ["offer", "wait", "hold", "cancel"],
    }
    id = Uuid()
    state = Str()
    version = Int()
    case = Uuid(source="case_id")
    moves = Strs()


class OfferMoved(Out):
    """How the offer stands now."""

    example = {
        "id": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a05",
        "state": "accepted",
        "answer_before": "2026-11-22T02:29:07.120000Z",
        "promised_until": "2026-11-22T03:20:00Z",
        "moves": ["fail"],
    }
    id = Uuid()
    state = Str()
    answer_before = When()
    promised_until = When(allow_null=True)
    moves = Strs()


class OffersMade(OfferMoved):
    """The offer that was made; of several the first, and all of them in `offers`."""

    example = OfferMoved.example | {"offers": [OfferMoved.example]}
    offers = OfferMoved(source="told_offers", many=True)


class CascadeMoved(RequestMoved):
    """How the request stands now, and who is still to be asked."""

    example = RequestMoved.example | {
        "cascade": ["0d2f3b52-8a55-4b0e-8d0b-6f8a1f0f7a11"],
        "cascade_since": "2026-11-22T02:14:07.120000Z",
        "moves": ["offer", "stop_cascade", "book", "wait", "hold", "cancel"],
    }
    cascade = Uuids(help_text="Units that are asked next, in this order.")
    cascade_since = When(allow_null=True)


class CaseMade(Out):
    """`outcome`: registered, joined (an open case of this person) or redirected (life threat)."""

    example = {
        "id": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a01",
        "reference": "ZC-2611-0418",
        "outcome": "joined",
        "state": "open",
        "signals": [SignalOut.example],
        "request": RequestMoved.example,
        "offer": None,
    }
    id = Uuid()
    reference = Str()
    outcome = serializers.ChoiceField(["registered", "joined", "redirected"])
    state = Str()
    signals = SignalOut(many=True)
    request = RequestMoved(allow_null=True)
    offer = OfferMoved(
        allow_null=True,
        help_text="With `offer_best`: null when nobody fits now, or nothing may be sought yet.",
    )
