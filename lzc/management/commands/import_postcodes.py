"""`manage.py import_postcodes FILE`: where each four-digit postcode really lies."""

from math import hypot
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from lzc.models import PostalArea, Region
from lzc.postcodes import Line, Unreadable, read

SAME_TOWN_METRES = 15_000


class Command(BaseCommand):
    help = (
        "Read four-digit postcodes from a CSV file with a header: pc4 (or postcode4), town (or "
        "plaats, woonplaats), lat and lon in degrees or x and y in RD metres, and if you like "
        "region: the slug of the region it belongs to."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--region", help="slug: of postcodes in towns that no region has yet")
        parser.add_argument("--dry-run", action="store_true", help="read it, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = read(options["file"])
        except Unreadable as error:
            raise CommandError(str(error)) from error
        regions = {region.slug: region for region in Region.objects.all()}
        if not regions:
            raise CommandError("There are no regions yet. Make one first, or run `manage.py demo`.")
        for slug in {line.region for line in lines} | {options["region"] or ""}:
            if slug and slug not in regions:
                raise CommandError(f"There is no region {slug!r}. We know: {', '.join(regions)}.")
        rows, homeless = _rows(lines, regions, options["region"] or "")
        if not options["dry_run"]:
            _write(rows)
        said = "would be read" if options["dry_run"] else "were read"
        self.stdout.write(f"{len(rows)} postcodes {said}.")
        if homeless:
            self.stdout.write(
                f"{homeless} were left out: no region has their town. Name one with --region, "
                "or add a column `region`."
            )


def _rows(
    lines: list[Line], regions: dict[str, Region], otherwise: str
) -> tuple[list[PostalArea], int]:
    """A postcode stays in its region; a new one follows its own column, its town, or --region."""
    known = {area.pc4: area for area in PostalArea.objects.all()}
    towns = {area.town.casefold(): area for area in known.values() if area.town}
    rows = []
    for line in lines:
        kin = known.get(line.pc4) or _of_same_town(line, towns)
        slug = line.region or ("" if kin else otherwise)
        if slug:
            region = regions[slug].pk
        elif kin:
            region = kin.region_id
        else:
            continue
        rows.append(
            PostalArea(
                pc4=line.pc4,
                town=line.town or (kin.town if kin else ""),
                region_id=region,
                x=line.x,
                y=line.y,
                lat=line.lat,
                lon=line.lon,
            )
        )
    return rows, len(lines) - len(rows)


def _of_same_town(line: Line, towns: dict[str, PostalArea]) -> PostalArea | None:
    """There is a Beek in Limburg and one in Gelderland: the name alone does not say which."""
    found = towns.get(line.town.casefold())
    near = found is not None and hypot(found.x - line.x, found.y - line.y) < SAME_TOWN_METRES
    return found if near else None


def _write(rows: list[PostalArea]) -> None:
    with transaction.atomic():
        PostalArea.objects.bulk_create(
            rows,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["pc4"],
            update_fields=["town", "region", "x", "y", "lat", "lon"],
        )
