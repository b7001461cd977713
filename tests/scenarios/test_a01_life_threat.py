"""A-01: life threat. LZC points to 112 and seeks no place, until 112 has looked at it."""

from datetime import UTC, datetime, timedelta

import pytest

from coordination.tasks import expire_offers, release_expired_holds
from lzc.hours import AMSTERDAM, is_anw
from lzc.policy import Rules
from tests.scenarios.telling import NEED, SBAR, Story, counts

BED = {"care_types": ["elv_laag"], "need": NEED}
CHEST_PAIN = "Pijn op de borst, grauw, zweet."
NOT_AFTER_ALL = {"how": "redone", "urgency": "U3", "reason": "Ambulance keek: geen hartinfarct."}


def office_hours() -> datetime:
    """The last time that it was ten in the morning on a working day."""
    ten = datetime.now(UTC).astimezone(AMSTERDAM).replace(hour=10, minute=0)
    return next(
        day
        for day in (ten - timedelta(days=back) for back in range(1, 7))
        if not is_anw(day, Rules())
    )


@pytest.mark.parametrize("urgency", ["U0", "U1"])
def test_a_system_that_sends_a_life_threat_is_answered_redirected(
    story: Story, urgency: str
) -> None:
    triage = {"urgency": urgency, "complaint": CHEST_PAIN, "system": "NTS"}
    response = story.zcc.program.post("cases", {"patient": {}, "triage": triage})
    assert response.status_code == 201
    made = response.json()
    assert (made["outcome"], made["state"]) == ("redirected", "redirected")
    assert story.zcc.hears() == ["case.registered", "case.triaged", "case.redirected"]
    assert story.stranger.hears() == []
    story.stranger.sees_nothing_at(f"cases/{made['id']}")
    case = story.zcc.sees(f"cases/{made['id']}")
    assert case["redirected_at"] and case["complaint"] == CHEST_PAIN
    assert story.zcc.looked_at(case["patient"]["id"])[-1] == "read"


def test_a_citizen_with_a_life_threat_is_heard_at_any_hour(story: Story) -> None:
    called = {"asked_by": "citizen", "caller": "dochter", "occurred_at": office_hours().isoformat()}
    told = {"patient": {}, "contact": called, "triage": {"urgency": "U1", "complaint": CHEST_PAIN}}
    assert story.zcc.says("cases", told)["outcome"] == "redirected"
    less = told | {"triage": {"urgency": "U3", "complaint": "Gevallen."}}
    sentence = story.zcc.is_refused("cases", "outside_anw", less)
    assert "their own huisarts" in sentence and story.cast.coordinator.desk.telephone in sentence


def test_no_place_is_sought_until_112_has_looked_and_somebody_triaged_anew(story: Story) -> None:
    told = {"urgency": "U1", "complaint": CHEST_PAIN}
    case = story.taken_in(story.zcc, triage=told, request=BED)
    request, path = case["request"]["id"], f"cases/{case['id']}"
    story.frees(story.linde, story.ward)
    wanted = {"unit": story.ward}

    sentence = story.zcc.is_refused(f"requests/{request}/offers", "redirected", wanted)
    assert "112" in sentence and "triage again" in sentence
    unconfirmed = {"life_threat": False}
    story.zcc.is_refused(f"{path}/redirect/confirm", "still_life_threatening", unconfirmed)
    # Triaged lower is not enough either: 112 has not answered.
    story.zcc.says(f"{path}/triage", NOT_AFTER_ALL)
    story.zcc.is_refused(f"requests/{request}/offers", "redirected", wanted)
    assert story.places(story.ward) == counts(free=1)
    assert story.linde.hears() == ["place.released"]

    assert story.zcc.says(f"{path}/redirect/confirm", unconfirmed)["state"] == "open"
    story.offered(request, story.ward)
    assert story.places(story.ward) == counts(held=1)


def test_112_has_it_under_a_ritnummer_and_still_nothing_is_matched(story: Story) -> None:
    person = story.somebody()
    told = {"urgency": "U1", "complaint": CHEST_PAIN}
    made = story.taken_in(story.zcc, patient=person, triage=told, request=BED)
    case, request = made["id"], made["request"]["id"]
    story.frees(story.linde, story.ward)
    joined = story.meldkamer.says("cases", {"patient": {"bsn": person["bsn"]}})
    assert (joined["id"], joined["outcome"]) == (case, "joined")

    confirm = f"cases/{case}/redirect/confirm"
    nothing = story.meldkamer.program.post(confirm, {"life_threat": True})
    assert (nothing.status_code, nothing.json()["field"]) == (422, "ritnummer")
    story.meldkamer.says(confirm, {"life_threat": True, "ritnummer": "04-2026-0418-1"})
    seen = story.zcc.sees(f"cases/{case}")
    assert (seen["state"], seen["ritnummer"]) == ("open", "04-2026-0418-1")
    story.zcc.is_refused(f"requests/{request}/offers", "redirected", {"unit": story.ward})
    assert story.places(story.ward) == counts(free=1)
    assert story.zcc.hears()[-1] == "case.redirect_confirmed"


def test_anybody_involved_may_call_it_a_life_threat_and_what_was_promised_waits(
    story: Story,
) -> None:
    case, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward)
    story.linde.says(f"offers/{offer}/accept")
    moved = story.zcc.says(f"cases/{case}/redirect")
    assert moved["state"] == "redirected"
    assert story.huisarts.hears()[-2:] == ["case.redirected", "care_request.held"]

    story.zcc.is_refused(f"offers/{offer}/assign", "redirected", {"sbar": SBAR})
    story.linde.sees_nothing_at(f"cases/{case}")
    assert story.places(story.ward) == counts(held=1)
    story.huisarts.says(f"cases/{case}/redirect/confirm", {"life_threat": False})
    # What was judged before it was called a life threat no longer counts.
    story.zcc.is_refused(f"offers/{offer}/assign", "triage_again", {"sbar": SBAR})
    story.zcc.says(f"cases/{case}/triage", NOT_AFTER_ALL)
    # What stood still goes on when the desk has looked.
    story.zcc.says(f"requests/{request}/resume")
    story.zcc.says(f"offers/{offer}/assign", {"sbar": SBAR})


def test_time_alone_never_ends_a_life_threat(story: Story) -> None:
    case = story.taken_in(story.zcc, urgency="U1")["id"]
    expire_offers()
    release_expired_holds()
    story.zcc.is_refused(f"cases/{case}/close", "wrong_state", {"reason": "care_started"})
    assert story.zcc.sees(f"cases/{case}")["state"] == "redirected"


def test_nobody_outside_the_case_can_call_it_off(story: Story) -> None:
    case = story.taken_in(story.zcc, urgency="U1")["id"]
    for other in (story.hap, story.stranger, story.linde):
        said = {"life_threat": False}
        other.is_refused(f"cases/{case}/redirect/confirm", "not_found", said, status=404)
        assert other.was_turned_away(f"case:{case}")
    assert story.zcc.sees(f"cases/{case}")["state"] == "redirected"
