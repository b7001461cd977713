"""The whole answer to one request."""

from collections.abc import Iterable
from uuid import UUID

from coordination.matching.hard_rules import look
from coordination.matching.relaxing import relaxations
from coordination.matching.scores import Scoring
from coordination.matching.terms import Candidate, Excluded, Moment, Need, Ranking, Unit
from lzc.freshness import LEVELS
from lzc.policy import Rules

Place = tuple[float, int, float, UUID]


def rank(
    need: Need, units: Iterable[Unit], *, at: Moment, rules: Rules, relax: bool | None = None
) -> Ranking:
    """`relax`: say what would help; left out, only with fewer candidates than the rules want."""
    scoring = Scoring(need, at=at, rules=rules)
    candidates: list[tuple[Place, Candidate]] = []
    excluded: list[Excluded] = []
    left_out: list[Unit] = []
    for unit in units:
        seen = look(need, unit, at, rules)
        if seen.reasons:
            excluded.append(Excluded(unit.id, seen.reasons))
            left_out.append(unit)
        else:
            found = scoring.candidate(unit, seen)
            candidates.append((_order(found), found))
    wanted = len(candidates) < rules.relax_below if relax is None else relax
    return Ranking(
        candidates=tuple(found for _, found in sorted(candidates, key=lambda pair: pair[0])),
        excluded=tuple(sorted(excluded, key=lambda e: (len(e.reasons), e.unit))),
        relaxations=relaxations(need, left_out, at=at, rules=rules) if wanted else (),
        policy=rules.version,
    )


def _order(found: Candidate) -> Place:
    """The best total first. Equal totals: the surest, the nearest, and then always the same."""
    far = found.travel_minutes if found.travel_minutes is not None else float("inf")
    return (-found.scores.total, LEVELS.index(found.freshness), far, found.unit)
