"""What covers a need by day and what covers it by night need not be the same: two to lift by day
and one by night is one to lift, day and night."""

from django.db import migrations

GIVES = """
CREATE OR REPLACE FUNCTION capacity_gives(by_day varchar[], by_night varchar[], here varchar[])
RETURNS varchar[] LANGUAGE sql IMMUTABLE AS $$
    WITH covers(code, what) AS (
        VALUES ('transfer_2', 'transfer_1'), ('isolation_strict', 'isolation_contact'),
            ('isolation_strict', 'isolation'), ('isolation_contact', 'isolation')
    ), day(code) AS (
        SELECT unnest(by_day || here)
    ), night(code) AS (
        SELECT unnest(coalesce(by_night, by_day) || here)
    )
    SELECT coalesce(array_agg(code ORDER BY code), '{}') FROM (
        (SELECT code FROM day UNION SELECT what FROM day JOIN covers USING (code))
        INTERSECT
        (SELECT code FROM night UNION SELECT what FROM night JOIN covers USING (code))
    ) given(code)
$$;
UPDATE capacity_place SET attributes = attributes;
"""
#: As it was before: see 0005.
GAVE = """
CREATE OR REPLACE FUNCTION capacity_gives(by_day varchar[], by_night varchar[], here varchar[])
RETURNS varchar[] LANGUAGE sql IMMUTABLE AS $$
    WITH own(code) AS (
        SELECT unnest(by_day) INTERSECT SELECT unnest(coalesce(by_night, by_day))
        UNION SELECT unnest(here)
    ), covered(code) AS (
        SELECT code FROM own
        UNION SELECT 'transfer_1' FROM own WHERE code = 'transfer_2'
        UNION SELECT 'isolation_contact' FROM own WHERE code = 'isolation_strict'
        UNION SELECT 'isolation' FROM own WHERE code IN ('isolation_contact', 'isolation_strict')
    )
    SELECT coalesce(array_agg(code ORDER BY code), '{}') FROM covered
$$;
UPDATE capacity_place SET attributes = attributes;
"""


class Migration(migrations.Migration):
    dependencies = [("capacity", "0005_sought_in_ones_own_region")]
    operations = [migrations.RunSQL(GIVES, GAVE)]
