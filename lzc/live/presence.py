"""Who looks at a case now, types in it, or calls about it: said over Valkey, and kept nowhere.

Every page that shows a case says so again and again; each live process hears it, remembers it for
a moment, and tells the pages of those who may see the case. What nobody repeats is forgotten.
Without Valkey nobody is seen, and nothing else is different.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from lzc import bell

#: From the least to what somebody else should know first.
DOING = ("looks", "types", "calls")
#: A page says it every 20 seconds; after this it is gone.
LASTS = 45.0


class Party(NamedTuple):
    """Somebody who may see a case, and the audiences that may know they are there."""

    name: str
    hears: Iterable[UUID]


#: Of a person (their membership) and a case; None when it is not theirs to see.
Parties = Callable[[UUID, UUID], Party | None]


@dataclass(frozen=True)
class Said:
    """One page says what its person does. `doing` empty: it was closed."""

    case: str
    page: str
    who: str
    name: str
    doing: str
    audience: frozenset[UUID]

    def written(self) -> bytes:
        told = {**vars(self), "audience": [str(one) for one in self.audience]}
        return json.dumps(told).encode()

    @staticmethod
    def read(text: bytes) -> "Said":
        told = json.loads(text)
        return Said(**{**told, "audience": frozenset(UUID(one) for one in told["audience"])})


def say(said: Said) -> None:
    """To every live process, this one included. Nobody waits for it."""
    bell.call(channel(), said.written())


def channel() -> str:
    return bell.named("present")


class Presence:
    """What this process heard lately, by case and by page."""

    def __init__(self) -> None:
        self._heard: dict[str, dict[str, tuple[Said, float]]] = {}

    def hear(self, said: Said, now: float) -> bool:
        """Whether the others see something else from now on."""
        pages = self._heard.setdefault(said.case, {})
        before = pages.pop(said.page, None)
        if said.doing in DOING:
            pages[said.page] = said, now + LASTS
        elif not pages:
            del self._heard[said.case]
        return (before[0].doing if before else "") != said.doing

    def forget(self, now: float) -> list[Said]:
        """Those of whom nothing was heard for too long."""
        every = [kept for pages in self._heard.values() for kept in pages.values()]
        silent = [said for said, until in every if until <= now]
        for said in silent:
            del self._heard[said.case][said.page]
        self._heard = {case: pages for case, pages in self._heard.items() if pages}
        return silent

    def told(self, case: str, to: UUID) -> dict[str, Any]:
        """Who else is there, each once, with what matters most of what they do."""
        others: dict[str, Said] = {}
        for said, _until in self._heard.get(case, {}).values():
            best = others.get(said.who)
            if said.who != str(to) and (best is None or _rank(said) > _rank(best)):
                others[said.who] = said
        who = [{"name": said.name, "doing": said.doing} for said in others.values()]
        return {"present": case, "who": sorted(who, key=lambda one: one["name"])}

    def cases(self, hears: frozenset[UUID]) -> Iterator[str]:
        """Where somebody is, as far as these audiences may know."""
        for case, pages in self._heard.items():
            if any(not said.audience.isdisjoint(hears) for said, _until in pages.values()):
                yield case


def _rank(said: Said) -> int:
    return DOING.index(said.doing)
