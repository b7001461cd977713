"""Journey 8: what was typed outlives another tab, another language and the end of a session."""

from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open
from tests.browser.test_at_the_door import a_second_job
from tests.browser.window import PASSWORD, aside
from tests.scenarios.night import Night

TEXT = "Dochter belt om vijf uur terug, sleutel bij de buren."


def types_a_note(night: Night, page: Page) -> str:
    case, _request = aside(night.a_request)
    reference = aside(lambda: str(night.zcc.sees(f"cases/{case}")["reference"]))
    page.goto(f"/casus/{reference}/notitie/")
    page.locator("#id_text").fill(TEXT)
    return reference


def logs_out_and_in_elsewhere(page: Page, username: str) -> None:
    other = page.context.new_page()
    other.goto("/werklijst/")
    other.locator("#menu summary").click()
    other.get_by_role("button", name="Afmelden").click()
    other.goto("/inloggen/")
    other.locator("#id_username").fill(username)
    other.locator("#id_password").fill(PASSWORD)
    other.locator("#login button").click()
    expect(other.locator("#werk")).to_be_visible()
    other.close()


def test_a_log_in_in_another_tab_loses_nothing(night: Night, opens: Open) -> None:
    window = opens(night.cast.coordinator)
    page = window.page
    reference = types_a_note(night, page)
    logs_out_and_in_elsewhere(page, night.cast.coordinator.user.username)
    page.locator(".verstuur button").click()
    expect(page.locator(".getypt-tekst")).to_have_text(TEXT)
    window.is_accessible()
    page.locator("#alsnog").click()
    expect(page.locator("#casus")).to_contain_text(reference)
    expect(page.locator("#casus")).to_contain_text(TEXT)


def test_a_session_that_ended_asks_to_log_in_and_gives_the_text_back(
    night: Night, opens: Open
) -> None:
    window = opens(night.cast.coordinator, java_script_enabled=False)
    page = window.page
    types_a_note(night, page)
    page.context.clear_cookies(name="session")
    page.locator(".verstuur button").click()
    expect(page.locator("#login")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(TEXT)
    page.locator("#id_username").fill(night.cast.coordinator.user.username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#login button").click()
    page.locator("#alsnog").click()
    expect(page.locator("#casus")).to_contain_text(TEXT)


def test_a_session_that_runs_out_takes_a_half_typed_note_along(night: Night, opens: Open) -> None:
    """Nobody pressed anything: the page goes by itself, for a patient is on it. It does not before
    what was typed is really kept."""
    window = opens(night.cast.coordinator)
    page = window.page
    case, _request = aside(night.a_request)
    reference = aside(lambda: str(night.zcc.sees(f"cases/{case}")["reference"]))
    page.goto(f"/casus/{reference}/")
    window.goes_live()
    page.locator("#notitie-tekst").press_sequentially(TEXT)
    page.wait_for_function("() => performance.now() > 5000")
    key = next(c["value"] for c in page.context.cookies() if "session" in c["name"])
    fails = ["GET", "POST"]

    def by_turns(route: Route) -> None:
        """Of what the page asks: am I still logged in, and then: keep this."""
        asked = route.request
        if asked.resource_type != "fetch" or "deel=" in asked.url or asked.method not in fails:
            return route.fallback()
        return route.fulfill(status=429) if asked.method == "GET" else route.abort()

    for part in (f"casus/{reference}/**", "rol/"):
        page.route(f"**/{part}", by_turns)
    aside(lambda: Session.objects.filter(pk=key).update(expire_date=timezone.now()))
    told = page.get_by_role("alert").filter(has_text="nog niet bewaard")
    expect(told).to_be_visible()
    expect(page.locator("#casus")).to_be_hidden()
    window.is_accessible()
    with page.expect_event("requestfailed", lambda asked: asked.method == "POST"):
        fails.remove("GET")
    expect(told).to_be_visible()
    fails.clear()
    page.get_by_role("button", name="Opnieuw proberen").click()
    expect(page.locator("#login")).to_be_visible()
    expect(page.locator("main")).to_contain_text("uw tekst is bewaard")
    expect(page.locator("main")).not_to_contain_text(TEXT)
    page.locator("#id_username").fill(night.cast.coordinator.user.username)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#login button").click()
    expect(page.locator(".getypt-tekst")).to_have_text(TEXT)
    page.goto(f"/casus/{reference}/")
    expect(page.locator("#casus")).not_to_contain_text(TEXT)
    page.goto("/bewaard/")
    page.locator("#alsnog").click()
    expect(page.locator("#casus")).to_contain_text(TEXT)


def test_another_role_in_another_tab_does_not_send_it_as_that(night: Night, opens: Open) -> None:
    aside(lambda: a_second_job(night))
    window = opens(None)
    page = window.page
    page.goto("/werklijst/")
    window.logs_in(night.cast.coordinator)
    page.locator("button.plek").filter(has_text="Zorgcentrale").click()
    expect(page.locator("#werk")).to_be_visible()
    types_a_note(night, page)
    other = page.context.new_page()
    other.goto("/rol/")
    other.locator("button.plek").filter(has_text="De Linde").click()
    expect(other.locator("#soorten")).to_be_visible()
    other.close()
    page.locator(".verstuur button").click()
    expect(page.locator("main")).to_contain_text("U werkt nu als planner")
    window.is_accessible()
    page.locator("#alsnog").click()
    expect(page.locator(".getypt-tekst")).to_have_text(TEXT)
    page.locator("#alsnog").click()
    expect(page.locator("#casus")).to_contain_text(TEXT)


def test_another_language_asks_before_a_form_is_emptied(night: Night, opens: Open) -> None:
    window = opens(night.cast.coordinator)
    page = window.page
    page.goto("/casus/nieuw/")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert not asked, "nothing was typed"
    page.locator("#id_caller").fill("Kan niet meer alleen naar bed.")
    page.get_by_role("button", name="Nederlands").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page.locator("#id_caller")).to_have_value("Kan niet meer alleen naar bed.")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_who_logs_out_elsewhere_leaves_no_patient_on_a_page_just_opened(
    night: Night, opens: Open
) -> None:
    window = opens(night.cast.coordinator)
    window.goes_live()
    other = window.page.context.new_page()
    other.goto("/rol/")
    window.page.reload()
    other.locator("#menu summary").click()
    other.get_by_role("button", name="Afmelden").click()
    expect(other.locator("#login")).to_be_visible()
    expect(window.page.locator("#login")).to_be_visible(timeout=15_000)
