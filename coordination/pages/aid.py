"""The decision aid on the page: which questions matter with these answers, and what it proposes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms

from lzc.web.words import WORDS
from triage import elv


@dataclass
class Aid:
    """As far as it is filled in. It proposes a kind of stay, never how urgent it is."""

    form: forms.Form
    questions: Sequence[elv.Question]
    answers: dict[str, bool]
    #: The kind of stay that was chosen, if any.
    chosen: str

    @cached_property
    def matter(self) -> set[str]:
        return {question.code for question in elv.asked(self.answers, self.questions)}

    def rows(self) -> list[dict[str, Any]]:
        """Each question; `later`: with these answers it is not, or not yet, asked."""
        return [
            {"field": self.form[f"aid_{q.code}"], "later": q.code not in self.matter}
            for q in self.questions
        ]

    @property
    def deviation(self) -> forms.BoundField:
        return self.form["deviation"]

    @cached_property
    def outcome(self) -> str:
        found = elv.propose(self.answers, self.questions)
        return found.outcome if found else ""

    @property
    def proposed(self) -> Any:
        """In words; empty until every question that matters is answered."""
        return WORDS["care"].get(self.outcome) or WORDS["elsewhere"].get(self.outcome, "")

    @property
    def can_be_chosen(self) -> bool:
        """It is a kind of stay of this form, and another one than was chosen."""
        choices: Any = self.form.fields["care_type"]
        known = {code for code, _label in choices.choices}
        return self.outcome in known and self.outcome != self.chosen

    @property
    def deviates(self) -> bool:
        chosen = bool(self.outcome and self.chosen) and self.outcome != self.chosen
        return chosen or "deviation" in self.form.errors
