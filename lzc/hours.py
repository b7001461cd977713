"""Evening, night, weekend and Dutch public holidays: when a citizen may ask a desk."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from lzc.policy import Rules

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SATURDAY = 5


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[object]:
    found = holidays.country_holidays("NL", years=year, language="nl")
    # Banks and exchanges are shut on it; desks and practices work.
    found.pop_named("Goede Vrijdag")
    return frozenset(found)


def is_anw(moment: datetime, rules: Rules) -> bool:
    """Is `moment` (aware) outside office hours? Judged on the Dutch wall clock."""
    local = moment.astimezone(AMSTERDAM)
    if local.weekday() >= SATURDAY or local.date() in _holidays(local.year):
        return True
    return local.hour >= rules.anw_from_hour or local.hour < rules.anw_until_hour
