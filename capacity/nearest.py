"""The nearest free places, without looking at more than can matter.

An index holds the free places of each kind in space (`place_nearest`, GiST): the database walks it
from the patient outwards and stops. What is held or withdrawn leaves that index with the very
statement that holds it, so there is no counter and no column of the unit that many would write.

A place that is rare (peritoneal dialysis by night) would have to be walked to for long. So a walk
goes `REACH` places far for each unit wanted. What it finds says how common the need is: with many
it walks on as far as that takes; else the places that have what is needed come from an index on
what they give (`place_gives`, GIN). These are few then, or the walk would have met more of them.

The two ways are two statements, chosen here. The planner's own choice between them was wrong where
it matters: it cannot estimate "contains these codes" together with "near".
"""

from collections.abc import Collection, Sequence
from math import ceil
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

#: Of one unit more than one place may be free: so many are walked past for each unit wanted.
REACH = 4
#: When at least this share of what was wanted is found, walking on is worth it.
WORTH_IT = 0.25
#: And then somewhat further than strictly needed: places of a kind lie in clusters.
MARGIN = 1.5

#: Walks outwards. Gives units with the distance in metres.
WALK = """
WITH near AS MATERIALIZED (
    SELECT p.unit_id, p.metres, p.gives FROM unnest(%(kinds)s::varchar[]) AS kind
    CROSS JOIN LATERAL (
        SELECT unit_id, gives, point(x, y) <-> point(%(x)s, %(y)s) AS metres
        FROM capacity_place
        WHERE state = 'free' AND care_type = kind
          AND (valid_until IS NULL OR valid_until > clock_timestamp())
        ORDER BY point(x, y) <-> point(%(x)s, %(y)s) LIMIT %(walk)s
    ) p
)
SELECT unit_id, min(metres) FROM near
WHERE gives @> %(needs)s::varchar[]
GROUP BY unit_id ORDER BY 2, 1 LIMIT %(most)s
"""
#: All free places of these kinds with these codes, wherever they are; then the nearest of them.
#: The kind is asked for as a code as well: with `care_type = …` the planner, when its statistics
#: are old, takes the index that lies in space, and reads all of that kind (20 ms instead of 0.2).
RARE = """
WITH fitting AS MATERIALIZED (
    SELECT p.* FROM unnest(%(kinds)s::varchar[]) AS kind
    CROSS JOIN LATERAL (
        SELECT unit_id, x, y, valid_until FROM capacity_place
        WHERE state = 'free' AND gives @> (%(needs)s::varchar[] || kind) OFFSET 0
    ) p
)
SELECT unit_id, min(point(x, y) <-> point(%(x)s, %(y)s))
FROM fitting WHERE valid_until IS NULL OR valid_until > clock_timestamp()
GROUP BY unit_id ORDER BY 2, 1 LIMIT %(most)s
"""
#: Units of these kinds, free or not: to say of the nearest why they cannot.
UNITS = """
SELECT u.id, u.metres FROM unnest(%(kinds)s::varchar[]) AS kind
CROSS JOIN LATERAL (
    SELECT id, point(x, y) <-> point(%(x)s, %(y)s) AS metres FROM capacity_careunit
    WHERE care_type = kind ORDER BY point(x, y) <-> point(%(x)s, %(y)s) LIMIT %(most)s
) u ORDER BY 2, 1 LIMIT %(most)s
"""


#: A walk must be a walk. With statistics that are old (a list of thousands was just read in) the
#: planner believes that there is next to nothing, and sorts all of a kind: 12 ms instead of 0.9.
NO_OTHER_WAY = {WALK: ("seqscan", "bitmapscan", "sort"), RARE: ("seqscan", "indexscan")}
NO_OTHER_WAY[UNITS] = NO_OTHER_WAY[WALK]


class Near(NamedTuple):
    """A unit, and how far it lies as the crow flies."""

    unit: UUID
    metres: float


def nearest_free(
    care_types: Sequence[str], x: float, y: float, needs: Collection[str] = (), limit: int = 50
) -> list[Near]:
    """Units with a free place of one of these kinds that has all that is needed, nearest first.

    `x`, `y`: in the national grid (RD, metres). The first `limit` of them, or fewer: without needs
    these are the units of the nearest `REACH` × `limit` places of each kind.
    """
    asked: dict[str, Any] = {
        "kinds": list(care_types),
        "x": x,
        "y": y,
        "needs": sorted(needs),
        "most": limit,
    }
    found = _walked(asked, REACH)
    if needs and limit * WORTH_IT <= len(found) < limit:
        found = _walked(asked, ceil(REACH * MARGIN * limit / len(found)))
    if needs and len(found) < limit:
        found = _rows(RARE, asked)
    return [Near(unit, metres) for unit, metres in found]


def nearest(care_types: Sequence[str], x: float, y: float, limit: int = 50) -> list[Near]:
    """Units of one of these kinds, nearest first, whether or not something is free there."""
    asked = {"kinds": list(care_types), "x": x, "y": y, "most": limit}
    return [Near(unit, metres) for unit, metres in _rows(UNITS, asked)]


def _walked(asked: dict[str, Any], reach: int) -> list[tuple[UUID, float]]:
    """Step: one walk outwards. Shorter than asked for when there is no more to find."""
    return _rows(WALK, asked | {"walk": asked["most"] * reach})


def _rows(sql: str, asked: dict[str, Any]) -> list[tuple[UUID, float]]:
    """Step: one round to the database. Inside an act, where settings can be for a moment."""
    with connection.cursor() as cursor:
        cursor.execute(forced(sql), asked)
        for _ in NO_OTHER_WAY[sql]:
            cursor.nextset()
        return list(cursor.fetchall())


def forced(sql: str, before: str = "") -> str:
    """The statement, with the other ways to it closed and opened again around it."""
    ways = NO_OTHER_WAY[sql]
    shut = "".join(f"SET LOCAL enable_{way} = off; " for way in ways)
    return f"{shut}{before}{sql}; " + "; ".join(f"SET LOCAL enable_{way} = on" for way in ways)
