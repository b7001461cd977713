"""Reads outlines of areas from a GeoJSON file, as mapping agencies give them.

Nothing of such a file is part of LZC: an installation reads in the one it is licensed to use.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from lzc import grid
from lzc.postcodes import Unreadable, X, Y

#: What the name of an area may be called, and the slug of its region.
NAMES = ("name", "naam", "statnaam", "gemeentenaam", "gm_naam")
REGION = ("region", "regio")
#: Corners are rounded to this, in metres. Neighbours share corners, and so still do afterwards.
ROUGHLY = 25
Ring = list[tuple[int, int]]
Polygon = list[Ring]


@dataclass(frozen=True)
class Outline:
    """One area of a file. `said`: how many corners it had there."""

    name: str
    region: str
    shape: list[Polygon]
    said: int

    @property
    def corners(self) -> int:
        return sum(len(ring) for polygon in self.shape for ring in polygon)


def read(file: Path, name: str = "") -> Iterator[Outline]:
    """Each feature of the file in turn. `name`: the property that holds the name of an area."""
    features = _features(file)
    for number, feature in enumerate(features, 1):
        yield _outline(feature, f"Feature {number} of {len(features)}", name)


def _features(file: Path) -> list[Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{file} cannot be read as UTF-8 text: {error}.") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{file} is no JSON: {error}.") from error
    match told:
        case {"type": "FeatureCollection", "features": [_, *_] as features}:
            return features
    raise Unreadable(f"{file} is no GeoJSON FeatureCollection with features in it.")


def _outline(feature: Any, where: str, name: str) -> Outline:
    try:
        properties = {str(k).casefold(): v for k, v in (feature["properties"] or {}).items()}
        kind, said = feature["geometry"]["type"], feature["geometry"]["coordinates"]
    except (TypeError, KeyError, AttributeError):
        raise Unreadable(f"{where} has no properties and geometry.") from None
    called = _first(properties, (name.casefold(),) if name else NAMES)
    if not called:
        wanted = name or ", ".join(NAMES)
        raise Unreadable(f"{where} has no name: none of its properties is called {wanted}.")
    if kind not in ("Polygon", "MultiPolygon"):
        raise Unreadable(f"{where} ({called}) is a {kind}; a Polygon or MultiPolygon is needed.")
    try:
        polygons = said if kind == "MultiPolygon" else [said]
        shape = [[_positions(ring) for ring in polygon] for polygon in polygons]
    except (TypeError, ValueError, IndexError):
        raise Unreadable(
            f"{where} ({called}) has corners that are no positions in the Netherlands: degrees "
            "(WGS 84) or RD metres are needed."
        ) from None
    rough = [kept for polygon in shape if (kept := _rough(polygon))]
    if not rough:
        raise Unreadable(f"{where} ({called}) encloses nothing.")
    corners = sum(len(ring) for polygon in shape for ring in polygon)
    return Outline(called, _first(properties, REGION), rough, corners)


def _first(properties: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(properties[name]).strip() for name in names if properties.get(name)), "")


def _positions(ring: Any) -> Ring:
    """In the national grid. GeoJSON says longitude first."""
    pairs = [(float(corner[0]), float(corner[1])) for corner in ring]
    if all(X[0] <= x <= X[1] and Y[0] <= y <= Y[1] for x, y in pairs):
        return [(round(x), round(y)) for x, y in pairs]
    if all(grid.LON[0] <= x <= grid.LON[1] and grid.LAT[0] <= y <= grid.LAT[1] for x, y in pairs):
        return grid.to_rd((lat, lon) for lon, lat in pairs)
    raise ValueError("elsewhere")


def _rough(polygon: Polygon) -> Polygon:
    """The same with fewer corners; nothing when what goes around it has shrunk to a line."""
    rings = [_rounded(ring) for ring in polygon]
    return [ring for ring in rings if len(ring) >= 3] if rings and len(rings[0]) >= 3 else []


def _rounded(ring: Ring) -> Ring:
    rough = [(ROUGHLY * round(x / ROUGHLY), ROUGHLY * round(y / ROUGHLY)) for x, y in ring]
    kept = [one for one, following in pairwise([*rough, rough[0]]) if one != following]
    return kept if kept and kept[0] != kept[-1] else kept[:-1]
