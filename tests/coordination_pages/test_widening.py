"""Nothing fits: a desk lets go of something by a button, and reads what came of it."""

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from capacity import planning
from coordination.models import CareRequest
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of
from tests.coordination_pages.test_acts_on_a_case import of_request
from tests.coordination_pages.test_opened_case import address


def proposed(at: Any, made: CareRequest) -> dict[str, list[str]]:
    """The steps of each proposal on the page, under the kinds of them."""
    page = at.coordinator.get(address(made.case)).content.decode()
    forms = re.findall(r'<form method="post" action="[^"]*/verruimen/">(.*?)</form>', page, re.S)
    steps = [re.findall(r'name="step" value="([^"]+)"', form) for form in forms]
    return {"+".join(said.partition("=")[0] for said in found): found for found in steps}


def test_what_a_button_lets_go_brings_what_stood_beside_it(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    made = paths.a_request(cast, requirements=["oxygen"])
    (step,) = proposed(at, made)["drop"]
    page = at.coordinator.post(of_request(made, "verruimen"), step=step)
    assert "1 mogelijke plek" in text_of(page)


def test_what_a_colleague_let_go_already_is_said_so(cast: Cast, at: Any) -> None:
    paths.a_place(cast)
    made = paths.a_request(cast, requirements=["oxygen"])
    (step,) = proposed(at, made)["drop"]
    at.colleague.post(of_request(made, "verruimen"), step=step)
    page = text_of(at.coordinator.post(of_request(made, "verruimen"), step=step))
    assert "is al vervallen" in page and "travel" not in page


def test_a_place_that_was_called_off_meanwhile_is_not_said_to_fit(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    later = timezone.now() + timedelta(hours=1)
    place = cast.planner.does(planning.plan_release, cast.ward.pk, free_from=later)
    (step,) = proposed(at, made)["wait"]
    cast.planner.does(planning.call_off, place.pk)
    page = text_of(at.coordinator.post(of_request(made, "verruimen"), step=step))
    assert "Verruimd" in page and "passen nu" not in page and "0 mogelijke plekken" in page
