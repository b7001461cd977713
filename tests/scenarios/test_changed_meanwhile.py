"""Things change between one step and the next: what was promised, foreseen or unknown before."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import F
from django.utils import timezone

from capacity.models import CareUnit, Place
from capacity.tasks import free_planned_places
from coordination.models import Offer
from coordination.sharing import waiting
from coordination.tasks import match_waiting_list
from tests.api.programs import refused, told
from tests.scenarios.telling import NEED, SBAR, Story

ISOLATED = {"requirements": ["isolation_strict"]}
ASK = {"care_types": ["elv_laag"], "need": NEED, "offer_best": True}


def in_minutes(minutes: float) -> str:
    return (timezone.now() + timedelta(minutes=minutes)).isoformat()


def a_room(story: Story, *codes: str) -> None:
    story.linde.says(f"units/{story.ward}/places", {"count": 1, "attributes": list(codes)})


def held(story: Story) -> list[list[str]]:
    """What the places of De Linde that are held have of their own."""
    rows = Place.objects.filter(unit=story.ward, state="held")
    return list(rows.values_list("attributes", flat=True))


def test_a_promise_of_before_the_isolation_says_nothing_of_it(story: Story) -> None:
    CareUnit.objects.filter(pk=story.ward).update(attributes=["isolation_strict"])
    story.frees(story.linde, story.ward)
    _, request = story.a_request()
    offer = story.offered(request, story.ward)
    story.linde.says(f"offers/{offer}/accept")
    story.huisarts.says(f"requests/{request}/amend", ISOLATED)
    said = story.zcc.is_refused(f"offers/{offer}/assign", "hygiene", {"sbar": SBAR})
    assert "ask again" in said
    story.zcc.says(f"offers/{offer}/withdraw")
    again = story.offered(request, story.ward)
    story.linde.says(f"offers/{again}/accept", {"hygiene": True})
    story.zcc.says(f"offers/{again}/assign", {"sbar": SBAR})


def test_ready_for_one_infection_is_not_ready_for_another(story: Story) -> None:
    able = ["isolation_strict", "isolation_contact"]
    CareUnit.objects.filter(pk=story.ward).update(attributes=able)
    story.frees(story.linde, story.ward)
    _, request = story.a_request(requirements=["isolation_contact"])
    offer = story.offered(request, story.ward)
    story.linde.says(f"offers/{offer}/accept", {"hygiene": True})
    story.huisarts.says(f"requests/{request}/amend", {"requirements": able})
    story.zcc.is_refused(f"offers/{offer}/assign", "hygiene", {"sbar": SBAR})


def test_who_was_booked_before_the_isolation_does_not_come_unannounced(story: Story) -> None:
    CareUnit.objects.filter(pk=story.ward).update(
        attributes=["isolation_contact"], direct_booking=True
    )
    story.frees(story.linde, story.ward)
    _, request = story.a_request()
    story.zcc.says(f"requests/{request}/book", {"unit": story.ward, "sbar": SBAR})
    story.zcc.says(f"requests/{request}/hold")
    story.huisarts.says(f"requests/{request}/amend", {"requirements": ["isolation_contact"]})
    story.zcc.is_refused(f"requests/{request}/resume", "hygiene")


def test_nobody_is_booked_in_isolation_without_a_word_of_the_ward(story: Story) -> None:
    CareUnit.objects.filter(pk=story.ward).update(
        attributes=["isolation_contact"], direct_booking=True
    )
    story.frees(story.linde, story.ward)
    _, request = story.a_request(requirements=["isolation_contact"])
    book = {"unit": story.ward, "sbar": SBAR}
    said = story.zcc.is_refused(f"requests/{request}/book", "hygiene", book)
    assert "Offer the patient" in said
    assert held(story) == []


def test_who_was_asked_hears_that_it_is_asked_otherwise_and_not_for_whom(story: Story) -> None:
    story.frees(story.linde, story.ward)
    case, request = story.a_request()
    offer = story.offered(request, story.ward)
    story.linde.hears()
    story.huisarts.says(f"requests/{request}/amend", {"need": "Komt niet alleen uit bed."})
    assert story.linde.hears() == ["offer.amended"]
    assert story.linde.sees(f"offers/{offer}")["profile"]["need"] == "Komt niet alleen uit bed."
    heard = story.linde.reads("events?after=0")
    assert case not in heard and request not in heard
    # Nothing that they read changed.
    story.huisarts.says(f"requests/{request}/amend", {"travel_limit": 60})
    assert story.linde.hears() == []


def test_a_room_for_men_is_not_taken_while_a_woman_waits_for_another(story: Story) -> None:
    a_room(story, "men")
    story.linde.says(f"units/{story.ward}/releases", {"free_from": in_minutes(30)})
    _, request = story.a_request()
    wait = {"steps": [{"kind": "wait", "value": 31.0}]}
    story.zcc.says(f"requests/{request}/widen", wait)
    (found,) = story.zcc.sees(f"requests/{request}/candidates")["candidates"]
    assert found["unit"]["id"] == story.ward
    offers = f"requests/{request}/offers"
    story.zcc.is_refused(offers, "not_free_yet", {"unit": story.ward})
    assert held(story) == []
    Place.objects.filter(unit=story.ward, free_from__isnull=False).update(free_from=timezone.now())
    free_planned_places()
    story.offered(request, story.ward)
    assert held(story) == [[]]


@pytest.mark.parametrize(
    "asked", [ISOLATED, {"requirements": ["oxygen"]}, {}], ids=["isolation", "oxygen", "men"]
)
def test_who_does_not_fit_is_not_booked_where_nobody_judges(
    story: Story, asked: dict[str, Any]
) -> None:
    CareUnit.objects.filter(pk=story.ward).update(direct_booking=True)
    a_room(story, *([] if asked else ["men"]))
    _, request = story.a_request(**asked)
    body = {"unit": story.ward, "sbar": SBAR}
    story.zcc.is_refused(f"requests/{request}/book", "does_not_fit", body)
    assert held(story) == []


def test_not_now_but_later_is_told_when_it_is_later(story: Story) -> None:
    story.frees(story.linde, story.ward)
    _, request = story.a_request()
    offer = story.offered(request, story.ward)
    later = {"reason": "only_later", "free_from": in_minutes(30)}
    story.linde.says(f"offers/{offer}/decline", later)
    story.zcc.says(f"requests/{request}/wait", {"interim_plan": "De buurvrouw kijkt."})
    match_waiting_list()
    past = {"free_from": F("free_from") - timedelta(minutes=31)}
    Place.objects.filter(unit=story.ward).update(**past)
    Offer.objects.filter(pk=offer).update(**past)
    free_planned_places()
    match_waiting_list()
    (row,) = story.zcc.sees("requests?state=waiting")["results"]
    assert row["told_units"] == [story.ward]
    (planned,) = story.zcc.says("plans", {"region": story.cast.subregion.slug})["rows"]
    assert planned["unit"] == story.ward


@pytest.mark.parametrize(("urgency", "outcome"), [("U1", "redirected"), ("U2", "registered")])
def test_who_may_not_be_placed_yet_is_taken_in_all_the_same(
    story: Story, urgency: str, outcome: str
) -> None:
    """A system that always asks the best at once does not lose a life threat by it."""
    story.frees(story.linde, story.ward)
    made = story.taken_in(story.zcc, urgency=urgency, request=ASK)
    assert (made["outcome"], made["offer"]) == (outcome, None)
    assert made["request"]["state"] == "submitted"
    assert held(story) == []


def test_who_becomes_known_is_shown_to_who_was_asked(story: Story) -> None:
    a_room(story, "men")
    who = story.somebody()
    unknown = {"patient": {"no_bsn": "unknown", "telephone": who["telephone"]}}
    called = {"contact": {"text": "Ligt op straat.", "callback": who["telephone"]}}
    ask = {"care_types": ["elv_laag"], "need": NEED}
    made = story.taken_in(story.zcc, **unknown, **called, request=ask)["request"]
    offer = story.offered(made["id"], story.ward)
    assert story.linde.sees(f"offers/{offer}")["profile"]["sex"] == "unknown"
    search = {"telephone": who["telephone"]}
    (known,) = told(story.zcc.program.post("callers", search))["callers"]
    del who["bsn"]
    story.zcc.hears()
    story.zcc.says("cases", {"patient": who | {"recognised": known["id"]}, **called})
    profile = story.linde.sees(f"offers/{offer}")["profile"]
    assert (profile["sex"], profile["pc4"]) == ("female", story.cast.pc4)
    assert profile["age_band"] and who["name"] not in str(profile)
    assert "care_request.amended" in story.zcc.hears()


def test_while_somebody_is_asked_no_other_place_is_told_of(story: Story) -> None:
    for party, unit in ((story.linde, story.ward), (story.wilg, story.other_ward)):
        story.frees(party, unit)
    _, request = story.a_request()
    story.offered(request, story.ward)
    match_waiting_list()
    story.huisarts.says(f"requests/{request}/amend", {"travel_limit": 300})
    story.zcc.hears()
    match_waiting_list()
    assert "care_request.place_found" not in story.zcc.hears()


def test_what_cannot_be_looked_at_keeps_nobody_else_waiting(
    story: Story, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    story.frees(story.linde, story.ward)
    match_waiting_list()
    broken, sound = (story.a_request()[1] for _ in range(2))
    for request in (broken, sound):
        story.zcc.says(f"requests/{request}/take")
        story.huisarts.says(f"requests/{request}/amend", {"travel_limit": 300})
    rematched, tried = waiting.rematch_request, []

    def breaks(request_id: UUID, **more: Any) -> int:
        if str(request_id) == broken:
            tried.append(request_id)
            raise ZeroDivisionError
        return rematched(request_id, **more)

    monkeypatch.setattr(waiting, "rematch_request", breaks)
    match_waiting_list()
    assert len(tried) == 2
    assert story.zcc.sees(f"requests/{sound}")["told_units"] == [story.ward]
    assert story.zcc.sees(f"requests/{broken}")["told_units"] == []
    assert "could not look at fact" in caplog.text
    match_waiting_list()
    assert len(tried) == 2


def test_of_a_draft_nobody_hears_whatever_happens_to_it(story: Story) -> None:
    case = story.taken_in(story.huisarts)["id"]
    story.zcc.hears()
    ask = {"care_types": ["elv_laag"], "need": NEED, "desk": story.zcc.desk, "draft": True}
    draft = story.huisarts.says(f"cases/{case}/requests", ask)["id"]
    story.huisarts.says(f"requests/{draft}/amend", {"requirements": ["oxygen"]})
    story.huisarts.says(f"requests/{draft}/cancel", {"reason": "changed"})
    assert story.zcc.hears() == []
    story.zcc.sees_nothing_at(f"requests/{draft}")


def test_a_shift_that_is_over_is_no_shift_to_report_for(story: Story) -> None:
    story.frees(story.linde, story.ward)
    path = f"units/{story.ward}/capacity"
    for moment in (in_minutes(-1), "2199-01-01T00:00:00Z"):
        said = story.linde.program.put(path, {"free": 1, "valid_until": moment})
        refused(said, 422, "invalid", "valid_until")
    assert story.places(story.ward)["free"] == 1


def test_a_number_that_is_none_is_refused(story: Story) -> None:
    _, request = story.a_request()
    for value in (b"1e999", b"-1e999", b"1e300"):
        body = b'{"steps": [{"kind": "travel", "value": ' + value + b"}]}"
        said = story.zcc.program.ask("POST", f"requests/{request}/widen", body)
        refused(said, 400, "too_large", "steps.0.value")
