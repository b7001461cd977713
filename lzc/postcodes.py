"""Reads four-digit postcodes and their positions from a CSV file, as statistics offices give them.

Nothing of such a file is part of LZC: an installation reads in the one it is licensed to use.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lzc import grid

#: What a column may be called.
NAMES = {
    "pc4": ("pc4", "postcode4", "postcode"),
    "town": ("town", "plaats", "woonplaats", "plaatsnaam"),
    "lat": ("lat", "latitude", "breedtegraad"),
    "lon": ("lon", "longitude", "lengtegraad"),
    "x": ("x", "x_rd", "rd_x"),
    "y": ("y", "y_rd", "rd_y"),
    "region": ("region", "regio"),
}
#: Of the national grid, in metres.
X, Y = (-10_000, 300_000), (300_000, 640_000)


class Unreadable(ValueError):
    """The file is not what we can read; the message says where, and what to do."""


@dataclass(frozen=True)
class Line:
    pc4: int
    town: str  # may be empty: some postcodes hold a harbour and no town
    x: int
    y: int
    lat: float
    lon: float
    region: str


def read(file: Path) -> list[Line]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{file} cannot be read as UTF-8 text: {error}.") from error
    rows = csv.DictReader(text.splitlines(), delimiter=_delimiter(text))
    columns = _columns(rows.fieldnames or [])
    values = [_values(row, columns, rows.line_num) for row in rows]
    if not values:
        raise Unreadable(f"{file} holds a header and nothing else.")
    if len({pc4 for pc4, *_ in values}) < len(values):
        raise Unreadable(f"{file} holds a postcode twice: give each one line.")
    return _placed(values, in_degrees="lat" in columns)


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _columns(header: Sequence[str]) -> dict[str, str]:
    """Ours → theirs."""
    theirs = {name.strip().casefold(): name for name in header}
    columns = {
        ours: theirs[found]
        for ours, names in NAMES.items()
        if (found := next((name for name in names if name in theirs), None))
    }
    if not {"pc4", "town"} <= columns.keys() or not (
        {"lat", "lon"} <= columns.keys() or {"x", "y"} <= columns.keys()
    ):
        raise Unreadable(
            "The first line must name the columns: pc4, town (or plaats), and lat and lon, "
            f"or x and y. It says: {', '.join(header) or 'nothing'}."
        )
    return columns


Values = tuple[int, str, float, float, str]


def _values(row: dict[str, str], columns: dict[str, str], number: int) -> Values:
    def said(name: str) -> str:
        return (row.get(columns.get(name, "")) or "").strip()

    first, second = ("lat", "lon") if "lat" in columns else ("x", "y")
    try:
        pc4, town = int(said("pc4")), said("town")
        one, two = (float(said(name).replace(",", ".")) for name in (first, second))
    except ValueError:
        raise Unreadable(f"Line {number}: pc4, {first} and {second} must be numbers.") from None
    limits = (grid.LAT, grid.LON) if first == "lat" else (X, Y)
    inside = all(
        low <= value <= high for value, (low, high) in zip((one, two), limits, strict=True)
    )
    if not 1000 <= pc4 <= 9999 or not inside:
        raise Unreadable(
            f"Line {number}: a postcode from 1000 to 9999 and a position in the Netherlands "
            "are needed."
        )
    return pc4, town, one, two, said("region")


def _placed(values: list[Values], *, in_degrees: bool) -> list[Line]:
    pairs = [(one, two) for _, _, one, two, _ in values]
    rd = grid.to_rd(pairs) if in_degrees else [(round(x), round(y)) for x, y in pairs]
    globe = pairs if in_degrees else grid.to_globe(pairs)
    return [
        Line(pc4, town, x, y, lat, lon, region)
        for (pc4, town, _, _, region), (x, y), (lat, lon) in zip(values, rd, globe, strict=True)
    ]
