"""Lists by the page, each asked on where the one before ended: `?cursor=` from `next`.

The cursor is a place in the order, not a number of rows to skip: what is added or goes meanwhile
makes nobody miss a row or see one twice.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from lzc.api.shapes import BadShape, Fault

M = TypeVar("M", bound=Model)
AT_ONCE = 50


class Shown(NamedTuple):
    """One page of a list."""

    results: list[Any]
    next: str | None


def page(rows: QuerySet[M], query: Mapping[str, Any], *, by: str) -> Shown:
    """The rows in the order of the column `by` (`-` before it: newest first), then of the key."""
    down, column = by.startswith("-"), by.lstrip("-")
    limit = query.get("limit", AT_ONCE)
    if cursor := query.get("cursor"):
        rows = rows.filter(_beyond(rows.model, cursor, column, "lt" if down else "gt"))
    found = list(rows.order_by(by, "-pk" if down else "pk")[: limit + 1])
    shown = found[:limit]
    more = len(found) > limit
    return Shown(shown, _cursor(getattr(shown[-1], column), shown[-1].pk) if more else None)


def _cursor(value: Any, pk: Any) -> str:
    place = json.dumps([str(value), str(pk)], ensure_ascii=False)
    return urlsafe_b64encode(place.encode()).decode()


def _read(model: type[Model], name: str, part: Any) -> Any:
    if not isinstance(part, str):
        raise TypeError("a cursor holds texts")
    place: Any = model._meta.get_field(name)
    return place.to_python(part)


def _beyond(model: type[Model], cursor: str, column: str, side: str) -> Q:
    try:
        told = json.loads(urlsafe_b64decode(cursor))
        value, pk = (
            _read(model, name, part) for name, part in zip((column, "id"), told, strict=True)
        )
    except (ValueError, TypeError, RecursionError, ValidationError):
        raise BadShape(Fault("cursor", "bad_cursor")) from None
    return Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"pk__{side}": pk})
