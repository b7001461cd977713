"""Taking in: what comes of it, and how it stands afterwards."""

from typing import Any
from uuid import UUID

import pytest

from tests.api.programs import intake, refused, system_of, told
from tests.cast import Cast
from triage.models import Case

BED = {"care_types": ["elv_laag"], "need": "Kan niet zelf naar bed."}


def test_contact_triage_and_request_in_one(cast: Cast, systems: Any) -> None:
    made = told(systems.huisarts.post("cases", intake(cast.patient(), request=BED)), 201)
    assert made["outcome"] == "registered" and made["reference"].startswith("ZC-")
    assert made["request"]["state"] == "submitted"
    shown = told(systems.huisarts.get(f"cases/{made['id']}"))
    assert len(shown["contacts"]) == len(shown["triage"]) == len(shown["requests"]) == 1
    assert "close" in shown["moves"]


def test_nothing_of_it_stays_when_the_last_part_is_refused(cast: Cast, systems: Any) -> None:
    before = Case.objects.count()
    wrong = BED | {"needed_by": "2020-01-01T00:00:00Z"}
    answer = systems.huisarts.post("cases", intake(cast.patient(), request=wrong))
    refused(answer, 422, "invalid", "request.needed_by")
    assert Case.objects.count() == before


@pytest.mark.parametrize("urgency", ["U0", "U1"])
def test_a_life_threat_goes_to_112(cast: Cast, systems: Any, urgency: str) -> None:
    body = intake(cast.patient(), triage={"urgency": urgency}, request=BED)
    made = told(systems.coordinator.post("cases", body), 201)
    assert (made["outcome"], made["state"]) == ("redirected", "redirected")
    path = f"requests/{made['request']['id']}/offers"
    answer = systems.coordinator.post(path, {"unit": str(cast.ward.pk)})
    refused(answer, 409, "redirected")
    confirm = f"cases/{made['id']}/redirect/confirm"
    refused(systems.coordinator.post(confirm, {"life_threat": True}), 422, "invalid", "ritnummer")
    done = systems.coordinator.post(confirm, {"life_threat": True, "ritnummer": "04-2026-1-1"})
    assert told(done)["state"] == "open"


def test_a_second_triage_says_how_it_stands_to_the_first(cast: Cast, systems: Any) -> None:
    case = told(systems.huisarts.post("cases", intake(cast.patient())), 201)["id"]
    path = f"cases/{case}/triage"
    # The field is called as it is in this body, not as it is inside a larger one.
    refused(systems.huisarts.post(path, {"urgency": "U4"}), 422, "say_how", "how")
    redo = {"urgency": "U4", "how": "redone"}
    refused(systems.huisarts.post(path, redo), 422, "say_why", "reason")
    made = told(systems.huisarts.post(path, redo | {"reason": "Loopt weer."}), 201)
    assert (made["number"], made["case_state"]) == (2, "open")


def test_a_line_a_contact_a_report_and_an_assessment(cast: Cast, systems: Any) -> None:
    case = told(systems.huisarts.post("cases", intake(cast.patient())), 201)["id"]
    told(systems.huisarts.post(f"cases/{case}/notes", {"text": "Bel de dochter."}), 201)
    told(systems.huisarts.post(f"cases/{case}/contacts", {"kind": "visit", "text": "x"}), 201)
    aid = {"version": "1", "answers": {"safe": False}, "outcome": "elv_laag", "chosen": "grz"}
    path = f"cases/{case}/assessments"
    refused(systems.huisarts.post(path, aid), 422, "say_why", "deviation")
    told(systems.huisarts.post(path, aid | {"deviation": "Wil niet."}), 201)
    shown = told(systems.huisarts.get(f"cases/{case}"))
    assert shown["notes"][0]["text"] == "Bel de dochter." and shown["notes"][0]["by"]
    assert [contact["kind"] for contact in shown["contacts"]] == ["visit", "call"]
    assert shown["assessments"][0]["answers"] == {"safe": False}


def test_it_gets_worse(cast: Cast, systems: Any) -> None:
    made = told(systems.huisarts.post("cases", intake(cast.patient(), request=BED)), 201)
    worse = {"urgency": "U3", "how": "redone", "reason": "Verward."}
    told(systems.huisarts.post(f"cases/{made['id']}/deteriorate", worse), 201)
    request = told(systems.huisarts.get(f"requests/{made['request']['id']}"))
    assert request["state"] == "on_hold" and "resume" in request["moves"]


def test_closing_and_opening_again(cast: Cast, systems: Any) -> None:
    case = told(systems.huisarts.post("cases", intake(cast.patient())), 201)["id"]
    closed = told(systems.huisarts.post(f"cases/{case}/close", {"reason": "advice"}))
    assert (closed["state"], closed["moves"]) == ("closed", ["reopen"])
    assert told(systems.huisarts.get("cases"))["results"] == []
    assert told(systems.huisarts.get("cases?state=closed"))["results"][0]["id"] == case
    assert told(systems.huisarts.post(f"cases/{case}/reopen"))["state"] == "open"


def test_somebody_without_a_desk_says_which(cast: Cast) -> None:
    answer = system_of(cast.planner).post("cases", intake(cast.patient()))
    refused(answer, 422, "which_desk", "desk")


def test_nobody_takes_in_at_the_desk_of_others(cast: Cast, systems: Any) -> None:
    body = intake(cast.patient(), desk=str(cast.coordinator.desk.pk))
    refused(systems.huisarts.post("cases", body), 403, "not_your_desk")


