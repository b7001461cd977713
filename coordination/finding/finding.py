"""One ranking, from a request to candidates: which units to bring in, and what to show of them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from capacity import nearest
from capacity.models import CareUnit
from coordination.finding import need
from coordination.finding.need import Spot, comes_to_patient, need_of, spot_of, with_need
from coordination.finding.units import Known, read
from coordination.matching import (
    NEVER,
    Candidate,
    Excluded,
    Moment,
    Need,
    Ranking,
    Relaxation,
    Unit,
    rank,
)
from coordination.matching.terms import OTHER
from coordination.models import CareRequest
from lzc.errors import NotSeen
from lzc.freshness import LEVELS
from lzc.hours import AMSTERDAM
from lzc.models import Actor, Membership, PostalArea, Region
from lzc.policy import Rules
from lzc.rights import Duty

#: Units of one ranking, and whom one may ask in one order.
AT_ONCE, MOST = 50, 30
#: With fewer candidates than this somebody looks further: rare needs are found by what they need.
ENOUGH = 10
#: Units looked at when what is near cannot take the patient, and not for want of something rare.
WIDE = 300
UNITS = "SELECT unnest(%(units)s::uuid[]) AS unit_id"
ELSEWHERE = "elsewhere"
NOWHERE = Spot(0.0, 0.0, False)


#: What a choice rested on, to be kept with it: see `weighed`.
Decision = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """A ranking with its units, to show: each candidate and each exclusion beside its row."""

    request: CareRequest
    candidates: list[tuple[Candidate, Any]]
    excluded: list[tuple[Excluded, Any]]
    relaxations: tuple[Relaxation, ...]
    #: Which rules decided.
    policy: str


class Search:
    """Units around a need, brought in once and further when that is too little."""

    def __init__(
        self, asked: Need, *, region: Region, rules: Rules, spot: Spot | None, now: datetime
    ) -> None:
        self.need, self.region, self.rules, self.now = asked, region, rules, now
        self.at = Moment.of(now.astimezone(AMSTERDAM), rules)
        self.spot = spot or NOWHERE
        self.units: dict[UUID, Known] = {}

    def ranking(
        self, *, relax: bool | None = None, asked: Collection[UUID] | None = None
    ) -> Ranking:
        """What is near; only if that is too little, what is rare, or further away when nothing
        rare is needed; and only if that is too little still, what lies in other regions, and what
        kinds of care would do as well.

        `asked`: somebody decides to ask these: of the others nobody needs to know why they cannot.
        """
        if asked is None:
            self._bring(self._near([nearest.WALK, nearest.AROUND]))
        else:
            self._bring_for(asked)
        found = self._ranked(relax)
        if len(found.candidates) < ENOUGH and self._needs():
            self._bring(nearest.RARE, nearest.LOOKING_UP)
            found = self._ranked(relax)
        elif len(found.candidates) < ENOUGH and len(self.units) >= AT_ONCE:
            self._bring(self._near([nearest.WALK]), most=WIDE)
            found = self._ranked(relax)
        if further := self._further(len(found.candidates)):
            self._bring(further)
            found = self._ranked(relax)
        return found

    def of(self, units: Collection[UUID]) -> Ranking:
        """These units and no others."""
        self._bring(UNITS, units=list(units))
        return self._ranked(False)

    def _ranked(self, relax: bool | None) -> Ranking:
        values = [known.value for known in self.units.values()]
        return rank(self.need, values, at=self.at, rules=self.rules, relax=relax)

    def _bring_for(self, asked: Collection[UUID]) -> None:
        """These, among the same candidates as a desk is shown: a number means the same to both.

        A walk for one kind that came back full met all that is near and can be a candidate.
        """
        near = self._near([nearest.WALK, UNITS])
        self._bring(near, units=list(asked))
        only_walked = near == _union([nearest.WALK, UNITS]) and len(self.need.care_types) == 1
        if not only_walked or len(self.units) < AT_ONCE:
            self._bring(nearest.AROUND)

    def _near(self, parts: list[str]) -> str:
        if comes_to_patient(self.need.care_types) and self.need.pc4 is not None:
            parts.append(nearest.COMING)
        if self.need.may_wait > 0:
            parts.append(nearest.PLANNED)
        return _union(parts)

    def _further(self, candidates: int) -> str:
        wished = OTHER in self.need.circles and candidates < ENOUGH
        if not wished and candidates >= self.rules.relax_below:
            return ""
        parts = [nearest.BEYOND]
        if candidates < self.rules.relax_below and self._neighbours():
            parts.append(nearest.WALK.replace("%(kinds)s", "%(neighbours)s"))
        return _union(parts)

    def _needs(self) -> list[str]:
        """What a place must give. Of a team only those at work now count: the rules look at it."""
        stay = not comes_to_patient(self.need.care_types)
        return sorted(self.need.requirements) if stay else []

    def _neighbours(self) -> list[str]:
        near = {n for c in self.need.care_types for n in self.rules.neighbour_care.get(c, ())}
        return sorted(near - set(self.need.care_types))

    def _bring(
        self,
        near: str,
        ways: Sequence[str] = nearest.WALKING,
        *,
        most: int = AT_ONCE,
        **more: Any,
    ) -> None:
        asked = nearest.around(
            self.need.care_types,
            self.region.root_id,
            self.spot.x,
            self.spot.y,
            needs=self._needs(),
            pc4=self.need.pc4,
            anywhere=OTHER in self.need.circles,
            wait=self.need.may_wait,
            most=most,
        )
        asked |= {"neighbours": self._neighbours(), **more}
        told = read(near, ways, asked, region=self.region, rules=self.rules, now=self.now)
        self.units |= {known.value.id: known for known in told}


def _union(parts: Iterable[str]) -> str:
    return " UNION ".join(f"SELECT unit_id FROM ({part}) part_{n}" for n, part in enumerate(parts))


def candidates(request_id: UUID, *, by: Actor) -> Found:
    """Who could take the patient of this request now. No patient row is read."""
    row = with_need(CareRequest.objects.visible_to(by).filter(pk=request_id)).first()
    if row is None or not by.has(Duty.DESK):
        raise NotSeen
    return _found(row)


def ranked(made: CareRequest) -> Found:
    """Step: the caller holds the request."""
    return _found(need.read(made))


def _found(row: Any) -> Found:
    search = _search(row)
    told = search.ranking()
    units = search.units
    return Found(
        row,
        [(c, units[c.unit].row) for c in told.candidates],
        [(e, units[e.unit].row) for e in told.excluded if not _only_elsewhere(e)],
        told.relaxations,
        told.policy,
    )


def best(made: CareRequest) -> tuple[int, Iterator[tuple[CareUnit, Decision]]]:
    """Step: the caller holds the request. How many hold an offer of it, and whom to ask beside
    them, best first, each with what that rests on."""
    search = _search(need.read(made))
    told = search.ranking(relax=False, asked=())
    return len(search.need.asked), (
        (search.units[candidate.unit].row, decision(told, number, candidate))
        for number, candidate in enumerate(told.candidates, start=1)
    )


def _search(row: Any) -> Search:
    now, region = timezone.now(), row.desk.region
    return Search(
        need_of(row, now), region=region, rules=region.rules(), spot=spot_of(row), now=now
    )


def _only_elsewhere(e: Excluded) -> bool:
    """Another region is not asked unless that is wished: it is in nobody's way."""
    return any(reason.startswith(ELSEWHERE) for reason in e.reasons)


