"""Keeping places true, and giving a place once. Each verb runs inside an act.

Every move of a place is a fact. What a planner or the clock does is told to the unit's own
organisation and to whoever steers the region; what an offer does (`hold`, `let_go` …) to the latter
alone: a provider hears of an offer only when it may see it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from capacity.attributes import Attribute
from capacity.models import CareUnit, Closure, Place, PlaceOutcome
from capacity.states import PLACE_MOVES, UNIT_MOVES, PlaceState, Side, UnitState
from lzc import moves
from lzc.errors import N_, NotNow, NotSeen, NotValid
from lzc.events import current, moment, record, verb
from lzc.hours import shift_end
from lzc.models import CLOCK, Actor

MOST_AT_ONCE = 50
#: A plan further away than this is a wish.
FURTHEST_DAYS = 31

#: One guarded statement: exactly one free place, or none. `= (SELECT … LIMIT 1)`, not `IN`: with a
#: nested-loop plan the latter once held two thousand places. When it does not matter which, the
#: plainest goes first, so that a single room stays for who needs it; then what was seen last.
TAKE = """
UPDATE capacity_place SET state = 'held', held_by = %s,
    asked_minutes_old = extract(epoch FROM clock_timestamp() - greatest(observed_at,
        (SELECT u.observed_at FROM capacity_careunit u WHERE u.id = unit_id))) / 60
