"""What stands around a verb of coordination: what must be so first, and what follows from it.

Steps of a verb: the caller holds the case. Each refuses with a sentence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Func
from django.utils import timezone

from capacity import services as capacity
from capacity.attributes import Attribute
from capacity.models import CareUnit
from coordination import disclosure
from coordination.matching.hard_rules import CLOSED_WARD
from coordination.models import LEGAL, CareRequest, Handover, Offer, kind_of
from coordination.states import (
    REQUEST_MOVES,
    HandoverState,
    OfferState,
    RequestState,
    Side,
)
from lzc import moves
from lzc.errors import N_, NotNow, NotSeen, NotValid
from lzc.events import moment, record
from lzc.models import Actor, Desk, Organisation
from lzc.rights import OrganisationKind
from lzc.web.words import WORDS
from triage.identity import age_band
from triage.models import Case, Involvement, Patient
from triage.states import CaseState
from triage.urgency import CARE_WITHIN_MINUTES, Urgency

#: As an access record names it: the law on care against somebody's will (Wet zorg en dwang).
WZD = "wzd"
#: Minutes: what can wait until the next working day is still looked for within one.
DAY = 24 * 60


class ClockTimestamp(Func):
    """The database's clock at this very moment: after a lock wait `now()` is too early."""

    template = "clock_timestamp()"


@dataclass
class Ask:
    """A care request as a door received it."""

    care_types: list[str]
    need: str
    desk: Desk
    needed_by: datetime | None = None
    urgency: str = ""
    requirements: list[str] = field(default_factory=list)
    wishes: str = ""
    callback: str = ""
    consent: str = "given"
    wish_codes: list[str] = field(default_factory=list)
    near_pc4: int | None = None
    travel_limit: int | None = None
    beyond: bool = False
    legal_ground: str = ""
    who_treats: str = ""


def codes_known(said: Mapping[str, Any]) -> None:
    """Step: what a provider reads in the first stage, and what is counted, is no free text."""
    for name in ("requirements", "wish_codes"):
        if wrong := [code for code in said.get(name, ()) if code not in list(Attribute)]:
            raise NotValid(
                f"request.{name}",
                N_("We do not know the requirement %(told)s. Choose from the list."),
                code="not_a_choice",
                told=wrong[0],
            )
    for name, choices in CHOICES.items():
        if name in said and said[name] not in choices:
            raise NotValid(f"request.{name}", N_("Choose from the list."), code="not_a_choice")


CHOICES = {
    "consent": CareRequest.Consent.values,
    "legal_ground": ["", *LEGAL],
    "who_treats": ["", *CareRequest.Treats.values],
}


def mark_sensitive(case: Case, made: CareRequest) -> None:
    """Step: a closed ward is asked or wished, or what makes it lawful is said (Wzd), so each look
    at the case says so from now on."""
    closed = CLOSED_WARD in {*made.requirements, *made.wish_codes}
    if (closed or made.legal_ground) and not case.sensitivity:
        case.sensitivity = WZD
        Case.objects.filter(pk=case.pk).update(sensitivity=WZD)


def is_closed_ward(row: Offer) -> bool:
    """Whether the place of this offer is locked."""
    return CLOSED_WARD in row.unit.attributes or CLOSED_WARD in row.place.attributes


def askable(case: Case, ask: Ask, by: Actor) -> None:
    """Step: may this actor ask this, here and now, of this desk?"""
    may_ask(by)
    alive(case)
    codes_known(vars(ask))
    may_look(ask.desk, case, by)


@dataclass(frozen=True)
class Watch:
    """Of an interim plan: who watches, until when, and what to do when it goes wrong after all."""

    watcher: str = ""
    watch_until: datetime | None = None
    worst_case: str = ""


NOT_SAID = Watch()


def watched(watch: Watch) -> dict[str, object]:
    """Step: who watches from now on. That the one before stopped is told no more."""
    if watch.watch_until is not None:
        capacity.later("watch_until", watch.watch_until)
    return {
        "watcher": watch.watcher,
        "watch_until": watch.watch_until,
        "worst_case": watch.worst_case,
        "watch_ended_at": None,
    }


def shortage(made: CareRequest, by: Actor) -> None:
    """Nothing was to be found for a request: told to who steers the region, once, for reports."""
    if made.shortage_at is not None:
        return
    made.shortage_at = moment()
    CareRequest.objects.filter(pk=made.pk).update(shortage_at=made.shortage_at)
    told = {made.desk.organisation_id, made.desk.region.root_id}
    record("care_request.shortage", made.pk, by=by, audience=told)


