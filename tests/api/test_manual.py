"""The document as it is read: with small documents, and with ours."""

import json
import shlex
from typing import Any

import pytest

from lzc.api.asking import command
from lzc.api.document import document
from lzc.api.fields import Field, Reader, dotted
from lzc.api.manual import Content, Manual, Operation, read
from lzc.api.openapi import WHY_NOT

SHAPES: dict[str, Any] = {
    "Ward": {
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": 80, "description": "As on the door."},
            "beds": {"type": "array", "items": {"$ref": "#/components/schemas/Bed"}, "minItems": 1},
            "above": {"$ref": "#/components/schemas/Ward"},
        },
        "required": ["name"],
    },
    "Bed": {"type": "object", "properties": {"free": {"type": ["boolean", "null"]}}},
}


def rows(shape: dict[str, Any]) -> dict[str, Field]:
    look = Reader({"components": {"schemas": SHAPES}})
    return {field.name: field for field in dotted(look, shape)}


def one(shape: dict[str, Any]) -> Field:
    return rows({"properties": {"x": shape}})["x"]


def pointer(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


class TestFields:
    def test_what_lies_in_a_list_is_named_by_its_path(self) -> None:
        found = rows(pointer("Ward"))
        assert list(found) == ["name", "beds", "beds[].free", "above"]
        assert found["beds"].type == "list of object"
        assert found["beds"].limits == "at least 1 in the list"
        assert (found["beds[].free"].outer, found["beds[].free"].own) == ("beds[].", "free")

    def test_a_shape_in_itself_is_named_and_not_opened_again(self) -> None:
        assert [name for name in rows(pointer("Ward")) if name.startswith("above.")] == []

    def test_the_same_shape_beside_itself_is_opened_twice(self) -> None:
        found = rows({"properties": {"one": pointer("Bed"), "other": pointer("Bed")}})
        assert {"one.free", "other.free"} <= set(found)

    def test_required_and_empty_are_two_things(self) -> None:
        assert rows(pointer("Ward"))["name"].required
        free = rows(pointer("Ward"))["beds[].free"]
        assert free.nullable and not free.required and free.type == "boolean"

    def test_or_nothing_is_no_choice(self) -> None:
        found = rows({"properties": {"bed": {"oneOf": [pointer("Bed"), {"type": "null"}]}}})
        assert found["bed"].nullable and found["bed"].type == "object"
        assert "bed.free" in found

    def test_what_it_means_here_goes_before_what_it_means_everywhere(self) -> None:
        everywhere = {"type": "string", "description": "everywhere"}
        assert one({"allOf": [everywhere], "description": "here"}).meaning == "here"
        assert one({"allOf": [everywhere]}).meaning == "everywhere"

    def test_of_two_shapes_both_are_shown(self) -> None:
        found = rows({"properties": {"at": {"oneOf": [pointer("Ward"), pointer("Bed")]}}})
        assert found["at"].type == "Ward or Bed"
        assert {"at.name", "at.free"} <= set(found)

    def test_names_that_are_free(self) -> None:
        ids = {"type": "object", "additionalProperties": {"type": "string", "format": "uuid"}}
        assert one(ids).type == "object of string (uuid)"
        assert "ids.*.free" in rows(
            {"properties": {"ids": {"type": "object", "additionalProperties": pointer("Bed")}}}
        )

    @pytest.mark.parametrize(
        ("shape", "limits"),
        [
            ({"minimum": 5, "maximum": 300}, "5 to 300"),
            ({"minimum": 0, "maximum": 9}, "at most 9"),
            ({"minimum": 1}, "at least 1"),
            ({"minLength": 4, "maxLength": 4}, "4 characters"),
            ({"exclusiveMinimum": 0}, "more than 0"),
            ({"pattern": "^Z"}, "as ^Z"),
            ({"type": "boolean", "default": False}, "false unless said"),
            ({"type": "array", "maxItems": 2, "items": {"maxLength": 8}},
             "at most 2 in the list; each at most 8 characters"),
        ],
    )  # fmt: skip
    def test_limits_in_words(self, shape: dict[str, Any], limits: str) -> None:
        assert one(shape).limits == limits

    def test_the_values_of_what_stands_in_a_list(self) -> None:
        assert one({"type": "array", "items": {"enum": ["a", "", None]}}).values == ("a", '""')

    def test_a_pointer_that_leads_nowhere_is_an_error(self) -> None:
        with pytest.raises(KeyError):
            rows(pointer("Hall"))


def asked(**more: Any) -> str:
    usual: dict[str, Any] = {"query": (), "once": False, "media": "", "example": ""}
    return command("POST", "/v1/cases/{case_id}/notes", **(usual | more))


class TestCommands:
    def test_a_shell_reads_it_as_it_was_meant(self) -> None:
        example = '{\n  "text": "Oma\'s sleutel: \\"onder de mat\\" $HOME `id`"\n}'
        words = shlex.split(asked(once=True, media="application/json", example=example))
        assert words[:4] == ["curl", "-X", "POST", "$LZC/v1/cases/$CASE_ID/notes"]
        assert words[words.index("-d") + 1] == example
        assert {"Idempotency-Key: $ONCE", "Content-Type: application/json"} <= set(words)

    def test_a_question_without_a_body_sends_none(self) -> None:
        assert not {"-d", "--data-binary"} & set(shlex.split(asked()))

    def test_what_it_must_be_asked_with_is_in_the_address(self) -> None:
        read_on = command("GET", "/v1/events", query=["after"], once=False, media="", example="")
        assert read_on.startswith('curl "$LZC/v1/events?after=$AFTER"')


@pytest.fixture(scope="module")
def manual() -> Manual:
    return read(document())


def operations(manual: Manual) -> list[Operation]:
    return [operation for group in manual.groups for operation in group.operations]


def pointers(part: Any) -> list[str]:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    here = [part["$ref"]] if isinstance(part, dict) and "$ref" in part else []
    return [*here, *(found for each in inner for found in pointers(each))]


def examples(part: Any) -> list[Any]:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    found = part.get("examples", {}) if isinstance(part, dict) else {}
    here = [each["value"] for each in found.values()]
    return [*here, *(example for each in inner for example in examples(each))]


class TestOurs:
    def test_every_operation_is_in_it_once(self, manual: Manual) -> None:
        said = {
            (method.upper(), path)
            for path, methods in document()["paths"].items()
            for method in methods
        }
        found = [(operation.method, operation.path) for operation in operations(manual)]
        assert set(found) == said and len(found) == len(said) > 80

    def test_every_pointer_leads_somewhere(self) -> None:
        look = Reader(document())
        found = pointers(document())
        assert len(found) > 500
        assert all(look.at({"$ref": each}) for each in found)

    def test_every_example_is_shown(self, manual: Manual) -> None:
        shown = {
            content.example
            for operation in operations(manual)
            for content in (operation.body, *(a.content for a in operation.answers))
            if isinstance(content, Content)
        }
        said = [json.dumps(e, indent=2, ensure_ascii=False) for e in examples(document())]
        assert len(said) > 100
        assert [example for example in said if example not in shown] == []

    def test_every_shape_that_is_used_is_opened(self, manual: Manual) -> None:
        for operation in operations(manual):
            for content in (operation.body, *(a.content for a in operation.answers)):
                if content and content.media != "text/csv":
                    assert content.fields, operation.name

    def test_every_command_sends_its_example(self, manual: Manual) -> None:
        for operation in operations(manual):
            words = shlex.split(operation.command)
            needs = any(p.field.name == "Idempotency-Key" for p in operation.parameters)
            assert ("Idempotency-Key: $ONCE" in words) is needs, operation.name
            if operation.body and operation.body.media == "application/json":
                json.loads(words[words.index("-d") + 1])
            assert "{" not in words[1 if operation.method == "GET" else 3]

    def test_each_refusal_is_explained(self, manual: Manual) -> None:
        assert {int(no.status) for no in manual.refusals} == set(WHY_NOT)
        for operation in operations(manual):
            assert {int(no.status) for no in operation.refusals} <= set(WHY_NOT)
            assert len(operation.gives) == 1, operation.name
