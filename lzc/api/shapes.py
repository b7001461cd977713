"""What a program may send: shapes that the OpenAPI document is made from.

An `In` takes exactly its fields, of exactly their types: an unknown field, a number where text
belongs and a moment without offset are faults, each with its path. What the values mean is for the
verbs. The fields are those of Django REST framework (so the document comes for free), but take a
value in one step, and one instance serves all requests: they hold no state.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from lzc.errors import N_

#: What can be wrong with a value, by code. `lzc.api.problems` says it in Dutch and in English.
FAULTS = {
    "required": N_("This is missing."),
    "null": N_("Leave this out, or give a value: null is no value here."),
    "blank": N_("This is empty."),
    "unknown": N_("This field is not known here. Check the name in the documentation."),
    "repeated": N_("This is given more than once. Give it once."),
    "not_text": N_("Text belongs here."),
    "not_number": N_("A whole number belongs here."),
    "not_boolean": N_("true or false belongs here."),
    "not_list": N_("A list belongs here."),
    "not_object": N_("A JSON object belongs here."),
    "not_id": N_("An id (UUID) belongs here."),
    "not_date": N_("A date belongs here, for instance 1942-03-14."),
    "not_moment": N_(
        "A moment with its offset belongs here, for instance 2026-11-22T03:10:00+01:00."
    ),
    "too_far": N_("This moment lies too far away to be true."),
    "too_long": N_("This is too long: at most %(most)s characters."),
    "too_many": N_("These are too many: at most %(most)s."),
    "too_few": N_("These are too few: at least %(least)s."),
    "too_small": N_("This is too small: at least %(least)s."),
    "too_large": N_("This is too large: at most %(most)s."),
    "not_a_choice": N_("This is not one of the values known here: %(known)s."),
    "not_a_code": N_("Only letters, digits, - and _ belong here."),
    "bad_cursor": N_("This cursor is not one of ours. Start again without it."),
}
#: Of a name that somebody else made up, this much is repeated in an answer.
LONGEST_NAME = 60


@dataclass(frozen=True)
class Fault:
    """One thing wrong with what was sent: where (dotted path), what, and the numbers in it."""

    path: str
    code: str
    holes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return FAULTS[self.code]

    def under(self, name: object) -> "Fault":
        return replace(self, path=f"{name}.{self.path}" if self.path else str(name))


class BadShape(Exception):
    """What was sent is not what this address takes."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(f"{f.path}: {f.code}" for f in faults))
        self.faults = faults

    def under(self, name: object) -> Iterator[Fault]:
        return (fault.under(name) for fault in self.faults)


def bad(code: str, **holes: Any) -> BadShape:
    return BadShape(Fault("", code, holes))


