"""What the address of an act on a case says is true, or nothing is done."""

from typing import Any

import pytest

from coordination.models import Handover, Note
from coordination.states import HandoverState, OfferState, RequestState
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of
from tests.coordination_pages.test_acts_on_a_case import looked, of_request
from tests.coordination_pages.test_opened_case import address

NO_VISIT = "?taak=zz"


def test_what_is_told_not_to_be_saved_is_not_saved(cast: Cast, at: Any) -> None:
    """The visit that somebody would go back to cannot be: known before the note is made."""
    case = paths.a_case(cast)
    page = at.coordinator.post(address(case, "notitie") + NO_VISIT, text="Dochter gebeld.")
    assert page.status_code == 404 and "niet bewaard" in text_of(page)
    assert not looked(cast, Note, case=case)


def test_nor_does_a_button_that_leads_back_to_nowhere(cast: Cast, at: Any) -> None:
    made = paths.request_at(cast, RequestState.SUBMITTED)
    assert at.coordinator.post(of_request(made, "oppakken") + NO_VISIT).status_code == 404
    made.refresh_from_db()
    assert made.state == RequestState.SUBMITTED


@pytest.mark.parametrize(("act", "sent"), [("pauzeren", {}), ("intrekken", {"reason": "hospital"})])
def test_nothing_is_done_to_a_request_by_the_address_of_another_case(
    act: str, sent: dict[str, str], cast: Cast, at: Any
) -> None:
    made, other = paths.request_at(cast, RequestState.SEARCHING), paths.a_case(cast)
    astray = address(other, "vraag", str(made.pk), act)
    assert at.coordinator.post(astray, **sent).status_code == 404
    made.refresh_from_db()
    assert made.state == RequestState.SEARCHING


def test_nor_to_an_offer_or_a_handover(cast: Cast, at: Any) -> None:
    offer, handed = paths.an_offer(cast), paths.handover_at(cast, HandoverState.OFFERED)
    for what, pk, case in (
        ("aanbod", offer.pk, handed.case),
        ("overdracht", handed.handover.pk, offer.request.case),
    ):
        astray = address(case, what, str(pk), "intrekken")
        assert at.coordinator.post(astray).status_code == 404
    offer.refresh_from_db()
    (handover,) = looked(cast, Handover, pk=handed.handover.pk)
    assert (offer.state, handover.state) == (OfferState.SENT, HandoverState.OFFERED)
