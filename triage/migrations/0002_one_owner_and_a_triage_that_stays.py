"""Ownership stands in two places that may not disagree; what was said and judged stays."""

from django.db import migrations

#: Deferred: a handover closes one involvement, opens another and moves the case, in one act.
OWNER = """
CREATE FUNCTION triage_owner_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    about uuid;
BEGIN
    FOR about IN
        SELECT DISTINCT (was ->> TG_ARGV[0])::uuid
        FROM unnest(ARRAY[to_jsonb(OLD), to_jsonb(NEW)]) was
        WHERE was IS NOT NULL AND was ->> TG_ARGV[1] IS NOT DISTINCT FROM TG_ARGV[2]
    LOOP
        IF EXISTS (SELECT FROM triage_case WHERE id = about) AND NOT EXISTS (
            SELECT FROM triage_case c JOIN triage_involvement i ON i.case_id = c.id
            WHERE c.id = about AND i.kind = 'owner' AND i.until IS NULL AND i.desk_id = c.owner_id
        ) THEN
            RAISE EXCEPTION 'case % has no owner, or two that disagree', about
                USING ERRCODE = 'check_violation', CONSTRAINT = 'case_owner_agrees';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER owner_agrees AFTER INSERT OR UPDATE OF owner_id ON triage_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION triage_owner_agrees('id');
CREATE CONSTRAINT TRIGGER owner_agrees AFTER INSERT OR UPDATE OR DELETE ON triage_involvement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION triage_owner_agrees('case_id', 'kind', 'owner');
"""
DISOWN = """
DROP TRIGGER owner_agrees ON triage_case;
DROP TRIGGER owner_agrees ON triage_involvement;
DROP FUNCTION triage_owner_agrees;
"""
STAYS = """
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON {0}
    FOR EACH STATEMENT EXECUTE FUNCTION lzc_only_grows();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {0}
    FOR EACH STATEMENT EXECUTE FUNCTION lzc_only_grows();
"""
UNSTAYS = """
DROP TRIGGER only_grows ON {0};
DROP TRIGGER never_emptied ON {0};
"""
NEVER_CHANGED = ("triage_contact", "triage_triagerecord", "triage_careassessment")


class Migration(migrations.Migration):
    dependencies = [("triage", "0001_initial"), ("lzc", "0002_the_logs_only_grow")]
    operations = [
        migrations.RunSQL(OWNER, DISOWN),
        *[migrations.RunSQL(STAYS.format(t), UNSTAYS.format(t)) for t in NEVER_CHANGED],
    ]
