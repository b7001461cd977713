"""Cases by program: take in, read, add to, and what happens to them."""

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from coordination import casework, handovers, services
from coordination.api import answers, done, shapes
from coordination.api.steps import (
    DESKS,
    ask_of,
    case_moves,
    desk_of,
    moved_offer,
    moved_request,
    own_desk,
    with_moves,
)
from coordination.api.story import Story, signals, told
from coordination.handovers import Sbar
from coordination.models import CareRequest, Offer
from coordination.states import HANDOVER_MOVES
from lzc.api.answers import results_of
from lzc.api.endpoints import Tagged, endpoint
from lzc.api.paging import Shown, page
from lzc.models import Action, Actor, Desk
from triage import callers, gateway
from triage import services as triage
from triage.models import Case, TriageRecord
from triage.services import ContactIn
from triage.states import CaseState


def tag(case: Case) -> str:
    """What a decision about the case rests on: its state and owner, and its newest triage."""
    newest = case.newest_triage
    return f'"{case.version}-{newest.number if newest else 0}"'


def tag_of_case(case_id: UUID, *, by: Actor) -> str:
    return tag(gateway.locked_case(case_id, by=by))


def moved(case: Case, by: Actor) -> Any:
    row: Any = case
    row.moves = case_moves(case, by)
    return row


