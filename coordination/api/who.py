"""Who may do what, in the OpenAPI document: said by the tables of moves that guard the verbs."""

from collections.abc import Iterable
from typing import Any

from capacity.states import LOAD_MOVES, PLACE_BORN, PLACE_MOVES, UNIT_MOVES
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
from triage.states import Side as Case

#: The first part of an address: what it is about, and its table.
TABLES: dict[str, tuple[str, Moves]] = {
    "cases": ("case", CASE_MOVES),
    "requests": ("request", REQUEST_MOVES),
    "offers": ("offer", OFFER_MOVES),
    "handovers": ("handover", HANDOVER_MOVES),
    "passings": ("passing", PASSING_MOVES),
    "plans": ("plan", PLAN_MOVES),
    "units": ("unit", UNIT_MOVES),
    "places": ("place", PLACE_MOVES),
    "emergency-departments": ("department", LOAD_MOVES),
}
#: The last part of an address is the name of its move, but here: what is made, or said in a body.
NAMED: dict[str, tuple[str, tuple[str, ...]]] = {
    "add_contact": ("cases", ("contact",)),
    "add_note": ("cases", ("note",)),
    "confirm_redirect": ("cases", ("confirm_redirect",)),
    "hand_over": ("cases", ("hand_over",)),
    "make_offer": ("requests", ("offer",)),
    "offer_passing_again": ("passings", ("offer_again",)),
    "apply_plan": ("plans", ("apply_plan",)),
    "write_down_call": ("units", ("observe_call",)),
    "stop_admissions": ("units", ("stop",)),
    "reopen_admissions": ("units", ("reopen",)),
    "release_places": ("places", ("release",)),
    "plan_release": ("places", ("plan_release",)),
    "report_load": ("emergency-departments", ("report_load", "hear_load")),
}
#: A side in words, where its name alone does not say whose it is.
WORDS: dict[str, str] = {
    Case.PARTY: "whoever has a part in it",
    Case.OWNER: "the desk that owns it",
    Side.SENDER: "the desk that hands it over",
    Side.RECEIVER: "the desk it is handed to",
    Side.REQUESTER: "who asks for the care",
}
#: It need not be there yet, so it need not be in a state.
BORN = frozenset(PLACE_BORN)
#: Not by program.
ELSEWHERE = frozenset({Side.CLOCK, Side.ORDER, Supply.CLOCK, Supply.LINK, Supply.OFFER})


def told(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """A step of making the document: each operation that is a move says whose it is, and when."""
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            found = [] if method == "get" else sentences(path, operation["operationId"])
            if found:
                said = [operation.get("description", ""), *found]
                operation["description"] = "\n\n".join(filter(None, said))
    return result


def sentences(path: str, operation: str) -> list[str]:
    noun, found = moves_of(path, operation)
    return [sentence(noun, move, anew=name in BORN) for name, move in found.items()]


def moves_of(path: str, operation: str) -> tuple[str, Moves]:
    """What it is about, and the moves that can be made of it here."""
    parts = path.removeprefix("/api/v1/").split("/")
    of, names = NAMED.get(operation, (parts[0], (parts[-1],)))
    noun, table = TABLES.get(of, ("", {}))
    return noun, {name: table[name] for name in names if name in table}


def sentence(noun: str, move: Move, *, anew: bool = False) -> str:
    by = _either(WORDS.get(side, f"the {side}") for side in sorted(move.by - ELSEWHERE))
    scope = f", with the scope `{move.duty}`" if move.duty else ""
    states = _either(f"`{state}`" for state in sorted(move.sources))
    then = f", and then it is `{move.target}`" if move.target else ""
    when = "" if anew else f" **When:** the {noun} is {states}{then}."
    return f"**Who may:** {by}{scope}.{when} **Fact:** `{move.event}`."


def _either(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
