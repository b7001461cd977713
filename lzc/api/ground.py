"""What a program can ask of the ground floor: who am I, who is there, what happened, tell me.

Every endpoint of LZC is such a function; `lzc.api.door` puts the act around it.
"""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request

from lzc.api import subscriptions
from lzc.api.answers import Out, When, results_of
from lzc.api.door import Door
from lzc.api.endpoints import endpoint
from lzc.api.paging import Shown, page
from lzc.api.shapes import Choice, In, Page, Text, Whole
from lzc.errors import NotSeen
from lzc.models import Actor, Desk, Event
from lzc.rights import OrganisationKind

FARTHEST = 2**62


class OrganisationOut(Out):
    """An organisation, where something else is told."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.CharField()


class DeskRef(Out):
    """A desk, where something else is told: who it is and how to reach it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    telephone = serializers.CharField()
    organisation = OrganisationOut()


class DeskOut(DeskRef):
    """Where a case can be owned: a counter with a telephone."""

    opening_hours = serializers.CharField()
    region = serializers.CharField(source="region.slug")


class DeskQuery(Page):
    """Which desks."""

    kind = Choice(OrganisationKind, help_text="Of the organisation.")


@endpoint(query=DeskQuery, gives=results_of(DeskOut))
def desks(*, query: dict[str, Any], by: Actor) -> Shown:
    """The directory: which desks there are, and how to reach them."""
    rows = Desk.objects.select_related("organisation", "region")
    if kind := query.get("kind"):
        rows = rows.filter(organisation__kind=kind)
    return page(rows, query, by="name")


class MeOut(Out):
    """Who LZC takes you for, and the work you may do."""

    kind = serializers.ChoiceField(["client", "membership"])
    id = serializers.UUIDField()
    name = serializers.CharField()
    organisation = OrganisationOut()
    desk = DeskRef(allow_null=True)
    duties = serializers.ListField(child=serializers.CharField())


@endpoint(gives=MeOut)
def me(*, by: Actor) -> dict[str, Any]:
    """Who am I here, and what may I do?"""
    row: Any = by
    return {
        "kind": by.kind,
        "id": by.pk,
        "name": str(by),
        "organisation": row.organisation,
        "desk": row.desk,
        "duties": sorted(by.duties),
    }


class EventOut(Out):
    """One fact: what changed, never the new state, and nothing about a patient."""

    example = {
        "number": 4711,
        "type": "offer.accepted",
        "subject": "7d0c5a54-2c6f-4d6e-9f50-0a7a0f6b1c11",
        "ids": {"unit": "0d2f3b52-8a55-4b0e-8d0b-6f8a1f0f7a10"},
        "at": "2026-11-22T02:14:07.120000+00:00",
    }
    number = serializers.IntegerField()
    type = serializers.CharField()
    subject = serializers.UUIDField()
    ids = serializers.DictField(child=serializers.UUIDField())
    at = serializers.DateTimeField()


class EventQuery(In):
    """From where, and how many."""

    after = Whole(0, FARTHEST, help_text="The last number you know; 0 for the beginning.")
    limit = Whole(1, 1000, help_text="How many at once: 100 unless said.")


class EventsOut(Out):
    """What happened after the number you know. `last`: ask on from there."""

    example = {"results": [EventOut.example], "last": 4711}
    results = EventOut(many=True)
    last = serializers.IntegerField()


@endpoint(query=EventQuery, gives=EventsOut)
def events(*, query: dict[str, Any], by: Actor) -> dict[str, Any]:
    """What happened since, as far as your organisation hears of it.

    Numbers follow the order in which things happened. You see gaps: those are of others.
    """
    after = query.get("after", 0)
    found = Event.objects.visible_to(by).after(after)[: query.get("limit", 100)]
    told = [event.message() for event in found]
    return {"results": told, "last": told[-1]["number"] if told else after}


class SubscriptionIn(In):
    """Where to tell it."""

    example = {"url": "https://ecd.example.nl/lzc"}
    url = Text(200, required=True, blank=False)


class SubscriptionOut(Out):
    """Where events are told, and how that goes."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    active = serializers.BooleanField()
    failures = serializers.IntegerField()
    cursor = serializers.IntegerField(help_text="The number of the last event that was told.")
    due_at = When()


class SubscriptionMade(SubscriptionOut):
    """The one answer in which its secret can be read."""

    secret = serializers.CharField(help_text="Signs every POST. Shown once: keep it.")


@endpoint(query=Page, gives=results_of(SubscriptionOut))
def subscriptions_of_mine(*, query: dict[str, Any], by: Actor) -> Shown:
    """Where your organisation is told of events."""
    return page(subscriptions.own(by), query, by="url")


@endpoint(takes=SubscriptionIn, gives=SubscriptionMade, status=201)
def subscribe(*, said: dict[str, Any], by: Actor) -> Any:
    """Be told of events by a signed POST to this address (Standard Webhooks)."""
    return subscriptions.subscribe(**said, by=by)


@endpoint()
def unsubscribe(subscription_id: UUID, *, by: Actor) -> None:
    """Stop telling it there."""
    subscriptions.unsubscribe(subscription_id, by=by)


class Nowhere(Door):
    """Every address under /api/ that is no address."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotSeen
