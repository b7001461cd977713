"""Whom a desk asks, by program: one unit, several at once, one after the other, or booked."""

from typing import Any
from uuid import UUID

from coordination import finding, services
from coordination.api import done, shapes
from coordination.api.offers import moved_offer
from coordination.api.requests import tag_of_request
from coordination.api.steps import moved_request
from lzc.api.endpoints import endpoint
from lzc.errors import N_, NotValid
from lzc.models import Actor


@endpoint(takes=shapes.OfferIn, gives=done.OffersMade, status=201, tag=tag_of_request)
def make_offer(request_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Ask one unit or several at once, and hold one place of each: all of them, or none."""
    one, several = said.pop("unit", None), said.pop("units", None)
    if (one is None) == (several is None):
        raise NotValid("unit", N_("Say whom to ask: a unit, or a list of units."), code="required")
    rows = services.offer_several(request_id, unit_ids=several or [one], **said, by=by)
    offers = [moved_offer(row, by) for row in rows]
    first = offers[0]
    first.told_offers = offers
    return first


@endpoint(takes=shapes.CascadeIn, gives=done.CascadeMoved, tag=tag_of_request)
def ask_in_order(request_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Ask them one after the other: the next when who was asked says no, or nothing in time.

    Without `units`: those who could take the patient now, best first.
    """
    units = said.get("units") or finding.in_order(request_id, by=by)
    return moved_request(services.cascade(request_id, unit_ids=units, by=by), by)


@endpoint(gives=done.CascadeMoved, tag=tag_of_request)
def stop_asking_in_order(request_id: UUID, *, by: Actor) -> Any:
    """Nobody is asked by the order any more. Who was asked already may still answer."""
    return moved_request(services.stop_cascade(request_id, by=by), by)


@endpoint(takes=shapes.BookIn, gives=done.OfferMoved, status=201, tag=tag_of_request)
def book(request_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Give the patient to a unit that may be booked directly. It is told at once."""
    unit = said.pop("unit")
    return moved_offer(services.book(request_id, unit_id=unit, **said, by=by), by)
