"""The work list: everything this organisation has a part in, by the time it must be done."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from coordination.models import CareRequest, Handover, Passing
from coordination.pages.rows import TAKE, About, Row, handed, of_request, part, turn
from coordination.states import HOLDING, OPEN, PASSING, HandoverState, OfferState
from lzc.among import among
from lzc.models import Actor, ApiClient, Membership
from lzc.policy import Rules
from lzc.web.words import word
from triage import gateway
from triage.models import Case, TriageRecord
from triage.states import CaseState
from triage.urgency import Urgency

#: What a row says. A list of hundreds reads these as they come, not the hundred columns of what
#: lies behind it, and makes no model of each.
OF_REQUEST = (
    *("pk", "case_id", "care_types", "urgency", "needed_by", "need", "handler", "provider_id"),
    *("state", "told_units", "watch_ended_at", "escalated_to"),
    *("asked_at", "assigned_at"),
    *("offered", "reply_by", "sent_at", "asked_by", "promised"),
    *("handler_name", "handler_system", "requester_kind", "passing_state"),
)
#: What `ticking` reads of a request: whose turn it is, and nothing that somebody wrote.
OF_CLOCK = ("state", "urgency", "needed_by", "submitted_at", "created_at", "case__state")
OF_CASE = (
    *("pk", "reference", "patient_id", "state", "sensitivity", "opened_at"),
    *("owner_house", "owner_name", "looks", "last_state", "last_care"),
)
OF_TRIAGE = ("case_id", "urgency", "complaint", "alarm_signals", "at")
OF_PATIENT = (
    *("name", "birth_date", "estimated_age", "sex"),
    *("address", "postcode", "town", "telephone"),
)


@dataclass
class Listed:
    """The rows by what must be done first; how many were placed today, and when the last one."""

    rows: list[Row]
    placed: int
    last_placed: datetime | None


def listed(by: Actor, rules: Rules, *, words: Collection[str] = ()) -> Listed:
    """Everything that this organisation has a part in, with one access record for all of it.

    `words`: only what says all of these, or is about somebody who is called so.
    """
    found, cases = list(_requests(by)), {case.pk: case for case in _cases(by)}
    people = gateway.told_of(cases.values(), *OF_PATIENT)
    offers, judged = _handovers(cases), _judged(cases)
    today, say = timezone.localdate(), cache(word)
    about = {
        pk: About(case, people[case.patient_id], judged.get(pk), today, say)
        for pk, case in cases.items()
    }
    open_ = [made for made in found if made.state in OPEN and made.case_id in cases]
    shown = [of_request(made, about[made.case_id], by, rules) for made in open_]
    asked = {made.case_id for made in open_}
    for pk, one in about.items():
        offered = offers.get(pk)
        if offered and offered.to_house == by.organisation_id:
            shown.append(handed(one, offered))
        elif pk not in asked:
            shown.append(part(one, offered, by, rules))
    if words:
        called = gateway.called(people, words)
        named = {str(case.pk) for case in cases.values() if case.patient_id in called}
        shown = [row for row in shown if row.case in named or row.says(words)]
    return Listed(sorted(shown, key=Row.order), *_placed(found))


def _placed(found: list[Any]) -> tuple[int, datetime | None]:
    """Step: how many found their provider today, and when the last one did."""
    today = midnight()
    at = [made.assigned_at for made in found if made.provider_id and made.assigned_at]
    placed = [moment for moment in at if moment >= today]
    return len(placed), max(placed, default=None)


def _requests(by: Actor) -> Any:
    """Step: what this desk looks for, with how its offers stand, and what it found today."""
    waiting = Passing.objects.filter(request=OuterRef("pk"), state__in=PASSING)
    passing = waiting.values("state")
    mine = CareRequest.objects.visible_to(by).filter(desk__organisation=by.organisation_id)
    found = mine.filter(Q(state__in=OPEN) | Q(assigned_at__gte=midnight()))
    rows = with_handler(with_offers(found)).annotate(
        asked_at=Coalesce("submitted_at", "created_at"),
        requester_kind=F("requester__kind"),
        passing_state=Subquery(passing[:1]),
    )
    return rows.values_list(*OF_REQUEST, named=True)


@dataclass
class Clock:
    """What may make a sound: a deadline, and from when an urgent request waits for somebody."""

    id: UUID
    deadline: datetime
    untaken: datetime | None


def ticking(by: Actor) -> list[Clock]:
    """The clocks of what is asked on the work list, without a word about a patient: no row of a
    patient is read. By when a case needs care for which none was asked, a judgement tells: that
    is not here."""
    mine = CareRequest.objects.visible_to(by).filter(desk__organisation=by.organisation_id)
    rows = with_offers(mine.filter(state__in=OPEN).exclude(case__state=CaseState.CLOSED))
    return [_clock(made) for made in rows.select_related("case").only(*OF_CLOCK)]


def _clock(made: Any) -> Clock:
    waits = made.state in TAKE.sources and made.case.state == CaseState.OPEN
    urgent = waits and made.urgency == Urgency.U2
    asked = made.submitted_at or made.created_at
    return Clock(made.pk, turn(made)[1], asked if urgent else None)


def with_handler(rows: Any) -> Any:
    """Beside each request the name of the person or of the system that handles it."""
    person = Membership.objects.filter(pk=OuterRef("handler")).values("user__full_name")
    system = ApiClient.objects.filter(pk=OuterRef("handler")).values("name")
    return rows.annotate(handler_name=Subquery(person[:1]), handler_system=Subquery(system[:1]))


def with_offers(rows: Any) -> Any:
    """Beside each request how its offers stand: what `turn` reads."""
    sent = Q(offers__state=OfferState.SENT)
    return rows.annotate(
        offered=Count("offers", filter=Q(offers__state__in=HOLDING)),
        reply_by=Min("offers__answer_before", filter=sent),
        sent_at=Max("offers__visible_from", filter=sent),
        asked_by=Min("offers__answer_before", filter=Q(offers__state=OfferState.ASKED)),
        promised=Min("offers__promised_until", filter=Q(offers__state=OfferState.ACCEPTED)),
    )


def _cases(by: Actor) -> Any:
    """Step: every open case this organisation has a part in, and what is asked for in it."""
    requests = CareRequest.objects.filter(case=OuterRef("pk")).order_by("-created_at")
    return (
        Case.objects.visible_to(by)
        .exclude(state=CaseState.CLOSED)
        .annotate(
            owner_house=F("owner__organisation"),
            owner_name=F("owner__organisation__name"),
            looks=Subquery(requests.values("desk__organisation__name")[:1]),
            last_state=Subquery(requests.values("state")[:1]),
            last_care=Subquery(requests.values("care_types")[:1]),
        )
        .values_list(*OF_CASE, named=True)
    )


def _handovers(cases: Iterable[UUID]) -> dict[UUID, Any]:
    """Step: those that nobody answered yet, by case."""
    offered = Handover.objects.filter(among("case", cases), state=HandoverState.OFFERED)
    desks = offered.only("case", "offered_at").annotate(
        from_name=F("from_desk__organisation__name"),
        to_house=F("to_desk__organisation"),
        to_name=F("to_desk__organisation__name"),
    )
    return {made.case_id: made for made in desks}


def _judged(cases: Iterable[UUID]) -> dict[UUID, Any]:
    """Step: the newest judgement of each."""
    made = TriageRecord.objects.filter(among("case", cases))
    newest = made.order_by("case_id", "-number").distinct("case_id")
    return {one.case_id: one for one in newest.values_list(*OF_TRIAGE, named=True)}


def midnight() -> datetime:
    """The beginning of today on the Dutch wall clock."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
