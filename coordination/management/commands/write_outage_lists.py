"""Make the outage lists now. Beat has it done every few minutes."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from coordination.outage.writing import with_a_desk, write_all


class Command(BaseCommand):
    help = "Writes the outage list of every organisation with a desk, sealed with its key."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{write_all(with_a_desk())} lists are in {settings.OUTAGE_DIR}.")
