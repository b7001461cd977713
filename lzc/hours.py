"""Times on the Dutch wall clock: office hours, shifts, and what somebody means by "16:30"."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from lzc.policy import Rules

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SATURDAY = 5
#: Night, day and evening end at these hours of the Dutch wall clock.
ENDS = (7, 15, 23)
#: In its last half hour a shift counts for the next one already.
NEARLY_OVER = timedelta(minutes=30)
#: No row of holidays and weekends is longer; rules that know no working hour must not hang us.
MOST_DAYS_SHUT = 14


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


def shift_end(now: datetime) -> datetime:
    """The end (aware) of the shift that visits reported now belong to."""
    today = now.astimezone(AMSTERDAM).date()
    ends = (
        datetime.combine(today + timedelta(days=day), time(hour), AMSTERDAM)
        for day in (0, 1)
        for hour in ENDS
    )
    return next(end for end in ends if end.astimezone(UTC) - now.astimezone(UTC) > NEARLY_OVER)


def next_time(now: datetime, text: str) -> datetime | None:
    """The next time the clock shows this ("16:30"); None when nothing was written.

    ValueError: it is no time.
    """
    if not text:
        return None
    local = now.astimezone(AMSTERDAM)
    at = time.fromisoformat(text)
    found = datetime.combine(local.date(), at.replace(tzinfo=None), AMSTERDAM)
    return found if found > local else found + timedelta(days=1)


def spelled(text: str) -> datetime | None:
    """What a field for day and time holds (2026-11-24T08:00); None when it is empty."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM) if text else None


def working_hour(moment: datetime, rules: Rules) -> datetime:
    """The first moment from here on at which practices and offices work: `moment`, or a morning."""
    local = moment.astimezone(AMSTERDAM)
    for _ in range(MOST_DAYS_SHUT):
        if not is_anw(local, rules):
            break
        opens = local.replace(hour=rules.anw_until_hour, minute=0, second=0, microsecond=0, fold=0)
        if local < opens and not is_anw(opens, rules):
            return opens
        # Added to the wall clock: in a night that is an hour longer it is still the next day.
        local = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return local


def answer_before(asked: datetime, urgency: str, rules: Rules) -> datetime:
    """Until when a provider may answer. For what can wait until tomorrow only working hours count:
    a U5 of Friday half past four runs for half an hour, and goes on on Monday morning.
    """
    within = rules.answer_within(urgency)
    if urgency != "U5":
        return asked + within
    begins = working_hour(asked, rules)
    shuts = begins.replace(hour=rules.anw_from_hour, minute=0, second=0, microsecond=0)
    if begins + within <= shuts or shuts <= begins:
        return begins + within
    return working_hour(shuts, rules) + (within - (shuts - begins))
