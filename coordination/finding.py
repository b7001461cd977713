"""From rows to values and back: what `matching` needs to know of a request and of the units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from capacity.models import CareUnit
from coordination.matching import Candidate, Excluded, Need, Unit, rank
from coordination.models import CareRequest, Offer
from coordination.states import HOLDING, OfferState
from lzc.errors import NotSeen
from lzc.hours import AMSTERDAM
from lzc.models import Actor, Membership, PostalArea, Region
from lzc.rights import Duty

REFUSED = (OfferState.DECLINED, OfferState.FAILED)


@dataclass(frozen=True)
class Found:
    """A ranking with its units, to show: each candidate and each exclusion beside its row."""

    request: CareRequest
    candidates: list[tuple[Candidate, CareUnit]]
    excluded: list[tuple[Excluded, CareUnit]]


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
    units = {
        unit.pk: unit
        for unit in CareUnit.objects.visible_to(by)
        .filter(_around(request.desk.region), care_type__in=request.care_types)
        .select_related("organisation")
        .with_counts()
    }
    now = timezone.now()
    ranking = rank(
        _need(request),
        [_unit(unit, now) for unit in units.values()],
        minute=_minute(now),
        rules=request.desk.region.rules(),
    )
    return Found(
        request,
        [(c, units[c.unit]) for c in ranking.candidates],
        [(e, units[e.unit]) for e in ranking.excluded],
    )


def open_places(
    care_types: Sequence[str], *, pc4: int | None, by: Membership
) -> list[tuple[Candidate, CareUnit]]:
    """What is free now, nearest first, for whoever is about to ask. No patient row is read.

    As long as it is not known where the patient lives, it is near the one who asks.
    """
    region = by.organisation.region
    units = {
        unit.pk: unit
        for unit in CareUnit.objects.visible_to(by)
        .filter(_around(region), care_type__in=care_types)
        .select_related("organisation")
        .with_counts()
    }
    areas = PostalArea.objects.order_by("pk")
    near = areas.filter(pk=pc4) if pc4 else areas.filter(town=by.organisation.town, region=region)
    area = near.first()
    need = Need(tuple(care_types), pc4=pc4, x=area.x if area else None, y=area.y if area else None)
    now = timezone.now()
    ranking = rank(
        need,
        [_unit(unit, now) for unit in units.values()],
        minute=_minute(now),
        rules=region.rules(),
    )
    nearest = sorted(ranking.candidates, key=lambda c: c.order()[1:])
    return [(c, units[c.unit]) for c in nearest]


def _minute(now: datetime) -> int:
    """Minutes after midnight on the Dutch wall clock."""
    local = now.astimezone(AMSTERDAM)
    return local.hour * 60 + local.minute


def _around(region: Region) -> Q:
    """The whole ROAZ region, its subregions included; another region is asked by its own desk."""
    return Q(region=region.root_id) | Q(region__parent=region.root_id)


def _need(request: CareRequest) -> Need:
    area = PostalArea.objects.filter(pk=request.pc4).first() if request.pc4 else None
    tried = Offer.objects.filter(request=request).values_list("unit_id", "state")
    return Need(
        care_types=tuple(request.care_types),
        requirements=frozenset(request.requirements),
        pc4=request.pc4,
        x=area.x if area else None,
        y=area.y if area else None,
        refused_by=frozenset(unit for unit, state in tried if state in REFUSED),
        asked=frozenset(unit for unit, state in tried if state in HOLDING),
    )


def _unit(unit: CareUnit, now: datetime) -> Unit:
    old = (now - unit.observed_at).total_seconds() / 60 if unit.observed_at else None
    return Unit(
        id=unit.pk,
        care_type=unit.care_type,
        x=unit.x,
        y=unit.y,
        free=unit.free,
        held=unit.held,
        minutes_old=old,
        attributes=frozenset(unit.attributes),
        service_area=frozenset(unit.service_area),
        admits_from=unit.admits_from,
        admits_until=unit.admits_until,
        response_minutes=unit.response_minutes,
    )
