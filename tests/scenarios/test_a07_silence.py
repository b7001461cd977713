"""A-07: a provider stops answering. The desk looks further, and nothing disappears in silence."""

from datetime import timedelta

from django.db.models import F

from capacity.models import CareUnit
from capacity.tasks import remind_stale_capacity
from coordination.tasks import expire_offers, release_expired_holds
from tests.scenarios.telling import SBAR, Party, Story, counts, let_time_pass


def an_offer(story: Story) -> tuple[str, str]:
    """To De Linde, which has one place: the request, and the offer."""
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    return request, story.offered(request, story.ward)


def last_confirmed(story: Story, **ago: float) -> None:
    """Nobody at De Linde said anything of its places for so long."""
    gone = timedelta(**ago)
    CareUnit.objects.filter(pk=story.ward).update(observed_at=F("observed_at") - gone)


def reminders(party: Party) -> int:
    return party.hears().count("unit.grown_stale")


def test_no_answer_in_time_frees_the_place_and_the_desk_looks_further(story: Story) -> None:
    request, offer = an_offer(story)
    let_time_pass(offer, minutes=15)
    for party in (story.zcc, story.huisarts, story.linde):
        party.hears()
    expire_offers()
    assert story.zcc.sees(f"offers/{offer}")["state"] == "expired"
    assert story.places(story.ward) == counts(free=1)
    for party in (story.huisarts, story.linde):
        assert party.hears() == ["offer.expired"]
    assert story.zcc.hears() == ["offer.expired", "place.let_go"]
    assert story.stranger.hears() == []
    story.frees(story.wilg, story.other_ward)
    story.offered(request, story.other_ward)


def test_who_still_has_time_is_left_alone(story: Story) -> None:
    _, offer = an_offer(story)
    let_time_pass(offer, minutes=10)
    expire_offers()
    assert story.zcc.sees(f"offers/{offer}")["state"] == "sent"
    story.linde.says(f"offers/{offer}/accept")


def test_a_late_answer_is_refused_also_when_the_clock_itself_is_late(story: Story) -> None:
    """No sweep ran: the verb looks at the deadline itself."""
    _, offer = an_offer(story)
    let_time_pass(offer, minutes=15)
    sentence = story.linde.is_refused(f"offers/{offer}/accept", "too_late")
    assert "you need not do anything" in sentence
    story.linde.is_refused(f"offers/{offer}/ask", "too_late", {"question": "Kan zij traplopen?"})
    assert story.zcc.sees(f"offers/{offer}")["state"] == "sent"
    expire_offers()
    story.linde.is_refused(f"offers/{offer}/accept", "too_late")
    assert story.places(story.ward) == counts(free=1)


def test_the_urgency_says_how_long_a_provider_has(story: Story) -> None:
    minutes = {}
    for urgency in ("U3", "U4"):
        case = story.taken_in(story.huisarts, urgency=urgency)["id"]
        asked = {"care_types": ["elv_laag"], "need": "Hulp nodig.", "desk": story.zcc.desk}
        request = story.huisarts.says(f"cases/{case}/requests", asked)["id"]
        story.frees(story.linde, story.ward)
        offer = story.offered(request, story.ward)
        let_time_pass(offer, minutes=14)
        expire_offers()
        assert story.zcc.sees(f"offers/{offer}")["state"] == "sent", urgency
        let_time_pass(offer, minutes=1)
        expire_offers()
        minutes[urgency] = story.zcc.sees(f"offers/{offer}")["state"]
    assert minutes == {"U3": "expired", "U4": "sent"}


def test_a_promise_that_is_not_taken_up_is_the_providers_again(story: Story) -> None:
    _, offer = an_offer(story)
    story.linde.says(f"offers/{offer}/accept")
    release_expired_holds()
    assert story.places(story.ward) == counts(held=1)
    let_time_pass(offer, minutes=60)
    release_expired_holds()
    assert story.places(story.ward) == counts(free=1)
    assert story.linde.hears()[-1] == "offer.lapsed"
    assert story.zcc.hears()[-2:] == ["offer.lapsed", "place.let_go"]
    story.zcc.is_refused(f"offers/{offer}/assign", "wrong_state", {"sbar": SBAR})


def test_old_figures_are_shown_as_unknown_and_never_taken_away(story: Story) -> None:
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    path = f"units/{story.ward}/capacity"
    assert story.zcc.sees(path)["freshness"] == "fresh"
    last_confirmed(story, days=3)
    assert story.zcc.sees(path)["freshness"] == "unknown"
    assert story.places(story.ward) == counts(free=1)
    found = story.zcc.sees(f"requests/{request}/candidates")["candidates"]
    (linde,) = [c for c in found if c["unit"]["id"] == story.ward]
    assert (linde["freshness"], linde["free"]) == ("unknown", 1)
    assert "call_first" in linde["remarks"]
    story.offered(request, story.ward)


def test_a_house_is_reminded_once_per_silence(story: Story) -> None:
    story.frees(story.linde, story.ward)
    remind_stale_capacity()
    assert reminders(story.linde) == 0
    last_confirmed(story, days=3)
    remind_stale_capacity()
    remind_stale_capacity()
    assert reminders(story.linde) == 1
    story.linde.says(f"units/{story.ward}/confirm")
    remind_stale_capacity()
    assert reminders(story.linde) == 0
    assert story.zcc.sees(f"units/{story.ward}/capacity")["freshness"] == "fresh"
    assert story.wilg.hears() == story.stranger.hears() == []
