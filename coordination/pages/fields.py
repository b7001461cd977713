"""Fields of the desk's forms: what a person types at a telephone, cleaned once, with a sentence."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lzc import plain
from lzc.hours import AMSTERDAM
from lzc.web.words import WORDS
from triage.identity import clean_bsn, clean_postcode

#: As people write it: 14-03-1942, 14/3/1942, 14031942; and as a browser sends it.
DATES = ["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d %m %Y", "%d%m%Y", "%Y-%m-%d"]
OLDEST = 125
LONGEST_TEXT = 4000
Choices = list[tuple[str, Any]]


def words(kind: str, *first: tuple[str, str | Promise]) -> Choices:
    """The choices of a vocabulary of `lzc.web.words`."""
    return [*first, *WORDS[kind].items()]


def _needed(field: forms.Field) -> str:
    """Which one is still needed: in a list of errors "this field is required" says nothing."""
    return gettext("Still needed: %(what)s") % {"what": field.label or ""}


class DeskForm(forms.Form):
    """A form with its own lay-out: parts with a title, each a list of rows of fields."""

    #: (title, rows); a row is the names of the fields that stand beside each other.
    layout: list[tuple[str | Promise, list[list[str]]]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _needed(field)

    def sections(self) -> list[dict[str, Any]]:
        return [
            {"title": title, "rows": [[self[name] for name in row] for row in rows]}
            for title, rows in self.layout
        ]


class Typed(forms.CharField):
    """Text of a person, kept as the API keeps it."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        try:
            return plain.cleaned(text)
        except plain.Unwritable as error:
            raise ValidationError(gettext(plain.UNWRITABLE), code=error.code) from None


class Line(Typed):
    """One line of text."""

    def __init__(self, *, longest: int = 120, **kwargs: Any) -> None:
        super().__init__(max_length=longest, **kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")


class Text(Typed):
    """Some lines of text. `often`: what is often written there, added by a press."""

    widget = forms.Textarea

    def __init__(
        self,
        *,
        longest: int = LONGEST_TEXT,
        rows: int = 3,
        often: Sequence[str | Promise] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(max_length=longest, **kwargs)
        self.often = often
        self.widget.attrs["rows"] = rows


class Telephone(Line):
    """A number to call; spaces and dashes are how people say it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=20, **kwargs)
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        digits = re.sub(r"[\s()./-]", "", text)
        if text and not re.fullmatch(r"\+?\d{6,15}", digits):
            raise ValidationError(
                _("Enter a telephone number, for example 038 123 45 67."), code="telephone"
            )
        return text


class Postcode(Line):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=8, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        found = clean_postcode(text) if text else ""
        if found is None:
            raise ValidationError(
                _("Enter the postcode as 4 digits and 2 letters, for example 8017 AB."),
                code="postcode",
            )
        return found


class Bsn(Line):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=11, **kwargs)
        self.widget.attrs["inputmode"] = "numeric"

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        found = clean_bsn(text) if text else ""
        if found is None:
            raise ValidationError(_("This BSN is not right. Check the digits."), code="bsn")
        return found


class BirthDate(forms.DateField):
    """Typed, for nobody should have to page back eighty years in a calendar."""

    default_error_messages = {
        "invalid": _("Enter a birth date, for example 14-03-1942."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=DATES, widget=forms.DateInput(format="%d-%m-%Y"), localize=False, **kwargs
        )
        self.widget.attrs |= {"autocomplete": "off", "inputmode": "numeric"}

    def clean(self, value: Any) -> date | None:
        found = super().clean(value)
        if found and found > timezone.localdate():
            raise ValidationError(_("A birth date cannot lie in the future."), code="future")
        if found and found.year < timezone.localdate().year - OLDEST:
            raise ValidationError(_("This birth date is too long ago."), code="too_old")
        return found


class Moment(forms.DateTimeField):
    """A date and time on the Dutch wall clock."""

    default_error_messages = {"invalid": _("Enter a date and a time.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
            **kwargs,
        )
        if not _once(timezone.localdate()):
            twice = gettext("From 2 to 3 the clock runs twice tonight: the first time is meant.")
            self.help_text = f"{self.help_text} {twice}".strip()

    def to_python(self, value: Any) -> datetime | None:
        """An hour that the clock runs twice is the first; one that it skips, the one after."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
        with timezone.override(UTC):
            said = super().to_python(value)
        return said.replace(tzinfo=AMSTERDAM).astimezone(UTC) if said else None


def _once(day: date) -> bool:
    """Whether every hour of this night comes once."""
    early = datetime.combine(day, time(2, 30), AMSTERDAM)
    return early.replace(fold=1).timestamp() <= early.timestamp()