def weighed(made: CareRequest, units: Collection[UUID]) -> dict[UUID, Decision]:
    """Step: what a decision to ask these units rests on, to be kept with it. Also of who dropped
    out: a desk may ask all the same."""
    found = _search(need.read(made)).ranking(relax=False, asked=units)
    told = {c.unit: decision(found, n, c) for n, c in enumerate(found.candidates, start=1)}
    against = {e.unit: list(e.reasons) for e in found.excluded}
    return {
        unit: told.get(unit) or {"policy": found.policy, "reasons": against.get(unit, [])}
        for unit in units
    }


def decision(found: Ranking, number: int, c: Candidate) -> Decision:
    """Step: of one candidate. `number`: its place in the ranking."""
    return {
        "policy": found.policy,
        "number": number,
        "of": len(found.candidates),
        "scores": asdict(c.scores),
        "freshness": c.freshness,
        "remarks": list(c.remarks),
        "place": sorted(c.place),
    }


def in_turn(made: CareRequest, units: Collection[UUID]) -> dict[UUID, Decision]:
    """Step: of the units that a desk chose to ask, those that may still be asked, and why.

    Nobody is asked any more where a rule stands in the way that nobody may let go, nor in another
    region when that was said not to do after all.
    """
    found = _search(need.read(made)).of(units)
    told = {c.unit: decision(found, n, c) for n, c in enumerate(found.candidates, start=1)}
    barred = (NEVER | {ELSEWHERE}) - {"asked"}
    for e in found.excluded:
        if barred.isdisjoint(reason.partition(":")[0] for reason in e.reasons):
            told[e.unit] = {"policy": found.policy, "reasons": list(e.reasons)}
    return told


def unit_now(unit: UUID, *, region: Region, rules: Rules, now: datetime) -> Unit:
    """Step: one unit as it stands, seen from this region."""
    (known,) = read(UNITS, nearest.WALKING, {"units": [unit]}, region=region, rules=rules, now=now)
    return known.value


def open_places(
    care_types: Sequence[str], *, pc4: int | None, by: Membership
) -> list[tuple[Candidate, Any]]:
    """What is free now, nearest first, for whoever is about to ask. No patient row is read.

    As long as it is not known where the patient lives, it is near the one who asks.
    """
    region = by.organisation.region
    areas = PostalArea.objects.order_by("pk")
    near = areas.filter(pk=pc4) if pc4 else areas.filter(town=by.organisation.town, region=region)
    area = near.first()
    asked = Need(tuple(care_types), pc4=pc4, x=area.x if area else None, y=area.y if area else None)
    spot = Spot(area.x, area.y, True) if area else None
    now = timezone.now()
    search = Search(asked, region=region, rules=region.rules(), spot=spot, now=now)
    told = search.ranking(relax=False)
    return [(c, search.units[c.unit].row) for c in sorted(told.candidates, key=_nearness)]


def in_order(request_id: UUID, *, by: Actor) -> list[UUID]:
    """Whom to ask first, second, and so on: the candidates of now by their ranking."""
    found = candidates(request_id, by=by).candidates
    return [candidate.unit for candidate, _ in found][:MOST]


def _nearness(c: Candidate) -> tuple[int, float, str]:
    far = c.travel_minutes if c.travel_minutes is not None else float("inf")
    return (LEVELS.index(c.freshness), far, str(c.unit))
