"""The forms of planner and nurse: shape only. What is allowed, the verbs say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.models import Offer
from coordination.pages.fields import DeskForm, Moment, Text
from lzc.web.words import WORDS

#: As long as an offer keeps it.
LONGEST_LINE = 300
#: What a visit may have spared others.
PREVENTED = ("seh_avoided", "ambulance_avoided", "police_avoided", "huisarts_avoided")


class AcceptForm(DeskForm):
    """A promise; and of who needs isolation, that the ward is ready for that."""

    hygiene = forms.BooleanField(required=False)


class ReasonForm(DeskForm):
    """One tap: why not."""

    reason = forms.ChoiceField(choices=[(code, code) for code in Offer.Reason.values])


class RefusalForm(ReasonForm):
    """Of "not in time, but later" also from when, if they know."""

    free_from = Moment(label=_("From when?"), required=False)

    def clean_free_from(self) -> Any:
        later = self.cleaned_data.get("reason") == Offer.Reason.ONLY_LATER
        return self.cleaned_data["free_from"] if later else None


class QuestionForm(DeskForm):
    question = Text(label=_("Your question to the coordinator"), longest=LONGEST_LINE, rows=2)


class ReadBackForm(DeskForm):
    read_back = Text(label=_("Read back in your own words"), longest=LONGEST_LINE, rows=2)


class ReportForm(DeskForm):
    """What was found at the patient, and what it spared others."""

    findings = Text(label=_("What did you find, and what did you do?"), rows=4)
    outcomes = forms.MultipleChoiceField(
        label=_("What did this visit prevent?"),
        choices=[(code, WORDS["outcome"][code]) for code in PREVENTED],
        widget=forms.CheckboxSelectMultiple(attrs={"look": "lijst"}),
        required=False,
    )
