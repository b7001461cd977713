"""The decision aid by program: the questions of the region, and answers that follow from them."""

from typing import Any

from lzc.models import Policy
from tests.api.programs import intake, refused, told
from tests.cast import Cast
from triage import elv


def test_the_questions_come_in_order_with_their_version(cast: Cast, systems: Any) -> None:
    said = told(systems.huisarts.get("decision-aid"))
    assert said["version"] == elv.VERSION and said["plain"] == elv.PLAIN
    assert [q["code"] for q in said["questions"]] == [q.code for q in elv.QUESTIONS]
    assert all(q["text"] and q["told_by"] in elv.SOURCES for q in said["questions"])


def test_they_are_those_of_the_region(cast: Cast, systems: Any) -> None:
    edits = {"off": ["complex"], "words": {"wlz": "Is er een Wlz-indicatie?"}}
    Policy.objects.create(region=cast.region, version=1, values={"elv_edits": edits})
    said = told(systems.huisarts.get("decision-aid"))
    assert said["version"] == elv.version_of(elv.questionnaire(edits))
    texts = {q["code"]: q["text"] for q in said["questions"]}
    assert texts["wlz"] == "Is er een Wlz-indicatie?" and "complex" not in texts


def test_what_does_not_follow_from_the_answers_is_refused(cast: Cast, systems: Any) -> None:
    case = told(systems.huisarts.post("cases", intake(cast.patient())), 201)["id"]
    path = f"cases/{case}/assessments"
    answers = {"life_threat": False, "physician_saw": False}
    aid = {"version": elv.VERSION, "answers": answers, "outcome": "physician"}
    aid |= {"chosen": "elv_laag", "deviation": "Komt zo zelf."}
    told(systems.huisarts.post(path, aid), 201)
    refused(
        systems.huisarts.post(path, aid | {"outcome": "grz"}), 422, "not_the_outcome", "outcome"
    )
    wrong = aid | {"answers": {"life_threat": "nee"}}
    refused(systems.huisarts.post(path, wrong), 422, "not_the_questions", "answers")
