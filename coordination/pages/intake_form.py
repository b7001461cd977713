"""What is asked of a caller: first a number, then who it is, where, and what is going on."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from coordination.pages.fields import (
    BirthDate,
    Bsn,
    Choices,
    DeskForm,
    Line,
    Moment,
    Postcode,
    Telephone,
    Text,
    words,
)
from coordination.pages.opened import day
from lzc.models import Organisation
from lzc.rights import OrganisationKind
from lzc.web.words import word
from triage.callers import Caller
from triage.services import ContactIn, PatientIn

PERSON = ("name", "birth_date", "estimated_age", "sex", "bsn", "address", "postcode", "telephone")
SOMEBODY_ELSE = "new"
SEXES: Choices = [
    ("female", pgettext_lazy("choice", "Woman")),
    ("male", pgettext_lazy("choice", "Man")),
    ("other", pgettext_lazy("choice", "Other")),
    ("unknown", pgettext_lazy("choice", "Not known")),
]


class CallForm(DeskForm):
    """The first step: when the line breaks, who can be called back?"""

    callback = Telephone(label=_("Call-back number"))
    asked_by = forms.ChoiceField(
        label=_("Who is calling?"), choices=words("asked_by"), widget=forms.RadioSelect
    )
    caller = Line(label=_("Name and relation of the caller"), required=False)
    layout = [(_("The call"), [["callback"], ["asked_by"], ["caller"]])]


class IntakeForm(CallForm):
    """Everything may be unknown but what is going on: a person on the floor has no card at hand."""

    recognised = forms.ChoiceField(
        label=_("Is it one of them?"),
        widget=forms.RadioSelect(attrs={"look": "kaarten"}),
        required=False,
    )
    name = Line(label=_("Name"), required=False)
    birth_date = BirthDate(label=_("Born"), required=False)
    estimated_age = forms.IntegerField(
        label=_("Or about how old"), required=False, min_value=0, max_value=125
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=SEXES,
        widget=forms.RadioSelect,
        required=False,
    )
    bsn = Bsn(label=_("BSN"), required=False)
    address = Line(label=_("Street and number"), required=False)
    postcode = Postcode(label=_("Postcode"), required=False)
    telephone = Telephone(label=_("Telephone of the patient"), required=False)
    own_huisarts = forms.TypedChoiceField(
        label=_("Own GP"), coerce=UUID, empty_value=None, required=False
    )
    access_notes = Line(label=_("Practical: key, dog, language"), longest=300, required=False)
    text = Text(label=_("What is going on?"))
    occurred_at = Moment(
        label=_("When was the call?"), required=False, help_text=_("Leave it empty for: now.")
    )
    life_threat = forms.BooleanField(
        label=_("Life-threatening: pass it on to 112 at once"), required=False
    )

    def __init__(self, *args: Any, known: list[Caller], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("own_huisarts", [("", gettext("not known yet")), *practices()])
        if known:
            self._choose(
                "recognised", [*map(said, known), (SOMEBODY_ELSE, gettext("Somebody else"))]
            )
            self.fields["recognised"].required = True
        else:
            del self.fields["recognised"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def sections(self) -> list[dict[str, Any]]:
        found = [["recognised"]] if "recognised" in self.fields else []
        person = [["name"], ["birth_date", "estimated_age"], ["sex"], ["bsn", "telephone"]]
        where = [["address", "postcode"], ["own_huisarts"], ["access_notes"]]
        parts = [
            ("call", gettext("The call"), CallForm.layout[0][1]),
            ("known", gettext("Known by this number"), found),
            ("person", gettext("Who is it about?"), person),
            ("where", gettext("Where?"), where),
            ("what", gettext("What is going on?"), [["text"], ["occurred_at"], ["life_threat"]]),
        ]
        return [
            {"key": key, "title": title, "rows": [[self[n] for n in row] for row in rows]}
            for key, title, rows in parts
            if rows
        ]

    def known_person(self) -> UUID | None:
        chosen = self.cleaned_data.get("recognised")
        return UUID(chosen) if chosen and chosen != SOMEBODY_ELSE else None

    def patient(self) -> PatientIn:
        """Who was recognised need not tell it again; what they do tell may be new, and is kept."""
        data = self.cleaned_data
        told = {field: data[field] for field in PERSON if data[field] not in (None, "")}
        return PatientIn(
            recognised=self.known_person(),
            access_notes=data["access_notes"],
            own_huisarts=data["own_huisarts"],
            **told,
        )

    def contact(self) -> ContactIn:
        fields = ("asked_by", "caller", "callback", "text", "occurred_at")
        return ContactIn(**{field: self.cleaned_data[field] for field in fields})


def practices() -> list[tuple[str, str]]:
    found = Organisation.objects.filter(kind=OrganisationKind.HUISARTS).order_by("town", "name")
    return [(str(p.pk), f"{p.name}, {p.town}") for p in found]


def said(caller: Caller) -> tuple[str, str]:
    """How the desk asks for somebody: by name, birth date and street."""
    person = caller.patient
    born = day(person.birth_date) if person.birth_date else ""
    parts = [person.label(), word(person.sex, "sex_long"), born, person.address, person.town]
    calls = gettext("called %(n)s times in %(hours)s hours")
    if caller.calls:
        parts.append(calls % {"n": caller.calls, "hours": caller.hours})
    return str(person.pk), ", ".join(part for part in parts if part)
