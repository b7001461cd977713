"""Give a screen on the wall its token."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lzc.errors import Refused
from lzc.events import act
from lzc.management.commands.issue_key import one
from lzc.models import Organisation
from lzc.walls import LONGEST_DAYS, OPERATOR, issue


class Command(BaseCommand):
    help = "Makes a token for a wall screen: figures only, no patient. It is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", help="id, AGB code or exact name of the organisation")
        parser.add_argument("name", help="where the screen hangs, for instance 'regieruimte'")
        parser.add_argument(
            "--days",
            type=int,
            default=90,
            help=f"how long it is valid (90, {LONGEST_DAYS} at most)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = one(Organisation, options["organisation"], "name", "agb_code")
        try:
            with act(by=OPERATOR, door="issue_wall_token"):
                made = issue(organisation, name=options["name"], days=options["days"], by=OPERATOR)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(made.token)
        self.stderr.write(
            f"For {made.wall}, valid until {made.wall.expires_at:%d-%m-%Y}. Open /wand/ on the "
            "screen and type it there, or open /wand/#TOKEN. It is not shown again."
        )
