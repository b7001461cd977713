"""The nearest places, without looking at more than can matter: which units a ranking is about.

An index holds the free places of each kind in space, per ROAZ region (`place_nearest`, GiST): the
database walks it from the patient outwards and stops. What is held or withdrawn leaves that index
with the very statement that holds it, so there is no counter and no column that many would write.

A place that is rare (peritoneal dialysis by night) would have to be walked to for long. So a walk
goes `REACH` places far for each unit wanted, and the caller asks for `RARE` when that brought too
little: those come from an index on what they give (`place_gives`, GIN). These are few then, or the
walk would have met more of them.

The ways are statements of their own, chosen by who asks. The planner's own choice between them was
wrong where it matters: it cannot estimate "contains these codes" together with "near".
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from lzc.rounds import one_round

#: Of one unit more than one place may be free: so many are walked past for each unit wanted.
REACH = 4

#: Walks outwards in one's own ROAZ region, over free places that have what is needed.
WALK = """
SELECT unit_id, min(metres) AS metres FROM (
    SELECT p.* FROM unnest(%(kinds)s::varchar[]) AS kind
    CROSS JOIN LATERAL (
        SELECT unit_id, gives, point(x, y) <-> point(%(x)s, %(y)s) AS metres
        FROM capacity_place
        WHERE root = %(root)s AND care_type = kind AND state = 'free'
          AND (valid_until IS NULL OR valid_until > clock_timestamp())
        ORDER BY point(x, y) <-> point(%(x)s, %(y)s) LIMIT %(walk)s
    ) p OFFSET 0
) near
WHERE gives @> %(needs)s::varchar[] GROUP BY unit_id ORDER BY 2, 1 LIMIT %(most)s
"""
#: All free places of these kinds with these codes in the region (or in any, when another one will
#: do as well); then the nearest of them.
#: The kind is asked for as a code as well: with `care_type = …` the planner, when its statistics
#: are old, takes the index that lies in space, and reads all of that kind (20 ms instead of 0.2).
RARE = """
SELECT unit_id, min(point(x, y) <-> point(%(x)s, %(y)s)) AS metres FROM (
    SELECT p.* FROM unnest(%(kinds)s::varchar[]) AS kind
    CROSS JOIN LATERAL (
        SELECT unit_id, root, x, y, valid_until FROM capacity_place
        WHERE state = 'free' AND gives @> (%(needs)s::varchar[] || kind) OFFSET 0
    ) p OFFSET 0
) fitting
WHERE (root = %(root)s OR %(anywhere)s)
  AND (valid_until IS NULL OR valid_until > clock_timestamp())
GROUP BY unit_id ORDER BY 2, 1 LIMIT %(most)s
"""
#: Units of these kinds in the region, free or not: to say of the nearest why they cannot.
AROUND = """
SELECT u.* FROM unnest(%(kinds)s::varchar[]) AS kind
CROSS JOIN LATERAL (
    SELECT id AS unit_id, point(x, y) <-> point(%(x)s, %(y)s) AS metres FROM capacity_careunit
    WHERE root = %(root)s AND care_type = kind
    ORDER BY point(x, y) <-> point(%(x)s, %(y)s) LIMIT %(around)s
) u
"""
#: Where a place comes free before the patient has waited too long. Few are planned at any moment.
PLANNED = """
SELECT unit_id, min(point(x, y) <-> point(%(x)s, %(y)s)) AS metres FROM capacity_place
WHERE free_from <= clock_timestamp() + %(wait)s * interval '1 minute'
  AND (root = %(root)s OR %(anywhere)s) AND care_type = ANY(%(kinds)s::varchar[])
  AND gives @> %(needs)s::varchar[]
