"""What lies around a town when nobody drew it: catchments computed from the towns alone. Pure.

Each point of the land belongs to the nearest town (Voronoi cells), as far as there is a town within
reach. Positions are metres in the national grid; a ring is convex, counter-clockwise, not closed.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import atan2, cos, pi, sin

from scipy.spatial import ConvexHull, Voronoi

Point = tuple[float, float]
Ring = tuple[Point, ...]

#: A region reaches this far beyond its outermost towns.
REACH = 7_000.0
#: A circle is drawn with this many corners.
CORNERS = 24
#: Four points so far away that their own cells begin where nobody looks.
FAR = 100.0


def outline(towns: Sequence[Point], reach: float = REACH) -> Ring:
    """Around all towns, at least this far from each."""
    turns = [2 * pi * corner / CORNERS for corner in range(CORNERS)]
    around = [(x + reach * cos(turn), y + reach * sin(turn)) for x, y in towns for turn in turns]
    return tuple(around[int(corner)] for corner in ConvexHull(around).vertices)


@lru_cache(maxsize=16)
def cells(towns: tuple[Point, ...], reach: float = REACH) -> tuple[Ring, ...]:
    """Of each town what is nearer to it than to any other; towns at one spot share one cell."""
    if not towns:
        return ()
    edge = outline(towns, reach)
    sites = sorted(set(towns))
    found = Voronoi([*sites, *_far_away(edge)])
    by_site = {
        site: _clipped(_ring(site, found.vertices[found.regions[region]].tolist()), edge)
        for site, region in zip(sites, found.point_region, strict=False)
    }
    return tuple(by_site[town] for town in towns)


def _far_away(edge: Ring) -> list[Point]:
    xs, ys = zip(*edge, strict=True)
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    far = FAR * max(max(xs) - min(xs), max(ys) - min(ys))
    return [(x - far, y), (x + far, y), (x, y - far), (x, y + far)]


def _ring(site: Point, corners: list[list[float]]) -> Ring:
    """The corners of a convex cell, in order around its town."""
    x, y = site
    around = sorted(corners, key=lambda corner: atan2(corner[1] - y, corner[0] - x))
    return tuple((cx, cy) for cx, cy in around)


def _clipped(ring: Ring, edge: Ring) -> Ring:
    """What of one convex ring lies within another (Sutherland and Hodgman)."""
    kept = list(ring)
    for start, end in zip(edge, (*edge[1:], edge[0]), strict=True):
        before, kept = kept, []
        for one, other in zip(before, (*before[1:], *before[:1]), strict=True):
            here, there = _side(start, end, one), _side(start, end, other)
            if here >= 0:
                kept.append(one)
            if here * there < 0:
                part = here / (here - there)
                kept.append(_between(one, other, part))
    return tuple(kept)


def _side(start: Point, end: Point, point: Point) -> float:
    """Above zero: to the left of the line, so inside."""
    along = (end[0] - start[0]) * (point[1] - start[1])
    return along - (end[1] - start[1]) * (point[0] - start[0])


def _between(one: Point, other: Point, part: float) -> Point:
    return one[0] + part * (other[0] - one[0]), one[1] + part * (other[1] - one[1])


def inside(point: Point, rings: Sequence[Sequence[Point]]) -> bool:
    """Within a polygon of any shape, whose first ring goes around it and whose others are holes."""
    x, y = point
    crossed = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                crossed += 1
    return crossed % 2 == 1


def size(ring: Ring) -> float:
    """In square metres."""
    pairs = zip(ring, (*ring[1:], *ring[:1]), strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2