def may_ask(by: Actor) -> None:
    """Step: whoever sees a case may ask for care in it, when that is their work."""
    asking = {Side.REQUESTER}
    draft = RequestState.DRAFT
    moves.check(REQUEST_MOVES, "submit", state=draft, sides=asking, duties=by.duties)


def may_look(desk: Desk, case: Case, by: Actor) -> None:
    """Step: who looks for a place reads the record. Not just any desk in the country."""
    if desk.organisation_id in (by.organisation_id, case.owner.organisation_id):
        return
    if desk.organisation.kind == OrganisationKind.ZCC and _near(desk, case, by):
        return
    raise NotValid(
        "request.desk",
        N_("Places are looked for by a coordination centre of the region, or by your own desk."),
        code="desk_does_not_look",
    )


def may_receive(desk: Desk, case: Case, by: Actor) -> None:
    """Step: who is handed a case reads the record at once. Not just any desk in the country."""
    if not _near(desk, case, by):
        raise NotValid(
            "to_desk",
            N_("This desk lies in another region. Hand the case over to a desk of the region."),
            code="other_region",
        )


def _near(desk: Desk, case: Case, by: Actor) -> bool:
    """In the ROAZ region in which the actor works, or in that of the case."""
    return desk.region.root_id in (by.roaz, case.region.root_id)


def kind(ask: Ask) -> str:
    kind = kind_of(ask.care_types)
    if not kind:
        raise NotValid(
            "request.care_types", N_("Choose either kinds of stay, or care at home, not both.")
        )
    return kind


def urgency(case: Case, ask: Ask) -> str:
    told = ask.urgency or (case.newest_triage.urgency if case.newest_triage else "")
    if not told:
        raise NotValid("request.urgency", N_("Choose an urgency, U0 to U5."), code="required")
    return told


def alive(case: Case) -> None:
    if case.state == CaseState.CLOSED:
        raise NotNow(N_("This case is closed. Its owner can open it again."), code="case_closed")


def reveals_nobody(case: Case, told: dict[str, str]) -> None:
    """Step: `told`: field → what providers will read there."""
    person = case.patient
    for name, text in told.items():
        reveals = disclosure.reveals(
            text,
            name=person.name,
            birth_date=person.birth_date,
            address=person.address,
            telephone=person.telephone,
        )
        if reveals:
            raise NotValid(
                name,
                N_("Providers read this before one is chosen: leave out who it is (%(told)s)."),
                code="reveals_person",
                told=WORDS["core"][reveals],
            )


def needed_by(wanted: datetime | None, urgency: str) -> datetime:
    now = moment()
    if wanted is None:
        within = CARE_WITHIN_MINUTES[Urgency(urgency)]
        return now + timedelta(minutes=DAY if within is None else within)
    in_reach(wanted)
    return wanted


def in_reach(needed_by: datetime) -> None:
    """Step: a place is looked for from now on, not in years: a slip of the pen sinks a case."""
    capacity.later("request.needed_by", needed_by)


def involve_parties(case: Case, made: CareRequest) -> None:
    """Step: who asks and who looks see the case for as long as the request is open.

    Also beside another part: that one may end first. The owner's own part is enough for it.
    """
    owner = case.owner.organisation_id
    if made.requester_id != owner:
        case.involve(Involvement.Kind.REQUESTER, made.requester_id)
    if made.desk.organisation_id != owner:
        case.involve(Involvement.Kind.HELPER, made.desk.organisation_id, desk=made.desk)


def regroup(case: Case) -> None:
    """Step, when something in the case ended: each part in it lasts as long as what it was for.

    Who spoke with the patient itself keeps sight of the case (`release_helper`).
    """
    kinds, owner = Involvement.Kind, case.owner.organisation_id
    wanted: dict[tuple[str, UUID], Desk | None] = {}
    for row in CareRequest.objects.unended().filter(case=case).select_related("desk", "provider"):
        wanted[kinds.REQUESTER, row.requester_id] = None
        wanted[kinds.HELPER, row.desk.organisation_id] = row.desk
        if row.provider and row.provider.keeps_records:
            wanted[kinds.PROVIDER, row.provider.pk] = None
    # What is told in a handover is not read: who ends something may not be one who may.
    offered = Handover.objects.filter(case=case, state=HandoverState.OFFERED).values("to_desk")
    for receiver in Desk.objects.filter(pk__in=offered):
        wanted[kinds.HELPER, receiver.organisation_id] = receiver
    lasting = (kinds.REQUESTER, kinds.HELPER, kinds.PROVIDER)
    now = set(case.involvements.open().filter(kind__in=lasting).values_list("kind", "organisation"))
    for kind, organisation in now - wanted.keys():
        if kind == kinds.HELPER:
            case.release_helper(organisation)
        else:
            case.release(kind, organisation)
    for (kind, organisation), desk in wanted.items():
        if (kind, organisation) not in now and organisation != owner:
            case.involve(kind, organisation, desk=desk)


