"""Times come out of the database as moments in UTC, to the microsecond."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from psycopg.adapt import Transformer

from lzc.conf.postgres.base import TIMESTAMPTZ, TimeLoader

SUMMER = datetime(2026, 7, 1, 10, 0, 0, 250, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["2026-07-01 12:00:00.00025+02", "2026-07-01 10:00:00.000250 UTC"]
)
def test_a_moment_is_read_in_utc_however_it_was_written(written, db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::timestamptz, %s::text::date", [written, "2026-07-01"])
        moment, day = cursor.fetchone()
    assert moment == SUMMER and moment.tzinfo is UTC
    assert day == date(2026, 7, 1)


def test_what_is_no_moment_is_none_and_lists_of_moments_are_lists(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT NULL::timestamptz, ARRAY[%s::timestamptz, NULL]", [SUMMER])
        assert cursor.fetchone() == (None, [SUMMER, None])


def test_it_is_our_loader_that_reads_them(db):
    """Control: Django puts its own in its place when it thinks that the zone is another."""
    with connection.cursor() as cursor:
        loader = Transformer(cursor.cursor).get_loader(TIMESTAMPTZ, 0)
    assert isinstance(loader, TimeLoader)
