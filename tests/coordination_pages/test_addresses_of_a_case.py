"""What the address of an act on a case says is true, or nothing is done."""

from typing import Any

from coordination.models import Note
from coordination.states import RequestState
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
