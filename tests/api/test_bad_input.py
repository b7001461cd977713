"""Whatever is sent: an answer with the field, a sentence in two languages, and nothing changes."""

from collections.abc import Callable
from typing import Any

import pytest

from tests import paths
from tests.api.programs import everything, intake, refused, system_of, told
from tests.cast import Cast

Change = Callable[[dict[str, Any]], Any]
NOBODY = "5b0f3f0e-1c9e-4bb4-9df1-7b1f0a1f5a99"
ASK = {"care_types": ["elv_laag"], "need": "Kan niet zelf naar bed."}
DIGITS = b'{"patient": {"estimated_age": %s}}'
DEEP = b"[" * 100_000 + b"]" * 100_000


def put(path: str, value: Any) -> Change:
    """The body with this value at this place."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        *outer, last = path.split(".")
        part = body
        for name in outer:
            part = part.setdefault(name, {})
        part[last] = value
        return body

    return change


def without(name: str, change: Change = dict) -> Change:
    return lambda body: {k: v for k, v in change(body).items() if k != name}


Bad = tuple[Change, str, str | None]


def at(path: str, value: Any, code: str, field: str = "") -> Bad:
    """This value at this place is refused with this code; at another place when said."""
    return put(path, value), code, field or path


def asking(more: dict[str, Any], code: str, field: str) -> Bad:
    """A request with this in it is."""
    return at("request", ASK | more, code, f"request.{field}")


def bytes_(text: bytes, code: str, field: str | None = None) -> Bad:
    """These very bytes are."""
    return lambda _body: text, code, field


BAD_SHAPES = {
    "unknown field": at("colour", "red", "unknown"),
    "unknown field deep inside": at("patient.colour", "red", "unknown"),
    "unknown field in a triage": at("triage.urgent", True, "unknown"),
    "a field of the model, not of the door": at("patient.id", NOBODY, "unknown"),
    "number for text": at("patient.name", 5, "not_text"),
    "number for a bsn": at("patient.bsn", 999900006, "not_text"),
    "text for an object": at("patient", "P. Pietersen", "not_object"),
    "text for a number": at("patient.estimated_age", "80", "not_number"),
    "yes for a number": at("patient.estimated_age", True, "not_number"),
    "fraction for a number": at("patient.estimated_age", 80.0, "not_number"),
    "huge number": at("patient.estimated_age", 10**30, "too_large"),
    "number below nothing": at("patient.estimated_age", -1, "too_small"),
    "null for text": at("patient.name", None, "null"),
    "text for a list": at("triage.alarm_signals", "fall", "not_list"),
    "number in a list": at("contact.outcomes", ["a", 5], "not_text", "contact.outcomes.1"),
    "list in a list": at("triage.alarm_signals", [["a"]], "not_text", "triage.alarm_signals.0"),
    "list too long": at("triage.alarm_signals", ["a"] * 21, "too_many"),
    "no code": at("contact.outcomes", ["a b"], "not_a_code", "contact.outcomes.0"),
    "an alarm that is not known": at(
        "triage.alarm_signals", ["zomaar_iets"], "not_a_choice", "triage.alarm_signals.0"
    ),
    "a name for a requirement": asking(
        {"requirements": ["Karel-Verhoeven-1941-03-03"]}, "not_a_choice", "requirements.0"
    ),
    "a consent that is not known": asking({"consent": "misschien"}, "not_a_choice", "consent"),
    "object in pairs": at("triage.abcde", {"a": {}}, "not_text", "triage.abcde.a"),
    "odd name in pairs": at("triage.abcde", {"a b": "x"}, "not_a_code", "triage.abcde.a b"),
    "not a choice": at("triage.urgency", "U9", "not_a_choice"),
    "choice of another type": at("triage.urgency", {}, "not_text"),
    "text too long": at("patient.name", "x" * 121, "too_long"),
    "date as a number": at("patient.birth_date", 19420314, "not_date"),
    "date that is none": at("patient.birth_date", "1942-02-30", "not_date"),
    "date with a time": at("patient.birth_date", "1942-03-14T00:00:00", "not_date"),
    "moment with an offset that is none": at(
        "contact.occurred_at", "2026-10-25T02:30:00+14:99", "not_moment"
    ),
    "moment without offset": at("contact.occurred_at", "2026-10-25T02:30:00", "not_moment"),
    "moment that is none": at("contact.occurred_at", "2026-10-25T25:30:00Z", "not_moment"),
    "year 9999": at("contact.occurred_at", "9999-12-31T23:59:59Z", "too_far"),
    "year 9999, beyond UTC": at("contact.occurred_at", "9999-12-31T23:59:59-12:00", "too_far"),
    "year 1": at("contact.occurred_at", "0001-01-01T00:00:00+12:00", "too_far"),
    "id that is none": at("patient.own_huisarts", "5", "not_id"),
    "id as a number": at("patient.own_huisarts", 5, "not_id"),
    "id in another spelling": at("patient.own_huisarts", f"urn:uuid:{NOBODY}", "not_id"),
    "missing patient": (without("patient"), "required", "patient"),
    "missing need": at("request", {"care_types": ["elv_laag"]}, "required", "request.need"),
    "empty need": at("request", ASK | {"need": "  "}, "blank", "request.need"),
    "no care": at("request", ASK | {"care_types": []}, "too_few", "request.care_types"),
    "a list for the whole": bytes_(b"[]", "not_object"),
    "text for the whole": bytes_(b'"x"', "not_object"),
    "null for the whole": bytes_(b"null", "not_object"),
    "no JSON": bytes_(b"{'patient': {}}", "not_json"),
    "cut off": bytes_(b'{"patient": {"name": "P', "not_json"),
    "a raw NUL": bytes_(b'{"patient": {"name": "P\x00"}}', "not_json"),
    "thousands of digits": bytes_(
        b'{"patient": {"estimated_age": ' + b"9" * 5000 + b"}}", "not_json"
    ),
    "beyond a float": bytes_(
        b'{"patient": {"estimated_age": 1e400}}', "not_number", "patient.estimated_age"
    ),
    "no UTF-8": bytes_(b'{"patient": {"name": "P\xff"}}', "not_utf8"),
    "UTF-16": bytes_('{"patient": {}}'.encode("utf-16"), "not_utf8"),
    "NaN": bytes_(DIGITS % b"NaN", "not_finite"),
    "Infinity": bytes_(DIGITS % b"-Infinity", "not_finite"),
    "21 levels": bytes_(b'{"a":' * 21 + b"1" + b"}" * 21, "too_deep"),
    "100,000 levels": bytes_(DEEP, "too_deep"),
    "100,000 levels inside": bytes_(b'{"patient": {"name": ' + DEEP + b"}}", "too_deep"),
    "said twice": bytes_(b'{"patient": {}, "patient": {"name": "P"}}', "duplicate", "patient"),
    "said twice inside": bytes_(b'{"patient": {"name": "P", "name": "Q"}}', "duplicate", "name"),
    "NUL": bytes_(rb'{"patient": {"name": "P\u0000"}}', "nul", "patient.name"),
    "lone surrogate": bytes_(rb'{"patient": {"name": "P\ud800"}}', "surrogate", "patient.name"),
    "lone surrogate in a list": bytes_(
        rb'{"patient": {}, "triage": {"alarm_signals": ["\udc00"]}}',
        "surrogate",
        "triage.alarm_signals.0",
    ),
    "lone surrogate in a name": bytes_(rb'{"patient": {"\ud800": "P"}}', "bad_name", "patient"),
    "turned text": bytes_(
        '{"patient": {"name": "P\u202egnaw"}}'.encode(), "turned", "patient.name"
    ),
}


@pytest.mark.parametrize("case", BAD_SHAPES)
def test_a_bad_shape_is_refused(cast: Cast, case: str) -> None:
    change, code, field = BAD_SHAPES[case]
    system = system_of(cast.centralist)
    before = everything()
    refused(system.post("cases", change(intake(cast.patient()))), 400, code, field)
    assert everything() == before


UNTRUE = {
    "eleven-test": at("patient.bsn", "999900007", "no_bsn"),
    "nobody": at("patient.bsn", "000000000", "no_bsn"),
    "eight zeroes": at("patient.bsn", "00000000", "no_bsn"),
    "letters": at("patient.bsn", "99990000x", "no_bsn"),
    "other digits": at("patient.bsn", "٩٩٩٩٠٠٠٠٦", "no_bsn"),
    "born tomorrow": at("patient.birth_date", "2199-01-01", "invalid"),
    "born in year 9999": at("patient.birth_date", "9999-12-31", "invalid"),
    "born in year 1": at("patient.birth_date", "0001-01-01", "invalid"),
    "unknown postcode": at("patient.postcode", "9999 ZZ", "unknown_postcode"),
    "no postcode": at("patient.postcode", "B-1000", "no_postcode"),
    "no huisarts": at("patient.own_huisarts", NOBODY, "invalid"),
    "years ago": at("contact.occurred_at", "2020-01-01T00:00:00Z", "invalid"),
    "years ahead": at("contact.occurred_at", "2199-01-01T00:00:00Z", "invalid"),
    "no such desk": at("desk", NOBODY, "no_desk"),
    "no such desk for the request": at(
        "request", ASK | {"desk": NOBODY}, "no_desk", "request.desk"
    ),
    "needed yesterday": at(
        "request", ASK | {"needed_by": "2020-01-01T00:00:00Z"}, "invalid", "request.needed_by"
    ),
    "needed in years": at(
        "request", ASK | {"needed_by": "2199-12-31T23:59:59Z"}, "invalid", "request.needed_by"
    ),
    "two kinds of care": at(
        "request",
        ASK | {"care_types": ["elv_laag", "wijkverpleging"]},
        "invalid",
        "request.care_types",
    ),
    "no urgency": (
        lambda body: without("triage")(put("request", dict(ASK))(body)),
        "required",
        "request.urgency",
    ),
    "taken over from nobody": at("triage", {"how": "taken_over"}, "say_how", "triage.how"),
}


@pytest.mark.parametrize("case", UNTRUE)
def test_what_cannot_be_true_is_refused(cast: Cast, case: str) -> None:
    change, code, field = UNTRUE[case]
    system = system_of(cast.centralist)
    before = everything()
    refused(system.post("cases", change(intake(cast.patient()))), 422, code, field)
    assert everything() == before


def test_every_fault_is_named_at_once(cast: Cast) -> None:
    body = intake(cast.patient(), colour="red")
    body["patient"] |= {"name": 5, "sex": "?"}
    problem = refused(system_of(cast.centralist).post("cases", body), 400, "bad_shape", "colour")
    assert [fault["field"] for fault in problem["fields"]] == [
        "colour",
        "patient.name",
        "patient.sex",
    ]


def test_a_request_that_tells_who_it_is_is_refused(cast: Cast) -> None:
    who, system = cast.patient(), system_of(cast.centralist)
    body = intake(who, request=ASK | {"need": f"Bel {who.telephone} eerst."})
    before = everything()
    answer = system.post("cases", body)
    refused(answer, 422, "reveals_person", "request.need")
    assert everything() == before


def test_a_body_that_is_too_large_is_refused(cast: Cast) -> None:
    system = system_of(cast.centralist)
    before = everything()
    body = b'{"patient": {"name": "' + b"x" * 262_144 + b'"}}'
    problem = refused(system.post("cases", body), 413, "too_large")
    assert problem["most"] == 262_144
    assert everything() == before


def test_a_body_in_chunks_is_refused(cast: Cast) -> None:
    system = system_of(cast.centralist)
    answer = system.client.post(
        "/api/v1/cases", b"{}", "application/json", headers={"transfer-encoding": "chunked"}
    )
    refused(answer, 400, "no_length", "Content-Length")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_only_json_is_taken(cast: Cast, kind: str) -> None:
    system = system_of(cast.centralist)
    before = everything()
    refused(system.post("cases", b"patient=x", content_type=kind), 415, "media_type")
    assert everything() == before


def test_only_json_is_given(cast: Cast) -> None:
    refused(system_of(cast.centralist).get("cases", accept="text/html"), 406, "accept")


def test_another_method_is_refused_with_the_ones_there_are(cast: Cast) -> None:
    answer = system_of(cast.centralist).put("cases", {})
    refused(answer, 405, "method")
    assert answer["Allow"] == "GET, POST, HEAD"


def test_head_is_answered_as_get_without_what_it_shows(cast: Cast) -> None:
    system = system_of(cast.centralist)
    shown, head = system.get("cases"), system.client.head("/api/v1/cases")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == shown["Content-Length"]
    assert system.client.head("/api/v1/callers").status_code == 405


def test_an_id_in_an_address_may_be_written_in_capitals(cast: Cast) -> None:
    case, system = paths.a_case(cast), system_of(cast.coordinator)
    assert told(system.get(f"cases/{str(case.pk).upper()}"))["id"] == str(case.pk)


@pytest.mark.parametrize(
    "path", ["nowhere", "cases/5", "cases/", "/api/v2/cases", "/api/", f"cases/{NOBODY}/nothing"]
)
def test_an_address_that_is_none(cast: Cast, path: str) -> None:
    refused(system_of(cast.centralist).get(path), 404, "not_found")


QUERIES = {
    "unknown": ("requests?colour=red", "unknown", "colour"),
    "twice": ("requests?kind=visit&kind=visit", "repeated", "kind"),
    "no choice": ("requests?state=lost", "not_a_choice", "state"),
    "no id": ("requests?desk=5", "not_id", "desk"),
    "no number": ("events?after=-1", "not_number", "after"),
    "huge number": ("events?after=9999999999999999999", "too_large", "after"),
    "more digits than that": ("events?after=" + "9" * 40, "not_number", "after"),
    "too many": ("events?limit=1001", "too_large", "limit"),
    "none": ("cases?limit=0", "too_small", "limit"),
    "no boolean": ("units?own=1", "not_boolean", "own"),
    "no cursor": ("cases?cursor=x", "bad_cursor", "cursor"),
    "a cursor with nothing in it": ("cases?cursor=W251bGwsbnVsbF0=", "bad_cursor", "cursor"),
    "a cursor that is no pair": ("cases?cursor=WyJ4Il0=", "bad_cursor", "cursor"),
    "a cursor of another list": ("cases?cursor=WyJOYW1lIiwgIjEiXQ==", "bad_cursor", "cursor"),
    "where there is none": ("me?colour=red", "unknown", "colour"),
    "NUL": ("units?care_type=%00", "not_a_choice", "care_type"),
}


@pytest.mark.parametrize("case", QUERIES)
def test_a_question_behind_an_address_is_looked_at_as_well(cast: Cast, case: str) -> None:
    path, code, field = QUERIES[case]
    refused(system_of(cast.coordinator).get(path), 400, code, field)


def test_a_body_where_none_belongs_is_refused(cast: Cast) -> None:
    path = f"cases/{NOBODY}/reopen"
    refused(system_of(cast.coordinator).post(path, {"reason": "x"}), 400, "unknown", "reason")


def test_english_is_spoken_to_who_asks_for_it(cast: Cast) -> None:
    system = system_of(cast.centralist)
    dutch = system.post("cases", {}).json()
    english = system.post("cases", {}, accept_language="en").json()
    assert dutch["detail"] == dutch["detail_nl"] == english["detail_nl"]
    assert english["detail"] == english["detail_en"] == dutch["detail_en"]
