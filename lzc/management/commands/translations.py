"""`translations` brings the catalogue up to date; `--check` says what is missing in Dutch."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lzc import translations


class Command(BaseCommand):
    help = "Adds what is said and not yet translated, drops what nobody says, and compiles."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; say what is lacking"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            translations.update()
            translations.compile_catalogue()
        lacking = translations.gaps()
        if lacking and check:
            raise CommandError("Dutch is not complete:\n" + "\n".join(lacking))
        self.stdout.write("\n".join(lacking) or "Every sentence has its Dutch.")
