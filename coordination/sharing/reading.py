"""All open requests of a region and all its free places, each in one statement."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from capacity.models import CareUnit
from coordination.finding.units import areas, codes, windows
from coordination.matching import Group, Moment, Need, Unit
from coordination.matching.terms import Window
from coordination.models import values
from coordination.refusals import still_refused
from coordination.sharing.nearby import Columns, Places, Spot, area_of
from coordination.sharing.turns import Ask
from coordination.states import HOLDING, OfferState, RequestState
from lzc import access
from lzc.models import Action, Region
from triage.models import TriageRecord
from triage.urgency import Urgency, may_be_matched

OPEN = (RequestState.SUBMITTED, RequestState.SEARCHING, RequestState.WAITING)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
REFUSED = (OfferState.DECLINED, OfferState.FAILED)

#: Open, in an open case, and nothing offered yet.
ASKED = """
SELECT r.id, r.version, r.desk_id, d.organisation_id, r.case_id, r.patient_id, c.redirected_at,
    r.care_types, r.requirements, r.wish_codes,
    r.urgency, coalesce(r.near_pc4, r.pc4), a.x, a.y, r.sex, r.legal_ground, r.travel_limit,
    extract(epoch FROM r.may_wait_until - %(now)s)::float8 / 60,
    extract(epoch FROM r.needed_by - %(now)s)::float8 / 60,
    extract(epoch FROM %(now)s - coalesce(r.submitted_at, r.created_at))::float8 / 60
FROM coordination_carerequest r
JOIN lzc_desk d ON d.id = r.desk_id
JOIN triage_case c ON c.id = r.case_id AND c.state = 'open'
LEFT JOIN lzc_postalarea a ON a.pc4 = coalesce(r.near_pc4, r.pc4)
WHERE r.state = ANY(%(states)s)
    AND (d.region_id = ANY(%(regions)s) OR (r.beyond AND %(beyond)s))
    AND r.urgency NOT IN ('U0', 'U1')
    AND (%(care)s = '' OR %(care)s = ANY(r.care_types))
    AND NOT EXISTS (
        SELECT FROM coordination_offer o WHERE o.request_id = r.id AND o.state = ANY(%(holding)s))
ORDER BY r.id
"""
TRIED = """
SELECT request_id, unit_id, reason, free_from FROM coordination_offer
WHERE request_id = ANY(%s) AND state = ANY(%s)
"""
#: What is free, by unit and by what a place has of its own. `alike`: what decides who may come.
FREE = """
WITH free AS MATERIALIZED (
    SELECT unit_id, attributes, count(*)::int AS free FROM capacity_place
    WHERE root = %(root)s AND state = 'free'
        AND (valid_until IS NULL OR valid_until > %(now)s)
    GROUP BY unit_id, attributes
)
SELECT u.id, u.x, u.y, p.free, u.response_minutes,
    concat_ws('|', u.care_type, u.attributes, coalesce(u.night_attributes::text, '='),
        u.admits_from, u.admits_until, u.admits, p.attributes) AS alike,
    u.care_type, u.pc4, u.attributes, u.night_attributes, u.admits_from, u.admits_until, u.admits,
    u.service_area, u.shift_areas, p.attributes, u.main_practitioner
FROM free p JOIN capacity_careunit u ON u.id = p.unit_id
WHERE NOT EXISTS (SELECT FROM capacity_closure c WHERE c.unit_id = u.id AND c.ended_at IS NULL)
ORDER BY u.id, p.attributes
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
    beyond: bool = False,
) -> list[Open]:
    """Those nobody was asked for yet. `care`: only who could do with that. `beyond`: also of other
    regions, who said that another region will do."""
    asked: dict[str, Any] = {
        "now": now,
        "states": [str(state) for state in states],
        "regions": list(regions),
        "care": care,
        "beyond": beyond,
        "holding": values(HOLDING),
    }
    with connection.cursor() as cursor:
        cursor.execute(ASKED, asked)
        rows = cursor.fetchall()
        cursor.execute(TRIED, [[row[0] for row in rows], values(REFUSED)])
        refused = _still_refused(cursor.fetchall(), now)
    return [_open(row, refused[row[0]]) for row in rows]


