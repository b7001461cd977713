"""The Dutch national grid (RD, EPSG:28992, metres) and the globe (WGS 84, degrees)."""

from collections.abc import Iterable
from functools import lru_cache

from pyproj import Transformer

#: The Netherlands lie within these, with some sea around them.
LAT, LON = (50.5, 53.8), (3.0, 7.5)


@lru_cache(maxsize=2)
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_rd(positions: Iterable[tuple[float, float]]) -> list[tuple[int, int]]:
    """(lat, lon) → (x, y) in whole metres."""
    lats, lons = _columns(positions)
    xs, ys = _transformer(4326, 28992).transform(lons, lats)
    return [(round(x), round(y)) for x, y in zip(xs, ys, strict=True)]


def to_globe(positions: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """(x, y) → (lat, lon), to the metre."""
    xs, ys = _columns(positions)
    lons, lats = _transformer(28992, 4326).transform(xs, ys)
    return [(round(lat, 5), round(lon, 5)) for lat, lon in zip(lats, lons, strict=True)]


def _columns(positions: Iterable[tuple[float, float]]) -> tuple[list[float], list[float]]:
    pairs = list(positions)
    return [first for first, _ in pairs], [second for _, second in pairs]
