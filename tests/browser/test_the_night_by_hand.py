"""Journey 1: the night of mevrouw Pietersen on the screens of those who do it.

Meldkamer, desk, nurse and huisarts have theirs open from beginning to end, the ELV house takes its
telephone when it is asked. The HAP has a system of its own, which speaks with the API.
"""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.conftest import Open
from tests.browser.test_the_huisarts import chooses
from tests.browser.window import PHONE, Window, aside
from tests.scenarios.night import Night
from tests.scenarios.telling import CORE, NEED, READ_BACK, SBAR

FOUND = "Drukpijn rechter heup; losse matten."
UNDERSTOOD = "Valt elke nacht, woont alleen; wij nemen het over."


def until_the_form(night: Night) -> None:
    """The night up to the ELV request; both houses have a bed."""
    night.three_calls()
    night.to_hap_and_zorgcentrale()
    night.home_care()
    both_have_a_bed(night)


def both_have_a_bed(night: Night) -> None:
    night.frees(night.linde, night.ward)
    night.frees(night.wilg, night.other_ward)


def secrets(night: Night) -> list[str]:
    """Whatever tells who she is, in every way a page writes it."""
    return [*who_she_is(night), night.told["telephone"]]


def who_she_is(night: Night) -> list[str]:
    born = date.fromisoformat(night.told["birth_date"])
    told = [night.told[item] for item in (*CORE, "bsn") if item != "telephone"]
    surname = night.told["name"].rpartition(" ")[2]
    return [*told, surname, f"{born:%d-%m-%Y}", f"{born.day}-{born.month}-{born.year}"]


def told_on(page: Page, night: Night) -> list[str]:
    html = page.content()
    return [secret for secret in secrets(night) if secret in html]


def sends(page: Page) -> None:
    page.locator(".verstuur button").first.click()


def picks(page: Page, field: str, value: str) -> None:
    page.locator(f'label:has(input[name="{field}"][value="{value}"])').click()


class Screens:
    """Everything that was sent from one of them is kept, to see whether she was asked again."""

    def __init__(self, night: Night, opens: Open) -> None:
        self.night, self.opens = night, opens
        self.sent: list[str] = []
        cast = night.cast
        self.meldkamer, self.desk = self.of(cast.centralist), self.of(cast.coordinator)
        self.nurse, self.huisarts = self.of(cast.nurse, PHONE), self.of(cast.huisarts)
        self.windows = (self.meldkamer, self.desk, self.nurse, self.huisarts)
        self.case = f"/casus/{night.first['reference']}/"

    def of(self, person: object, *size: tuple[int, int]) -> Window:
        window: Window = self.opens(person, *size)
        window.page.on("request", self.keep)
        return window

    def keep(self, request: Request) -> None:
        if request.method == "POST":
            self.sent += [value for _name, value in parse_qsl(request.post_data or "")]

    def at(self, window: Window, address: str) -> Page:
        window.page.goto(address)
        window.goes_live()
        return window.page

    def row(self) -> Locator:
        return self.desk.page.locator(f'#werk .rij-link[href^="{self.case}"]')

    def typed_again(self) -> list[str]:
        return [s for s in who_she_is(self.night) if any(s in value for value in self.sent)]


def the_third_call(screens: Screens) -> None:
    """Known by her number; all that is typed is the number and what happened."""
    night, page = screens.night, screens.meldkamer.page
    page.goto("/casus/nieuw/")
    page.locator("#id_callback").fill(night.told["telephone"])
    sends(page)
    expect(page.locator("#id_recognised")).to_contain_text(night.told["name"])
    picks(page, "recognised", night.known["recognised"])
    page.locator("#id_text").fill("Gevallen bij het opstaan van het toilet.")
    page.locator("#id_occurred_at").fill(f"{night.moments[2]:%Y-%m-%dT%H:%M}")
    sends(page)
    expect(page.locator("#casus")).to_contain_text("3e contact in 72 uur")
    page.get_by_role("link", name="Aanvullen").click()
    expect(page.locator("input[name=alarm_signals][value=second_contact]")).to_be_checked()
    sends(page)
    expect(page.locator("#triage")).to_contain_text("belde eerder")
    aside(night.police)


def hands_over(page: Page, *, to_desk: str, recommendation: str) -> None:
    page.locator("#id_to_desk").select_option(to_desk)
    page.locator("#id_recommendation").fill(recommendation)
    sends(page)


