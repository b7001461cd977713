"""A-05: two ask for the same person. One request; the second asker is heard, and called back."""

from typing import Any

from lzc.rights import OrganisationKind, Role
from tests.cast import House
from tests.scenarios.telling import NEED, Party, Story

STORY = "Nu koorts en verward."


def asked(story: Story, who: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The whole form: person, what is going on, how urgent, and a bed."""
    return {
        "patient": who,
        "contact": {"kind": "visit", "text": STORY, "callback": "038 123 45 67"},
        "triage": {"how": "redone", "reason": "koorts", "urgency": "U3", "complaint": "suf"},
        "request": {"care_types": ["elv_laag"], "need": NEED, "desk": story.zcc.desk},
        **more,
    }


def first(story: Story) -> tuple[dict[str, Any], str]:
    """The practice of the patient asked already; everybody heard of that."""
    who = story.somebody()
    body = asked(story, who) | {"triage": {"urgency": "U3", "complaint": "Gevallen."}}
    case = story.huisarts.says("cases", body)["id"]
    for party in (story.zcc, story.huisarts, story.hap):
        party.hears()
    return who, case


def a_hospital(story: Story) -> Party:
    house = House(OrganisationKind.ZIEKENHUIS, "Ziekenhuis", story.cast.subregion)
    house.row.save(force_insert=True)
    house.desk.save(force_insert=True)
    return Party(story.cast.person(house, Role.HUISARTS))


def stories(story: Story, case: str) -> list[str]:
    return [contact["text"] for contact in story.zcc.sees(f"cases/{case}")["contacts"]]


def test_the_second_asker_who_treats_is_heard_and_joins(story: Story) -> None:
    who, case = first(story)
    said = story.hap.is_refused("cases", "request_already_open", asked(story, who))
    assert "a coordinator will contact you" in said
    assert story.zcc.hears() == ["case.asked_twice"]
    assert [text for text in stories(story, case) if STORY in text and NEED in text]
    assert STORY in story.hap.reads(f"cases/{case}")
    assert len(story.zcc.sees("requests")["results"]) == 1


def test_the_second_asker_who_does_not_treat_is_heard_and_sees_nothing(story: Story) -> None:
    who, case = first(story)
    hospital = a_hospital(story)
    said = hospital.is_refused("cases", "already_open", asked(story, who))
    assert "a coordinator will contact you" in said
    assert story.zcc.hears() == story.huisarts.hears() == ["case.asked_twice"]
    newest = story.zcc.sees(f"cases/{case}")["contacts"][0]
    assert (newest["text"], newest["callback"]) == (STORY, "038 123 45 67")
    assert hospital.hears() == []
    hospital.sees_nothing_at(f"cases/{case}")


def test_what_is_sent_again_is_told_once(story: Story) -> None:
    who, case = first(story)
    hospital = a_hospital(story)
    for _ in range(3):
        hospital.is_refused("cases", "already_open", asked(story, who))
    assert story.zcc.hears() == ["case.asked_twice"]
    assert len(stories(story, case)) == 2


def test_a_life_threat_is_passed_on_whoever_says_it(story: Story) -> None:
    who, case = first(story)
    hospital = a_hospital(story)
    threat = asked(story, who, triage={"urgency": "U1", "complaint": "Wordt grauw."})
    hospital.is_refused("cases", "already_open", threat)
    assert story.zcc.hears() == ["case.asked_twice", "case.redirected", "care_request.held"]
    assert story.zcc.sees(f"cases/{case}")["state"] == "redirected"


def test_in_a_case_that_one_sees_a_second_form_is_not_lost(story: Story) -> None:
    who, case = first(story)
    form = asked(story, who)["request"] | {"contact": {"kind": "visit", "text": STORY + " 2"}}
    story.huisarts.is_refused(f"cases/{case}/requests", "request_already_open", form)
    assert story.zcc.hears() == ["case.asked_twice"]
    assert any(STORY + " 2" in text for text in stories(story, case))


def test_a_visit_may_be_asked_beside_a_placement(story: Story) -> None:
    _, case = first(story)
    form = {"care_types": ["wijkverpleging"], "need": NEED}
    story.huisarts.says(f"cases/{case}/requests", form)
    assert story.zcc.hears().count("case.asked_twice") == 0


def test_a_life_threat_at_a_new_call_is_one_field_for_a_program_too(story: Story) -> None:
    who, case = first(story)
    call = {"patient": who, "contact": {"text": "Ademt slecht."}, "life_threat": True}
    made = story.meldkamer.says("cases", call)
    assert (made["id"], made["outcome"], made["state"]) == (case, "redirected", "redirected")
    newest = story.zcc.sees(f"cases/{case}")["triage"][0]
    assert (newest["urgency"], newest["how"]) == ("U1", "redone")
