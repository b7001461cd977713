"""Too few places: the region decides together. A plan proposes, a desk carries it out."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db.models import F
from django.utils.translation import gettext

from coordination.models import CareRequest, Plan
from coordination.sharing.services import MOVED
from tests.api.programs import everything
from tests.scenarios.telling import Party, Story, counts


def asked(story: Story, urgency: str, *, minutes_ago: int, physician: str = "De Vries") -> str:
    """A huisarts asked the zorgcentrale for a bed, so long ago."""
    judged = {"urgency": urgency, "complaint": "Gevallen.", "physician": physician}
    case = story.taken_in(story.huisarts, triage=judged)["id"]
    body = {"care_types": ["elv_laag"], "need": "Kan niet alleen zijn.", "desk": story.zcc.desk}
    request = story.huisarts.says(f"cases/{case}/requests", body)["id"]
    ago = timedelta(minutes=minutes_ago)
    CareRequest.objects.filter(pk=request).update(
        submitted_at=F("submitted_at") - ago, needed_by=F("needed_by") - ago
    )
    return str(request)


def three_for_one_place(story: Story) -> tuple[str, str, str]:
    """U4 asked first, then U3, and a minute ago U2."""
    requests = (
        asked(story, "U4", minutes_ago=800),
        asked(story, "U3", minutes_ago=30),
        asked(story, "U2", minutes_ago=1),
    )
    story.frees(story.linde, story.ward)
    return requests


def a_plan(by: Party, region: str = "") -> Any:
    return by.says("plans", {"region": region} if region else {})


def rows(plan: Any) -> dict[str, Any]:
    return {row["request"]: row for row in plan["rows"]}


def test_of_three_for_one_place_the_most_urgent_gets_it(story: Story) -> None:
    later, middle, urgent = three_for_one_place(story)
    before = everything()
    plan = a_plan(story.zcc)
    told = rows(plan)
    assert [row["request"] for row in plan["rows"]] == [urgent, middle, later]
    assert (told[urgent]["unit"], told[urgent]["outcome"]) == (story.ward, "gains")
    assert (told[middle]["unit"], told[middle]["outcome"]) == (None, "unplaced")
    assert (told[later]["first_come"], told[later]["outcome"]) == (story.ward, "waits_longer")
    # It proposes: nobody was asked, and nothing is held.
    assert story.places(story.ward) == counts(free=1)
    changed = {name for name, rows_ in everything().items() if rows_ != before[name]}
    assert not changed & {"coordination_offer", "coordination_carerequest", "capacity_place"}
    story.zcc.hears()
    done = story.zcc.says(f"plans/{plan['id']}/apply", {})
    (offer,) = done["offers"]
    assert (offer["request"], offer["unit"], done["refused"]) == (urgent, story.ward, [])
    assert story.places(story.ward) == counts(held=1)
    assert {"care_request.offered", "offer.sent", "plan.applied"} <= {*story.zcc.hears()}
    assert story.zcc.sees(f"plans/{plan['id']}")["state"] == "applied"
    story.linde.says(f"offers/{offer['id']}/accept")


def test_who_can_wait_waits_until_half_of_the_term_is_over(story: Story) -> None:
    new = asked(story, "U4", minutes_ago=10)
    story.frees(story.linde, story.ward)
    row = rows(a_plan(story.zcc))[new]
    assert (row["unit"], row["first_come"], row["outcome"]) == (None, story.ward, "waits_longer")
    assert row["held_back_until"] is not None


def test_a_plan_of_a_night_that_is_no_longer_so_is_refused(story: Story) -> None:
    first, second = (asked(story, "U3", minutes_ago=n) for n in (40, 20))
    story.frees(story.linde, story.ward)
    story.frees(story.wilg, story.other_ward)
    plan = a_plan(story.zcc)
    planned = {pk: row["unit"] for pk, row in rows(plan).items()}
    assert sorted(planned.values()) == sorted([story.ward, story.other_ward])
    story.zcc.says(f"requests/{first}/take")
    before = everything()
    path = f"plans/{plan['id']}/apply"
    assert "new plan" in story.zcc.is_refused(path, "stale_plan", {})
    assert everything()["coordination_offer"] == before["coordination_offer"]
    done = story.zcc.says(path, {"requests": [first, second]})
    assert [offer["request"] for offer in done["offers"]] == [second]
    (dropped,) = done["refused"]
    assert (dropped["request"], dropped["code"]) == (first, "request_moved")
    assert dropped["detail_nl"] == gettext(MOVED) != dropped["detail_en"] == MOVED
    assert dropped["sentence"] in (dropped["detail_nl"], dropped["detail_en"])
    # Of what was refused nothing is left: no offer, no place held, no fact.
    assert story.zcc.sees(f"requests/{first}")["offers"] == []
    assert story.zcc.hears().count("care_request.offered") == 1
    free = {unit: story.places(unit) for unit in (story.ward, story.other_ward)}
    assert free == {planned[first]: counts(free=1), planned[second]: counts(held=1)}


def test_a_place_that_is_gone_is_refused_and_the_others_go_on(story: Story) -> None:
    first, second = (asked(story, "U3", minutes_ago=n) for n in (40, 20))
    story.frees(story.linde, story.ward)
    story.frees(story.wilg, story.other_ward)
    plan = a_plan(story.zcc)
    here = next(pk for pk, row in rows(plan).items() if row["unit"] == story.ward)
    story.linde.says(f"units/{story.ward}/stops", {"reason": "staff"})
    path = f"plans/{plan['id']}/apply"
    story.zcc.is_refused(path, "stale_plan", {})
    done = story.zcc.says(path, {"requests": [first, second]})
    assert [(d["request"], d["code"]) for d in done["refused"]] == [(here, "stopped")]
    assert len(done["offers"]) == 1
    story.zcc.is_refused(path, "stopped", {"requests": [here]})


def test_an_old_plan_is_refused_as_a_whole(story: Story) -> None:
    three_for_one_place(story)
    plan = a_plan(story.zcc)
    Plan.objects.filter(pk=plan["id"]).update(made_at=F("made_at") - timedelta(minutes=11))
    rows_ = [row["request"] for row in plan["rows"] if row["unit"]]
    for body in ({}, {"requests": rows_}):
        story.zcc.is_refused(f"plans/{plan['id']}/apply", "plan_too_old", body)
    assert story.places(story.ward) == counts(free=1)


def test_requests_that_the_plan_does_not_know_are_named_in_plain_words(story: Story) -> None:
    three_for_one_place(story)
    strange = [str(uuid4()), str(uuid4())]
    path = f"plans/{a_plan(story.zcc)['id']}/apply"
    refusal = story.zcc.is_refused(path, "invalid", {"requests": strange}, status=422)
    assert refusal.endswith(f"{strange[0]}, {strange[1]}.")


def test_each_desk_carries_out_its_own_rows(story: Story) -> None:
    _, _, urgent = three_for_one_place(story)
    plan = a_plan(story.hap)
    path = f"plans/{plan['id']}/apply"
    story.hap.is_refused(path, "other_desk", {"requests": [urgent]})
    story.hap.is_refused(path, "none_of_yours", {})
    story.zcc.is_refused(path, "too_few", {"requests": []}, status=400)
    assert story.zcc.says(path, {})["offers"]


def test_who_does_not_steer_makes_and_sees_no_plan(story: Story) -> None:
    for party in (story.huisarts, story.linde, story.nurse):
        party.is_refused("plans", "not_yours", {}, status=403)
    plan = a_plan(story.zcc)
    for party in (story.huisarts, story.linde, story.stranger):
        party.sees_nothing_at(f"plans/{plan['id']}")
        party.is_refused(f"plans/{plan['id']}/apply", "not_found", {}, status=404)


def test_who_is_with_112_or_has_an_offer_is_not_in_the_plan(story: Story) -> None:
    case, request = story.a_request()
    story.frees(story.linde, story.ward)
    story.offered(request, story.ward)
    other_case, other = story.a_request()
    story.huisarts.says(f"cases/{other_case}/redirect")
    named = rows(a_plan(story.zcc))
    assert request not in named and other not in named


def test_a_u2_that_no_physician_saw_takes_no_place_from_others(story: Story) -> None:
    unseen = asked(story, "U2", minutes_ago=5, physician="")
    other = asked(story, "U3", minutes_ago=5)
    story.frees(story.linde, story.ward)
    plan = a_plan(story.zcc)
    assert {pk: row["unit"] for pk, row in rows(plan).items()} == {other: story.ward}
    patient = str(CareRequest.objects.get(pk=unseen).patient_id)
    assert story.zcc.looked_at(patient)[-1:] == ["list"]
