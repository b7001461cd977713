"""How far a figure about free places may be believed, from its age. Pure.

Each level is shown; none hides. What counts as old differs by kind of care, and is the region's to
decide: beds are confirmed a few times a day, a team at the start of each shift.
"""

from lzc.policy import Rules

FRESH, AGEING, OLD, UNKNOWN = "fresh", "ageing", "old", "unknown"
#: From sure to unsure.
LEVELS = (FRESH, AGEING, OLD, UNKNOWN)
#: At these somebody calls before a place is promised.
CALL_FIRST = frozenset({OLD, UNKNOWN})


def freshness(
    minutes_old: float | None,
    *,
    care_type: str,
    rules: Rules,
    true_until: float | None = None,
    shift_minutes: float | None = None,
) -> str:
    """The level of a figure that was said `minutes_old` ago; None: nobody ever said.

    `true_until`: minutes left of "klopt tot 07:00"; until then it does not age. `shift_minutes`:
    since the present shift began, for the kinds of care that are confirmed once per shift.
    """
    if true_until is not None and true_until > 0:
        return FRESH
    if minutes_old is None:
        return UNKNOWN
    limits = rules.freshness_of(care_type)
    if minutes_old > limits.unknown:
        return UNKNOWN
    if shift_minutes is not None and care_type in rules.per_shift:
        return _by_shift(minutes_old, shift_minutes, rules.shift_grace_minutes)
    if minutes_old <= limits.fresh:
        return FRESH
    return AGEING if minutes_old <= limits.old else OLD


def _by_shift(minutes_old: float, shift_minutes: float, grace: float) -> str:
    """What was said in this shift holds for it; the former shift's word counts a little longer."""
    if minutes_old <= shift_minutes:
        return FRESH
    return AGEING if shift_minutes <= grace else OLD
