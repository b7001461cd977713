"""Give a system of an organisation its key."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from lzc.keys import LONGEST_VALID, issue
from lzc.models import Organisation
from lzc.rights import Duty


class Command(BaseCommand):
    help = "Makes an API key for a system of an organisation. It is shown once: keep it well."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", help="id, AGB code or exact name of the organisation")
        parser.add_argument("name", help="what the system is, for instance 'HIS of the practice'")
        parser.add_argument(
            "--scope",
            action="append",
            choices=[str(d) for d in Duty],
            required=True,
            help="a kind of work it may do; give it more than once for more",
        )
        parser.add_argument("--desk", help="id or exact name of the desk it works at")
        parser.add_argument(
            "--days", type=int, default=365, help="how long the key is valid (365; at most 366)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = one(Organisation, options["organisation"], "name", "agb_code")
        desk = None
        if options["desk"]:
            desk = one(organisation.desks, options["desk"], "name")
        valid = timedelta(days=options["days"])
        if not timedelta() < valid <= LONGEST_VALID:
            raise CommandError("A key is valid for at least 1 day and at most 366.")
        made = issue(
            organisation,
            name=options["name"],
            scopes=[Duty(s) for s in options["scope"]],
            desk=desk,
            valid=valid,
        )
        self.stdout.write(made.key)
        self.stderr.write(
            f"For {made.client}, valid until {made.client.expires_at:%d-%m-%Y}. "
            "This key is not shown again."
        )


def one(rows: Any, wanted: str, *columns: str) -> Any:
    """The one row that this id or name stands for."""
    manager = rows if hasattr(rows, "filter") else rows.objects
    try:
        found = list(manager.filter(pk=UUID(wanted)))
    except ValueError:
        found = [row for column in columns for row in manager.filter(**{column: wanted})]
    if len(found) != 1:
        how_many = "more than one has" if found else "nothing has"
        raise CommandError(f"{how_many.capitalize()} the id or name {wanted!r}.")
    return found[0]
