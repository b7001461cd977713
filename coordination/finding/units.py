"""Units as a ranking sees them, each read with its places, its stops and how it answered before."""

import json
from collections import namedtuple
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property, lru_cache, partial
from typing import Any
from uuid import UUID

from capacity.confidence import FIRST_GUESS, Outcome, confidence, half_life, quality
from capacity.models import CareUnit
from capacity.nearest import rows
from coordination.matching import Group, Unit
from coordination.matching.terms import NEIGHBOUR, OTHER, OWN, Window
from coordination.states import HOLDING
from lzc.models import Organisation, Region
from lzc.policy import Rules

UNIT = [str(f.column) for f in CareUnit._meta.concrete_fields]
HOUSE = [str(f.column) for f in Organisation._meta.concrete_fields]
AREA = [str(f.column) for f in Region._meta.concrete_fields]
ANYWHERE: dict[str, frozenset[int]] = {}
#: How good the lists of each kind of care are.
Usual = dict[str, float]
#: How many of its last offers, and of what they proved, say what a unit is like now.
LATELY = 20

#: Of each unit in `near`: itself, its house, and what stands around it. Times in minutes from now.
DETAILS = f"""
SELECT {", ".join(f"u.{column}" for column in UNIT)}, {", ".join(f"h.{c}" for c in HOUSE)},
    {", ".join(f"r.{c}" for c in AREA)}, stop.reason, stop.expected_end,
    places.groups, held.places, held.until,
    proved.outcomes, coalesce(answered.share, 1), coalesce(passed.offers, 0)
FROM near JOIN capacity_careunit u ON u.id = near.unit_id
JOIN lzc_organisation h ON h.id = u.organisation_id
JOIN lzc_region r ON r.id = u.region_id
LEFT JOIN capacity_closure stop ON stop.unit_id = u.id AND stop.ended_at IS NULL
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(to_jsonb(attributes), free, release)) AS groups FROM (
        SELECT attributes,
            count(*) FILTER (WHERE state = 'free'
                AND (valid_until IS NULL OR valid_until > %(now)s)) AS free,
            -- What is due is not there yet: the clock frees it first, some seconds later.
            min(greatest(extract(epoch FROM free_from - %(now)s)::float8 / 60, 0.02))
                FILTER (WHERE free_from IS NOT NULL) AS release
        FROM capacity_place
        WHERE unit_id = u.id AND (state = 'free' OR free_from IS NOT NULL)
        GROUP BY attributes
    ) alike
) places ON true
LEFT JOIN LATERAL (
    SELECT count(*)::int AS places,
        extract(epoch FROM min(coalesce(o.promised_until, o.answer_before)) - %(now)s)::float8 / 60
            AS until
    -- First its held places, then their offers: not every live offer of the country. Who holds a
    -- place stands there only while it is held; asked for by that state, the index of all that is
    -- held anywhere would be read for each unit.
    FROM (SELECT held_by FROM capacity_place
          WHERE unit_id = u.id AND held_by IS NOT NULL OFFSET 0) p
    JOIN coordination_offer o ON o.id = p.held_by AND o.state = ANY(%(holding)s)
) held ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(minutes_old, was_there)) AS outcomes FROM (
        SELECT minutes_old, was_there FROM capacity_placeoutcome
        WHERE unit_id = u.id ORDER BY at DESC LIMIT %(lately)s
    ) newest
) proved ON true
LEFT JOIN LATERAL (
    SELECT avg((state <> 'expired')::int)::float8 AS share FROM (
        SELECT state FROM coordination_offer
        WHERE unit_id = u.id AND visible_from <= %(now)s
        ORDER BY visible_from DESC LIMIT %(lately)s
    ) newest WHERE state NOT IN ('sent', 'asked', 'withdrawn')
) answered ON true
LEFT JOIN LATERAL (
    SELECT count(*)::int AS offers FROM coordination_offer o
    WHERE o.unit_id = u.id AND o.state = 'expired' AND o.seconds_left IS NULL
      AND o.ended_at > %(since)s
      AND NOT EXISTS (SELECT FROM coordination_offer later
          WHERE later.unit_id = u.id AND later.answered_at > o.ended_at)
) passed ON true
"""


class Known:
    """A unit to weigh, and the same unit to show: its row is made when somebody looks at it."""

    def __init__(self, told: Any, value: Unit) -> None:
        self._told, self.value = told, value

    @cached_property
    def row(self) -> CareUnit:
        return _shown(self._told, self.value)


def read(
    near: str, ways: Sequence[str], asked: dict[str, Any], *, region: Region, rules: Rules, now: Any
) -> list[Known]:
    """The units that `near` (a statement that gives their ids) brings in, in one round."""
    asked = asked | {
        "now": now,
        "since": now - rules.silent_after,
        "holding": [str(state) for state in HOLDING],
        "lately": LATELY,
    }
    found = rows(f"WITH near AS MATERIALIZED ({near}) {DETAILS}", ways, asked)
    told: list[Any] = [_Told._make(row) for row in found]
    proved = [_outcomes(one.outcomes) for one in told]
    usual = _usual(told, proved)
    known = partial(_unit, usual=usual, region=region, rules=rules, now=now)
    return [Known(one, known(one, seen)) for one, seen in zip(told, proved, strict=True)]


