"""What a desk fills in: contact, triage, request, handover, and the short ones."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.handovers import Sbar
from coordination.pages.fields import DeskForm, Line, Moment, Telephone, Text, words
from coordination.pages.opened import LETTERS
from coordination.steps import Watch
from lzc.models import Desk
from lzc.web.words import WORDS, word
from triage.models import TriageRecord
from triage.services import ContactIn, TriageIn
from triage.urgency import Urgency

SYSTEMS = [("", "–"), ("NTS", "NTS"), ("AMPDS", "AMPDS"), ("fysiek", _("in person"))]
#: Reasons why care is no longer sought, and why a case is over.
NOT_PLACED = (
    "home_with_care",
    "hospital",
    "none_in_time",
    "patient_declines",
    "changed",
    "duplicate",
    "died",
)
OVER = ("care_started", "advice", "home_with_care", "hospital", "duplicate", "died")

#: Of an interim plan.
WATCHED = ("watcher", "watch_until", "worst_case")


def quiet() -> forms.TextInput:
    """Of a field that plainly need not be filled in, that is not said each time."""
    return forms.TextInput(attrs={"quiet": "1"})


class NoteForm(DeskForm):
    text = Text(label=_("Note"))
    layout = [(_("A line for everybody who is involved"), [["text"]])]


class ReasonForm(DeskForm):
    reason = Line(label=_("Why not?"), longest=200)
    layout = [(_("So that the other can go on"), [["reason"]])]


class ReadBackForm(DeskForm):
    read_back = Text(
        label=_("Read back in your own words"),
        help_text=_("What did you understand, and what will you do first?"),
    )
    layout = [(_("Handover"), [["read_back"]])]


class ReplyForm(DeskForm):
    reply = Line(label=_("Your answer"), longest=300)
    layout = [(_("The clock of the provider goes on"), [["reply"]])]


class WaitForm(DeskForm):
    interim_plan = Text(
        label=_("Who watches the patient until there is a place, and how?"), longest=300
    )
    watcher = Line(label=_("Who watches?"), required=False)
    watch_until = Moment(label=_("Until when?"), required=False)
    worst_case = Text(
        label=_("What if it goes wrong after all?"), longest=300, rows=2, required=False
    )
    layout = [
        (
            _("Until there is a place"),
            [["interim_plan"], ["watcher", "watch_until"], ["worst_case"]],
        )
    ]

    def watch(self) -> Watch:
        return Watch(**{name: self.cleaned_data[name] for name in WATCHED})


class EscalateForm(DeskForm):
    to = forms.ChoiceField(
        label=_("Whom do you call?"), choices=words("escalation"), widget=forms.RadioSelect
    )
    layout = [(_("Nothing is found"), [["to"]])]


class EndForm(DeskForm):
    """Why something ends: a request, or a whole case."""

    reason = forms.ChoiceField(label=_("Why?"), widget=forms.RadioSelect(attrs={"look": "lijst"}))

    def __init__(self, *args: Any, why: tuple[str, ...] = OVER, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(c, WORDS["ended"][c]) for c in why]  # type: ignore[attr-defined]

    layout = [(_("Reason"), [["reason"]])]


class CancelForm(EndForm):
    """Why a request ends; and with whom a place was found when this was opened."""

    knew = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


class ContactForm(DeskForm):
    kind = forms.ChoiceField(
        label=_("What was it?"),
        choices=[(kind, WORDS["contact"][kind]) for kind in ("call", "visit", "observation")],
        widget=forms.RadioSelect,
    )
    asked_by = forms.ChoiceField(
        label=_("Who contacts you?"), choices=words("asked_by"), widget=forms.RadioSelect
    )
    caller = Line(label=_("Name and relation"), required=False)
    callback = Telephone(label=_("Call-back number"), required=False)
    text = Text(label=_("What was said or seen?"))
    occurred_at = Moment(
        label=_("When was it?"), required=False, help_text=_("Leave it empty for: now.")
    )
    layout = [
        (_("The contact"), [["kind"], ["asked_by"], ["caller", "callback"]]),
        (_("What was said or seen"), [["text"], ["occurred_at"]]),
    ]

    def contact(self) -> ContactIn:
        return ContactIn(**{f: self.cleaned_data[f] for f in self.fields})


class ConfirmForm(DeskForm):
    """What 112 says of it."""

    outcome = forms.ChoiceField(
        label=_("What did 112 say?"),
        choices=[
            ("has_it", _("112 has it")),
            ("no_threat", _("No life threat after all")),
        ],
        widget=forms.RadioSelect,
    )
    ritnummer = Line(
        label=_("Ride number"),
        longest=40,
        required=False,
        help_text=_("Needed when 112 has it."),
    )
    layout = [(_("112"), [["outcome"], ["ritnummer"]])]


class JudgedForm(DeskForm):
    """A judgement knows which one was read before it: what came in between is not undone unseen."""

    after = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def clean_after(self) -> int:
        """Who does not say which one they read has read none."""
        return self.cleaned_data["after"] or 0


class TakenOverForm(JudgedForm):
    """Read, and agreed: nothing is typed."""

    how = forms.CharField(widget=forms.HiddenInput, initial=TriageRecord.How.TAKEN_OVER)


class TriageForm(JudgedForm):
    """One judgement. What the one before said is filled in, so that only what differs is typed."""

    how = forms.CharField(widget=forms.HiddenInput, required=False)
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=[(u.value, u.value) for u in Urgency],
        widget=forms.RadioSelect(attrs={"look": "kaarten", "hints": "urgency"}),
    )
    complaint = Text(label=_("Complaint"))
    A = Line(label=_("A: airway"), required=False, widget=quiet())
    B = Line(label=_("B: breathing"), required=False, widget=quiet())
    C = Line(label=_("C: circulation"), required=False, widget=quiet())
    D = Line(label=_("D: consciousness"), required=False, widget=quiet())
    E = Line(label=_("E: environment, temperature"), required=False, widget=quiet())
    alarm_signals = forms.MultipleChoiceField(
        label=_("Alarm signals"),
        choices=words("alarm"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    treatment_limits = Line(label=_("Treatment limits"), longest=300, required=False)
    physician = Line(
        label=_("Confirmed by physician"),
        required=False,
        help_text=_("Needed before a place is sought at U2."),
    )
    system = forms.ChoiceField(label=_("Judged with"), choices=SYSTEMS, required=False)
    code = Line(label=_("Code of that system"), longest=40, required=False, widget=quiet())
    reason = Line(label=_("Why is it judged again?"), longest=200, required=False)

    def __init__(self, *args: Any, how: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checked_how = self.initial["how"] = how
        if how == TriageRecord.How.REDONE:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]

    def sections(self) -> list[dict[str, Any]]:
        judged = [["urgency"], ["complaint"]]
        if "reason" in self.fields:
            judged.insert(0, ["reason"])
        parts: list[tuple[str | Promise, list[list[str]]]] = [
            (_("Judgement"), judged),
            (_("Findings"), [["A", "B"], ["C", "D"], ["E"], ["alarm_signals"]]),
            (_("Agreements"), [["treatment_limits"], ["physician"], ["system", "code"]]),
        ]
        return [
            {"title": title, "rows": [[self[name] for name in row] for row in rows]}
            for title, rows in parts
        ]

    def judged(self) -> TriageIn:
        data = self.cleaned_data
        plain = ("urgency", "complaint", "alarm_signals", "treatment_limits", "physician")
        return TriageIn(
            how=self.checked_how,  # not what was sent back: `reason` is asked by this one
            after=data["after"],
            reason=data.get("reason", ""),
            abcde={letter: data[letter] for letter in LETTERS if data[letter]},
            system=data["system"],
            code=data["code"],
            **{field: data[field] for field in plain},
        )


class SbarForm(DeskForm):
    """Written from what the case knows; the sender reads it over."""

    situation = Text(label=WORDS["sbar"]["situation"])
    background = Text(label=WORDS["sbar"]["background"], required=False)
    assessment = Text(label=WORDS["sbar"]["assessment"], required=False)
    recommendation = Text(label=WORDS["sbar"]["recommendation"])
    layout = [
        (_("Handover"), [["situation"], ["background"], ["assessment"], ["recommendation"]]),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SbarForm.base_fields:
            written = str(self[name].value() or "")
            self.fields[name].widget.attrs["rows"] = max(3, written.count("\n") + 2)

    def sbar(self) -> Sbar:
        return Sbar(**{f: self.cleaned_data[f] for f in SbarForm.base_fields})


class BookForm(SbarForm):
    """Which unit, and what must it know to begin."""

    unit = forms.UUIDField(widget=forms.HiddenInput)

    def sections(self) -> list[dict[str, Any]]:
        first, *rest = super().sections()
        return [first | {"rows": [[self["unit"]], *first["rows"]]}, *rest]

    def sbar_text(self) -> dict[str, str]:
        return {f: self.cleaned_data[f] for f in SbarForm.base_fields}


class HandOverForm(SbarForm):
    """To which desk, and what must it know."""

    to_desk = forms.TypedChoiceField(label=_("To which desk?"), coerce=UUID)
    layout = [(_("To"), [["to_desk"]]), *SbarForm.layout]

    def __init__(self, *args: Any, desks: list[Desk], first: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["to_desk"])
        self.desks = {desk.pk: desk for desk in desks}
        to_desk: Any = self.fields["to_desk"]
        to_desk.choices = directory(desks, first)

    def desk(self) -> Desk:
        return self.desks[self.cleaned_data["to_desk"]]


def directory(desks: list[Desk], first: UUID | None = None) -> list[tuple[Any, Any]]:
    """The desks of the region under the kind of organisation they belong to.

    `first`: an organisation that is likely meant, such as the patient's own practice.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for desk in desks:
        own = desk.organisation_id == first
        kind = gettext("Own GP") if own else word(desk.organisation.kind, "organisation")
        label = f"{desk.name}, {desk.organisation.town} ({desk.telephone})"
        groups.setdefault(kind, []).append((str(desk.pk), label))
    own_first = sorted(groups.items(), key=lambda group: group[0] != gettext("Own GP"))
    return [("", gettext("Choose a desk")), *own_first]
