"""A shift ends: three cases handed over, two accepted, one escalates; and what makes a sound."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from playwright.sync_api import Page, expect

from coordination import services
from coordination.models import CareRequest, Passing
from coordination.tasks import escalate_passings
from tests.browser.conftest import Open
from tests.browser.window import PHONE, aside
from tests.scenarios.night import Night

#: Counts what this page sounds, by how many tones started.
COUNTS = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.tones++;
  return start.apply(this, when);
};
"""
TESTED, SPOED, LATE, LINE = 6, 3, 2, 1


def asked(night: Night) -> str:
    return night.a_request()[1]


def claimed(night: Night) -> None:
    for request in [asked(night) for _ in range(3)]:
        night.cast.coordinator.does(services.take, request)


def too_late(*_: Any) -> None:
    Passing.objects.filter(state="offered").update(accept_before=timezone.now())
    escalate_passings()


def sounds(page: Page, count: int) -> None:
    for _ in range(300):
        if page.evaluate("() => window.tones") == count:
            return
        page.wait_for_timeout(100)
    assert page.evaluate("() => window.tones") == count


def test_three_are_handed_over_two_accepted_and_the_third_escalates(
    night: Night, opens: Open
) -> None:
    aside(lambda: claimed(night))
    outgoing, incoming = opens(night.cast.coordinator), opens(night.cast.colleague, PHONE)
    page, other = outgoing.page, incoming.page
    page.add_init_script(COUNTS)
    page.goto("/dienst/")
    outgoing.goes_live()
    outgoing.is_accessible()
    page.locator("#geluid-test").click()
    sounds(page, TESTED)
    page.locator("input[value=heard]").check()
    page.locator("#beginnen .knop-hoofd").click()
    other.goto("/dienst/")
    incoming.goes_live()
    with incoming.not_reloaded():
        page.locator("#overdragen").click()
        expect(other.locator("button[id^=over-]")).to_have_count(3)
    incoming.is_accessible()
    for left in (2, 1):
        other.locator("button[id^=over-]").first.click()
        expect(other.locator("button[id^=over-]")).to_have_count(left)
    expect(page.locator("[id^=geeft-rij-]")).to_have_count(1)
    with outgoing.not_reloaded():
        aside(too_late)
        expect(page.locator("#dienst .merkje-let")).to_be_visible()
    outgoing.is_accessible()
    for theme in ("nacht", "licht"):
        page.locator("#menu > summary").click()
        page.locator(f"button[name=theme][value={theme}]").click()
        outgoing.is_accessible()
    for window in (outgoing, incoming):
        window.is_well()


def test_three_events_make_a_sound_on_every_page_and_a_new_request_does_not(
    night: Night, opens: Open
) -> None:
    requests = aside(lambda: [asked(night), asked(night)])

    def urgent_for_minutes() -> None:
        then = timezone.now() - timedelta(minutes=3)
        waits = CareRequest.objects.filter(pk=requests[0])
        waits.update(urgency="U2", submitted_at=then, created_at=then)

    def nearly_late() -> None:
        soon = timezone.now() + timedelta(seconds=15)
        CareRequest.objects.filter(pk=requests[1]).update(needed_by=soon)

    window = opens(night.cast.coordinator)
    page = window.page
    page.add_init_script(COUNTS)
    page.goto("/dienst/")
    page.locator("input[value=heard]").check()
    page.locator("#beginnen .knop-hoofd").click()
    aside(urgent_for_minutes)
    page.goto("/werklijst/")
    window.goes_live()
    # Until somebody clicks the browser lets no page sound; it says so.
    page.locator("h2").first.click()
    sounds(page, SPOED)
    expect(page.locator("#geluid-woord")).to_contain_text("Spoed")
    page.locator("#geluid-gezien").click()
    expect(page.locator("#geluid")).to_be_hidden()
    aside(lambda: asked(night))
    expect(page.locator("#werk .rij")).to_have_count(3)
    sounds(page, SPOED)
    aside(nearly_late)
    page.goto("/capaciteit/overzicht/")
    window.goes_live()
    page.locator("h1").click()
    sounds(page, LATE)
    expect(page.locator("#geluid-woord")).to_contain_text("deadline")
    window.is_accessible()
    page.goto("/kaart/")
    window.goes_live()
    expect(page.locator("#geluid-woord")).to_contain_text("deadline")
    page.locator("h1").first.click()
    page.evaluate("() => { document.getElementById('live').dataset.state = 'off' }")
    sounds(page, LINE)
    expect(page.locator("#geluid-woord")).to_contain_text("live-gegevens")
    window.is_well()
