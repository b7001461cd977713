"""The map as a picture the server draws: for the wall, for print, for who has no script."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coordination.pages.land import Area, Land
from coordination.pages.spots import Spot
from lzc.areas import Point

#: Of the longest side, in units of the picture; and the room around it.
SIDE, ROOM = 1000.0, 24.0
#: A picture shows at least so many metres, also of one town.
LEAST = 14_000.0
#: A name is about so wide and high; below its mark it stands here, or above it for want of room.
NAME, BELOW, ABOVE = (66.0, 20.0), 36.0, -24.0
#: A hospital stands beside the mark of its town, the next one beside that.
BESIDE, NEXT = (30.0, -18.0), 26.0


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    spot: Spot


@dataclass(frozen=True)
class Name:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Hospital:
    """`load`: what its emergency department said last; empty when it said nothing."""

    x: float
    y: float
    name: str
    load: str


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    areas: tuple[tuple[str, str], ...]  # name, path
    marks: tuple[Mark, ...]
    names: tuple[Name, ...]
    hospitals: tuple[Hospital, ...]
    land: Land


class Frame:
    """From metres, north up, to the picture, down from the top."""

    def __init__(self, points: Iterable[Point]) -> None:
        xs, ys = zip(*points, strict=True)
        (self.left, right), (bottom, self.top) = _span(xs), _span(ys)
        wide, high = right - self.left, self.top - bottom
        self.scale = (SIDE - 2 * ROOM) / max(wide, high)
        self.width = round(wide * self.scale + 2 * ROOM)
        self.height = round(high * self.scale + 2 * ROOM)

    def at(self, point: Point) -> Point:
        x, y = point
        return (
            round((x - self.left) * self.scale + ROOM, 1),
            round((self.top - y) * self.scale + ROOM, 1),
        )

    def path(self, area: Area) -> str:
        rings = (ring for polygon in area.polygons for ring in polygon)
        return "".join(
            "M" + "L".join("{:g} {:g}".format(*self.at(point)) for point in ring) + "Z"
            for ring in rings
        )


def _span(values: tuple[float, ...]) -> tuple[float, float]:
    low, high = min(values), max(values)
    wanting = max(LEAST - (high - low), 0.0) / 2
    return low - wanting, high + wanting


def drawing(land: Land, spots: list[Spot], hospitals: Iterable[Any] = ()) -> Drawing | None:
    """Nothing when there is no land to draw."""
    corners = [p for a in land.areas for polygon in a.polygons for ring in polygon for p in ring]
    if not (corners or land.towns):
        return None
    frame = Frame([*(corners or land.towns.values()), *(spot.at for spot in spots)])
    marks = tuple(Mark(*frame.at(spot.at), spot) for spot in spots)
    return Drawing(
        width=frame.width,
        height=frame.height,
        areas=tuple((area.name, frame.path(area)) for area in land.areas),
        marks=marks,
        names=_names(frame, land.towns, marks),
        hospitals=_hospitals(frame, land.towns, hospitals),
        land=land,
    )


def _names(frame: Frame, towns: Mapping[str, Point], marks: tuple[Mark, ...]) -> tuple[Name, ...]:
    """Of every town with a mark, and of the others as far as there is room."""
    found: list[Name] = []
    for mark in marks:
        shift = BELOW if _room(mark.x, mark.y + BELOW, found) else ABOVE
        found.append(Name(mark.x, mark.y + shift, mark.spot.town))
    marked = {name.text for name in found}
    taken = [*found, *(Name(mark.x, mark.y, "") for mark in marks)]
    for town, point in towns.items():
        x, y = frame.at(point)
        if town not in marked and _room(x, y, taken):
            taken.append(Name(x, y, town))
            found.append(taken[-1])
    return tuple(found)


def _room(x: float, y: float, taken: Iterable[Name]) -> bool:
    return all(abs(x - one.x) > NAME[0] or abs(y - one.y) > NAME[1] for one in taken)


def _hospitals(
    frame: Frame, towns: Mapping[str, Point], rows: Iterable[Any]
) -> tuple[Hospital, ...]:
    found: list[Hospital] = []
    for row in rows:
        if row.town in towns:
            x, y = frame.at(towns[row.town])
            here = sum(1 for h in found if h.y == y + BESIDE[1] and abs(h.x - x) < SIDE / 10)
            load = row.told.load if row.told else ""
            found.append(Hospital(x + BESIDE[0] + here * NEXT, y + BESIDE[1], row.name, load))
    return tuple(found)
