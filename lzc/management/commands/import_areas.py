"""`manage.py import_areas FILE`: the real outlines of municipalities or regions, for the map."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from lzc.areas import inside
from lzc.boundaries import Outline, read
from lzc.models import Boundary, PostalArea, Region
from lzc.postcodes import Unreadable


class Command(BaseCommand):
    help = (
        "Read outlines from a GeoJSON file (degrees or RD metres). What the file holds of a region "
        "takes the place of what that region had. An area belongs to the region that its property "
        "`region` names, or else to that of most postcodes inside it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--name", default="", help="the property that holds the name")
        parser.add_argument("--region", default="", help="slug: of areas with no postcode of ours")
        parser.add_argument("--source", default="", help="whom to thank, shown beside the map")
        parser.add_argument("--dry-run", action="store_true", help="read it, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        regions = {region.slug: region for region in Region.objects.all()}
        otherwise = options["region"]
        if otherwise and otherwise not in regions:
            raise CommandError(f"There is no region {otherwise!r}. We know: {', '.join(regions)}.")
        postcodes = [(area.x, area.y, area.region_id) for area in PostalArea.objects.all()]
        slugs = {region.pk: slug for slug, region in regions.items()}
        rows = []
        try:
            for outline in read(options["file"], options["name"]):
                slug = outline.region or slugs.get(_most(outline, postcodes)) or otherwise
                if self._told(outline, slug, slug in regions):
                    rows.append(_row(outline, regions[slug], options["source"]))
        except Unreadable as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        if rows and not options["dry_run"]:
            _write(rows)
        said = "would be read" if options["dry_run"] else "were read"
        self.stdout.write(f"{len(rows)} areas {said}.")

    def _told(self, outline: Outline, slug: str, known: bool) -> bool:
        """A line for each area, as soon as it is read."""
        size = f"{outline.said} corners, {outline.corners} kept"
        where = slug if known else f"left out: there is no region {slug!r}"
        if not slug:
            where = "left out: no postcode of ours lies in it, and no --region was given"
        self.stdout.write(f"{outline.name} ({size}): {where}")
        return known


def _most(outline: Outline, postcodes: list[tuple[int, int, Any]]) -> Any:
    """The region of most postcodes that lie in it."""
    found = Counter(
        region
        for x, y, region in postcodes
        if any(inside((x, y), polygon) for polygon in outline.shape)
    )
    return found.most_common(1)[0][0] if found else None


def _row(outline: Outline, region: Region, source: str) -> Boundary:
    return Boundary(region=region, name=outline.name[:80], shape=outline.shape, source=source[:120])


def _write(rows: list[Boundary]) -> None:
    with transaction.atomic():
        Boundary.objects.filter(region__in={row.region_id for row in rows}).delete()
        Boundary.objects.bulk_create(rows)