#: A row: the unit by the names of its columns, its house, its region, and what is known beside
#: them. JSON comes as text from a cursor, everything else as Django has it.
_Told: Any = namedtuple(  # type: ignore[misc]
    "_Told",
    [
        *UNIT,
        *(f"house_{column}" for column in HOUSE),
        *(f"area_{column}" for column in AREA),
        *("stopped", "stopped_until", "groups", "held", "held_until"),
        *("outcomes", "answered", "passed"),
    ],
)
_HOUSE = len(UNIT)
_AREA = _HOUSE + len(HOUSE)
_BESIDE = _AREA + len(AREA)
_JSON = ("admits", "shift_areas")
UNIT_NAMES = [f.attname for f in CareUnit._meta.concrete_fields]
AREA_NAMES = [f.attname for f in Region._meta.concrete_fields]
HOUSE_NAMES = [f.attname for f in Organisation._meta.concrete_fields]


def _shown(told: Any, value: Unit) -> CareUnit:
    """As Django would have read it, with its house and region."""
    values = [
        _json(said) if column in _JSON else said
        for column, said in zip(UNIT, told[:_HOUSE], strict=True)
    ]
    unit: CareUnit = CareUnit.from_db("default", UNIT_NAMES, values)
    unit.organisation = Organisation.from_db("default", HOUSE_NAMES, told[_HOUSE:_AREA])
    unit.region = Region.from_db("default", AREA_NAMES, told[_AREA:_BESIDE])
    unit.free, unit.held = value.free, told.held
    unit.stopped, unit.stopped_until = told.stopped, told.stopped_until
    return unit


@lru_cache(maxsize=4096)
def _groups(text: str | None) -> tuple[Group, ...]:
    """Most wards have one free place without anything of its own."""
    told = json.loads(text) if text else ()
    return tuple(Group(codes(tuple(own)), free, release) for own, free, release in told)


def _outcomes(text: str | None) -> list[Outcome]:
    """Most have nothing to tell."""
    return [Outcome(old, there) for old, there in json.loads(text)] if text else []


def _json(text: str) -> dict[str, Any]:
    return {} if text == "{}" else json.loads(text)


def _usual(told: Iterable[Any], proved: Iterable[list[Outcome]]) -> Usual:
    """How good the lists of each kind of care are together: what a unit nobody knows is taken for.

    Of the units around that were asked before.
    """
    together: dict[str, list[Outcome]] = {}
    for one, seen in zip(told, proved, strict=True):
        if seen:
            together.setdefault(one.care_type, []).extend(seen)
    return {care: quality(seen, half=half_life(care)) for care, seen in together.items()}


def _unit(
    told: Any, proved: list[Outcome], usual: Usual, region: Region, rules: Rules, now: datetime
) -> Unit:
    old, by_night = _minutes(told.observed_at, now), told.night_attributes
    return Unit(
        id=told.id,
        care_type=told.care_type,
        x=told.x,
        y=told.y,
        groups=_groups(told.groups),
        held=told.held,
        held_until=told.held_until,
        minutes_old=old,
        true_until=_minutes(now, told.true_until),
        attributes=codes(tuple(told.attributes)),
        night_attributes=None if by_night is None else codes(tuple(by_night)),
        pc4=told.pc4,
        service_area=areas(told.service_area, _json(told.shift_areas)),
        admits=windows(told.admits_from, told.admits_until, _json(told.admits)),
        response_minutes=told.response_minutes,
        closed=told.stopped or "",
        circle=_circle(told.area_id, told.area_parent_id, region),
        confidence=_sure(told.care_type, old, proved, usual),
        answered=told.answered,
        health="silent" if _silent(told, rules, now) else "ok",
        main_practitioner=told.main_practitioner,
        direct_booking=told.direct_booking,
    )


def _sure(care: str, old: float | None, proved: list[Outcome], usual: Usual) -> float:
    prior = usual.get(care, FIRST_GUESS)
    return confidence(old, proved, half=half_life(care), prior=prior)


def _circle(there: UUID, parent: UUID | None, here: Region) -> int:
    """Own: the same subregion, or all of a ROAZ region when the desk works for all of it."""
    if here.pk in (there, parent):
        return OWN
    return NEIGHBOUR if (parent or there) == here.root_id else OTHER


def _silent(told: Any, rules: Rules, now: datetime) -> bool:
    """Too many offers passed it without a word, or its figures did: as `silence.with_health`."""
    declared = told.true_until is not None and told.true_until > now
    quiet = told.observed_at is not None and told.observed_at < now - rules.silent_after
    return told.passed >= rules.silences or (quiet and not declared)


def _minutes(since: datetime | None, until: datetime | None) -> float | None:
    return (until - since).total_seconds() / 60 if since and until else None


def windows(opens: int | None, closes: int | None, days: dict[str, Any]) -> tuple[Window, ...]:
    """When a unit admits: as it says per weekday, else the same every day."""
    if days:
        return tuple((int(day), *window) for day, said in days.items() for window in said)
    if opens is None or closes is None:
        return ()
    return tuple((day, opens, closes) for day in range(7))


def areas(area: Sequence[int], shifts: dict[str, Any]) -> dict[str, frozenset[int]]:
    """Where a team comes, by shift; "" in those that say nothing of their own."""
    if not area and not shifts:
        return ANYWHERE
    own = {shift: frozenset(where) for shift, where in shifts.items()}
    return own | ({"": frozenset(area)} if area else {})


@lru_cache(maxsize=4096)
def codes(of: tuple[str, ...]) -> frozenset[str]:
    """Many places have the same: one set for all of them."""
    return frozenset(of)
