"""What is observed of units and hospitals besides their places: calls, stops, busy departments.

A telephone call is data. Whoever steers the region may write down what was said, and how long ago
that was is shown like the age of any other figure.
"""

from datetime import datetime
from uuid import UUID

from django.db.models.functions import Now

from capacity.models import CareUnit, Closure, EmergencyLoad, Place, UnitCall
from capacity.services import (
    MOST_AT_ONCE,
    add,
    later,
    observe,
    own_unit,
    sides,
    stopped,
    take_off,
    tell,
)
from capacity.states import LOAD_MOVES, UNIT_MOVES, Load, Said, Side, Stop, UnitState
from lzc import moves
from lzc.errors import N_, NotSeen, NotValid
from lzc.events import record, verb
from lzc.models import Actor, Organisation
from lzc.rights import OrganisationKind

ONLY_WITH_PLACE = N_("“How many free” goes with “has place” only. Leave it empty.")
NOBODY_ANSWERED = N_("Nobody answered, so nothing holds “until”. Leave it empty.")


def permit(unit: CareUnit, name: str, by: Actor) -> tuple[moves.Move, Closure | None]:
    """Step: the move of this unit, if this actor may make it now; and its stop, when it has one."""
    stop = stopped(unit)
    state = UnitState.STOPPED if stop else UnitState.OPEN
    found = moves.check(UNIT_MOVES, name, state=state, sides=sides(unit, by), duties=by.duties)
    return found, stop


@verb
def stop(
    unit_id: UUID,
    *,
    reason: str,
    expected_end: datetime | None = None,
    remark: str = "",
    by: Actor,
) -> Closure:
    """Opnamestop: the unit takes nobody for a while. What it lists is kept, and not given."""
    unit = own_unit(unit_id, by=by)
    found, _ = permit(unit, "stop", by)
    if reason not in set(Stop):
        raise NotValid("reason", N_("Choose why nobody can be admitted."))
    if expected_end is not None:
        later("expected_end", expected_end)
    row = Closure.objects.create(
        unit=unit, reason=reason, expected_end=expected_end, remark=remark, began_by=by.pk
    )
    tell(found.event, unit, by)
    return row


@verb
def reopen(unit_id: UUID, *, by: Actor) -> CareUnit:
    """The stop is over: the unit admits again."""
    unit = own_unit(unit_id, by=by)
    found, _ = permit(unit, "reopen", by)
    Closure.now(unit).update(ended_at=Now(), ended_by=by.pk)
    tell(found.event, unit, by)
    return unit


@verb
def observe_call(
    unit_id: UUID,
    *,
    said: str,
    free: int | None = None,
    until: datetime | None = None,
    remark: str = "",
    by: Actor,
) -> UnitCall:
    """Gebeld: heeft plek / vol / tot … / geen gehoor. What a unit said on the telephone.

    "Vol" takes all that is listed free off the list, until the unit itself says otherwise; what is
    held for a request is not touched. "Heeft plek" with a number makes the list say that number.
    """
    unit = own_unit(unit_id, by=by)
    found, _ = permit(unit, "observe_call", by)
    _could_be_said(said, free, until)
    row = UnitCall.objects.create(
        unit=unit,
        said=said,
        free=free,
        until=until,
        remark=remark,
        organisation_id=by.workplace,
        actor=by.pk,
    )
    if said != Said.NO_ANSWER:
        _believe(unit, 0 if said == Said.FULL else free, until, by)
    tell(found.event, unit, by)
    return row


def _could_be_said(said: str, free: int | None, until: datetime | None) -> None:
    """Step: whatever was filled in has a meaning in this call; what has none is not passed over."""
    if said not in set(Said):
        raise NotValid("said", N_("Choose what was said."))
    if free is not None and said != Said.HAS_PLACE:
        raise NotValid("free", ONLY_WITH_PLACE)
    if free is not None and not 1 <= free <= MOST_AT_ONCE:
        raise NotValid("free", N_("Enter a number from 1 to %(most)s."), most=MOST_AT_ONCE)
    if until is not None and said == Said.NO_ANSWER:
        raise NotValid("until", NOBODY_ANSWERED)
    if until is not None:
        later("until", until)


def _believe(unit: CareUnit, free: int | None, until: datetime | None, by: Actor) -> None:
    """Step: make the list say what was heard. None: there is place, and nobody said how many."""
    listed = Place.objects.filter(Place.usable(), unit=unit)
    now_free = listed.count()
    if free is None:
        free = max(now_free, 1)
    if free > now_free:
        add(unit, free - now_free, [], None, Place.Source.PHONE, by)
    elif free < now_free:
        take_off(listed, now_free - free, by)
        tell("place.withdrawn", unit, by)
    observe(unit, by, Place.Source.PHONE, until)


# Emergency departments -------------------------------------------------------------------------


@verb
def report_load(
    organisation_id: UUID,
    *,
    load: str,
    reason: str = "",
    expected_until: datetime | None = None,
    source: str = Place.Source.PLANNER,
    by: Actor,
) -> EmergencyLoad:
    """How busy the emergency department is: said by the hospital itself, or heard by a desk."""
    hospital = _hospital(organisation_id, by)
    name, side = _stands(hospital, by)
    was = EmergencyLoad.objects.filter(organisation=hospital).newest().first()
    found = moves.check(
        LOAD_MOVES, name, state=was.load if was else Load.NORMAL, sides=side, duties=by.duties
    )
    _can_be(load, reason, expected_until)
    row = EmergencyLoad.objects.create(
        organisation=hospital,
        load=load,
        reason=reason,
        expected_until=expected_until,
        source=source,
        actor=by.pk,
    )
    heard = [hospital.pk, hospital.region.root_id]
    record(found.event, hospital.pk, by=by, audience=heard, organisation=hospital.pk)
    return row


def _can_be(load: str, reason: str, expected_until: datetime | None) -> None:
    if load not in set(Load):
        raise NotValid("load", N_("Choose how busy it is."))
    if load in (Load.FULL, Load.CLOSED) and not reason:
        raise NotValid("reason", N_("Say why, in a few words: others plan by it."))
    if expected_until is not None:
        later("expected_until", expected_until)


def _hospital(organisation_id: UUID, by: Actor) -> Organisation:
    if by.organisation_id is None or not by.duties:
        raise NotSeen
    hospitals = Organisation.objects.filter(kind=OrganisationKind.ZIEKENHUIS)
    found = hospitals.select_related("region").filter(pk=organisation_id).first()
    if found is None:
        raise NotSeen
    return found


def _stands(hospital: Organisation, by: Actor) -> tuple[str, set[str]]:
    """Step: the hospital says it of itself; a desk of the region writes down what it heard."""
    if hospital.pk == by.organisation_id:
        return "report_load", {Side.PLANNER}
    return "hear_load", {Side.DESK} if hospital.region.root_id in by.hears else set()
