"""Care against somebody's will is marked in the access log; a municipality may serve."""

from django.db import migrations, models

import lzc.rights


class Migration(migrations.Migration):
    dependencies = [
        ("lzc", "0002_the_logs_only_grow"),
    ]

    operations = [
        migrations.AddField(
            model_name="accessrecord",
            name="sensitivity",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="kind",
            field=models.CharField(
                choices=[
                    (
                        lzc.rights.OrganisationKind["MELDKAMER"],
                        lzc.rights.OrganisationKind["MELDKAMER"],
                    ),
                    (lzc.rights.OrganisationKind["HAP"], lzc.rights.OrganisationKind["HAP"]),
                    (lzc.rights.OrganisationKind["ZCC"], lzc.rights.OrganisationKind["ZCC"]),
                    (
                        lzc.rights.OrganisationKind["HUISARTS"],
                        lzc.rights.OrganisationKind["HUISARTS"],
                    ),
                    (
                        lzc.rights.OrganisationKind["WIJKVERPLEGING"],
                        lzc.rights.OrganisationKind["WIJKVERPLEGING"],
                    ),
                    (lzc.rights.OrganisationKind["VVT"], lzc.rights.OrganisationKind["VVT"]),
                    (
                        lzc.rights.OrganisationKind["ZIEKENHUIS"],
                        lzc.rights.OrganisationKind["ZIEKENHUIS"],
                    ),
                    (lzc.rights.OrganisationKind["GGZ"], lzc.rights.OrganisationKind["GGZ"]),
                    (
                        lzc.rights.OrganisationKind["GEMEENTE"],
                        lzc.rights.OrganisationKind["GEMEENTE"],
                    ),
                    (lzc.rights.OrganisationKind["ROAZ"], lzc.rights.OrganisationKind["ROAZ"]),
                ],
                max_length=20,
            ),
        ),
    ]
