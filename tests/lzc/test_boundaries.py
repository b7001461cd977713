"""Reading in real outlines of areas, from a GeoJSON file that the test makes."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lzc.boundaries import read
from lzc.models import Boundary, PostalArea, Region
from lzc.postcodes import Unreadable

#: Around (203000, 503000), where the postcode of these tests lies; one corner twice, one at 8 m.
SQUARE = [[200_000, 500_000], [206_000, 500_000], [206_000, 500_008], [206_000, 506_000],
          [200_000, 506_000], [200_000, 506_000], [200_000, 500_000]]  # fmt: skip
DEGREES = [[6.05, 52.48], [6.14, 52.48], [6.14, 52.54], [6.05, 52.54], [6.05, 52.48]]
FAR = [[5.6, 50.8], [5.8, 50.8], [5.8, 50.9], [5.6, 50.8]]


def feature(ring: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": [ring] if kind == "Polygon" else [[ring]]},
    }


def written(folder: Path, *features: Any) -> Path:
    file = folder / "gebieden.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file


def test_metres_and_degrees_are_both_understood(tmp_path: Path) -> None:
    features = (feature(SQUARE, naam="Zwolle"), feature(DEGREES, "MultiPolygon", statnaam="Ook"))
    metres, degrees = read(written(tmp_path, *features))
    assert (metres.name, degrees.name) == ("Zwolle", "Ook")
    corners = [(200_000, 500_000), (206_000, 500_000), (206_000, 506_000), (200_000, 506_000)]
    assert metres.shape == [[corners]]
    assert (metres.said, metres.corners) == (7, 4)
    ((corner, *_),) = degrees.shape[0]
    assert corner == pytest.approx((200_000, 499_400), abs=300)


def test_neighbours_still_touch_after_rounding(tmp_path: Path) -> None:
    border = [[203_007, 500_000], [203_019, 502_004], [202_988, 506_000]]
    west = [*border, [200_000, 506_000], [200_000, 500_000], border[0]]
    east = [*reversed(border), [206_000, 500_000], [206_000, 506_000], border[2]]
    one, other = read(written(tmp_path, feature(west, name="W"), feature(east, name="E")))
    assert len(set(one.shape[0][0]) & set(other.shape[0][0])) == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no JSON"),
        ("[]", "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "FeatureCollection"),
        ('{"type": "Topology", "features": [1]}', "FeatureCollection"),
        ([None], "Feature 1 of 1 has no properties"),
        ([{"properties": {}}], "Feature 1 of 1 has no properties"),
        ([feature(SQUARE)], "Feature 1 of 1 has no name"),
        (
            [feature(SQUARE, name="A"), feature([1], "Point", name="B")],
            "2 of 2 .B. is a Po",
        ),
        ([feature([[1, 2], [3, 4]], name="A")], "no positions"),
        ([feature([["x", None]], name="A")], "no positions"),
        ([feature(None, name="A")], "no positions"),
        ([feature([[203_000, 503_000]] * 4, name="A")], "encloses nothing"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_with_the_place(
    tmp_path: Path, text: Any, told: str
) -> None:
    file = written(tmp_path, *text) if isinstance(text, list) else tmp_path / "x.geojson"
    if isinstance(text, str):
        file.write_text(text)
    with pytest.raises(Unreadable, match=told):
        list(read(file))


@pytest.fixture
def region(db: None) -> Region:
    made = Region.objects.create(slug="area-test", name="Areas")
    PostalArea.objects.update_or_create(
        pk=9994,
        defaults={"town": "Zwolle", "region": made, "x": 203_000, "y": 503_000, "lat": 1, "lon": 1},
    )
    PostalArea.objects.exclude(pk=9994).filter(x=203_000, y=503_000).delete()
    return made


def imported(file: Path, *arguments: str) -> list[str]:
    told = StringIO()
    call_command("import_areas", str(file), *arguments, stdout=told)
    return told.getvalue().splitlines()


def names(region: Region) -> list[str]:
    return sorted(region.boundaries.values_list("name", flat=True))


def test_an_area_goes_to_the_region_of_the_postcodes_in_it(region: Region, tmp_path: Path) -> None:
    file = written(tmp_path, feature(SQUARE, naam="Zwolle"), feature(FAR, naam="Ver"))
    told = imported(file, "--source", "© Kaartenmaker")
    assert names(region) == ["Zwolle"]
    assert region.boundaries.get().source == "© Kaartenmaker"
    assert told == [
        "Zwolle (7 corners, 4 kept): area-test",
        "Ver (4 corners, 3 kept): left out: no postcode of ours lies in it, and no --region was "
        "given",
        "1 areas were read.",
    ]


def test_the_file_or_the_command_may_say_the_region(region: Region, tmp_path: Path) -> None:
    file = written(tmp_path, feature(FAR, naam="Ver"), feature(FAR, naam="Elders", regio="nergens"))
    told = imported(file, "--region", region.slug)
    assert names(region) == ["Ver"]
    assert told[1].endswith("left out: there is no region 'nergens'")
    with pytest.raises(CommandError, match="no region 'nergens'"):
        imported(file, "--region", "nergens")


def test_a_new_file_takes_the_place_of_the_old_one(region: Region, tmp_path: Path) -> None:
    imported(written(tmp_path, feature(SQUARE, code="A")), "--name", "code")
    imported(written(tmp_path, feature(SQUARE, naam="B"), feature(DEGREES, naam="C")))
    assert names(region) == ["B", "C"]


def test_a_dry_run_and_a_broken_file_change_nothing(region: Region, tmp_path: Path) -> None:
    told = imported(written(tmp_path, feature(SQUARE, naam="A")), "--dry-run")
    assert told[-1] == "1 areas would be read."
    with pytest.raises(CommandError, match="Nothing was changed"):
        imported(written(tmp_path, feature(SQUARE, naam="A"), feature(SQUARE)))
    assert not Boundary.objects.filter(region=region).exists()
