"""What a CHECK cannot see, since it stands in two tables.

A place is held if and only if a live offer holds it; a request is assigned if and only if one of
its offers is; a request is about the patient of its case. And a note is never changed afterwards.
"""

from django.db import migrations

HOLDS = """
CREATE FUNCTION coordination_hold_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about uuid;
    holder uuid;
    held uuid;
BEGIN
    -- Where it stood before, and where it stands now: an offer that moves leaves a place behind.
    FOR about IN
        SELECT DISTINCT (was ->> TG_ARGV[0])::uuid
        FROM unnest(ARRAY[to_jsonb(OLD), to_jsonb(NEW)]) was WHERE was IS NOT NULL
    LOOP
        SELECT id INTO holder FROM coordination_offer
            WHERE place_id = about AND state IN ('accepted', 'asked', 'assigned', 'sent');
        SELECT held_by INTO held FROM capacity_place WHERE id = about AND state = 'held';
        IF holder IS DISTINCT FROM held THEN
            RAISE EXCEPTION 'place % is held by %, its live offer is %', about, held, holder
                USING ERRCODE = 'check_violation', CONSTRAINT = 'place_hold_agrees';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER hold_agrees AFTER INSERT OR DELETE OR UPDATE OF state, held_by
    ON capacity_place DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION coordination_hold_agrees('id');
CREATE CONSTRAINT TRIGGER hold_agrees AFTER INSERT OR DELETE OR UPDATE OF state, place_id
    ON coordination_offer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION coordination_hold_agrees('place_id');
"""
UNHOLD = """
DROP TRIGGER hold_agrees ON capacity_place;
DROP TRIGGER hold_agrees ON coordination_offer;
DROP FUNCTION coordination_hold_agrees;
"""
#: Only the change of an offer can leave a request without the one it was given to.
CHOSEN = """
CREATE FUNCTION coordination_choice_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about uuid;
    given boolean;
    chosen boolean;
BEGIN
    FOR about IN
        SELECT DISTINCT (was ->> TG_ARGV[0])::uuid
        FROM unnest(ARRAY[to_jsonb(OLD), to_jsonb(NEW)]) was WHERE was IS NOT NULL
    LOOP
        SELECT state IN ('assigned', 'started') INTO given
            FROM coordination_carerequest WHERE id = about;
        SELECT EXISTS (SELECT FROM coordination_offer
            WHERE request_id = about AND state IN ('assigned', 'started')) INTO chosen;
        IF given AND NOT chosen THEN
            RAISE EXCEPTION 'request % is assigned, but to no offer', about
                USING ERRCODE = 'check_violation', CONSTRAINT = 'request_choice_agrees';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER choice_agrees AFTER INSERT OR UPDATE OF state ON coordination_carerequest
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state IN ('assigned', 'started'))
    EXECUTE FUNCTION coordination_choice_agrees('id');
CREATE CONSTRAINT TRIGGER choice_left AFTER UPDATE OF state, request_id ON coordination_offer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IN ('assigned', 'started'))
    EXECUTE FUNCTION coordination_choice_agrees('request_id');
CREATE CONSTRAINT TRIGGER choice_gone AFTER DELETE ON coordination_offer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.state IN ('assigned', 'started'))
    EXECUTE FUNCTION coordination_choice_agrees('request_id');
"""
UNCHOSEN = """
DROP TRIGGER choice_agrees ON coordination_carerequest;
DROP TRIGGER choice_left ON coordination_offer;
DROP TRIGGER choice_gone ON coordination_offer;
DROP FUNCTION coordination_choice_agrees;
"""
#: When two records of one person are merged the case changes its patient, and this follows.
SAME = """
ALTER TABLE triage_case ADD CONSTRAINT case_and_patient UNIQUE (id, patient_id);
ALTER TABLE coordination_carerequest ADD CONSTRAINT request_same_patient
    FOREIGN KEY (case_id, patient_id) REFERENCES triage_case (id, patient_id)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""
UNSAME = """
ALTER TABLE coordination_carerequest DROP CONSTRAINT request_same_patient;
ALTER TABLE triage_case DROP CONSTRAINT case_and_patient;
"""
STAYS = """
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON coordination_note
    FOR EACH STATEMENT EXECUTE FUNCTION lzc_only_grows();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON coordination_note
    FOR EACH STATEMENT EXECUTE FUNCTION lzc_only_grows();
"""
UNSTAYS = """
DROP TRIGGER only_grows ON coordination_note;
DROP TRIGGER never_emptied ON coordination_note;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0002_requests_offers_handovers"),
        ("triage", "0002_one_owner_and_a_triage_that_stays"),
    ]
    operations = [
        migrations.RunSQL(HOLDS, UNHOLD),
        migrations.RunSQL(CHOSEN, UNCHOSEN),
        migrations.RunSQL(SAME, UNSAME),
        migrations.RunSQL(STAYS, UNSTAYS),
    ]
