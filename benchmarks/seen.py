"""How long after something was committed is it on the screens of two people, while 18 more listen?

Two real Chromiums show a work list of forty cases; somebody takes a request over, and both rows
come to carry another name. Measured from the commit to the frame in which the later of the two
shows it. In it is the wait in which `live.js` joins what belongs together and spreads the pages
(0.15 to 0.45 s, on purpose); beside it stands what cannot be less: both fetch that same list and
paint one frame. Goal: p95 ≤ 1 s.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.db import transaction

from benchmarks.live import Listeners
from benchmarks.rows import Row
from coordination import services
from coordination.models import CareRequest
from coordination.pages.line import end_of
from lzc import keys
from lzc.events import act, head
from lzc.rights import Duty
from tests import cast as casting
from tests import full_list
from tests.api.programs import browser_of
from tests.browser.window import aside
from tests.cast import Person
from tests.stack import Stack

CASES, OTHERS, WARMING_UP = 40, 18, 3
LIST = "/werklijst/"
#: A moment in which nothing happens, so that one change is measured at a time.
QUIET = 0.2
PAINTED = "requestAnimationFrame(() => requestAnimationFrame(() => done(Date.now())))"
WATCH = f"""([row, name]) => {{ window.seen = new Promise((done) => {{
  const look = () => document.querySelector(`#rij-${{row}} [title="${{name}}"]`);
  if (look()) throw Error('it was there already');
  const eye = new MutationObserver(() => {{ if (look()) {{ eye.disconnect(); {PAINTED}; }} }});
  eye.observe(document.body, {{ subtree: true, childList: true, attributes: true }});
}}); }}"""
FETCH = f"""() => {{ const began = Date.now(); window.seen = fetch('{LIST}?deel=werk')
  .then((answer) => answer.text())
  .then(() => new Promise((done) => {PAINTED})).then((at) => at - began); }}"""
SEEN = "() => window.seen"

Say = Callable[[str], None]


class Stage:
    """Two coordinators at one desk, a full list, and the request that goes from hand to hand."""

    def __init__(self) -> None:
        self.cast = casting.assemble()
        full_list.ten_cases(self.cast)
        full_list.copied(self.cast, CASES)
        self.turns = [self.cast.coordinator, self.cast.colleague]
        reference = full_list.one(self.cast)
        self.request = CareRequest.objects.get(case__reference=reference).pk
        self.sessions = [
            str(browser_of(person).client.cookies[settings.SESSION_COOKIE_NAME].value)
            for person in self.turns
        ]
        issued = keys.issue(self.cast.coordinator.house.row, name="page", scopes=[Duty.DESK])
        self.others = [f"Authorization: Bearer {issued.key}\r\n"] * OTHERS
        self.since = head()

    def turn(self) -> Person:
        """Whose it is going to be: never who has it now."""
        self.turns.reverse()
        return self.turns[0]

    def takes_over(self, person: Person) -> float:
        """The moment at which it was committed, in milliseconds of the clock on the wall."""
        committed: list[float] = []
        with act(by=person.actor):
            transaction.on_commit(lambda: committed.append(time.time() * 1000))
            services.take_over(self.request, by=person.actor)
        return committed[0]


@contextmanager
def two_browsers(stage: Stage, url: str) -> Iterator[list[Any]]:
    """Both show the list, and are live."""
    from playwright.sync_api import expect, sync_playwright

    from lzc.run.browser import executable

    with sync_playwright() as playwright, ExitStack() as open_:
        pages = []
        for session in stage.sessions:
            chromium = playwright.chromium.launch(
                executable_path=executable(), args=["--no-sandbox"]
            )
            open_.callback(chromium.close)
            context = chromium.new_context(base_url=url, viewport={"width": 1366, "height": 768})
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}
            context.add_cookies([cookie])
            page = context.new_page()
            page.goto(LIST)
            expect(page.locator("#live")).to_have_attribute("data-state", "live", timeout=30_000)
            pages.append(page)
        yield pages


def measure(stage: Stage, pages: list[Any], rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds until the later of the two shows it; and of bare fetches, turn by turn."""
    ours, bare = [], []
    for _ in range(WARMING_UP + rounds):
        person = stage.turn()
        for page in pages:
            page.evaluate(WATCH, [end_of(str(stage.request)), person.user.full_name])
        committed = aside(lambda: stage.takes_over(person))  # noqa: B023
        ours.append(max(page.evaluate(SEEN) for page in pages) - committed)
        time.sleep(QUIET)
        for page in pages:
            page.evaluate(FETCH)
        bare.append(max(page.evaluate(SEEN) for page in pages))
        time.sleep(QUIET)
    return ours[WARMING_UP:], bare[WARMING_UP:]


def run(stack: Stack, *, rounds: int, say: Say) -> list[Row]:
    stack.live()
    stage = Stage()
    say(f"from commit to row, two browsers and {OTHERS} sockets")
    listeners = Listeners(stack.live_url, stage.others, stage.since)
    try:
        with two_browsers(stage, stack.url) as pages:
            ours, bare = measure(stage, pages, rounds)
    finally:
        listeners.close()
    what = f"commit → row in 2 browsers, {OTHERS} sockets more"
    return [
        _row(f"{what}: p95", _p95(ours), _p95(bare), "≤ 1000 ms"),
        _row(f"{what}: p50", statistics.median(ours), statistics.median(bare), "shown"),
    ]


def _p95(figures: list[float]) -> float:
    return statistics.quantiles(figures, n=20)[18]


def _row(claim: str, measured: float, floor: float, goal: str) -> Row:
    ratio = f"{measured / floor:.2f}×"
    return Row(claim, f"{measured:.0f} ms", f"bare fetches {floor:.0f} ms", ratio, goal)
