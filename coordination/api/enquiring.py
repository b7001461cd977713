"""What a program may ask before a request is sent: what is free now, was it asked already?"""

from typing import Any

from rest_framework import serializers

from capacity.attributes import Attribute
from capacity.models import CareType
from coordination.api.shapes import person
from coordination.enquiring import places, twins
from lzc.api.answers import Out, When
from lzc.api.endpoints import endpoint
from lzc.api.shapes import Choice, Day, In, Many, Text, Whole
from lzc.models import Actor

Str, Int = serializers.CharField, serializers.IntegerField


class NeedIn(In):
    """What is needed, and near where. Nothing about who it is."""

    example = {"care_types": ["elv_laag"], "pc4": 8017, "requirements": ["insulin"]}
    care_types = Many(
        Choice(CareType), most=len(CareType), help_text="Left out: every kind of short stay."
    )
    pc4 = Whole(1000, 9999, allow_null=True, help_text="Left out: near your own town.")
    requirements = Many(Choice(Attribute), most=12)


class OpenPlaceOut(Out):
    """A ward where something is free."""

    id = serializers.UUIDField()
    name = Str(help_text="Of the house.")
    unit = Str()
    town = Str()
    care_type = Str(source="care")
    free = Int()
    travel_minutes = Int(source="minutes", allow_null=True)
    freshness = Str(source="fresh")
    observed_at = When(source="observed", allow_null=True)


class OpenPlacesOut(Out):
    """As much as your region shows to who asks: names, counts, or nothing."""

    example = {"shown": "counts", "count": 5, "places": []}
    shown = serializers.ChoiceField(["names", "counts", "nothing"])
    count = Int(allow_null=True, help_text="How many wards; null where nothing is shown.")
    places = OpenPlaceOut(many=True, help_text="Nearest first; only where names are shown.")


@endpoint(takes=NeedIn, gives=OpenPlacesOut, changes=False)
def open_places(*, said: dict[str, Any], by: Actor) -> places.Places:
    """Which places are free now, before you ask. A place is only certain once it is promised.

    A search: it changes nothing, and needs no Idempotency-Key.
    """
    wanted = said.get("care_types") or list(places.STAYS)
    return places.places_now(
        wanted, pc4=said.get("pc4"), requirements=said.get("requirements", ()), by=by
    )


class WhoIn(In):
    """Who it is: by BSN, or by name, birth date and postcode."""

    example = {"bsn": "999900006"}
    bsn = Text(12)
    name = Text(120)
    birth_date = Day(allow_null=True)
    postcode = Text(10)


class TwinOut(Out):
    """Whether a placement request is open. Which one: for who has a part in its case."""

    example = {"open": True, "request": None, "reference": ""}
    open = serializers.BooleanField()
    request = serializers.UUIDField(allow_null=True)
    reference = Str()


@endpoint(takes=WhoIn, gives=TwinOut, changes=False)
def open_request(*, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Is a placement request open for this person already? Ask before you send one.

    What you send all the same is passed on to its desk, and a coordinator contacts you. Each search
    is written down; who looks for many people in an hour gets no answer for a while.
    """
    twin = twins.open_already(person(said).known(), by=by)
    return {
        "open": twin is not None,
        "request": twin.request if twin else None,
        "reference": twin.reference if twin else "",
    }
