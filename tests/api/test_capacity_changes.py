"""Stops, plans, calls, lists and busy departments by program."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from capacity.models import CareUnit, Place
from lzc.models import Event
from lzc.rights import Duty
from tests.api.programs import refused, told
from tests.cast import Cast
from tests.paths import a_hospital, an_offer

SOON = (timezone.now() + timedelta(hours=5)).isoformat()
CSV = {"content_type": "text/csv"}


def free(unit: Any) -> int:
    return Place.objects.filter(Place.usable(), unit=unit).count()


# One unit --------------------------------------------------------------------------------------


def test_places_of_a_kind(cast: Cast, systems: Any) -> None:
    path = f"units/{cast.ward.pk}"
    told(systems.planner.post(f"{path}/places", {"count": 2, "attributes": ["women"]}), 201)
    asked = {"free": 1, "attributes": ["women"]}
    assert told(systems.planner.put(f"{path}/capacity", asked))["free"] == 1
    listed = told(systems.coordinator.get(f"{path}/places"))["results"]
    assert sorted(place["state"] for place in listed) == ["free", "withdrawn"]
    unknown = {"count": 1, "attributes": ["zeezicht"]}
    refused(systems.planner.post(f"{path}/places", unknown), 400, "not_a_choice", "attributes.0")


def test_a_stop_and_its_end(cast: Cast, systems: Any) -> None:
    path = f"units/{cast.ward.pk}"
    said = told(
        systems.planner.post(f"{path}/stops", {"reason": "staff", "expected_end": SOON}), 201
    )
    assert said["stopped"] == "staff" and said["stopped_until"]
    refused(systems.planner.post(f"{path}/stops", {"reason": "staff"}), 409, "wrong_state")
    assert told(systems.planner.post(f"{path}/reopen"))["stopped"] is None
    (row,) = told(systems.huisarts.get(f"{path}/stops"))["results"]
    assert row["ended_at"]
    refused(systems.coordinator.post(f"{path}/stops", {"reason": "staff"}), 403, "not_yours")


def test_a_planned_release_and_what_becomes_of_it(cast: Cast, systems: Any) -> None:
    path = f"units/{cast.ward.pk}"
    made = told(systems.planner.post(f"{path}/releases", {"free_from": SOON}), 201)
    assert made["state"] == "withdrawn" and made["free_from"]
    assert told(systems.coordinator.get(f"{path}/capacity"))["next_release"] == made["free_from"]
    place = f"places/{made['id']}"
    assert told(systems.planner.post(f"{place}/call_off"))["free_from"] is None
    refused(systems.planner.post(f"{place}/clear"), 409, "wrong_state")
    past = {"free_from": "2020-01-01T00:00:00Z"}
    refused(systems.planner.post(f"{path}/releases", past), 422, "invalid", "free_from")


def test_a_call_is_written_down_by_a_desk(cast: Cast, systems: Any) -> None:
    path = f"units/{cast.ward.pk}/calls"
    said = told(systems.coordinator.post(path, {"said": "has_place", "free": 2}), 201)
    assert (said["free"], said["source"]) == (2, "phone")
    assert told(systems.coordinator.post(path, {"said": "full"}), 201)["free"] == 0
    calls = told(systems.huisarts.get(path))["results"]
    assert [call["said"] for call in calls] == ["full", "has_place"]
    for nobody in (systems.planner, systems.huisarts):
        refused(nobody.post(path, {"said": "full"}), 403, "not_yours")


def test_still_correct_until(cast: Cast, systems: Any) -> None:
    path = f"units/{cast.ward.pk}/confirm"
    assert told(systems.planner.post(path, {"true_until": SOON}))["true_until"]
    assert told(systems.planner.post(path))["true_until"], "saying it again takes nothing back"


def test_a_link_is_made_for_ones_own_unit(cast: Cast, systems: Any) -> None:
    made = told(systems.planner.post(f"units/{cast.ward.pk}/link"), 201)
    assert made["path"].startswith("/klopt-nog/") and made["valid_until"]
    refused(systems.other_planner.post(f"units/{cast.ward.pk}/link"), 403, "not_yours")


def test_how_busy_a_department_is(cast: Cast, systems: Any) -> None:
    hospital = a_hospital(cast)
    path = f"emergency-departments/{hospital.pk}/load"
    refused(systems.coordinator.put(path, {"load": "full"}), 422, "invalid", "reason")
    told(systems.coordinator.put(path, {"load": "full", "reason": "geen bedden"}))
    told(systems.coordinator.put(path, {"load": "busy"}))
    listed = told(systems.huisarts.get("emergency-departments"))["results"]
    (ours,) = [row for row in listed if row["organisation"]["id"] == str(hospital.pk)]
    assert (ours["load"], ours["source"]) == ("busy", "api")
    refused(systems.planner.put(path, {"load": "busy"}), 403, "not_yours")


# Many units ------------------------------------------------------------------------------------


def a_second_ward(cast: Cast) -> CareUnit:
    return cast.unit(cast.planner.house, "elv_hoog", "De Linde hoog")


def lines(cast: Cast, more: CareUnit) -> list[dict[str, Any]]:
    """One that is right, one of somebody else, one that is right."""
    return [
        {"unit": str(cast.ward.pk), "free": 2},
        {"unit": str(cast.other_ward.pk), "free": 9},
        {"unit": str(more.pk), "free": 1},
    ]


def test_each_line_is_judged_by_itself(cast: Cast, systems: Any) -> None:
    more = a_second_ward(cast)
    said = told(systems.planner.put("capacity", {"units": lines(cast, more)}))
    assert [line["outcome"] for line in said["lines"]] == ["saved", "refused", "saved"]
    assert (said["saved"], said["refused"], said["kept"]) == (2, 1, True)
    assert said["lines"][1]["code"] == "not_yours" and said["lines"][1]["detail_nl"]
    assert (free(cast.ward), free(cast.other_ward), free(more)) == (2, 0, 1)
    heard = Event.objects.filter(subject=cast.other_ward.pk)
    assert not heard.exists(), "what was refused left no fact"


@pytest.mark.parametrize("how", ["whole", "dry_run"])
def test_all_or_nothing_and_a_trial_leave_nothing(how: str, cast: Cast, systems: Any) -> None:
    more = a_second_ward(cast)
    said = told(systems.planner.put("capacity", {"units": lines(cast, more), how: True}))
    assert (said["saved"], said["refused"], said["kept"]) == (0, 1, False)
    assert free(cast.ward) == free(more) == 0
    assert not Event.objects.filter(subject=cast.ward.pk).exists()


def test_all_of_it_when_all_is_right(cast: Cast, systems: Any) -> None:
    asked = {"units": lines(cast, a_second_ward(cast))[::2], "whole": True}
    assert told(systems.planner.put("capacity", asked))["saved"] == 2
    assert free(cast.ward) == 2


def test_a_unit_that_is_listed_twice_contradicts_itself(cast: Cast, systems: Any) -> None:
    asked = {"units": [{"unit": str(cast.ward.pk), "free": n} for n in (1, 3)]}
    said = told(systems.planner.put("capacity", asked))
    assert [line["code"] for line in said["lines"]] == ["", "twice"]
    assert free(cast.ward) == 1
    rooms = [["single_room", "oxygen"], ["oxygen", "single_room"]]
    asked = {"units": [{"unit": str(cast.ward.pk), "free": 1, "attributes": r} for r in rooms]}
    said = told(systems.planner.put("capacity", asked))
    assert [line["code"] for line in said["lines"]] == ["", "twice"]


def test_what_is_held_stays_held_in_a_list(cast: Cast, systems: Any) -> None:
    an_offer(cast)
    told(systems.planner.put("capacity", {"units": [{"unit": str(cast.ward.pk), "free": 0}]}))
    assert Place.objects.filter(unit=cast.ward, state="held").count() == 1


# Lists from a spreadsheet ----------------------------------------------------------------------

LIST = "Eenheid;Vrij;Kenmerken;Klopt_tot\n{name};2;;\nDe Onbekende;1;;\n{id};x;;\n\n"


def test_a_list_is_taken_line_by_line(cast: Cast, systems: Any) -> None:
    more = a_second_ward(cast)
    sent = LIST.format(name=cast.ward.name, id=more.pk).encode()
    said = told(systems.planner.post("capacity/import", sent, **CSV))
    assert [line["number"] for line in said["lines"]] == [2, 3, 4]
    assert [line["code"] for line in said["lines"]] == ["", "not_found", "not_number"]
    assert (free(cast.ward), free(more)) == (2, 0)


def test_what_is_refused_in_a_list_says_which_word_and_what_to_do(cast: Cast, systems: Any) -> None:
    sent = f"eenheid;vrij;kenmerken\nDe Onbekende;1;\n{cast.ward.name};1;zee tuin\n"
    said = told(systems.planner.post("capacity/import", sent.encode(), **CSV))
    unknown, strange = [line["detail_nl"] for line in said["lines"]]
    assert "kolom eenheid" in unknown and "De Onbekende" in unknown
    assert "tuin, zee" in strange and "[" not in strange
    answer = systems.planner.post("capacity/import", sent.encode("utf-16"), **CSV)
    assert "CSV UTF-8" in answer.json()["detail_nl"]
    columns = systems.planner.post("capacity/import", b"afdeling\n", **CSV).json()["detail_nl"]
    assert "eenheid" in columns and "vrij" in columns


def test_a_line_with_more_in_it_than_the_columns_say_is_not_half_taken(
    cast: Cast, systems: Any
) -> None:
    more = a_second_ward(cast)
    sent = f"unit,free\n{cast.ward.pk},2,5\n{more.pk},1,,\n"
    wrong, right = told(systems.planner.post("capacity/import", sent.encode(), **CSV))["lines"]
    assert (wrong["code"], right["outcome"]) == ("too_wide", "saved")
    assert "kolommen" in wrong["detail_nl"] and "columns" in wrong["detail_en"]
    assert (free(cast.ward), free(more)) == (0, 1)


def test_what_excel_writes_before_a_list_is_no_part_of_it(cast: Cast, systems: Any) -> None:
    sent = f"sep=;\r\neenheid;vrij\r\n{cast.ward.name};2\r\n".encode()
    (line,) = told(systems.planner.post("capacity/import", sent, **CSV))["lines"]
    assert (line["number"], line["outcome"], free(cast.ward)) == (3, "saved", 2)


def test_a_list_with_a_trial_and_all_or_nothing(cast: Cast, systems: Any) -> None:
    sent = f"unit,free\n{cast.ward.pk},2\n".encode()
    for how in ("dry_run", "whole"):
        path = f"capacity/import?{how}=true"
        said = told(systems.planner.post(path, sent + b"nergens,1\n", **CSV))
        assert (said["saved"], said["kept"], free(cast.ward)) == (0, False, 0)
    assert told(systems.planner.post("capacity/import?whole=true", sent, **CSV))["saved"] == 1


@pytest.mark.parametrize("header", ["", "afdeling", "unit,free,kleur", "unit,free,vrij"])
def test_a_list_names_its_columns(header: str, cast: Cast, systems: Any) -> None:
    answer = systems.planner.post("capacity/import", f"{header}\n".encode(), **CSV)
    refused(answer, 422, "invalid", "csv")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [(b"\xff\xfe", 400, "not_utf8"), (b"unit,free\n\x00,1", 400, "nul")],
)
def test_what_is_no_text_is_no_list(
    sent: bytes, status: int, code: str, cast: Cast, systems: Any
) -> None:
    answer = systems.planner.post("capacity/import", sent, **CSV)
    assert (answer.status_code, free(cast.ward)) == (status, 0)
    assert code in answer.content.decode()


def test_a_list_is_no_json_and_the_other_way_round(cast: Cast, systems: Any) -> None:
    refused(systems.planner.post("capacity/import", {"units": []}), 415, "media_type")
    refused(systems.planner.put("capacity", b"unit,free\n", **CSV), 415, "media_type")


# By command ------------------------------------------------------------------------------------


def test_the_command_does_the_same(cast: Cast, tmp_path: Any) -> None:
    file, client = tmp_path / "vrij.csv", cast.machine(cast.planner.house, Duty.ANSWER).actor
    file.write_text(f"eenheid;vrij\n{cast.ward.name};3\nnergens;1\n", encoding="utf-8-sig")

    def run(*more: str) -> str:
        said = StringIO()
        call_command(
            "import_capacity", file, "--client", client.prefix, *more, stdout=said, stderr=said
        )
        return said.getvalue()

    assert "Nothing was changed" in run("--dry-run") and free(cast.ward) == 0
    assert "1 saved, 1 refused" in run() and free(cast.ward) == 3
    with pytest.raises(CommandError):
        call_command("import_capacity", file, "--client", "nobody")
    with pytest.raises(CommandError):
        call_command("import_capacity", tmp_path / "nowhere", "--client", client.prefix)
