"""Where the demo's postcodes lie: around the middle of their town, each on a spot of its own.

The real positions can be read in afterwards with `manage.py import_postcodes`.
"""

from dataclasses import dataclass
from math import cos, pi, sin, sqrt

from coordination.demo.shapes import Town
from lzc.grid import to_globe, to_rd

#: Turning by this angle each time spreads points evenly, as seeds in a sunflower.
GOLDEN_ANGLE = pi * (3 - sqrt(5))
#: A postcode area in a town covers about this much: metres between neighbours.
APART = 550


@dataclass(frozen=True)
class Spot:
    town: Town
    pc4: int
    x: int
    y: int
    lat: float
    lon: float


def spots(towns: tuple[Town, ...]) -> list[Spot]:
    middles = to_rd((town.lat, town.lon) for town in towns)
    found = [
        (town, pc4, *_around(middle, number))
        for town, middle in zip(towns, middles, strict=True)
        for number, pc4 in enumerate(town.postcodes)
    ]
    globe = to_globe((x, y) for _, _, x, y in found)
    return [
        Spot(town, pc4, x, y, lat, lon)
        for (town, pc4, x, y), (lat, lon) in zip(found, globe, strict=True)
    ]


def _around(middle: tuple[int, int], number: int) -> tuple[int, int]:
    far, angle = APART * sqrt(number), number * GOLDEN_ANGLE
    return round(middle[0] + far * cos(angle)), round(middle[1] + far * sin(angle))