def test_a_number_that_is_known_saves_a_person_from_telling_again(cast: Cast, systems: Any) -> None:
    said = intake(cast.patient())
    case = told(systems.centralist.post("cases", said), 201)["id"]
    number = said["patient"]["telephone"]
    # A search: the same key again would be another question, and needs none.
    found = told(systems.triagist.post("callers", {"telephone": number}, idempotency_key=""))
    (caller,) = found["callers"]
    assert (caller["label"], caller["calls"]) == (said["patient"]["name"], 1)
    body = {"patient": {"recognised": caller["id"]}, "contact": {"callback": number}}
    assert told(systems.triagist.post("cases", body), 201)["id"] == case
    assert told(systems.triagist.get(f"cases/{case}"))["reentries"] == 0
    nobody = systems.triagist.post("callers", {"telephone": "0600000000"})
    assert told(nobody) == {"callers": []}


def test_one_spelling_is_kept(cast: Cast, systems: Any) -> None:
    """Composed, without what cannot be seen; a line is one line, a text keeps its lines."""
    said = intake(cast.patient())
    said["patient"]["name"] = "  Zoe\u0308\u200b  de\n Vries\u00ad "
    said["contact"]["text"] = "Eerste regel.\r\nTweede\u0007 regel.\n"
    case = told(systems.centralist.post("cases", said), 201)["id"]
    shown = told(systems.centralist.get(f"cases/{case}"))
    assert shown["patient"]["name"] == "Zoë de Vries"
    assert shown["contacts"][0]["text"] == "Eerste regel.\nTweede regel."


def test_an_unknown_person_has_a_visible_temporary_identity(cast: Cast, systems: Any) -> None:
    body = {"patient": {"no_bsn": "unknown", "estimated_age": 60, "sex": "male"}}
    made = told(systems.coordinator.post("cases", body), 201)
    shown = told(systems.coordinator.get(f"cases/{made['id']}"))["patient"]
    assert shown["label"].startswith("ONB-") and shown["name"] == "" and shown["bsn"] == ""


class TestHowItStood:
    """`ETag` and `If-Match`: do it only if nothing changed since I looked."""

    @pytest.fixture
    def case(self, cast: Cast, systems: Any) -> str:
        made = told(systems.huisarts.post("cases", intake(cast.patient(), request=BED)), 201)
        return str(UUID(made["id"]))

    def test_a_case(self, case: str, systems: Any) -> None:
        tag = systems.huisarts.get(f"cases/{case}")["ETag"]
        redo = {"urgency": "U4", "how": "redone", "reason": "x"}
        told(systems.huisarts.post(f"cases/{case}/triage", redo, if_match=tag), 201)
        problem = refused(
            systems.huisarts.post(f"cases/{case}/triage", redo, if_match=tag), 412, "changed"
        )
        assert problem["etag"] == systems.huisarts.get(f"cases/{case}")["ETag"] != tag

    def test_a_request(self, case: str, systems: Any) -> None:
        (row,) = told(systems.huisarts.get("requests"))["results"]
        path = f"requests/{row['id']}"
        tag = systems.huisarts.get(path)["ETag"]
        told(systems.huisarts.post(f"{path}/hold", if_match=tag))
        refused(systems.huisarts.post(f"{path}/resume", if_match=tag), 412, "changed")
        told(systems.huisarts.post(f"{path}/resume", if_match="*"))

    def test_a_unit(self, cast: Cast, systems: Any) -> None:
        path = f"units/{cast.ward.pk}/capacity"
        tag = systems.planner.get(path)["ETag"]
        answer = systems.planner.put(path, {"free": 2}, if_match=tag)
        assert told(answer)["free"] == 2 and answer["ETag"] != tag
        refused(systems.planner.put(path, {"free": 9}, if_match=tag), 412, "changed")
        told(systems.planner.put(path, {"free": 9}, if_match=f'"x", {answer["ETag"]}'))

    def test_a_unit_that_stopped_since_is_not_as_it_was(self, cast: Cast, systems: Any) -> None:
        path = f"units/{cast.ward.pk}"
        told(systems.planner.put(f"{path}/capacity", {"free": 1}))
        tag = systems.planner.get(f"{path}/capacity")["ETag"]
        told(systems.planner.post(f"{path}/stops", {"reason": "staff"}), 201)
        assert systems.planner.get(f"{path}/capacity")["ETag"] != tag
        answer = systems.planner.put(f"{path}/capacity", {"free": 2}, if_match=tag)
        refused(answer, 412, "changed")

    def test_a_weak_tag_is_no_tag(self, case: str, systems: Any) -> None:
        tag = "W/" + systems.huisarts.get(f"cases/{case}")["ETag"]
        answer = systems.huisarts.post(f"cases/{case}/notes", {"text": "x"}, if_match=tag)
        refused(answer, 412, "changed")

    def test_who_may_not_see_it_hears_nothing_of_how_it_stands(
        self, case: str, systems: Any
    ) -> None:
        answer = systems.stranger.post(f"cases/{case}/notes", {"text": "x"}, if_match='"1-1"')
        refused(answer, 404, "not_found")


def test_a_triage_made_after_an_older_one_is_refused(cast: Cast, systems: Any) -> None:
    case = told(systems.huisarts.post("cases", intake(cast.patient())), 201)["id"]
    path = f"cases/{case}/triage"
    again = {"how": "redone", "reason": "benauwd", "urgency": "U2", "complaint": "benauwd"}
    told(systems.huisarts.post(path, again | {"after": 1}), 201)
    late = again | {"urgency": "U4"}
    refused(systems.huisarts.post(path, late | {"after": 1}), 409, "judged_meanwhile")
    told(systems.huisarts.post(path, late | {"after": 2}), 201)
