"""Journey: the map by keyboard, live and without a word of complaint; a wall that says it is blind;
an outage list that opens where there is no server.
"""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Route, expect

from lzc.models import Policy
from lzc.sealing import code_of
from tests.browser.conftest import Open
from tests.browser.window import DESK, PHONE, aside
from tests.scenarios.night import Night

TELEVISION = (1920, 1080)


def a_place(night: Night) -> None:
    night.frees(night.linde, night.ward)


def test_the_map_is_live_and_breaks_no_rule(night: Night, opens: Open) -> None:
    aside(lambda: a_place(night))
    window = opens(night.cast.coordinator)
    page = window.page
    page.goto("/kaart/")
    window.goes_live()
    mark = page.locator(".leaflet-marker-icon")
    expect(mark).to_have_attribute("aria-label", "Zwolle: 1 vrij")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kaart-wolk")).to_contain_text("1 vrij Verpleeghuis De Linde")
    with window.not_reloaded():
        aside(lambda: a_place(night))
        expect(mark).to_have_attribute("aria-label", "Zwolle: 2 vrij")
        expect(page.locator(".kaart-wolk")).to_contain_text("2 vrij Verpleeghuis De Linde")
        expect(page.locator("#plaatsen .kaart-plaats")).to_contain_text("2")
    for theme in ("licht", "nacht"):
        page.context.add_cookies([{"name": "lzc_theme", "value": theme, "url": window.stack.url}])
        page.reload()
        expect(mark).to_be_visible()
        window.is_accessible()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE[0]
    window.is_accessible()
    window.is_well()
    # What could not be fetched is asked for again.
    window.goes_live()
    page.route("**/kaart/plekken.json*", lambda route: route.abort(), times=1)
    aside(lambda: a_place(night))
    expect(mark).to_have_attribute("aria-label", "Zwolle: 3 vrij")
    # An answer that was under way longer than a newer one is old news.
    held: list[tuple[Route, Any]] = []
    places = "**/kaart/plekken.json*"
    page.route(places, lambda route: held.append((route, route.fetch())), times=1)
    aside(lambda: a_place(night))
    while not held:
        page.wait_for_timeout(50)
    aside(lambda: a_place(night))
    expect(mark).to_have_attribute("aria-label", "Zwolle: 5 vrij")
    ((route, old),) = held
    assert "4 vrij" in old.text()
    with page.expect_event("requestfinished", lambda asked: "plekken.json" in asked.url):
        route.fulfill(response=old)
    page.wait_for_timeout(300)
    expect(mark).to_have_attribute("aria-label", "Zwolle: 5 vrij")


def test_the_board_shows_where_the_candidates_of_a_case_are(night: Night, opens: Open) -> None:
    aside(lambda: a_place(night))
    case, request = aside(lambda: night.a_request())
    reference = aside(lambda: night.zcc.sees(f"cases/{case}")["reference"])
    window = opens(night.cast.coordinator, (1680, 1050))
    page = window.page
    page.goto(f"/casus/{reference}/")
    window.goes_live()
    mark = page.locator(".k-plaats")
    expect(mark).to_have_attribute("aria-label", "Zwolle: 1 vrij, nummer 1 in de volgorde")
    expect(mark).to_have_text("Zwolle 1")
    expect(page.locator("#seh-nu")).to_be_hidden()  # no hospital is known here
    # Its row points it out; what goes from the ranking goes from the map.
    page.locator(f"#bied-{request}-{night.ward}").focus()
    expect(mark).to_have_class(re.compile("is-aangewezen"))
    with window.not_reloaded():
        aside(lambda: night.offered(request, night.ward))
        expect(mark).to_have_attribute("aria-label", "Zwolle: 0 vrij")
    window.is_accessible()
    # Where there is less room it stands under the case, and is fetched when one comes there.
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    page.reload()
    expect(page.locator("#kaart-vak")).to_contain_text("zodra deze pagina live is")
    page.locator("#kaart-vak").scroll_into_view_if_needed()
    expect(mark).to_be_visible()
    window.is_well()


def test_without_script_the_map_is_a_picture_with_a_list(night: Night, opens: Open) -> None:
    window = opens(night.cast.coordinator, java_script_enabled=False)
    window.page.goto("/kaart/")
    expect(window.page.locator(".kaart .k-plek text")).to_have_text("0")
    expect(window.page.locator("#plaatsen")).to_contain_text("De Linde")
    window.is_well()


def test_a_wall_without_answers_says_so_over_everything(night: Night, opens: Open) -> None:
    aside(lambda: night.a_request())
    window = opens(night.cast.coordinator)
    page = window.page
    page.goto("/wand/schermen/")
    page.locator("#id_name").fill("Regieruimte")
    page.get_by_role("button", name="Code maken").click()
    code = page.locator("#code code").inner_text()
    window.is_accessible()

    screen = opens(None, TELEVISION)
    page = screen.page
    page.clock.install()
    page.goto(f"/wand/#{code}")
    expect(page.locator(".wand-rij li")).to_have_count(1)
    assert code not in page.url
    screen.is_accessible()
    with screen.not_reloaded():
        aside(lambda: night.a_request())
        page.clock.run_for(11_000)
        expect(page.locator(".wand-rij li")).to_have_count(2)
    blind = page.locator("#wand-uit")
    expect(blind).to_be_hidden()
    screen.is_well()

    page.route(re.compile("deel=wand"), lambda route: route.abort())
    page.clock.run_for(75_000)
    expect(blind).to_contain_text("GEEN LIVE-GEGEVENS")
    box = blind.bounding_box()
    assert box and (box["width"], box["height"]) == TELEVISION
    page.unroute(re.compile("deel=wand"))
    page.clock.run_for(11_000)
    expect(blind).to_be_hidden()

    window.page.goto("/wand/schermen/")
    window.page.get_by_role("button", name="Intrekken").click()
    expect(window.page.locator("main")).to_contain_text("geen scherm gekoppeld")
    page.clock.run_for(11_000)
    expect(page.locator("#wand-deur")).to_be_visible()
    window.is_well()


def test_a_sealed_list_opens_in_a_browser_without_a_server(
    night: Night, opens: Open, tmp_path: Path
) -> None:
    ladder = {"escalation": {"on_call": "038-0001234"}}
    region = night.cast.region
    aside(lambda: Policy.objects.create(region=region, version=2, values=ladder))
    aside(lambda: night.a_request())
    desk = opens(night.cast.coordinator)
    desk.page.goto("/noodlijst/")
    patient = desk.page.locator(".nood-casus h3").inner_text()
    desk.is_accessible()
    with desk.page.expect_download() as taken:
        desk.page.get_by_role("link", name="Versleuteld bestand downloaden").click()
    file = tmp_path / taken.value.suggested_filename
    taken.value.save_as(file)
    desk.is_well()

    away = opens(None)
    away.page.goto(file.as_uri())
    assert patient not in away.page.content()
    away.page.locator("#sleutel").fill("AAAA-AAAA")
    away.page.get_by_role("button", name="Lijst openen").click()
    expect(away.page.locator("#fout")).to_contain_text("opent deze lijst niet")
    key = code_of(settings.OUTAGE_KEY, night.cast.coordinator.house.pk)
    away.page.locator("#sleutel").fill(key.lower())
    away.page.get_by_role("button", name="Lijst openen").click()
    expect(away.page.locator(".noodlijst")).to_contain_text(patient)
    expect(away.page.locator(".noodlijst")).to_contain_text("038-0001234")
    expect(away.page.locator("#ouderdom")).to_contain_text("minuten oud")
    assert not away.wrong
