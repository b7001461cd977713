"""The shapes of an OpenAPI document as rows: a dotted path, a type, limits, a meaning. Pure.

A path is written as a refusal names it in `field`: `patient.bsn`. What repeats is `units[].free`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: Deeper than this, a shape is named and no longer opened.
DEEPEST = 6


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    required: bool
    nullable: bool
    limits: str
    values: tuple[str, ...]
    meaning: str

    @property
    def outer(self) -> str:
        """What it lies in: to be read past."""
        return self.name[: len(self.name) - len(self.own)]

    @property
    def own(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Shape:
    """What a schema says when its pointers are followed, by the last name it was found under."""

    said: Mapping[str, Any]
    name: str = ""
    nullable: bool = False
    either: tuple["Shape", ...] = ()
    names: frozenset[str] = frozenset()


class Reader:
    """Follows the pointers of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    def at(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        """What this is, or what it points at."""
        while "$ref" in said:
            found: Any = self.document
            for step in said["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            said = found
        return said

    def whole(self, said: Mapping[str, Any]) -> Shape:
        """One shape: what it points at, and all that it is made of."""
        name = said["$ref"].rpartition("/")[2] if "$ref" in said else ""
        found = dict(self.at(said))
        names = frozenset({name} - {""})
        nullable, either = False, list[Shape]()
        for part in (self.whole(each) for each in found.pop("allOf", ())):
            found = _together(part.said, found)
            name, names = name or part.name, names | part.names
            nullable, either = nullable or part.nullable, [*either, *part.either]
        for part in map(self.whole, found.pop("oneOf", ()) or found.pop("anyOf", ())):
            if part.said.get("type") == "null":
                nullable = True
            else:
                either.append(part)
        if len(either) == 1:
            (only,) = either
            found, either = _together(only.said, found), [*only.either]
            name, names = name or only.name, names | only.names
            nullable = nullable or only.nullable
        kinds = found.get("type", ())
        if isinstance(kinds, list):
            nullable = nullable or "null" in kinds
            found["type"] = " or ".join(kind for kind in kinds if kind != "null")
        return Shape(found, name, nullable, tuple(either), names)

    def items(self, shape: Shape) -> Shape | None:
        return self.whole(shape.said["items"]) if "items" in shape.said else None


def _together(said: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Both hold; what says what it means here is nearer than what it means everywhere."""
    made = {**said, **more}
    if "properties" in said and "properties" in more:
        made["properties"] = {**said["properties"], **more["properties"]}
    if "required" in said and "required" in more:
        made["required"] = [*said["required"], *more["required"]]
    return made


def dotted(
    look: Reader, said: Mapping[str, Any], path: str = "", seen: frozenset[str] = frozenset()
) -> Iterator[Field]:
    """Every field of a shape and of the shapes in it; what holds itself is not opened twice."""
    shape = look.whole(said)
    if shape.names & seen or path.count(".") >= DEEPEST:
        return
    seen |= shape.names
    if "items" in shape.said:
        yield from dotted(look, shape.said["items"], f"{path}[]", seen)
    for each in (shape, *shape.either):
        required = each.said.get("required", ())
        for name, inner in each.said.get("properties", {}).items():
            here = f"{path}.{name}" if path else name
            yield field_of(look, here, inner, required=name in required)
            yield from dotted(look, inner, here, seen | each.names)
    more = shape.said.get("additionalProperties")
    if isinstance(more, Mapping) and more:
        yield from dotted(look, more, f"{path}.*" if path else "*", seen)


def field_of(
    look: Reader, name: str, said: Mapping[str, Any], *, required: bool, meaning: str = ""
) -> Field:
    shape = look.whole(said)
    inner = look.items(shape)
    told = shape if inner is None else inner
    each_rule = _limits(inner.said) if inner else ()
    return Field(
        name,
        kind(look, shape),
        required,
        shape.nullable,
        "; ".join([*_limits(shape.said), *(f"each {rule}" for rule in each_rule)]),
        tuple(_value(each) for each in told.said.get("enum", ()) if each is not None),
        meaning or shape.said.get("description", ""),
    )


def kind(look: Reader, shape: Shape) -> str:
    """The type in words: `string (uuid)`, `list of object`."""
    inner = look.items(shape)
    if inner is not None:
        return f"list of {kind(look, inner)}"
    if shape.either:
        return " or ".join(dict.fromkeys(each.name or kind(look, each) for each in shape.either))
    more = shape.said.get("additionalProperties")
    if isinstance(more, Mapping):
        return f"object of {kind(look, look.whole(more))}" if more else "object"
    named = str(shape.said.get("type", "any"))
    form = shape.said.get("format", "")
    return f"{named} ({form})" if form else named


def _value(value: Any) -> str:
    return str(value) if value != "" else '""'


def _limits(said: Mapping[str, Any]) -> Iterator[str]:
    yield from _between(said.get("minLength"), said.get("maxLength"), " characters")
    yield from _between(said.get("minimum"), said.get("maximum"), "")
    yield from _between(said.get("minItems"), said.get("maxItems"), " in the list")
    if "exclusiveMinimum" in said:
        yield f"more than {said['exclusiveMinimum']}"
    if "exclusiveMaximum" in said:
        yield f"less than {said['exclusiveMaximum']}"
    if "pattern" in said:
        yield f"as {said['pattern']}"
    if said.get("default", "") != "":
        yield f"{said['default']} unless said".lower()


def _between(least: Any, most: Any, what: str) -> Iterator[str]:
    if least and most is not None:
        yield f"{least}{what}" if least == most else f"{least} to {most}{what}"
    elif most is not None:
        yield f"at most {most}{what}"
    elif least:
        yield f"at least {least}{what}"
