"""A-11: MRSA after a hospital abroad, antibiotics by drip. Who cannot isolate is not asked."""

from capacity.models import CareUnit
from coordination.tasks import match_waiting_list
from tests.scenarios.telling import Story

NEEDS = ["isolation_contact", "iv_antibiotics"]
PLAN = {"interim_plan": "Blijft tot dan in het ziekenhuis."}


def able(unit: str, *codes: str, by_night: list[str] | None = None) -> None:
    CareUnit.objects.filter(pk=unit).update(attributes=list(codes), night_attributes=by_night)


def test_only_who_can_isolate_and_give_it_by_night_too_is_found(story: Story) -> None:
    able(story.ward, *NEEDS, by_night=["isolation_contact"])
    able(story.other_ward, "isolation_strict", "iv_antibiotics")
    story.frees(story.linde, story.ward)
    story.frees(story.wilg, story.other_ward)
    _, request = story.a_request(requirements=NEEDS)
    answer = story.zcc.sees(f"requests/{request}/candidates")
    assert [c["unit"]["id"] for c in answer["candidates"]] == [story.other_ward]
    why = {e["unit"]["id"]: e["reasons"] for e in answer["excluded"]}
    assert why[story.ward] == ["lacks_by_night:iv_antibiotics"]


def test_isolation_is_told_before_and_no_person_with_it(story: Story) -> None:
    able(story.ward, *NEEDS)
    story.frees(story.linde, story.ward)
    case, request = story.a_request(requirements=NEEDS)
    offer = story.offered(request, story.ward)
    told = story.linde.sees(f"offers/{offer}")
    assert "isolation_contact" in told["profile"]["requirements"]
    story.linde.sees_nothing_at(f"cases/{case}")


def test_the_ward_says_that_it_is_ready_for_it(story: Story) -> None:
    able(story.ward, *NEEDS)
    story.frees(story.linde, story.ward)
    _, request = story.a_request(requirements=NEEDS)
    offer = story.offered(request, story.ward)
    said = story.linde.is_refused(f"offers/{offer}/accept", "hygiene", status=422)
    assert "ready" in said
    story.linde.says(f"offers/{offer}/accept", {"hygiene": True})
    assert story.zcc.sees(f"offers/{offer}")["hygiene_at"]


def test_nobody_else_has_to_say_that(story: Story) -> None:
    story.frees(story.linde, story.ward)
    _, request = story.a_request()
    offer = story.offered(request, story.ward)
    story.linde.says(f"offers/{offer}/accept")
    assert story.zcc.sees(f"offers/{offer}")["hygiene_at"] is None


def test_isolation_is_never_among_what_could_be_let_go(story: Story) -> None:
    story.frees(story.linde, story.ward)
    _, request = story.a_request(requirements=["isolation_contact"])
    answer = story.zcc.sees(f"requests/{request}/candidates")
    assert answer["candidates"] == []
    assert [r for r in answer["relaxations"] if story.ward in r["units"]] == []


def test_a_negative_culture_is_a_question_anew_and_who_waits_is_told(story: Story) -> None:
    story.frees(story.linde, story.ward)
    _, request = story.a_request(requirements=["isolation_contact"])
    story.zcc.says(f"requests/{request}/take")
    story.zcc.says(f"requests/{request}/wait", PLAN)
    match_waiting_list()
    story.zcc.hears()
    story.zcc.says(f"requests/{request}/amend", {"requirements": []})
    match_waiting_list()
    assert "care_request.place_found" in story.zcc.hears()
    (row,) = story.zcc.sees("requests?state=waiting")["results"]
    assert row["told_units"] == [story.ward]
