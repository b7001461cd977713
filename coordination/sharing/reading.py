"""All open requests of a region and all its free places, each in one statement."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from capacity.models import CareUnit
from coordination.matching import Group, Need, Unit
from coordination.matching.terms import Window
from coordination.models import values
from coordination.sharing.turns import Ask
from coordination.states import HOLDING, OfferState, RequestState
from lzc import access
from lzc.models import Action, Region
from triage.models import TriageRecord
from triage.urgency import Urgency, may_be_matched

OPEN = (RequestState.SUBMITTED, RequestState.SEARCHING, RequestState.WAITING)
ANYWHERE: dict[str, frozenset[int]] = {}
LONG_AGO = datetime.min.replace(tzinfo=UTC)
REFUSED = (OfferState.DECLINED, OfferState.FAILED)

#: Open, in an open case, and nothing offered yet.
ASKED = """
SELECT r.id, r.version, r.desk_id, d.organisation_id, r.case_id, r.patient_id, c.redirected_at,
    r.care_types, r.requirements,
    r.urgency, r.pc4, a.x, a.y,
    extract(epoch FROM r.needed_by - %(now)s)::float8 / 60,
    extract(epoch FROM %(now)s - coalesce(r.submitted_at, r.created_at))::float8 / 60
FROM coordination_carerequest r
JOIN lzc_desk d ON d.id = r.desk_id
JOIN triage_case c ON c.id = r.case_id AND c.state = 'open'
LEFT JOIN lzc_postalarea a ON a.pc4 = r.pc4
WHERE r.state = ANY(%(states)s) AND d.region_id = ANY(%(regions)s)
    AND r.urgency NOT IN ('U0', 'U1')
    AND (%(care)s = '' OR %(care)s = ANY(r.care_types))
    AND NOT EXISTS (
        SELECT FROM coordination_offer o WHERE o.request_id = r.id AND o.state = ANY(%(holding)s))
ORDER BY r.id
"""
TRIED = """
SELECT request_id, array_agg(unit_id) FROM coordination_offer
WHERE request_id = ANY(%s) AND state = ANY(%s) GROUP BY request_id
"""
#: What is free, by unit and by what a place has of its own.
FREE = """
SELECT u.id, u.care_type, u.x, u.y, u.pc4, u.attributes, u.night_attributes, u.admits_from,
    u.admits_until, u.admits, u.service_area, u.shift_areas, u.response_minutes,
    p.attributes, p.free
FROM capacity_careunit u
JOIN (
    SELECT unit_id, attributes, count(*)::int AS free FROM capacity_place
    WHERE state = 'free' AND (valid_until IS NULL OR valid_until > %(now)s)
    GROUP BY unit_id, attributes
) p ON p.unit_id = u.id
WHERE u.region_id = ANY(%(regions)s) AND (%(unit)s::uuid IS NULL OR u.id = %(unit)s::uuid)
    AND NOT EXISTS (SELECT FROM capacity_closure c WHERE c.unit_id = u.id AND c.ended_at IS NULL)
