"""The page of the API: from here, without a script, whole, and to be read by everybody."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.test import Client
from playwright.sync_api import Page, expect

from lzc.api.document import document
from tests.browser.looking import HALF, THEMES, wide
from tests.browser.window import DESK, PHONE, faults
from tests.stack import Stack

COMPLAINTS = ("error", "warning")
DOCS = "/api/docs/"
#: Two groups that have of everything: GET, POST, PUT, DELETE, a list, CSV, no answer at all.
GROUPS = ":is(#group-capacity, #group-subscriptions)"
OPENS = "(all) => all.forEach((one) => { one.open = true })"


class Parts(HTMLParser):
    """Ids, and where the links of a page lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids, self.links, self.tags = list[str](), list[str](), list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append(tag)
        self.ids += [said["id"] or ""] if "id" in said else []
        self.links += [said["href"] or ""] if tag == "a" else []


@pytest.fixture
def parts(db: None) -> Parts:
    return Parts(Client().get(DOCS).content.decode())


class TestThePage:
    def test_every_operation_has_an_address_of_its_own(self, parts: Parts) -> None:
        operations = [o for methods in document()["paths"].values() for o in methods.values()]
        names = {operation["operationId"] for operation in operations}
        assert names <= set(parts.ids)
        assert len(parts.ids) == len(set(parts.ids))

    def test_every_link_within_it_leads_somewhere(self, parts: Parts) -> None:
        within = {link[1:] for link in parts.links if link.startswith("#")}
        assert len(within) > 80 and within <= set(parts.ids)

    def test_it_has_no_script_and_the_policy_of_every_page(self, parts: Parts, db: None) -> None:
        assert "script" not in parts.tags
        policies = [
            re.sub(r" 'nonce-[^']+'", "", Client().get(path)["Content-Security-Policy"])
            for path in (DOCS, "/inloggen/")
        ]
        assert policies[0] == policies[1]
        assert "require-trusted-types-for 'script'" in policies[0] and "unsafe" not in policies[0]

    def test_it_is_english_whoever_reads_it(self, db: None) -> None:
        page = Client().get(DOCS, headers={"Accept-Language": "nl"})
        assert page["Content-Language"] == "en" and b'<html lang="en"' in page.content
        assert b"Weergave" not in page.content

    def test_its_commands_are_for_the_address_it_was_read_at(self, db: None) -> None:
        page = Client().get(DOCS, headers={"Host": "localhost"}).content.decode()
        assert "LZC=http://localhost\n" in page


class TestTheDocument:
    def test_may_be_taken_along_in_either_form(self, db: None) -> None:
        said, same = Client().get("/api/schema/"), Client().get("/api/schema/?format=json")
        assert yaml.safe_load(said.content) == same.json() == document()
        assert "openapi.yaml" in said["Content-Disposition"]

    def test_a_program_may_say_which(self, db: None) -> None:
        said = Client().get("/api/schema/", headers={"Accept": "application/json"})
        assert said.json()["openapi"] == "3.1.0"


@pytest.fixture
def page(stack: Stack, browser: Any) -> Iterator[Page]:
    """Nothing is asked of anybody else, and the browser has nothing to complain about."""
    context = browser.new_context(base_url=stack.url)
    page, said, hosts = context.new_page(), list[str](), set[str]()
    page.on("console", lambda m: said.append(m.text) if m.type in COMPLAINTS else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    yield page
    context.close()
    assert said == []
    assert hosts == {urlsplit(stack.url).netloc}


def test_it_is_read_without_javascript(stack: Stack, browser: Any) -> None:
    context = browser.new_context(base_url=stack.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{DOCS}#register_case")
    expect(page.locator("#register_case")).to_contain_text("Heupkneuzing")
    expect(page.locator("#register_case")).to_be_visible()
    expect(page.locator("#accept_offer")).to_be_hidden()
    page.locator("summary").filter(has_text="/accept").filter(has_text="You can take").click()
    expect(page.locator("#accept_offer")).to_be_visible()
    page.locator("#menu summary").click()
    page.get_by_role("button", name="Night").click()
    expect(page.locator("html")).to_have_attribute("data-thema", "nacht")
    expect(page).to_have_url(re.compile(f"{DOCS}$"))
    context.close()


def test_axe_finds_nothing_against_what_is_opened(page: Page) -> None:
    """Of a page of 17,000 elements some groups: `test_every_state` looks at all, four ways."""
    page.goto(DOCS)
    page.locator(f"main > [id^=group-]:not({GROUPS})").evaluate_all(
        "(all) => all.forEach((one) => one.remove())"
    )
    page.locator("main details").evaluate_all(OPENS)
    wrong = []
    for theme, (width, height) in zip(THEMES, (DESK, PHONE), strict=True):
        page.evaluate("(theme) => { document.documentElement.dataset.thema = theme }", theme)
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"{theme}, {width} px: {fault}" for fault in faults(page)]
    assert not wrong, "\n".join(wrong)


def test_nothing_lies_beside_the_window(page: Page) -> None:
    page.goto(DOCS)
    page.locator("main details").evaluate_all(OPENS)
    wrong = []
    for width, height in (DESK, HALF, PHONE, (320, 640)):
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"{width} px: {fault}" for fault in wide(page)]
    assert not wrong, "\n".join(wrong)


def test_all_of_it_is_printed_black_on_white(page: Page) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(DOCS)
    expect(page.locator("#register_case")).to_be_visible()
    shown = page.locator("main details > div").evaluate_all(
        "(all) => all.filter((one) => one.getBoundingClientRect().height > 50).length"
    )
    assert shown == page.locator("main details").count() > 80
    expect(page.locator(".balk")).to_be_hidden()
    assert page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "light"
