"""Vraag ze op volgorde: a desk says once whom to ask, and the next is asked when nobody says yes.

The order is stored with the request. It is followed in the act of whoever ends the last live offer,
and by the clock for what ran out or was left behind: neither looks at a person. What a provider is
shown comes from the offer before, brought up to date.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from capacity.models import CareUnit
from coordination import finding, moving, steps
from coordination.finding import MOST as MOST
from coordination.finding import Tried
from coordination.models import CareRequest, Offer
from coordination.offering.limits import not_refused
from coordination.offering.sending import NO_ORDER, send, tells_nobody
from coordination.states import REQUEST_MOVES, RequestState
from lzc import moves
from lzc.errors import N_, NotNow, NotSeen, NotValid
from lzc.events import moment, record, verb
from lzc.models import CLOCK, Actor
from triage.models import Case

RAN_OUT = "care_request.cascade_ran_out"
#: Who refuses is not told who is asked next, so the fact of it is not theirs: the clock tells it.
UNTOLD = timedelta(seconds=2)


@verb
def cascade(request_id: UUID, *, unit_ids: Sequence[UUID], by: Actor) -> CareRequest:
    """Vraag ze op volgorde: the first is asked now, the next when nobody who was asked says yes."""
    made = moving.request_of(request_id, by, with_case=True)
    moving.permit_matching(made, "cascade", by)
    if made.cascade_since is not None:
        raise NotNow(
            N_("They are being asked in an order already. Stop that first."), code="cascade_runs"
        )
    tells_nobody(made)
    tried = Tried(made)
    not_refused(tried, unit_ids)
    order = [pk for pk in _order(made, unit_ids, by) if pk not in tried.live]
    said = {"cascade": order, "cascade_since": moment(), "cascade_by": by.pk}
    moving.move(made, "cascade", by, handler=made.handler or by.pk, **said)
    if not tried.live and _ask_next(made, tried, steps.profile(made), by) is None:
        raise NotNow(
            N_("None of these has a free place now. Choose others, or call them."), code="no_place"
        )
    return made


def _order(made: CareRequest, unit_ids: Sequence[UUID], by: Actor) -> list[UUID]:
    order = list(dict.fromkeys(unit_ids))
    if not 1 <= len(order) <= MOST:
        raise NotValid("units", N_("Choose from 1 to %(most)s units to ask."), most=MOST)
    known = list(CareUnit.objects.visible_to(by).filter(pk__in=order))
    if len(known) < len(order):
        raise NotValid("units", N_("Not all of these exist. Look in the list of candidates."))
    if not {unit.care_type for unit in known} <= set(made.care_types):
        raise NotNow(N_("Not all of these give the care that is asked."), code="other_care")
    steps.within_reach(made, known)
    return order


@verb
def stop_cascade(request_id: UUID, *, by: Actor) -> CareRequest:
    """The desk goes on by hand: nobody is asked by the order any more. Who was asked stays so."""
    made = moving.request_of(request_id, by)
    moving.permit(made, "stop_cascade", by)
    if made.cascade_since is None:
        raise NotNow(N_("Nobody is being asked in an order now."), code="no_cascade")
    moving.move(made, "stop_cascade", by, **NO_ORDER)
    return made


@verb
def go_on(request_id: UUID, *, by: Actor) -> None:
    """The clock: nobody who was asked said yes, so the next of the order is asked."""
    made = _of_the_clock(request_id, by)
    moves.check(REQUEST_MOVES, "go_on", state=made.state, sides=made.sides(by), duties=by.duties)
    if not follow(made, by):
        raise NotNow(N_("Somebody was asked in the meantime."), code="not_waiting")


def _of_the_clock(request_id: UUID, by: Actor) -> CareRequest:
    """Step: it sees nothing; it was given the id. Case and request, locked."""
    if by is not CLOCK:
        return moving.request_of(request_id, by)
    found = CareRequest.objects.filter(pk=request_id).values_list("case_id", flat=True).first()
    if found is None:
        raise NotSeen
    return _held(request_id, found)


def _held(request_id: UUID, case_id: UUID) -> CareRequest:
    """Step: case and request, locked; nobody of the case is looked at."""
    case = Case.objects.locked(case_id)
    made = CareRequest.objects.locked(request_id)
    made.case = case
    return made


def answered(offer_id: UUID, by: Actor) -> tuple[Offer, bool]:
    """Step: an offer that somebody says no to, locked; and whether its request is followed.

    Then case and request are held before it: what comes next concerns them too.
    """
    running = Offer.objects.visible_to(by).filter(pk=offer_id, request__cascade_since__isnull=False)
    found = running.values_list("request_id", "request__case_id").first()
    if found is None:
        return moving.offer_of(offer_id, by), False
    made = _held(*found)
    row = Offer.objects.locked(offer_id)
    row.request = made
    return row, True


def follow(made: CareRequest, by: Actor) -> bool:
    """Step: the caller holds case and request. Asks the next when nobody is asked any more.

    When there is no next the order ends, and the desk is told. That nothing may be sought any more
    ended it in the act that judged so: whoever refuses here looks at no judgement.
    """
    if made.cascade_since is None or made.state != RequestState.SEARCHING:
        return False
    tried = Tried(made)
    if tried.live:
        return False
    if _ask_next(made, tried, _profile(made), by) is None:
        halt(made, by)
    return True


def _ask_next(
    made: CareRequest, tried: Tried, profile: dict[str, object], by: Actor
) -> Offer | None:
    """Step: the first of the order that still gives this care and has a place. The rest waits."""
    order = list(made.cascade)
    why = finding.in_turn(made, order)
    desks = made.desk.organisation_id == by.organisation_id or by is CLOCK
    units = CareUnit.objects.select_related("region").in_bulk(order)
    while order:
        unit = units[order.pop(0)]
        if unit.pk in tried.refused or unit.care_type not in made.care_types:
            continue
        if unit.pk not in why:
            continue  # since the desk chose it, something came up that nobody may let go
        try:
            wait = timedelta() if desks else UNTOLD
            row = send(made, unit, profile=profile, decision=why[unit.pk], wait=wait, by=by)
        except NotNow:
            continue  # its last place was given, or it takes nobody now
        _change(made, cascade=order)
        moving.say(made, "go_on", by)
        return row
    return None


def _change(made: CareRequest, **values: Any) -> None:
    values["version"] = made.version + 1
    CareRequest.objects.filter(pk=made.pk).update(**values)
    for column, value in values.items():
        setattr(made, column, value)


def _profile(made: CareRequest) -> dict[str, object]:
    """What the one before was shown of the person, with what is asked now."""
    before = Offer.objects.filter(request=made).order_by("-created_at")
    shown: dict[str, object] = before.values_list("profile", flat=True)[0]
    return shown | steps.care_of(made)


def halt(made: CareRequest, by: Actor) -> None:
    """Everybody in the order was asked, or nobody may be asked any more: the desk is told."""
    _change(made, **NO_ORDER)
    record(RAN_OUT, made.pk, by=by, audience=made.audience(), case=made.case_id)
