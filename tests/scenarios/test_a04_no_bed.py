"""A-04: no bed anywhere. The search says why, what would help, and nobody is forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from coordination.models import CareRequest
from coordination.tasks import end_watches, match_waiting_list
from lzc.models import Event, Policy
from tests.scenarios.telling import Story

FOUND, SHORT = "care_request.place_found", "care_request.shortage"
PLAN = {
    "interim_plan": "De buurvrouw kijkt om het uur; alarm om de hals.",
    "watcher": "Mevrouw Bos, nummer 12",
    "worst_case": "Bij benauwdheid of val: 112.",
}


def a_waiting_request(story: Story, **more: Any) -> str:
    _, request = story.a_request(**more)
    story.zcc.says(f"requests/{request}/take")
    story.zcc.says(f"requests/{request}/wait", PLAN | {"watch_until": in_minutes(90)})
    return request


def in_minutes(minutes: float) -> str:
    return (timezone.now() + timedelta(minutes=minutes)).isoformat()


def found(story: Story, since: int = 0) -> list[tuple[str, str]]:
    """Which requests a place was found for, and where, in the order in which it was told."""
    facts = Event.objects.filter(
        number__gt=since, type=FOUND, audience__contains=[story.zcc.organisation]
    ).order_by("number")
    return [(str(fact.subject), fact.ids["unit"]) for fact in facts]


def waiting_list(story: Story) -> list[Any]:
    return list(story.zcc.sees("requests?state=waiting")["results"])


def test_the_search_says_of_every_house_why_it_cannot_and_what_would_help(story: Story) -> None:
    _, request = story.a_request(requirements=["oxygen"])
    story.frees(story.linde, story.ward)
    answer = story.zcc.sees(f"requests/{request}/candidates")
    assert answer["candidates"] == []
    why = {e["unit"]["id"]: e["reasons"] for e in answer["excluded"]}
    assert why[story.ward] == ["lacks:oxygen"]
    assert "full" in why[story.other_ward]
    (helps,) = [r for r in answer["relaxations"] if story.ward in r["units"]]
    assert [(step["kind"], step["value"]) for step in helps["steps"]] == [("drop", "oxygen")]
    assert helps["places"] == 1


def test_who_waits_has_somebody_who_watches_and_the_desk_hears_when_that_ends(story: Story) -> None:
    request = a_waiting_request(story)
    (row,) = waiting_list(story)
    assert row["id"] == request
    assert {name: row[name] for name in PLAN} == PLAN
    end_watches()
    assert "care_request.watch_ended" not in story.zcc.hears()
    gone = timedelta(hours=2)
    CareRequest.objects.filter(pk=request).update(watch_until=F("watch_until") - gone)
    end_watches()
    end_watches()
    assert story.zcc.hears().count("care_request.watch_ended") == 1
    story.zcc.says(f"requests/{request}/wait", PLAN | {"watcher": "De wijkverpleging"})
    assert waiting_list(story)[0]["watcher"] == "De wijkverpleging"
    end_watches()
    assert "care_request.watch_ended" not in story.zcc.hears()


def test_that_somebody_is_asked_does_not_make_anybody_watch_longer(story: Story) -> None:
    request = a_waiting_request(story)
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward)
    story.linde.says(f"offers/{offer}/decline", {"reason": "too_heavy"})
    gone = timedelta(hours=2)
    CareRequest.objects.filter(pk=request).update(watch_until=F("watch_until") - gone)
    end_watches()
    assert story.zcc.hears().count("care_request.watch_ended") == 1


@pytest.mark.parametrize("minutes", [-1, 32 * 24 * 60])
def test_nobody_watches_until_a_moment_that_has_passed_or_is_far_away(
    minutes: int, story: Story
) -> None:
    _, request = story.a_request()
    story.zcc.says(f"requests/{request}/take")
    said = PLAN | {"watch_until": in_minutes(minutes)}
    story.zcc.is_refused(f"requests/{request}/wait", "invalid", said, status=422)


def test_a_shortage_is_counted_once_per_request(story: Story) -> None:
    request = a_waiting_request(story)
    story.zcc.says(f"requests/{request}/wait", PLAN)
    assert story.zcc.hears().count(SHORT) == 1
    assert SHORT not in story.stranger.hears() + story.linde.hears() + story.huisarts.hears()


def test_a_place_that_comes_free_is_told_to_the_desk_once(story: Story) -> None:
    request = a_waiting_request(story)
    story.zcc.hears()
    story.frees(story.linde, story.ward)
    match_waiting_list()
    match_waiting_list()
    assert found(story) == [(request, story.ward)]
    assert story.zcc.hears().count(FOUND) == 1
    assert FOUND not in story.huisarts.hears() + story.linde.hears()
    (row,) = waiting_list(story)
    assert row["told_units"] == [story.ward]
    story.offered(request, story.ward)
    assert waiting_list(story) == []


def test_that_it_still_holds_is_no_news_and_another_place_is(story: Story) -> None:
    request = a_waiting_request(story)
    story.frees(story.linde, story.ward)
    match_waiting_list()
    story.linde.says(f"units/{story.ward}/confirm")
    match_waiting_list()
    assert len(found(story)) == 1
    story.frees(story.linde, story.ward)
    match_waiting_list()
    story.frees(story.wilg, story.other_ward)
    match_waiting_list()
    assert found(story) == [
        (request, story.ward),
        (request, story.ward),
        (request, story.other_ward),
    ]


def test_a_place_that_is_gone_again_is_no_longer_shown(story: Story) -> None:
    request = a_waiting_request(story)
    story.frees(story.linde, story.ward)
    match_waiting_list()
    _, other = story.a_request()
    story.offered(other, story.ward)
    match_waiting_list()
    assert waiting_list(story)[0]["told_units"] == []
    offer = story.zcc.sees(f"requests/{other}")["offers"][0]["id"]
    story.zcc.says(f"offers/{offer}/withdraw")
    match_waiting_list()
    assert waiting_list(story)[0]["told_units"] == [story.ward]
    assert found(story)[0] == (request, story.ward)


def test_a_house_that_admits_again_is_told_and_what_does_not_fit_is_not(story: Story) -> None:
    fits, not_ = a_waiting_request(story), a_waiting_request(story, requirements=["oxygen"])
    story.linde.says(f"units/{story.ward}/stops", {"reason": "infection"})
    story.frees(story.linde, story.ward)
    match_waiting_list()
    assert found(story) == []
    story.linde.says(f"units/{story.ward}/reopen")
    match_waiting_list()
    assert found(story) == [(fits, story.ward)]
    rows = {row["id"]: row["told_units"] for row in waiting_list(story)}
    assert rows == {fits: [story.ward], not_: []}


def test_the_most_urgent_is_told_first_and_then_who_waits_longest(story: Story) -> None:
    later, first = a_waiting_request(story), a_waiting_request(story)
    urgent = a_waiting_request(story)
    CareRequest.objects.filter(pk=first).update(submitted_at=F("submitted_at") - timedelta(hours=1))
    CareRequest.objects.filter(pk=later).update(urgency="U4")
    CareRequest.objects.filter(pk=urgent).update(urgency="U2")
    story.frees(story.linde, story.ward)
    match_waiting_list()
    assert [request for request, _unit in found(story)] == [urgent, first, later]


def test_the_ladder_is_climbed_and_says_whom_to_call(story: Story) -> None:
    number = "038-4550199"
    Policy.objects.create(
        region=story.cast.region, version=1, values={"escalation": {"on_call": number}}
    )
    request = a_waiting_request(story)
    path = f"requests/{request}/escalate"
    assert story.zcc.says(path, {"to": "coordinator"})["telephone"] == ""
    assert story.zcc.says(path, {"to": "on_call"})["telephone"] == number
    story.zcc.is_refused(path, "escalated_before", {"to": "on_call"})
    story.zcc.is_refused(path, "escalated_before", {"to": "coordinator"})
    story.zcc.is_refused(path, "invalid", {"to": "mayor"}, status=422)
    story.zcc.says(path, {"to": "board"})
    (row,) = waiting_list(story)
    assert row["escalated_to"] == "board" and row["escalated_at"]
    assert story.huisarts.hears().count("care_request.escalated") == 3
    story.huisarts.is_refused(path, "not_yours", {"to": "board"}, status=403)
    story.linde.is_refused(path, "not_found", {"to": "board"}, status=404)
