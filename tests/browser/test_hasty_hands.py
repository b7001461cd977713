"""Journey 15: hasty hands. What is pressed does what the eye saw, once, and not what came after."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from coordination.models import Offer
from lzc.models import Policy
from tests.browser.conftest import Open
from tests.browser.window import Window, aside
from tests.scenarios.night import Night

#: As soon as another place is the first one, before anybody can have seen it.
AT_ONCE = """([first, acts]) => {
    const now = () => document.querySelector('#casus button[id^="bied-"]')
    document.addEventListener('htmx:after:swap', function swapped() {
        if (document.getElementById(first)) return
        document.removeEventListener('htmx:after:swap', swapped)
        const more = {bubbles: true, cancelable: true, detail: 1, key: '1'}
        if (acts.includes('key')) document.body.dispatchEvent(new KeyboardEvent('keydown', more))
        if (acts.includes('click')) now().dispatchEvent(new MouseEvent('click', more))
        fetch('/livez?tried')
    })
}"""
#: A finger that presses once more on the page that came: nothing is sent.
BOUNCES = """() => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '1', bubbles: true}))
    return !document.querySelector('form[aria-busy]')
}"""
TRIED = "**/livez?tried"


@pytest.fixture
def asked(night: Night) -> tuple[str, str]:
    """A request for which there are two places: the number of its case, and its id."""

    def made() -> tuple[str, str]:
        Policy.objects.create(
            region=night.cast.region, version=2, values={"offers_at_once_scarce": 3}
        )
        night.frees(night.linde, night.ward)
        night.frees(night.wilg, night.other_ward)
        case, request = night.a_request()
        return str(night.zcc.sees(f"cases/{case}")["reference"]), request

    return aside(made)


def offers(request: str) -> int:
    return aside(lambda: Offer.objects.filter(request=request).count())


def ranked(page: Page) -> list[str]:
    """The buttons of what can be offered to, as they stand."""
    buttons = page.locator('#casus button[id^="bied-"]')
    expect(buttons).to_have_count(2)
    return buttons.evaluate_all("(all) => all.map((one) => one.id)")


def opened(opens: Open, night: Night, reference: str) -> Window:
    """The clock of its pages stands still: nothing here hangs on how fast a machine is."""
    window = opens(night.cast.coordinator)
    window.page.clock.set_fixed_time(timezone.now())
    window.page.goto(f"/casus/{reference}/")
    window.goes_live()
    return window


def fills_up(night: Night, unit: str) -> None:
    """What was the first place is none any more, and what was the second one is the first."""
    house = night.linde if unit == str(night.ward) else night.wilg
    said = aside(lambda: house.program.put(f"units/{unit}/capacity", {"free": 0}))
    assert said.status_code == 200, said.content


@pytest.mark.parametrize("act", ["key", "click"])
def test_a_place_that_comes_first_under_the_fingers_is_not_offered_to(
    act: str, asked: tuple[str, str], night: Night, opens: Open
) -> None:
    reference, request = asked
    window = opened(opens, night, reference)
    page = window.page
    first, second = ranked(page)
    page.locator(f"#{first}").focus()
    page.locator(f"#{first}").hover()
    with window.not_reloaded():
        page.evaluate(AT_ONCE, [first, [act]])
        with page.expect_request(TRIED):
            fills_up(night, first[-36:])
        # The key goes to where it now would press; the focus that lost its button, to its case.
        expect(page.locator(f"#{second}" if act == "key" else "#casus")).to_be_focused()
    assert offers(request) == 0
    # Once it was to be seen, the same press does it.
    page.clock.set_fixed_time(timezone.now() + timedelta(minutes=1))
    page.keyboard.press("1")
    expect(page.locator(".kand-aanbod")).to_be_visible()
    assert offers(request) == 1
    window.is_well()


class Late:
    """The server does what was asked, and its answer stays away until it is let through.

    A page is asked for late instead: Chromium blocks the socket of one that is handed in.
    """

    def __init__(self, page: Page, where: str) -> None:
        self.page, self.held = page, list[tuple[Route, Any]]()
        page.route(where, self.holds)

    def holds(self, route: Route) -> None:
        reads = route.request.method == "GET"
        self.held.append((route, None if reads else route.fetch(max_redirects=0)))

    def arrives(self) -> None:
        while not self.held:
            self.page.wait_for_timeout(50)
        for route, answer in self.held:
            route.fulfill(response=answer) if answer else route.continue_()


def test_while_an_answer_is_awaited_nothing_else_is_pressed(
    asked: tuple[str, str], night: Night, opens: Open
) -> None:
    """The list changes meanwhile, so the same key, or a second click, would ask another house."""
    reference, request = asked
    window = opened(opens, night, reference)
    page = window.page
    first, _second = ranked(page)
    late = Late(page, "**/casus/*/vraag/**")
    page.evaluate(AT_ONCE, [first, ["key", "click"]])
    with page.expect_request(TRIED):
        page.keyboard.press("1")
    assert len(late.held) == 1
    late.arrives()
    expect(page.locator(".kand-aanbod")).to_be_visible()
    expect(page.locator('#casus button[id^="bied-"]')).to_have_count(1)
    page.wait_for_load_state()
    assert page.evaluate(BOUNCES)
    assert offers(request) == 1
    window.is_well()


def test_what_was_stopped_on_its_way_can_be_sent_again_after_a_while(
    asked: tuple[str, str], night: Night, opens: Open
) -> None:
    reference, request = asked
    window = opened(opens, night, reference)
    page, where = window.page, "**/casus/*/vraag/**"
    first = page.locator(f"#{ranked(page)[0]}")
    page.route(where, lambda route: route.abort("aborted"))
    with page.expect_event("requestfailed"):
        first.click()
    expect(page.locator("form[aria-busy]")).to_have_count(1)
    page.clock.fast_forward(11_000)
    expect(page.locator("form[aria-busy]")).to_have_count(0)
    page.unroute(where)
    first.click()
    expect(page.locator(".kand-aanbod")).to_be_visible()
    assert offers(request) == 1


def test_a_key_that_comes_after_another_case_was_opened_waits_for_that(
    asked: tuple[str, str], night: Night, opens: Open
) -> None:
    reference, request = asked
    other, _request = aside(lambda: night.a_request())
    number = aside(lambda: str(night.zcc.sees(f"cases/{other}")["reference"]))
    window = opened(opens, night, reference)
    page = window.page
    late = Late(page, f"**/casus/{number}/")
    page.locator(f'.rij-link[href*="{number}"]').focus()
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    late.arrives()
    expect(page.locator("#casus")).to_contain_text(number)
    assert offers(request) == 0
    window.is_well()
