"""From when a promise presses."""

from datetime import datetime, timedelta

#: "Getting close": the last quarter of the time allowed, and at least half an hour of it.
LAST_PART, AT_LEAST = 4, timedelta(minutes=30)


def closing_in(since: datetime, until: datetime) -> datetime:
    """A short time is half over before it presses; a long one does so in its last quarter."""
    whole = until - since
    return until - max(whole / LAST_PART, min(AT_LEAST, whole / 2))
