"""What a unit has is said in codes: an empty one, or one with a mark in it, is none."""

import django.db.models.lookups
from django.db import migrations, models


def are_codes(column):
    """As `capacity.models.are_codes` said it then."""
    joined = models.Func(
        models.F(column),
        models.Value(""),
        models.Value("|"),
        function="array_to_string",
        output_field=models.TextField(),
    )
    blank = models.Q(**{f"{column}__contains": [""]})
    return ~blank & models.Q(django.db.models.lookups.Regex(joined, "^[a-z0-9_]*$"))


class Migration(migrations.Migration):
    dependencies = [("capacity", "0006_what_covers_a_need_by_day_and_by_night")]
    operations = [
        migrations.AddConstraint(
            model_name="careunit",
            constraint=models.CheckConstraint(
                condition=are_codes(column), name=f"unit_{column}_are_codes"
            ),
        )
        for column in ("attributes", "night_attributes")
    ]