def takes_over(page: Page) -> None:
    """Read back in one's own words."""
    handed = page.locator("section[id^=overdracht-]:has(textarea)")
    handed.locator("textarea").fill(UNDERSTOOD)
    handed.get_by_role("button", name="Overnemen").click()
    expect(handed).to_have_count(0)


def from_meldkamer_to_desk(screens: Screens) -> None:
    """The HAP takes her over and passes her on: both screens beside it see it happen."""
    night, page = screens.night, screens.meldkamer.page
    work = screens.at(screens.desk, "/werklijst/")
    page.get_by_role("link", name="Overdragen").click()
    hands_over(page, to_desk=night.hap.desk, recommendation=SBAR["recommendation"])
    expect(page.locator("section[id^=overdracht-]")).to_contain_text("Wacht op de andere meldtafel")
    screens.meldkamer.goes_live()
    with screens.meldkamer.not_reloaded(), screens.desk.not_reloaded():
        aside(lambda: the_hap_passes_on(night))
        expect(page.locator("#casus")).to_contain_text("niet meer bij u")
        expect(screens.row()).to_be_visible()
    assert told_on(page, night) == []
    screens.row().click()
    takes_over(work)


def the_hap_passes_on(night: Night) -> None:
    (handed,) = night.hap.sees("handovers")["results"]
    night.hap.says(f"handovers/{handed['id']}/accept", READ_BACK)
    night.hap_judges()
    night.hap.says(f"cases/{night.case}/handovers", {"to_desk": night.zcc.desk, "sbar": SBAR})


def the_nurse_is_sent(screens: Screens) -> None:
    """Asked, promised, assigned: only then her telephone says who it is."""
    night, work = screens.night, screens.desk.page
    phone = screens.at(screens.nurse, "/aanbod/")
    work.get_by_role("link", name="Zorg vragen").click()
    picks(work, "care", "wijkverpleging")
    picks(work, "consent", "given")
    sends(work)
    card = phone.locator("article.vraag")
    with screens.nurse.not_reloaded():
        work.locator(f'[id^="bied-"][id$="-{night.team}"]').click()
        expect(card).to_have_count(1)
    assert told_on(phone, night) == []
    screens.desk.goes_live()
    with screens.desk.not_reloaded():
        card.get_by_role("button", name="Toezeggen").click()
        expect(work.get_by_role("link", name="Toewijzen")).to_be_visible()
    work.get_by_role("link", name="Toewijzen").click()
    sends(work)
    phone = screens.at(screens.nurse, "/taken/")
    expect(phone.locator("#taken")).to_contain_text(night.told["name"])
    with screens.nurse.not_reloaded():
        work.get_by_role("link", name="Overdragen").click()
        hands_over(work, to_desk=night.nurse.desk, recommendation=SBAR["recommendation"])
        expect(phone.locator("#overdrachten textarea")).to_be_visible()
    screens.nurse.is_accessible()
    takes_over(phone)


def the_visit(screens: Screens) -> None:
    """What she does there, the desk sees; in the morning the huisarts has it before him."""
    night, phone = screens.night, screens.nurse.page
    practice = screens.at(screens.huisarts, "/aanvragen/")
    work = screens.at(screens.desk, screens.case)
    screens.at(screens.nurse, "/taken/").locator("[id^=taak-link-]").click()
    with screens.desk.not_reloaded():
        phone.locator("#id_read_back").fill(UNDERSTOOD)
        phone.get_by_role("button", name="Gelezen en begrepen").click()
        phone.get_by_role("button", name="Ik ben onderweg").click()
        phone.get_by_role("button", name="Ik ben bij de patiënt").click()
        phone.locator("#id_findings").fill(FOUND)
        phone.get_by_role("button", name="Bevindingen bewaren").click()
        expect(work.locator("#casus")).to_contain_text(FOUND)
    with screens.huisarts.not_reloaded():
        phone.get_by_role("link", name="Casus overdragen").click()
        hands_over(phone, to_desk=night.huisarts.desk, recommendation="Graag beoordelen.")
        expect(practice.locator("#overdrachten textarea")).to_be_visible()
    expect(practice.locator("#overdrachten")).to_contain_text(FOUND)
    takes_over(practice)
    phone.get_by_role("button", name="Bezoek afronden").click()
    expect(phone.locator("#taak")).to_contain_text("Dit bezoek is klaar")


