"""What the database keeps true by itself about places, and rows that are only added."""

from django.db import migrations

#: The columns of a place by which it is found are those of its unit. What it gives, it gives day
#: and night: what the unit can only do by day is no reason to be found.
COPIES = """
CREATE FUNCTION capacity_gives(by_day varchar[], by_night varchar[], here varchar[])
RETURNS varchar[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT code ORDER BY code), '{}') FROM (
        SELECT unnest(by_day) AS code
        INTERSECT SELECT unnest(coalesce(by_night, by_day))
        UNION SELECT unnest(here)
    ) AS codes
$$;
CREATE FUNCTION capacity_place_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT u.care_type, u.x, u.y,
           capacity_gives(u.attributes, u.night_attributes, NEW.attributes || u.care_type)
        INTO NEW.care_type, NEW.x, NEW.y, NEW.gives
        FROM capacity_careunit u WHERE u.id = NEW.unit_id;
    RETURN NEW;
END $$;
CREATE TRIGGER place_follows
    BEFORE INSERT OR UPDATE OF unit_id, attributes, care_type, x, y, gives ON capacity_place
    FOR EACH ROW EXECUTE FUNCTION capacity_place_follows();
CREATE FUNCTION capacity_unit_leads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE capacity_place SET attributes = attributes WHERE unit_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER unit_leads AFTER UPDATE ON capacity_careunit FOR EACH ROW
    WHEN ((OLD.care_type, OLD.x, OLD.y, OLD.attributes, OLD.night_attributes)
        IS DISTINCT FROM (NEW.care_type, NEW.x, NEW.y, NEW.attributes, NEW.night_attributes))
    EXECUTE FUNCTION capacity_unit_leads();
UPDATE capacity_place SET attributes = attributes;
"""
UNCOPIES = """
DROP TRIGGER unit_leads ON capacity_careunit; DROP FUNCTION capacity_unit_leads;
DROP TRIGGER place_follows ON capacity_place; DROP FUNCTION capacity_place_follows;
DROP FUNCTION capacity_gives;
"""
STAYS = """
CREATE FUNCTION capacity_held_place_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'place % is held by %', OLD.id, OLD.held_by
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'place_held_stays';
END $$;
CREATE TRIGGER held_stays BEFORE DELETE ON capacity_place FOR EACH ROW
    WHEN (OLD.state = 'held') EXECUTE FUNCTION capacity_held_place_stays();
"""
UNSTAYS = "DROP TRIGGER held_stays ON capacity_place; DROP FUNCTION capacity_held_place_stays;"
GUARD = """
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON {0}
    FOR EACH STATEMENT EXECUTE FUNCTION lzc_only_grows();
"""
LOGS = ("capacity_unitcall", "capacity_emergencyload", "capacity_placeoutcome")


class Migration(migrations.Migration):
    dependencies = [("capacity", "0003_true_capacity"), ("lzc", "0002_the_logs_only_grow")]
    operations = [
        migrations.RunSQL(COPIES, UNCOPIES),
        migrations.RunSQL(STAYS, UNSTAYS),
        *[
            migrations.RunSQL(GUARD.format(log), f"DROP TRIGGER only_grows ON {log}")
            for log in LOGS
        ],
    ]
