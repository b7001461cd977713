"""An endpoint: a function that knows the answer to one question of a program.

It takes plain values and calls verbs. The door (`lzc.api.door`) puts the act around it, and
`address(get=…, post=…)` in `lzc/urls.py` says where it is to be found.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints
from uuid import UUID

from rest_framework.parsers import BaseParser

from lzc.api.answers import Out
from lzc.api.parsing import StrictJSONParser
from lzc.api.shapes import In
from lzc.models import Actor


@dataclass(frozen=True)
class Tagged:
    """An answer with the state it shows, for `If-Match` later."""

    shown: Any
    tag: str


@dataclass(frozen=True)
class Endpoint:
    """One question: what it takes, what it gives, which function knows the answer."""

    run: Callable[..., Any]
    takes: In | None
    query: In | None
    gives: Out | None
    status: int
    #: Locks what is changed and says its state, as `GET` did: for `If-Match`.
    tag: Callable[..., str] | None
    #: A search by POST changes nothing: it needs no key, and its answer is not kept.
    changes: bool
    #: How what is sent is written: JSON, but for a list that comes from elsewhere.
    parser: type[BaseParser] = StrictJSONParser

    def named_here(self, field: str) -> str:
        """A verb says `triage.how`; where the whole body is that triage, it is called `how`."""
        outer, _, inner = field.partition(".")
        elsewhere = inner and self.takes is not None and outer not in self.takes.known
        return inner if elsewhere else field

    @property
    def shows_tag(self) -> bool:
        return get_type_hints(self.run).get("return") is Tagged

    def answer(self, by: Actor, ids: Mapping[str, UUID], sent: Mapping[str, Any]) -> Tagged:
        given = self.run(**ids, **sent, by=by)
        shown, tag = (given.shown, given.tag) if isinstance(given, Tagged) else (given, "")
        return Tagged(self.gives.to_representation(shown) if self.gives else None, tag)


def endpoint(
    *,
    takes: type[In] | None = None,
    query: type[In] | None = None,
    gives: type[Out] | None = None,
    status: int = 200,
    tag: Callable[..., str] | None = None,
    changes: bool = True,
    parser: type[BaseParser] = StrictJSONParser,
) -> Callable[[Callable[..., Any]], Endpoint]:
    """Make a function an endpoint. It is called with the ids of the address, `said` (what was
    sent), `query` and `by`. Shapes hold no state: one instance serves every request."""

    def made(run: Callable[..., Any]) -> Endpoint:
        return Endpoint(
            run,
            takes() if takes else None,
            query() if query else None,
            gives() if gives else None,
            status,
            tag,
            changes,
            parser,
        )

    return made
