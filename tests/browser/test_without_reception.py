"""Journeys 9 and 10: phones without reception. What is tapped or typed waits, and goes out once."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from capacity.models import CareUnit, Closure
from coordination.models import Offer
from tests.browser.conftest import Open
from tests.browser.window import PASSWORD, PHONE, Window, aside
from tests.care_pages.test_visit import a_visit, looked, task
from tests.scenarios.night import Night
from triage.models import Contact

FOUND = "Heup pijnlijk, loopt met hulp van de buurvrouw."


def is_well(window: Window) -> None:
    """Chromium writes down what it could not fetch; that is what these journeys are about."""
    unfetched = ("net::ERR_", "Failed to fetch")
    window.wrong = [told for told in window.wrong if not any(mark in told for mark in unfetched)]
    window.is_well()


def kept_in_the_browser(page: Page) -> str:
    kept: str = page.evaluate("() => JSON.stringify([{...sessionStorage}, {...localStorage}])")
    return kept


def the_answer_is_lost(route: Route) -> None:
    """The server does it, and nobody hears that it did."""
    route.fetch()
    route.abort()


def test_a_planner_without_reception_and_what_the_desk_still_sees(
    night: Night, opens: Open
) -> None:
    aside(lambda: night.frees(night.linde, night.ward, 2))
    desk, house = opens(night.cast.coordinator), opens(night.cast.planner, PHONE)
    phone, seen = house.page, desk.page.locator(f"#eenheid-{night.ward} .o-vrij b")
    desk.page.goto("/capaciteit/overzicht/")
    phone.goto("/capaciteit/")
    figure, waits = phone.locator(f"#vrij-{night.ward}"), phone.locator(f"#wacht-{night.ward}")
    more = phone.get_by_role("button", name="Eén meer vrij")

    house.goes_live()
    phone.context.set_offline(True)
    expect(phone.locator("#wachtrij")).to_contain_text("Geen verbinding")
    expect(phone.locator("#live")).to_contain_text("Verbinding hapert")
    more.click()
    more.click()
    phone.get_by_text("of opnamestop…").click()
    phone.get_by_role("button", name="infectie op de afdeling").click()
    expect(figure).to_have_text("4")
    expect(waits).to_contain_text("Het ZCC ziet nog: 2 vrij (van ")
    expect(phone.locator("#wachtrij")).to_contain_text("3 wijzigingen staan klaar")
    house.is_accessible()
    desk.page.reload()
    expect(seen).to_have_text("2")

    # Of the first tap the answer is lost: it is sent again, and counts once.
    phone.route("**/meer", the_answer_is_lost, times=1)
    desk.goes_live()
    with desk.not_reloaded():
        phone.context.set_offline(False)
        expect(seen).to_have_text("4")
    expect(phone.locator("#wachtrij-klaar")).to_be_visible()
    house.goes_live()
    expect(phone.locator("#soorten")).to_contain_text("infectie op de afdeling")
    expect(waits).to_be_hidden()
    expect(figure).to_have_text("4")
    assert aside(lambda: Closure.objects.filter(unit=night.ward).count()) == 1
    is_well(house)
    desk.is_well()


def test_a_tap_outlives_a_reload_and_says_that_it_came_too_late(night: Night, opens: Open) -> None:
    aside(lambda: night.frees(night.linde, night.ward))
    house = opens(night.cast.planner, PHONE)
    phone = house.page
    phone.goto("/capaciteit/")
    # The phone believes that it has a connection, and nothing arrives.
    phone.route("**/minder", lambda route: route.abort())
    phone.get_by_role("button", name="Eén minder vrij").click()
    expect(phone.locator("#wachtrij")).to_contain_text("Geen verbinding")
    phone.reload()
    expect(phone.locator("#wachtrij-lijst")).to_contain_text("Eén minder vrij")
    aside(lambda: night.offered(night.a_request()[1], night.ward))
    phone.unroute("**/minder")
    expect(phone.locator("#geweigerd")).to_contain_text("geen vrije plekken meer")
    house.is_accessible()
    is_well(house)


def test_what_held_hours_ago_is_not_confirmed_as_if_it_holds_now(night: Night, opens: Open) -> None:
    house = opens(night.cast.planner, PHONE)
    phone = house.page
    phone.goto("/capaciteit/")
    phone.context.set_offline(True)
    phone.locator("#klopt").click()
    expect(phone.locator("#wachtrij-lijst")).to_contain_text("Klopt nog")
    phone.clock.set_fixed_time(timezone.now() + timedelta(hours=2))
    phone.context.set_offline(False)
    expect(phone.locator("#geweigerd")).to_contain_text("wachtte te lang")
    assert aside(lambda: CareUnit.objects.get(pk=night.ward).observed_at) is None
    is_well(house)


def reports(night: Night, offer: Offer) -> list[Any]:
    case = offer.request.case_id
    return aside(lambda: looked(night.cast, Contact, case=case, kind="report"))


def test_a_visit_in_a_house_without_reception(night: Night, opens: Open) -> None:
    offer = aside(lambda: a_visit(night.cast))
    nurse = opens(night.cast.nurse, PHONE)
    page = nurse.page
    page.goto(task(offer))
    nurse.goes_live()
    page.locator("#id_read_back").fill("Ligt naast bed; wij gaan erheen.")
    page.get_by_role("button", name="Gelezen en begrepen").click()
    findings = page.locator("#id_findings")

    # No reception: she leaves, arrives, and begins to write.
    expect(page.locator("#id_read_back")).to_have_count(0)
    page.context.set_offline(True)
    with nurse.not_reloaded():
        page.get_by_role("button", name="Ik ben onderweg").click()
        page.get_by_role("button", name="Ik ben bij de patiënt").click()
        findings.press_sequentially(FOUND[:20])
        expect(page.locator("#wacht-depart")).to_contain_text("Nog niet verstuurd")
        expect(page.locator("#wachtrij")).to_contain_text("2 wijzigingen staan klaar")
        page.get_by_role("link", name="Gaat achteruit").click()
        expect(page.locator(".zonder")).to_contain_text(night.cast.coordinator.desk.telephone)
        nurse.is_accessible()

        # It comes back under the half-typed text, and goes again before that is saved.
        findings.focus()
        page.context.set_offline(False)
        expect(page.locator("#stap-start time")).to_be_visible()
        expect(findings).to_have_value(FOUND[:20])
        expect(findings).to_be_focused()
        page.context.set_offline(True)
        page.keyboard.type(FOUND[20:])
        page.get_by_role("button", name="Bevindingen bewaren").click()
        page.get_by_role("button", name="Bezoek afronden").click()
        expect(page.locator("#wacht-report")).to_be_visible()
        assert "Heup" not in kept_in_the_browser(page)
        assert reports(night, offer) == []
        page.context.set_offline(False)
        expect(page.locator("#taak")).to_contain_text("Dit bezoek is klaar")
    (report,) = reports(night, offer)
    assert report.text == FOUND
    is_well(nurse)


def test_a_session_that_ended_in_the_meantime_loses_no_findings(night: Night, opens: Open) -> None:
    offer = aside(lambda: a_visit(night.cast, until="started"))
    page = opens(night.cast.nurse, PHONE).page
    page.goto(task(offer))
    page.locator("#id_findings").fill(FOUND)
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Bevindingen bewaren").click()
    expect(page.locator("#login")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(FOUND)
    page.locator("#id_username").fill(night.cast.nurse.user.username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#login button").click()
    page.locator("#alsnog").click()
    expect(page.locator("#stap-report time")).to_be_visible()
    assert [report.text for report in reports(night, offer)] == [FOUND]