WHERE id = (
    SELECT id FROM capacity_place
    WHERE unit_id = %s AND state = 'free'
      AND (%s::varchar[] IS NULL OR attributes @> %s::varchar[] AND attributes <@ %s::varchar[])
      AND (valid_until IS NULL OR valid_until > clock_timestamp())
      AND NOT EXISTS (SELECT 1 FROM capacity_closure c WHERE c.unit_id = %s AND c.ended_at IS NULL)
    ORDER BY cardinality(attributes), observed_at DESC LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id
"""
#: What an offer does with the place it holds, and who is to hear of it.
SHIFT = """
UPDATE capacity_place p SET state = %s, held_by = NULL, occupied_by = %s
FROM capacity_careunit u JOIN lzc_region r ON r.id = u.region_id
WHERE p.id = %s AND p.state = 'held' AND p.held_by = %s AND u.id = p.unit_id
RETURNING u.id, coalesce(r.parent_id, r.id), coalesce(p.asked_minutes_old, 0)
"""


def own_unit(unit_id: UUID, *, by: Actor) -> CareUnit:
    """Step: a unit, locked. Everybody sees it, its own organisation may change it."""
    unit = (
        CareUnit.objects.visible_to(by)
        .filter(pk=unit_id)
        .select_for_update(no_key=True, of=("self",))
        .select_related("region")
        .first()
    )
    if unit is None:
        raise NotSeen
    return unit


def sides(unit: CareUnit, by: Actor) -> set[str]:
    """Step: where this actor stands towards this unit."""
    if by is CLOCK:
        return {Side.CLOCK}
    if by.kind == "link":
        return {Side.LINK} if by.pk == unit.pk else set()
    found: set[str] = set()
    if unit.organisation_id == by.organisation_id:
        found.add(Side.PLANNER)
    if unit.region.root_id in by.hears:
        found.add(Side.DESK)
    return found


def permit(unit: CareUnit, name: str, state: str, by: Actor) -> moves.Move:
    """Step: the move of a place of this unit, if this actor may make it now."""
    return moves.check(PLACE_MOVES, name, state=state, sides=sides(unit, by), duties=by.duties)


def told(unit: CareUnit) -> list[UUID]:
    """Who hears of capacity: its own organisation, and whoever steers the region."""
    return [unit.organisation_id, unit.region.root_id]


def tell(event: str, unit: CareUnit, by: Actor) -> None:
    """Step: a fact about the places of a unit."""
    record(event, unit.pk, by=by, audience=told(unit), unit=unit.pk)


def observe(unit: CareUnit, by: Actor, source: str, true_until: datetime | None = None) -> None:
    """Step: somebody said just now how many places there are."""
    CareUnit.objects.filter(pk=unit.pk).update(
        observed_at=Now(), observed_by=by.pk, source=source, true_until=true_until
    )


def stopped(unit: CareUnit) -> Closure | None:
    return Closure.now(unit).first()


def later(field: str, said: datetime) -> None:
    """Step: a moment that is said of the future lies there, and not too far."""
    ahead = said - moment()
    if not 0 < ahead.total_seconds() <= FURTHEST_DAYS * 86400:
        raise NotValid(
            field,
            N_("Choose a moment from now on, at most %(most)s days away."),
            most=FURTHEST_DAYS,
        )


def _counted(count: int) -> None:
    if not 1 <= count <= MOST_AT_ONCE:
        raise NotValid("count", N_("Enter a number from 1 to %(most)s."), most=MOST_AT_ONCE)


def known(attributes: Iterable[str]) -> list[str]:
    """Step: what a place has, in one order, so that equal places are equal rows."""
    found = sorted(set(attributes))
    if strange := [code for code in found if code not in set(Attribute)]:
        raise NotValid(
            "attributes",
            N_("These are no attributes of a place: %(codes)s."),
            codes=", ".join(strange),
        )
    return found


# What a planner says ---------------------------------------------------------------------------


@verb
def release(
    unit_id: UUID,
    *,
    count: int = 1,
    attributes: Iterable[str] = (),
    valid_until: datetime | None = None,
    source: str = Place.Source.PLANNER,
    by: Actor,
) -> list[Place]:
    """`+1 vrij`: so many places more can be given now. A visit: until the end of the shift."""
    unit = own_unit(unit_id, by=by)
    _counted(count)
    permit(unit, "release", PlaceState.WITHDRAWN, by)
    return add(unit, count, known(attributes), valid_until, source, by)


def until_by_itself(unit: CareUnit) -> datetime | None:
    """Step: a visit can be given until the end of its shift, a bed until somebody says else."""
    return shift_end(moment()) if unit.is_team else None


def add(
    unit: CareUnit,
    count: int,
    attributes: list[str],
    valid_until: datetime | None,
    source: str,
    by: Actor,
) -> list[Place]:
    """Step: so many more. What was withdrawn comes back, and new ones are made for the rest."""
    if valid_until is None:
        valid_until = until_by_itself(unit)
    if valid_until is not None:
        later("valid_until", valid_until)
    said = {"valid_until": valid_until, "source": source, "confirmed_by": by.pk}
    back = dormant(unit, attributes, count)
    Place.objects.filter(pk__in=back).update(state=PlaceState.FREE, observed_at=Now(), **said)
    new = [Place(unit=unit, attributes=attributes, **said) for _ in range(count - len(back))]
    Place.objects.bulk_create(new)
    observe(unit, by, source)
    tell("place.released", unit, by)
    return list(Place.objects.filter(pk__in=[*back, *(p.pk for p in new)]))


def dormant(unit: CareUnit, attributes: list[str], count: int) -> list[UUID]:
    """Step: withdrawn places of this very kind, locked, with no plan for them."""
    found = Place.objects.filter(
        unit=unit, state=PlaceState.WITHDRAWN, free_from=None, attributes=attributes
    )
    locked = found.select_for_update(no_key=True, skip_locked=True)
    return list(locked.values_list("pk", flat=True)[:count])


@verb
def withdraw(
    unit_id: UUID,
    *,
    count: int = 1,
    attributes: Iterable[str] | None = None,
    source: str = Place.Source.PLANNER,
    by: Actor,
) -> int:
    """`− 1`: so many free places can no longer be given. What somebody holds is not touched."""
    unit = own_unit(unit_id, by=by)
    permit(unit, "withdraw", PlaceState.FREE, by)
    _counted(count)
    free = Place.objects.filter(Place.usable(), unit=unit)
    if attributes is not None:
        free = free.filter(attributes=known(attributes))
    if take_off(free, count, by) < count:
        raise NotNow(
            N_("There are no more free places to withdraw: the others are held for a request."),
            code="none_free",
        )
    observe(unit, by, source)
    tell("place.withdrawn", unit, by)
    return count


def take_off(free: QuerySet[Place], count: int, by: Actor) -> int:
    """Step: withdraw at most so many of these free places; how many it were.

    First those that nobody is about to take, so that no offer is told there is none. Only when
    these are too few is waited for the rest: who wanted one may yet leave it.
    """
    taken: list[UUID] = []
    ordered = free.order_by("attributes__len", "observed_at")
    for patient in (False, True):
        if len(taken) < count:
            rows = ordered.exclude(pk__in=taken).select_for_update(
                no_key=True, skip_locked=not patient
            )
            # Waiting with a LIMIT would lose the ones that changed meanwhile: the rest, whole.
            left = rows.values_list("pk", flat=True)[: None if patient else count]
            taken += list(left)[: count - len(taken)]
    return Place.objects.filter(pk__in=taken).update(
        state=PlaceState.WITHDRAWN, observed_at=Now(), confirmed_by=by.pk
    )


def empty(unit: CareUnit, by: Actor) -> None:
    """Step: the unit says that it is full: what it still lists goes off the list, however many.

    One statement: what somebody takes meanwhile is theirs, and no reason to refuse the answer.
    """
    observe(unit, by, Place.Source.PLANNER)
    free = Place.objects.filter(Place.usable(), unit=unit)
    if free.update(state=PlaceState.WITHDRAWN, observed_at=Now(), confirmed_by=by.pk):
        tell("place.withdrawn", unit, by)


@verb
def confirm(
    unit_id: UUID,
    *,
    true_until: datetime | None = None,
    source: str = Place.Source.PLANNER,
    by: Actor,
) -> CareUnit:
    """`Klopt nog`: what the unit says of its places still holds. `true_until`: and until then.

    It is said of the unit. The places themselves are left alone: locked by a confirmation, they
    would look taken to an offer at that very instant.
    """
    unit = own_unit(unit_id, by=by)
    state = UnitState.STOPPED if stopped(unit) else UnitState.OPEN
    found = moves.check(UNIT_MOVES, "confirm", state=state, sides=sides(unit, by), duties=by.duties)
    if true_until is not None:
        later("true_until", true_until)
    # Saying it again does not take back how long it was said to hold.
    observe(unit, by, source, true_until or unit.true_until)
    tell(found.event, unit, by)
    unit.refresh_from_db(fields=["observed_at", "source", "true_until"])
    return unit


@verb
def report_free(
    unit_id: UUID,
    *,
    free: int,
    attributes: Iterable[str] | None = None,
    valid_until: datetime | None = None,
    true_until: datetime | None = None,
    source: str = Place.Source.API,
    by: Actor,
) -> CareUnit:
    """A system says how many are free now; with `attributes`, how many of that kind.

    What is held for a request stays held, uncounted.
    """
    if not 0 <= free <= MOST_AT_ONCE:
        raise NotValid("free", N_("Enter a number from 0 to %(most)s."), most=MOST_AT_ONCE)
    unit = own_unit(unit_id, by=by)
    if valid_until is not None:
        later("valid_until", valid_until)
    kind = None if attributes is None else known(attributes)
    listed = Place.objects.filter(Place.usable(), unit=unit)
    if kind is not None:
        listed = listed.filter(attributes=kind)
    more = free - listed.count()
    if more > 0:
        said: dict[str, Any] = {"attributes": kind or (), "valid_until": valid_until}
        release(unit_id, count=more, source=source, by=by, **said)
    elif more < 0:
        withdraw(unit_id, count=-more, attributes=kind, source=source, by=by)
    if valid_until is not None:  # also of those that were listed before: the next shift has begun
        listed.update(valid_until=valid_until)
    return confirm(unit_id, true_until=true_until, source=source, by=by)


# What an offer does ----------------------------------------------------------------------------


def hold(unit: CareUnit, *, offer: UUID, like: Collection[str] | None = None) -> UUID:
    """Step of an offer: take one free place of this unit, or say no.

    `like`: what that place has of its own, no more and no less; None: any place of it will do.
    """
    kind = None if like is None else sorted(like)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [offer, unit.pk, kind, kind, kind, unit.pk])
        taken = cursor.fetchall()
    if len(taken) > 1:
        raise RuntimeError("one offer took more than one place")
    if not taken:
        raise _none_to_take(unit, like)
    place: UUID = taken[0][0]
    _tell_desks("place.held", unit.pk, unit.region.root_id)
    return place


def _none_to_take(unit: CareUnit, like: Collection[str] | None) -> NotNow:
    if stopped(unit):
        return NotNow(
            N_("%(unit)s takes nobody now. Choose another, or call them."),
            code="stopped",
            unit=unit.name,
        )
    planned = Place.objects.filter(unit=unit, free_from__isnull=False)
    if like is not None:
        planned = planned.filter(attributes__contains=like, attributes__contained_by=like)
    if planned.exists():
        return NotNow(
            N_("The place of %(unit)s is not free yet. Call them, or wait: you are told when."),
            code="not_free_yet",
            unit=unit.name,
        )
    return NotNow(
        N_("The last place of %(unit)s was just given. Choose another."),
        code="no_place",
        unit=unit.name,
    )


def _tell_desks(event: str, unit: UUID, region: UUID) -> None:
    """Step: a fact of an offer's place. The provider may not know of the offer yet."""
    record(event, unit, by=current().by, audience=[region], unit=unit)


def _shift(place: UUID, offer: UUID, name: str, *, was_there: bool | None) -> None:
    """Step: what the table says of this move, and what it proved about the place."""
    found = PLACE_MOVES[name]
    stays = offer if found.target == PlaceState.OCCUPIED else None
    with connection.cursor() as cursor:
        cursor.execute(SHIFT, [found.target, stays, place, offer])
        moved = cursor.fetchall()
    if len(moved) != 1:
        raise RuntimeError(f"place {place} was not held by offer {offer}")
    unit, region, minutes_old = moved[0]
    if was_there is not None:
        PlaceOutcome.objects.create(
            unit_id=unit, offer=offer, was_there=was_there, minutes_old=minutes_old
        )
    _tell_desks(found.event, unit, region)


def let_go(place: UUID, *, offer: UUID, proved: bool | None = None) -> None:
    """Step of an offer that ended without a patient: the place can be given again.

    `proved`: the provider had promised it, so it was really there.
    """
    _shift(place, offer, "let_go", was_there=proved)


def occupy(place: UUID, *, offer: UUID) -> None:
    """Step of an offer that started: the patient is there."""
    _shift(place, offer, "occupy", was_there=True)


def withdraw_held(place: UUID, *, offer: UUID) -> None:
    """Step of a provider that refuses for want of a place: what they listed was not there."""
    _shift(place, offer, "withdraw_held", was_there=False)


def put_off(place: UUID, *, offer: UUID, until: datetime) -> None:
    """Step of a provider that cannot now, but later: the place is planned for that moment."""
    later("free_from", until)
    withdraw_held(place, offer=offer)
    Place.objects.filter(pk=place).update(free_from=until)
    unit = CareUnit.objects.select_related("region").get(places=place)
    _tell_desks("place.release_planned", unit.pk, unit.region.root_id)


def vacate(place: UUID, *, offer: UUID | None = None) -> None:
    """Step of an offer that is completed: the patient has left; the planner releases it again.

    With `offer`: unless the planner said so before, and somebody else lies there by now.
    """
    mine = Q(occupied_by=offer) if offer else Q()
    rows = Place.objects.filter(mine, pk=place, state=PlaceState.OCCUPIED)
    if rows.update(state=PLACE_MOVES["vacate"].target, occupied_by=None):
        row = Place.objects.select_related("unit__region").get(pk=place)
        _tell_desks("place.vacated", row.unit_id, row.unit.region.root_id)
