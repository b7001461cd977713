"""Journey 3: the huisarts sends one form and watches a place being found."""

import re
from datetime import date
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.window import PHONE, Window, aside
from tests.scenarios.night import Night
from tests.scenarios.telling import NEED


def chooses(page: Page, field: str, number: int = 0) -> None:
    page.locator(f"label[for=id_{field}_{number}]").click()


def fills_in(page: Page, person: dict[str, str]) -> None:
    born = date.fromisoformat(person["birth_date"])
    for field in ("care_type", "urgency", "sex"):
        chooses(page, field)
    chooses(page, "urgency", 1)
    chooses(page, "day", 1)
    page.locator("#id_birth_date").fill(f"{born:%d-%m-%Y}")
    for field in ("name", "address", "postcode", "telephone", "bsn"):
        page.locator(f"#id_{field}").fill(person[field])
    page.locator("#id_need").fill(NEED)
    page.locator("#id_consent").check()


#: A figure that is so many hours and one minute old by now.
AGED = """hours => {
  const age = document.createElement('time');
  age.id = 'oud'; age.dataset.since = '';
  age.dateTime = new Date(Date.now() - (hours * 60 + 1) * 60_000).toISOString();
  document.body.append(age); document.dispatchEvent(new Event('htmx:after:swap'));
}"""


def sent(window: Window, person: dict[str, str]) -> str:
    """The form, first left half empty: the request."""
    page = window.page
    page.goto("/aanvraag/")
    window.is_accessible()
    page.evaluate(AGED, 3)
    expect(page.locator("#oud")).to_have_text("3 u geleden")
    page.locator(".verstuur .knop-hoofd").click()
    expect(page.locator("#fouten")).to_be_focused()
    expect(page).to_have_title(re.compile("^Fout: "))
    page.locator("#fouten a", has_text="naam").click()
    expect(page.locator("#id_name")).to_be_focused()
    fills_in(page, person)
    page.locator(".verstuur .knop-hoofd").click()
    expect(page.locator("#volg")).to_be_visible()
    return urlsplit(page.url).path.rstrip("/").rpartition("/")[2]


def test_one_form_and_then_a_place_is_found(night: Night, opens: Open) -> None:
    person = aside(night.somebody)
    aside(lambda: night.frees(night.linde, night.ward))
    window = opens(night.cast.huisarts, PHONE)
    request = sent(window, person)
    standing = window.page.locator("#stand-kop")
    window.goes_live()
    window.is_accessible()
    with window.not_reloaded():
        expect(standing).to_have_text("Verstuurd")
        expect(window.page.locator("#aantal")).to_have_text("1 open")
        aside(lambda: night.zcc.says(f"requests/{request}/take"))
        expect(standing).to_have_text("Zoekt plek")
        aside(lambda: night.assigned(request, night.ward, night.linde))
        expect(standing).to_contain_text("Er is een plek")
        expect(window.page.locator("#volg")).to_contain_text("De Linde")
    window.is_accessible()
    window.is_well()


def test_a_line_that_tells_who_it_is_is_not_sent(night: Night, opens: Open) -> None:
    person = aside(night.somebody)
    window = opens(night.cast.huisarts)
    page = window.page
    page.goto("/aanvraag/")
    fills_in(page, person)
    page.locator("#id_need").fill(f"{person['name']} is gevallen.")
    page.locator(".verstuur .knop-hoofd").click()
    expect(page.locator("#fouten")).to_be_focused()
    expect(page.locator("#id_name")).to_have_value(person["name"])
    page.goto("/aanvragen/")
    expect(page.locator("#mijn")).not_to_contain_text("ELV")
    window.is_well()
