"""Every page that somebody can come to, and none of them by a list that could be forgotten.

A role follows the links from where it begins. What is found on the way is looked at with axe, by
day and by night, on the screen of a desk and on a phone, and at 200 %: nothing may need sideways
scrolling. Tab passes through it from top to bottom, and what has the focus lies under nothing else.
That takes minutes, so it is among the long tests.
"""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.window import DESK, PHONE, Window, aside, faults
from tests.scenarios.night import Night

#: Half a desk's screen is what a page has at 200 %.
SIZES = (DESK, (DESK[0] // 2, DESK[1] // 2), PHONE)
ROLES = ("coordinator", "centralist", "triagist", "nurse", "planner", "huisarts")
#: Not pages: what ends the session, what is downloaded, what a program reads.
LEFT_OUT = re.compile(r"^/(uitloggen|api|static)/|/bestand/$|\.json$")
#: Where the focus is: which element of the page, and whether something lies over it.
FOCUS = """() => {
    const held = document.activeElement
    if (!held || held === document.body) return null
    const {x, y, width, height} = held.getBoundingClientRect()
    const middle = x + width / 2, heights = [0.1, 0.5, 0.9].map((part) => y + part * height)
    const tops = heights.map((h) => document.elementFromPoint(middle, h))
    return {
        at: [...document.querySelectorAll("*")].indexOf(held),
        seen: tops.some((top) => top && (top.contains(held) || held.contains(top))),
        what: held.outerHTML.slice(0, 120),
    }
}"""
#: Of a page on which Tab never comes to an end.
MOST_TABS = 400
LINKS = "links => links.map(link => link.getAttribute('href'))"


def shape(address: str) -> str:
    """One page, whichever case or request it is about."""
    plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|ZC-\d{4}-\d+", "…", address)
    return re.sub(r"[?#].*", "", plain)


def pages(window: Window) -> list[str]:
    """One address of each page that this role comes to."""
    page, found = window.page, {}
    ahead = [re.sub(r"^\w+://[^/]+", "", page.url)]
    while ahead:
        address = ahead.pop(0)
        if shape(address) in found or LEFT_OUT.search(address):
            continue
        page.goto(address)
        found[shape(address)] = address
        links = page.locator("a[href^='/']").evaluate_all(LINKS)
        ahead += [re.sub(r"#.*", "", link) for link in links]
    return list(found.values())


def wide(page: Page) -> int:
    """So many pixels lie outside the window."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - innerWidth"))


def astray(page: Page) -> list[str]:
    """Where Tab goes back up the page, or leaves the focus where nobody sees it."""
    found: list[str] = []
    first, last = -1, -1
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None or (focus["at"] == first != last):
            return found
        first = focus["at"] if first < 0 else first
        # A field for a moment is several stops: day, month, year, hour, minute.
        if focus["at"] < last:
            found.append(f"Tab goes back to {focus['what']}")
        if not focus["seen"]:
            found.append(f"the focus is hidden: {focus['what']}")
        last = focus["at"]
    return [*found, "Tab never comes to the end"]


def test_a_page_is_one_page_whomever_it_is_about() -> None:
    one, other = "/casus/ZC-2611-0001/", "/casus/ZC-2611-0002/?tab=1#verloop"
    assert shape(one) == shape(other) == "/casus/…/"
    assert shape("/taken/0f0c6b4e-6c39-4e0a-9d0f-1b7a54e0a001/") == "/taken/…/"


def test_a_focus_that_jumps_or_hides_is_noticed(opens: Open) -> None:
    page = opens(None).page
    cover = "<div style='position:fixed;inset:0'></div>"
    jumps = "<button>a</button><button tabindex=2>b</button><button tabindex=1>c</button>"
    page.set_content(jumps + cover)
    found = [fault.partition("<")[0] for fault in astray(page)]
    assert found.count("Tab goes back to ") == 2 and found.count("the focus is hidden: ") == 3


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_shut_out_of_any_page(night: Night, opens: Open, role: str) -> None:
    aside(lambda: [night.three_calls(), night.to_hap_and_zorgcentrale(), night.home_care()])
    aside(lambda: [night.the_form(), night.a_bed()])
    window = opens(getattr(night.cast, role))
    found = pages(window)
    window.is_well()
    assert len(found) > 3
    against = []
    for theme in ("licht", "nacht"):
        window.context.add_cookies([{"name": "lzc_theme", "value": theme, "url": window.stack.url}])
        copy = window._context(bypass_csp=True, storage_state=window.context.storage_state())
        page = copy.new_page()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            for address in found:
                page.goto(address)
                where = f"{address} {theme} {width}"
                against += [f"{where}: {fault}" for fault in faults(page)]
                if (outside := wide(page)) > 0:
                    against.append(f"{where}: {outside} px sideways")
                if theme == "licht":
                    against += [f"{where}: {fault}" for fault in astray(page)]
        copy.close()
    assert not against, "\n".join(against)
