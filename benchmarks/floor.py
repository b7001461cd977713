"""The floor of an act: the very writes it makes, as bare SQL, without reading, checking or ORM.

The writes are taken from one real run, so the floor cannot drift from what LZC does. Ids that the
act made are made anew at each repeat.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import psycopg
from django.db import connection

WRITES = ("INSERT", "UPDATE", "WITH", "SET CONSTRAINTS")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

Statement = tuple[str, Any]


def statements_of(
    run: Callable[[], Any], also: tuple[str, ...] = ()
) -> tuple[list[Statement], int]:
    """The writes that `run` makes in this process (and what begins as one: the statement that
    brings units in), and how many statements there were in all.

    `also`: with what other statements begin that belong to the floor.
    """
    seen: list[Statement] = []
    count = 0

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        if sql.lstrip().startswith((*WRITES, *also)):
            seen.append((sql, params if isinstance(params, dict) else list(params or [])))
        return execute(sql, params, many, context)

    connection.ensure_connection()
    with connection.execute_wrapper(note):
        run()
    return seen, count


class Floor:
    def __init__(self, writes: Iterable[Statement], fixed: Iterable[uuid.UUID]) -> None:
        self.writes = list(writes)
        self.fixed = {str(i) for i in fixed}

    def __len__(self) -> int:
        return len(self.writes)

    def uuids(self) -> set[uuid.UUID]:
        """Every id that is written or asked for."""

        def among(value: Any) -> Iterator[uuid.UUID]:
            if isinstance(value, uuid.UUID):
                yield value
            for inner in value if isinstance(value, list | tuple) else ():
                yield from among(inner)

        return {found for _, params in self.writes for found in among(list(params))}

    def once(self, db: psycopg.Connection[Any], given: dict[str, str]) -> None:
        """One transaction with the same writes. `given`: ids that stand for the captured ones."""
        fresh: dict[str, str] = dict(given)

        def renew(found: re.Match[str]) -> str:
            old = found[0]
            if old in self.fixed:
                return old
            return fresh.setdefault(old, str(uuid.uuid4()))

        def param(value: Any) -> Any:
            if isinstance(value, uuid.UUID):
                return uuid.UUID(UUID.sub(renew, str(value)))
            if isinstance(value, str):
                return UUID.sub(renew, value)
            if isinstance(value, list):
                return [param(v) for v in value]
            if isinstance(value, dict):
                return {name: param(v) for name, v in value.items()}
            return value

        with db.transaction(), db.cursor() as cursor:
            for sql, params in self.writes:
                cursor.execute(sql, param(params))
