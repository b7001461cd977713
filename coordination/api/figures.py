"""How a provider answered, in figures: the same as its page `mijn cijfers` shows."""

from typing import Any

from rest_framework import serializers

from coordination.api.answers import Int, Str, Uuid
from coordination.offering import figures as counted
from lzc.api.answers import Out
from lzc.api.endpoints import endpoint
from lzc.models import Actor

Float = serializers.FloatField


class ReasonOut(Out):
    """One reason to say no."""

    reason = Str()
    count = Int()


class FiguresOut(Out):
    """One unit of yours over the last thirty days. Counts and times; no word about a patient."""

    example = {
        "unit": "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a20",
        "name": "De Linde ELV",
        "asked": 12,
        "promised": 7,
        "declined": 4,
        "unanswered": 1,
        "failed": 0,
        "median_seconds": 212.0,
        "slow_seconds": 840.0,
        "reasons": [{"reason": "no_staff", "count": 3}, {"reason": "too_heavy", "count": 1}],
        "beds": 12,
        "occupied": 9,
        "admitted": 6,
        "bed_days": 74.5,
        "occupancy": 0.21,
        "silences": 1,
        "silent_hours": 5.5,
        "silent_now": False,
    }
    unit = Uuid(source="unit.pk")
    name = Str(source="unit.name")
    asked = Int()
    promised = Int()
    declined = Int()
    unanswered = Int(help_text="Nobody said a word before the clock ran out.")
    failed = Int(help_text="Promises that could not be kept.")
    median_seconds = Float(allow_null=True, help_text="Half of the answers came within this.")
    slow_seconds = Float(allow_null=True, help_text="Nine of ten answers came within this.")
    reasons = ReasonOut(many=True, source="told_reasons", help_text="The most frequent first.")
    beds = Int(source="unit.beds")
    occupied = Int(source="unit.occupied", help_text="Now, of the places in LZC.")
    admitted = Int(help_text="Patients who came by an offer within these days.")
    bed_days = Float(help_text="Days that patients who came by an offer were there.")
    occupancy = Float(allow_null=True, help_text="Those days as a part of all; a team: null.")
    silences = Int(help_text="How often the desks were told that it did not answer.")
    silent_hours = Float()
    silent_now = serializers.BooleanField()


class AllFiguresOut(Out):
    """All units of your organisation: there are never many."""

    days = Int(help_text="Over how many days, up to now.")
    results = FiguresOut(many=True)


@endpoint(gives=AllFiguresOut)
def figures(*, by: Actor) -> dict[str, Any]:
    """How the units of your own organisation answered; nothing for who answers no offers."""
    found: list[Any] = counted.of_provider(by)
    for one in found:
        one.told_reasons = [{"reason": code, "count": n} for code, n in one.reasons]
    return {"days": counted.DAYS, "results": found}
