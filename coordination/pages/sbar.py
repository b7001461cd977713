"""A handover, written from what the case knows: the sender reads it over and adds what is missing.

Nothing that was told once is typed again; that is the whole point.
"""

from collections.abc import Iterable

from django.template.defaultfilters import capfirst
from django.utils.translation import gettext as _

from coordination.models import CareRequest
from coordination.pages.dossier import Dossier
from coordination.pages.opened import LETTERS, years_of
from lzc.templatetags.ui import moment
from lzc.web.words import word
from triage.models import Contact

#: As much as one reads at a glance; the case holds all of it.
MOST_CONTACTS = 5


def sbar(dossier: Dossier, made: CareRequest | None = None) -> dict[str, str]:
    """`made`: the request that it is about; without one, the newest."""
    made = made or (dossier.requests[0] if dossier.requests else None)
    return {
        "situation": _lines(_situation(dossier)),
        "background": _lines(_background(dossier)),
        "assessment": _lines(_assessment(dossier)),
        "recommendation": _lines(_recommendation(made)) if made else "",
    }


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."


def _situation(dossier: Dossier) -> Iterable[str]:
    person, judged = dossier.case.patient, dossier.judged
    whom = ", ".join(t for t in (word(person.sex, "sex_long"), years_of(person)) if t)
    yield capfirst(f"{whom}, {person.town}" if person.town else whom) + "."
    if judged:
        yield _sentence(judged.complaint)
        yield f"{judged.urgency}, {word(judged.urgency, 'urgency')}."
    seen = dossier.recurrence
    if seen and seen.is_alarm:
        holes = {"n": seen.person, "hours": seen.hours}
        yield _("%(n)s contacts in %(hours)s hours.") % holes
    call = next((c for c in dossier.contacts if c.callback), None)
    if call:
        who = call.caller or _("the caller")
        yield _("Call back: %(who)s %(number)s") % {"who": who, "number": call.callback}


def _background(dossier: Dossier) -> Iterable[str]:
    person, judged = dossier.case.patient, dossier.judged
    if person.own_huisarts:
        yield f"{_('Own GP')}: {person.own_huisarts.name}."
    if person.access_notes:
        yield f"{_('Practical')}: {person.access_notes}"
    if judged and judged.treatment_limits:
        yield f"{_('Treatment limits')}: {judged.treatment_limits}"
    known = judged.complaint if judged else ""
    told = [c for c in dossier.contacts if c.kind != Contact.Kind.REPORT and c.text != known]
    for contact in reversed([c for c in told if c.text][:MOST_CONTACTS]):
        yield f"{moment(contact.occurred_at)} {contact.organisation.name}: {contact.text}"


def _assessment(dossier: Dossier) -> Iterable[str]:
    judged = dossier.judged
    if judged:
        body = [f"{x} {judged.abcde[x]}" for x in LETTERS if judged.abcde.get(x)]
        yield f"ABCDE: {', '.join(body)}." if body else ""
        alarm = [word(code, "alarm") for code in judged.alarm_signals]
        yield f"{_('Alarm signals')}: {', '.join(alarm)}." if alarm else ""
        if judged.physician:
            yield _("Confirmed by %(name)s.") % {"name": judged.physician}
    for contact in reversed([c for c in dossier.contacts if c.kind == Contact.Kind.REPORT]):
        yield f"{moment(contact.occurred_at)} {contact.organisation.name}: {contact.text}"


def _recommendation(made: CareRequest) -> Iterable[str]:
    care = ", ".join(word(code, "care") for code in made.care_types)
    yield _sentence(f"{care}: {made.need}")
    needs = [word(code, "requirement") for code in made.requirements]
    yield f"{_('Needs')}: {', '.join(needs)}." if needs else ""
    yield f"{_('Wishes')}: {made.wishes}" if made.wishes else ""
    yield f"{_('Until then')}: {made.interim_plan}" if made.interim_plan else ""
