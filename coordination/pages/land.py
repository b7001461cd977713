"""The land of a ROAZ region: its towns and the areas around them, in metres of the RD grid."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Q

from lzc.areas import Point, Ring, cells
from lzc.models import Boundary, PostalArea, Region

Polygon = tuple[Ring, ...]


@dataclass(frozen=True)
class Area:
    """A municipality as it was drawn, or what lies around a town. Later rings are holes."""

    name: str
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True)
class Land:
    towns: dict[str, Point]
    areas: tuple[Area, ...]
    #: Nobody's outlines: computed from the towns.
    schematic: bool
    sources: tuple[str, ...] = ()


def land(region: Region) -> Land:
    """Real outlines as far as they were read in; else catchments of the towns. Around one town
    alone there is nothing to divide, so nothing is drawn."""
    root = region.root_id
    here = Q(region=root) | Q(region__parent=root)
    towns = _towns(here)
    drawn = list(Boundary.objects.filter(here).order_by("name", "pk"))
    if drawn:
        areas = tuple(Area(one.name, _polygons(one.shape)) for one in drawn)
        return Land(towns, areas, False, tuple(sorted({one.source for one in drawn} - {""})))
    if len(set(towns.values())) < 2:
        return Land(towns, (), False)
    around = cells(tuple(towns.values()))
    areas = tuple(Area(name, ((ring,),)) for name, ring in zip(towns, around, strict=True))
    return Land(towns, areas, True)


def _towns(here: Q) -> dict[str, Point]:
    """Each in the middle of its postcodes. Of two that are called the same, the larger one."""
    rows = PostalArea.objects.filter(here).exclude(town="").values("town", "region")
    rows = rows.annotate(mean_x=Avg("x"), mean_y=Avg("y"), postcodes=Count("pk"))
    by_size = rows.order_by("postcodes", "town", "region")
    return {row["town"]: (row["mean_x"], row["mean_y"]) for row in by_size}


def _polygons(shape: Any) -> tuple[Polygon, ...]:
    return tuple(tuple(tuple((x, y) for x, y in ring) for ring in polygon) for polygon in shape)
