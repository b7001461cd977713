"""What the journeys rely on: a window that notices what is wrong. Each notice has its control."""

import pytest

from tests.browser.conftest import Open
from tests.browser.window import faults


@pytest.mark.parametrize(
    ("mishap", "seen_as", "noticed"),
    [
        ("() => console.error('stuk')", "console", "stuk"),
        ("() => fetch('http://127.0.0.1:9/').catch(() => 0)", "console", "connect-src"),
        ("() => fetch('/er-niet')", "console", "404"),
        ("() => { setTimeout(() => { throw Error('gegooid') }) }", "pageerror", "gegooid"),
        ("() => { location.href = 'http://127.0.0.1:9/' }", "requestfailed", "asked: http"),
    ],
)
def test_a_window_notices_a_mishap(opens: Open, mishap: str, seen_as: str, noticed: str) -> None:
    window = opens(None)
    window.page.goto("/inloggen/")
    window.is_well()
    with window.page.expect_event(seen_as):
        window.page.evaluate(mishap)
    with pytest.raises(AssertionError, match=noticed):
        window.is_well()


def test_a_page_that_excludes_people_is_noticed(opens: Open) -> None:
    page = opens(None).page
    page.set_content("<html lang=nl><title>x</title><main><h1>x</h1><input></main>")
    assert [fault.partition(":")[0] for fault in faults(page)] == ["label"]


def test_what_is_too_small_to_press_is_noticed(opens: Open) -> None:
    page = opens(None).page
    small = "<button style='width:9px;height:9px;padding:0' aria-label=x></button>"
    page.set_content(f"<html lang=nl><title>x</title><main><h1>x</h1>{small * 2}</main>")
    assert {fault.partition(":")[0] for fault in faults(page)} == {"target-size"}
