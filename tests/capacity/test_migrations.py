"""The migrations of capacity on a database in which a region works already."""

import os
import subprocess
import sys
from uuid import UUID

import psycopg
import pytest
from django.conf import settings

from benchmarks import ground
from lzc.run.var import BASE
from tests import database

ROAZ, REGION, HOUSE = (UUID(int=number) for number in (1, 2, 3))
REGIONS = "INSERT INTO lzc_region (id, slug, name, parent_id) VALUES (%s, %s, 'Regio', %s)"
HOUSES = """
INSERT INTO lzc_organisation (id, name, kind, town, agb_code, ura, region_id)
VALUES (%s, 'Huis', 'vvt', '', '', '', %s)
"""
ROOTED = "SELECT count(*) FROM capacity_place WHERE root = %s AND gives @> '{transfer_1}'"


def migrate(name: str, *where: str) -> None:
    addresses = {
        key: database.url(getattr(settings, key), name)
        for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", *where],
        cwd=BASE,
        env={**os.environ, **addresses, "LZC_AS_OWNER": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.long
@pytest.mark.timeout(600)
def test_units_and_places_that_there_are_go_along_there_and_back(django_db_setup: None) -> None:
    with (
        database.cloned("migrated_") as name,
        psycopg.connect(database.url(settings.DATABASE_OWNER_URL, name), autocommit=True) as owner,
    ):
        migrate(name, "capacity", "0004")
        owner.execute(REGIONS, [ROAZ, "roaz", None])
        owner.execute(REGIONS, [REGION, "sub", ROAZ])
        owner.execute(HOUSES, [HOUSE, REGION])
        owner.execute(ground.UNITS, {"house": HOUSE, "region": REGION, "units": 50})
        owner.execute(
            "UPDATE capacity_careunit"
            " SET attributes = '{transfer_2}', night_attributes = '{transfer_1}'"
        )
        owner.execute(ground.PLACES, {"region": REGION})
        for _ in range(2):
            migrate(name)
            assert owner.execute(ROOTED, [ROAZ]).fetchone() == (100,)
            migrate(name, "capacity", "0004")
