"""Handovers by program: what waits for my desk, and the answer to it."""

from typing import Any
from uuid import UUID

from coordination import handovers
from coordination.api import answers, done, shapes
from coordination.api.steps import with_moves
from coordination.models import Handover
from coordination.states import HANDOVER_MOVES, HandoverState
from lzc import access
from lzc.api.answers import results_of
from lzc.api.endpoints import endpoint
from lzc.api.paging import Shown, page
from lzc.api.shapes import Page
from lzc.models import Action, Actor
from triage.models import Case


@endpoint(query=Page, gives=results_of(answers.HandoverOut))
def handovers_to_me(*, query: dict[str, Any], by: Actor) -> Shown:
    """Cases that are handed to a desk of yours, and wait for its answer. Oldest first."""
    waiting = {"to_desk__organisation": by.organisation_id, "state": HandoverState.OFFERED}
    # First what waits, which is little; then who may see it: never all cases of a busy desk.
    handed = Case.objects.filter(
        **{f"handovers__{column}": value for column, value in waiting.items()}
    )
    ids = list(handed.values_list("pk", flat=True))
    seen = dict(Case.objects.visible_to(by).filter(pk__in=ids).values_list("pk", "patient_id"))
    access.opened(Action.LIST, seen.values())
    rows = Handover.objects.filter(case__in=list(seen), **waiting)
    rows = rows.select_related("case", "from_desk__organisation", "to_desk__organisation")
    found = page(rows, query, by="offered_at")
    for row in found.results:
        with_moves(HANDOVER_MOVES, row, by)
    return found


@endpoint(takes=shapes.ReadBackIn, gives=done.HandoverMoved)
def accept_handover(handover_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Say what you understood, and the case is yours from this moment."""
    return with_moves(HANDOVER_MOVES, handovers.accept(handover_id, **said, by=by), by)


@endpoint(takes=shapes.RefusalIn, gives=done.HandoverMoved)
def refuse_handover(handover_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Not here, and why. The case stays where it was."""
    return with_moves(HANDOVER_MOVES, handovers.refuse(handover_id, **said, by=by), by)


@endpoint(gives=done.HandoverMoved)
def withdraw_handover(handover_id: UUID, *, by: Actor) -> Any:
    """Take it back before it was answered."""
    return with_moves(HANDOVER_MOVES, handovers.withdraw(handover_id, by=by), by)
