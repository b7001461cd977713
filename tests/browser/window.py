"""A browser of one person, and whatever in it should never happen, written down as it happens."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.db import connections
from playwright.sync_api import Browser, Page, expect

from lzc.run.var import BASE
from tests.cast import Person
from tests.stack import Stack

T = TypeVar("T")
PASSWORD = "vier woorden achter elkaar"
DESK, PHONE = (1366, 768), (390, 844)
AXE = BASE / "node_modules" / "axe-core" / "axe.min.js"
#: The size of what is pressed is the one rule of WCAG 2.2 that axe leaves out by itself. To fetch
#: styles again, which only a rule that is off would need, is against the policy of our pages.
LOOKS = "() => axe.run({preload: false, rules: {'target-size': {enabled: true}}})"
#: What was scrolled half under the edge of a pane is no smaller for it.
FROM_THE_TOP = "() => document.querySelectorAll('*').forEach((one) => { one.scrollTop &&= 0 })"
#: Chromium calls every refused form an error.
FORM_CAME_BACK = "the server responded with a status of 422"
#: A part that was not there within ten seconds is asked for again: the machine was busy.
CAME_LATE = "htmx:error: timeout"
#: Two cores, and all processes of LZC beside the browser.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


def aside(work: Callable[[], T]) -> T:
    """Playwright's loop runs in this thread, and there Django keeps off its database."""

    def done() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(done).result()


class Window:
    def __init__(self, browser: Browser, stack: Stack, size: tuple[int, int], **more: Any) -> None:
        self.browser, self.stack, self.size = browser, stack, size
        self.wrong: list[str] = []
        self.origins: set[str] = set()
        self.context = self._context(**more)
        self.page: Page = self.context.new_page()
        self._watch()

    def _context(self, **more: Any) -> Any:
        width, height = self.size
        context = self.browser.new_context(
            base_url=self.stack.url, viewport={"width": width, "height": height}, **more
        )
        context.set_default_timeout(PATIENCE)
        return context

    def _watch(self) -> None:
        page = self.page
        page.on("console", lambda said: self._note(said.type, said.text, {"error", "warning"}))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda asked: self.origins.add(origin(asked.url)))
        page.on("websocket", lambda socket: self.origins.add(origin(socket.url)))
        page.on("response", lambda got: self._note(str(got.status), got.url, {"404", "500"}))
        page.expose_function("lzcBroken", lambda told: self.wrong.append(told))
        page.add_init_script(
            "addEventListener('securitypolicyviolation', (e) =>"
            " lzcBroken(`CSP: ${e.violatedDirective} ${e.blockedURI}`))"
        )

    def _note(self, kind: str, text: str, bad: set[str]) -> None:
        if kind in bad and FORM_CAME_BACK not in text and CAME_LATE not in text:
            self.wrong.append(f"{kind}: {text}")

    def logs_in(self, person: Person) -> None:
        self.page.goto("/")
        self.page.locator("#id_username").fill(person.user.username)
        self.page.locator("#id_password").fill(PASSWORD)
        self.page.locator("#login button").click()
        expect(self.page.locator(".balk-nav, .plekken").first).to_be_visible()

    def goes_live(self) -> None:
        """Live, and every script of the page has run."""
        expect(self.page.locator("#live")).to_have_attribute("data-state", "live")
        self.page.wait_for_load_state()

    @contextmanager
    def not_reloaded(self) -> Iterator[None]:
        """What is seen within it came by itself."""
        self.page.evaluate("() => { window.sameAsBefore = true }")
        yield
        assert self.page.evaluate("() => window.sameAsBefore"), "the page was loaded anew"

    def is_well(self) -> None:
        """No error, nothing the policy had to stop, and nobody else was asked for anything."""
        others = self.origins - {self.stack.url, origin(self.stack.live_url)}
        told = [*self.wrong, *(f"asked: {other}" for other in sorted(others))]
        assert not told, "\n".join(told)

    def is_accessible(self) -> None:
        """axe finds nothing on this page as it stands."""
        found = faults(self.page)
        assert found == [], f"{self.page.url}\n" + "\n".join(found)

    def speaks(self, language: str) -> None:
        """From the next page on, as if it was chosen in the bar."""
        chosen = {"name": "django_language", "value": language, "url": self.stack.url}
        self.context.add_cookies([chosen])

    def close(self) -> None:
        self.context.close()


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def faults(page: Page) -> list[str]:
    """What axe has against this page as it stands: which rule, and where."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text() + ";0")
    page.evaluate(FROM_THE_TOP)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in page.evaluate(LOOKS)["violations"]
        for node in rule["nodes"]
    ]
