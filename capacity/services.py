"""Keeping capacity true, and giving a place once. Each verb runs inside an act."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from capacity.models import CareUnit, Place
from capacity.states import PLACE_MOVES, PlaceState, Side
from lzc import moves
from lzc.errors import N_, NotNow, NotSeen, NotValid
from lzc.events import record, verb
from lzc.models import CLOCK, Actor

MOST_AT_ONCE = 50

#: One guarded statement: exactly one free place, or none. `= (SELECT … LIMIT 1)`, not `IN`: with a
#: nested-loop plan the latter once held two thousand places.
TAKE = """
UPDATE capacity_place SET state = 'held', held_by = %s WHERE id = (
    SELECT id FROM capacity_place
    WHERE unit_id = %s AND state = 'free'
      AND (valid_until IS NULL OR valid_until > clock_timestamp())
    ORDER BY observed_at DESC LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING id
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


def _permit(unit: CareUnit, name: str, state: str, by: Actor) -> moves.Move:
    sides = {Side.PLANNER} if unit.organisation_id == by.organisation_id else set()
    return moves.check(PLACE_MOVES, name, state=state, sides=sides, duties=by.duties)


def told(unit: CareUnit) -> list[UUID]:
    """Who hears of capacity: its own organisation, and whoever steers the region."""
    return [unit.organisation_id, unit.region.root_id]


def _observe(unit: CareUnit, by: Actor, source: str) -> None:
    CareUnit.objects.filter(pk=unit.pk).update(observed_at=Now(), observed_by=by.pk, source=source)


@verb
def release(
    unit_id: UUID,
    *,
    count: int = 1,
    valid_until: datetime | None = None,
    source: str = Place.Source.PLANNER,
    by: Actor,
) -> list[Place]:
    """`+1 vrij`: so many places more can be given now. `valid_until`: the end of the shift."""
    unit = own_unit(unit_id, by=by)
    if not 1 <= count <= MOST_AT_ONCE:
        raise NotValid("count", N_("Enter a number from 1 to %(most)s."), most=MOST_AT_ONCE)
    event = _permit(unit, "release", PlaceState.WITHDRAWN, by).event
    dormant = list(
        Place.objects.filter(unit=unit, state=PlaceState.WITHDRAWN)
        .select_for_update(no_key=True)
        .values_list("pk", flat=True)[:count]
    )
    said = {"valid_until": valid_until, "source": source, "confirmed_by": by.pk}
    Place.objects.filter(pk__in=dormant).update(state=PlaceState.FREE, observed_at=Now(), **said)
    new = [Place(unit=unit, **said) for _ in range(count - len(dormant))]
    Place.objects.bulk_create(new)
    _observe(unit, by, source)
    record(event, unit.pk, by=by, audience=told(unit), unit=unit.pk)
    return list(Place.objects.filter(pk__in=[*dormant, *(p.pk for p in new)]))


@verb
def withdraw(
    unit_id: UUID, *, count: int = 1, source: str = Place.Source.PLANNER, by: Actor
) -> int:
    """`− 1`: so many free places can no longer be given. What somebody holds is not touched."""
    unit = own_unit(unit_id, by=by)
    event = _permit(unit, "withdraw", PlaceState.FREE, by).event
    if not 1 <= count <= MOST_AT_ONCE:
        raise NotValid("count", N_("Enter a number from 1 to %(most)s."), most=MOST_AT_ONCE)
    free = list(
        Place.objects.filter(Place.usable(), unit=unit)
        .order_by("observed_at")
        .select_for_update(no_key=True)
        .values_list("pk", flat=True)[:count]
    )
    if len(free) < count:
        raise NotNow(
            N_("There are no more free places to withdraw: the others are held for a request."),
            code="none_free",
        )
    Place.objects.filter(pk__in=free).update(
        state=PlaceState.WITHDRAWN, observed_at=Now(), confirmed_by=by.pk
    )
    _observe(unit, by, source)
    record(event, unit.pk, by=by, audience=told(unit), unit=unit.pk)
    return len(free)


@verb
def confirm(unit_id: UUID, *, source: str = Place.Source.PLANNER, by: Actor) -> CareUnit:
    """`Klopt nog`: what the unit says of its places still holds, none free included."""
    unit = own_unit(unit_id, by=by)
    _permit(unit, "withdraw", PlaceState.FREE, by)
    Place.objects.filter(unit=unit, state=PlaceState.FREE).update(
        observed_at=Now(), confirmed_by=by.pk, source=source
    )
    _observe(unit, by, source)
    record("unit.confirmed", unit.pk, by=by, audience=told(unit), unit=unit.pk)
    unit.refresh_from_db(fields=["observed_at", "source"])
    return unit


@verb
def report_free(
    unit_id: UUID, *, free: int, valid_until: datetime | None = None, by: Actor
) -> CareUnit:
    """A system says how many are free now. What is held for a request stays held, uncounted."""
    if not 0 <= free <= MOST_AT_ONCE:
        raise NotValid("free", N_("Enter a number from 0 to %(most)s."), most=MOST_AT_ONCE)
    unit = own_unit(unit_id, by=by)
    now_free = Place.objects.filter(Place.usable(), unit=unit).count()
    if free > now_free:
        release(
            unit_id,
            count=free - now_free,
            valid_until=valid_until,
            source=Place.Source.API,
            by=by,
        )
    elif free < now_free:
        withdraw(unit_id, count=now_free - free, source=Place.Source.API, by=by)
    return confirm(unit_id, source=Place.Source.API, by=by)


def hold(unit: CareUnit, *, offer: UUID) -> UUID:
    """Step of an offer: take one free place of this unit, or say that there is none."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [offer, unit.pk])
        taken = cursor.fetchall()
    if len(taken) > 1:
        raise RuntimeError("one offer took more than one place")
    if not taken:
        raise NotNow(
            N_("The last place of %(unit)s was just given. Choose another."),
            code="no_place",
            unit=unit.name,
        )
    place: UUID = taken[0][0]
    return place


def _shift(place: UUID, offer: UUID, target: PlaceState) -> None:
    moved = Place.objects.filter(pk=place, state=PlaceState.HELD, held_by=offer).update(
        state=target, held_by=None
    )
    if moved != 1:
        raise RuntimeError(f"place {place} was not held by offer {offer}")


def let_go(place: UUID, *, offer: UUID) -> None:
    """Step of an offer that ended without a patient: the place can be given again."""
    _shift(place, offer, PlaceState.FREE)


def occupy(place: UUID, *, offer: UUID) -> None:
    """Step of an offer that started: the patient is there."""
    _shift(place, offer, PlaceState.OCCUPIED)


def withdraw_held(place: UUID, *, offer: UUID) -> None:
    """Step of a provider that refuses for want of a place: what they listed was not there."""
    _shift(place, offer, PlaceState.WITHDRAWN)


def vacate(place: UUID) -> None:
    """Step of an offer that is completed: the patient has left; the planner releases it again."""
    Place.objects.filter(pk=place, state=PlaceState.OCCUPIED).update(state=PlaceState.WITHDRAWN)


@verb
def lapse(place_id: UUID, *, by: Actor) -> None:
    """The shift has ended: a visit that was not given can no longer be."""
    place = (
        Place.objects.filter(pk=place_id)
        .select_for_update(no_key=True, of=("self",))
        .select_related("unit__region")
        .first()
    )
    if place is None:
        raise NotSeen
    sides = {Side.CLOCK} if by is CLOCK else set()
    found = moves.check(PLACE_MOVES, "lapse", state=place.state, sides=sides, duties=by.duties)
    ended = Place.objects.filter(pk=place.pk, valid_until__lte=Now())
    if not ended.update(state=PlaceState.WITHDRAWN):
        raise NotNow(N_("This shift has not ended yet."), code="not_yet")
    record(found.event, place.unit_id, by=by, audience=told(place.unit), unit=place.unit_id)


@verb
def remind(unit_id: UUID, *, by: Actor) -> None:
    """Nobody said for too long whether this still holds: ask the planner, once per silence."""
    unit = CareUnit.objects.select_related("region__parent").filter(pk=unit_id).first()
    if unit is None or by is not CLOCK:
        raise NotSeen
    stale_since = timezone.now() - timedelta(minutes=unit.region.rules().fresh_minutes)
    silent = Q(observed_at__lt=stale_since) & (
        Q(reminded_at=None) | Q(reminded_at__lt=F("observed_at"))
    )
    if not CareUnit.objects.filter(silent, pk=unit.pk).update(reminded_at=Now()):
        raise NotNow(N_("This was confirmed, or asked about, in the meantime."), code="not_stale")
    record("unit.grown_stale", unit.pk, by=by, audience=[unit.organisation_id], unit=unit.pk)
