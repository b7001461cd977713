"""The map: what is free where, as a picture, as GeoJSON and as a list; never a patient."""

import json
import re
from typing import Any

import pytest
from django.conf import settings as django_settings

from capacity import observing
from capacity.models import CareUnit
from lzc.models import Boundary, Policy, PostalArea
from tests import paths
from tests.cast import Cast, House
from tests.coordination_pages.conftest import Browser, text_of

MAP, AREAS, PLACES = "/kaart/", "/kaart/gebieden.json", "/kaart/plekken.json"
WITH_A_MAP = ("centralist", "triagist", "coordinator", "nurse", "huisarts", "planner")
ZWOLLE = [[[200_000, 500_000], [206_000, 500_000], [206_000, 506_000], [200_000, 506_000]]]


def features(browser: Browser, path: str) -> list[Any]:
    answer = browser.get(path)
    assert answer["Content-Type"] == "application/geo+json"
    return list(json.loads(answer.content)["features"])


@pytest.mark.parametrize("who", WITH_A_MAP)
def test_whoever_takes_in_asks_or_gives_has_a_map(who: str, at: Any) -> None:
    for path in (MAP, AREAS, PLACES):
        assert getattr(at, who).get(path).status_code == 200


def test_others_have_none(at: Any, client: Any) -> None:
    for path in (MAP, AREAS, PLACES):
        assert at.adviser.get(path).status_code == 404
        assert client.get(path).status_code == 302


