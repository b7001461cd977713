"""An opened case as it is drawn: who it is, what is known, how far it is, what can be done."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coordination.models import CareRequest, Handover
from coordination.pages import acts
from coordination.pages.asks import asks
from coordination.pages.dossier import Dossier
from coordination.pages.timeline import timeline
from coordination.states import CHOSEN, HandoverState
from lzc.web.words import word
from triage.identity import age
from triage.models import Patient, TriageRecord
from triage.states import CaseState
from triage.urgency import is_life_threatening

SBAR = ("situation", "background", "assessment", "recommendation")
#: ABCDE as it is written on a triage form.
LETTERS = "ABCDE"
Fact = dict[str, Any]


def opened_case(dossier: Dossier) -> dict[str, Any]:
    """The context of `coordination/_case.html`."""
    requests, judged = asks(dossier), judgements(dossier)
    newest = dossier.requests[0] if dossier.requests else None
    offered = [made for made in dossier.handovers if made.state == HandoverState.OFFERED]
    return {
        **_head(dossier, newest),
        "signals": signals(dossier),
        "steps": steps(dossier, newest),
        "facts": facts(dossier),
        "handovers_here": [handover(made, dossier) for made in offered],
        "asks": requests,
        "judgements": judged,
        "judged_rows": judged_rows(judged),
        "timeline": timeline(dossier),
        "acts": _buttons(dossier, requests),
    }


def _head(dossier: Dossier, newest: CareRequest | None) -> dict[str, Any]:
    case, judged = dossier.case, dossier.judged
    return {
        "case": case,
        "who": who(case.patient),
        "kind": word(newest.care_types[0], "care") if newest else "",
        "urgency": judged.urgency if judged else "",
        "call": whom_to_call(dossier),
        "single_keys": getattr(getattr(dossier.by, "user", None), "single_keys", False),
        "of_others": bool(judged and judged.organisation_id != dossier.by.organisation_id),
        "owners": [
            {"name": part.desk.organisation.name, "since": part.since}
            for part in dossier.owners
            if part.desk
        ],
        "closed": {"why": word(case.close_reason, "ended"), "at": case.closed_at}
        if case.state == CaseState.CLOSED
        else None,
    }


def _buttons(dossier: Dossier, requests: list[dict[str, Any]]) -> acts.Acts:
    """Those of the case; picking up the first request that waits for it is done from here too."""
    buttons = acts.of_case(dossier.case, dossier.by, dossier.handovers)
    for made in requests:
        for name in ("take", "take_over"):
            if name in made["acts"]:
                buttons.setdefault(name, made["acts"][name])
    return buttons


def who(person: Patient) -> str:
    """`P. Pietersen, woman, 84 years`: only an opened case shows the name, and that is recorded."""
    parts = [person.label(), word(person.sex, "sex_long")]
    years = years_of(person)
    return ", ".join([*parts, years] if years else parts)


def years_of(person: Patient) -> str:
    if person.birth_date:
        return _("%(n)s years") % {"n": age(person.birth_date, timezone.localdate())}
    if person.estimated_age is not None:
        return _("about %(n)s years") % {"n": person.estimated_age}
    return ""


def day(when: date) -> str:
    return date_format(when, "d-m-Y")


def fact(label: str, value: str, **more: Any) -> Fact:
    return {"label": label, "value": value, **more}


def core(label: str, value: str, **more: Any) -> Fact:
    """A core item: when it is not known, that is shown too."""
    return fact(label, value or _("not known yet"), missing=not value, **more)


def facts(dossier: Dossier) -> list[Fact]:
    """What is known once is shown to everybody who works on it, so that nobody asks it again."""
    person, judged = dossier.case.patient, dossier.judged
    call = next((c for c in dossier.contacts if c.callback), None)
    listed = [
        fact(_("Complaint"), judged.complaint if judged else "", wide=True),
        fact(_("Treatment limits"), judged.treatment_limits if judged else "", wide=True),
        core(_("Born"), day(person.birth_date) if person.birth_date else ""),
        fact(_("BSN"), person.bsn or word(person.no_bsn, "no_bsn"), missing=not person.bsn),
        core(_("Address"), person.home()),
        core(_("Telephone"), person.telephone, tel=person.telephone),
        fact(_("Own GP"), person.own_huisarts.name if person.own_huisarts else ""),
        fact(_("Practical"), person.access_notes),
    ]
    newest = dossier.requests[0] if dossier.requests else None
    if newest and newest.callback and not (call and call.callback == newest.callback):
        asked = f"{newest.requester.name} {newest.callback}"
        listed.append(fact(_("Asked by"), asked, tel=newest.callback))
    if call:
        caller = f"{call.caller or _('Caller')} {call.callback}"
        listed.append(fact(_("Call back"), caller, tel=call.callback))
    return [f for f in listed if f["value"]]


def whom_to_call(dossier: Dossier) -> dict[str, str] | None:
    """Who asked for care, else who called last, else the patient: the first with a number."""
    newest = dossier.requests[0] if dossier.requests else None
    person = dossier.case.patient
    known = [
        (newest.requester.name, newest.callback) if newest else ("", ""),
        *((contact.caller or _("Caller"), contact.callback) for contact in dossier.contacts),
        (person.label(), person.telephone),
    ]
    return next(({"name": name, "number": number} for name, number in known if number), None)


def signals(dossier: Dossier) -> list[dict[str, str]]:
    """What nobody should read past."""
    found = []
    seen = dossier.recurrence
    if seen and seen.is_alarm:
        holes = {"n": seen.person, "hours": seen.hours}
        found.append(
            {
                "tone": "let",
                "icon": "repeat",
                "short": _("contact no. %(n)s in %(hours)s hours") % holes,
                "text": _(
                    "This person called %(n)s times in %(hours)s hours. "
                    "Read what was done before, and do not ask again what is known."
                )
                % holes,
            }
        )
    judged = dossier.judged
    if judged and is_life_threatening(judged.urgency) and dossier.case.state == CaseState.OPEN:
        text = _("The last triage is %(u)s. Nothing is offered until it is judged again.")
        found.append({"tone": "kritiek", "icon": "siren", "text": text % {"u": judged.urgency}})
    return found


def steps(dossier: Dossier, newest: CareRequest | None) -> list[dict[str, str]]:
    """How far it is, from the first contact until care has started."""
    case = dossier.case
    offers = [o for o in dossier.offers if newest and o.request_id == newest.pk]
    chosen = next((o for o in offers if o.state in CHOSEN), None)
    promised = chosen or next((o for o in offers if o.promised_until), None)
    first_judged = dossier.triage[-1] if dossier.triage else None
    reached: list[tuple[str, datetime | None]] = [
        (_("Registered"), case.opened_at),
        (_("Triaged"), first_judged.at if first_judged else None),
        (_("Care asked for"), newest.submitted_at if newest else None),
        (_("Offered"), min((o.created_at for o in offers), default=None)),
        (_("Promised"), promised.answered_at if promised else None),
        (_("Assigned"), newest.assigned_at if newest else None),
        (_("Care started"), newest.started_at if newest else None),
    ]
    last = max(n for n, (_label, at) in enumerate(reached) if at)
    return [
        {
            "label": label,
            "state": "now" if n == last else "done" if at else "todo",
            "small": _clock(at) if at else "",
        }
        for n, (label, at) in enumerate(reached)
    ]


def _clock(at: datetime) -> str:
    local = timezone.localtime(at)
    shape = "H:i" if local.date() == timezone.localdate() else "D j M H:i"
    return date_format(local, shape).lower()


def judgements(dossier: Dossier) -> list[dict[str, Any]]:
    """Every triage beside the one before it, oldest first: what was added or judged otherwise."""
    columns: list[dict[str, Any]] = []
    before: dict[str, str] = {}
    for record in reversed(dossier.triage):
        said = _said(record)
        cells = {
            name: {"text": text, "same": bool(before) and text == before[name]}
            for name, text in said.items()
        }
        columns.append({"record": record, "cells": cells})
        before = said
    return columns


def _said(record: TriageRecord) -> dict[str, str]:
    body = [f"{x}: {record.abcde[x]}" for x in LETTERS if record.abcde.get(x)]
    return {
        "complaint": record.complaint,
        "reason": record.reason,
        "abcde": "\n".join(body),
        "alarm": ", ".join(word(code, "alarm") for code in record.alarm_signals),
        "limits": record.treatment_limits,
        "physician": record.physician,
        "system": f"{record.system} {record.code}".strip(),
    }


def judged_rows(columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same as the rows of a table; what nobody ever said has no row."""
    labels = {
        "complaint": _("Complaint"),
        "reason": _("Why again"),
        "abcde": _("ABCDE"),
        "alarm": _("Alarm signals"),
        "limits": _("Treatment limits"),
        "physician": _("Confirmed by physician"),
        "system": _("Judged with"),
    }
    rows = [
        {"label": label, "cells": [column["cells"][name] for column in columns]}
        for name, label in labels.items()
    ]
    return [row for row in rows if any(cell["text"] for cell in row["cells"])]


def letter(told: Mapping[str, str]) -> list[tuple[str, str]]:
    """A handover in the order in which it is told; the database keeps none of its own."""
    return [(code, told[code]) for code in SBAR if told.get(code)]


def handover(made: Handover, dossier: Dossier) -> dict[str, Any]:
    return {
        "id": made.pk,
        "reference": dossier.case.reference,
        "from_desk": made.from_desk.organisation.name,
        "to_desk": made.to_desk.organisation.name,
        "offered_at": made.offered_at,
        "sbar": [(code, getattr(made, code)) for code in SBAR],
        "acts": acts.of_handover(made, dossier.by, dossier.case.reference),
    }