def let_in(case: Case, provider: Organisation) -> None:
    """Step: who is given the patient reads the record; who only serves has the handover alone."""
    if provider.keeps_records:
        case.involve(Involvement.Kind.PROVIDER, provider.pk)


def without_bsn(sbar: Mapping[str, str], provider: Organisation) -> None:
    """Step: who only serves may not have a BSN, nor read one in the handover."""
    if provider.keeps_records:
        return
    for name, text in sbar.items():
        if disclosure.has_bsn(text):
            raise NotValid(
                f"sbar.{name}",
                N_("%(provider)s may not have a BSN. Leave it out of the handover."),
                code="reveals_bsn",
                provider=provider.name,
            )


def matchable(case: Case) -> None:
    """Step: under a life threat, and for a U2 that no physician saw, nothing is matched."""
    if hindrance := unmatchable(case):
        raise hindrance


def unmatchable(case: Case) -> NotNow | None:
    """Why no place may be sought now: the refusal a verb gives, and a page shows beforehand."""
    if case.may_be_matched:
        return None
    newest = case.newest_triage
    if case.awaits_new_look:
        return NotNow(
            N_("112 confirmed no life threat. Triage again, then look for a place."),
            code="triage_again",
        )
    if newest is None and case.state == CaseState.OPEN:
        return NotNow(N_("Nobody has judged how urgent this is. Triage first."), code="not_triaged")
    if newest is not None and newest.urgency == Urgency.U2 and case.state == CaseState.OPEN:
        return NotNow(
            N_("U2: first record which physician confirmed that a place may be sought."),
            code="needs_physician",
        )
    return NotNow(
        N_("Life threat: this case is with 112. Wait for the confirmation, then triage again."),
        code="redirected",
    )


def giving(unit_id: UUID, made: CareRequest, by: Actor) -> CareUnit:
    """Step: a unit that gives the care that is asked, in a region where that is asked."""
    seen = CareUnit.objects.visible_to(by).select_related("region", "organisation")
    unit = seen.filter(pk=unit_id).first()
    if unit is None:
        raise NotSeen
    if unit.care_type not in made.care_types:
        raise NotNow(N_("%(unit)s does not give this care."), code="other_care", unit=unit.name)
    within_reach(made, [unit])
    return unit


def within_reach(made: CareRequest, units: Iterable[CareUnit]) -> None:
    """Step: another ROAZ region is asked only when that was said, by who asks or who looks."""
    root = made.desk.region.root_id
    if not made.beyond and any(unit.root != root for unit in units):
        raise NotNow(
            N_("This place lies in another region. Say first that another region will do."),
            code="other_region",
        )


def profile(made: CareRequest) -> dict[str, object]:
    return person_of(made.case.patient) | care_of(made)


def person_of(person: Patient) -> dict[str, object]:
    """What a profile says of the person, no more than that."""
    return disclosure.profile(
        age_band=age_band(person.birth_date, person.estimated_age, timezone.localdate()),
        sex=person.sex,
        pc4=person.pc4,
        town=person.town,
        care={},
    )


def care_of(made: CareRequest) -> dict[str, object]:
    """What a profile says of the care: all of it that is not about who needs it."""
    return {
        "kind": made.kind,
        "care_types": made.care_types,
        "urgency": made.urgency,
        "needed_by": made.needed_by.isoformat(),
        "need": made.need,
        "requirements": made.requirements,
        "wishes": made.wishes,
    }


def promise_anew(made: CareRequest) -> None:
    """Step: while it was on hold no promise could run out; each now waits as long as a new one."""
    until = moment() + timedelta(minutes=made.desk.region.rules().promise_minutes)
    Offer.objects.filter(request=made, state=OfferState.ACCEPTED).update(promised_until=until)
