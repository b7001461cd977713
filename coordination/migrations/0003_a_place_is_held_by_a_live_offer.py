"""A place is held if and only if a live offer holds it. A CHECK cannot see the other table."""

from django.db import migrations

HOLDS = """
CREATE FUNCTION coordination_hold_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about uuid := to_jsonb(NEW) ->> TG_ARGV[0];
    holder uuid;
    held uuid;
BEGIN
    SELECT id INTO holder FROM coordination_offer
        WHERE place_id = about AND state IN ('accepted', 'asked', 'assigned', 'sent');
    SELECT held_by INTO held FROM capacity_place WHERE id = about AND state = 'held';
    IF holder IS DISTINCT FROM held THEN
        RAISE EXCEPTION 'place % is held by %, its live offer is %', about, held, holder
            USING ERRCODE = 'check_violation', CONSTRAINT = 'place_hold_agrees';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER hold_agrees AFTER INSERT OR UPDATE OF state, held_by ON capacity_place
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION coordination_hold_agrees('id');
CREATE CONSTRAINT TRIGGER hold_agrees AFTER INSERT OR UPDATE OF state, place_id
    ON coordination_offer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION coordination_hold_agrees('place_id');
"""
UNHOLD = """
DROP TRIGGER hold_agrees ON capacity_place;
DROP TRIGGER hold_agrees ON coordination_offer;
DROP FUNCTION coordination_hold_agrees;
"""


class Migration(migrations.Migration):
    dependencies = [("coordination", "0002_requests_offers_handovers")]
    operations = [migrations.RunSQL(HOLDS, UNHOLD)]
