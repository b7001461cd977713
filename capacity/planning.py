"""What will be free, what is free again, and what time does to a place. Runs inside an act."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Now

from capacity.models import CareUnit, Place
from capacity.services import (
    dormant,
    known,
    later,
    observe,
    own_unit,
    permit,
    tell,
    until_by_itself,
)
from capacity.states import PLACE_MOVES, PlaceState, Side
from lzc import moves
from lzc.errors import N_, NotNow, NotSeen, NotValid
from lzc.events import moment, verb
from lzc.models import CLOCK, Actor


@verb
def plan_release(
    unit_id: UUID,
    *,
    free_from: datetime,
    attributes: Iterable[str] = (),
    place: UUID | None = None,
    source: str = Place.Source.PLANNER,
    by: Actor,
) -> Place:
    """`Vrij vanaf 16:30`: a place that will be free then, this one or one more."""
    unit = own_unit(unit_id, by=by)
    later("free_from", free_from)
    kind = known(attributes)
    row = _planned(unit, place, kind, by)
    if place is not None and kind and kind != row.attributes:
        raise NotValid(
            "attributes",
            N_("This place keeps what it has. Leave the attributes out, or plan one more place."),
            code="attributes_kept",
        )
    said = {"free_from": free_from, "source": source, "confirmed_by": by.pk}
    Place.objects.filter(pk=row.pk).update(observed_at=Now(), **said)
    observe(unit, by, source)
    tell("place.release_planned", unit, by)
    row.refresh_from_db()
    return row


def _planned(unit: CareUnit, place: UUID | None, kind: list[str], by: Actor) -> Place:
    """Step: the place that a plan is about, locked; a withdrawn one, or a new one."""
    if place is not None:
        row = a_place(place, by=by)
        if row.unit_id != unit.pk:
            raise NotSeen
        permit(unit, "plan_release", row.state, by)
        return row
    permit(unit, "plan_release", PlaceState.WITHDRAWN, by)
    for pk in dormant(unit, kind, 1):
        return Place.objects.get(pk=pk)
    return Place.objects.create(
        unit=unit, attributes=kind, state=PlaceState.WITHDRAWN, source=Place.Source.PLANNER
    )


def a_place(place_id: UUID, *, by: Actor) -> Place:
    """Step: a place, locked after its unit: all verbs of planners lock in that order."""
    of = Place.objects.filter(pk=place_id).values_list("unit_id", flat=True).first()
    if of is None:
        raise NotSeen
    own_unit(of, by=by)
    found = Place.objects.select_related("unit__region").filter(pk=place_id)
    return found.select_for_update(no_key=True, of=("self",)).get()


@verb
def call_off(place_id: UUID, *, by: Actor) -> Place:
    """It will not be free at that time after all."""
    row = a_place(place_id, by=by)
    found = permit(row.unit, "call_off", row.state, by)
    if row.free_from is None:
        raise NotNow(N_("Nothing was planned for this place."), code="not_planned")
    Place.objects.filter(pk=row.pk).update(free_from=None)
    observe(row.unit, by, Place.Source.PLANNER)
    tell(found.event, row.unit, by)
    return row


@verb
def clear(place_id: UUID, *, by: Actor) -> Place:
    """The patient in it has left: it can be released again."""
    row = a_place(place_id, by=by)
    found = permit(row.unit, "clear", row.state, by)
    Place.objects.filter(pk=row.pk).update(
        state=found.target, occupied_by=None, observed_at=Now(), confirmed_by=by.pk
    )
    observe(row.unit, by, Place.Source.PLANNER)
    tell(found.event, row.unit, by)
    return row


@verb
def lapse(place_id: UUID, *, by: Actor) -> None:
    """The shift has ended: a visit that was not given can no longer be."""
    row, found = _timed(place_id, "lapse", by)
    ended = Place.objects.filter(pk=row.pk, valid_until__lte=Now())
    if not ended.update(state=found.target):
        raise NotNow(N_("This shift has not ended yet."), code="not_yet")
    tell(found.event, row.unit, by)


@verb
def come_free(place_id: UUID, *, by: Actor) -> None:
    """`Vrij vanaf` has come: the place can be given. It is as sure as when that was said."""
    row, found = _timed(place_id, "come_free", by)
    due = Place.objects.filter(pk=row.pk, free_from__lte=Now())
    said = {"free_from": None, "occupied_by": None, "valid_until": _good_for(row)}
    if not due.update(state=found.target, **said):
        raise NotNow(N_("This place is not planned to be free yet."), code="not_yet")
    tell(found.event, row.unit, by)


def _good_for(row: Place) -> datetime | None:
    """Step: until when it can be given. A shift that ended says nothing of a place freed after."""
    if row.valid_until is not None and row.valid_until > moment():
        return row.valid_until
    return until_by_itself(row.unit)


def _timed(place_id: UUID, name: str, by: Actor) -> tuple[Place, moves.Move]:
    """Step of the clock: it has no organisation and sees nothing; it was given the id."""
    row = (
        Place.objects.filter(pk=place_id)
        .select_for_update(no_key=True, of=("self",))
        .select_related("unit__region")
        .first()
    )
    if row is None:
        raise NotSeen
    timed = {Side.CLOCK} if by is CLOCK else set[str]()
    return row, moves.check(PLACE_MOVES, name, state=row.state, sides=timed, duties=by.duties)
