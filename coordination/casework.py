"""A case in which care is asked: what is judged and learned there is followed by its requests.

`triage` knows nothing of requests, so every door judges through here. Each verb runs in an act.
"""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Least
from django.utils.translation import gettext

from coordination import steps
from coordination.amending import retell
from coordination.models import CareRequest, Handover
from coordination.offering import in_order
from coordination.states import HANDOVER_BORN, OPEN, REQUEST_MOVES, RequestState
from lzc.errors import N_, NotNow
from lzc.events import record, verb
from lzc.models import Actor, Desk
from triage import gateway
from triage import services as triage
from triage.models import Case, Patient, TriageRecord
from triage.services import AlreadyOpen, ContactIn, Intake, PatientIn, TriageIn
from triage.states import CaseState
from triage.urgency import Urgency, may_be_matched

FREEZE = REQUEST_MOVES["hold"]
#: What a new judgement still changes: who is assigned is told by the verb that freezes.
AHEAD = OPEN | {RequestState.DRAFT}
REJUDGED = "care_request.judged_anew"


@verb
def take_in(
    *,
    patient: PatientIn,
    contact: ContactIn,
    urgency: str = "",
    life_threat: bool = False,
    desk: Desk,
    by: Actor,
) -> Intake:
    """Somebody asks for care. What a second call tells of the person, open requests know too.

    `life_threat`: to 112 in the same act, whatever was judged before.
    """
    urgent = Urgency.U1 if life_threat else urgency
    try:
        taken = triage.register(patient=patient, contact=contact, urgency=urgent, desk=desk, by=by)
    except AlreadyOpen as refusal:
        case_id = refusal.case_id
        refusal.afterwards = partial(ask_twice, case_id, contact=contact, urgency=urgent)
        raise
    if life_threat:
        _alarm(taken, by)
    if taken.outcome == "joined":
        _known_now(taken.case, by)
    return taken


def _known_now(case: Case, by: Actor) -> None:
    """Step: what became known of the person decides where they fit, and is shown to who was asked.

    So it is told as what is asked anew: who waits is matched again.
    """
    person = case.patient
    for row in _asked(case, AHEAD):
        new: dict[str, Any] = {"pc4": person.pc4} if row.pc4 is None and person.pc4 else {}
        if row.sex == Patient.Sex.UNKNOWN != person.sex:
            new["sex"] = person.sex
        if new:
            CareRequest.objects.filter(pk=row.pk).update(**new, version=F("version") + 1)
        retell(row, steps.person_of(person), by)
        if new and row.state != RequestState.DRAFT:
            record(
                REQUEST_MOVES["amend"].event, row.pk, by=by, audience=row.audience(), case=case.pk
            )


def _alarm(taken: Intake, by: Actor) -> None:
    """Step: somebody who is taken in is in danger of life."""
    before = taken.case.newest_triage
    judged = TriageIn(
        urgency=Urgency.U1,
        how=TriageRecord.How.REDONE if before else TriageRecord.How.NEW,
        reason=gettext("Life threat at a new contact") if before else "",
        complaint=taken.contact.text,
    )
    judge(taken.case.pk, judged=judged, by=by)


def once(case: Case, ask: steps.Ask, *, contact: ContactIn, desk: Desk, by: Actor) -> None:
    """Step: a person has one open placement. Who asks for a second one is heard all the same."""
    if steps.kind(ask) != CareRequest.Kind.PLACEMENT:
        return
    asked = CareRequest.objects.open().filter(patient=case.patient_id, kind=steps.kind(ask))
    if not asked.exists():
        return
    refusal = NotNow(
        N_(
            "A placement request for this person is already open. What you wrote was passed on; "
            "a coordinator will contact you."
        ),
        code="request_already_open",
    )
    told = "\n".join(filter(None, [contact.text, ask.need]))
    heard = replace(contact, text=told, callback=contact.callback or ask.callback)
    refusal.afterwards = partial(ask_twice, case.pk, contact=heard, urgency=ask.urgency, desk=desk)
    raise refusal


