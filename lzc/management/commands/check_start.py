"""Asked before a process starts: may LZC serve from this database?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from lzc.run import soundness


class Command(BaseCommand):
    help = "Refuses, with what to do, when the database is not fit to serve from."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            faults = list(soundness.faults())
        except OperationalError as error:
            address = soundness.database_address()
            faults = [f"No database answers at {address} ({str(error).strip()}): start it."]
        if faults:
            raise CommandError("LZC does not start.\n" + "\n".join(faults))
        if sys.stdout.isatty():
            self.stdout.write("The database is fit to serve from.")
