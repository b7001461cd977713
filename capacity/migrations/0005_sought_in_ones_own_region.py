"""Places are sought in one's own ROAZ region first, so each knows that region; and what more than
covers a need counts as having it."""

import django.contrib.postgres.indexes
from django.db import migrations, models
from django.db.models import F, Func

GIVES = """
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
"""
#: As it was before: see 0004.
GAVE = """
CREATE OR REPLACE FUNCTION capacity_gives(by_day varchar[], by_night varchar[], here varchar[])
RETURNS varchar[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT code ORDER BY code), '{}') FROM (
        SELECT unnest(by_day) AS code
        INTERSECT SELECT unnest(coalesce(by_night, by_day))
        UNION SELECT unnest(here)
    ) AS codes
$$;
"""
ROOTS = """
CREATE FUNCTION capacity_unit_root() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT coalesce(parent_id, id) INTO NEW.root FROM lzc_region WHERE id = NEW.region_id;
    RETURN NEW;
END $$;
CREATE TRIGGER unit_root BEFORE INSERT OR UPDATE OF region_id, root ON capacity_careunit
    FOR EACH ROW EXECUTE FUNCTION capacity_unit_root();
CREATE FUNCTION capacity_region_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE capacity_careunit SET root = root WHERE region_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER region_moves AFTER UPDATE OF parent_id ON lzc_region
    FOR EACH ROW EXECUTE FUNCTION capacity_region_moves();
CREATE OR REPLACE FUNCTION capacity_place_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT u.root, u.care_type, u.x, u.y,
           capacity_gives(u.attributes, u.night_attributes, NEW.attributes || u.care_type)
        INTO NEW.root, NEW.care_type, NEW.x, NEW.y, NEW.gives
        FROM capacity_careunit u WHERE u.id = NEW.unit_id;
    RETURN NEW;
END $$;
DROP TRIGGER place_follows ON capacity_place;
CREATE TRIGGER place_follows
    BEFORE INSERT OR UPDATE OF unit_id, attributes, root, care_type, x, y, gives ON capacity_place
    FOR EACH ROW EXECUTE FUNCTION capacity_place_follows();
DROP TRIGGER unit_leads ON capacity_careunit;
CREATE TRIGGER unit_leads AFTER UPDATE ON capacity_careunit FOR EACH ROW
    WHEN ((OLD.root, OLD.care_type, OLD.x, OLD.y, OLD.attributes, OLD.night_attributes)
        IS DISTINCT FROM
        (NEW.root, NEW.care_type, NEW.x, NEW.y, NEW.attributes, NEW.night_attributes))
    EXECUTE FUNCTION capacity_unit_leads();
UPDATE capacity_careunit SET root = root;
UPDATE capacity_place SET attributes = attributes;
-- What these rows must answer to is looked at now: no index is made of a table that still waits.
SET CONSTRAINTS ALL IMMEDIATE;
"""
UNROOTS = """
DROP TRIGGER region_moves ON lzc_region; DROP FUNCTION capacity_region_moves;
DROP TRIGGER unit_root ON capacity_careunit; DROP FUNCTION capacity_unit_root;
CREATE OR REPLACE FUNCTION capacity_place_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT u.care_type, u.x, u.y,
           capacity_gives(u.attributes, u.night_attributes, NEW.attributes || u.care_type)
        INTO NEW.care_type, NEW.x, NEW.y, NEW.gives
        FROM capacity_careunit u WHERE u.id = NEW.unit_id;
    RETURN NEW;
END $$;
DROP TRIGGER place_follows ON capacity_place;
CREATE TRIGGER place_follows
    BEFORE INSERT OR UPDATE OF unit_id, attributes, care_type, x, y, gives ON capacity_place
    FOR EACH ROW EXECUTE FUNCTION capacity_place_follows();
DROP TRIGGER unit_leads ON capacity_careunit;
CREATE TRIGGER unit_leads AFTER UPDATE ON capacity_careunit FOR EACH ROW
    WHEN ((OLD.care_type, OLD.x, OLD.y, OLD.attributes, OLD.night_attributes)
        IS DISTINCT FROM (NEW.care_type, NEW.x, NEW.y, NEW.attributes, NEW.night_attributes))
    EXECUTE FUNCTION capacity_unit_leads();
"""


#: Where it lies. A function, so that no index shares it with another.
def point() -> Func:
    return Func(F("x"), F("y"), function="point", output_field=models.TextField())


class Migration(migrations.Migration):
    dependencies = [("capacity", "0004_what_the_database_keeps"), ("lzc", "0001_initial")]
    operations = [
        migrations.RemoveIndex("careunit", "unit_nearest"),
        migrations.RemoveIndex("place", "place_nearest"),
        migrations.AddField("careunit", "root", models.UUIDField(editable=False, null=True)),
        migrations.AddField("place", "root", models.UUIDField(editable=False, null=True)),
        migrations.RunSQL(GIVES, GAVE),
        migrations.RunSQL(ROOTS, UNROOTS),
        migrations.AddIndex(
            "careunit",
            django.contrib.postgres.indexes.GistIndex(
                F("root"), F("care_type"), point(), name="unit_nearest"
            ),
        ),
        migrations.AddIndex(
            "place",
            django.contrib.postgres.indexes.GistIndex(
                F("root"),
                F("care_type"),
                point(),
                condition=models.Q(("state", "free")),
                name="place_nearest",
            ),
        ),
    ]
