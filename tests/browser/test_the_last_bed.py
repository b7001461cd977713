"""Journey: two desks want the last bed, each in a browser of its own.

That a race is really run, and goes wrong without the guard, is shown over HTTP, where it is cheap:
`tests/races/test_controls_over_http.py`. Here it is about what the two who press are told.
"""

from playwright.sync_api import Page, Route, expect

from lzc.models import User
from lzc.rights import OrganisationKind, Role
from tests.browser.conftest import Open
from tests.browser.window import Window, aside
from tests.cast import House, Person
from tests.scenarios.night import Night
from tests.scenarios.telling import Party, counts

NO_MORE = "De laatste plek van De Linde ELV is net vergeven. Kies een andere."


def another_desk(night: Night) -> Person:
    """A coordination centre next door, with a coordinator who logs in with the same password."""
    next_door = House(OrganisationKind.ZCC, "Zorgcentrale Oost", night.cast.subregion).saved()
    person = night.cast.person(next_door, Role.COORDINATOR)
    password = User.objects.values_list("password", flat=True).get(
        pk=night.cast.coordinator.user.pk
    )
    User.objects.filter(pk=person.user.pk).update(password=password)
    return person


def asked_of(night: Night, desk: Party) -> tuple[str, str]:
    """A request that this desk looks after: the address of its case, and its id."""
    case, request = night.a_request(desk=desk.desk)
    desk.says(f"requests/{request}/take")
    return f"/casus/{desk.sees(f'cases/{case}')['reference']}/", request


def both_press(ward: str, windows: list[Window]) -> None:
    """Neither press reaches the server before the other is on its way."""
    pressed: list[Route] = []
    for window in windows:
        window.page.route("**/aanbieden/", lambda press: pressed.append(press))
        window.page.locator(f'[id^="bied-"][id$="-{ward}"]').click(no_wait_after=True)
    while len(pressed) < len(windows):
        windows[0].page.wait_for_timeout(20)
    for press in pressed:
        press.continue_()


def holds(page: Page) -> bool:
    """What came of it is on the page by now."""
    offer = page.locator("tr[id^=aanbod-]")
    expect(offer.or_(page.get_by_text(NO_MORE)).first).to_be_visible()
    return bool(offer.count())


def test_two_desks_want_the_last_bed_and_one_gets_it(night: Night, opens: Open) -> None:
    other = aside(lambda: another_desk(night))
    desks = [night.zcc, Party(other)]
    aside(lambda: night.frees(night.linde, night.ward))
    asked = [aside(lambda desk=desk: asked_of(night, desk)) for desk in desks]
    windows = [opens(desk.person) for desk in desks]
    for window, (address, _request) in zip(windows, asked, strict=True):
        window.page.goto(address)
        window.goes_live()

    both_press(night.ward, windows)
    held = [holds(window.page) for window in windows]
    assert sorted(held) == [False, True]
    assert aside(lambda: night.places(night.ward)) == counts(held=1)

    # Who came too late reads what to do, and can no longer press what is of no use.
    late, first = windows[held.index(False)], windows[held.index(True)]
    expect(late.page.get_by_text(NO_MORE)).to_be_visible()
    expect(late.page.locator(f'[id^="bied-"][id$="-{night.ward}"]')).to_have_count(0)
    late.goes_live()
    late.is_accessible()
    late.is_well()

    # The one who was first thinks better of it: the bed comes back to the other by itself.
    with late.not_reloaded():
        take_back = first.page.locator("tr[id^=aanbod-]").get_by_role("button")
        expect(take_back).to_have_text("Intrekken")
        take_back.click()
        expect(late.page.locator(f'[id^="bied-"][id$="-{night.ward}"]')).to_be_visible()
    first.is_well()
