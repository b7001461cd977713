"""When a shift of home care ends: until then a visit that is free now can still be made. Pure."""

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
