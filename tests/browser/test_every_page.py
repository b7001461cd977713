"""Every page that somebody can come to, and none of them by a list that could be forgotten.

A role follows the links from where it begins. What is found on the way is looked at with axe, by
day and by night, on the screen of a desk and on a phone, and at 200 %: nothing may need sideways
scrolling. Tab passes through it from top to bottom, and what has the focus lies under nothing else.
On a phone everything can be hit with a finger. That takes minutes, so it is a long test.
"""

import re

import pytest

from tests.browser.conftest import Open
from tests.browser.looking import HALF, TOUCH, against, astray, small, wide
from tests.browser.window import DESK, PHONE, Window, aside, faults
from tests.scenarios.night import Night

ROLES = ("coordinator", "centralist", "triagist", "nurse", "planner", "huisarts")
#: Not pages: what ends the session, what is downloaded, what a program reads.
LEFT_OUT = re.compile(r"^/(uitloggen|api|static)/|/bestand/$|\.json$")
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


def test_what_a_finger_cannot_hit_is_noticed(opens: Open) -> None:
    page = opens(None, PHONE, **TOUCH).page
    square = "position:absolute;padding:0;border:0"
    page.set_content(
        f"<main><button style='{square};inset:0 auto auto 0;width:44px;height:44px'>ruim</button>"
        f"<button style='{square};inset:0 auto auto 60px;width:42px;height:60px'>smal</button>"
        f"<button style='{square};inset:90px auto auto 0;width:60px;height:60px'>bedekt</button>"
        f"<div style='{square};inset:120px auto auto 0;width:60px;height:60px'></div>"
        "<p style='margin-top:200px'>Lees <a href='/'>dit</a> eerst. <br>"
        "<p><a href='/'>los</a>"
        "<details><summary style='padding:20px'>meer</summary><input type=checkbox></details>"
    )
    names = [re.findall("smal|bedekt|los|checkbox", fault)[0] for fault in small(page)]
    assert names == ["smal", "bedekt", "los", "checkbox"]
    assert page.evaluate("() => matchMedia('(pointer: coarse)').matches")


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_shut_out_of_any_page(night: Night, opens: Open, role: str) -> None:
    aside(lambda: [night.three_calls(), night.to_hap_and_zorgcentrale(), night.home_care()])
    aside(lambda: [night.the_form(), night.a_bed()])
    # Her case left these two; each has one of its own.
    aside(lambda: [night.taken_in(desk) for desk in (night.meldkamer, night.hap)])
    person = getattr(night.cast, role)
    desk, phone = opens(person), opens(person, PHONE, **TOUCH)
    found = pages(desk)
    assert len(found) > 3
    wrong = []
    for size, page in [(DESK, desk.page), (HALF, desk.page), (PHONE, phone.page)]:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for address in found:
            page.goto(address)
            wrong += [f"{address} {fault}" for fault in against(page)]
            if size == PHONE:
                wrong += [f"{address} small, {fault}" for fault in small(page)]
    phone.speaks("en")
    for address in found:
        phone.page.goto(address)
        wrong += [
            f"{address} in English: {fault}" for fault in [*faults(phone.page), *wide(phone.page)]
        ]
    assert not wrong, "\n".join(wrong)
    desk.is_well()
    phone.is_well()
