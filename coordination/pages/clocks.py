"""From when a promise presses."""

from datetime import datetime

from lzc.policy import Rules

#: What holds where no region said otherwise.
USUAL = Rules()


def closing_in(
    since: datetime, until: datetime, *, urgency: str = "", rules: Rules = USUAL
) -> datetime:
    """From here on it is "loopt op", as the region has it for this urgency."""
    return rules.presses_from(since, until, urgency)
