"""From rows to values and back: what `matching` needs to know of a request and of the units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from capacity.models import CareUnit
from coordination.matching import (
    Candidate,
    Excluded,
    Group,
    Moment,
    Need,
    Relaxation,
    Unit,
    rank,
)
from coordination.models import CareRequest
from coordination.offering.in_order import MOST
from coordination.offering.limits import Tried
from coordination.offering.silence import with_health
from lzc.errors import NotSeen
from lzc.freshness import LEVELS
from lzc.hours import AMSTERDAM
from lzc.models import Actor, Membership, PostalArea, Region
from lzc.policy import Rules
from lzc.rights import Duty


@dataclass(frozen=True)
class Found:
    """A ranking with its units, to show: each candidate and each exclusion beside its row."""

    request: CareRequest
    candidates: list[tuple[Candidate, CareUnit]]
    excluded: list[tuple[Excluded, CareUnit]]
    relaxations: tuple[Relaxation, ...]
    #: Which rules decided.
    policy: str


def candidates(request_id: UUID, *, by: Actor) -> Found:
    """Who could take the patient of this request now. No patient row is read."""
    request = (
        CareRequest.objects.visible_to(by)
        .filter(pk=request_id)
        .select_related("desk__region__parent", "desk__organisation")
        .first()
    )
    if request is None or not by.has(Duty.DESK):
        raise NotSeen
    now, rules = timezone.now(), request.desk.region.rules()
    known = (
        CareUnit.objects.visible_to(by)
        .filter(_around(request.desk.region), care_type__in=request.care_types)
        .select_related("organisation")
        .with_counts()
    )
    units = {unit.pk: unit for unit in with_health(known, rules)}
    ranking = rank(
        _need(request, now),
        [_unit(unit, now) for unit in units.values()],
        at=_moment(now, rules),
        rules=rules,
    )
    return Found(
        request,
        [(c, units[c.unit]) for c in ranking.candidates],
        [(e, units[e.unit]) for e in ranking.excluded],
        ranking.relaxations,
        ranking.policy,
    )


def open_places(
    care_types: Sequence[str], *, pc4: int | None, by: Membership
) -> list[tuple[Candidate, CareUnit]]:
    """What is free now, nearest first, for whoever is about to ask. No patient row is read.

    As long as it is not known where the patient lives, it is near the one who asks.
    """
    region = by.organisation.region
    now, rules = timezone.now(), region.rules()
    known = (
        CareUnit.objects.visible_to(by)
        .filter(_around(region), care_type__in=care_types)
        .select_related("organisation")
        .with_counts()
    )
    units = {unit.pk: unit for unit in with_health(known, rules)}
    areas = PostalArea.objects.order_by("pk")
    near = areas.filter(pk=pc4) if pc4 else areas.filter(town=by.organisation.town, region=region)
    area = near.first()
    need = Need(tuple(care_types), pc4=pc4, x=area.x if area else None, y=area.y if area else None)
    ranking = rank(
        need,
        [_unit(unit, now) for unit in units.values()],
        at=_moment(now, rules),
        rules=rules,
        relax=False,
    )
    return [(c, units[c.unit]) for c in sorted(ranking.candidates, key=_nearness)]


def in_order(request_id: UUID, *, by: Actor) -> list[UUID]:
    """Whom to ask first, second, and so on: the candidates of now by their ranking."""
    found = candidates(request_id, by=by).candidates
    return [candidate.unit for candidate, _ in found][:MOST]


def _nearness(c: Candidate) -> tuple[int, float, str]:
    far = c.travel_minutes if c.travel_minutes is not None else float("inf")
    return (LEVELS.index(c.freshness), far, str(c.unit))


def _moment(now: datetime, rules: Rules) -> Moment:
    return Moment.of(now.astimezone(AMSTERDAM), rules)


def _around(region: Region) -> Q:
    """The whole ROAZ region, its subregions included; another region is asked by its own desk."""
    return Q(region=region.root_id) | Q(region__parent=region.root_id)


def _need(request: CareRequest, now: datetime) -> Need:
    area = PostalArea.objects.filter(pk=request.pc4).first() if request.pc4 else None
    tried = Tried(request)
    return Need(
        care_types=tuple(request.care_types),
        requirements=frozenset(request.requirements),
        pc4=request.pc4,
        x=area.x if area else None,
        y=area.y if area else None,
        urgency=request.urgency,
        needed_in=_minutes(request.needed_by - now),
        refused_by=frozenset(tried.refused),
        asked=frozenset(tried.live),
    )


def _unit(unit: Any, now: datetime) -> Unit:
    area = frozenset(unit.service_area)
    return Unit(
        id=unit.pk,
        care_type=unit.care_type,
        x=unit.x,
        y=unit.y,
        groups=(Group(free=unit.free),),
        held=unit.held,
        minutes_old=_minutes(now - unit.observed_at) if unit.observed_at else None,
        attributes=frozenset(unit.attributes),
        pc4=unit.pc4,
        service_area={"": area} if area else {},
        admits=_windows(unit),
        response_minutes=unit.response_minutes,
        health="silent" if unit.silent else "ok",
        direct_booking=unit.direct_booking,
        main_practitioner=unit.main_practitioner,
    )


def _windows(unit: CareUnit) -> tuple[tuple[int, int, int], ...]:
    """The same every day."""
    if unit.admits_from is None or unit.admits_until is None:
        return ()
    return tuple((day, unit.admits_from, unit.admits_until) for day in range(7))


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60
