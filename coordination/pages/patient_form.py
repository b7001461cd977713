"""The form of the huisarts for somebody who is not in a case yet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coordination.asking import Said
from coordination.pages.fields import BirthDate, Bsn, Choices, DeskForm, Line, Postcode, Telephone
from coordination.pages.request_form import RequestForm
from triage.gateway import Known
from triage.models import Patient
from triage.services import PatientIn

FULL_POSTCODE = 6
SEXES: Choices = [
    (Patient.Sex.FEMALE, pgettext_lazy("choice", "Woman")),
    (Patient.Sex.MALE, pgettext_lazy("choice", "Man")),
    (Patient.Sex.OTHER, pgettext_lazy("choice", "Other")),
]
WHOLE = _("Enter the postcode as 4 digits and 2 letters, for example 8017 AB.")


class WhoForm(DeskForm):
    """Who it is, as far as it is typed and right: enough to look whether they are asked for."""

    name = Line(required=False)
    birth_date = BirthDate(required=False)
    bsn = Bsn(required=False)
    postcode = Postcode(required=False)

    def known(self) -> Known:
        """What is half typed or wrong is not looked for."""
        self.is_valid()
        return Known(**{name: value for name, value in self.cleaned_data.items() if value})


class NewPatientForm(RequestForm):
    """The same, for somebody who is taken in with it. Once told, it is never asked again."""

    name = Line(label=_("Name"))
    birth_date = BirthDate(label=_("Birth date"))
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, widget=forms.RadioSelect)
    bsn = Bsn(label=_("BSN"), required=False)
    address = Line(label=_("Street and number"))
    postcode = Postcode(label=_("Postcode"))
    telephone = Telephone(label=_("Telephone of the patient"), required=False)
    access_notes = Line(
        label=_("Practical"),
        longest=300,
        required=False,
        help_text=_("Key safe, dog, language, whom to call."),
    )

    def who(self) -> dict[str, Any]:
        return {
            "title": _("For whom?"),
            "icon": "lock",
            "intro": _("Providers see name and BSN only when the place is assigned to them."),
            "rows": self._rows(
                ("name", "birth_date", "sex"),
                ("address", "postcode", "bsn"),
                ("telephone", "access_notes"),
            ),
            "include": "coordination/_twin.html",
        }

    def clean_postcode(self) -> str:
        """The whole of it: with the number of the house it tells who called before."""
        postcode: str = self.cleaned_data["postcode"]
        if len(postcode) != FULL_POSTCODE:
            raise forms.ValidationError(WHOLE, code="postcode")
        return postcode

    def said(self) -> Said:
        said = super().said()
        said.complaint = self.cleaned_data["need"]
        return said

    def patient(self, own_huisarts: Any) -> PatientIn:
        data = self.cleaned_data
        names = ("name", "birth_date", "sex", "bsn", "address", "postcode", "telephone")
        known = {name: data[name] for name in (*names, "access_notes")}
        return PatientIn(own_huisarts=own_huisarts, **known)
