"""A-09: she gets worse while she waits. What was promised is frozen, not lost, until somebody
looked again."""

from coordination.tasks import expire_offers, release_expired_holds
from tests.scenarios.telling import READ_BACK, SBAR, Story, counts, let_time_pass

WORSE = {
    "how": "redone",
    "urgency": "U2",
    "reason": "Koorts, verward, ademhaling 28.",
    "complaint": "Koorts en verwardheid.",
    "abcde": {"B": "28 per minuut", "D": "verward"},
    "physician": "huisarts H. van Dam",
}


def placed(story: Story) -> tuple[str, str, str]:
    """She has a bed at De Linde and is not there yet: case, request, offer."""
    case, request = story.a_request()
    story.frees(story.linde, story.ward)
    return case, request, story.assigned(request, story.ward, story.linde)


def test_what_was_promised_is_frozen_and_not_lost(story: Story) -> None:
    case, request, offer = placed(story)
    story.zcc.says(f"cases/{case}/deteriorate", WORSE)
    assert story.zcc.sees(f"requests/{request}")["state"] == "on_hold"
    assert story.places(story.ward) == counts(held=1)
    assert story.zcc.sees(f"offers/{offer}")["state"] == "assigned"
    # The house cannot admit her now, whatever it read back before.
    story.linde.says(f"offers/{offer}/read_back", READ_BACK)
    story.linde.is_refused(f"offers/{offer}/start", "wrong_state")
    expire_offers()
    release_expired_holds()
    assert story.places(story.ward) == counts(held=1)

    story.zcc.says(f"requests/{request}/resume")
    assert story.zcc.sees(f"requests/{request}")["state"] == "assigned"
    story.linde.says(f"offers/{offer}/start")
    assert story.places(story.ward) == counts(occupied=1)


def test_the_house_that_expects_her_is_told_and_others_are_not(story: Story) -> None:
    case, request, _ = placed(story)
    for party in (story.linde, story.huisarts, story.zcc, story.stranger, story.wilg):
        party.hears()
    story.huisarts.says(f"cases/{case}/deteriorate", WORSE)
    told = ["case.deteriorated", "case.triaged", "care_request.judged_anew", "care_request.held"]
    assert story.linde.hears() == told
    assert story.zcc.hears()[-1] == story.huisarts.hears()[-1] == "care_request.held"
    assert story.linde.sees(f"requests/{request}")["state"] == "on_hold"
    assert story.wilg.hears() == story.stranger.hears() == []
    story.wilg.sees_nothing_at(f"cases/{case}", f"requests/{request}")


def test_the_earlier_triage_stands_beside_the_new_one(story: Story) -> None:
    case, _, _ = placed(story)
    story.huisarts.says(f"cases/{case}/deteriorate", WORSE)
    told = story.linde.sees(f"cases/{case}")
    now, before = told["triage"]
    assert (now["urgency"], now["how"], now["abcde"]["D"]) == ("U2", "redone", "verward")
    assert (before["urgency"], before["number"]) == ("U3", 1)
    assert now["by"] and now["at"] > before["at"]
    assert told["urgency"] == "U2"
    assert story.linde.looked_at(told["patient"]["id"])[-1] == "read"


def test_a_life_threat_goes_to_112_at_once(story: Story) -> None:
    case, request, offer = placed(story)
    patient = {"bsn": story.zcc.sees(f"cases/{case}")["patient"]["bsn"]}
    visit = {"kind": "visit", "text": "Trof mevrouw grauw en kortademig aan."}
    story.nurse.says("cases", {"patient": patient, "contact": visit})
    made = story.nurse.says(f"cases/{case}/deteriorate", WORSE | {"urgency": "U1"})
    assert made["case_state"] == "redirected"
    assert "case.redirected" in story.linde.hears()
    story.linde.says(f"offers/{offer}/read_back", READ_BACK)
    story.linde.is_refused(f"offers/{offer}/start", "wrong_state")
    story.zcc.is_refused(f"requests/{request}/resume", "redirected")
    assert story.places(story.ward) == counts(held=1)


def test_to_hospital_the_bed_is_free_at_once(story: Story) -> None:
    case, request, offer = placed(story)
    story.zcc.says(f"cases/{case}/deteriorate", WORSE)
    for party in (story.linde, story.huisarts):
        party.hears()
    story.zcc.says(f"requests/{request}/cancel", {"reason": "hospital"})
    assert story.places(story.ward) == counts(free=1)
    assert story.zcc.sees(f"offers/{offer}")["state"] == "withdrawn"
    assert story.huisarts.hears()[:2] == ["care_request.cancelled", "offer.withdrawn"]
    assert story.huisarts.sees(f"requests/{request}")["end_reason"] == "hospital"
    assert story.linde.hears() == ["care_request.cancelled", "offer.withdrawn"]
    story.linde.sees_nothing_at(f"cases/{case}")
    _, next_one = story.a_request()
    story.offered(next_one, story.ward)


def test_while_nobody_looked_again_nothing_new_is_promised(story: Story) -> None:
    case, request = story.a_request()
    story.frees(story.linde, story.ward)
    story.frees(story.wilg, story.other_ward)
    offer = story.offered(request, story.ward)
    story.linde.says(f"offers/{offer}/accept")
    story.huisarts.says(f"cases/{case}/deteriorate", WORSE)
    story.zcc.is_refused(f"offers/{offer}/assign", "wrong_state", {"sbar": SBAR})
    wanted = {"unit": story.other_ward}
    story.zcc.is_refused(f"requests/{request}/offers", "wrong_state", wanted)
    # Her place does not slip away while somebody looks.
    let_time_pass(offer, minutes=60)
    release_expired_holds()
    assert story.places(story.ward) == counts(held=1)
    story.zcc.says(f"requests/{request}/resume")
    release_expired_holds()
    story.zcc.says(f"offers/{offer}/assign", {"sbar": SBAR})


def test_who_expects_her_may_put_it_on_hold_but_not_go_on(story: Story) -> None:
    _, request, _ = placed(story)
    story.linde.says(f"requests/{request}/hold")
    story.linde.is_refused(f"requests/{request}/resume", "not_yours", status=403)
    story.stranger.is_refused(f"requests/{request}/hold", "not_found", status=404)
    story.zcc.says(f"requests/{request}/resume")
