"""Reading in where postcodes really lie."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lzc.models import PostalArea, Region
from lzc.postcodes import Unreadable, read

RD_OF_ZWOLLE = (203_000, 503_000)


def written(folder: Path, text: str) -> Path:
    file = folder / "postcodes.csv"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    "text",
    [
        "pc4,plaats,lat,lon\n8011,Zwolle,52.5125,6.0944\n",
        "\ufeffPC4;Woonplaats;Lat;Lon\n8011;Zwolle;52,5125;6,0944\n",
        "postcode4\ttown\tx\ty\n8011\tZwolle\t203008\t502992\n",
    ],
)
def test_files_of_several_offices_say_the_same(tmp_path: Path, text: str) -> None:
    (line,) = read(written(tmp_path, text))
    assert (line.pc4, line.town, line.region) == (8011, "Zwolle", "")
    assert (line.x, line.y) == pytest.approx(RD_OF_ZWOLLE, abs=20)
    assert (line.lat, line.lon) == pytest.approx((52.5125, 6.0944), abs=0.0002)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "first line"),
        ("town,lat,lon\nZwolle,52,6\n", "first line"),
        ("pc4,town,lat\n8011,Zwolle,52\n", "first line"),
        ("pc4,town,lat,lon\n", "nothing else"),
        ("pc4,town,lat,lon\n80x1,Zwolle,52.5,6.1\n", "Line 2"),
        ("pc4,town,lat,lon\n8011,Zwolle,52.5\n", "Line 2"),
        ("pc4,town,lat,lon\n8011,Zwolle,52.5,6.1\n999,Zwolle,52.5,6.1\n", "Line 3"),
        ("pc4,town,lat,lon\n8011,Zwolle,6.1,52.5\n", "Line 2"),
        ("pc4,town,lat,lon\n8011,Zwolle,nan,6.1\n", "Line 2"),
        ("pc4,town,lat,lon\n8011,Zwolle,52.5,6.1\n8011,Zwolle,52.5,6.1\n", "twice"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_with_the_place(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(Unreadable, match=told):
        read(written(tmp_path, text))


def test_what_is_no_text_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "image.csv").write_bytes(b"\x89PNG\xff\xfe")
    for name in ("image.csv", "absent.csv", "."):
        with pytest.raises(Unreadable, match="UTF-8"):
            read(tmp_path / name)


@pytest.fixture
def region(db: None) -> Region:
    """Postcode 9998 lies somewhere around Zwolle; its town is called Beek."""
    made = Region.objects.create(slug="import-test", name="Import")
    PostalArea.objects.update_or_create(
        pk=9998,
        defaults={"town": "Beek", "region": made, "x": 203_000, "y": 503_000, "lat": 1, "lon": 1},
    )
    return made


def imported(file: Path, *arguments: str) -> str:
    told = StringIO()
    call_command("import_postcodes", str(file), *arguments, stdout=told)
    return told.getvalue()


FOUR = (
    "pc4,plaats,lat,lon\n"
    "9998,,52.51,6.09\n"  # known; this file knows no town for it
    "9997,Beek,52.52,6.10\n"  # new, in a town we know
    "9996,Beek,50.94,5.80\n"  # another Beek, far away
    "9995,Elders,53.10,6.50\n"
)


def test_a_postcode_stays_in_its_region_and_gets_its_real_place(
    region: Region, tmp_path: Path
) -> None:
    told = imported(written(tmp_path, FOUR))
    known, near = PostalArea.objects.filter(pk__in=(9998, 9997)).order_by("-pk")
    assert (known.region_id, known.town, known.lat) == (region.pk, "Beek", 52.51)
    assert (near.region_id, near.town) == (region.pk, "Beek")
    assert not PostalArea.objects.filter(pk__in=(9996, 9995)).exists()
    assert "2 postcodes were read" in told
    assert "2 were left out" in told


def test_the_others_go_where_the_command_or_the_file_says(region: Region, tmp_path: Path) -> None:
    other = Region.objects.create(slug="import-other", name="Other")
    imported(written(tmp_path, FOUR), "--region", other.slug)
    of = dict(PostalArea.objects.filter(pk__in=(9995, 9996, 9997)).values_list("pk", "region"))
    assert of == {9995: other.pk, 9996: other.pk, 9997: region.pk}
    said = "pc4,plaats,lat,lon,region\n9995,Elders,53.10,6.50,import-test\n"
    imported(written(tmp_path, said))
    assert PostalArea.objects.get(pk=9995).region_id == region.pk


def test_a_dry_run_changes_nothing(region: Region, tmp_path: Path) -> None:
    told = imported(written(tmp_path, FOUR), "--dry-run")
    assert "2 postcodes would be read" in told
    assert PostalArea.objects.get(pk=9998).lat == 1


def test_a_region_that_is_none_is_a_sentence(region: Region, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no region 'nowhere'"):
        imported(written(tmp_path, FOUR), "--region", "nowhere")
    with pytest.raises(CommandError, match="Line 2"):
        imported(written(tmp_path, "pc4,town,lat,lon\n1,a,b,c\n"))
