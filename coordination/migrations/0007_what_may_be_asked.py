"""Where, how far and on what ground a place is sought; what a choice rested on."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("coordination", "0006_a_call_is_an_observation_of_the_unit"),
        ("lzc", "0003_care_against_ones_will"),
        ("triage", "0003_case_sensitivity"),
    ]

    operations = [
        migrations.AddField(
            model_name="carerequest",
            name="beyond",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="carerequest",
            name="legal_ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("decision", "decision"),
                    ("ibs", "ibs"),
                    ("no_resistance", "no_resistance"),
                    ("rm", "rm"),
                    ("none_resists", "none_resists"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="carerequest",
            name="may_wait_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="carerequest",
            name="near_pc4",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="carerequest",
            name="sex",
            field=models.CharField(default="unknown", max_length=8),
        ),
        migrations.AddField(
            model_name="carerequest",
            name="travel_limit",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="carerequest",
            name="who_treats",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name="carerequest",
            name="wish_codes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="decision",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="hygiene_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="carerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "legal_ground__in",
                        ["", "decision", "ibs", "no_resistance", "rm", "none_resists"],
                    )
                ),
                name="request_legal_ground_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="carerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("who_treats__in", ["", "none", "own", "passant", "specialist"])
                ),
                name="request_who_treats_known",
            ),
        ),
    ]
