"""Write the pages of `docs/` that come from the code, or check that they are current."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coordination.management.reference import PAGES, openapi


class Command(BaseCommand):
    help = "Writes what is generated in docs/: states.md, openapi.yaml … Exit 1: not current."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; say what is old")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs"
        fresh = {folder / name: page() for name, page in PAGES.items()}
        fresh[folder / "openapi.yaml"] = openapi()
        old = [p for p, text in fresh.items() if not p.exists() or p.read_text() != text]
        if check and old:
            names = ", ".join(p.name for p in old)
            raise CommandError(f"Not current: {names}. Run `manage.py docs` and commit it.")
        for path in old:
            path.parent.mkdir(exist_ok=True)
            path.write_text(fresh[path])
            self.stdout.write(f"wrote {path.name}")
