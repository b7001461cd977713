"""Who may do what, in the OpenAPI document: said by the tables of moves that guard the verbs."""

from collections.abc import Iterable
from typing import Any

from capacity.states import LOAD_MOVES, PLACE_MOVES, UNIT_MOVES
from capacity.states import Side as Supply
from coordination.states import (
    HANDOVER_MOVES,
    OFFER_MOVES,
    PASSING_MOVES,
    PLAN_MOVES,
    REQUEST_MOVES,
    Side,
)
from lzc.moves import Move, Moves
from triage.states import CASE_MOVES

TABLES: dict[str, Moves] = {
    "cases": CASE_MOVES,
    "requests": REQUEST_MOVES,
    "offers": OFFER_MOVES,
    "handovers": HANDOVER_MOVES,
    "passings": PASSING_MOVES,
    "plans": PLAN_MOVES,
    "units": UNIT_MOVES,
    "places": PLACE_MOVES,
    "emergency-departments": LOAD_MOVES,
}
#: The last part of an address is the name of its move, but here: what is made, or said in a body.
NAMED: dict[str, tuple[Moves, tuple[str, ...]]] = {
    "add_contact": (CASE_MOVES, ("contact",)),
    "add_note": (CASE_MOVES, ("note",)),
    "confirm_redirect": (CASE_MOVES, ("confirm_redirect",)),
    "hand_over": (CASE_MOVES, ("hand_over",)),
    "make_offer": (REQUEST_MOVES, ("offer",)),
    "offer_passing_again": (PASSING_MOVES, ("offer_again",)),
    "apply_plan": (PLAN_MOVES, ("apply_plan",)),
    "write_down_call": (UNIT_MOVES, ("observe_call",)),
    "stop_admissions": (UNIT_MOVES, ("stop",)),
    "reopen_admissions": (UNIT_MOVES, ("reopen",)),
    "release_places": (PLACE_MOVES, ("release",)),
    "plan_release": (PLACE_MOVES, ("plan_release",)),
    "report_load": (LOAD_MOVES, ("report_load", "hear_load")),
}
#: Not by program.
ELSEWHERE = frozenset({Side.CLOCK, Side.ORDER, Supply.CLOCK, Supply.LINK, Supply.OFFER})


def told(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """A step of making the document: each operation that is a move says whose it is, and when."""
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            found = [] if method == "get" else moves_of(path, operation["operationId"])
            said = [operation.get("description", ""), *map(sentence, found)]
            if found:
                operation["description"] = "\n\n".join(filter(None, said))
    return result


def moves_of(path: str, operation: str) -> list[Move]:
    if operation in NAMED:
        table, names = NAMED[operation]
        return [table[name] for name in names]
    parts = path.removeprefix("/api/v1/").split("/")
    table = TABLES.get(parts[0], {})
    return [table[parts[-1]]] if parts[-1] in table else []


def sentence(move: Move) -> str:
    by = _either(f"the {side}" for side in sorted(move.by - ELSEWHERE))
    scope = f", with the scope `{move.duty}`" if move.duty else ""
    states = _either(f"`{state}`" for state in sorted(move.sources))
    then = f", and then it is `{move.target}`" if move.target else ""
    return f"**Who may:** {by}{scope}. **When:** it is {states}{then}. **Fact:** `{move.event}`."


def _either(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
