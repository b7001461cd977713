from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lzc", "0005_single_keys")]

    operations = [
        migrations.AddIndex(
            "postalarea", models.Index(fields=["town", "pc4"], name="area_of_town")
        ),
    ]
