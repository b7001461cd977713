"""A-14: a house accepts, and withdraws at the door: its nurse is ill. The desk looks again."""

from tests.scenarios.telling import READ_BACK, SBAR, Story, counts

ILL = {"reason": "no_staff", "remark": "De nachtdienst is ziek."}


def at_the_door(story: Story) -> tuple[str, str, str]:
    """De Linde read the handover back; she is on her way: case, request, offer."""
    case, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.assigned(request, story.ward, story.linde)
    story.linde.says(f"offers/{offer}/read_back", READ_BACK)
    return case, request, offer


def test_the_desk_looks_again_and_another_house_takes_her(story: Story) -> None:
    _, request, offer = at_the_door(story)
    for party in (story.zcc, story.huisarts):
        party.hears()
    story.linde.says(f"offers/{offer}/fail", ILL)
    told = story.huisarts.sees(f"requests/{request}")
    assert (told["state"], told["provider"], told["assigned_at"]) == ("searching", None, None)
    again = ["offer.failed", "care_request.searching_again"]
    assert story.huisarts.hears() == again
    assert story.zcc.hears() == [again[0], "place.not_there", again[1]]

    story.frees(story.wilg, story.other_ward)
    other = story.assigned(request, story.other_ward, story.wilg)
    story.wilg.says(f"offers/{other}/read_back", READ_BACK)
    story.wilg.says(f"offers/{other}/start")
    told = story.huisarts.sees(f"requests/{request}")
    assert (told["state"], told["provider"]["id"]) == ("started", story.wilg.organisation)
    assert {row["state"] for row in told["offers"]} == {"failed", "started"}


def test_it_says_why_and_that_stays_to_be_read(story: Story) -> None:
    _, _, offer = at_the_door(story)
    story.linde.is_refused(f"offers/{offer}/fail", "required", {}, status=400)
    story.linde.says(f"offers/{offer}/fail", ILL)
    row = story.zcc.sees(f"offers/{offer}")
    assert (row["state"], row["reason"], row["remark"]) == ("failed", "no_staff", ILL["remark"])
    assert row["ended_at"]


def test_its_place_is_off_the_list(story: Story) -> None:
    _, request, offer = at_the_door(story)
    story.linde.says(f"offers/{offer}/fail", ILL)
    assert story.places(story.ward) == counts()
    body = {"unit": story.ward}
    story.zcc.is_refused(f"requests/{request}/offers", "refused_before", body)
    story.zcc.is_refused(f"requests/{request}/offers", "no_place", body | {"again": True})
    # Free again tomorrow, it is still not the house to ask for her.
    story.frees(story.linde, story.ward)
    found = story.zcc.sees(f"requests/{request}/candidates")
    assert story.ward in [e["unit"]["id"] for e in found["excluded"] if "refused" in e["reasons"]]


def test_the_house_no_longer_sees_her(story: Story) -> None:
    case, request, offer = at_the_door(story)
    seen = story.linde.sees(f"cases/{case}")
    assert story.linde.sees(f"offers/{offer}")["sbar"] == SBAR
    story.linde.says(f"offers/{offer}/fail", ILL)
    story.linde.hears()
    story.linde.sees_nothing_at(f"cases/{case}", f"requests/{request}")
    assert story.linde.was_turned_away(f"case:{case}")
    told = story.linde.sees(f"offers/{offer}")
    assert told["sbar"] is told["case"] is told["request"] is None
    assert told["read_back"] == ""
    text = story.linde.reads(f"offers/{offer}") + story.linde.reads("offers")
    person = seen["patient"]
    assert not [person[item] for item in ("name", "address", "telephone") if person[item] in text]
    # What happens with her from now on is not for it to hear.
    story.frees(story.wilg, story.other_ward)
    story.assigned(request, story.other_ward, story.wilg)
    assert story.linde.hears() == []
    assert story.stranger.hears() == []
    assert "read" in story.linde.looked_at(person["id"])


def test_she_is_not_moved_before_somebody_else_accepted(story: Story) -> None:
    _, request, offer = at_the_door(story)
    story.linde.says(f"offers/{offer}/fail", ILL)
    story.linde.is_refused(f"offers/{offer}/start", "wrong_state")
    story.frees(story.wilg, story.other_ward)
    other = story.offered(request, story.other_ward)
    story.zcc.is_refused(f"offers/{other}/assign", "wrong_state", {"sbar": SBAR})


def test_the_desk_can_take_her_back_from_a_house_too(story: Story) -> None:
    case, request, offer = at_the_door(story)
    story.zcc.says(f"offers/{offer}/withdraw")
    assert story.zcc.sees(f"requests/{request}")["state"] == "searching"
    assert story.places(story.ward) == counts(free=1)
    story.linde.sees_nothing_at(f"cases/{case}", f"requests/{request}")
