"""The page of the API in a real browser: everything from here, and nothing to complain about."""

from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from tests.stack import Stack

COMPLAINTS = ("error", "warning")


def test_the_page_reads_without_complaint(stack: Stack, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    said, hosts = [], set()
    page.on("console", lambda m: said.append(m.text) if m.type in COMPLAINTS else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(f"{stack.url}/api/docs/")
    page.locator("#operations-cases-register_case .opblock-summary").click()
    page.get_by_text("Kan niet zelf naar bed", exact=False).or_(
        page.get_by_text("Heupkneuzing", exact=False)
    ).first.wait_for()
    assert page.locator(".errors-wrapper").count() == 0
    assert page.locator(".opblock").count() >= 50
    assert said == []
    assert {host for host in hosts if host} == {urlsplit(stack.url).netloc}
    context.close()


def test_only_this_page_may_show_what_its_script_draws(db: None) -> None:
    page, other = Client().get("/api/docs/"), Client().get("/inloggen/")
    assert "data:" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "data:" not in other["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in other["Content-Security-Policy"]
