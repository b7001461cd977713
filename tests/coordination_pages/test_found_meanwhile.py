"""A place that was found is not given away by a page that is older than it."""

from typing import Any

import pytest

from coordination import services
from coordination.models import CareRequest, Offer
from coordination.states import RequestState
from tests import paths
from tests.care_pages.test_request import follow
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of
from tests.coordination_pages.test_acts_on_a_case import of_offer, of_request, started_with

FOUND = "Intussen is er een plek gevonden: Verpleeghuis De Linde"


def promised(cast: Cast) -> Offer:
    offer = paths.offer_at(cast, "accepted")
    offer.request = CareRequest.objects.select_related("case").get(pk=offer.request_id)
    return offer


def state(made: CareRequest) -> str:
    made.refresh_from_db()
    return str(made.state)


def test_a_desk_does_not_withdraw_what_a_colleague_just_placed(cast: Cast, at: Any) -> None:
    offer = promised(cast)
    made, path = offer.request, of_request(offer.request, "intrekken")
    said = started_with(at.coordinator, path) | {"reason": "none_in_time"}
    cast.colleague.does(services.assign, offer.pk, sbar=paths.LETTER)
    page = at.coordinator.post(path, **said)
    assert page.status_code == 422 and FOUND in text_of(page)
    assert state(made) == RequestState.ASSIGNED
    shown = page.context["form"]
    assert shown["reason"].value() == "none_in_time"

    at.coordinator.post(path, **said | {"knew": shown["knew"].value()})
    assert state(made) == RequestState.CANCELLED


def test_nor_does_the_huisarts_who_still_saw_it_being_sought(cast: Cast, at: Any) -> None:
    offer = promised(cast)
    made, path = offer.request, f"{follow(offer.request)}intrekken/"
    cast.colleague.does(services.assign, offer.pk, sbar=paths.LETTER)
    page = at.huisarts.post(path, reason="none_in_time", knew="")
    assert FOUND in text_of(page) and state(made) == RequestState.ASSIGNED

    shown = f'name="knew" value="{cast.planner.house.pk}"'
    assert shown in page.content.decode()
    at.huisarts.post(path, reason="died", knew=str(cast.planner.house.pk))
    assert state(made) == RequestState.CANCELLED


@pytest.mark.parametrize("before", ["submitted", "searching", "waiting", "on_hold", "assigned"])
def test_what_was_read_is_withdrawn_at_once(before: str, cast: Cast, at: Any) -> None:
    made = paths.request_at(cast, before)
    path = of_request(made, "intrekken")
    at.coordinator.post(path, **started_with(at.coordinator, path) | {"reason": "died"})
    assert state(made) == RequestState.CANCELLED


@pytest.mark.parametrize(("read", "now"), [("sent", "accepted"), ("accepted", "assigned")])
def test_an_offer_is_not_withdrawn_from_who_said_yes_since(
    read: str, now: str, cast: Cast, at: Any
) -> None:
    offer = paths.offer_at(cast, now)
    offer.request = CareRequest.objects.select_related("case").get(pk=offer.request_id)
    path = of_offer(offer, "intrekken")
    page = at.coordinator.post(path, knew=read)
    assert "Intussen is er een toezegging: De Linde ELV." in text_of(page)
    offer.refresh_from_db(fields=["state"])
    assert offer.state == now

    assert f'name="knew" value="{now}"' in page.content.decode()
    at.coordinator.post(path, knew=now)
    offer.refresh_from_db(fields=["state"])
    assert offer.state == "withdrawn"
