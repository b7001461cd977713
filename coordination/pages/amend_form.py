"""The form in which a desk says anew what is asked, and the buttons that let go of something."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coordination import amending
from coordination.matching import Relaxation, Step
from coordination.models import CareRequest
from coordination.pages.dossier import Dossier
from coordination.pages.fields import LONGEST_TEXT, Choices, DeskForm, Moment, words
from coordination.services import widen
from lzc.errors import N_, NotValid
from lzc.models import Actor
from lzc.web.words import would_help

#: "drop=oxygen": a step as a button sends it.
BETWEEN = "="
UNSAID: Choices = [("", _("not said"))]


class Before(forms.JSONField):
    """What our own page sent along; from elsewhere it may be anything."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value if len(value or "") <= LONGEST_TEXT else "?")
        except (ValueError, RecursionError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            self.to_python(data)
        except ValidationError:
            return InvalidJSONInput("")
        return super().bound_data(data, initial)


class AmendForm(DeskForm):
    """Where, how far, with what, on what ground."""

    requirements = forms.MultipleChoiceField(
        label=_("What must the place be able to deal with?"),
        choices=words("requirement"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    wish_codes = forms.MultipleChoiceField(
        label=_("What would be nice?"),
        choices=words("requirement"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    near_pc4 = forms.IntegerField(
        label=_("Near which postcode?"),
        min_value=1000,
        max_value=9999,
        required=False,
        help_text=_("Four digits. Leave it empty for: near home."),
    )
    travel_limit = forms.IntegerField(
        label=_("How many minutes away at most?"),
        min_value=amending.NEAREST,
        max_value=amending.FURTHEST,
        required=False,
    )
    beyond = forms.BooleanField(label=_("Another region will do as well"), required=False)
    needed_by = Moment(label=_("Needed before"))
    who_treats = forms.ChoiceField(
        label=_("Who treats the patient there?"),
        choices=[*UNSAID, *words("treats")],
        widget=forms.RadioSelect(attrs={"look": "lijst"}),
        required=False,
    )
    legal_ground = forms.ChoiceField(
        label=_("Legal ground for a closed ward"),
        choices=[*UNSAID, *words("legal_ground")],
        widget=forms.RadioSelect(attrs={"look": "lijst"}),
        required=False,
    )
    #: As it was asked when the form was shown.
    before = Before(widget=forms.HiddenInput, required=False)
    layout = [
        (_("Where and when"), [["near_pc4", "travel_limit"], ["beyond"], ["needed_by"]]),
        (_("What it must be"), [["requirements"], ["wish_codes"]]),
        (_("Who treats, and on what ground"), [["who_treats"], ["legal_ground"]]),
    ]


SAID = tuple(name for name in AmendForm.base_fields if name != "before")


def start(dossier: Dossier, target: CareRequest) -> dict[str, Any]:
    """As it is asked now."""
    now = {name: getattr(target, name) for name in SAID}
    return now | {"before": {name: _shown(value) for name, value in now.items()}}


def _shown(value: Any) -> Any:
    """As the form shows it: a moment to the minute, codes in any order."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}"
    return sorted(value) if isinstance(value, list) else value


def run(request_id: Any, form: AmendForm, *, by: Actor) -> Any:
    """Only what was changed in the form: a colleague may have said the rest anew meanwhile."""
    before = form.cleaned_data["before"]
    before = before if isinstance(before, dict) else {}
    given = {name: form.cleaned_data[name] for name in SAID}
    said = {name: v for name, v in given.items() if name not in before or before[name] != _shown(v)}
    lists = {name: before[name] for name in said if isinstance(before.get(name), list)}
    return amending.amend(request_id, said=said, shown=lists, by=by)


def proposals(relaxations: tuple[Relaxation, ...]) -> list[dict[str, Any]]:
    """Each as a button: what is let go, what it yields, and what it sends."""
    return [
        {
            "text": " + ".join(would_help(step.kind, step.value) for step in found.steps),
            "places": found.places,
            "units": len(found.units),
            "steps": [f"{step.kind}{BETWEEN}{step.value}" for step in found.steps],
        }
        for found in relaxations
    ]


def let_go(request_id: Any, *, steps: list[str], by: Actor) -> Any:
    """What a button sent."""
    return widen(request_id, taken=[_step(step) for step in steps], by=by)


def _step(said: str) -> Step:
    kind, _, value = said.partition(BETWEEN)
    try:
        return Step(kind, value if kind in ("drop", "care") else float(value))
    except ValueError:
        raise NotValid("steps", N_("Choose what to let go.")) from None


def steps_of(request: HttpRequest) -> list[str]:
    return request.POST.getlist("step")[:2]
