"""What a desk page costs a line: the bytes of all its answers, as Chromium received them."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from lzc.run.var import BASE
from tests import full_list
from tests.browser.conftest import Open
from tests.browser.window import aside
from tests.scenarios.night import Night
from tests.stack import Stack

COLD, WARM = 250_000, 30_000
#: Three times what a region's desk has at once on a bad night.
CASES = 300
#: High enough for every panel of a desk: one that is out of sight fetches itself later.
TALL = (1366, 4_000)
#: Milliseconds in which nothing is asked and nothing comes: a page waits 0.45 s at most.
SILENCE = 1_000
#: So many times for what is under way: of what a page says as it is left no end is heard.
PATIENCE = 8


@pytest.fixture(scope="module")
def stack(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """With its files collected as in production: elsewhere they go out as they were written."""
    files = {"DJANGO_SETTINGS_MODULE": "tests.collected"}
    files["COLLECTED"] = str(tmp_path_factory.mktemp("static"))
    running = Stack()
    environment = running.environment() | files
    command = [sys.executable, "manage.py", "collectstatic", "--noinput"]
    subprocess.run(command, cwd=BASE, env=environment, check=True, capture_output=True)
    try:
        running.start("web", **files)
        running.web()
        yield running
    finally:
        running.close()


class Meter:
    """Bytes that came in over HTTP, headers included, compressed as they were."""

    def __init__(self, page: Page) -> None:
        self.page, self.answers = page, list[tuple[int, str]]()
        #: Request → path; and what is under way still.
        self.asked: dict[str, str] = {}
        self.waited_for: set[str] = set()
        self.line = page.context.new_cdp_session(page)
        self.line.send("Network.enable")
        self.line.on("Network.requestWillBeSent", self._asked)
        self.line.on("Network.loadingFinished", self._arrived)
        self.line.on("Network.loadingFailed", self._ended)

    def _asked(self, told: Any) -> None:
        self.asked[told["requestId"]] = urlsplit(told["request"]["url"]).path
        self.waited_for.add(told["requestId"])

    def _ended(self, told: Any) -> None:
        self.waited_for.discard(told["requestId"])

    def _arrived(self, told: Any) -> None:
        self._ended(told)
        if path := self.asked.get(told["requestId"]):  # else it was asked for before we listened
            self.answers.append((int(told["encodedDataLength"]), path))

    def opens(self, path: str) -> int:
        """This page, and all that it goes on to fetch by itself, down to its last panel."""
        self.answers.clear()
        self.waited_for.clear()
        self.page.goto(path)
        expect(self.page.locator("#live")).to_have_attribute("data-state", "live")
        self._falls_silent()
        return sum(size for size, _ in self.answers)

    def _falls_silent(self) -> None:
        """Playwright's "networkidle" comes once for each page, and what follows is missed."""
        before, rounds = None, 0
        while before != (before := (len(self.asked), len(self.answers))) or (
            self.waited_for and rounds < PATIENCE
        ):
            rounds += 1
            self.page.wait_for_timeout(SILENCE)

    def forgets(self) -> None:
        self.line.send("Network.clearBrowserCache")


@pytest.mark.timeout(300)
def test_a_desk_page_is_light_and_asks_nobody_else(
    night: Night, opens: Open, record_property: Any
) -> None:
    """With a long list; the window sees to it that nobody else is asked."""

    def before() -> str:
        night.frees(night.linde, night.ward)
        full_list.ten_cases(night.cast)
        full_list.copied(night.cast, CASES)
        return full_list.one(night.cast)

    reference = aside(before)
    window = opens(night.cast.coordinator, TALL)
    meter = Meter(window.page)
    measured = {}
    for path in ("/werklijst/", f"/casus/{reference}/", "/kaart/", "/capaciteit/overzicht/"):
        meter.forgets()
        cold, asked = meter.opens(path), len(meter.answers)
        warm = meter.opens(path)
        measured[path] = f"{cold / 1000:.0f} kB in {asked} answers, again {warm / 1000:.1f} kB"
        assert asked > 10 and cold > warm > 0, "nothing was measured"
        assert cold <= COLD and warm <= WARM, f"{path}: {measured[path]}: {meter.answers}"
    record_property("measured", measured)
    window.is_well()
