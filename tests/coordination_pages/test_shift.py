"""Dienst: start it, pass on what you handle, accept what another passed on; without JavaScript."""

from typing import Any

from coordination import services
from coordination.models import CareRequest, Passing, Shift
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of

PAGE = "/dienst/"


def test_a_shift_starts_with_the_answer_to_the_sound(cast: Cast, at: Any) -> None:
    assert "Dienst starten" in text_of(at.coordinator.get(PAGE))
    assert "Test het geluid" in text_of(at.coordinator.post(f"{PAGE}starten/"))
    page = at.coordinator.post(f"{PAGE}starten/", sound="heard")
    assert "Uw dienst is gestart" in text_of(page) and 'data-sound="heard"' in page.content.decode()
    assert Shift.objects.running().filter(member=cast.coordinator.actor).exists()
    assert 'data-sound="heard"' in at.coordinator.get("/werklijst/").content.decode()
    assert 'data-sound=""' in at.colleague.get("/werklijst/").content.decode()


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