@verb
def ask_twice(
    case_id: UUID, *, contact: ContactIn, urgency: str = "", desk: Desk | None = None, by: Actor
) -> None:
    """Somebody asks what was asked already: kept in the case, its desk hears of it and calls back.

    Who has no part in the case gets none by it.
    """
    case = gateway.case_of_party(case_id)
    before = case.state
    triage.tell_again(case, contact, urgency=urgency, desk=desk, by=by)
    if case.state == CaseState.REDIRECTED != before:
        _freeze(case, by)


@verb
def judge(case_id: UUID, *, judged: TriageIn, by: Actor) -> TriageRecord:
    """A judgement of urgency. What is asked in this case is from now on as urgent as that."""
    case = gateway.locked_case(case_id, by=by)
    before = case.state
    made = triage.triage(case_id, judged=judged, by=by)
    _follow(case, made, by)
    if case.state == CaseState.REDIRECTED != before:
        _freeze(case, by)
    _ask_no_further(case, made, by)
    return made


@verb
def redirect(case_id: UUID, *, by: Actor) -> Case:
    """Life threat: to 112. What was asked and promised stands still until somebody looked."""
    case = triage.redirect(case_id, by=by)
    _freeze(case, by)
    return case


@verb
def deteriorate(case_id: UUID, *, judged: TriageIn, by: Actor) -> TriageRecord:
    """Verslechtert: judge again, and freeze what was asked and promised until somebody looked."""
    case = gateway.locked_case(case_id, by=by)
    event = triage.permit(case, "deteriorate", by).event
    record(event, case.pk, by=by, audience=case.audience())
    made = triage.triage(case_id, judged=judged, by=by)
    _follow(case, made, by)
    _freeze(case, by)
    _ask_no_further(case, made, by)
    return made


def _asked(case: Case, states: frozenset[str]) -> list[CareRequest]:
    """Step: the caller holds the case. Its requests in these states, locked."""
    rows = CareRequest.objects.filter(case=case, state__in=states).order_by("pk")
    rows = rows.select_related("desk", "provider")
    return list(rows.select_for_update(no_key=True, of=("self",)))


def _follow(case: Case, made: TriageRecord, by: Actor) -> None:
    """Step: each open request becomes as urgent as this. A deadline comes nearer, never later."""
    if made.number == 1:
        return
    sooner = steps.needed_by(None, made.urgency)
    for row in _asked(case, AHEAD):
        if row.urgency == made.urgency:
            continue
        CareRequest.objects.filter(pk=row.pk).update(
            urgency=made.urgency,
            needed_by=Least(F("needed_by"), sooner),
            version=F("version") + 1,
        )
        retell(row, {"urgency": made.urgency}, by)
        if row.state != RequestState.DRAFT:
            record(REJUDGED, row.pk, by=by, audience=row.audience(), case=case.pk)


def _ask_no_further(case: Case, made: TriageRecord, by: Actor) -> None:
    """Step: judged like this nothing may be sought: who is still to be asked is not asked."""
    if may_be_matched(made.urgency, made.physician):
        return
    for row in _asked(case, OPEN):
        if row.cascade_since is not None:
            in_order.halt(row, by)


def _freeze(case: Case, by: Actor) -> None:
    """Step: whoever is involved may say that the patient got worse; the requests follow."""
    for row in _asked(case, FREEZE.sources):
        CareRequest.objects.filter(pk=row.pk).update(state=FREEZE.target, version=F("version") + 1)
        record(FREEZE.event, row.pk, by=by, audience=row.audience(), case=row.case_id)


@verb
def close_case(case_id: UUID, *, reason: str, by: Actor) -> Case:
    """The episode is over. Not while somebody still waits for care in it."""
    case = gateway.locked_case(case_id, by=by)
    triage.permit(case, "close", by)
    if CareRequest.objects.open().filter(case=case).exists():
        raise NotNow(
            N_("A request in this case is still open. Cancel it first, or wait until care starts."),
            code="open_request",
        )
    if Handover.objects.filter(case=case, state=HANDOVER_BORN["hand_over"]).exists():
        raise NotNow(
            N_("This case is being handed over. Withdraw that first."), code="handing_over"
        )
    return triage.close(case_id, reason=reason, by=by)
