"""The pages of `docs/` that are written from the code: states, events, settings.

`manage.py docs` writes them, a test compares them: what is written cannot drift from what runs.
"""

from collections.abc import Callable, Iterator, Mapping
from inspect import getdoc, isfunction
from types import ModuleType

from django.conf import settings as project

from capacity import observing, planning, reminders
from capacity import services as capacity
from capacity.states import LOAD_MOVES, PLACE_BORN, PLACE_MOVES, UNIT_BORN, UNIT_MOVES
from coordination import amending, casework, handovers, services, steps
from coordination.notices import following
from coordination.offering import in_order, silence
from coordination.sharing import services as sharing
from coordination.sharing import waiting
from coordination.shifts import services as shifts
from coordination.states import (
    HANDOVER_BORN,
    HANDOVER_MOVES,
    OFFER_BORN,
    OFFER_MOVES,
    PASSING_BORN,
    PASSING_MOVES,
    PLAN_BORN,
    PLAN_MOVES,
    REQUEST_BORN,
    REQUEST_MOVES,
    SHIFT_MOVES,
)
from lzc import walls
from lzc.api import about, document, subscriptions
from lzc.conf import env
from lzc.moves import Moves, diagram
from lzc.rights import DUTIES
from triage import services as triage
from triage.states import CASE_BORN, CASE_MOVES

Table = tuple[str, str, Moves, Mapping[str, str], tuple[ModuleType, ...]]

TABLES: list[Table] = [
    ("Case", "casus", CASE_MOVES, CASE_BORN, (casework, handovers, triage)),
    ("CareRequest", "zorgvraag", REQUEST_MOVES, REQUEST_BORN, (services, waiting)),
    ("Offer", "aanbod", OFFER_MOVES, OFFER_BORN, (services,)),
    ("Handover", "overdracht", HANDOVER_MOVES, HANDOVER_BORN, (handovers,)),
    ("Passing", "overdracht van een dienst", PASSING_MOVES, PASSING_BORN, (shifts,)),
    ("Shift", "dienst", SHIFT_MOVES, {}, (shifts,)),
    ("Plan", "verdeling", PLAN_MOVES, PLAN_BORN, (sharing,)),
    ("Place", "plek", PLACE_MOVES, PLACE_BORN, (capacity, planning)),
    ("CareUnit", "eenheid", UNIT_MOVES, UNIT_BORN, (capacity, observing, reminders, silence)),
    ("EmergencyLoad", "drukte van een SEH", LOAD_MOVES, {}, (observing,)),
]

#: Facts that no move of a table records: a beginning, or a change within a state.
BESIDES: dict[str, Callable[..., object]] = {
    "case.registered": triage.register,
    "case.asked_again": triage.register,
    triage.ASKED_TWICE: casework.ask_twice,
    "case.assessed": triage.assess,
    "offer.sent": services.offer,
    "offer.booked": services.book,
    amending.AMENDED: amending.amend,
    in_order.RAN_OUT: in_order.halt,
    casework.REJUDGED: casework.judge,
    "care_request.shortage": steps.shortage,
    "notice.made": following.tell,
    "notice.seen": following.see,
    "plan.made": sharing.make_plan,
    "subscription.made": subscriptions.subscribe,
    "wall.issued": walls.issue,
    "wall.revoked": walls.revoke,
    "subscription.ended": subscriptions.unsubscribe,
}
#: Moves whose verb has another name: the verb that makes them.
MADE_BY: dict[tuple[str, str], Callable[..., object]] = {
    ("Case", "contact"): triage.add_contact,
    ("CareRequest", "resume_assigned"): services.resume,
    ("CareRequest", "fall_back"): services.fail,
    ("CareRequest", "fall_away"): services.fail,
    ("CareRequest", "close"): services.complete,
    ("CareRequest", "pass_on"): shifts.pass_on,
    ("Shift", "end"): shifts.hand_over,
    ("CareRequest", "find_place"): waiting.rematch,
    ("EmergencyLoad", "hear_load"): observing.report_load,
}
ABOUT_OPENS = "<!-- Written by `manage.py docs` from `lzc/api/about.py`. -->\n\n"
ABOUT_CLOSES = "\nMore of it:"
HEAD = "<!-- Written by `manage.py docs` from the code. Change the code, then run it. -->\n"


