"""When it happened: three nights in a row, of which the last has just passed."""

from datetime import datetime, time, timedelta

from lzc.hours import AMSTERDAM

#: On the Dutch wall clock. Three times 03:xx: she gets up to go to the toilet.
CALLS = (time(3, 10), time(3, 25), time(3, 17))
#: A patrol needs this long to come and help her up.
PATROL = timedelta(minutes=25)


def nights(now: datetime) -> list[datetime]:
    """The moments of the three calls; the third is the last that a patrol has come for by now."""
    called = now.astimezone(AMSTERDAM) - PATROL
    last = called.date() if called.time() > CALLS[2] else called.date() - timedelta(days=1)
    return [
        datetime.combine(last - timedelta(days=2 - number), at, AMSTERDAM)
        for number, at in enumerate(CALLS)
    ]
