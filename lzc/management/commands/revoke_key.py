"""Take back the key of a system."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lzc.keys import revoke


class Command(BaseCommand):
    help = "Ends an API key, at once. Its prefix is the part between the first two underscores."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("prefix", help="the twelve characters after lzc_")

    def handle(self, *args: Any, **options: Any) -> None:
        if not revoke(options["prefix"]):
            raise CommandError("No key with this prefix opens anything.")
        self.stdout.write("This key opens nothing any more.")
