"""Times on the Dutch wall clock: when a shift ends, and what somebody means by "16:30". Pure."""

from datetime import datetime, time, timedelta

from lzc.hours import AMSTERDAM

#: Night, day and evening end at these hours of the Dutch wall clock.
ENDS = (7, 15, 23)
#: In its last half hour a shift counts for the next one already.
NEARLY_OVER = timedelta(minutes=30)


def shift_end(now: datetime) -> datetime:
    """The end (aware) of the shift that visits reported now belong to."""
    today = now.astimezone(AMSTERDAM).date()
    ends = (
        datetime.combine(today + timedelta(days=day), time(hour), AMSTERDAM)
        for day in (0, 1)
        for hour in ENDS
    )
    return next(end for end in ends if end - now.astimezone(AMSTERDAM) > NEARLY_OVER)


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