ORDER BY u.id
"""


@dataclass(frozen=True)
class Open:
    """An open request as a plan sees it."""

    ask: Ask
    version: int
    desk: UUID
    organisation: UUID
    case: UUID
    patient: UUID
    redirected_at: datetime | None


def regions_of(region: Region) -> list[UUID]:
    """A ROAZ region with its subregions; a subregion alone."""
    return [region.pk, *Region.objects.filter(parent=region).values_list("pk", flat=True)]


def open_requests(
    regions: Sequence[UUID],
    now: datetime,
    *,
    states: Collection[str] = OPEN,
    care: str = "",
) -> list[Open]:
    """Those nobody was asked for yet. `care`: only who could do with that."""
    asked: dict[str, Any] = {
        "now": now,
        "states": [str(state) for state in states],
        "regions": list(regions),
        "care": care,
        "holding": values(HOLDING),
    }
    with connection.cursor() as cursor:
        cursor.execute(ASKED, asked)
        rows = cursor.fetchall()
        cursor.execute(TRIED, [[row[0] for row in rows], values(REFUSED)])
        tried = dict(cursor.fetchall())
    return [_open(row, tried.get(row[0], ())) for row in rows]


def matchable(found: Sequence[Open]) -> list[Open]:
    """Without a U2 that no physician saw, and what nobody judged since 112 gave it back.

    Only of these the newest judgement is looked at, and that is written down.
    """
    unsure = {f.case: f for f in found if f.ask.need.urgency == Urgency.U2 or f.redirected_at}
    if not unsure:
        return list(found)
    access.opened(Action.LIST, [f.patient for f in unsure.values()])
    newest = TriageRecord.objects.filter(case__in=unsure).order_by("case_id", "-number")
    judged = newest.distinct("case_id").values_list("case_id", "urgency", "physician", "at")
    fine = {
        case
        for case, urgency, physician, at in judged
        if may_be_matched(urgency, physician) and at > (unsure[case].redirected_at or LONG_AGO)
    }
    return [f for f in found if f.case not in unsure or f.case in fine]


def _open(row: Sequence[Any], tried: Collection[UUID]) -> Open:
    pk, version, desk, organisation, case, patient, redirected, *asked = row
    care, needs, urgency, pc4, x, y, left, waited = asked
    need = Need(
        care_types=tuple(care),
        requirements=_codes(tuple(needs)),
        pc4=pc4,
        x=x,
        y=y,
        urgency=urgency,
        needed_in=left,
        refused_by=frozenset(tried),
    )
    return Open(Ask(pk, need, waited), version, desk, organisation, case, patient, redirected)


def free_places(regions: Sequence[UUID], now: datetime, unit: UUID | None = None) -> list[Unit]:
    """Units that have something free and take people in, with their free places by kind."""
    with connection.cursor() as cursor:
        cursor.execute(FREE, {"regions": list(regions), "now": now, "unit": unit})
        # Row by row: what a row was made of is gone before the next one comes.
        return [_unit(list(rows)) for _, rows in groupby(cursor, itemgetter(0))]


def _unit(rows: Sequence[Any]) -> Unit:
    pk, care, x, y, pc4, has, by_night, opens, closes, days, area, shifts, response, *_ = rows[0]
    return Unit(
        id=pk,
        care_type=care,
        x=x,
        y=y,
        pc4=pc4,
        groups=tuple(Group(_codes(tuple(own)), free) for *_rest, own, free in rows),
        attributes=_codes(tuple(has)),
        night_attributes=None if by_night is None else _codes(tuple(by_night)),
        service_area=_areas(area, shifts) if area or shifts != "{}" else ANYWHERE,
        admits=_windows(opens, closes, days),
        response_minutes=response,
    )


def _areas(area: Sequence[int], shifts: str) -> dict[str, frozenset[int]]:
    areas = {name: frozenset(where) for name, where in _told(shifts).items()}
    return areas | ({"": frozenset(area)} if area else {})


@lru_cache(maxsize=4096)
def _codes(codes: tuple[str, ...]) -> frozenset[str]:
    """Many places have the same: one set for all of them."""
    return frozenset(codes)


@lru_cache(maxsize=1024)
def _windows(opens: int | None, closes: int | None, days: str) -> tuple[Window, ...]:
    """When a unit admits: as it says per weekday, else the same every day. Many say the same."""
    if said := _told(days):
        return tuple((int(day), *window) for day, found in said.items() for window in found)
    if opens is None or closes is None:
        return ()
    return tuple((day, opens, closes) for day in range(7))


def _told(text: str) -> dict[str, Any]:
    """Most say nothing."""
    return {} if text == "{}" else json.loads(text)


def unit_of(pk: UUID) -> CareUnit | None:
    """A unit with its region: where something changed."""
    return CareUnit.objects.filter(pk=pk).select_related("region__parent").first()