GROUP BY unit_id ORDER BY 2, 1 LIMIT %(most)s
"""
#: Teams that come to this postcode in some shift, from wherever they start.
COMING = """
SELECT u.* FROM unnest(%(kinds)s::varchar[]) AS kind
CROSS JOIN LATERAL (
    SELECT id AS unit_id, point(x, y) <-> point(%(x)s, %(y)s) AS metres FROM capacity_careunit
    WHERE (root = %(root)s OR %(anywhere)s) AND care_type = kind
      AND (service_area @> ARRAY[%(pc4)s::smallint]
           OR shift_areas::text LIKE '%%' || %(pc4)s::text || '%%')
    ORDER BY point(x, y) <-> point(%(x)s, %(y)s) LIMIT %(most)s
) u
"""
#: The nearest free places of each other ROAZ region.
BEYOND = """
SELECT unit_id, min(metres) AS metres FROM (
    SELECT p.* FROM lzc_region other
    CROSS JOIN unnest(%(kinds)s::varchar[]) AS kind
    CROSS JOIN LATERAL (
        SELECT unit_id, gives, point(x, y) <-> point(%(x)s, %(y)s) AS metres
        FROM capacity_place
        WHERE root = other.id AND care_type = kind AND state = 'free'
          AND (valid_until IS NULL OR valid_until > clock_timestamp())
        ORDER BY point(x, y) <-> point(%(x)s, %(y)s) LIMIT %(beyond)s
    ) p
    WHERE other.parent_id IS NULL AND other.id <> %(root)s OFFSET 0
) near GROUP BY unit_id ORDER BY 2, 1 LIMIT %(most)s
"""

#: What is found is some fifty units, and what is known of each is looked up. The one plan for all
#: that is asked does not know how few: it would read every unit of the country to join them by hash
#: (140 ms of 165, at a hundred thousand units).
_EACH = ("seqscan", "hashjoin", "mergejoin")
#: A walk must be a walk. With statistics that are old (a list of thousands was just read in) the
#: planner believes that there is next to nothing, and sorts all of a kind: 12 ms instead of 0.9.
WALKING = (*_EACH, "bitmapscan", "sort")
#: And what is rare is looked up, not walked to.
LOOKING_UP = (*_EACH, "indexscan")


class Near(NamedTuple):
    """A unit, and how far it lies as the crow flies."""

    unit: UUID
    metres: float


def around(
    kinds: Collection[str],
    root: UUID,
    x: float,
    y: float,
    *,
    needs: Collection[str] = (),
    pc4: int | None = None,
    anywhere: bool = False,
    wait: float = 0.0,
    most: int = 50,
) -> dict[str, Any]:
    """What the statements above are asked with. `x`, `y`: in the national grid (RD, metres).

    `wait`: minutes until a place may come free. `most`: units, nearest first. Fewer come without
    needs when of some many places are free.
    """
    return {
        "kinds": list(kinds),
        "root": root,
        "x": x,
        "y": y,
        "needs": sorted(needs),
        "pc4": pc4,
        "anywhere": anywhere,
        "wait": wait,
        "most": most,
        "walk": most * REACH,
        "around": most,
        "beyond": max(1, most // 5),
    }


def found(sql: str, asked: dict[str, Any]) -> list[Near]:
    """One of the statements by itself, in one round to the database. Inside an act."""
    ways = LOOKING_UP if sql is RARE else WALKING
    return [Near(*row) for row in rows(sql, ways, asked)]


def rows(sql: str, ways: Sequence[str], asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Step: a statement with other ways to it closed, for as long as it runs. One round.

    With its ways closed there is one plan, whoever asks: it is made once for each connection.
    Left alone the database makes it anew each time, which takes as long as the answer.
    """
    with connection.cursor() as cursor:
        with one_round():
            connection.connection.execute(_set(ways, "off", "force_generic_plan"))
            cursor.execute(sql, asked)
            connection.connection.execute(_set(ways, "on", "auto"))
        return list(cursor.fetchall())


@cache
def _set(ways: Sequence[str], to: str, plans: str) -> str:
    told = [(f"enable_{way}", to) for way in ways] + [("plan_cache_mode", plans)]
    return "SELECT " + ", ".join(f"set_config('{name}', '{value}', true)" for name, value in told)
