"""A-06: a provider refuses. It says why; what it listed and is not there goes off the list."""

from datetime import UTC, datetime, timedelta

from coordination.models import Offer
from coordination.tasks import expire_offers
from tests.scenarios.telling import Story, counts, let_time_pass

REASON = {"reason": "too_heavy"}


def test_a_refusal_has_a_reason_that_can_be_counted(story: Story) -> None:
    case, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward)
    for party in (story.zcc, story.huisarts, story.linde):
        party.hears()
    story.linde.is_refused(f"offers/{offer}/decline", "required", {}, status=400)
    for said in ("", "geen zin"):
        no_reason = {"reason": said}
        story.linde.is_refused(f"offers/{offer}/decline", "not_a_choice", no_reason, status=400)
    story.linde.says(f"offers/{offer}/decline", REASON | {"remark": "Tillift is stuk."})

    row = story.zcc.sees(f"offers/{offer}")
    assert (row["state"], row["reason"], row["remark"]) == (
        "declined",
        "too_heavy",
        "Tillift is stuk.",
    )
    assert row["answered_at"]
    for party in (story.huisarts, story.linde):
        assert party.hears() == ["offer.declined"]
    assert story.zcc.hears() == ["offer.declined", "place.let_go"]
    story.linde.sees_nothing_at(f"cases/{case}", f"requests/{request}")
    patient = story.zcc.sees(f"cases/{case}")["patient"]["id"]
    assert story.linde.looked_at(patient) == []
    assert story.stranger.hears() == []


def test_who_refused_is_not_asked_again_and_the_next_one_is(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    story.frees(story.wilg, story.other_ward)
    offer = story.offered(request, story.ward)
    story.linde.says(f"offers/{offer}/decline", REASON)

    assert story.linde.sees("offers")["results"] == []
    found = story.zcc.sees(f"requests/{request}/candidates")
    assert story.other_ward in [c["unit"]["id"] for c in found["candidates"]]
    (why,) = [e["reasons"] for e in found["excluded"] if e["unit"]["id"] == story.ward]
    assert why == ["refused"]
    story.offered(request, story.other_ward)
    assert story.wilg.hears() == ["place.released", "offer.sent"]


def test_what_does_not_suit_the_patient_stays_free_for_another(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward)
    assert story.places(story.ward) == counts(held=1)
    story.linde.says(f"offers/{offer}/decline", REASON)
    assert story.places(story.ward) == counts(free=1)


def test_no_capacity_takes_the_place_off_the_list(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward)
    story.linde.says(f"offers/{offer}/decline", {"reason": "no_capacity", "place_gone": True})
    assert story.places(story.ward) == counts()
    _, other = story.a_request()
    story.zcc.is_refused(f"requests/{other}/offers", "no_place", {"unit": story.ward})


def test_a_question_back_stops_the_clock_and_the_answer_starts_it_again(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward)
    # U3 has fifteen minutes; twelve of them pass.
    let_time_pass(offer, minutes=12)
    asked = story.linde.says(f"offers/{offer}/ask", {"question": "Kan zij traplopen?"})
    assert asked["state"] == "asked"
    assert left(asked) > timedelta(minutes=10)
    expire_offers()
    assert story.zcc.sees(f"offers/{offer}")["question"] == "Kan zij traplopen?"

    replied = story.zcc.says(f"offers/{offer}/reply", {"reply": "Nee, alleen gelijkvloers."})
    assert replied["state"] == "sent"
    assert timedelta() < left(replied) <= timedelta(minutes=3)
    assert story.linde.sees(f"offers/{offer}")["reply"] == "Nee, alleen gelijkvloers."
    assert story.linde.hears()[-2:] == ["offer.asked", "offer.replied"]
    story.linde.says(f"offers/{offer}/accept")


def test_a_question_stops_the_clock_for_a_while_only(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward)
    asked = story.linde.says(f"offers/{offer}/ask", {"question": "Kan zij traplopen?"})
    assert left(asked) <= timedelta(minutes=15)
    let_time_pass(offer, minutes=15)
    expire_offers()
    assert story.zcc.sees(f"offers/{offer}")["state"] == "expired"
    assert story.places(story.ward) == counts(free=1)


def test_an_answer_to_a_question_tells_no_provider_who_it_is(story: Story) -> None:
    case, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward)
    story.linde.says(f"offers/{offer}/ask", {"question": "Om wie gaat het?"})
    patient = story.zcc.sees(f"cases/{case}")["patient"]
    for told in (patient["name"], patient["address"], patient["telephone"]):
        body = {"reply": f"Het is {told}."}
        story.zcc.is_refused(f"offers/{offer}/reply", "reveals_person", body, status=422)
    assert Offer.objects.get(pk=offer).state == "asked"


def test_who_accepts_after_another_was_chosen_is_thanked(story: Story) -> None:
    case, request = story.a_request()
    story.frees(story.linde, story.ward)
    story.frees(story.wilg, story.other_ward)
    late = story.offered(request, story.other_ward)
    story.assigned(request, story.ward, story.linde)

    sentence = story.wilg.is_refused(f"offers/{late}/accept", "placed_elsewhere")
    assert "placed elsewhere" in sentence and "Thank you" in sentence
    assert story.wilg.hears()[-1] == "offer.withdrawn"
    assert story.places(story.other_ward) == counts(free=1)
    assert story.wilg.sees("offers")["results"] == []
    story.wilg.sees_nothing_at(f"cases/{case}", f"requests/{request}")
    assert story.wilg.was_turned_away(f"offer:{late}")


def test_nobody_answers_for_another_house(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward)
    for other in (story.wilg, story.stranger):
        other.is_refused(f"offers/{offer}/decline", "not_found", REASON, status=404)
        other.is_refused(f"offers/{offer}/accept", "not_found", status=404)
    assert story.places(story.ward) == counts(held=1)


def left(offer: dict[str, str]) -> timedelta:
    """What is left on the clock of this offer."""
    return datetime.fromisoformat(offer["answer_before"]) - datetime.now(UTC)


def test_no_bed_left_empties_the_list_through_every_door(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward, count=50)
    story.frees(story.linde, story.ward, count=20)
    offer = story.offered(request, story.ward)
    story.linde.hears()
    story.linde.says(f"offers/{offer}/decline", {"reason": "no_capacity"})
    assert story.places(story.ward) == counts()
    assert story.linde.hears() == ["offer.declined", "place.withdrawn"]


def test_another_reason_leaves_the_other_places(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward, count=3)
    offer = story.offered(request, story.ward)
    story.linde.says(f"offers/{offer}/decline", {"reason": "no_staff", "place_gone": True})
    assert story.places(story.ward) == counts(free=2)
