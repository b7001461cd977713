"""Care requests by program: the work list, one of them, who could take it, what happens to it."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from coordination import finding, moving, services
from coordination.api import answers, done, shapes
from coordination.api.offers import shown_to
from coordination.api.steps import judge, moved_request, seeks, seen
from coordination.matching import Step
from coordination.models import CareRequest, Offer
from coordination.states import HOLDING
from coordination.steps import Watch
from lzc.api.answers import results_of
from lzc.api.endpoints import Tagged, endpoint
from lzc.api.paging import Shown, page
from lzc.errors import NotSeen
from lzc.models import Action, Actor
from triage import gateway

PARTIES = ("case", "requester", "desk__organisation", "provider")


def tag(made: CareRequest) -> str:
    return f'"{made.version}"'


def tag_of_request(request_id: UUID, *, by: Actor) -> str:
    """Locked for what comes next; the case before it, as every verb does."""
    seen_now = CareRequest.objects.visible_to(by).filter(pk=request_id)
    case_id = seen_now.values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotSeen
    gateway.case_of_party(case_id)
    return tag(CareRequest.objects.locked(request_id))


@endpoint(query=shapes.RequestQuery, gives=results_of(answers.RequestRow))
def requests(*, query: dict[str, Any], by: Actor) -> Shown:
    """The work list: what you ask, look for or give, in the order in which it is needed."""
    rows = CareRequest.objects.visible_to(by)
    rows = rows.filter(state=query["state"]) if "state" in query else rows.open()
    for name in ("kind", "urgency", "desk", "handler"):
        if name in query:
            rows = rows.filter(**{name: query[name]})
    found = page(_with_offers(rows), query, by="needed_by")
    _with_patients(found.results, by, Action.LIST)
    return found


def _with_offers(rows: Any) -> Any:
    live = Count("offers", filter=Q(offers__state__in=HOLDING))
    return rows.select_related(*PARTIES).annotate(live_offers=live)


def _with_patients(rows: list[Any], by: Actor, action: Action) -> None:
    """Step: the patient of each request, where the actor has a part in the case."""
    visible = seen((row.case_id for row in rows), by)
    if visible:
        gateway.attach_patients([r.case for r in rows if r.case_id in visible], action=action)
    judge(row for row in rows if seeks(moving.request_moves(row, by)))
    for row in rows:
        row.told_case = row.case if row.case_id in visible else None
        row.told_patient = row.case.patient if row.case_id in visible else None
        moved_request(row, by)


@endpoint(gives=answers.RequestTold)
def request(request_id: UUID, *, by: Actor) -> Tagged:
    """One request, and the offers made for it as far as they are yours to see."""
    row: Any = _with_offers(CareRequest.objects.visible_to(by).filter(pk=request_id)).first()
    if row is None:
        raise NotSeen
    _with_patients([row], by, Action.READ)
    offers = Offer.objects.visible_to(by).filter(request=row)
    row.offers_told = shown_to(offers.order_by("created_at"), by)
    return Tagged(row, tag(row))


@endpoint(gives=answers.CandidatesOut)
def candidates(request_id: UUID, *, by: Actor) -> dict[str, Any]:
    """Who could take this patient now, best first, and why the others cannot.

    Nothing is hidden for being old: `freshness` says how sure it is.
    """
    found = finding.candidates(request_id, by=by)
    return {
        "candidates": [
            asdict(candidate)
            | {"unit": unit, "place": sorted(candidate.place), "observed_at": unit.observed_at}
            for candidate, unit in found.candidates
        ],
        "excluded": [{"unit": unit, "reasons": e.reasons} for e, unit in found.excluded],
        "relaxations": [asdict(relaxation) for relaxation in found.relaxations],
        "policy": found.policy,
    }


@endpoint(gives=done.RequestMoved, tag=tag_of_request)
def submit_request(request_id: UUID, *, by: Actor) -> Any:
    """A draft becomes a question: from now on the clock runs."""
    return moved_request(services.submit(request_id, by=by), by)


@endpoint(gives=done.RequestMoved, tag=tag_of_request)
def take_request(request_id: UUID, *, by: Actor) -> Any:
    """Somebody at the desk now works on it."""
    return moved_request(services.take(request_id, by=by), by)


@endpoint(gives=done.RequestMoved, tag=tag_of_request)
def take_over_request(request_id: UUID, *, by: Actor) -> Any:
    """Another person at the desk goes on with it."""
    return moved_request(services.take_over(request_id, by=by), by)


@endpoint(takes=shapes.WaitIn, gives=done.RequestMoved, tag=tag_of_request)
def let_request_wait(request_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Nothing fits now. Who watches the patient until then?"""
    plan, watch = said.pop("interim_plan"), Watch(**said)
    return moved_request(services.wait(request_id, interim_plan=plan, watch=watch, by=by), by)


@endpoint(gives=done.RequestMoved, tag=tag_of_request)
def hold_request(request_id: UUID, *, by: Actor) -> Any:
    """Something changed: what is promised stays frozen until somebody looked again."""
    return moved_request(services.hold(request_id, by=by), by)


@endpoint(gives=done.RequestMoved, tag=tag_of_request)
def resume_request(request_id: UUID, *, by: Actor) -> Any:
    """Somebody looked again: go on where it stood."""
    return moved_request(services.resume(request_id, by=by), by)


@endpoint(takes=shapes.AmendIn, gives=done.RequestMoved, tag=tag_of_request)
def amend_request(request_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """What is asked is said anew. Who was asked already reads it as it is now."""
    return moved_request(services.amend(request_id, said=said, by=by), by)


@endpoint(takes=shapes.WidenIn, gives=done.RequestMoved, tag=tag_of_request)
def widen_request(request_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Let go of what is in the way: the steps of one of the relaxations in `candidates`."""
    taken = [Step(step["kind"], step["value"]) for step in said["steps"]]
    return moved_request(services.widen(request_id, taken=taken, by=by), by)


@endpoint(takes=shapes.ReasonIn, gives=done.RequestMoved, tag=tag_of_request)
def cancel_request(request_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """No longer needed, or found another way. Every place that was held goes free."""
    return moved_request(services.cancel(request_id, **said, by=by), by)
