"""Passings by program: what waits for the next shift of my desk, passed on and accepted.

A shift itself, with its test of the sound, is a person's: it has a page and no address here.
"""

from typing import Any
from uuid import UUID

from coordination.api import answers, done
from coordination.api.steps import with_moves
from coordination.models import Passing
from coordination.shifts import services as shifts
from coordination.states import PASSING_MOVES
from lzc.api.answers import results_of
from lzc.api.endpoints import endpoint
from lzc.api.paging import Shown, page
from lzc.api.shapes import Page
from lzc.models import Actor


@endpoint(query=Page, gives=results_of(answers.PassingOut))
def passings(*, query: dict[str, Any], by: Actor) -> Shown:
    """What waits for the next shift of your desk. Oldest first."""
    rows = Passing.objects.visible_to(by).waiting().select_related("request__desk")
    found = page(rows, query, by="offered_at")
    for row in found.results:
        with_moves(PASSING_MOVES, row, by)
    return found


@endpoint(gives=done.PassingMoved)
def pass_on_request(request_id: UUID, *, by: Actor) -> Any:
    """Offer what somebody handles to the next shift; until it is accepted it stays theirs."""
    return with_moves(PASSING_MOVES, shifts.pass_on(request_id, by=by), by)


@endpoint(gives=done.PassingMoved)
def offer_passing_again(passing_id: UUID, *, by: Actor) -> Any:
    """Nobody accepted it in time: offer it to the next shift once more."""
    return with_moves(PASSING_MOVES, shifts.offer_again(passing_id, by=by), by)


@endpoint(gives=done.PassingMoved)
def accept_passing(passing_id: UUID, *, by: Actor) -> Any:
    """From this moment you handle it."""
    return with_moves(PASSING_MOVES, shifts.accept(passing_id, by=by), by)
