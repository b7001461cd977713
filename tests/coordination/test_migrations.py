"""The migrations of coordination on a database in which a region works already."""

from uuid import UUID

import psycopg
import pytest
from django.conf import settings

from benchmarks.sharing import REQUESTS
from tests import database
from tests.capacity.test_migrations import HOUSE, HOUSES, REGION, REGIONS, ROAZ, migrate

DESK = UUID(int=4)
DESKS = """
INSERT INTO lzc_desk (id, organisation_id, region_id, name, telephone, opening_hours)
VALUES (%s, %s, %s, 'Tafel', '', '')
"""
SEXES = "SELECT sex, count(*) FROM coordination_carerequest GROUP BY sex"


@pytest.mark.long
@pytest.mark.timeout(600)
def test_whoever_waits_gets_the_sex_that_is_known_of_them(django_db_setup: None) -> None:
    with (
        database.cloned("sexed_") as name,
        psycopg.connect(database.url(settings.DATABASE_OWNER_URL, name), autocommit=True) as owner,
    ):
        migrate(name, "coordination", "0008")
        owner.execute(REGIONS, [ROAZ, "roaz", None])
        owner.execute(REGIONS, [REGION, "sub", ROAZ])
        owner.execute(HOUSES, [HOUSE, REGION])
        owner.execute(DESKS, [DESK, HOUSE, REGION])
        there = {"region": REGION, "desk": DESK, "house": HOUSE, "slug": "roaz", "requests": 5}
        owner.execute(REQUESTS, there)
        owner.execute("UPDATE coordination_carerequest SET sex = 'unknown'")
        migrate(name)
        assert owner.execute(SEXES).fetchall() == [("female", 5)]
