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
    """The whole document; refusals that many operations share are said once."""
    look = Reader(document)
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                tag, *_ = methods[method].get("tags") or ["other"]
                made = _operation(look, path, method, methods[method])
                groups.setdefault(tag, []).append(made)
    shared = document.get("components", {}).get("responses", {})
    return Manual(
        document["info"]["title"],
        document["info"]["version"],
        document["info"].get("description", ""),
        tuple(Group(name, tuple(found)) for name, found in groups.items()),
        tuple(_answer(look, re.sub(r"\D", "", name), said) for name, said in shared.items()),
    )


def _operation(look: Reader, path: str, method: str, said: Mapping[str, Any]) -> Operation:
    parameters = tuple(_parameters(look, said.get("parameters", ())))
    body = None
    if "requestBody" in said:
        sent = look.at(said["requestBody"])
        body = _content(look, sent)
        body = body and replace(body, required=sent.get("required", False))
    headers = {p.field.name for p in parameters if p.place == "header" and p.field.required}
    asked = tuple(p.field.name for p in parameters if p.place == "query" and p.field.required)
    return Operation(
        said["operationId"],
        method.upper(),
        path,
        said.get("summary", ""),
        said.get("description", ""),
        parameters,
        body,
        tuple(_answer(look, status, answer) for status, answer in said["responses"].items()),
        command(
            method.upper(),
            path,
            query=asked,
            once="Idempotency-Key" in headers,
            media=body.media if body else "",
            example=body.example if body else "",
        ),
    )


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
