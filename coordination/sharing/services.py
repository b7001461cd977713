"""Dividing what there is: a plan of all open requests at once, and carrying it out.

Each verb runs inside an act. Nothing is done by a plan: who applies it makes the offers, each of
them by the same verb and under the same checks as an offer that was made by hand.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from coordination import services
from coordination.matching import Moment
from coordination.models import Offer, Plan
from coordination.sharing import reading
from coordination.sharing.pairing import Shared, shared
from coordination.sharing.turns import held_back
from coordination.states import PLAN_BORN, PLAN_MOVES, PlanState
from lzc import moves
from lzc.errors import N_, NotAllowed, NotNow, NotSeen, NotValid, Refused
from lzc.events import head, moment, part, record, verb
from lzc.hours import AMSTERDAM
from lzc.models import Actor, Region
from lzc.rights import Duty

Row = dict[str, Any]
TOO_OLD = N_("This plan is older than %(minutes)s minutes. Make a new one.")
MOVED = N_("This request changed since the plan was made. Make a new plan, or offer it by hand.")
NO_LONGER = N_("Nothing of this plan can still be done. Make a new plan.")
NONE_OF_YOURS = N_("This plan has no place for a request of yours. Look further by hand, or wait.")
NOT_WHOLE = N_(
    "A request moved or a place is gone since this plan was made. Choose rows, or make a new plan."
)
OTHER_DESK = N_("Another desk looks for this one. It can carry out this row itself.")
NOT_PLANNED = N_("The plan has no place for this request.")


@dataclass(frozen=True)
class Dropped:
    """A row that was not carried out, and why."""

    request: UUID
    refusal: Refused


@dataclass(frozen=True)
class Applied:
    plan: Plan
    offers: tuple[Offer, ...]
    refused: tuple[Dropped, ...]

    @property
    def pk(self) -> UUID:
        return self.plan.pk


@verb
def make_plan(region: Region, *, by: Actor) -> Plan:
    """Who would get which place when all open requests of this region are decided together."""
    if region.root_id not in by.hears or not by.has(Duty.DESK):
        raise NotAllowed(N_("This is not yours to do."), code="not_yours")
    number, now, rules = head(), moment(), region.rules()
    found = reading.open_requests(reading.regions_of(region), now)
    requests = reading.matchable(found)
    at = Moment.of(now.astimezone(AMSTERDAM), rules)
    places = reading.free_places(region.root_id, now, at)
    told = shared(requests, places, at=at, rules=rules)
    made = Plan(
        region=region,
        made_by=by.pk,
        state=PLAN_BORN["make_plan"],
        policy=rules.plan_policy,
        rules=rules.version,
        log_number=number,
        content={"rows": _rows(requests, told, now)},
        made_at=now,
    )
    made.save(force_insert=True)
    record("plan.made", made.pk, by=by, audience=[region.root_id])
    return made


def _rows(requests: list[reading.Open], told: Shared, now: datetime) -> list[Row]:
    """Step: one row per open request, the most urgent first and then who waits longest."""
    planned = {pair.request: pair for pair in told.pairs}
    first = {pair.request: pair.unit for pair in told.first_come}
    waiting = {*told.held_back}
    rows = []
    for found in sorted(requests, key=lambda found: found.turn):
        pair, before = planned.get(found.id), first.get(found.id)
        unit, until = pair.unit if pair else None, None
        if found.id in waiting:
            until = now + timedelta(minutes=held_back(found.left, found.waited))
        rows.append(
            {
                "request": str(found.id),
                "version": found.version,
                "desk": str(found.desk),
                "organisation": str(found.organisation),
                "urgency": found.urgency,
                "care_types": found.care_types,
                "waited": int(found.waited),
                "unit": str(unit) if unit else None,
                "place": sorted(pair.place) if pair else [],
                "fit": round(pair.fit, 3) if pair else None,
                "travel_minutes": pair.travel_minutes if pair else None,
                "first_come": str(before) if before else None,
                "outcome": _outcome(unit, before, until is not None),
                "held_back_until": until.isoformat() if until else None,
            }
        )
    return rows


def _outcome(planned: UUID | None, first: UUID | None, held_back: bool) -> str:
    """What the plan changes for one request, beside first come, first served."""
    if planned and first:
        return "same" if planned == first else "moved"
    if planned:
        return "gains"
    if first:
        return "waits_longer"
    return "held_back" if held_back else "unplaced"


@verb
def apply_plan(plan_id: UUID, *, requests: Collection[UUID] | None = None, by: Actor) -> Applied:
    """Offer what was planned: for these requests, or for all of this desk, or else for none.

    A request that moved, or a place that is gone, is refused by itself; asked for as a whole the
    plan is refused with it, for it was made for a night that is no longer so.
    """
    plan = _locked(plan_id, by)
    now = moment()
    if plan.good_for() < now:
        raise NotNow(TOO_OLD, code="plan_too_old", minutes=plan.region.rules().plan_minutes)
    offers: list[Offer] = []
    refused: list[Dropped] = []
    for row in _chosen(plan, requests, by):
        try:
            offers.append(_offered(row, by))
        except Refused as refusal:
            if requests is None:
                raise NotNow(NOT_WHOLE, code="stale_plan") from refusal
            refused.append(Dropped(UUID(row["request"]), refusal))
    if not offers:
        raise _nothing_done(refused)
    Plan.objects.filter(pk=plan.pk).update(
        state=PlanState.APPLIED, applied_at=now, applied_by=by.pk
    )
    plan.state, plan.applied_at = PlanState.APPLIED, now
    record(PLAN_MOVES["apply_plan"].event, plan.pk, by=by, audience=[plan.region.root_id])
    return Applied(plan, tuple(offers), tuple(refused))


def _nothing_done(refused: Sequence[Dropped]) -> Refused:
    """Step: why, as truly as it can be said: one reason for all, or that the night went on."""
    if not refused:
        return NotNow(NONE_OF_YOURS, code="none_of_yours")
    if len({dropped.refusal.code for dropped in refused}) == 1:
        return refused[0].refusal
    return NotNow(NO_LONGER, code="stale_plan")


def _locked(plan_id: UUID, by: Actor) -> Plan:
    """Step: two who apply the same plan do so one after the other."""
    seen = Plan.objects.visible_to(by).select_for_update(no_key=True, of=("self",))
    plan = seen.select_related("region__parent").filter(pk=plan_id).first()
    if plan is None:
        raise NotSeen
    moves.check(PLAN_MOVES, "apply_plan", state=plan.state, sides=plan.sides(by), duties=by.duties)
    return plan


def _chosen(plan: Plan, requests: Collection[UUID] | None, by: Actor) -> list[Row]:
    """Step: the rows to carry out, in the order in which all who do this lock requests."""
    rows = {UUID(row["request"]): row for row in plan.content["rows"]}
    if requests is None:
        mine = str(by.organisation_id)
        return sorted(
            (row for row in rows.values() if row["unit"] and row["organisation"] == mine),
            key=lambda row: str(row["request"]),
        )
    if unknown := [str(pk) for pk in requests if pk not in rows]:
        raise NotValid(
            "requests", N_("The plan knows no such request: %(ids)s."), ids=", ".join(unknown)
        )
    return [rows[pk] for pk in sorted({*requests}, key=str)]


def _offered(row: Row, by: Actor) -> Offer:
    """Step: as if made by hand; undone when the request is not the one that was planned for."""
    if row["unit"] is None:
        raise NotNow(NOT_PLANNED, code="not_planned")
    if row["organisation"] != str(by.organisation_id):
        raise NotNow(OTHER_DESK, code="other_desk")
    with part():
        made = services.offer(UUID(row["request"]), unit_id=UUID(row["unit"]), by=by)
        if made.request.version != row["version"] + 1:
            raise NotNow(MOVED, code="request_moved")
    return made
