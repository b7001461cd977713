"""The key that opens the outage lists of an organisation, for a card in a closed drawer."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from lzc.management.commands.issue_key import one
from lzc.models import Organisation
from lzc.sealing import code_of


class Command(BaseCommand):
    help = "Says the key of an organisation's outage lists. Another OUTAGE_KEY gives other keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", help="id, AGB code or exact name of the organisation")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = one(Organisation, options["organisation"], "name", "agb_code")
        self.stdout.write(code_of(settings.OUTAGE_KEY, organisation.pk))
