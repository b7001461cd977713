"""The waiting list reads the log: each change of capacity is looked at again, from its own cursor.

That it is late, or runs twice, changes nothing about what is told: the verb moves the cursor in
the act in which it tells.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from capacity.states import PLACE_MOVES, UNIT_MOVES
from coordination.models import LogReader
from coordination.sharing import waiting
from coordination.states import REQUEST_MOVES
from lzc.events import act, head
from lzc.models import CLOCK, Event
from lzc.sweeps import alone, tried

#: From these on more may fit than before …
GAINS = frozenset(
    {PLACE_MOVES[name].event for name in ("release", "let_go", "come_free")}
    | {UNIT_MOVES["reopen"].event}
)
#: … and from these less, or what was known is known anew.
OTHERS = frozenset(
    {PLACE_MOVES[name].event for name in ("withdraw", "hold", "withdraw_held", "lapse")}
    | {UNIT_MOVES[name].event for name in ("stop", "confirm", "observe_call")}
)
#: What is asked is not what it was: other places may fit now.
ASKED_ANEW = frozenset(REQUEST_MOVES[name].event for name in ("amend", "widen"))
#: Facts in one go; the next one takes the rest.
MOST = 500


class Change(NamedTuple):
    """Something of a unit, or what a request asks (`asked`)."""

    number: int
    subject: UUID
    gained: bool
    asked: bool = False


def follow() -> int:
    """Read on in the log, and tell the desks what it means. How many requests were told of."""
    with alone(waiting.READER) as mine:
        return sum(_done_or_passed(change) for change in _news()) if mine else 0


def _done_or_passed(change: Change) -> int:
    """A fact that cannot be looked at, not at a second try either, is passed."""
    failed = "the waiting list could not look at fact %s"
    if (told := tried(lambda: _done(change), failed, change.number)) is not None:
        return told
    LogReader.objects.filter(pk=waiting.READER, cursor__lt=change.number).update(
        cursor=change.number
    )
    return 0


def _done(change: Change) -> int:
    with act(by=CLOCK, door="waiting list"):
        if change.asked:
            return waiting.rematch_request(change.subject, upto=change.number, by=CLOCK)
        return waiting.rematch(change.subject, upto=change.number, gained=change.gained, by=CLOCK)


def _news() -> list[Change]:
    """Changes since the last time; several of one subject are one, at its newest fact."""
    reader, new = LogReader.objects.get_or_create(pk=waiting.READER, defaults={"cursor": head()})
    if new:
        return []
    newest = head()
    facts = Event.objects.filter(number__gt=reader.cursor, number__lte=newest)
    found = list(
        facts.filter(type__in=GAINS | OTHERS | ASKED_ANEW)
        .order_by("number")
        .values_list("number", "subject", "type")[:MOST]
    )
    if not found:
        LogReader.objects.filter(pk=waiting.READER, cursor__lt=newest).update(cursor=newest)
    return newest_of_each(found)


def newest_of_each(facts: Iterable[tuple[int, UUID, str]]) -> list[Change]:
    """In the order of their newest facts: whoever breaks off in between skips none."""
    last: dict[UUID, Change] = {}
    for number, subject, kind in facts:
        before = last.pop(subject, None)
        gained = kind in GAINS or (before is not None and before.gained)
        last[subject] = Change(number, subject, gained, kind in ASKED_ANEW)
    return list(last.values())
