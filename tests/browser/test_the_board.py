"""Journeys 3, 5 and 11: a shift by keyboard, two who want one case, a line that is cut, rows that
stay where they are."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.api.programs import browser_of
from tests.browser.conftest import Open
from tests.browser.window import Window, aside
from tests.cast import Person
from tests.scenarios.night import Night
from tests.scenarios.telling import Party
from tests.stack import Stack

TEXT = "Dochter gesproken, brengt vanavond kleding. Jo belt om 9 uur terug."


#: Without room for who is there; then everything is shown anew.
ROWS_OF_A_NEWER_SERVER = """() => {
    document.querySelectorAll(".rij-wie").forEach((part) => part.remove())
    document.dispatchEvent(new CustomEvent("htmx:after:swap"))
}"""


def asks(night: Night, *, hours: int) -> tuple[str, str]:
    """A request that must be met within so many hours: the number of its case, and its id."""
    until = (timezone.now() + timedelta(hours=hours)).isoformat()
    case, request = night.a_request(needed_by=until)
    return str(night.zcc.sees(f"cases/{case}")["reference"]), request


def somebody_at_work(person: Person) -> Party:
    """The person, not the system of the house; logged in with the password of now."""
    person.user.refresh_from_db()
    return Party(person, browser_of(person))


def order(page: Page) -> list[str]:
    """The numbers of the cases, from top to bottom."""
    return [text.strip() for text in page.locator("#werk .rij-nr").all_inner_texts()]


def number(reference: str) -> str:
    return reference.rpartition("-")[2]


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def presses(self, *keys: str) -> None:
        """A page shows its text a moment before its scripts have run, and hears no key till then."""
        for key in keys:
            self.page.wait_for_load_state()
            self.page.keyboard.press(key)

    def types(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tabs_to(self, which: str) -> None:
        """By Tab alone: who cannot reach it so, cannot reach it."""
        for _ in range(60):
            self.presses("Tab")
            if self.page.evaluate("(which) => document.activeElement.matches(which)", which):
                return
        raise AssertionError(f"Tab never came to {which}")


def test_a_part_that_could_not_be_fetched_is_asked_for_again(night: Night, opens: Open) -> None:
    window = opens(night.cast.coordinator)
    page = window.page
    page.goto("/werklijst/")
    window.goes_live()
    failures = [429, 503]

    def fails_twice(route: Any) -> None:
        if failures:
            route.fulfill(status=failures.pop(), body="")
        else:
            route.continue_()

    page.route("**/werklijst/?deel=werk*", fails_twice)
    with window.not_reloaded():
        reference, _request = aside(lambda: asks(night, hours=3))
        expect(page.locator(f'#werk .rij-link[href*="{reference}"]')).to_be_visible()
    assert not failures


def test_a_desk_works_a_shift_by_keyboard_only(night: Night, opens: Open, clock: None) -> None:
    def before() -> tuple[tuple[str, str], tuple[str, str]]:
        night.frees(night.linde, night.ward)
        return asks(night, hours=3), asks(night, hours=9)

    (first, request), (second, _other) = aside(before)
    window = opens(night.cast.coordinator)
    page, keys = window.page, Keyboard(window.page)
    page.goto("/werklijst/")
    window.goes_live()
    case = page.locator("#casus")

    # Down the list, pick up, offer, and take that back before anybody saw it.
    keys.presses("j")
    expect(page.locator(f'.rij-link[href*="{first}"]')).to_be_focused()
    keys.presses("j", "k", "o")
    expect(case).to_contain_text(first)
    keys.presses("1")
    expect(case.get_by_role("button", name="Ongedaan")).to_be_visible()
    keys.presses("z")
    expect(case).to_contain_text("trok het aanbod aan De Linde ELV in")
    assert aside(lambda: night.linde.sees("offers")["results"]) == []

    # Offer again, let it go out; the house says yes, and it is assigned.
    keys.presses("1")
    expect(case.get_by_role("button", name="Intrekken", exact=True)).to_be_visible()
    aside(lambda: night.linde.says(f"offers/{offer_of(night)}/accept"))
    expect(case.get_by_role("link", name="Toewijzen")).to_be_visible()
    keys.presses("t")
    expect(page.locator(".verstuur button")).to_be_visible()
    keys.tabs_to(".verstuur button")
    keys.presses("Enter")
    expect(page.locator(f"#vraag-{request}")).to_contain_text("Toegewezen")

    # A note, in which no letter is a command.
    keys.presses("n")
    keys.types(TEXT)
    expect(page.locator("#notitie-tekst")).to_have_value(TEXT)
    keys.presses("Tab", "Enter")
    expect(page.locator(".verloop")).to_contain_text(TEXT)

    # The other case by its number, onto the waiting list.
    keys.presses("/")
    keys.types(number(second))
    keys.presses("Enter")
    expect(case).to_contain_text(second)
    keys.presses("o")
    expect(case).to_contain_text("pakte het op")
    keys.presses("s")
    expect(page.locator("#id_interim_plan")).to_be_visible()
    keys.tabs_to("#id_interim_plan")
    keys.types("De buurvrouw kijkt om het uur.")
    keys.tabs_to(".verstuur button")
    keys.presses("Enter")
    expect(case).to_contain_text("De buurvrouw kijkt om het uur.")

    # Which keys there are, and off with them.
    keys.presses("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    window.is_well()
    keys.tabs_to("[name=single_keys]")
    keys.presses("Enter")
    expect(page.get_by_role("link", name="De sneltoetsen staan uit")).to_be_visible()
    keys.presses("j")
    expect(page.locator(".rij-link:focus")).to_have_count(0)


def offer_of(night: Night) -> str:
    (offer,) = night.linde.sees("offers")["results"]
    return str(offer["id"])


def test_two_coordinators_want_one_case(night: Night, opens: Open) -> None:
    reference, _request = aside(lambda: asks(night, hours=5))
    mine, theirs = opens(night.cast.coordinator), opens(night.cast.colleague)
    for window in (mine, theirs):
        window.page.goto(f"/casus/{reference}/")
        window.goes_live()
    expect(mine.page.locator("#samen")).to_contain_text("Andere coördinator bekijkt deze casus ook")
    theirs.page.locator("#notitie-tekst").press_sequentially("Ik bel")
    expect(mine.page.locator("#samen")).to_contain_text("Andere coördinator typt in deze casus")
    mine.page.goto("/werklijst/")
    eye = mine.page.locator(".rij-oog")
    expect(eye).to_have_attribute("title", "Andere coördinator")
    mine.is_accessible()
    mine.page.evaluate(ROWS_OF_A_NEWER_SERVER)
    mine.page.goto(f"/casus/{reference}/")
    mine.is_well()

    # Both press at once: what one sees of the other comes too late.
    theirs.page.route("**/*deel=*", lambda route: route.abort())
    mine.page.get_by_role("button", name="Oppakken").last.click()
    expect(mine.page.locator("#casus")).to_contain_text("pakte het op")
    theirs.page.locator("#casus").get_by_role("button", name="Oppakken").click()
    expect(theirs.page.get_by_role("alert")).to_contain_text("Coördinator pakte deze casus om")
    expect(theirs.page.get_by_role("alert")).to_contain_text("Overnemen?")
    theirs.page.locator("#overnemen").click()
    expect(theirs.page.locator(".verloop")).to_contain_text("nam het over van een collega")
    expect(mine.page.locator("#casus")).to_contain_text("nam het over van een collega")
    over = mine.page.locator("#casus").get_by_role("button", name="Overnemen", exact=True)
    expect(over).to_be_visible()


@pytest.fixture
def cut(stack: Stack) -> Iterator[Any]:
    """The live line goes down when it is called, and comes back at the latest afterwards."""
    yield lambda: stack.stop("live")
    stack.live()


def test_a_line_that_is_cut_leaves_a_half_typed_note_alone(
    night: Night, opens: Open, stack: Stack, cut: Any
) -> None:
    reference, request = aside(lambda: asks(night, hours=5))
    window = opens(night.cast.coordinator)
    page = window.page
    page.clock.install()
    page.goto(f"/casus/{reference}/")
    window.goes_live()
    note, bar = page.locator("#notitie-tekst"), page.locator("#live-uit")
    note.press_sequentially(TEXT)
    for _ in range(4):
        note.press("ArrowLeft")
    colleague = aside(lambda: somebody_at_work(night.cast.colleague))
    with window.not_reloaded():
        cut()
        page.clock.fast_forward(32_000)
        expect(page.locator("#live")).to_have_attribute("data-state", "slow")
        page.clock.fast_forward(31_000)
        expect(bar).to_contain_text("Geen live-gegevens sinds")
        # The page asks by itself what changed meanwhile.
        aside(lambda: colleague.says(f"requests/{request}/take"))
        page.clock.fast_forward(21_000)
        expect(page.locator(".verloop")).to_contain_text("Andere coördinator")
        is_typed(page)
        stack.live()
        page.evaluate("() => dispatchEvent(new Event('online'))")
        expect(bar).to_contain_text("Weer live")
        aside(lambda: colleague.says(f"requests/{request}/hold"))
        expect(page.locator(f"#vraag-{request}")).to_contain_text("Stilgezet")
        is_typed(page)
    page.get_by_role("button", name="Notitie bewaren").click()
    expect(page.locator(".verloop")).to_contain_text(TEXT)


def is_typed(page: Page) -> None:
    """Text, focus and caret are where they were left."""
    expect(page.locator("#notitie-tekst")).to_have_value(TEXT)
    expect(page.locator("#notitie-tekst")).to_be_focused()
    caret = page.evaluate("() => document.getElementById('notitie-tekst').selectionStart")
    assert caret == len(TEXT) - 4


def test_rows_stay_where_they_are_under_the_pointer(night: Night, opens: Open) -> None:
    later, request = aside(lambda: asks(night, hours=9))
    latest, _other = aside(lambda: asks(night, hours=12))
    window = opens(night.cast.coordinator)
    page = window.page
    page.goto("/werklijst/")
    window.goes_live()
    pill, row = page.locator("#werk-nieuw"), page.locator(f"#rij-{request[-12:]}")
    with window.not_reloaded():
        row.hover()
        sooner, _new = aside(lambda: asks(night, hours=2))
        expect(pill).to_have_text("1 nieuw – bijwerken (R)")
        # What a row says is brought up to date where it stands.
        colleague = aside(lambda: somebody_at_work(night.cast.colleague))
        aside(lambda: colleague.says(f"requests/{request}/take"))
        expect(row.locator(".persoon")).to_have_attribute("title", "Andere coördinator")
        expect(pill).to_have_text("1 nieuw, 1 verplaatst – bijwerken (R)")
        assert order(page) == [number(later), number(latest)]
        window.is_well()
        page.keyboard.press("r")
        expect(pill).to_be_hidden()
        assert order(page) == [number(sooner), number(latest), number(later)]
        # And by itself once the pointer has gone.
        row.hover()
        soonest, _new = aside(lambda: asks(night, hours=1))
        expect(pill).to_be_visible()
        page.mouse.move(900, 5)
        expect(pill).to_be_hidden()
        assert order(page)[0] == number(soonest)
        # A list that this page cannot hold, of a newer server, is shown as it came.
        page.route("**/werklijst/?deel=werk*", of_a_newer_server)
        row.hover()
        last, _new = aside(lambda: asks(night, hours=3))
        expect(page.locator(f'#werk .rij-link[href*="{last}"]')).to_be_visible()
        window.is_well()


def of_a_newer_server(route: Any) -> None:
    """Without what the scripts of the open page write on."""
    answer = route.fetch()
    body = answer.text().replace('id="werk-voet"', 'id="werk-einde"')
    route.fulfill(response=answer, body=body)


def test_what_would_vanish_while_it_is_typed_in_waits(night: Night, opens: Open) -> None:
    def a_question() -> tuple[str, str]:
        night.frees(night.linde, night.ward)
        reference, request = asks(night, hours=5)
        offer = night.offered(request, night.ward)
        night.linde.says(f"offers/{offer}/ask", {"question": "Kan zij traplopen?"})
        return reference, offer

    reference, offer = aside(a_question)
    window: Window = opens(night.cast.coordinator)
    page = window.page
    page.goto(f"/casus/{reference}/")
    window.goes_live()
    answer = page.locator(f"#antwoord-{offer}")
    answer.press_sequentially("Een verdieping, met")
    zcc: Party = night.zcc
    aside(lambda: zcc.says(f"offers/{offer}/withdraw"))
    held = page.get_by_role("button", name="Bijgewerkt – vernieuwen")
    expect(held).to_be_visible()
    expect(answer).to_have_value("Een verdieping, met")
    expect(answer).to_be_focused()
    held.click()
    expect(answer).to_have_count(0)
    expect(held).to_have_count(0)
    window.is_well()
