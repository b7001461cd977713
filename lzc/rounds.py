"""Statements that go to the database together: one round instead of several."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def one_round() -> Iterator[None]:
    """What is executed inside is sent at once. Answers, and what went wrong, come at its end.

    Between them the server waits for nobody: for what must be short, such as the last statements
    of an act, or a setting that holds for one statement alone.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
