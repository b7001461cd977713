"""The case itself, between desks: handed over once, told in SBAR, read back. Verbs of the act."""

from dataclasses import asdict, dataclass
from uuid import UUID

from coordination import steps
from coordination.models import Handover, Note
from coordination.states import HANDOVER_MOVES
from lzc import access, moves
from lzc.errors import N_, NotSeen, NotValid
from lzc.events import moment, record, verb, when_broken
from lzc.models import Action, Actor, Desk
from triage import gateway
from triage import services as triage
from triage.models import Case, Involvement

when_broken(
    "handover_one_at_a_time",
    N_("This case is already being handed over. Withdraw that handover first."),
    "already_handed_over",
)


@dataclass
class Sbar:
    """Situation, background, assessment, recommendation: what the next one must know."""

    situation: str
    recommendation: str
    background: str = ""
    assessment: str = ""


@verb
def hand_over(case_id: UUID, *, to_desk: Desk, sbar: Sbar, by: Actor) -> Handover:
    """Offer the case to another desk. It reads the record now, and owns it once it accepts."""
    case = gateway.locked_case(case_id, by=by)
    event = triage.permit(case, "hand_over", by).event
    if to_desk.pk == case.owner_id:
        raise NotValid("to_desk", N_("This desk already owns the case."))
    if not to_desk.organisation.keeps_records:
        raise NotValid(
            "to_desk",
            N_("%(receiver)s may not have a record. Hand the case over to another desk."),
            code="no_records",
            receiver=to_desk.organisation.name,
        )
    steps.may_receive(to_desk, case, by)
    made = Handover(
        case=case, from_desk=case.owner, to_desk=to_desk, offered_by=by.pk, **asdict(sbar)
    )
    made.save(force_insert=True)
    case.involve(Involvement.Kind.HELPER, to_desk.organisation_id, desk=to_desk)
    _say(event, made, case, by)
    return made


def _say(event: str, made: Handover, case: Case, by: Actor) -> None:
    told = {*case.audience(), made.from_desk.organisation_id, made.to_desk.organisation_id}
    record(event, made.pk, by=by, audience=told, case=case.pk)


def _held(handover_id: UUID, by: Actor) -> tuple[Handover, Case]:
    """Step: the handover and its case, locked; 404 when the case is not visible."""
    access.opened(Action.UPDATE, [], subject=f"handover:{handover_id}")
    found = Case.objects.visible_to(by).filter(handovers=handover_id)
    case_id = found.values_list("pk", flat=True).first()
    if case_id is None:
        raise NotSeen
    case = gateway.locked_case(case_id, by=by)
    made = (
        Handover.objects.select_for_update(no_key=True, of=("self",))
        .select_related("from_desk__organisation", "to_desk__organisation")
        .get(pk=handover_id)
    )
    return made, case


def _answer(made: Handover, name: str, by: Actor, **values: str) -> moves.Move:
    found = moves.check(
        HANDOVER_MOVES, name, state=made.state, sides=made.sides(by), duties=by.duties
    )
    changed = {"state": found.target, "answered_by": by.pk, "answered_at": moment()} | values
    Handover.objects.filter(pk=made.pk).update(**changed)
    for column, value in changed.items():
        setattr(made, column, value)
    return found


@verb
def accept(handover_id: UUID, *, read_back: str, by: Actor) -> Handover:
    """The receiver repeats what it understood, and owns the case from this moment."""
    if not read_back:
        raise NotValid("read_back", N_("Repeat in your own words what you understood."))
    made, case = _held(handover_id, by)
    found = _answer(made, "accept", by, read_back=read_back)
    triage.take_over(case, made.to_desk, by=by)
    steps.regroup(case)
    _say(found.event, made, case, by)
    return made


@verb
def refuse(handover_id: UUID, *, reason: str, by: Actor) -> Handover:
    """Not here, and why. The case stays where it was; this desk no longer sees it."""
    if not reason:
        raise NotValid("reason", N_("Say why you refuse, so that the other can go on."))
    made, case = _held(handover_id, by)
    found = _answer(made, "refuse", by, reason=reason)
    _say(found.event, made, case, by)
    steps.regroup(case)
    return made


@verb
def withdraw(handover_id: UUID, *, by: Actor) -> Handover:
    """The sender takes it back before it was answered."""
    made, case = _held(handover_id, by)
    found = _answer(made, "withdraw", by)
    _say(found.event, made, case, by)
    steps.regroup(case)
    return made


@verb
def note(case_id: UUID, *, text: str, by: Actor) -> Note:
    """A line for everybody who is involved."""
    case = gateway.locked_case(case_id, by=by)
    event = triage.permit(case, "note", by).event
    made = Note(case=case, text=text, organisation_id=by.workplace, actor=by.pk)
    made.save(force_insert=True)
    record(event, case.pk, by=by, audience=case.audience(), note=made.pk)
    return made
