"""A press that waited for reception is answered in words, not with the page it leads to."""

import json
from typing import Any
from uuid import uuid4

import pytest

from capacity.models import CareUnit, Closure, Place
from coordination.models import Offer
from coordination.states import OfferState
from lzc.models import Membership
from lzc.web.pages import SESSION_KEY
from tests import paths
from tests.care_pages.test_capacity import CONFIRM, free, tap
from tests.care_pages.test_visit import a_visit, looked, task
from tests.cast import Cast
from tests.coordination_pages.conftest import Browser
from triage.models import Contact


def queued(browser: Browser, path: str, **sent: Any) -> dict[str, Any]:
    answer = browser.queues(path, **sent)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/json"
    told: dict[str, Any] = json.loads(answer.content)
    return told


def test_every_tap_of_a_planner_can_wait(cast: Cast, at: Any) -> None:
    for which, sent in (("meer", {}), ("meer", {}), ("minder", {}), ("stop", {"reason": "staff"})):
        assert not queued(at.planner, tap(cast.ward, which), **sent)["refused"]
    assert not queued(at.planner, CONFIRM)["refused"]
    assert free(cast.ward) == 1
    assert Closure.objects.get(unit=cast.ward).reason == "staff"
    assert CareUnit.objects.get(pk=cast.ward.pk).observed_at is not None


def test_what_is_sent_twice_changes_nothing(cast: Cast, at: Any) -> None:
    key = uuid4().hex
    for _ in range(2):
        assert not queued(at.planner, tap(cast.ward, "meer"), key=key)["refused"]
    assert free(cast.ward) == 1


def test_what_was_refused_says_why_and_is_said_once(cast: Cast, at: Any) -> None:
    told = queued(at.planner, tap(cast.ward, "minder"))
    assert told["refused"] and "geen vrije plekken meer" in told["said"][0]
    page = at.planner.get("/capaciteit/").content.decode()
    assert "geen vrije plekken meer" not in page


@pytest.mark.parametrize("sent", [{"at": "kwart over"}, {"at": ""}])
def test_what_is_no_time_is_refused_in_words(sent: dict[str, str], cast: Cast, at: Any) -> None:
    told = queued(at.planner, tap(cast.ward, "vrij-vanaf"), **sent)
    assert told["refused"] and "16:30" in told["said"][0]
    assert not Place.objects.filter(unit=cast.ward).exists()


def test_what_is_not_yours_is_refused_in_words_and_shows_nothing(cast: Cast, at: Any) -> None:
    told = queued(at.planner, tap(cast.other_ward, "meer"))
    assert told["refused"] and cast.other_ward.name not in told["said"][0]


def test_a_promise_is_made_in_words(cast: Cast, at: Any) -> None:
    offer = paths.an_offer(cast)
    told = queued(at.planner, f"/aanbod/{offer.pk}/accept/")
    assert not told["refused"] and told["said"][0].startswith("Toegezegd.")
    assert Offer.objects.get(pk=offer.pk).state == OfferState.ACCEPTED
    told = queued(at.planner, f"/aanbod/{offer.pk}/accept/")
    assert told["refused"] and "intussen veranderd" in told["said"][0]


def test_a_whole_visit_is_sent_from_the_queue(cast: Cast, at: Any) -> None:
    offer = a_visit(cast)
    page = at.nurse.get(task(offer)).content.decode()
    said = {"read_back": {"read_back": "Wij gaan erheen."}, "report": {"findings": "Loopt weer."}}
    for step in ("read_back", "depart", "start", "report", "complete"):
        assert f'action="{task(offer, step)}"' in page, "each step is there before it is its turn"
        assert not queued(at.nurse, task(offer, step), **said.get(step, {}))["refused"]
    (report,) = looked(cast, Contact, case=offer.request.case_id, kind="report")
    assert report.text == "Loopt weer."


def test_findings_that_are_refused_are_not_shown_in_the_answer(cast: Cast, at: Any) -> None:
    offer = a_visit(cast, until="started")
    told = queued(at.nurse, task(offer, "report"), findings=" ")
    assert told["refused"] and told["said"]
    cast.nurse.does(paths.services.complete, offer.pk)
    told = queued(at.nurse, task(offer, "report"), findings="Heup pijnlijk.")
    assert told["refused"] and "Heup" not in "".join(told["said"])


def test_nobody_logged_in_is_no_answer_in_words(cast: Cast, at: Any) -> None:
    """Then the page goes on to the log-in, and what was typed goes along."""
    offer = a_visit(cast, until="started")
    at.nurse.client.logout()
    answer = at.nurse.queues(task(offer, "report"), findings="Heup pijnlijk.")
    assert answer.status_code == 401 and "text/html" in answer["Content-Type"]
    assert "Heup" not in answer.content.decode()


def test_a_tap_begun_in_another_role_is_not_done_in_this_one(cast: Cast, at: Any) -> None:
    second = Membership.objects.create(
        user=cast.planner.user, organisation=cast.other_planner.house.row, role="planner"
    )
    session = at.planner.client.session
    session[SESSION_KEY] = str(second.pk)
    session.save()
    answer = at.planner.queues(tap(cast.ward, "meer"))
    assert answer.status_code == 409 and free(cast.ward) == 0