def _first_line(function: Callable[..., object] | None) -> str:
    return (getdoc(function) or "").split("\n")[0] if function else ""


def _verb(row: str, modules: tuple[ModuleType, ...], name: str) -> Callable[..., object] | None:
    named = (f for m in modules if isfunction(f := getattr(m, name, None)))
    return MADE_BY.get((row, name)) or next(named, None)


def states() -> str:
    """Every move table: its diagram, and who may do what from where."""
    parts = [HEAD, "# States", "", "What may happen, when, and by whom. The tables are the law:"]
    parts += ["the guards, buttons, events and tests come from them.", ""]
    for name, dutch, moves, born, modules in TABLES:
        parts += [f"## {name} (*{dutch}*)", "", "```mermaid", diagram(moves, born), "```", ""]
        parts += [
            "| move | who | duty | from | to | fact | meaning |",
            "|---|---|---|---|---|---|---|",
        ]
        for verb, m in moves.items():
            parts.append(
                f"| `{verb}` | {', '.join(sorted(m.by))} | {m.duty or '–'} "
                f"| {', '.join(sorted(m.sources))} | {m.target or '(stays)'} | `{m.event}` "
                f"| {_first_line(_verb(name, modules, verb))} |"
            )
        parts.append("")
    parts += ["## Roles and duties", "", "| role | duties |", "|---|---|"]
    parts += [f"| {r} | {', '.join(sorted(d)) or 'none'} |" for r, d in DUTIES.items()]
    return "\n".join(parts) + "\n"


def event_names() -> Iterator[tuple[str, str]]:
    """Each event and what it says happened."""
    for name, function in BESIDES.items():
        yield name, _first_line(function)
    for row, _, moves, _, modules in TABLES:
        for verb, m in moves.items():
            yield m.event, _first_line(_verb(row, modules, verb))


def events() -> str:
    parts = [HEAD, "# Events", ""]
    parts += [
        "A fact says what changed, never the new state, and carries ids only: no word about a",
        "patient. A fact of the first stage of an offer never carries the case.",
        "Its `number` follows the order of commits; a reader of part of the log sees gaps and",
        "infers nothing from them.",
        "",
        "| event | what happened |",
        "|---|---|",
    ]
    parts += [f"| `{name}` | {meaning} |" for name, meaning in sorted(set(event_names()))]
    return "\n".join(parts) + "\n"


def settings() -> str:
    parts = [HEAD, "# Settings", ""]
    parts += [
        "All of it comes from the environment. `NAME_FILE` may name a file that holds the value.",
        "",
        "| name | default | meaning |",
        "|---|---|---|",
    ]
    parts += [
        f"| `{v.name}` | {v.default} | {v.meaning} |"
        for v in sorted(env.register.values(), key=lambda v: v.name)
    ]
    return "\n".join(parts) + "\n"


def api() -> str:
    """The page about the API: somebody wrote it, but for what the document itself says first."""
    page = (project.BASE_DIR / "docs" / "api.md").read_text()
    before, opened, rest = page.partition(ABOUT_OPENS)
    _old, closed, after = rest.partition(ABOUT_CLOSES)
    return f"{before}{opened}{about.EVERYWHERE}{closed}{after}"


PAGES: dict[str, Callable[[], str]] = {
    "api.md": api,
    "states.md": states,
    "events.md": events,
    "settings.md": settings,
}


def openapi() -> str:
    """The description of the REST doors, as `/api/schema/` gives it."""
    return document.written(document.YAML).decode()