def test_the_list_says_what_the_map_says(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    paths.a_place(cast)
    spot, *_ = features(at.coordinator, PLACES)
    told = spot["properties"]
    page = at.coordinator.get(MAP)
    assert (told["town"], told["free"], told["level"]) == ("Zwolle", 2, "fresh")
    assert told["label"] == "Zwolle: 2 vrij" in page.content.decode()
    assert spot["geometry"]["coordinates"] == pytest.approx([6.09, 52.51], abs=0.02)
    rows = re.findall(r"Verpleeghuis De \w+, ELV laagcomplex (\d)", text_of(page))
    assert sorted(rows) == ["0", "2"]


def test_a_kind_of_care_is_chosen_for_all_three(cast: Cast, at: Any) -> None:
    (spot,) = features(at.coordinator, f"{PLACES}?zorg=wijkverpleging")
    assert [unit["free"] for unit in spot["properties"]["units"]] == [0]
    page = at.coordinator.get(MAP, zorg="wijkverpleging")
    assert f'data-places="{PLACES}?zorg=wijkverpleging"' in page.content.decode()
    assert "De Linde" not in text_of(page)
    assert "Niemand in de regio" in text_of(at.coordinator.get(MAP, zorg="hospice"))
    assert at.coordinator.get(MAP, zorg="<x>").status_code == 200


def test_a_hospital_stands_on_it_with_how_busy_it_is(cast: Cast, at: Any) -> None:
    house = House("ziekenhuis", "Ziekenhuis De Meander", cast.subregion, has_desk=False).saved()
    cast.coordinator.does(
        observing.report_load, house.pk, load="busy", reason="", expected_until=None, source="phone"
    )
    (told,) = [
        f["properties"] for f in features(at.coordinator, PLACES) if "load" in f["properties"]
    ]
    assert (told["load"], told["label"]) == ("busy", "Ziekenhuis De Meander: druk")
    page = at.coordinator.get(MAP)
    assert 'class="k-zkh is-busy"' in page.content.decode()
    assert "Ziekenhuis De Meander, Zwolle druk" in text_of(page)


def test_how_busy_it_is_stands_beside_the_work_list_too(cast: Cast, at: Any) -> None:
    def source() -> str:
        return str(at.coordinator.get("/werklijst/", deel="seh-nu").content.decode())

    def beside() -> str:
        return text_of(at.coordinator.get("/werklijst/", deel="seh-nu"))

    assert 'id="seh-nu" aria-labelledby="seh-nu-kop" hidden' in source()
    house = House("ziekenhuis", "Ziekenhuis De Meander", cast.subregion, has_desk=False).saved()
    assert "Zwolle onbekend" in beside()
    cast.coordinator.does(
        observing.report_load, house.pk, load="busy", reason="", expected_until=None, source="phone"
    )
    assert "Zwolle druk, " in beside()


def test_beside_the_work_list_it_is_drawn_without_tiles(cast: Cast, at: Any, settings: Any) -> None:
    settings.MAP_TILES = "https://tegels.example.nl/grijs/{z}/{x}/{y}.png"
    paths.a_place(cast)
    page = at.coordinator.get("/werklijst/", deel="kaart-vak").content.decode()
    assert 'class="k-plek is-fresh"' in page and 'data-tiles=""' in page
    assert "tegels.example.nl" not in page


def test_how_old_a_figure_is_decides_the_shape(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    CareUnit.objects.filter(pk=cast.ward.pk).update(observed_at="2026-01-01T00:00Z")
    (spot,) = features(at.coordinator, PLACES)
    assert (spot["properties"]["level"], spot["properties"]["uncertain"]) == ("unknown", 1)
    page = at.coordinator.get(MAP).content.decode()
    assert 'class="k-plek is-unknown"' in page and "waarvan 1 onzeker" in page


def test_a_huisarts_reads_no_names_where_the_region_shows_none(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    assert "De Linde" in text_of(at.huisarts.get(MAP))
    Policy.objects.create(region=cast.region, version=1, values={"requester_sees_names": False})
    for path in (MAP, PLACES):
        assert "De Linde" not in at.huisarts.get(path).content.decode()
        assert "De Linde" in at.coordinator.get(path).content.decode()
    assert "1 vrij" in text_of(at.huisarts.get(MAP))
    Policy.objects.create(region=cast.region, version=2, values={"requester_sees": "nothing"})
    assert not features(at.huisarts, PLACES) and features(at.coordinator, PLACES)
    assert "1 vrij" not in text_of(at.huisarts.get(MAP))


def a_second_town(cast: Cast) -> None:
    PostalArea.objects.update_or_create(
        pk=cast.pc4 + 1,
        defaults={"town": "Kampen", "region": cast.subregion, "x": 191_000, "y": 508_000}
        | {"lat": 52.56, "lon": 5.91},
    )


def test_one_town_alone_has_no_area_around_it(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    assert features(at.coordinator, AREAS) == []
    page = at.coordinator.get(MAP)
    assert "schematisch" not in text_of(page)
    assert 'class="k-plek is-fresh"' in page.content.decode()


def test_where_each_town_lies_comes_with_the_areas(cast: Cast, at: Any) -> None:
    a_second_town(cast)
    towns = json.loads(at.coordinator.get(AREAS).content)["towns"]
    assert set(towns) == {"Zwolle", "Kampen"}
    assert towns["Kampen"] == pytest.approx([52.56, 5.91], abs=0.02)


def test_without_outlines_the_areas_are_schematic_and_say_so(cast: Cast, at: Any) -> None:
    a_second_town(cast)
    area, _other = sorted(
        features(at.coordinator, AREAS), key=lambda one: one["properties"]["name"], reverse=True
    )
    assert area["properties"] == {"name": "Zwolle", "schematic": True}
    (((*ring, last),),) = area["geometry"]["coordinates"]
    assert last == ring[0] and len(ring) > 10
    assert "schematisch" in text_of(at.coordinator.get(MAP))


def test_real_outlines_take_their_place_with_whom_to_thank(cast: Cast, at: Any) -> None:
    Boundary.objects.create(region=cast.subregion, name="Zwolle", shape=[ZWOLLE], source="© Ons")
    (area,) = features(at.coordinator, AREAS)
    assert area["properties"] == {"name": "Zwolle", "schematic": False}
    told = text_of(at.coordinator.get(MAP))
    assert "schematisch" not in told and "© Ons" in told


def test_who_has_the_answer_already_is_told_so(cast: Cast, at: Any) -> None:
    for path in (AREAS, PLACES):
        first = at.coordinator.get(path)
        again = at.coordinator.client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "no-store" not in again["Cache-Control"]
    paths.a_place(cast)
    fresh = at.coordinator.client.get(PLACES, headers={"If-None-Match": first["ETag"]})
    assert fresh.status_code == 200


def test_a_region_without_towns_says_that_there_is_no_map(cast: Cast, at: Any) -> None:
    PostalArea.objects.filter(pk=cast.pc4).update(town="")
    CareUnit.objects.filter(region=cast.subregion).delete()
    told = text_of(at.coordinator.get(MAP))
    assert "geen kaart" in told and "nog geen plekken bekend" in told


def images(answer: Any) -> str:
    return next(
        one for one in answer["Content-Security-Policy"].split("; ") if one.startswith("img-src")
    )


def test_no_host_but_ours_is_asked_for_pictures(at: Any) -> None:
    assert images(at.coordinator.get(MAP)) == "img-src 'self'"


def test_tiles_let_in_exactly_their_host_and_only_on_the_map(at: Any, settings: Any) -> None:
    settings.MAP_TILES = "https://tegels.example.nl/grijs/{z}/{x}/{y}.png"
    settings.MAP_CREDIT = "© Tegelzetter"
    page = at.coordinator.get(MAP)
    assert images(page) == "img-src 'self' https://tegels.example.nl"
    assert f'data-tiles="{settings.MAP_TILES}"' in page.content.decode()
    assert "© Tegelzetter" in text_of(page)
    assert images(at.coordinator.get("/werklijst/")) == "img-src 'self'"
    assert django_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"] == ["'self'"]
