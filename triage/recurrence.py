"""The same person or the same address, again, within some days: an alarm signal. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

#: NTS names a second contact as an alarm signal.
ALARMING = 2


@dataclass(frozen=True)
class PastContact:
    occurred_at: datetime
    same_person: bool
    same_address: bool


@dataclass(frozen=True)
class Recurrence:
    """How many contacts there were, this one included: `person` ≤ `address or person`."""

    person: int
    address: int
    hours: int

    @property
    def contacts(self) -> int:
        return max(self.person, self.address)

    @property
    def is_alarm(self) -> bool:
        return self.contacts >= ALARMING


def recurrence(past: Iterable[PastContact], *, at: datetime, hours: int) -> Recurrence:
    """Count the contacts in the `hours` before `at`, and the one of `at` itself.

    A contact entered afterwards may lie after `at`: it does not count, it had not happened yet.
    """
    since = at - timedelta(hours=hours)
    recent = [c for c in past if since <= c.occurred_at <= at]
    person = sum(c.same_person for c in recent)
    address = sum(c.same_address for c in recent)
    return Recurrence(person=person + 1, address=address + 1, hours=hours)
