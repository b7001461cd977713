"""The guard at the rows about a person: no log, no data."""

from typing import Any

from django.db import models

from lzc import access


class PatientData(models.QuerySet[Any]):
    """Rows about a person: they can be read only inside an act that left an access record."""

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            access.require()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Any:
        access.require()
        return super().iterator(chunk_size=chunk_size or 2000)

    def aiterator(self, chunk_size: int = 2000) -> Any:
        access.require()
        return super().aiterator(chunk_size)

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        access.require()
        return super().raw(*args, **kwargs)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        access.require()
        return super().aggregate(*args, **kwargs)

    def count(self) -> int:
        """That somebody is known here is patient data too."""
        access.require()
        return super().count()

    def exists(self) -> bool:
        access.require()
        return super().exists()
