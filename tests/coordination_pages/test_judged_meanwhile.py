"""A judgement that nobody read is not undone, nor agreed with, by a page that is older than it."""

from typing import Any

import pytest

from tests import paths
from tests.cast import Cast, Person
from tests.coordination_pages.conftest import text_of
from tests.coordination_pages.test_acts_on_a_case import looked, started_with
from tests.coordination_pages.test_opened_case import address
from triage import services as triage
from triage.models import Case, TriageRecord
from triage.services import TriageIn


def urgent_now(case: Case, urgency: str, by: Person) -> None:
    judged = TriageIn(how="redone", urgency=urgency, reason="Benauwd en suf.", complaint="benauwd")
    by.does(triage.triage, case.pk, judged=judged)


def newest(cast: Cast, case: Case) -> TriageRecord:
    found: list[TriageRecord] = looked(cast, TriageRecord, case=case)
    return max(found, key=lambda record: record.number)  # rows come in any order


@pytest.mark.parametrize(
    ("act", "how", "meanwhile"),
    [
        ("triage", "supplemented", "U2"),
        ("triage", "supplemented", "U1"),
        ("verslechtert", "redone", "U2"),
    ],
)
def test_an_open_form_does_not_undo_what_a_colleague_judged(
    act: str, how: str, meanwhile: str, cast: Cast, at: Any
) -> None:
    case = paths.a_case(cast)
    path = address(case, act)
    start = started_with(at.coordinator, path, how=how) | {"urgency": "U3", "complaint": "Zit nu."}
    start["reason"] = "Kijkt weer rond."
    urgent_now(case, meanwhile, cast.colleague)
    page = at.coordinator.post(path, **start)
    assert page.status_code == 422
    assert f"Intussen gaf Zorgcentrale {meanwhile}" in text_of(page)
    assert "Zit nu." in page.content.decode()
    assert newest(cast, case).urgency == meanwhile

    read = {name: page.context["form"][name].value() for name in ("after", "how")}
    at.coordinator.post(path, **start | read)
    assert (newest(cast, case).urgency, newest(cast, case).complaint) == ("U3", "Zit nu.")


def test_a_first_triage_that_came_second_adds_to_the_first(cast: Cast, at: Any) -> None:
    taken = cast.coordinator.does(
        triage.register,
        patient=cast.patient(),
        contact=triage.ContactIn(text="Ligt naast bed."),
        desk=cast.coordinator.desk,
    )
    path = address(taken.case, "triage")
    start = started_with(at.coordinator, path, how="new") | {"urgency": "U4", "B": "20/min"}
    first = TriageIn(urgency="U3", how="new", complaint="val", abcde={"C": "pols 80"})
    cast.colleague.does(triage.triage, taken.case.pk, judged=first)
    page = at.coordinator.post(path, **start)
    assert page.status_code == 422
    read = {name: page.context["form"][name].value() for name in ("after", "how")}
    at.coordinator.post(path, **start | read)
    added = newest(cast, taken.case)
    assert (added.how, added.abcde) == ("supplemented", {"B": "20/min", "C": "pols 80"})


def test_nobody_agrees_with_a_judgement_they_never_saw(cast: Cast, at: Any) -> None:
    handed = paths.handover_at(cast, "accepted")
    shown = at.nurse.get(address(handed.case)).content.decode()
    assert '<input type="hidden" name="after" value="1">' in shown
    urgent_now(handed.case, "U2", cast.nurse)
    path, press = address(handed.case, "triage"), {"how": "taken_over"}
    page = at.nurse.post(path, **press, after="1")
    assert page.status_code == 422 and newest(cast, handed.case).how == "redone"
    assert page.context["form"]["after"].value() == 2


@pytest.mark.parametrize("after", ["2", "9" * 30])
def test_nobody_read_a_judgement_that_does_not_exist(after: str, cast: Cast, at: Any) -> None:
    case = paths.a_case(cast, urgency="U2")
    start = started_with(at.coordinator, address(case, "triage"), how="supplemented")
    page = at.coordinator.post(address(case, "triage"), **start | {"after": after, "urgency": "U4"})
    assert page.status_code == 422 and newest(cast, case).urgency == "U2"


@pytest.mark.parametrize(
    ("act", "how"),
    [("triage", "taken_over"), ("triage", "supplemented"), ("verslechtert", "redone")],
)
def test_who_does_not_say_what_they_read_has_read_nothing(
    act: str, how: str, cast: Cast, at: Any
) -> None:
    case = paths.a_case(cast, urgency="U2")
    path = address(case, act)
    start = started_with(at.coordinator, path, how=how) | {"urgency": "U4", "reason": "Beter."}
    del start["after"]
    page = at.coordinator.post(path, **start)
    assert page.status_code == 422 and "Intussen gaf Zorgcentrale U2" in text_of(page)
    assert looked(cast, TriageRecord, case=case) == [newest(cast, case)]
    assert page.context["form"]["after"].value() == 1


def test_what_was_read_is_judged_again_at_once(cast: Cast, at: Any) -> None:
    """The other side: an urgency that the form was opened after is changed without a word."""
    case = paths.a_case(cast)
    urgent_now(case, "U2", cast.colleague)
    path = address(case, "triage")
    start = started_with(at.coordinator, path, how="supplemented")
    page = at.coordinator.post(path, **start | {"urgency": "U3"})
    assert page.status_code == 200 and newest(cast, case).urgency == "U3"
