"""Journey 2: two jobs, of which one is chosen; another language, another light; no script."""

from playwright.sync_api import expect

from lzc.models import Membership
from lzc.rights import Role
from tests.browser.conftest import Open
from tests.browser.window import PHONE, aside
from tests.scenarios.night import Night


def a_second_job(night: Night) -> None:
    """The coordinator is a planner at De Linde on other days."""
    house = night.cast.planner.house.row
    Membership.objects.create(
        user=night.cast.coordinator.user, organisation=house, role=Role.PLANNER
    )


def test_somebody_with_two_jobs_chooses_and_switches(night: Night, opens: Open) -> None:
    aside(lambda: a_second_job(night))
    window = opens(None)
    page = window.page
    page.goto("/werklijst/")
    window.is_accessible()
    window.logs_in(night.cast.coordinator)
    choices = page.locator("button.plek")
    expect(choices).to_have_count(2)
    window.is_accessible()

    choices.filter(has_text="Zorgcentrale").click()
    expect(page.locator("#werk")).to_be_visible()
    page.locator("#menu summary").click()
    page.get_by_role("link", name="In een andere rol werken").click()
    expect(page.locator("button.plek[aria-current]")).to_contain_text("Zorgcentrale")
    choices.filter(has_text="De Linde").click()
    expect(page.locator("#soorten")).to_contain_text("ELV laagcomplex")
    expect(page.locator(".balk-nav")).not_to_contain_text("Werklijst")
    window.is_accessible()
    page.locator("#menu summary").click()
    page.get_by_role("button", name="Afmelden").click()
    page.goto("/capaciteit/")
    expect(page.locator("#login")).to_be_visible()
    window.is_well()


def test_a_wrong_password_is_said_in_a_sentence(night: Night, opens: Open) -> None:
    window = opens(None)
    page = window.page
    page.goto("/inloggen/")
    page.locator("#id_username").fill(night.cast.coordinator.user.username)
    page.locator("#id_password").fill("geen van deze woorden")
    page.locator("#login button").click()
    expect(page.locator("#fouten")).to_be_focused()
    window.is_accessible()
    window.is_well()


def test_language_and_light_are_chosen_once_for_every_page(night: Night, opens: Open) -> None:
    window = opens(night.cast.coordinator)
    page, root = window.page, window.page.locator("html")
    heading = page.locator("#werk-kop")
    expect(root).to_have_attribute("lang", "nl")
    expect(heading).to_have_text("Werklijst")
    page.get_by_role("button", name="English").click()
    expect(root).to_have_attribute("lang", "en")
    expect(heading).to_have_text("Work list")
    page.goto("/capaciteit/overzicht/")
    expect(root).to_have_attribute("lang", "en")
    window.is_accessible()
    page.get_by_role("button", name="Nederlands").click()
    expect(root).to_have_attribute("lang", "nl")

    for name, theme in (("Nacht", "nacht"), ("Licht", "licht")):
        page.locator("#menu summary").click()
        page.get_by_role("button", name=name).click()
        expect(root).to_have_attribute("data-thema", theme)
        assert page.url.endswith("/capaciteit/overzicht/")
        page.goto("/werklijst/")
        expect(root).to_have_attribute("data-thema", theme)
        window.is_accessible()
        page.goto("/capaciteit/overzicht/")
    window.is_well()


def test_without_script_work_list_case_and_answers_work(night: Night, opens: Open) -> None:
    case, request = aside(lambda: two_offers(night))
    desk = opens(night.cast.coordinator, java_script_enabled=False)
    page = desk.page
    page.locator(f'#werk .rij-link[href^="/casus/{case}/"]').click()
    expect(page.locator("#casus")).to_contain_text(case)
    ask = page.locator(f"#vraag-{request}")
    expect(ask.locator("tr[id^=aanbod-]")).to_have_count(2)

    house = opens(night.cast.planner, PHONE, java_script_enabled=False).page
    house.goto("/aanbod/")
    house.get_by_role("button", name="Toezeggen").click()
    expect(house.locator("article.vraag")).to_contain_text("Toegezegd")
    other = opens(night.cast.other_planner, PHONE, java_script_enabled=False).page
    other.goto("/aanbod/")
    other.get_by_text("Kan niet…").click()
    other.locator("button[name=reason][value=no_staff]").click()
    expect(other.locator("article.vraag")).to_contain_text("personeel")

    page.reload()
    ask.get_by_role("link", name="Toewijzen").click()
    page.locator(".verstuur button").click()
    expect(ask.locator("header")).to_contain_text("De Linde")
    desk.is_well()


def two_offers(night: Night) -> tuple[str, str]:
    """Both houses were asked for a bed: the reference of the case, and the request."""
    case, request = night.a_request()
    night.frees(night.linde, night.ward)
    night.frees(night.wilg, night.other_ward)
    night.zcc.says(f"requests/{request}/take")
    for unit in (night.ward, night.other_ward):
        night.offered(request, unit)
    return str(night.zcc.sees(f"cases/{case}")["reference"]), request
