"""What may happen, to what, by whom: a move table, and the one place that reads it. Pure.

A table is data. The guard of every verb, the buttons on a page, the permission matrix in the docs,
the names of the events, the diagram and the exhaustive test all come from it.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from lzc.errors import N_, NotAllowed, NotNow
from lzc.rights import Duty


class Move(NamedTuple):
    by: frozenset[str]  # sides that may do it
    duty: Duty | None  # the kind of work it is; None: done by the clock alone
    sources: frozenset[str]  # states it may start from
    target: str | None  # the state it leads to; None: it stays where it is
    event: str  # what is then recorded


Moves = Mapping[str, Move]


def move(
    by: Collection[str], duty: Duty | None, sources: Collection[str], target: str | None, event: str
) -> Move:
    return Move(frozenset(by), duty, frozenset(sources), target, event)


def _may(found: Move, sides: Collection[str], duties: Collection[Duty]) -> bool:
    if found.by.isdisjoint(sides):
        return False
    return found.duty is None or found.duty in duties


def check(
    moves: Moves, name: str, *, state: str, sides: Collection[str], duties: Collection[Duty]
) -> Move:
    """The move, if this actor may make it and it can be made now; else the reason it cannot."""
    found = moves[name]
    timed = "clock" in sides and "clock" in found.by
    if not timed and not _may(found, sides, duties):
        raise NotAllowed(N_("This is not yours to do."), code="not_yours", move=name)
    if state not in found.sources:
        raise NotNow(
            N_("This has changed in the meantime. Look at how it stands now."),
            code="wrong_state",
            move=name,
            state=state,
        )
    return found


def open_to(
    moves: Moves, *, state: str, sides: Collection[str], duties: Collection[Duty]
) -> list[str]:
    """Names of the moves this actor could make now: the buttons of a page, `moves` in the API."""
    return [n for n, m in moves.items() if state in m.sources and _may(m, sides, duties)]


def diagram(moves: Moves, born: Mapping[str, str]) -> str:
    """The table as a Mermaid state diagram. `born`: verb → first state."""
    lines = ["stateDiagram-v2"]
    lines += [f"    [*] --> {state}: {verb}" for verb, state in born.items()]
    for name, m in moves.items():
        lines += [f"    {source} --> {m.target or source}: {name}" for source in sorted(m.sources)]
    return "\n".join(lines)