def the_form(screens: Screens) -> None:
    """One form, with everything that is known on it."""
    night, page = screens.night, screens.huisarts.page
    screens.at(screens.desk, "/werklijst/")
    expect(screens.row()).to_have_count(0)
    page.goto(f"/aanvraag/?casus={night.first['reference']}")
    expect(page.locator("main")).to_contain_text(night.told["address"])
    chooses(page, "care_type")
    chooses(page, "day", 1)
    page.locator("#id_need").fill(NEED)
    page.locator("#id_consent").check()
    with screens.desk.not_reloaded():
        page.locator(".verstuur .knop-hoofd").click()
        expect(page.locator("#stand-kop")).to_have_text("Verstuurd")
        expect(screens.row()).to_be_visible()
    night.request = page.url.rstrip("/").rpartition("/")[2]
    screens.huisarts.goes_live()


def a_bed_is_offered(screens: Screens, house: Window) -> None:
    """For some seconds it can be taken back, and the house knows nothing; never of whom it is."""
    night, work, phone = screens.night, screens.desk.page, house.page
    screens.row().click()
    work.locator("#casus").get_by_role("button", name="Oppakken").click()
    ask, card = work.locator(f"#vraag-{night.request}"), phone.locator("article.vraag")
    with house.not_reloaded():
        work.locator(f"#bied-{night.request}-{night.ward}").click()
        expect(ask.get_by_role("button", name="Ongedaan")).to_be_visible()
        expect(card).to_have_count(0)
        expect(card).to_have_count(1)
    assert told_on(phone, night) == []
    house.is_accessible()
    screens.desk.goes_live()
    with screens.desk.not_reloaded():
        card.get_by_role("button", name="Toezeggen").click()
        expect(ask.get_by_role("link", name="Toewijzen")).to_be_visible()
    assert told_on(phone, night) == []
    house.goes_live()


def she_is_admitted(screens: Screens, house: Window) -> None:
    night, work, phone = screens.night, screens.desk.page, house.page
    ask, card = work.locator(f"#vraag-{night.request}"), phone.locator("article.vraag")
    standing = screens.huisarts.page.locator("#stand-kop")
    ask.get_by_role("link", name="Toewijzen").click()
    with house.not_reloaded(), screens.huisarts.not_reloaded():
        sends(work)
        expect(card.get_by_role("heading", name=night.told["name"])).to_be_visible()
        expect(standing).to_contain_text("Er is een plek")
    assert night.told["address"] in phone.content()
    assert night.told["telephone"] in phone.content()
    house.is_accessible()
    card.locator("textarea[name=read_back]").fill("Heupkneuzing, hulp bij elke transfer.")
    card.get_by_role("button", name="Gelezen en begrepen").click()
    screens.desk.goes_live()
    with screens.desk.not_reloaded(), screens.huisarts.not_reloaded():
        card.get_by_role("button", name="Opgenomen").click()
        expect(ask).to_contain_text("Zorg gestart")
        expect(standing).to_contain_text("Opgenomen")
    screens.desk.is_accessible()


@pytest.mark.timeout(300)
def test_a_night_from_the_third_call_to_the_bed(night: Night, opens: Open, clock: None) -> None:
    aside(lambda: [night.two_calls(), night.frees(night.nurse, night.team)])
    aside(lambda: both_have_a_bed(night))
    screens = Screens(night, opens)
    the_third_call(screens)
    from_meldkamer_to_desk(screens)
    the_nurse_is_sent(screens)
    the_visit(screens)
    the_form(screens)
    house = opens(night.cast.planner, PHONE)
    screens.at(house, "/aanbod/")
    a_bed_is_offered(screens, house)
    she_is_admitted(screens, house)
    for window in (*screens.windows, house):
        window.is_well()

    # One case, five owners, and who she is was told once: in the first of the three nights.
    case = aside(lambda: night.huisarts.sees(f"cases/{night.case}"))
    parties = (night.meldkamer, night.hap, night.zcc, night.nurse, night.huisarts)
    assert [part["desk"]["id"] for part in case["owners"]] == [party.desk for party in parties]
    assert [call["id"] for call in aside(lambda: night.huisarts.sees("cases"))["results"]] == [
        night.case
    ]
    assert case["reentries"] == 0 and screens.typed_again() == []
    lacked = aside(lambda: [night.lacks(party) for party in (night.huisarts, night.zcc)])
    assert lacked == [[], []]
