"""Verdelen: the plan as a desk sees it, and what the work list says of who waits."""

from typing import Any

from coordination import services
from coordination.models import CareRequest, Offer, Plan
from coordination.sharing import waiting
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of

PAGE = "/verdelen/"


def test_there_is_no_plan_until_somebody_makes_one(cast: Cast, at: Any) -> None:
    assert "Er is nu geen verdeling" in text_of(at.coordinator.get(PAGE))
    assert "Niemand wacht op een plek" in text_of(at.coordinator.post(PAGE))
    assert Plan.objects.get(region=cast.region).content == {"rows": []}


def test_rows_are_ticked_and_sent(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    paths.a_place(cast)
    page = at.coordinator.post(PAGE)
    words = text_of(page)
    assert "De Linde" in words and "dezelfde plek" in words and made.need in words
    assert not Offer.objects.filter(request=made).exists()
    plan = Plan.objects.get(region=cast.region)
    assert f'value="{made.pk}"' in page.content.decode()
    done = at.coordinator.post(f"{PAGE}{plan.pk}/", requests=[str(made.pk)])
    assert "1 aanbod is verstuurd" in text_of(done)
    assert Offer.objects.get(request=made).unit_id == cast.ward.pk
    again = text_of(at.coordinator.post(f"{PAGE}{plan.pk}/", requests=[str(made.pk)]))
    assert "u kunt een patiënt aan 1 tegelijk aanbieden" in again


def test_nothing_ticked_is_nothing_done(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    paths.a_place(cast)
    at.coordinator.post(PAGE)
    plan = Plan.objects.get(region=cast.region)
    assert "Vink eerst een regel aan" in text_of(at.coordinator.post(f"{PAGE}{plan.pk}/"))
    assert not Offer.objects.filter(request=made).exists()


def test_another_desk_sees_the_plan_but_not_whose_it_is(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    paths.a_place(cast)
    page = at.triagist.post(PAGE)
    assert "andere centrale" in text_of(page) and made.need not in text_of(page)
    assert "checkbox" not in page.content.decode()


def test_who_steers_nothing_has_no_such_page(cast: Cast, at: Any) -> None:
    for who in (at.huisarts, at.nurse, at.planner):
        assert who.get(PAGE).status_code == 404


def test_the_work_list_says_that_a_place_was_found(cast: Cast, at: Any) -> None:
    made = paths.request_at(cast, "waiting")
    assert "plek vrijgekomen" not in text_of(at.coordinator.get("/werklijst/"))
    CareRequest.objects.filter(pk=made.pk).update(told_units=[cast.ward.pk])
    assert "plek vrijgekomen" in text_of(at.coordinator.get("/werklijst/"))
    page = text_of(at.coordinator.get(f"/casus/{made.case.reference}/"))
    assert "Er kwam een passende plek vrij" in page


def test_a_desk_writes_down_whom_it_called(cast: Cast, at: Any) -> None:
    made = paths.request_at(cast, "waiting")
    path = f"/casus/{made.case.reference}/vraag/{made.pk}/opschalen/"
    assert "regionale dienst" in text_of(at.coordinator.get(path))
    at.coordinator.post(path, to="on_call")
    assert CareRequest.objects.get(pk=made.pk).escalated_to == "on_call"
    assert "regionale dienst" in text_of(at.coordinator.get("/werklijst/"))
    cast.coordinator.does(waiting.escalate, made.pk, to="board")


def test_who_watches_is_written_down_and_can_be_said_again(cast: Cast, at: Any) -> None:
    made = paths.request_at(cast, "searching")
    path = f"/casus/{made.case.reference}/vraag/{made.pk}/wachten/"
    at.coordinator.post(path, interim_plan="Om het uur", watcher="Buurvrouw", worst_case="112")
    row = CareRequest.objects.get(pk=made.pk)
    assert (row.state, row.watcher, row.worst_case) == ("waiting", "Buurvrouw", "112")
    assert "Buurvrouw" in text_of(at.coordinator.get(f"/casus/{made.case.reference}/"))
    assert 'value="Buurvrouw"' in at.coordinator.get(path).content.decode()
    cast.coordinator.does(services.offer, made.pk, unit_id=paths.a_place(cast).unit_id)
