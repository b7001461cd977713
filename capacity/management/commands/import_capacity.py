"""Take the figures of many units from a list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from capacity import bulk
from lzc.errors import Refused
from lzc.events import act
from lzc.models import ApiClient


class Command(BaseCommand):
    help = (
        "Says how many places are free, from a CSV list with the columns unit (id or name) and "
        "free; and if you like attributes, valid_until, true_until. Gives a report per line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the list, in UTF-8")
        parser.add_argument(
            "--client", required=True, help="prefix of the key of the system that says so"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it")
        parser.add_argument("--whole", action="store_true", help="all lines, or none")

    def handle(self, *args: Any, **options: Any) -> None:
        by = _client(options["client"])
        try:
            text = options["file"].read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"This list cannot be read: {error}") from error
        how = {"dry_run": options["dry_run"], "whole": options["whole"]}
        try:
            with act(by=by, door="import_capacity"):
                report = bulk.report_all(bulk.read(text, by=by), **how, source="api", by=by)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for line in report.lines:
            outcome = line.detail_en or f"{line.free} free"
            self.stdout.write(f"{line.number}\t{line.outcome}\t{line.unit}\t{outcome}")
        kept = "" if report.kept else " Nothing was changed."
        self.stderr.write(f"{report.saved} saved, {report.refused} refused.{kept}")


def _client(prefix: str) -> ApiClient:
    """In whose name it is said: a key that still works."""
    found = ApiClient.objects.filter(
        prefix=prefix, revoked_at=None, expires_at__gt=timezone.now()
    ).select_related("organisation__region")
    client = found.first()
    if client is None:
        raise CommandError("No key that still works begins with this.")
    return client
