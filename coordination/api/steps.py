"""Steps that several endpoints share: what an id stands for, and what somebody could do next."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any
from uuid import UUID

from coordination.offering.in_order import possible
from coordination.services import Ask
from coordination.states import REQUEST_MOVES
from lzc import moves
from lzc.errors import N_, NotValid
from lzc.models import Actor, Desk
from lzc.moves import Moves
from triage.models import Case

ASKED = {field.name for field in fields(Ask)} - {"desk"}
DESKS = Desk.objects.select_related("organisation", "region")


def own_desk(by: Actor) -> Desk | None:
    """The desk at which a person or a machine works, if it works at one."""
    return getattr(by, "desk", None)


def desk_of(wanted: UUID | None, field: str, otherwise: Desk | None) -> Desk:
    """The desk that is meant; without one, the one that goes without saying."""
    if otherwise is not None and wanted in (None, otherwise.pk):
        return otherwise
    if wanted is None:
        raise NotValid(field, N_("Say which desk: you do not work at one."), code="which_desk")
    desk = DESKS.filter(pk=wanted).first()
    if desk is None:
        raise NotValid(field, N_("There is no such desk. Look in the directory."), code="no_desk")
    return desk


def ask_of(said: dict[str, Any], desk: Desk) -> Ask:
    """The care that is asked; `desk` looks for it unless another was named."""
    asked = {name: said[name] for name in ASKED if name in said}
    asked["care_types"] = list(dict.fromkeys(said["care_types"]))
    return Ask(desk=desk_of(said.get("desk"), "request.desk", desk), **asked)


def open_to(table: Moves, row: Any, by: Actor) -> list[str]:
    """The moves that the actor could make with this row now."""
    return moves.open_to(table, state=row.state, sides=row.sides(by), duties=by.duties)


def with_moves(table: Moves, row: Any, by: Actor) -> Any:
    """The row, to show: with the moves that the reader could make."""
    row.moves = open_to(table, row, by)
    return row


def moved_request(made: Any, by: Actor) -> Any:
    made = with_moves(REQUEST_MOVES, made, by)
    made.moves = possible(made.moves, made)
    return made


def seen(cases: Iterable[UUID], by: Actor) -> set[UUID]:
    """Those of these cases that the actor has a part in now."""
    return set(Case.objects.visible_to(by).filter(pk__in=set(cases)).values_list("pk", flat=True))