class Field:
    """A field that takes a value: `take` gives the clean one, or raises what is wrong with it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def take(self, value: Any) -> Any:
        raise NotImplementedError

    def spelled(self, text: str) -> Any:
        """The same, from the text after `?name=`."""
        return self.take(text)


class Text(Field, serializers.CharField):
    """`lines`: line breaks are part of it; without, it is one line. `blank`: may be empty."""

    def __init__(self, most: int, *, lines: bool = False, blank: bool = True, **kw: Any) -> None:
        super().__init__(max_length=most, allow_blank=blank, **kw)
        self.most, self.lines = most, lines

    def take(self, value: Any) -> str:
        if type(value) is not str:
            raise bad("not_text")
        text = value.strip() if self.lines else " ".join(value.split())
        if not text and not self.allow_blank:
            raise bad("blank")
        if len(text) > self.most:
            raise bad("too_long", most=self.most)
        return text


class Code(Field, serializers.CharField):
    """A word for machines, such as `seh_avoided`."""

    def __init__(self, most: int, **kw: Any) -> None:
        super().__init__(max_length=most, **kw)
        self.most = most

    def take(self, value: Any) -> str:
        if type(value) is not str:
            raise bad("not_text")
        if len(value) > self.most:
            raise bad("too_long", most=self.most)
        if not re.fullmatch(r"[A-Za-z0-9_-]+", value):
            raise bad("not_a_code")
        return value


class Choice(Field, serializers.ChoiceField):
    """One of these words; an enumeration will do."""

    def __init__(self, choices: Iterable[str] | type[StrEnum], **kw: Any) -> None:
        super().__init__(choices=[str(c) for c in choices], **kw)

    def take(self, value: Any) -> str:
        if type(value) is not str:
            raise bad("not_text")
        if value not in self.choices:
            raise bad("not_a_choice", known=", ".join(self.choices))
        return value


class Whole(Field, serializers.IntegerField):
    """A whole number; `true` and 1.0 are none."""

    def __init__(self, least: int, most: int, **kw: Any) -> None:
        super().__init__(min_value=least, max_value=most, **kw)
        self.least, self.most = least, most

    def take(self, value: Any) -> int:
        if type(value) is not int:
            raise bad("not_number")
        if value < self.least:
            raise bad("too_small", least=self.least)
        if value > self.most:
            raise bad("too_large", most=self.most)
        return value

    def spelled(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,19}", text):
            raise bad("not_number")
        return self.take(int(text))


class YesNo(Field, serializers.BooleanField):
    def take(self, value: Any) -> bool:
        if type(value) is not bool:
            raise bad("not_boolean")
        return value

    def spelled(self, text: str) -> bool:
        return self.take({"true": True, "false": False}.get(text))


class Id(Field, serializers.UUIDField):
    SHAPE = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

    def take(self, value: Any) -> UUID:
        if type(value) is not str or not self.SHAPE.fullmatch(value):
            raise bad("not_id")
        return UUID(value)


class Day(Field, serializers.DateField):
    def take(self, value: Any) -> date:
        if type(value) is not str or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            raise bad("not_date")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise bad("not_date") from None


class Moment(Field, serializers.DateTimeField):
    """A moment as RFC 3339 writes it, offset included: in the night that has an hour twice, an
    hour without one is a guess."""

    SHAPE = re.compile(
        r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6}\d*)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
        re.ASCII,
    )
    YEARS = range(1900, 2200)

    def take(self, value: Any) -> datetime:
        if type(value) is not str or len(value) > 40 or not self.SHAPE.fullmatch(value):
            raise bad("not_moment")
        try:
            moment = datetime.fromisoformat(value.upper())
        except ValueError:
            raise bad("not_moment") from None
        if moment.year not in self.YEARS:
            raise bad("too_far")
        return moment.astimezone(UTC)


class Many(Field, serializers.ListField):
    """Several of the same; the ones that are wrong are named by their number."""

    def __init__(self, child: Any, *, most: int, least: int = 0, **kw: Any) -> None:
        super().__init__(child=child, max_length=most, min_length=least, **kw)
        self.least, self.most, self.each = least, most, child

    def take(self, value: Any) -> list[Any]:
        if type(value) is not list:
            raise bad("not_list")
        if len(value) < self.least:
            raise bad("too_few", least=self.least)
        if len(value) > self.most:
            raise bad("too_many", most=self.most)
        taken: list[Any] = []
        faults: list[Fault] = []
        for number, item in enumerate(value):
            try:
                taken.append(self.each.take(item))
            except BadShape as wrong:
                faults += wrong.under(number)
        if faults:
            raise BadShape(*faults)
        return taken


class Pairs(Field, serializers.DictField):
    """Names with a short text, yes/no or number each: what a form of the region asks."""

    LONGEST = 300

    def __init__(self, *, most: int, **kw: Any) -> None:
        super().__init__(**kw)
        self.most = most

    def take(self, value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise bad("not_object")
        if len(value) > self.most:
            raise bad("too_many", most=self.most)
        faults = [
            fault.under(name[:LONGEST_NAME])
            for name, v in value.items()
            if (fault := self._wrong(name, v))
        ]
        if faults:
            raise BadShape(*faults)
        return value

    def _wrong(self, name: str, value: Any) -> Fault | None:
        if not re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", name):
            return Fault("", "not_a_code")
        if type(value) is str:
            return (
                Fault("", "too_long", {"most": self.LONGEST}) if len(value) > self.LONGEST else None
            )
        if type(value) is bool or type(value) is int and abs(value) < 10**9:
            return None
        return Fault("", "not_text")


class In(serializers.Serializer[Any]):
    """What an address takes. `example`: one that is right, shown in the documentation."""

    example: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args:
            kwargs.setdefault("required", False)
        super().__init__(*args, **kwargs)

    @cached_property
    def known(self) -> dict[str, Any]:
        return dict(self.fields.items())

    def take(self, value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise bad("not_object")
        known = self.known
        faults = [Fault(name[:LONGEST_NAME], "unknown") for name in value if name not in known]
        taken: dict[str, Any] = {}
        for name, place in known.items():
            if name not in value:
                if place.required:
                    faults.append(Fault(name, "required"))
                continue
            given = value[name]
            if given is None:
                if place.allow_null:
                    taken[name] = None
                else:
                    faults.append(Fault(name, "null"))
                continue
            try:
                taken[name] = place.take(given)
            except BadShape as wrong:
                faults += wrong.under(name)
        if faults:
            raise BadShape(*faults)
        return taken

    def spelled(self, query: Any) -> dict[str, Any]:
        """From what stands after the question mark of an address."""
        faults, taken = [], {}
        for name, values in query.lists():
            place = self.known.get(name)
            if place is None or len(values) > 1:
                code = "repeated" if place else "unknown"
                faults.append(Fault(name[:LONGEST_NAME], code))
                continue
            try:
                taken[name] = place.spelled(values[0])
            except BadShape as wrong:
                faults += wrong.under(name)
        if faults:
            raise BadShape(*faults)
        return taken


class Page(In):
    """Of every list: how many at once, and where the one before ended."""

    limit = Whole(1, 100, help_text="How many at once: 50 unless said.")
    # Of the longest column that a list is ordered by, an address, and whatever stands in it.
    cursor = Text(1500, help_text="`next` of the answer before.")
