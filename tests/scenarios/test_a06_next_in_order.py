"""A-06 and A-07, further: who says no or nothing is followed by the next, and health turns red."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from capacity.models import CareUnit
from coordination.models import Offer
from coordination.tasks import ask_next, expire_offers, notice_silence, prompt_desks, show_offers
from tests.scenarios.telling import SBAR, Story, counts, let_time_pass


def asked_in_order(story: Story) -> str:
    """De Linde first, then De Wilg: the request."""
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    story.frees(story.wilg, story.other_ward)
    order = {"units": [story.ward, story.other_ward]}
    moved = story.zcc.says(f"requests/{request}/cascade", order)
    assert moved["cascade"] == [story.other_ward]
    assert "stop_cascade" in moved["moves"] and "cascade" not in moved["moves"]
    return request


def offer_to(story: Story, request: str, unit: str) -> str:
    offers = story.zcc.sees(f"requests/{request}")["offers"]
    (found,) = [o["id"] for o in offers if o["unit"]["id"] == unit]
    return str(found)


def some_seconds_go_by(offer: str) -> None:
    Offer.objects.filter(pk=offer).update(visible_from=F("visible_from") - timedelta(seconds=5))


def test_a_refusal_is_followed_by_the_next_and_tells_nobody_of_it(story: Story) -> None:
    request = asked_in_order(story)
    story.wilg.hears()
    first = offer_to(story, request, story.ward)
    story.linde.says(f"offers/{first}/decline", {"reason": "too_heavy"})

    second = offer_to(story, request, story.other_ward)
    assert story.wilg.hears() == []
    some_seconds_go_by(second)
    show_offers()
    assert story.wilg.hears() == ["offer.shown"]
    assert [o["id"] for o in story.wilg.sees("offers")["results"]] == [second]
    assert "care_request.cascade_went_on" in story.zcc.hears()
    assert story.places(story.ward) == counts(free=1)

    story.wilg.says(f"offers/{second}/accept")
    story.zcc.says(f"offers/{second}/assign", {"sbar": SBAR})
    told = story.zcc.sees(f"requests/{request}")
    assert (told["cascade"], told["cascade_since"]) == ([], None)


def test_silence_is_followed_by_the_next_after_a_call_to_the_desk(story: Story) -> None:
    request = asked_in_order(story)
    first = offer_to(story, request, story.ward)
    let_time_pass(first, minutes=8)
    Offer.objects.filter(pk=first).update(visible_from=F("visible_from") - timedelta(minutes=8))
    story.zcc.hears()
    prompt_desks()
    assert story.zcc.hears() == ["offer.unanswered"]
    assert story.zcc.sees(f"offers/{first}")["prompted_at"]

    let_time_pass(first, minutes=8)
    expire_offers()
    ask_next()
    assert offer_to(story, request, story.other_ward)
    assert story.wilg.hears()[-1] == "offer.sent"


def test_the_desk_stops_the_order_and_asks_by_hand(story: Story) -> None:
    request = asked_in_order(story)
    stopped = story.zcc.says(f"requests/{request}/stop_cascade")
    assert stopped["cascade"] == []
    first = offer_to(story, request, story.ward)
    story.linde.says(f"offers/{first}/decline", {"reason": "too_heavy"})
    assert len(story.zcc.sees(f"requests/{request}")["offers"]) == 1
    story.zcc.is_refused(f"requests/{request}/stop_cascade", "no_cascade")
    story.offered(request, story.other_ward)


def test_without_a_list_they_are_asked_by_the_ranking(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    story.frees(story.wilg, story.other_ward)
    ranked = story.zcc.sees(f"requests/{request}/candidates")["candidates"]
    story.zcc.says(f"requests/{request}/cascade", {})
    (offer,) = story.zcc.sees(f"requests/{request}")["offers"]
    assert offer["unit"]["id"] == ranked[0]["unit"]["id"]


def test_several_are_asked_at_once(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    story.frees(story.wilg, story.other_ward)
    both = {"units": [story.ward, story.other_ward]}
    made = story.zcc.says(f"requests/{request}/offers", both)
    assert [o["state"] for o in made["offers"]] == ["sent", "sent"]
    path = f"requests/{request}/offers"
    for wrong in ({}, both | {"unit": story.ward}):
        story.zcc.is_refused(path, "required", wrong, status=422)


def test_only_later_is_planned_and_seen_by_the_desk(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward)
    later = (timezone.now() + timedelta(hours=3)).isoformat()
    story.linde.says(f"offers/{offer}/decline", {"reason": "only_later", "free_from": later})
    assert story.places(story.ward) == counts()
    assert story.zcc.sees(f"offers/{offer}")["free_from"]
    again = f"requests/{request}/offers"
    story.zcc.is_refused(again, "refused_before", {"unit": story.ward})


def test_too_little_information_becomes_a_question(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward)
    said = {"reason": "too_little_information", "remark": "Hoe zwaar is de tilhandeling?"}
    assert story.linde.says(f"offers/{offer}/decline", said)["state"] == "asked"
    assert story.zcc.sees(f"offers/{offer}")["question"] == said["remark"]
    assert story.places(story.ward) == counts(held=1)


def test_after_three_silences_its_health_is_red_and_it_is_told_once(story: Story) -> None:
    story.frees(story.linde, story.ward)
    for _ in range(3):
        _, request = story.a_request()
        offer = story.offered(request, story.ward)
        let_time_pass(offer, minutes=15)
        expire_offers()
    for _ in range(2):
        notice_silence()
    for party in (story.linde, story.zcc):
        assert party.hears().count("unit.fell_silent") == 1
    _, request = story.a_request()
    found = story.zcc.sees(f"requests/{request}/candidates")["candidates"]
    (linde,) = [c for c in found if c["unit"]["id"] == story.ward]
    assert "silent" in linde["remarks"]
    assert story.places(story.ward) == counts(free=1)


def test_a_unit_that_lets_the_desk_decide_is_booked(story: Story) -> None:
    case, request = story.a_request()
    story.frees(story.linde, story.ward)
    body = {"unit": story.ward, "sbar": SBAR}
    story.zcc.is_refused(f"requests/{request}/book", "no_direct_booking", body)
    CareUnit.objects.filter(pk=story.ward).update(direct_booking=True)
    offer = story.zcc.says(f"requests/{request}/book", body)
    assert offer["state"] == "assigned"
    assert story.linde.hears()[-2:] == ["offer.booked", "care_request.booked"]
    assert story.linde.sees(f"offers/{offer['id']}")["sbar"] == SBAR
    assert story.linde.sees(f"cases/{case}")["id"] == case
    story.linde.says(f"offers/{offer['id']}/fail", {"reason": "no_staff"})
    assert story.zcc.sees(f"requests/{request}")["state"] == "searching"
