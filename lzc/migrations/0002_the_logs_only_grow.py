"""What only grows: the event log, the access log and the rules of regions.

No UPDATE, DELETE or TRUNCATE, by nobody.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION lzc_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: no %', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""
GUARD = """
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON {0}
    FOR EACH STATEMENT EXECUTE FUNCTION lzc_only_grows();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {0}
    FOR EACH STATEMENT EXECUTE FUNCTION lzc_only_grows();
"""
UNGUARD = "DROP TRIGGER only_grows ON {0}; DROP TRIGGER never_emptied ON {0};"
LOGS = ("lzc_event", "lzc_accessrecord", "lzc_policy")
#: The counter row the whole log counts with. There is never a second one.
COUNTER = """
INSERT INTO lzc_logcounter (id, n) VALUES (1, 0);
CREATE TRIGGER never_emptied BEFORE DELETE OR TRUNCATE ON lzc_logcounter
    FOR EACH STATEMENT EXECUTE FUNCTION lzc_only_grows();
"""
UNCOUNTER = "DROP TRIGGER never_emptied ON lzc_logcounter; DELETE FROM lzc_logcounter;"


class Migration(migrations.Migration):
    dependencies = [("lzc", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION lzc_only_grows"),
        *[migrations.RunSQL(GUARD.format(log), UNGUARD.format(log)) for log in LOGS],
        migrations.RunSQL(COUNTER, UNCOUNTER),
    ]
