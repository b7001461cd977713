"""Requests from before a room could be for men or women get what is known of their patient.

Without it the rule of shared rooms says nothing about who waited already.
"""

from django.db import migrations

FILL = """
UPDATE coordination_carerequest AS request SET sex = patient.sex
FROM triage_patient AS patient
WHERE patient.id = request.patient_id AND request.sex = 'unknown' AND patient.sex <> 'unknown'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0008_who_asked_gets_a_message"),
        ("triage", "0004_drafts_are_kept_a_day"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
