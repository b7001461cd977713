"""The form of the huisarts: four blocks on one page, under two minutes. Shape only.

What is allowed the verbs say; a need line that reveals the person is refused by them.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.asking import Said
from coordination.enquiring.places import STAYS
from coordination.pages.aid import Aid
from coordination.pages.fields import Choices, DeskForm, Line, Telephone, Text
from coordination.pages.opened import Fact
from coordination.services import Ask
from lzc.hours import AMSTERDAM
from lzc.models import Desk
from lzc.web.words import WORDS, word
from triage import elv

REQUIREMENTS = (
    "transfer_1",
    "transfer_2",
    "anticoagulation",
    "insulin",
    "oxygen",
    "catheter",
    "wandering",
    "isolation",
    "bariatric",
)
URGENCIES: Choices = [
    ("U2", _("U2: within 1 hour")),
    ("U3", _("U3: today")),
    ("U4", _("U4: within 24 hours")),
    ("U5", _("U5: planned")),
]
HALF_HOURS: Choices = [(t, t) for h in range(24) for t in (f"{h:02}:00", f"{h:02}:30")]
#: Later than this, a place this afternoon is too soon to suggest.
NOON_PAST = 14
TODAY, TOMORROW, LATER = "today", "tomorrow", "later"
DAYS: Choices = [(TODAY, _("Today")), (TOMORROW, _("Tomorrow")), (LATER, _("Later"))]
NO_CONSENT: Choices = [(c, WORDS["consent"][c]) for c in ("cannot_decide", "no_time")]
YES_NO: Choices = [("yes", _("Yes")), ("no", _("No"))]
#: Asked anew each time: a draft does not give it.
CONSENT = ("consent", "no_consent")
#: What often is the reason: a press adds it to what is written.
OFTEN = (
    _("After a fall"),
    _("After an infection"),
    _("The carer dropped out"),
    _("After a visit to the emergency department"),
)


class RequestForm(DeskForm):
    """Which stay, by when, what is going on, and whether it may be shared."""

    care_type = forms.ChoiceField(
        label=_("Kind of stay"),
        choices=[(code, WORDS["care"][code]) for code in STAYS],
        widget=forms.RadioSelect(attrs={"look": "kaarten"}),
    )
    urgency = forms.ChoiceField(label=_("How urgent?"), choices=URGENCIES, widget=forms.RadioSelect)
    day = forms.ChoiceField(label=_("Admission needed"), choices=DAYS, widget=forms.RadioSelect)
    needed_by = forms.ChoiceField(label=_("At the latest at"), choices=HALF_HOURS)
    date = forms.DateField(
        label=_("On which day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    need = Text(
        label=_("Reason, and what no longer works"),
        longest=200,
        rows=2,
        often=OFTEN,
        help_text=_("Providers read this before one is chosen: leave out who it is."),
    )
    requirements = forms.MultipleChoiceField(
        label=_("What must the place be able to deal with?"),
        choices=[(code, WORDS["requirement"][code]) for code in REQUIREMENTS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    story = Text(
        label=_("For the centre and the chosen provider only"),
        rows=2,
        required=False,
        help_text=_("Medication, treatment limits, agreements, what was tried before."),
    )
    callback = Telephone(label=_("Call back number"))
    wishes = Line(label=_("Preference for a place"), longest=300, required=False)
    consent = forms.BooleanField(
        label=_(
            "The patient, or who speaks for them, agrees that this is shared with the care "
            "coordination centre and with providers who may have a place."
        ),
        required=False,
    )
    no_consent = forms.ChoiceField(
        label=_("Why not?"),
        choices=NO_CONSENT,
        widget=forms.RadioSelect(attrs={"look": "lijst"}),
        required=False,
    )
    deviation = Line(
        label=_("Do you choose something else than the aid proposes? Say why."),
        longest=300,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        known: Sequence[Fact] = (),
        questions: Sequence[elv.Question] = elv.QUESTIONS,
        **kwargs: Any,
    ) -> None:
        """`known`: what the case knows of the person; `questions`: the region's decision aid."""
        super().__init__(*args, **kwargs)
        self.known, self.questions = known, questions
        self.aid = [f"aid_{question.code}" for question in questions]
        self.fields |= {
            name: forms.ChoiceField(
                label=str(question.text or WORDS["aid"][question.code]),
                choices=YES_NO,
                widget=forms.RadioSelect,
                required=False,
            )
            for name, question in zip(self.aid, questions, strict=True)
        }
        self.order_fields(self._order())

    def _order(self) -> list[str]:
        """As they stand on the page, for the list of what is still needed."""
        care = ["care_type", "urgency", "day", "needed_by", "date", *self.aid, "deviation"]
        what = ["need", "requirements", "story", "callback", "wishes", "consent", "no_consent"]
        return [*care, *(name for name in self.fields if name not in {*care, *what}), *what]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        said["consent"] = self._consent(said)
        if "day" in said and "needed_by" in said:
            said["needed_by"] = self._needed_by(said)
        if "care_type" in said:
            said["assessment"] = self._assessment(said)
        return said

    def _consent(self, said: dict[str, Any]) -> str:
        if not said.get("consent") and not said.get("no_consent"):
            self.add_error("consent", _('Confirm the consent, or choose "no consent possible".'))
        return "given" if said.get("consent") else str(said.get("no_consent", ""))

    def _needed_by(self, said: dict[str, Any]) -> datetime | None:
        today = timezone.localdate()
        days = {TODAY: today, TOMORROW: today + timedelta(days=1), LATER: said.get("date")}
        day = days[said["day"]]
        if day is None:
            if "date" not in self.errors:
                self.add_error("date", _("Choose on which day the place is needed."))
            return None
        moment = datetime.combine(day, time.fromisoformat(said["needed_by"]), AMSTERDAM)
        if moment <= timezone.now():
            self.add_error("needed_by", _("This time has passed. Choose a later one."))
        return moment

    def _assessment(self, said: dict[str, Any]) -> dict[str, Any] | None:
        """The decision aid, when it was used: what it proposes, and why otherwise."""
        answers = self.answers()
        if not answers:
            return None
        proposal, chosen = elv.propose(answers, self.questions), said["care_type"]
        if proposal is None:
            missing = f"aid_{elv.first_open(answers, self.questions)}"
            self.add_error(missing, _("Answer this too, or leave the whole decision aid empty."))
            return None
        deviates = proposal.outcome != chosen
        if deviates and not said.get("deviation"):
            self.add_error("deviation", self._say_why(proposal))
        return {
            "version": elv.version_of(self.questions),
            "answers": answers,
            "outcome": proposal.outcome,
            "chosen": chosen,
            "deviation": said.get("deviation", "") if deviates else "",
        }

    def answers(self) -> dict[str, bool]:
        """What was answered so far, in a form that is sent or one that is begun."""
        given = {q.code: self[f"aid_{q.code}"].value() for q in self.questions}
        return {code: said == "yes" for code, said in given.items() if said in ("yes", "no")}

    def typed(self) -> dict[str, Any]:
        """As it was filled in, right or wrong, for a draft."""
        said = {
            name: field.widget.value_from_datadict(self.data, self.files, name)
            for name, field in self.fields.items()
            if name not in CONSENT
        }
        return {name: value for name, value in said.items() if value}

    def _say_why(self, proposal: elv.Proposal) -> str:
        """What is proposed instead, and by which question."""
        outcome = proposal.outcome
        proposed = WORDS["care"].get(outcome) or WORDS["elsewhere"][outcome]
        question = next((q for q in self.questions if q.code == proposal.decided_by), None)
        if question is None:
            text = gettext("The aid proposes: %(outcome)s. You choose something else: say why.")
            return text % {"outcome": proposed}
        text = gettext(
            "The aid proposes: %(outcome)s, because of “%(question)s” (%(source)s). "
            "You choose something else: say why."
        )
        return text % {
            "outcome": proposed,
            "question": question.text or WORDS["aid"][question.code],
            "source": word(question.source, "aid_source"),
        }

    def beside(self) -> list[str]:
        """What the aid says to start now as well."""
        aid = self.cleaned_data["assessment"]
        proposal = elv.propose(aid["answers"], self.questions) if aid else None
        return [word(code, "aid_beside") for code in proposal.beside] if proposal else []

    def said(self) -> Said:
        data = self.cleaned_data
        return Said(data["urgency"], story=data["story"], assessment=data["assessment"])

    def ask(self, desk: Desk) -> Ask:
        data = self.cleaned_data
        names = ("need", "needed_by", "urgency", "requirements", "wishes", "callback", "consent")
        return Ask([data["care_type"]], desk=desk, **{name: data[name] for name in names})

    def sections(self) -> list[dict[str, Any]]:
        return [self._care(), self.who(), self._what(), self._agreements()]

    def _rows(self, *rows: tuple[str, ...]) -> list[list[forms.BoundField]]:
        return [[self[name] for name in row] for row in rows]

    def _care(self) -> dict[str, Any]:
        return {
            "title": _("Which care is needed?"),
            "rows": self._rows(("care_type",), ("urgency",), ("day", "needed_by"), ("date",)),
            "more": {
                "label": _("Decision aid: which kind of stay?"),
                "include": "coordination/_aid.html",
                "open": bool(self.answers()) or any(name in self.errors for name in self.aid),
            },
        }

    def aid_now(self) -> Aid:
        return Aid(
            self, self.questions, self.answers(), chosen=str(self["care_type"].value() or "")
        )

    def who(self) -> dict[str, Any]:
        """Known from the case: shown, not asked again."""
        return {
            "title": _("For whom?"),
            "known": self.known,
            "known_from": _("Known from the case. You need not enter it again."),
        }

    def _what(self) -> dict[str, Any]:
        return {
            "title": _("What is going on?"),
            "rows": self._rows(("need",), ("requirements",), ("story",)),
        }

    def _agreements(self) -> dict[str, Any]:
        return {
            "title": _("Reachable, and agreed"),
            "rows": self._rows(("callback", "wishes"), ("consent",)),
            "more": {
                "label": _("No consent possible?"),
                "rows": self._rows(("no_consent",)),
                "open": bool(self.data.get("no_consent")) or "consent" in self.errors,
            },
        }


def suggested(now: datetime) -> dict[str, str]:
    """By when, until somebody says otherwise: this afternoon, or else tomorrow at noon."""
    if now.astimezone(AMSTERDAM).hour < NOON_PAST:
        return {"day": TODAY, "needed_by": "16:00"}
    return {"day": TOMORROW, "needed_by": "12:00"}
