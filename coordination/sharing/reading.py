"""All open requests of a region and all its free places, read as rows. Inside an act."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from capacity.models import CareUnit
from capacity.nearest import rows
from coordination.finding.units import areas, codes, windows
from coordination.matching import Group, Moment, Need, Unit
from coordination.matching.hard_rules import area_of
from coordination.matching.terms import Window
from coordination.models import values
from coordination.refusals import still_refused
from coordination.sharing.nearby import Places
from coordination.sharing.spots import NOBODY, Columns, kinds_of
from coordination.states import HOLDING, OfferState, RequestState
from lzc import access
from lzc.among import among
from lzc.models import Action, Region
from triage.models import TriageRecord
from triage.urgency import Urgency, may_be_matched

OPEN = (RequestState.SUBMITTED, RequestState.SEARCHING, RequestState.WAITING)
NO_UNIT: frozenset[UUID] = frozenset()
LONG_AGO = datetime.min.replace(tzinfo=UTC)
REFUSED = (OfferState.DECLINED, OfferState.FAILED)

#: What is open is little beside all that was. Without statistics the planner read whole tables
#: instead, once per request: three times slower at 500, and that grows with the square. With them
#: it joins by hash, and reads all units of a country for those with a place.
BY_INDEX = ("seqscan", "hashjoin", "mergejoin")
_WHERE = """
WHERE r.state = ANY(%(states)s)
    AND (d.region_id = ANY(%(regions)s) OR (r.beyond AND %(beyond)s))
    AND r.urgency NOT IN ('U0', 'U1')
    AND (%(care)s = '' OR %(care)s = ANY(r.care_types))
"""
#: What holds a place now is read once, and not looked up for each request: an index has it.
LIVE = ", ".join(f"'{state}'" for state in sorted(values(HOLDING)))
#: Open, in an open case, and nothing offered yet. Minutes from now, or until now.
ASKED = f"""
SELECT r.id, r.version, r.desk_id, d.organisation_id, r.case_id, r.patient_id, c.redirected_at,
    array_to_string(r.care_types, ' '), array_to_string(r.requirements, ' '),
    r.urgency, coalesce(r.near_pc4, r.pc4), a.x, a.y, r.sex, r.legal_ground, r.travel_limit,
    coalesce(greatest(extract(epoch FROM r.may_wait_until - %(now)s)::float8 / 60, 0), 0),
    extract(epoch FROM r.needed_by - %(now)s)::float8 / 60,
    extract(epoch FROM %(now)s - coalesce(r.submitted_at, r.created_at))::float8 / 60
FROM coordination_carerequest r
JOIN lzc_desk d ON d.id = r.desk_id
JOIN triage_case c ON c.id = r.case_id AND c.state = 'open'
LEFT JOIN lzc_postalarea a ON a.pc4 = coalesce(r.near_pc4, r.pc4)
{_WHERE}
    AND r.id NOT IN (SELECT request_id FROM coordination_offer WHERE state IN ({LIVE}))
ORDER BY r.id
"""
#: What was said to those that look.
TRIED = f"""
SELECT o.request_id, o.unit_id, o.reason, o.free_from
FROM coordination_carerequest r
JOIN lzc_desk d ON d.id = r.desk_id
JOIN coordination_offer o ON o.request_id = r.id AND o.state = ANY(%(refused)s)
{_WHERE}
"""
#: What is free, by unit and by what a place has of its own. `alike`: what decides who may come,
#: as one text, since three thousand lists take longer to read than the thirty kinds there are.
FREE = """
WITH free AS MATERIALIZED (
    SELECT unit_id, attributes, count(*)::int AS free FROM capacity_place
    WHERE root = %(root)s AND state = 'free'
        AND (valid_until IS NULL OR valid_until > %(now)s)
    GROUP BY unit_id, attributes
)
SELECT u.id, u.x, u.y, p.free, u.response_minutes, concat_ws('|',
        u.care_type, array_to_string(u.attributes, ' '),
        coalesce(array_to_string(u.night_attributes, ' '), '='), array_to_string(p.attributes, ' '),
        coalesce(u.admits_from::text, ''), coalesce(u.admits_until::text, ''), u.admits) AS alike,
    u.service_area, u.shift_areas
