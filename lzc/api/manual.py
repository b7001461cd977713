"""An OpenAPI document as somebody reads it: groups of operations, their fields in rows. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lzc.api.asking import command
from lzc.api.fields import Field, Reader, dotted, field_of

METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Parameter:
    place: str  # path, query or header
    field: Field


@dataclass(frozen=True)
class Content:
    """What is sent, or comes back: how it is written, what it is, its fields, one example."""

    media: str
    shape: str  # its name in the document; empty when it has none
    meaning: str
    fields: tuple[Field, ...]
    example: str
    many: bool = False
    required: bool = True


@dataclass(frozen=True)
class Answer:
    status: str
    meaning: str
    headers: tuple[Field, ...]
    content: Content | None
    refuses: bool


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    body: Content | None
    answers: tuple[Answer, ...]
    command: str

    @property
    def gives(self) -> list[Answer]:
        return [answer for answer in self.answers if not answer.refuses]

    @property
    def refusals(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.refuses]

    @property
    def pieces(self) -> list[str]:
        """The path, cut where a line may be broken: before each slash."""
        return re.findall(r"/[^/]*", self.path)


@dataclass(frozen=True)
class Group:
    name: str
    operations: tuple[Operation, ...]

    @property
    def title(self) -> str:
        return self.name.replace("-", " ").capitalize()


@dataclass(frozen=True)
class Manual:
    title: str
    version: str
    description: str
    groups: tuple[Group, ...]
    refusals: tuple[Answer, ...]

    @property
    def count(self) -> int:
        return sum(len(group.operations) for group in self.groups)


def read(document: Mapping[str, Any]) -> Manual:
    """The whole document; what each refusal means is said once, by its status."""
    look, kept = Reader(document), dict[str, Answer]()
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                tag, *_ = methods[method].get("tags") or ["other"]
                made = _operation(look, path, method.upper(), methods[method], kept)
                groups.setdefault(tag, []).append(made)
    operations = [operation for found in groups.values() for operation in found]
    refusals = {no.status: no for operation in operations for no in operation.refusals}
    return Manual(
        document["info"]["title"],
        document["info"]["version"],
        document["info"].get("description", ""),
        tuple(Group(name, tuple(found)) for name, found in groups.items()),
        tuple(refusals[status] for status in sorted(refusals)),
    )


def _operation(
    look: Reader, path: str, method: str, said: Mapping[str, Any], kept: dict[str, Answer]
) -> Operation:
    parameters = tuple(_parameters(look, said.get("parameters", ())))
    body = None
    if "requestBody" in said:
        sent = look.at(said["requestBody"])
        body = _content(look, sent)
        body = body and replace(body, required=sent.get("required", False))
    return Operation(
        said["operationId"],
        method,
        path,
        said.get("summary", ""),
        said.get("description", ""),
        parameters,
        body,
        tuple(_answers(look, said["responses"], kept)),
        _command(method, path, parameters, body),
    )


def _command(method: str, path: str, parameters: Iterable[Parameter], body: Content | None) -> str:
    needed = [(p.place, p.field.name) for p in parameters if p.field.required]
    return command(
        method,
        path,
        query=[name for place, name in needed if place == "query"],
        once=("header", "Idempotency-Key") in needed,
        media=body.media if body else "",
        example=body.example if body else "",
    )


def _answers(look: Reader, said: Mapping[str, Any], kept: dict[str, Answer]) -> Iterator[Answer]:
    """An answer that many operations point at is read once."""
    for status, answer in said.items():
        pointer = answer.get("$ref", "")
        made = kept.get(pointer) or _answer(look, status, answer)
        if pointer:
            kept[pointer] = made
        yield replace(made, status=status)


def _parameters(look: Reader, said: Iterable[Mapping[str, Any]]) -> Iterator[Parameter]:
    for pointer in said:
        found = look.at(pointer)
        made = field_of(
            look,
            found["name"],
            found.get("schema", {}),
            required=found.get("required", False),
            meaning=found.get("description", ""),
        )
        yield Parameter(found["in"], made)


def _answer(look: Reader, status: str, pointer: Mapping[str, Any]) -> Answer:
    said = look.at(pointer)
    headers = (
        field_of(look, name, h.get("schema", {}), required=False, meaning=h.get("description", ""))
        for name, h in ((name, look.at(h)) for name, h in said.get("headers", {}).items())
    )
    return Answer(
        status,
        said.get("description", ""),
        tuple(headers),
        _content(look, said),
        PROBLEM in said.get("content", {}),
    )


def _content(look: Reader, said: Mapping[str, Any]) -> Content | None:
    """Of what can be written in more than one way, the first."""
    for media, here in said.get("content", {}).items():
        shape = look.whole(here.get("schema", {}))
        many = look.items(shape)
        inner = shape if many is None else many
        return Content(
            media,
            inner.name,
            inner.said.get("description", ""),
            tuple(dotted(look, here.get("schema", {}))),
            _example(here),
            many=many is not None,
        )
    return None


def _example(here: Mapping[str, Any]) -> str:
    examples = [each.get("value") for each in here.get("examples", {}).values()]
    if "example" in here:
        examples.insert(0, here["example"])
    if not examples:
        return ""
    first = examples[0]
    return first if isinstance(first, str) else json.dumps(first, indent=2, ensure_ascii=False)
