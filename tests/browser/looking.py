"""A page as it is to somebody who hears it, has no mouse, enlarges it, or has only a thumb.

It is looked at as it stands, with whatever was typed, opened or refused on it: by day and by
night, on the screen of a desk, at 200 % and on a phone.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests.browser.window import DESK, faults

#: Half a desk's screen is what a page has at 200 %.
HALF = (DESK[0] // 2, DESK[1] // 2)
THEMES = ("licht", "nacht")
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
#: What is folded away is part of the page; the menu lies over it, and is opened by itself.
FOLDS, MENU = "main details", "details.menu"
#: As Tab finds a page that was just opened, wherever the page itself put the focus.
FROM_THE_TOP = """() => {
    const root = document.documentElement
    if (document.activeElement === document.body) return
    root.tabIndex = -1
    root.focus({preventScroll: true})
    root.removeAttribute("tabindex")
    scrollTo(0, 0)
}"""
#: A finger instead of a mouse: what a phone has.
TOUCH = {"has_touch": True}
#: What it needs, in CSS pixels.
A_FINGER = 44
#: What is smaller, measured from the middle to where a press no longer arrives on the control, or
#: on the label that presses it. A link in a line of text is as high as that line (WCAG 2.5.8); half
#: a pixel is lost where a box begins between two.
SMALL = """([least, within]) => {
    document.activeElement.blur()
    const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary"
    const shown = (of) => of.checkVisibility({visibilityProperty: true})
        && of.getBoundingClientRect().width > 1 && of.getBoundingClientRect().bottom + scrollY > 0
    const around = (of) => [...of.parentElement.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && /\\p{L}|\\d/u.test(node.data))
    const inText = (of) => getComputedStyle(of).display === "inline" && around(of)
    let beside
    const reach = (zone, x, y, dx, dy) => {
        let far = 0
        for (; far < least; far += 0.5) {
            const top = document.elementFromPoint(x + dx * far, y + dy * far)
            if (!top || !zone.some((part) => part.contains(top))) {
                beside = top
                break
            }
        }
        return far
    }
    const found = [], all = [...document.querySelectorAll(`:is(${within}) :is(${controls})`)]
    for (const of of all.filter(shown)) {
        if (of.matches("a") && inText(of)) continue
        of.scrollIntoView({block: "center", behavior: "instant"})
        const {x, y, width, height} = of.getClientRects()[0]
        const [cx, cy] = [x + width / 2, y + height / 2], zone = [of, ...(of.labels ?? [])]
        const wide = reach(zone, cx, cy, -1, 0) + reach(zone, cx, cy, 1, 0)
        const high = reach(zone, cx, cy, 0, -1) + reach(zone, cx, cy, 0, 1)
        if (Math.min(wide, high) < least - 0.5) {
            const [at, over] = [of, beside].map((part) => part?.outerHTML.slice(0, 140))
            found.push(`${wide} × ${high}: ${at} beside ${over}`)
        }
    }
    return found
}"""


def wide(page: Page) -> list[str]:
    """Whether something lies beside the window."""
    outside = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return [f"{outside} px sideways"] if outside > 0 else []


def astray(page: Page) -> list[str]:
    """Where Tab goes back up the page, or leaves the focus where nobody sees it."""
    found: list[str] = []
    first, last = -1, -1
    page.evaluate(FROM_THE_TOP)
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


@contextmanager
def unfolded(page: Page, folds: str) -> Iterator[int]:
    """How many there are, all of them open for as long as this lasts."""
    shut = page.locator(f":is({folds}):not([open])")
    handles = shut.element_handles()
    for handle in handles:
        handle.evaluate("(fold) => { fold.open = true }")
    yield len(handles)
    for handle in handles:
        handle.evaluate("(fold) => { fold.open = false }")


def small(page: Page) -> list[str]:
    """What is too small for a finger, with everything that can be opened open in its turn."""
    found = page.evaluate(SMALL, [A_FINGER, "body"])
    for folds, within in ((FOLDS, "main"), (MENU, MENU)):
        with unfolded(page, folds) as some:
            found += page.evaluate(SMALL, [A_FINGER, within]) if some else []
    return list(dict.fromkeys(found))


def against(page: Page) -> list[str]:
    """Everything there is against this page as it stands, in the width it has."""
    found: list[str] = []
    for theme in THEMES:
        page.evaluate("(theme) => { document.documentElement.dataset.thema = theme }", theme)
        found += faults(page)
        with unfolded(page, FOLDS) as some:
            found += faults(page) if some else []
    found += wide(page)
    with unfolded(page, FOLDS):
        found += [*wide(page), *astray(page)]
    width = page.evaluate("() => innerWidth")
    return [f"{width} px: {fault}" for fault in dict.fromkeys(found)]