@endpoint(takes=shapes.CaseIn, gives=done.CaseMade, status=201)
def register_case(*, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Somebody asks for care: contact, triage and request in one.

    Recognises the person and joins their open case, or opens one. `signals` says at once what the
    triage should know: who calls again within 72 hours, and how often. U0 and U1 redirect to 112.
    """
    judged, asked = said.get("triage"), said.get("request")
    desk = desk_of(said.get("desk"), "desk", own_desk(by))
    taken = casework.take_in(
        patient=shapes.person(said["patient"]),
        contact=ContactIn(**said.get("contact", {})),
        urgency=(judged or {}).get("urgency", ""),
        life_threat=said.get("life_threat", False),
        desk=desk,
        by=by,
    )
    case = taken.case
    if asked is not None and taken.outcome == "joined":
        _once(case, said, asked, desk, by)
    if judged is not None:
        casework.judge(case.pk, judged=shapes.judged(judged), by=by)
    made, offered = _asked(case, asked, desk, by) if asked is not None else (None, None)
    threat = judged is not None or said.get("life_threat", False)
    redirected = threat and case.state == CaseState.REDIRECTED
    return {
        "id": case.pk,
        "reference": case.reference,
        "outcome": "redirected" if redirected else taken.outcome,
        "state": case.state,
        "signals": signals(taken.recurrence),
        "request": made and moved_request(made, by),
        "offer": offered and moved_offer(offered, by),
    }


def _asked(
    case: Case, asked: dict[str, Any], desk: Desk, by: Actor
) -> tuple[CareRequest, Offer | None]:
    """Step: the care that is asked; when that is said, whoever fits best is asked at once."""
    made = services.request(case.pk, ask=ask_of(asked, desk), by=by)
    best = asked.get("offer_best", False)
    return made, services.offer_best(made.pk, by=by) if best else None


def _once(case: Case, said: dict[str, Any], asked: dict[str, Any], desk: Desk, by: Actor) -> None:
    """Step: what is told with a second request for a place is not lost with it."""
    judged = said.get("triage") or {}
    contact = ContactIn(**said.get("contact", {}))
    contact.text = "\n".join(filter(None, [contact.text, judged.get("complaint", "")]))
    contact.callback = contact.callback or desk.telephone
    ask = ask_of(asked, desk)
    ask.urgency = judged.get("urgency", "") or ask.urgency
    casework.once(case, ask, contact=contact, desk=desk, by=by)


@endpoint(takes=shapes.CallerIn, gives=answers.CallersOut, changes=False)
def find_callers(*, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Who is known by the number of this caller? Ask them before you believe it.

    Then say so in `patient.recognised`, with the same number in `contact.callback`: nobody has to
    tell again who they are. A search: it changes nothing, and needs no Idempotency-Key.
    """
    desk = desk_of(said.get("desk"), "desk", own_desk(by))
    return {"callers": callers.callers(said["telephone"], desk=desk, by=by)}


@endpoint(query=shapes.CaseQuery, gives=results_of(answers.CaseRow))
def cases(*, query: dict[str, Any], by: Actor) -> Shown:
    """Cases your organisation has a part in, newest first. Closed ones when asked for."""
    newest = TriageRecord.objects.filter(case=OuterRef("pk")).order_by("-number")
    rows = Case.objects.visible_to(by).select_related("owner__organisation")
    rows = rows.annotate(urgency=Coalesce(Subquery(newest.values("urgency")[:1]), Value("")))
    states = [query["state"]] if "state" in query else [CaseState.OPEN, CaseState.REDIRECTED]
    found = page(rows.filter(state__in=states), query, by="-opened_at")
    if found.results:
        gateway.attach_patients(found.results, action=Action.LIST)
    return found


@endpoint(gives=answers.CaseOut)
def case(case_id: UUID, *, by: Actor) -> Tagged:
    """The case with all that is in it, and what you could do now.

    Whoever has a part in it sees all of it: what was told once need not be asked again.
    """
    story = told(case_id, by=by)
    story.case.newest_triage = story.triage[0] if story.triage else None
    _name(story, by)
    return Tagged(story, tag(story.case))


def _name(story: Story, by: Actor) -> None:
    """Put beside each row who did it, and what the reader could do with it."""
    row: Any
    for row in (*story.contacts, *story.triage, *story.assessments, *story.notes):
        row.by = story.names.get(row.actor, "")
    for row in story.handovers:
        row.case = story.case
        row.offered_by_name = story.names.get(row.offered_by, "")
        row.answered_by_name = story.names.get(row.answered_by, "")
        with_moves(HANDOVER_MOVES, row, by)
    for row in story.requests:
        row.case = story.case
        moved_request(row, by)


@endpoint(takes=shapes.ContactIn, gives=done.Made, status=201, tag=tag_of_case)
def add_contact(case_id: UUID, *, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Somebody called or came again about this: a call, a visit, what a third party saw."""
    made = triage.add_contact(case_id, contact=ContactIn(**said), by=by)
    return {"id": made.pk, "at": made.registered_at}


@endpoint(takes=shapes.TriageIn, gives=done.TriageMade, status=201, tag=tag_of_case)
def add_triage(case_id: UUID, *, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """How urgent is it? A second look takes over, supplements, or does it again and says why.

    U0 and U1 redirect the case to 112.
    """
    return _triaged(casework.judge(case_id, judged=shapes.judged(said), by=by))


def _triaged(made: TriageRecord) -> dict[str, Any]:
    return {
        "id": made.pk,
        "at": made.at,
        "number": made.number,
        "case_state": made.case.state,
    }


@endpoint(takes=shapes.TriageIn, gives=done.TriageMade, status=201, tag=tag_of_case)
def deteriorate(case_id: UUID, *, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """It gets worse: judge again. What was asked and promised is frozen until somebody looked."""
    return _triaged(casework.deteriorate(case_id, judged=shapes.judged(said), by=by))


@endpoint(takes=shapes.NoteIn, gives=done.Made, status=201, tag=tag_of_case)
def add_note(case_id: UUID, *, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """A line for everybody who has a part in the case."""
    made = handovers.note(case_id, **said, by=by)
    return {"id": made.pk, "at": made.at}


@endpoint(takes=shapes.ReportIn, gives=done.Made, status=201, tag=tag_of_case)
def report(case_id: UUID, *, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """What somebody who was with the patient found and did."""
    made = triage.report(
        case_id, findings=said["findings"], outcomes=said.get("outcomes", []), by=by
    )
    return {"id": made.pk, "at": made.registered_at}


@endpoint(takes=shapes.AssessmentIn, gives=done.Made, status=201, tag=tag_of_case)
def assess(case_id: UUID, *, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """The decision aid for a stay: it proposes, the referrer decides, and says why if otherwise."""
    made = triage.assess(case_id, assessment=said, by=by)
    return {"id": made.pk, "at": made.at}


@endpoint(gives=done.CaseMoved, tag=tag_of_case)
def redirect(case_id: UUID, *, by: Actor) -> Any:
    """Life threat: this goes to 112 now. Nothing is matched until that is confirmed."""
    return moved(casework.redirect(case_id, by=by), by)


@endpoint(takes=shapes.ConfirmIn, gives=done.CaseMoved, tag=tag_of_case)
def confirm_redirect(case_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """112 has it, under a ritnummer; or it looked and found no life threat after all."""
    confirmed = triage.confirm_redirect(
        case_id, ritnummer=said.get("ritnummer", ""), life_threat=said["life_threat"], by=by
    )
    return moved(confirmed, by)


@endpoint(takes=shapes.ReasonIn, gives=done.CaseMoved, tag=tag_of_case)
def close_case(case_id: UUID, *, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """The episode is over. Not while somebody still waits for care in it."""
    return moved(casework.close_case(case_id, **said, by=by), by)


@endpoint(gives=done.CaseMoved, tag=tag_of_case)
def reopen_case(case_id: UUID, *, by: Actor) -> dict[str, Any]:
    """It was not over after all."""
    return moved(triage.reopen(case_id, by=by), by)


@endpoint(takes=shapes.HandoverIn, gives=done.HandoverMoved, status=201, tag=tag_of_case)
def hand_over(case_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Offer the case to another desk. It reads the record now, and owns it once it accepts."""
    to_desk = desk_of(said["to_desk"], "to_desk", None)
    made = handovers.hand_over(case_id, to_desk=to_desk, sbar=Sbar(**said["sbar"]), by=by)
    return with_moves(HANDOVER_MOVES, made, by)


@endpoint(takes=shapes.RequestIn, gives=done.RequestMoved, status=201, tag=tag_of_case)
def request_care(case_id: UUID, *, said: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Zorgvraag: ask for care for this patient. One placement at a time.

    `contact`, `triage` and `assessment` may come with it: one form, one act.
    """
    held = gateway.locked_case(case_id, by=by)
    if not said.get("draft", False):
        _once(held, said, said, own_desk(by) or DESKS.get(pk=held.owner_id), by)
    if "contact" in said:
        triage.add_contact(case_id, contact=ContactIn(**said["contact"]), by=by)
    if "triage" in said:
        casework.judge(case_id, judged=shapes.judged(said["triage"]), by=by)
    if "assessment" in said:
        triage.assess(case_id, assessment=said["assessment"], by=by)
    ask = ask_of(said, DESKS.get(pk=held.owner_id))
    made = services.request(case_id, ask=ask, draft=said.get("draft", False), by=by)
    return moved_request(made, by)
