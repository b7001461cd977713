"""Journey 3, before sending: the form follows what is typed, keeps it, and knows a twin."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from coordination import services
from tests import paths
from tests.browser.conftest import Open
from tests.browser.test_the_huisarts import chooses, fills_in
from tests.browser.window import DESK, PHONE, Window, aside
from tests.scenarios.night import Night

#: As the aid asks one after the other: no danger, seen, no hospital, no psychiatry, not safe …
ANSWERS = {
    "life_threat": 1,
    "physician_saw": 0,
    "specialist": 1,
    "psychiatry": 1,
    "safe_home": 1,
    "wlz": 1,
    "wlz_soon": 1,
    "medical": 0,
    "rehabilitation": 1,
    "terminal": 1,
    "complex": 0,
    "return_home": 0,
}


def of_a_known_person(night: Night) -> dict[str, str]:
    """Another practice asked for a bed already."""
    known, cast = night.somebody(), night.cast
    born = date.fromisoformat(known["birth_date"])
    case = paths.a_case(cast, cast.stranger, **{**known, "birth_date": born})
    cast.stranger.does(services.request, case.pk, ask=paths.an_ask(cast))
    return known


def kept(page: Page) -> None:
    expect(page.locator("#concept")).to_contain_text("Concept bewaard")
    expect(page.locator(".form")).to_have_attribute("data-kept", "yes")


def goes_through_the_aid(page: Page) -> None:
    page.locator("#meer-1 summary").click()
    asked = page.locator(".hulp-vraag:visible")
    for number, (code, answer) in enumerate(ANSWERS.items(), start=1):
        expect(asked).to_have_count(number)
        chooses(page, f"aid_{code}", answer)
    expect(page.locator("#hulp-uitkomst")).to_contain_text("ELV hoogcomplex")
    expect(page.locator("#hulp-deviation")).to_be_visible()
    page.locator("#hulp-kies").click()
    expect(page.locator("#hulp-deviation")).not_to_be_visible()
    expect(page.locator("#id_care_type_1")).to_be_checked()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_places_follow_the_draft_stays_and_a_twin_is_told(
    size: tuple[int, int], night: Night, opens: Open
) -> None:
    known = aside(lambda: of_a_known_person(night))
    aside(lambda: night.frees(night.linde, night.ward))
    window: Window = opens(night.cast.huisarts, size)
    page = window.page
    page.goto("/aanvraag/")
    places = page.locator("#nu-kop" if size == DESK else ".nu-balk")
    expect(places).to_contain_text("1 mogelijke plek")
    chooses(page, "care_type", 0)
    goes_through_the_aid(page)
    expect(places).not_to_contain_text("1 mogelijke")
    chooses(page, "care_type", 0)
    expect(places).to_contain_text("1 mogelijke plek")
    fills_in(page, known)
    page.get_by_role("button", name="Na een val").click()
    expect(page.locator("#dubbel")).to_contain_text("Er loopt al een aanvraag")
    kept(page)
    window.is_accessible()
    page.reload()
    expect(page.locator("#id_name")).to_have_value(known["name"])
    assert page.locator("#id_need").input_value().endswith("Na een val.")
    expect(page.locator("#id_aid_complex_0")).to_be_checked()
    expect(page.locator("#id_consent")).not_to_be_checked()
    expect(page.locator("#dubbel")).to_contain_text("Er loopt al een aanvraag")
    page.locator("#concept-wis").click()
    expect(page.locator("#id_name")).to_have_value("")
    window.is_well()
