"""Many ids as one value: asking for three hundred is the same statement as asking for ten, which is
read once, and which PostgreSQL remembers."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.lookups import Lookup


def among(field: str, ids: Iterable[UUID]) -> Any:
    """As `field__in`."""
    return _Among(F(field), list(ids))


class _Among(Lookup):
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        field, values = self.process_lhs(compiler, connection)
        return f"{field} = ANY(%s::uuid[])", (*values, self.rhs)
