"""One line of the work list: what, whose turn, by when; about whom, but not who it is."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.disclosure import reveals
from coordination.pages.acts import REQUEST
from coordination.pages.clocks import closing_in
from coordination.states import REQUEST_MOVES, PassingState, RequestState
from lzc.models import Actor
from lzc.policy import Rules
from triage.identity import age
from triage.states import CaseState
from triage.urgency import CARE_WITHIN_MINUTES, Urgency

HANDED, NEW, BUSY, WAITS, OWN, PART = "handed", "new", "busy", "waits", "own", "part"
CALLED_BEFORE = "second_contact"
LOOKING = (RequestState.SUBMITTED, RequestState.SEARCHING, RequestState.WAITING)
TAKE = REQUEST_MOVES["take"]
#: Stand in an address for those of any case and request.
NUMBER, SOME = "ZC-0000-0000", UUID(int=0)


@dataclass
class Row:
    """One line of the list. `deadline`: what must be done first; without one, `since`."""

    #: Of what is to be done: it stays itself when it comes under another heading.
    id: str
    case: str
    group: str
    reference: str
    title: str
    who: str
    place: str
    need: str
    state: str
    urgency: str = ""
    via: str = ""
    deadline: datetime | None = None
    soon: datetime | None = None
    since: datetime | None = None
    #: From when it waits to be picked up.
    asked_at: datetime | None = None
    #: `reply`: it is somebody else's turn.
    kind: str = ""
    handler: str = ""
    mine: bool = False
    #: Whether somebody at this desk is to handle it: a case as such has an owner, no handler.
    handled: bool = False
    #: Where "pick up" is sent; empty when it is picked up.
    take: str = ""
    flags: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return _address("case").replace(NUMBER, self.reference)

    @property
    def number(self) -> str:
        return self.reference.rpartition("-")[2]

    def order(self) -> tuple[float, float]:
        """By deadline; what has none and nobody judged yet comes first, the rest last."""
        first = self.deadline.timestamp() if self.deadline else (0 if not self.urgency else 9e12)
        return first, self.since.timestamp() if self.since else 0

    def left(self, now: datetime) -> timedelta | None:
        """Until the deadline; None when nothing has to be done by a time."""
        return self.deadline - now if self.deadline else None

    def says(self, words: Collection[str]) -> bool:
        """Whether all of these stand in it."""
        shown = (self.reference, self.title, self.who, self.place, self.need, self.state)
        told = " ".join([*shown, self.urgency, self.via, self.handler]).casefold()
        return all(one in told for one in words)


@dataclass
class About:
    """A case, its patient and its newest judgement: of each the columns that `listing` reads."""

    case: Any
    person: Any
    judged: Any
    today: date
    #: `word`, which looks up each of the few words of a list once.
    say: Callable[[str, str], str]


def of_request(made: Any, about: About, by: Actor, rules: Rules) -> Row:
    case = about.case
    group, deadline, kind = turn(made)
    since = (made.sent_at if kind else None) or made.asked_at
    first, *others = made.care_types
    return Row(
        id=str(made.pk),
        case=str(made.case_id),
        group=group,
        reference=case.reference,
        title=about.say(first, "care") + (f" +{len(others)}" if others else ""),
        who=who(about),
        place=place(about.person),
        via=about.say(made.requester_kind, "organisation"),
        need=made.need,
        state=_standing(made, about),
        urgency=made.urgency,
        deadline=deadline,
        soon=closing_in(min(since, deadline), deadline, urgency=made.urgency, rules=rules),
        kind=kind,
        asked_at=made.asked_at,
        handler=handler_of(made),
        mine=made.handler == by.pk,
        handled=True,
        take=_take(made, case),
        flags=_flags(made, about),
    )


def handler_of(made: Any) -> str:
    """Step: who handles it, as `with_handler` found it. A system is called by its own name."""
    if made.handler_system:
        return _("system %(name)s") % {"name": made.handler_system}
    return made.handler_name or ""


def _take(made: Any, case: Any) -> str:
    """Step: the list holds what this desk looks for, so it is theirs to pick up, when it waits."""
    if made.state not in TAKE.sources or case.state != CaseState.OPEN:
        return ""
    pattern = _address("request_act", SOME, REQUEST["take"])
    return pattern.replace(NUMBER, case.reference).replace(str(SOME), str(made.pk))


@cache
def _address(name: str, *rest: Any) -> str:
    """An address of some case, found once: a list of hundreds has hundreds of them."""
    return reverse(name, args=[NUMBER, *rest])


def turn(made: Any) -> tuple[str, datetime, str]:
    """Step: whose turn is it, and until when?"""
    if made.state == RequestState.SUBMITTED:
        return NEW, made.needed_by, ""
    if made.asked_by or made.promised:
        return BUSY, min(t for t in (made.asked_by, made.promised) if t), ""
    if made.state == RequestState.ASSIGNED:
        return WAITS, made.needed_by, ""
    if made.reply_by and made.state == RequestState.SEARCHING:
        return WAITS, made.reply_by, "reply"
    return BUSY, made.needed_by, ""


def _standing(made: Any, about: About) -> str:
    if made.offered and made.state == RequestState.SEARCHING:
        return _("%(n)s offered") % {"n": made.offered}
    return about.say(made.state, "request")


def _flags(made: Any, about: About) -> list[dict[str, str]]:
    flags = _alarm(about)
    if made.state == RequestState.ON_HOLD:
        flags.append({"tone": "let", "icon": "pause", "label": _("look again")})
    if passing := made.passing_state:
        late = passing == PassingState.ESCALATED
        label = _("Not taken over in time") if late else _("to be taken over")
        flags.append({"tone": "let", "icon": "arrow-left-right", "label": label})
    if made.told_units and not made.offered and made.state in LOOKING:
        flags.append({"tone": "goed", "icon": "bed", "label": _("place found")})
    if made.watch_ended_at and made.state in (RequestState.ON_HOLD, *LOOKING):
        flags.append({"tone": "kritiek", "icon": "eye", "label": _("nobody watches any more")})
    if made.escalated_to and made.state in LOOKING:
        flags.append(
            {
                "tone": "let",
                "icon": "phone-call",
                "label": about.say(made.escalated_to, "escalation"),
            }
        )
    if made.asked_by:
        flags.append({"tone": "let", "icon": "circle-help", "label": _("question to you")})
    if made.promised:
        flags.append({"tone": "goed", "icon": "check", "label": _("promised, now choose")})
    return flags


def handed(about: About, offered: Any) -> Row:
    """A case that another desk asks this one to take over."""
    case = about.case
    return Row(
        id=str(case.pk),
        case=str(case.pk),
        group=HANDED,
        reference=case.reference,
        title=_("Handover"),
        via=offered.from_name,
        since=offered.offered_at,
        state=_("waits for you"),
        flags=_alarm(about),
        **_told(about),
    )


def part(about: About, offered: Any, by: Actor, rules: Rules) -> Row:
    """A case of this desk, or one it has a part in, for which it looks for nothing itself."""
    case, judged = about.case, about.judged
    mine = case.owner_house == by.organisation_id
    deadline, title = _care_due(about)
    flags = _alarm(about)
    if offered:
        label = _("waits for %(desk)s") % {"desk": offered.to_name}
        flags.append({"tone": "", "icon": "arrow-right", "label": label})
    deadline = deadline if mine else None
    return Row(
        id=str(case.pk),
        case=str(case.pk),
        group=OWN if mine else PART,
        reference=case.reference,
        title=title,
        via=case.looks or ("" if mine else case.owner_name),
        deadline=deadline,
        soon=_presses(case, judged, deadline, rules),
        since=case.opened_at,
        state=about.say(*_last(case)),
        flags=flags,
        **_told(about),
    )


def _last(case: Any) -> tuple[str, str]:
    """Step: how what was asked for last stands; when nothing was, how the case does."""
    return (case.last_state, "request") if case.last_state else (case.state, "case")


def _alarm(about: About) -> list[dict[str, str]]:
    flags, judged = [], about.judged
    if about.case.state == CaseState.REDIRECTED:
        flags.append({"tone": "kritiek", "icon": "siren", "label": about.say("redirected", "case")})
    if judged and CALLED_BEFORE in judged.alarm_signals:
        flags.append({"tone": "let", "icon": "repeat", "label": about.say(CALLED_BEFORE, "alarm")})
    return flags


def _care_due(about: About) -> tuple[datetime | None, str]:
    """Step: when must something have been done here, and what is it?"""
    case, judged = about.case, about.judged
    if judged is None:
        return None, _("No triage yet")
    if case.last_care:
        return None, about.say(case.last_care[0], "care")
    minutes = CARE_WITHIN_MINUTES[Urgency(judged.urgency)]
    due = judged.at + timedelta(minutes=minutes) if minutes is not None else None
    return due, _("No care asked for yet")


def _presses(case: Any, judged: Any, due: datetime | None, rules: Rules) -> datetime | None:
    if due is None:
        return None
    urgency = judged.urgency if judged else ""
    since = case.opened_at
    return closing_in(since, max(due, since), urgency=urgency, rules=rules)


def _told(about: About) -> dict[str, Any]:
    """Step: whom it is about, in words that do not tell who it is."""
    person, judged = about.person, about.judged
    complaint = judged.complaint if judged else ""
    return {
        "who": who(about),
        "place": place(person),
        "need": told_safely(complaint, person)
        or (complaint and _("Open the case to read what is going on.")),
        "urgency": judged.urgency if judged else "",
    }


def told_safely(text: str, person: Any) -> str:
    """The text, unless it tells who the patient is; then nothing."""
    told = reveals(
        text,
        name=person.name,
        birth_date=person.birth_date,
        address=person.address,
        telephone=person.telephone,
    )
    return "" if told else text


def who(about: About) -> str:
    """`V 84`: sex and age."""
    person = about.person
    years = age(person.birth_date, about.today) if person.birth_date else person.estimated_age
    return f"{about.say(person.sex, 'sex')} {years if years is not None else '?'}"


def place(person: Any) -> str:
    """`Zwolle 8017`: town and four digits."""
    return f"{person.town} {person.postcode[:4]}".strip()
