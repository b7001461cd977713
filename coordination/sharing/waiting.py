"""Who waits: told when something came free that fits, watched until then, and called about."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, Func, OuterRef, Value

from coordination import finding, moving
from coordination.matching import Moment
from coordination.matching.hard_rules import look
from coordination.models import CareRequest, LogReader, Offer
from coordination.sharing import reading
from coordination.states import RequestState
from lzc.errors import N_, NotNow, NotSeen, NotValid
from lzc.events import moment, record, verb
from lzc.hours import AMSTERDAM
from lzc.models import CLOCK, Actor
from lzc.sweeps import tried
from triage.states import CaseState

#: Its place in the log.
READER = "waiting list"
#: Where somebody could go, of what was asked anew.
TOLD_AT_ONCE = 3
LOOKING = (RequestState.SEARCHING, RequestState.WAITING)


@verb
def rematch(unit_id: UUID, *, upto: int, gained: bool, by: Actor) -> int:
    """Something changed at this unit: each waiting request that it now fits is told to its desk.

    `gained`: more can be given there; else only who was not told before hears of it. `upto`: the
    fact this follows from. The log is read on in the same act: each fact has its effect once.
    """
    unread = LogReader.objects.filter(pk=READER, cursor__lt=upto)
    if not unread.update(cursor=upto):
        return 0
    fitting = _matched(unit_id)
    known = CareRequest.objects.filter(told_units__contains=[unit_id])
    gone = known.exclude(pk__in=[found.id for found in fitting])
    gone.update(told_units=Func(F("told_units"), Value(unit_id), function="array_remove"))
    _held(found.id for found in fitting)
    return sum(_told(found.id, unit_id, gained, by) for found in fitting)


def _held(requests: Iterable[UUID]) -> None:
    """Step: locked, in the order in which all who lock several do so."""
    rows = CareRequest.objects.filter(pk__in=list(requests)).order_by("pk")
    list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))


@verb
def rematch_request(request_id: UUID, *, upto: int, by: Actor) -> int:
    """What is asked changed: where it fits now is told to its desk, the best of it."""
    unread = LogReader.objects.filter(pk=READER, cursor__lt=upto)
    if not unread.update(cursor=upto):
        return 0
    asked = Offer.objects.live().filter(request=OuterRef("pk"))
    sought = CareRequest.objects.filter(
        ~Exists(asked), state__in=LOOKING, case__state=CaseState.OPEN
    )
    made = sought.filter(pk=request_id).first()
    if made is None:
        return 0
    best = [unit.pk for _, unit in finding.ranked(made).candidates[:TOLD_AT_ONCE]]
    stale = [unit for unit in made.told_units if unit not in best]
    if stale:
        kept = [unit for unit in made.told_units if unit in best]
        CareRequest.objects.filter(pk=made.pk).update(told_units=kept)
    return sum(_tell(made.pk, unit, False, by) for unit in best)


def _matched(unit_id: UUID) -> list[reading.Open]:
    """Step: whom this unit fits, the most urgent first and then who waits longest."""
    unit = reading.unit_of(unit_id)
    if unit is None:
        return []
    root = unit.region.parent or unit.region
    now, regions = moment(), reading.regions_of(root)
    waiting = reading.open_requests(regions, now, states=LOOKING, care=unit.care_type, beyond=True)
    if not waiting:
        return []
    rules = unit.region.rules()
    there = finding.unit_now(unit_id, region=root, rules=rules, now=now)
    at = Moment.of(now.astimezone(AMSTERDAM), rules)
    fitting = [found for found in waiting if not look(found.need, there, at, rules).reasons]
    return sorted(fitting, key=lambda found: found.turn)


def _told(request_id: UUID, unit_id: UUID, gained: bool, by: Actor) -> int:
    """Step: one that cannot be told, not at a second try either, keeps the others waiting no more
    than itself: it is written down, and told of the next change."""

    def tell() -> int:
        with transaction.atomic():
            return _tell(request_id, unit_id, gained, by)

    return tried(tell, "request %s could not be told of unit %s", request_id, unit_id) or 0


def _tell(request_id: UUID, unit_id: UUID, gained: bool, by: Actor) -> int:
    """Step: once per request and change, as long as it is still looking."""
    made = CareRequest.objects.locked(request_id)
    if made.state not in LOOKING or (unit_id in made.told_units and not gained):
        return 0
    told = [*(unit for unit in made.told_units if unit != unit_id), unit_id]
    CareRequest.objects.filter(pk=made.pk).update(told_units=told, places_told_at=moment())
    event = moving.permit(made, "find_place", by).event
    desk = {made.desk.organisation_id}
    record(event, made.pk, by=by, audience=desk, case=made.case_id, unit=unit_id)
    return 1


@verb
def end_watch(request_id: UUID, *, by: Actor) -> CareRequest:
    """Nobody watches any more from now on: the desk must say who does, or find a place."""
    if by is not CLOCK:
        made = moving.request_of(request_id, by)
    elif CareRequest.objects.filter(pk=request_id).exists():
        made = CareRequest.objects.locked(request_id)
    else:
        raise NotSeen
    moving.permit(made, "end_watch", by)
    now = moment()
    if made.watch_until is None or made.watch_until > now or made.watch_ended_at is not None:
        raise NotNow(N_("Somebody watches this patient still."), code="not_yet")
    moving.move(made, "end_watch", by, watch_ended_at=now)
    return made


@verb
def escalate(request_id: UUID, *, to: str, by: Actor) -> CareRequest:
    """Nothing is found: somebody higher up is called. One step up the ladder, or more."""
    made = moving.request_of(request_id, by)
    moving.permit(made, "escalate", by)
    ladder = list(made.desk.region.rules().escalation)
    if to not in ladder:
        raise NotValid("to", N_("Choose whom to call: %(known)s."), known=", ".join(ladder))
    if made.escalated_to in ladder and ladder.index(to) <= ladder.index(made.escalated_to):
        raise NotNow(
            N_("They were called already. Call them again, or somebody higher up."),
            code="escalated_before",
        )
    moving.move(made, "escalate", by, escalated_to=to, escalated_at=moment())
    return made
