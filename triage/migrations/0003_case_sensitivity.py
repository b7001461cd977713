"""Why looking at a case is more sensitive than usual."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("triage", "0002_one_owner_and_a_triage_that_stays"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="sensitivity",
            field=models.CharField(blank=True, max_length=12),
        ),
    ]
