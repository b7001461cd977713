"""Dienst: start it, pass on what you handle, accept what another passed on; without JavaScript."""

import re
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination import services
from coordination.models import CareRequest, Passing, Shift
from coordination.shifts import services as shifts
from lzc.models import ApiClient, Desk, Membership, Policy, Region
from lzc.rights import Duty, Role
from lzc.web.views import ASIDE, MENUS
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of

PAGE = "/dienst/"


def sounds(page: Any) -> bool:
    """Whether this page can sound: what it says with it, what plays it, and what it goes by."""
    text = page.content.decode()
    found = {what in text for what in ('id="geluid"', "js/sound")}
    clocks = 'id="klokken"' in text or 'id="werk"' in text
    assert len(found) == 1 and (clocks or found == {False}) or "geluid-test" in text
    return 'id="geluid"' in text


def test_a_shift_starts_with_the_answer_to_the_sound(cast: Cast, at: Any) -> None:
    assert "Dienst starten" in text_of(at.coordinator.get(PAGE))
    assert "Test het geluid" in text_of(at.coordinator.post(f"{PAGE}starten/"))
    page = at.coordinator.post(f"{PAGE}starten/", sound="heard")
    assert "Uw dienst is gestart" in text_of(page) and sounds(page)
    assert Shift.objects.running().filter(member=cast.coordinator.actor).exists()
    assert not sounds(at.colleague.get("/werklijst/"))


def test_every_page_of_a_desk_makes_sounds_once_they_were_heard(cast: Cast, at: Any) -> None:
    at.coordinator.post(f"{PAGE}starten/", sound="heard")
    case = paths.a_request(cast).case.reference
    menu = [name for name, *_label in [*MENUS[Role.COORDINATOR], *ASIDE]]
    pages = [*map(reverse, menu), f"/casus/{case}/", f"/casus/{case}/notitie/"]
    assert [path for path in pages if not sounds(at.coordinator.get(path))] == []
    at.coordinator.post(f"{PAGE}overdragen/")
    assert [path for path in pages if sounds(at.coordinator.get(path))] == []


def test_what_may_sound_is_told_to_any_page_and_not_about_whom(cast: Cast, at: Any) -> None:
    made, urgent = paths.a_request(cast), paths.a_request(cast)
    CareRequest.objects.filter(pk=urgent.pk).update(urgency="U2")
    with CaptureQueriesContext(connection) as asked:
        page = at.coordinator.get(f"{PAGE}klokken/").content.decode()
    assert not [sql for sql in asked if re.search(r'"(need|wishes|interim_plan)"', sql["sql"])]
    assert page.count(str(made.pk)) == page.count(str(urgent.pk)) == 1
    assert page.count("data-untaken") == 1
    cast.coordinator.does(services.take, urgent.pk)
    assert "data-untaken" not in at.coordinator.get(f"{PAGE}klokken/").content.decode()
    assert str(made.pk) not in at.triagist.get(f"{PAGE}klokken/").content.decode()
    assert at.planner.get(f"{PAGE}klokken/").status_code == 404


def test_the_sound_of_one_role_is_not_that_of_another(cast: Cast, at: Any) -> None:
    first = cast.coordinator.actor
    other = Membership.objects.create(
        user=first.user, organisation=first.organisation, role=Role.TRIAGIST, desk=first.desk
    )
    at.coordinator.post(f"{PAGE}starten/", sound="heard")
    at.coordinator.post("/rol/", membership=str(other.pk))
    assert not sounds(at.coordinator.get("/werklijst/"))
    at.coordinator.post("/rol/", membership=str(first.pk))
    page = at.coordinator.get(PAGE)
    assert not sounds(page) and "Geluid staat uit" in text_of(page)
    session = at.coordinator.client.session
    session["sound"] = {"as": str(other.pk), "said": "heard"}
    session.save()
    assert not sounds(at.coordinator.get("/werklijst/"))


def test_a_colleagues_claim_is_passed_on_and_taken_over_from_the_page(cast: Cast, at: Any) -> None:
    ill, taken = paths.a_request(cast), paths.a_request(cast)
    for made in (ill, taken):
        cast.coordinator.does(services.take, made.pk)
    words = text_of(at.colleague.get(PAGE))
    assert "Wat collega’s behandelen" in words
    assert f"Bij {cast.coordinator.user.full_name}" in words
    for act, made in (("overdragen", ill), ("overnemen", taken)):
        assert at.triagist.post(f"{PAGE}vraag/{made.pk}/{act}/").status_code == 404
        at.colleague.post(f"{PAGE}vraag/{made.pk}/{act}/")
    assert at.colleague.post(f"{PAGE}vraag/{ill.pk}/sluiten/").status_code == 404
    passing = Passing.objects.get(request=ill)
    assert passing.giver == cast.coordinator.actor.pk
    assert passing.offered_by == cast.colleague.actor.pk
    assert CareRequest.objects.get(pk=taken.pk).handler == cast.colleague.actor.pk
    assert CareRequest.objects.get(pk=ill.pk).handler == cast.coordinator.actor.pk