def _still_refused(said: Iterable[Sequence[Any]], now: datetime) -> dict[UUID, set[UUID]]:
    """By request which units said no; "not now, but later" is over when that moment has come."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for request, unit, reason, free_from in said:
        if still_refused(reason, free_from, now):
            found[request].add(unit)
    return found


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
    care, needs, wishes, urgency, pc4, x, y, sex, ground, limit, wait, left, waited = asked
    need = Need(
        care_types=tuple(care),
        requirements=codes(tuple(needs)),
        wishes=codes(tuple(wishes)),
        pc4=pc4,
        x=x,
        y=y,
        urgency=urgency,
        needed_in=left,
        may_wait=max(wait or 0.0, 0.0),
        sex=sex,
        legal_ground=ground,
        travel_limit=limit,
        refused_by=frozenset(tried),
    )
    return Open(Ask(pk, need, waited), version, desk, organisation, case, patient, redirected)


def free_places(root: UUID, now: datetime, at: Moment) -> Places:
    """What is free in a ROAZ region, in units that take people in, as columns."""
    with connection.cursor() as cursor:
        cursor.execute(FREE, {"root": root, "now": now})
        rows = cursor.fetchall()
    return Places(_columns(rows, at), at)


def _columns(rows: Sequence[Any], at: Moment) -> Columns:
    _, xs, ys, free, response, alike, *_rest = zip(*rows, strict=True) if rows else [()] * 6
    kinds: dict[str, int] = {}
    shape = [kinds.setdefault(each, len(kinds)) for each in alike]
    made: dict[int, Spot] = {}

    def spot(n: int) -> Spot:
        if n not in made:
            made[n] = _spot(rows[n])
        return made[n]

    numbers = np.array(shape, np.int64)
    return Columns(
        where=np.array([xs, ys], np.float64).T.reshape(-1, 2),
        free=np.array(free, np.int64),
        response=np.array(response, np.float64),
        shape=numbers,
        examples=np.unique(numbers, return_index=True)[1].tolist(),
        areas={n: area_of(spot(n).unit, at) for n, row in enumerate(rows) if _comes(row)},
        spot=spot,
    )


def _comes(row: Sequence[Any]) -> bool:
    """Whether it says where it comes: a team, and not to everybody."""
    return bool(row[AREA]) or row[SHIFTS] != "{}"


#: Where the areas of a team stand in a row of FREE.
AREA, SHIFTS = 13, 14


def _spot(row: Sequence[Any]) -> Spot:
    pk, x, y, free, response, _alike, care, pc4, has, by_night, opens, closes, days, *rest = row
    area, shifts, own, treats = rest
    group = Group(codes(tuple(own)), free)
    unit = Unit(
        id=pk,
        care_type=care,
        x=x,
        y=y,
        pc4=pc4,
        groups=(group,),
        attributes=codes(tuple(has)),
        night_attributes=None if by_night is None else codes(tuple(by_night)),
        service_area=areas(area, _told(shifts)),
        admits=_windows(opens, closes, days),
        response_minutes=response,
        main_practitioner=treats,
    )
    return Spot(unit, group)


@lru_cache(maxsize=1024)
def _windows(opens: int | None, closes: int | None, days: str) -> tuple[Window, ...]:
    """Many say the same."""
    return windows(opens, closes, _told(days))


@lru_cache(maxsize=1024)
def _told(text: str) -> dict[str, Any]:
    """Most say nothing."""
    told: dict[str, Any] = json.loads(text)
    return told


def unit_of(pk: UUID) -> CareUnit | None:
    """A unit with its region: where something changed."""
    return CareUnit.objects.filter(pk=pk).select_related("region__parent").first()