FROM free p JOIN capacity_careunit u ON u.id = p.unit_id
WHERE u.id NOT IN (SELECT unit_id FROM capacity_closure WHERE ended_at IS NULL)
ORDER BY u.id, p.attributes
"""
#: By night as by day.
AS_BY_DAY = "="


class Open(NamedTuple):
    """An open request as a plan sees it: a row of ASKED, and who said no to it."""

    id: UUID
    version: int
    desk: UUID
    organisation: UUID
    case: UUID
    patient: UUID
    redirected_at: datetime | None
    #: Codes, with a space between: thousands of lists take long to read.
    care: str
    needs: str
    urgency: str
    pc4: int | None
    x: int | None
    y: int | None
    sex: str
    legal_ground: str
    travel_limit: float | None
    may_wait: float
    left: float
    waited: float
    tried: frozenset[UUID]

    @property
    def alike(self) -> tuple[object, ...]:
        return (self.care, self.needs, self.sex, self.legal_ground, self.may_wait)

    @property
    def care_types(self) -> list[str]:
        """What would do, best first."""
        return self.care.split()

    @property
    def turn(self) -> tuple[str, float, UUID]:
        """What sorts them: the most urgent first, then who waits longest."""
        return (self.urgency, -self.waited, self.id)

    @property
    def kind(self) -> Need:
        """What it asks, wherever and whenever it is."""
        return Need(
            care_types=tuple(self.care_types),
            requirements=_codes(self.needs),
            sex=self.sex,
            legal_ground=self.legal_ground,
            may_wait=self.may_wait,
        )

    @property
    def need(self) -> Need:
        """As the hard rules want to know it: what is only wished excludes nobody."""
        return replace(
            self.kind,
            pc4=self.pc4,
            x=self.x,
            y=self.y,
            urgency=self.urgency,
            needed_in=self.left,
            travel_limit=self.travel_limit,
            refused_by=self.tried,
        )


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
    given: dict[str, Any] = {
        "now": now,
        "states": [str(state) for state in states],
        "regions": list(regions),
        "care": care,
        "beyond": beyond,
        "refused": values(REFUSED),
    }
    found, refused = rows(ASKED, BY_INDEX, given), _still_refused(rows(TRIED, BY_INDEX, given), now)
    return [Open._make((*row, refused.get(row[0], NO_UNIT))) for row in found]


def _still_refused(said: Iterable[Sequence[Any]], now: datetime) -> dict[UUID, frozenset[UUID]]:
    """By request which units said no; "not now, but later" is over when that moment has come."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for request, unit, reason, free_from in said:
        if still_refused(reason, free_from, now):
            found[request].add(unit)
    return {request: frozenset(units) for request, units in found.items()}


def matchable(found: Sequence[Open]) -> list[Open]:
    """Without a U2 that no physician saw, and what nobody judged since 112 gave it back.

    Only of these the newest judgement is looked at, and that is written down.
    """
    unsure = {f.case: f for f in found if f.urgency == Urgency.U2 or f.redirected_at}
    if not unsure:
        return list(found)
    access.opened(Action.LIST, [f.patient for f in unsure.values()])
    newest = TriageRecord.objects.filter(among("case_id", unsure)).order_by("case_id", "-number")
    judged = newest.distinct("case_id").values_list("case_id", "urgency", "physician", "at")
    fine = {
        case
        for case, urgency, physician, at in judged
        if may_be_matched(urgency, physician) and at > (unsure[case].redirected_at or LONG_AGO)
    }
    return [f for f in found if f.case not in unsure or f.case in fine]


def free_places(root: UUID, now: datetime, at: Moment) -> Places:
    """What is free in a ROAZ region, in units that take people in, as columns."""
    found = rows(FREE, BY_INDEX, {"root": root, "now": now})
    return Places(_columns(found, at), at)


def _columns(found: Sequence[Any], at: Moment) -> Columns:
    units, xs, ys, free, response, kinds, area, shifts = (
        zip(*found, strict=True) if found else [()] * 8
    )
    shape, first = kinds_of(kinds)
    examples = [_example(kinds[n]) for n in first]
    own = [kind.groups[0].attributes for kind in examples]
    return Columns(
        units=units,
        own=[own[kind] for kind in shape.tolist()],
        where=np.array([xs, ys], np.float64).T.reshape(-1, 2),
        free=np.array(free, np.int64),
        response=np.array(response, np.float64),
        shape=shape,
        examples=examples,
        areas={
            n: area_of(areas(where, _told(shift)), at)
            for n, (where, shift) in enumerate(zip(area, shifts, strict=True))
            if where or shift != NOTHING
        },
    )


#: JSON that says nothing.
NOTHING = "{}"


def _example(alike: str) -> Unit:
    """What a spot gives, without who and where it is."""
    care, has, by_night, own, opens, closes, days = alike.split("|", 6)
    return Unit(
        id=NOBODY,
        care_type=care,
        x=0,
        y=0,
        groups=(Group(_codes(own), free=1),),
        attributes=_codes(has),
        night_attributes=None if by_night == AS_BY_DAY else _codes(by_night),
        admits=_windows(_minute(opens), _minute(closes), days),
    )


def _codes(text: str) -> frozenset[str]:
    return codes(tuple(text.split()))


def _minute(text: str) -> int | None:
    return int(text) if text else None


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
