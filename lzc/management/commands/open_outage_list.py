"""Open an outage list when all is down: it needs the file and the key, and nothing that runs."""

import os
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lzc.sealing import NotOpened, opened, unwrapped


class Command(BaseCommand):
    help = "Opens an outage list into a page to read and print. No server or database is needed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--key-file", type=Path, help="the file that holds the key; else asked")
        parser.add_argument("--output", type=Path, help="where the page goes (beside the file)")

    def handle(self, *args: Any, **options: Any) -> None:
        file, key_file = options["file"], options["key_file"]
        output = options["output"] or file.with_suffix(".open.html")
        try:
            sealed = unwrapped(file.read_text(encoding="utf-8"))
            code = key_file.read_text() if key_file else getpass("Key: ")
            page = opened(sealed, code)
            # There are patients in it: for whoever opened it, and nobody else on this machine.
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with os.fdopen(os.open(output, flags, 0o600), "w", encoding="utf-8") as to:
                to.write(page)
        except (NotOpened, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"The list of {sealed.organisation}, as of {sealed.made}, is in {output}. "
            "Print it, and remove that file when it is no longer needed."
        )
