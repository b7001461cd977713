"""Thousands of wards all over the country, with their places: filled past the verbs, and without
statistics, as after a list that was just read in."""

import uuid

from django.db import connection

from lzc.models import Region

#: Nine in ten can help with a transfer, one in twenty gives oxygen, one in five hundred dialysis.
UNITS = """
INSERT INTO capacity_careunit (id, organisation_id, region_id, name, care_type, town, pc4, x, y,
    lat, lon, telephone, attributes, service_area, main_practitioner, beds, source, admits,
    shift_areas, direct_booking, observed_at)
SELECT gen_random_uuid(), %(house)s, %(region)s, 'afdeling ' || n,
    (ARRAY['elv_laag', 'elv_hoog', 'grz', 'wlz_crisis', 'respijt'])[1 + n %% 5], '', 8000,
    (random() * 280000)::int, (300000 + random() * 300000)::int, 52, 6, '',
    array_remove(ARRAY['insulin', CASE WHEN random() < 0.9 THEN 'transfer_1' END,
        CASE WHEN random() < 0.05 THEN 'oxygen' END,
        CASE WHEN random() < 0.002 THEN 'peritoneal_dialysis' END], NULL),
    '{}', '', 20, '', '{}', '{}', false, now()
FROM generate_series(1, %(units)s::int) n
"""
PLACES = """
INSERT INTO capacity_place (id, unit_id, state, attributes, source, care_type, x, y, gives)
SELECT gen_random_uuid(), id, CASE WHEN random() < 0.3 THEN 'free' ELSE 'occupied' END, '{}',
    'api', '', 0, 0, '{}'
FROM capacity_careunit, generate_series(1, 2) WHERE region_id = %(region)s
"""
#: So many postcodes, spread like the wards.
AREAS = """
INSERT INTO lzc_postalarea (pc4, town, region_id, x, y, lat, lon)
SELECT n, 'Meten', %(region)s, (random() * 280000)::int, (300000 + random() * 300000)::int, 52, 6
FROM generate_series(1000, 1999) n ON CONFLICT (pc4) DO NOTHING
"""


def fill(region: Region, house: uuid.UUID, units: int) -> None:
    """So many wards of this house, three in ten of their places free."""
    told = {"region": region.pk, "house": house, "units": units}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for statement in (AREAS, UNITS, PLACES):
            cursor.execute(statement, told)
        cursor.execute("RESET statement_timeout")
