"""What a program gets back: shapes that the OpenAPI document is made from."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from types import MethodType
from typing import Any, ClassVar

from rest_framework import serializers


class Out(serializers.Serializer[Any]):
    """What an address gives. Fields are listed one by one: what is not listed is not told.

    A list of a hundred rows is some five thousand values, so how to show each field is worked out
    once, and not for every value anew.
    """

    example: ClassVar[dict[str, Any]] = {}

    @cached_property
    def plan(self) -> list[tuple[str, list[str], Any, Callable[[Any], Any]]]:
        """Of each field: its name, where to find it, what to show without it, how to show it."""
        return [
            (name, place.source_attrs, _otherwise(place), _shower(place))
            for name, place in self.fields.items()
        ]

    def to_representation(self, row: Any) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for name, path, otherwise, show in self.plan:
            value = row
            for step in path:
                value = value.get(step, otherwise) if type(value) is dict else getattr(value, step)
                if type(value) is MethodType:
                    value = value()
            told[name] = None if value is None else show(value)
        return told


def _otherwise(place: Any) -> Any:
    return None if place.default is serializers.empty else place.default


def _shower(place: Any) -> Callable[[Any], Any]:
    if isinstance(place, serializers.ListSerializer):
        child: Any = place.child
        return _each(child.to_representation)
    if isinstance(place, serializers.UUIDField):
        return str
    if isinstance(place, serializers.CharField | serializers.IntegerField):
        return _as_it_is
    show: Callable[[Any], Any] = place.to_representation
    return show


def _each(show: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda rows: [show(row) for row in rows]


def _as_it_is(value: Any) -> Any:
    return value


class When(serializers.DateTimeField):
    """A moment in an answer: always UTC, so that two of them can be compared as text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)

    def to_representation(self, value: datetime) -> str:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def results_of(shape: type[Out]) -> type[Out]:
    """The shape of a page of a list."""
    return type(
        f"{shape.__name__}List",
        (Out,),
        {
            "__doc__": "One page; ask on with `?cursor=` and what `next` says, until that is null.",
            "results": shape(many=True),
            "next": serializers.CharField(allow_null=True),
        },
    )
