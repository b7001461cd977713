"""What a page is when it is not as usual: empty, refused, out of date, without a connection, shut.

`test_every_page` follows links, and to none of these does a link lead. They are looked at in the
same way: by day and by night, on the screen of a desk, at 200 % and on a phone. Long tests.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import Page, Route, expect
from structlog.contextvars import bound_contextvars

from capacity.models import CareUnit, Place
from capacity.reminders import sign
from lzc.models import Policy
from tests.browser.conftest import Open
from tests.browser.looking import (
    A_FINGER,
    HALF,
    SMALL,
    THEMES,
    TOUCH,
    against,
    small,
    unfolded,
    wide,
)
from tests.browser.test_map_and_wall import TELEVISION
from tests.browser.test_what_was_typed import types_a_note
from tests.browser.window import DESK, PASSWORD, PHONE, Window, aside, faults
from tests.cast import Person
from tests.scenarios.night import Night
from tests.stack import Stack

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]
#: A4 without its margins, in CSS pixels.
PAPER = (703, 1017)
LIGHT = "() => getComputedStyle(document.documentElement).colorScheme === 'light'"
REFUSALS = ("400", "403", "404", "405", "409", "422", "429", "500", "503")


def looked(page: Page, state: str, *sizes: tuple[int, int]) -> list[str]:
    found = []
    for width, height in sizes or (DESK, HALF, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{state}, {fault}" for fault in against(page)]
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    return found


def on_a_phone(window: Window, state: str) -> list[str]:
    page = window.page
    return [f"{state}, {fault}" for fault in [*against(page), *small(page)]]


def logs_in(page: Page, person: Person, password: str = PASSWORD) -> None:
    page.locator("#id_username").fill(person.user.username)
    page.locator("#id_password").fill(password)
    page.locator("#login button").click()


def test_nothing_is_there_yet(night: Night, opens: Open) -> None:
    cast, wrong = night.cast, []
    desk = opens(cast.coordinator).page
    for address in ("/dienst/", "/verdelen/", "/werklijst/"):
        desk.goto(address)
        wrong += looked(desk, address)
    desk.locator("#zoek").fill("9999")
    desk.keyboard.press("Enter")
    expect(desk.locator("#werk-leeg a")).to_be_visible()
    wrong += looked(desk, "nothing was found")
    idle = opens(None).page
    idle.goto("/inloggen/")
    logs_in(idle, cast.adviser)
    expect(idle.locator("h1")).to_contain_text("deze rol")
    wrong += looked(idle, "no pages")
    for person, addresses in {
        cast.nurse: ("/taken/", "/aanbod/", "/aanvragen/"),
        cast.planner: ("/capaciteit/", "/aanbod/"),
        cast.huisarts: ("/aanvragen/",),
    }.items():
        phone = opens(person, PHONE, **TOUCH)
        for address in addresses:
            phone.page.goto(address)
            wrong += on_a_phone(phone, address)
    assert not wrong, "\n".join(wrong)


def test_what_was_sent_came_back(night: Night, opens: Open) -> None:
    wrong = []
    for person, address in (
        (night.cast.coordinator, "/casus/nieuw/"),
        (night.cast.huisarts, "/aanvraag/"),
    ):
        desk, phone = opens(person), opens(person, PHONE, **TOUCH)
        for window in (desk, phone):
            window.page.goto(address)
            window.page.locator(".verstuur .knop-hoofd").click()
            expect(window.page.locator("#fouten")).to_be_focused()
        wrong += looked(desk.page, f"422 {address}", DESK, HALF)
        wrong += on_a_phone(phone, f"422 {address}")
    door = opens(None).page
    door.goto("/inloggen/")
    logs_in(door, night.cast.coordinator, "geen van deze woorden")
    expect(door.locator("#fouten")).to_be_focused()
    wrong += looked(door, "a wrong password")
    assert not wrong, "\n".join(wrong)


def test_the_session_ended(night: Night, opens: Open) -> None:
    page = opens(night.cast.coordinator).page
    types_a_note(night, page)
    page.context.clear_cookies(name="session")
    page.locator(".verstuur button").click()
    expect(page.locator("#login")).to_be_visible()
    wrong = looked(page, "log in again")
    logs_in(page, night.cast.coordinator)
    expect(page.locator(".getypt-tekst")).to_be_visible()
    wrong += looked(page, "what was kept")
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def cut(stack: Stack) -> Iterator[Any]:
    yield lambda: stack.stop("live")
    stack.live()


def test_the_line_is_cut(night: Night, opens: Open, cut: Any) -> None:
    case, _request = aside(night.a_request)
    reference = aside(lambda: night.zcc.sees(f"cases/{case}")["reference"])
    desk, phone = opens(night.cast.coordinator), opens(night.cast.planner, PHONE, **TOUCH)
    page, bar = desk.page, desk.page.locator("#live-uit")
    page.clock.install()
    page.goto(f"/casus/{reference}/")
    desk.goes_live()
    phone.page.goto("/capaciteit/")
    phone.goes_live()
    phone.page.context.set_offline(True)
    phone.page.get_by_role("button", name="Eén meer vrij").click()
    expect(phone.page.locator("#live")).to_contain_text("Verbinding hapert")
    expect(phone.page.locator("#wachtrij")).to_contain_text("1 wijziging staat klaar")
    wrong = on_a_phone(phone, "a tap that waits")
    cut()
    page.clock.fast_forward(32_000)
    expect(page.locator("#live")).to_have_attribute("data-state", "slow")
    wrong += looked(page, "unsteady", DESK, PHONE)
    page.clock.fast_forward(31_000)
    expect(bar).to_contain_text("Geen live-gegevens sinds")
    wrong += looked(page, "no live data")
    assert not wrong, "\n".join(wrong)


def long_ago(night: Night) -> str:
    """Nobody confirmed anything for hours; the huisarts asks for a bed all the same."""
    night.frees(night.linde, night.ward)
    case, request = night.a_request()
    night.zcc.says(f"requests/{request}/take")
    then = timezone.now() - timedelta(hours=20)
    Place.objects.filter(unit=night.cast.ward.pk).update(observed_at=then)
    CareUnit.objects.filter(pk=night.cast.ward.pk).update(observed_at=then)
    return str(night.zcc.sees(f"cases/{case}")["reference"])


def test_figures_are_out_of_date(night: Night, opens: Open) -> None:
    reference = aside(lambda: long_ago(night))
    page, phone = opens(night.cast.coordinator).page, opens(night.cast.planner, PHONE, **TOUCH)
    wrong = []
    for address in (f"/casus/{reference}/", "/capaciteit/overzicht/", "/kaart/"):
        page.goto(address)
        expect(page.locator("main .merkje-oud, main .is-oud").first).to_be_attached()
        wrong += looked(page, f"{address} out of date")
    phone.page.goto("/capaciteit/")
    expect(phone.page.locator(".is-oud")).to_be_visible()
    wrong += on_a_phone(phone, "/capaciteit/ out of date")
    assert not wrong, "\n".join(wrong)


def test_an_offer_counts_down_and_keys_are_shown(night: Night, opens: Open) -> None:
    def before() -> str:
        rules = {"undo_seconds": 300}
        Policy.objects.create(region=night.cast.region, version=2, values=rules)
        night.frees(night.linde, night.ward)
        case, request = night.a_request()
        night.zcc.says(f"requests/{request}/take")
        return str(night.zcc.sees(f"cases/{case}")["reference"])

    reference = aside(before)
    page = opens(night.cast.coordinator).page
    page.goto(f"/casus/{reference}/")
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="Ongedaan")).to_be_visible()
    wrong = looked(page, "an offer counts down")
    with unfolded(page, "details.menu"):
        wrong += [f"the menu: {fault}" for fault in faults(page)]
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    wrong += [f"the keys: {fault}" for fault in faults(page)]
    assert not wrong, "\n".join(wrong)


#: What tells the second of these from the first, when every colour is the reader's own.
TOLD_APART = """(these) => {
    const looks = these.map((it) => getComputedStyle(it)).map(
        (style) => `${style.backgroundColor} ${style.outlineStyle} ${style.outlineWidth}`)
    return looks[0] !== looks[1]
}"""


def test_what_is_chosen_is_seen_in_colours_of_ones_own(night: Night, opens: Open) -> None:
    requests = aside(lambda: [night.a_request(), night.a_request()])
    reference = aside(lambda: night.zcc.sees(f"cases/{requests[0][0]}")["reference"])
    desk, doctor = opens(night.cast.coordinator).page, opens(night.cast.huisarts).page
    for page, address, one, chosen in (
        (
            desk,
            f"/casus/{reference}/",
            ".rij:not(:has([aria-current]))",
            ".rij:has([aria-current])",
        ),
        (desk, "/werklijst/", ".balk-nav a:not([aria-current])", ".balk-nav [aria-current]"),
        (desk, "/werklijst/", ".keuzes a:not([aria-current])", ".keuzes [aria-current]"),
        (doctor, "/aanvraag/", ".schuif :not(:checked) + span", ".schuif :checked + span"),
    ):
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        page.goto(address)
        these = [page.locator(part).first.element_handle() for part in (one, chosen)]
        assert page.evaluate(TOLD_APART, these), chosen
        assert page.evaluate("() => document.getAnimations().length") == 0


def answers(told: str, route: Route) -> None:
    route.fulfill(body=told, content_type="text/html; charset=utf-8")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_answer_is_no(night: Night, opens: Open, language: str) -> None:
    """The pages that must be drawn when nothing else can be, and those of who has none."""
    window = opens(night.cast.coordinator)
    window.speaks(language)
    page, wrong = window.page, []
    told_of_it = {"sentence": "Nee.", "back_url": "/werklijst/", "typed": ["Zij is gevallen."]}
    for code in REFUSALS:
        with translation.override(language), bound_contextvars(request_id="7f3c92e1-0001"):
            told = render_to_string(f"{code}.html", told_of_it)
        page.route("**/geweigerd/", partial(answers, told))
        page.goto("/geweigerd/")
        expect(page.locator(".uitkomst-code")).to_have_text(code)
        wrong += looked(page, f"{code} {language}")
        page.unroute("**/geweigerd/")
    for code, address in (("404", "/er-niet/"), ("405", "/uitloggen/")):
        answer = page.goto(address)
        assert answer and str(answer.status) == code
        expect(page.locator(".uitkomst-code")).to_have_text(code)
        wrong += looked(page, f"{address} {language}", PHONE)
    assert not wrong, "\n".join(wrong)


def test_the_link_of_a_reminder_has_no_account(night: Night, opens: Open) -> None:
    """A planner opens it on a phone: what is listed, what was said, what cannot be, and the end."""
    unit, wrong = night.cast.ward.pk, []
    aside(lambda: night.frees(night.linde, night.ward))
    phone = opens(None, PHONE, **TOUCH)
    page = phone.page

    def stands(state: str) -> list[str]:
        found = on_a_phone(phone, state) + looked(page, state, DESK, HALF)
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        return found

    page.goto(reverse("capacity_link", args=[sign(unit)]))
    wrong += stands("a link")
    page.locator("#vrij").evaluate("(field) => { field.type = 'text'; field.value = 'veel' }")
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_role("alert")).to_contain_text("Vul een getal in")
    wrong += stands("a link that was answered with no number")
    page.locator(".bevestig-knop").click()
    expect(page.locator(".bevestig-klaar")).to_be_visible()
    wrong += stands("a link that was answered")
    page.goto(reverse("capacity_link", args=["verlopen"]))
    expect(page.locator("h1")).to_contain_text("werkt niet meer")
    wrong += stands("a link that ended")
    assert not wrong, "\n".join(wrong)


def test_the_wall_stands_by_day_and_by_night(night: Night, opens: Open) -> None:
    aside(lambda: [night.a_request(), night.frees(night.linde, night.ward)])
    desk = opens(night.cast.coordinator).page
    desk.goto("/wand/schermen/")
    desk.locator("#id_name").fill("Regieruimte")
    desk.get_by_role("button", name="Code maken").click()
    code = desk.locator("#code code").inner_text()
    wrong = looked(desk, "a code for a wall")
    page = opens(None).page
    page.goto("/wand/")
    page.locator("#token").fill("geen code")
    page.get_by_role("button", name="Koppelen").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wrong += looked(page, "a code that opens nothing")
    page.locator("#token").fill(code)
    page.get_by_role("button", name="Koppelen").click()
    expect(page.locator(".wand-rij li")).to_have_count(1)
    wrong += looked(page, "the wall", TELEVISION, DESK, HALF, PHONE)
    page.locator("#wand-uit").evaluate("(off) => { off.hidden = false }")
    for theme in THEMES:
        page.evaluate("(theme) => { document.documentElement.dataset.thema = theme }", theme)
        wrong += [f"a wall that is not live, {theme}: {fault}" for fault in faults(page)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("theme", THEMES)
def test_the_page_of_the_api_is_read_by_day_and_by_night(opens: Open, theme: str) -> None:
    """Shut, and with all of its operations open; `test_docs_page` looks at some of them."""
    window, wrong = opens(None), []
    page = window.page
    page.context.add_cookies([{"name": "lzc_theme", "value": theme, "url": window.stack.url}])
    page.goto("/api/docs/")
    for opened in (False, True):
        page.locator("main details").evaluate_all(
            "(all, opened) => all.forEach((one) => { one.open = opened })", opened
        )
        for width, height in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            found = [*faults(page), *wide(page)]
            wrong += [f"open: {opened}, {width} px: {fault}" for fault in found]
    assert not wrong, "\n".join(wrong)


def test_the_page_of_the_api_takes_a_finger(opens: Open) -> None:
    page = opens(None, PHONE, **TOUCH).page
    page.goto("/api/docs/#register_case")
    found = page.evaluate(SMALL, [A_FINGER, "body"])
    assert not found, "\n".join(found)


def test_what_is_printed_is_black_on_white_and_fits_the_paper(night: Night, opens: Open) -> None:
    case, _request = aside(night.a_request)
    reference = aside(lambda: night.zcc.sees(f"cases/{case}")["reference"])
    window = opens(night.cast.coordinator)
    page, wrong = window.page, []
    page.context.add_cookies([{"name": "lzc_theme", "value": "nacht", "url": window.stack.url}])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
    for address in ("/noodlijst/", f"/casus/{reference}/", "/capaciteit/overzicht/", "/dienst/"):
        page.goto(address)
        expect(page.locator(".balk")).to_be_hidden()
        expect(page.locator("main .knop").first).to_be_hidden()
        wrong += [f"{address} {fault}" for fault in [*wide(page), *faults(page)]]
        assert page.evaluate(LIGHT), address
    assert not wrong, "\n".join(wrong)
