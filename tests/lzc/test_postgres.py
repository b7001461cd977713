"""Moments come out of the database as they went in."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, connection
from psycopg.adapt import Transformer

from lzc.postgres.base import TIMESTAMPTZ, TimeLoader

MOMENTS = [
    ("2026-11-28 18:09:04.346534+00", datetime(2026, 11, 28, 18, 9, 4, 346534, UTC)),
    ("2026-03-29 03:00:00.5+02:00", datetime(2026, 3, 29, 1, 0, 0, 500_000, UTC)),
    ("0942-01-01 00:00:00+00", datetime(942, 1, 1, tzinfo=UTC)),
]


def read(text: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("text", "moment"), MOMENTS)
def test_a_moment_is_read_to_the_microsecond(db: None, text: str, moment: datetime) -> None:
    found = read(text)
    assert (found, found.tzinfo) == (moment, UTC)


@pytest.mark.parametrize("text", ["infinity", "0044-03-15 12:00:00+00 BC"])
def test_what_no_calendar_has_is_refused_as_before(db: None, text: str) -> None:
    with pytest.raises(DataError):
        read(text)


def test_what_is_no_moment_is_none_and_lists_of_moments_are_lists(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT NULL::timestamptz, ARRAY[%s::timestamptz, NULL]", [MOMENTS[0][1]])
        assert cursor.fetchone() == (None, [MOMENTS[0][1], None])


def test_it_is_our_loader_that_reads_them(db):
    """Control: Django puts its own in its place when it thinks that the zone is another."""
    with connection.cursor() as cursor:
        loader = Transformer(cursor.cursor).get_loader(TIMESTAMPTZ, 0)
    assert isinstance(loader, TimeLoader)
