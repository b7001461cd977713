"""Taking in: who is it, what is going on, how urgent. Each verb runs inside an act."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone

from lzc import access, moves
from lzc.errors import N_, NotAllowed, NotNow, NotValid
from lzc.events import record, verb, when_broken
from lzc.hours import is_anw
from lzc.models import Action, Actor, Desk, PostalArea
from lzc.rights import Duty, OrganisationKind
from triage import gateway
from triage.completing import complete, new_patient, reentered
from triage.gateway import Known
from triage.given import JUDGED as JUDGED
from triage.given import ContactIn as ContactIn
from triage.given import PatientIn as PatientIn
from triage.given import TriageIn as TriageIn
from triage.judging import check_assessment, judgement
from triage.models import CareAssessment, Case, Contact, Involvement, Patient, TriageRecord
from triage.recurrence import PastContact, Recurrence, recurrence
from triage.states import CASE_MOVES, CaseState, Ended, Side
from triage.urgency import is_life_threatening

REGISTERED = "case.registered"
ASKED_AGAIN = "case.asked_again"
ASKED_TWICE = "case.asked_twice"
#: Contacts entered longer afterwards than this belong in another system.
OLDEST_ENTRY = timedelta(days=7)
SLACK = timedelta(minutes=5)
TOLD_LATELY = timedelta(hours=1)
#: Desks that speak with the patient and may therefore join an open case.
TREATING = frozenset(
    {
        OrganisationKind.MELDKAMER,
        OrganisationKind.HAP,
        OrganisationKind.ZCC,
        OrganisationKind.HUISARTS,
        OrganisationKind.WIJKVERPLEGING,
    }
)

when_broken(
    "case_one_open_per_person",
    N_("Somebody else just opened a case for this person. Send it again: it will join that case."),
    "twin_case",
)
when_broken(
    "patient_bsn_once",
    N_("Somebody else just registered this person. Send it again: it will be recognised."),
    "twin_patient",
)
when_broken(
    "contact_external_ref_once",
    N_("A contact with this reference of yours is already registered."),
    "external_ref_used",
)


class AlreadyOpen(NotNow):
    """The person has an open case, in which whoever asks has no part and gets none."""

    def __init__(self, case: Case) -> None:
        super().__init__(
            N_(
                "A case of this person is already open. What you wrote was passed on; "
                "a coordinator will contact you."
            ),
            code="already_open",
        )
        self.case_id = case.pk


@dataclass(frozen=True)
class Intake:
    """What came of taking somebody in. `outcome`: registered or joined."""

    case: Case
    contact: Contact
    outcome: str
    recurrence: Recurrence


@verb
def register(
    *, patient: PatientIn, contact: ContactIn, urgency: str = "", desk: Desk, by: Actor
) -> Intake:
    """Somebody asks for care. Recognises the person, joins their open case or opens one.

    Answers at once how often this person or address was heard of lately, before triage ends.
    """
    _may_take_in(desk, by)
    rules = desk.region.rules()
    at = _occurred(contact.occurred_at)
    if contact.asked_by == Contact.AskedBy.CITIZEN and not is_life_threatening(urgency):
        _citizen_may_ask(desk, at, rules)
    area = _area(patient.postcode)
    known = patient.known(contact.callback)
    found = gateway.find(known)
    person = _held(_which(found, known), known)
    seen = _recurrence(found, person, known, at, rules.recurrence_hours)
    again: list[str] = []
    if case := _open_case_of(person):
        _join(case, desk, by)
        again = reentered(case, patient)
        if "own_huisarts" in complete(case.patient, patient, area):
            _involve_own_huisarts(case)
        outcome, event = "joined", CASE_MOVES["contact"].event
    else:
        case = _new_case(person, patient, area, desk, by)
        outcome, event = "registered", REGISTERED
    row = _add_contact(case, contact, at, by, again)
    record(event, case.pk, by=by, audience=case.audience(), contact=row.pk)
    if again:
        record(ASKED_AGAIN, case.pk, by=by, audience=case.audience(), contact=row.pk)
    return Intake(case, row, outcome, seen)


def _may_take_in(desk: Desk, by: Actor) -> None:
    if desk.organisation_id != by.organisation_id or not by.has(Duty.DESK):
        raise NotAllowed(N_("You can only take in cases at your own desk."), code="not_your_desk")
    gateway.may_know_who(by)


def _which(found: list[Patient], known: Known) -> Patient | None:
    """Step: who of them it is. Whom the desk says to recognise must be known by that number."""
    same = [p for p in found if gateway.is_same_person(p, known)]
    # A BSN is surer than a name: who has this one goes before a namesake without.
    person = min(same, key=lambda p: not (known.bsn and p.bsn_index), default=None)
    if known.recognised and person is None:
        raise NotValid(
            "patient.recognised",
            N_("Nobody like this is known by the caller's number. Ask for name and birth date."),
            code="not_recognised",
        )
    return person


def _held(person: Patient | None, known: Known) -> Patient | None:
    """Step: what was found may have changed since; what is completed is what stands there now."""
    if person is None:
        return None
    held = gateway.hold_person(person)
    if held is None or not gateway.is_same_person(held, known):
        raise NotNow(
            N_("Somebody else just changed this person. Send it again: it will be recognised."),
            code="twin_patient",
        )
    return held


def _occurred(occurred_at: datetime | None) -> datetime:
    now = timezone.now()
    at = occurred_at or now
    if at > now + SLACK:
        raise NotValid("contact.occurred_at", N_("This moment lies in the future."))
    if at < now - OLDEST_ENTRY:
        raise NotValid("contact.occurred_at", N_("This is more than seven days ago."))
    return at


def _citizen_may_ask(desk: Desk, at: datetime, rules: Any) -> None:
    """A citizen asks a desk in the evening, at night and in the weekend; 112 always answers."""
    if not rules.citizens_only_in_anw or desk.organisation.kind == OrganisationKind.MELDKAMER:
        return
    if not is_anw(at, rules):
        raise NotNow(
            N_(
                "During office hours a citizen calls their own huisarts. "
                "No huisarts? Call the desk at %(telephone)s for advice. Life-threatening: 112."
            ),
            code="outside_anw",
            telephone=desk.telephone,
        )


def _area(postcode: str) -> PostalArea | None:
    if not postcode:
        return None
    # Written out, for everybody who is taken in comes by here: building it took longer than asking.
    known = "SELECT * FROM lzc_postalarea WHERE pc4 = %s"
    area = next(iter(PostalArea.objects.raw(known, [int(postcode[:4])])), None)
    if area is None:
        raise NotValid(
            "patient.postcode",
            N_("We do not know postcode %(postcode)s. Check it, or leave it empty."),
            code="unknown_postcode",
            postcode=postcode[:4],
        )
    return area


def _recurrence(
    found: list[Patient], person: Patient | None, known: Known, at: datetime, hours: int
) -> Recurrence:
    """Calls of this person, and of anybody at this address, wherever they came in."""
    address = known.address_key or (person.address_key if person else "")
    neighbours = {p.pk for p in found if address and p.address_key == address}
    if person and address and not known.address_key:
        neighbours |= gateway.at_address(address)
    ids = neighbours | ({person.pk} if person else set())
    if not ids:
        return recurrence([], at=at, hours=hours)
    past = Contact.objects.filter(
        case__patient__in=ids,
        occurred_at__gte=at - timedelta(hours=hours),
        kind=Contact.Kind.CALL,
    ).values_list("occurred_at", "case__patient_id")
    return recurrence(
        [
            PastContact(when, person is not None and who == person.pk, who in neighbours)
            for when, who in past
        ],
        at=at,
        hours=hours,
    )


def _open_case_of(person: Patient | None) -> Case | None:
    """Step: the open case of this person, locked."""
    if person is None:
        return None
    alive = Case.objects.filter(patient=person).exclude(state=CaseState.CLOSED)
    found = alive.values_list("pk", flat=True).first()
    if found is None:
        return None
    access.opened(Action.UPDATE, [person.pk], subject=f"case:{found}")
    case = Case.objects.locked(found)
    if case.state == CaseState.CLOSED:  # while we waited for it
        return None
    case.patient = person
    return gateway.hold(case)


def _new_case(
    person: Patient | None, given: PatientIn, area: PostalArea | None, desk: Desk, by: Actor
) -> Case:
    """Step: open a case, for a person we know or for one we meet now."""
    if person is None:
        person = new_patient(given, area)
    access.opened(Action.CREATE, [person.pk])
    if person._state.adding:
        person.save(force_insert=True)
    else:
        complete(person, given, area)
    case = Case(patient=person, owner=desk, region_id=area.region_id if area else desk.region_id)
    case.save(force_insert=True)
    case._told, case.newest_triage = [], None
    case.involve(Involvement.Kind.OWNER, by.workplace, desk=desk)
    _involve_own_huisarts(case)
    return gateway.hold(case)


def _involve_own_huisarts(case: Case) -> None:
    """Step: the own practice sees what happens to its patient, unless the case is its own."""
    practice = case.patient.own_huisarts_id
    if practice and practice != case.owner.organisation_id:
        case.involve(Involvement.Kind.OWN_HUISARTS, practice)


def _join(case: Case, desk: Desk, by: Actor) -> None:
    """Step: a second call about somebody joins the first. Who speaks with the patient may see."""
    if by.organisation_id in case.audience():
        return
    if desk.organisation.kind not in TREATING:
        raise AlreadyOpen(case)
    case.involve(Involvement.Kind.HELPER, by.workplace, desk=desk)


def _add_contact(
    case: Case, given: ContactIn, at: datetime, by: Actor, reentered: list[str]
) -> Contact:
    contact = Contact(
        case=case,
        organisation_id=by.workplace,
        actor=by.pk,
        kind=given.kind,
        asked_by=given.asked_by,
        caller=given.caller,
        callback=given.callback,
        text=given.text,
        occurred_at=at,
        external_ref=given.external_ref,
        outcomes=given.outcomes,
        reentered=reentered,
    )
    contact.save(force_insert=True)
    return contact


@verb
def add_contact(case_id: UUID, *, contact: ContactIn, by: Actor) -> Contact:
    """Somebody called or came again about this case, or a third party saw something."""
    case = gateway.locked_case(case_id, by=by)
    event = permit(case, "contact", by).event
    row = _add_contact(case, contact, _occurred(contact.occurred_at), by, [])
    record(event, case.pk, by=by, audience=case.audience(), contact=row.pk)
    return row


def tell_again(
    case: Case, contact: ContactIn, *, urgency: str = "", desk: Desk | None = None, by: Actor
) -> Contact | None:
    """Step: who asks for somebody for whom was asked already is heard by all who have a part in it.

    None when it was told within the hour: a form that is sent again says nothing new. `desk`: of
    who asks; when it speaks with the patient itself, it joins. A life threat is passed on as ever.
    """
    lately = timezone.now() - TOLD_LATELY
    before = Contact.objects.filter(case=case, organisation_id=by.workplace, text=contact.text)
    if before.filter(registered_at__gt=lately).exists():
        return None
    if desk is not None and desk.organisation.kind in TREATING:
        _join(case, desk, by)
    row = _add_contact(case, contact, _occurred(contact.occurred_at), by, [])
    record(ASKED_TWICE, case.pk, by=by, audience=case.audience(), contact=row.pk)
    if is_life_threatening(urgency) and case.state == CaseState.OPEN:
        _redirect(case, by)
    return row


@verb
def report(case_id: UUID, *, findings: str, outcomes: list[str], by: Actor) -> Contact:
    """A carer who was with the patient says what they found and did."""
    case = gateway.locked_case(case_id, by=by)
    event = permit(case, "report", by).event
    given = ContactIn(kind=Contact.Kind.REPORT, text=findings, outcomes=outcomes)
    row = _add_contact(case, given, _occurred(None), by, [])
    record(event, case.pk, by=by, audience=case.audience(), contact=row.pk)
    return row


def permit(case: Case, name: str, by: Actor) -> moves.Move:
    """Step: the caller holds the case. May this actor make this move now?"""
    return moves.check(CASE_MOVES, name, state=case.state, sides=case.sides(by), duties=by.duties)


def change(case: Case, **values: Any) -> None:
    """Step: the caller holds the case. Write these columns, and one version on."""
    values["version"] = case.version + 1
    Case.objects.filter(pk=case.pk).update(**values)
    for name, value in values.items():
        setattr(case, name, value)


@verb
def triage(case_id: UUID, *, judged: TriageIn, by: Actor) -> TriageRecord:
    """How urgent is it, and what is the complaint. A second look says how it stands to the first.

    U0 and U1 redirect the case to 112 in the same act.
    """
    case = gateway.locked_case(case_id, by=by)
    event = permit(case, "triage", by).event
    record_ = judgement(case, judged, by)
    record_.save(force_insert=True)
    case.newest_triage = record_
    record(event, case.pk, by=by, audience=case.audience(), triage=record_.pk)
    if is_life_threatening(record_.urgency) and case.state == CaseState.OPEN:
        _redirect(case, by)
    return record_


@verb
def redirect(case_id: UUID, *, by: Actor) -> Case:
    """Life threat: this goes to 112 now. Nothing is matched until 112 has confirmed."""
    case = gateway.locked_case(case_id, by=by)
    permit(case, "redirect", by)
    _redirect(case, by)
    return case


def _redirect(case: Case, by: Actor) -> None:
    """Step: anybody involved may raise it, whatever their duty: a life comes first."""
    change(case, state=CaseState.REDIRECTED, redirected_at=timezone.now(), cleared_at=None)
    record(CASE_MOVES["redirect"].event, case.pk, by=by, audience=case.audience())


@verb
def confirm_redirect(case_id: UUID, *, ritnummer: str, life_threat: bool, by: Actor) -> Case:
    """112 has it (with a ritnummer), or looked and found no life threat after all.

    Only in the second case, and after a new triage, may a place be sought again.
    """
    case = gateway.locked_case(case_id, by=by)
    event = permit(case, "confirm_redirect", by).event
    newest = case.newest_triage
    if life_threat and not ritnummer:
        raise NotValid("ritnummer", N_("Enter the ritnummer under which 112 has this case."))
    if not life_threat and newest and is_life_threatening(newest.urgency):
        raise NotNow(
            N_("The last triage is %(urgency)s. Triage again first, with a reason."),
            code="still_life_threatening",
            urgency=newest.urgency,
        )
    cleared = None if life_threat else timezone.now()
    ride = ritnummer or case.ritnummer
    change(case, state=CaseState.OPEN, ritnummer=ride, cleared_at=cleared)
    record(event, case.pk, by=by, audience=case.audience())
    return case


def take_over(case: Case, desk: Desk, *, by: Actor) -> None:
    """Step of an accepted handover: the case has one owner before and one after, never none."""
    event = moves.check(
        CASE_MOVES, "take_over", state=case.state, sides={Side.RECEIVER}, duties=by.duties
    ).event
    told_before, moment = case.audience(), timezone.now()
    case.involvements.open().filter(kind=Involvement.Kind.OWNER).update(until=moment)
    case._told = None
    case.involve(Involvement.Kind.OWNER, desk.organisation_id, desk=desk, since=moment)
    change(case, owner=desk)
    told = {*told_before, *case.audience()}
    record(event, case.pk, by=by, audience=told, desk=desk.pk)


def ended_why(reason: str) -> None:
    """Step: why something ends is counted, so it is one of a list."""
    if reason not in list(Ended):
        raise NotValid("reason", N_("Choose from the list why this ends."), code="not_a_choice")


@verb
def close(case_id: UUID, *, reason: str, by: Actor) -> Case:
    """Nothing more is sought. The owner keeps sight of it, and who gives care; nobody else."""
    case = gateway.locked_case(case_id, by=by)
    event = permit(case, "close", by).event
    ended_why(reason)
    told = case.audience()
    # A provider who has the patient keeps sight of the record until its care ends.
    stay = (Involvement.Kind.OWNER, Involvement.Kind.PROVIDER)
    others = case.involvements.open().exclude(kind__in=stay)
    others.update(until=Now())
    change(case, state=CaseState.CLOSED, closed_at=timezone.now(), close_reason=reason)
    record(event, case.pk, by=by, audience=told)
    return case


#: For whoever has no part in that other case.
IS_RUNNING = N_("A case of this person is open already. Take in a new contact: it joins that case.")


def _running(other: Case) -> NotNow:
    return NotNow(
        N_("A case of this person is open already (%(reference)s). Go on in that one."),
        code="already_running",
        reference=other.reference,
    )


@verb
def reopen(case_id: UUID, *, by: Actor) -> Case:
    """It was not over after all."""
    case = gateway.locked_case(case_id, by=by)
    event = permit(case, "reopen", by).event
    if other := case.open_twin():
        seen = Case.objects.visible_to(by).filter(pk=other.pk).exists()
        raise _running(other) if seen else NotNow(IS_RUNNING, code="already_running")
    change(case, state=CaseState.OPEN, closed_at=None, close_reason="")
    record(event, case.pk, by=by, audience=case.audience())
    return case


@verb
def assess(case_id: UUID, *, assessment: dict[str, Any], by: Actor) -> CareAssessment:
    """The answers to the decision aid, what it proposed and what the referrer decided."""
    case = gateway.locked_case(case_id, by=by)
    permit(case, "triage", by)
    check_assessment(assessment, by)
    made = CareAssessment(case=case, organisation_id=by.workplace, actor=by.pk, **assessment)
    made.save(force_insert=True)
    record("case.assessed", case.pk, by=by, audience=case.audience(), assessment=made.pk)
    return made
