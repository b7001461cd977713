"""What a request asks, as a ranking sees it: read in one statement, without the patient."""

import json
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.dateparse import parse_datetime

from coordination.finding.tried import ASKED, Tried
from coordination.matching import VISITS, Need
from coordination.matching.terms import NEIGHBOUR, OTHER, OWN
from coordination.models import CareRequest, Offer
from lzc.models import PostalArea, Region
from lzc.rights import OrganisationKind
from triage.models import Involvement

CIRCLES = frozenset({OWN, NEIGHBOUR})
#: Nobody treats there until that is agreed on.
NOBODY_YET = "none"


@dataclass(frozen=True)
class Spot:
    """A point in the national grid, metres. `known`: where the patient is or wants to be; else
    no more than where to begin looking."""

    x: float
    y: float
    known: bool


def with_need(requests: QuerySet[CareRequest]) -> QuerySet[Any]:
    """Each with all that `need_of` reads."""
    near = PostalArea.objects.filter(pk=Coalesce(OuterRef("near_pc4"), OuterRef("pc4")))
    town = PostalArea.objects.filter(town=OuterRef("desk__organisation__town")).order_by("pk")
    # A practice that owns the case, or asks in it, has no part in it as own huisarts beside that.
    practice = Involvement.objects.open().filter(
        Q(kind=Involvement.Kind.OWN_HUISARTS) | Q(organisation__kind=OrganisationKind.HUISARTS),
        case=OuterRef(OuterRef(OuterRef("case"))),
    )
    # A practice may be put down in a subregion, or in a ROAZ region as a whole.
    there = practice.values("organisation__region")
    regions = Region.objects.filter(Q(pk__in=there) | Q(parent__in=there))
    comes = PostalArea.objects.filter(region__in=regions)
    offers = Offer.objects.filter(request=OuterRef("pk")).values(
        json=JSONObject(**{name: F(name) for name in ASKED})
    )
    return requests.select_related("desk__region__parent", "desk__organisation").annotate(
        near_x=Subquery(near.values("x")[:1]),
        near_y=Subquery(near.values("y")[:1]),
        desk_x=Subquery(town.values("x")[:1]),
        desk_y=Subquery(town.values("y")[:1]),
        huisarts_comes=ArraySubquery(comes.values("pk")),
        tried_so_far=ArraySubquery(offers),
    )


def read(made: CareRequest) -> Any:
    """Step: the caller holds the request. The same, with what stands around it read in a statement
    that is written out once: building it takes longer than asking it."""
    sql, values = _written()
    with connection.cursor() as cursor:
        cursor.execute(sql, [made.pk if v == NOBODY else v for v in values])
        around = cursor.fetchone()
    row = copy(made)
    vars(row).update(zip(AROUND, around, strict=True))
    return row


NOBODY = UUID(int=0)
#: What `with_need` reads beside the request itself.
AROUND = ("near_x", "near_y", "desk_x", "desk_y", "huisarts_comes", "tried_so_far")


@cache
def _written() -> tuple[str, tuple[Any, ...]]:
    found = with_need(CareRequest.objects.filter(pk=NOBODY)).select_related(None)
    return found.values_list(*AROUND).query.sql_with_params()


def spot_of(row: Any) -> Spot | None:
    if row.near_x is not None:
        return Spot(row.near_x, row.near_y, True)
    return Spot(row.desk_x, row.desk_y, False) if row.desk_x is not None else None


def need_of(row: Any, now: datetime) -> Need:
    """`row`: a request of `with_need`."""
    tried, spot = Tried.of(map(_offer, row.tried_so_far), now), spot_of(row)
    here = spot is not None and spot.known
    pc4 = row.near_pc4 or row.pc4
    return Need(
        care_types=tuple(row.care_types),
        requirements=frozenset(row.requirements),
        wishes=frozenset(row.wish_codes),
        pc4=pc4,
        x=row.near_x if here else None,
        y=row.near_y if here else None,
        urgency=row.urgency,
        needed_in=_minutes(row.needed_by - now),
        may_wait=max(0.0, _minutes(row.may_wait_until - now)) if row.may_wait_until else 0.0,
        sex=row.sex,
        legal_ground=row.legal_ground,
        refused_by=frozenset(tried.refused),
        asked=frozenset(tried.live),
        travel_limit=row.travel_limit,
        circles=CIRCLES | {OTHER} if row.beyond else CIRCLES,
        huisarts_area=huisarts_area(row),
    )


def huisarts_area(row: Any) -> frozenset[int] | None:
    """Where the own huisarts comes: its own subregion. None: settled, or not known."""
    if row.who_treats == NOBODY_YET:
        return frozenset()
    if row.who_treats or not row.huisarts_comes:
        return None
    return frozenset(row.huisarts_comes)


def comes_to_patient(care_types: tuple[str, ...]) -> bool:
    return VISITS.issuperset(care_types)


def _offer(said: Any) -> tuple[UUID, str, str, datetime | None]:
    """Of a written statement it comes as text."""
    told: dict[str, Any] = json.loads(said) if isinstance(said, str) else said
    until = told["free_from"]
    return (UUID(told["unit_id"]), told["state"], told["reason"], until and parse_datetime(until))


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60
