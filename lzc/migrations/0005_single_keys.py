"""Whether one key does something on a page, by person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lzc", "0004_walls_and_boundaries")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="single_keys",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