def test_an_opened_case_is_passed_on_once(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    cast.coordinator.does(services.take, made.pk)
    case, button = f"/casus/{made.case.reference}/", "Overdragen aan de volgende dienst"
    assert button in text_of(at.colleague.get(case))
    at.colleague.post(f"{case}vraag/{made.pk}/overdragen/")
    words = text_of(at.colleague.get(case))
    assert button not in words and "over te nemen" in words


def test_a_system_that_handles_a_request_is_called_by_its_name(cast: Cast, at: Any) -> None:
    machine = cast.machine(cast.coordinator.house, Duty.DESK)
    ApiClient.objects.filter(pk=machine.actor.pk).update(name="Meldkamerkoppeling")
    made = paths.a_request(cast)
    machine.does(services.take, made.pk)
    assert "systeem Meldkamerkoppeling" in text_of(at.colleague.get("/werklijst/"))
    assert "Bij systeem Meldkamerkoppeling" in text_of(at.colleague.get(PAGE))
    machine.does(shifts.pass_on, made.pk)
    assert "Tot dan bij systeem Meldkamerkoppeling" in text_of(at.colleague.get(PAGE))


def test_what_nobody_takes_over_says_whom_to_call_and_is_offered_anew(cast: Cast, at: Any) -> None:
    values = {"escalation": {"on_call": "038-0001234"}, "passing_calls": ["on_call"]}
    Policy.objects.create(region=cast.region, version=1, values=values)
    made = paths.a_request(cast)
    cast.coordinator.does(services.take, made.pk)
    passing = cast.coordinator.does(shifts.pass_on, made.pk)
    rows, now = Passing.objects.filter(pk=passing.pk), timezone.now()
    rows.update(accept_before=now)
    cast.clock.does(shifts.escalate, passing.pk)
    rows.update(call_next_at=now)
    cast.clock.does(shifts.tell_again, passing.pk)
    for who in (at.coordinator, at.colleague):
        words = text_of(who.get(PAGE))
        assert "Niet op tijd overgenomen" in words and "038-0001234" in words
    news = text_of(at.colleague.get("/werklijst/", deel="nieuws"))
    assert "nog steeds neemt niemand het over" in news
    at.coordinator.post(f"{PAGE}{passing.pk}/opnieuw/")
    words = text_of(at.colleague.get(PAGE))
    assert "Over te nemen voor" in words and "038-0001234" not in words


def test_whom_to_call_is_said_with_the_number_of_the_region_of_the_desk(
    cast: Cast, at: Any
) -> None:
    """A house that also works for another region has a desk there, with a ladder of its own."""
    made = paths.a_request(cast)
    cast.coordinator.does(services.take, made.pk)
    elsewhere = Region.objects.create(slug=f"buur-{made.pk.hex[:8]}", name="Buur")
    Desk.objects.filter(pk=made.desk_id).update(region=elsewhere)
    for region, number in ((cast.region, "038-0001111"), (elsewhere, "038-0002222")):
        values = {"escalation": {"on_call": number}, "passing_calls": ["on_call"]}
        Policy.objects.create(region=region, version=1, values=values)
    passing = cast.coordinator.does(shifts.pass_on, made.pk)
    rows, now = Passing.objects.filter(pk=passing.pk), timezone.now()
    for due, tells in (("accept_before", shifts.escalate), ("call_next_at", shifts.tell_again)):
        rows.update(**{due: now})
        cast.clock.does(tells, passing.pk)
    words = text_of(at.colleague.get(PAGE))
    assert "038-0002222" in words and "038-0001111" not in words


def test_a_case_goes_from_one_shift_to_the_next(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    cast.coordinator.does(services.take, made.pk)
    at.coordinator.post(f"{PAGE}starten/", sound="silent")
    page = text_of(at.coordinator.post(f"{PAGE}overdragen/"))
    assert "Wat niet wordt overgenomen, blijft bij u" in page and "Over te nemen voor" in page
    passing = Passing.objects.get(request=made)
    words = text_of(at.colleague.get(PAGE))
    assert made.need in words and cast.coordinator.user.full_name in words
    with cast.coordinator.looks():
        assert made.case.patient.name not in words
    assert "Overgenomen. U bent nu de behandelaar." in text_of(
        at.colleague.post(f"{PAGE}{passing.pk}/overnemen/")
    )
    assert CareRequest.objects.get(pk=made.pk).handler == cast.colleague.actor.pk
    assert "U behandelt niets" in text_of(at.coordinator.get(PAGE))


def test_another_desk_sees_and_accepts_nothing_of_it(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    cast.coordinator.does(services.take, made.pk)
    at.coordinator.post(f"{PAGE}starten/", sound="silent")
    at.coordinator.post(f"{PAGE}overdragen/")
    passing = Passing.objects.get(request=made)
    assert made.need not in text_of(at.triagist.get(PAGE))
    assert at.triagist.post(f"{PAGE}{passing.pk}/overnemen/").status_code == 404
    assert at.planner.get(PAGE).status_code == 404
