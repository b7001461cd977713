"""The pictures of the manual. No test: `python -m tests.manual` runs this file, on the stage of the
browser tests."""

import pytest
from playwright.sync_api import Page, expect

from capacity import observing
from capacity.models import CareUnit
from lzc.models import PostalArea, Region, User
from tests.browser.conftest import Open
from tests.browser.test_the_huisarts import fills_in
from tests.browser.test_the_night_by_hand import until_the_form
from tests.browser.window import PHONE, aside
from tests.care_pages.test_visit import a_visit, task
from tests.cast import Cast, House
from tests.manual import MANUAL
from tests.scenarios.night import Night

#: Who works in the manual; all of them are invented.
NAMES = {
    "coordinator": "Anna Visser",
    "huisarts": "Hanna de Wit",
    "nurse": "Jo Bakker",
    "planner": "Karin Smit",
}
#: Where the other towns lie, in kilometres from the first one.
TOWNS = {
    "Kampen": (-12, 7),
    "Meppel": (6, 21),
    "Dalfsen": (10, 1),
    "Ommen": (21, 4),
    "Hardenberg": (33, 10),
    "Raalte": (13, -14),
    "Epe": (-5, -15),
    "Deventer": (4, -27),
}


@pytest.fixture
def night(night: Night) -> Night:
    """The same stage, furnished: people with a name, a region with more than one town."""
    aside(lambda: _furnished(night.cast))
    return night


def _furnished(cast: Cast) -> None:
    for part, name in NAMES.items():
        User.objects.filter(pk=getattr(cast, part).user.pk).update(full_name=name)
    Region.objects.filter(pk=cast.region.pk).update(name="Regio Zwolle")
    Region.objects.filter(pk=cast.subregion.pk).update(name="IJssel-Vecht")
    hospital = House("ziekenhuis", "Ziekenhuis De Meander", cast.subregion, has_desk=False).saved()
    cast.coordinator.does(
        observing.report_load, hospital.pk, load="busy", expected_until=None, source="phone"
    )
    first = PostalArea.objects.get(pk=cast.pc4)
    for code, (town, (east, north)) in enumerate(TOWNS.items(), start=9_990):
        at = {"x": first.x + east * 1_000, "y": first.y + north * 1_000}
        known = {"town": town, "region": cast.subregion, "lat": first.lat, "lon": first.lon}
        PostalArea.objects.update_or_create(pk=code, defaults=at | known)
        if town == "Dalfsen":
            CareUnit.objects.filter(pk=cast.other_ward.pk).update(town=town, **at)


def keeps(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.screenshot(path=MANUAL / f"{name}.png", animations="disabled")


def test_the_desk(night: Night, opens: Open) -> None:
    aside(lambda: until_the_form(night))
    aside(night.the_form)
    window = opens(night.cast.coordinator)
    page = window.page
    page.goto("/werklijst/")
    window.goes_live()
    expect(page.locator("#nieuws a").first).to_be_visible()
    expect(page.locator("#kaart[data-ready]")).to_be_visible()
    expect(page.locator("#seh-nu .merkje")).to_be_visible()
    keeps(page, "werklijst")
    page.locator(f'#werk .rij-link[href^="/casus/{night.first["reference"]}/"]').click()
    page.locator("#casus").get_by_role("button", name="Oppakken").click()
    expect(page.locator(f"#bied-{night.request}-{night.ward}")).to_be_visible()
    window.goes_live()
    keeps(page, "casus")
    page.goto("/capaciteit/overzicht/")
    window.goes_live()
    keeps(page, "overzicht")
    page.goto("/dienst/")
    window.goes_live()
    keeps(page, "dienst")


def test_the_huisarts(night: Night, opens: Open) -> None:
    person = aside(night.somebody)
    aside(lambda: night.frees(night.linde, night.ward))
    window = opens(night.cast.huisarts)
    page = window.page
    page.goto("/aanvraag/")
    keeps(page, "aanvraag")
    fills_in(page, person)
    page.locator(".verstuur .knop-hoofd").click()
    expect(page.locator("#volg")).to_be_visible()
    window.goes_live()
    keeps(page, "volgen")


def test_the_planner(night: Night, opens: Open) -> None:
    aside(lambda: night.frees(night.linde, night.ward, 2))
    aside(lambda: night.offered(night.a_request()[1], night.ward))
    window = opens(night.cast.planner, PHONE)
    page = window.page
    page.goto("/capaciteit/")
    window.goes_live()
    keeps(page, "plekken")
    page.goto("/aanbod/")
    expect(page.locator("article.vraag")).to_have_count(1)
    window.goes_live()
    keeps(page, "aanbod")


def test_the_nurse(night: Night, opens: Open) -> None:
    offer = aside(lambda: a_visit(night.cast))
    window = opens(night.cast.nurse, PHONE)
    page = window.page
    page.goto(task(offer))
    window.goes_live()
    keeps(page, "bezoek")


def test_the_wall(night: Night, opens: Open) -> None:
    aside(lambda: night.frees(night.linde, night.ward))
    aside(lambda: night.frees(night.wilg, night.other_ward, 2))
    aside(lambda: night.a_request())
    page = opens(night.cast.coordinator).page
    page.goto("/wand/schermen/")
    page.locator("#id_name").fill("Regieruimte")
    page.get_by_role("button", name="Code maken").click()
    code = page.locator("#code code").inner_text()
    page.goto("/noodlijst/")
    keeps(page, "noodlijst")
    wall = opens(None).page
    wall.goto(f"/wand/#{code}")
    expect(wall.locator(".wand-rij li")).to_have_count(1)
    keeps(wall, "wand")
