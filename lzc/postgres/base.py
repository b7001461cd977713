"""Django looks for `DatabaseWrapper` in a module of this name."""

from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.backends.postgresql.base import DatabaseWrapper as Usual
from django.db.backends.postgresql.psycopg_any import BaseTzLoader, get_adapters_template
from psycopg.adapt import AdaptersMap


class DatabaseWrapper(Usual):
    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"context": _adapters(self.timezone)}


@cache
def _adapters(zone: Any) -> AdaptersMap:
    class Moment(BaseTzLoader):
        """A list of hundreds has more than a thousand moments; psycopg takes each apart by hand."""

        timezone = zone

        def load(self, data: Any) -> datetime | None:
            try:
                at = datetime.fromisoformat(str(data, "ascii"))
            except ValueError:  # a year or a spelling that Python does not know
                return super().load(data)
            return at if at.tzinfo is zone else at.replace(tzinfo=zone)

    adapters = AdaptersMap(get_adapters_template(settings.USE_TZ, zone))
    adapters.register_loader("timestamptz", Moment)
    return adapters
