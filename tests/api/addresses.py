"""Every address of the API, taken from the map itself: what is added there is tested here."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lzc.api.endpoints import Endpoint
from lzc.urls import v1


@dataclass(frozen=True)
class Address:
    method: str
    route: str
    endpoint: Endpoint

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    @property
    def about(self) -> str:
        """What the id in it is of: `case`, `offer`; nothing for a list."""
        found = re.search(r"<id:(\w+)_id>", self.route)
        return found[1] if found else ""

    def path(self, ids: dict[str, UUID]) -> str:
        return re.sub(
            r"<id:(\w+)_id>",
            lambda found: str(ids.get(found[1], f"{{{found[1]}_id}}")),
            self.route,
        )

    def body(self, ids: dict[str, UUID]) -> Any:
        """Something that is right to send there, about the rows that there are."""
        takes = self.endpoint.takes
        return None if takes is None else _about(dict(takes.example), ids)


def _about(body: dict[str, Any], ids: dict[str, UUID]) -> dict[str, Any]:
    known = {"to_desk": ids["desk"], "unit": ids["unit"]}
    return {name: str(known[name]) if name in known else value for name, value in body.items()}


ADDRESSES = [
    Address(method, str(pattern.pattern), here)
    for pattern in v1
    for method, here in pattern.callback.cls.endpoints.items()  # type: ignore[union-attr]
]
READS = [a for a in ADDRESSES if a.method == "GET"]
ABOUT_ONE = [a for a in ADDRESSES if a.about]
