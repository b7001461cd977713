"""Journey 1: two screens in one night, and what happens on one is seen on the other."""

from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.window import PHONE, aside
from tests.scenarios.night import Night
from tests.scenarios.telling import CORE


def until_the_form(night: Night) -> None:
    """The night up to the ELV request; both houses have a bed."""
    night.three_calls()
    night.to_hap_and_zorgcentrale()
    night.home_care()
    night.frees(night.linde, night.ward)
    night.frees(night.wilg, night.other_ward)


def secrets(night: Night) -> list[str]:
    """Whatever tells who she is, in every way a page writes it."""
    born = date.fromisoformat(night.told["birth_date"])
    told = [night.told[item] for item in (*CORE, "bsn")]
    surname = night.told["name"].rpartition(" ")[2]
    return [*told, surname, f"{born:%d-%m-%Y}", f"{born.day}-{born.month}-{born.year}"]


def told_on(page: Page, night: Night) -> list[str]:
    html = page.content()
    return [secret for secret in secrets(night) if secret in html]


def test_two_screens_from_request_to_bed(night: Night, opens: Open, clock: None) -> None:
    aside(lambda: until_the_form(night))
    desk = opens(night.cast.coordinator)
    house = opens(night.cast.planner, PHONE)
    work, phone = desk.page, house.page
    work.goto("/werklijst/")
    desk.goes_live()

    # The huisarts sends the form: the work list shows it by itself.
    row = work.locator(f'#werk .rij-link[href^="/casus/{night.first["reference"]}/"]')
    with desk.not_reloaded():
        aside(night.the_form)
        expect(row).to_be_visible()
    desk.is_accessible()
    row.click()
    work.locator("#casus").get_by_role("button", name="Oppakken").click()
    expect(work.get_by_role("button", name="Oppakken")).to_have_count(0)
    desk.is_accessible()

    phone.goto("/aanbod/")
    house.goes_live()
    house.is_accessible()

    # Offered: for some seconds it can be taken back, and the house knows nothing.
    ask, card = work.locator(f"#vraag-{night.request}"), phone.locator("article.vraag")
    with house.not_reloaded():
        work.locator(f"#bied-{night.request}-{night.ward}").click()
        expect(ask.get_by_role("button", name="Ongedaan")).to_be_visible()
        expect(card).to_have_count(0)
        # The moment comes, and the card with it.
        expect(card).to_have_count(1)
    desk.goes_live()
    assert told_on(phone, night) == []
    house.is_accessible()

    # Promised on the phone; the desk sees it come in.
    with desk.not_reloaded():
        card.get_by_role("button", name="Toezeggen").click()
        expect(ask.get_by_role("link", name="Toewijzen")).to_be_visible()
    assert told_on(phone, night) == []
    house.goes_live()
    ask.get_by_role("link", name="Toewijzen").click()
    desk.is_accessible()
    with house.not_reloaded():
        work.locator(".verstuur button").click()
        expect(card.get_by_role("heading", name=night.told["name"])).to_be_visible()
    assert night.told["address"] in phone.content()
    assert night.told["telephone"] in phone.content()
    house.is_accessible()

    # Read back and admitted; the desk sees that too.
    card.locator("textarea[name=read_back]").fill("Heupkneuzing, hulp bij elke transfer.")
    card.get_by_role("button", name="Gelezen en begrepen").click()
    desk.goes_live()
    with desk.not_reloaded():
        card.get_by_role("button", name="Opgenomen").click()
        expect(ask).to_contain_text("Zorg gestart")
    desk.is_accessible()
    desk.is_well()
    house.is_well()
