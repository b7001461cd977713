"""What time does: each due row is one act of the clock. A sweep holds no logic, verbs check.

That a sweep is late, runs twice or not at all changes nothing about what is true: the verbs look at
the deadlines themselves.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection

from lzc.errors import NotNow, NotSeen
from lzc.events import act
from lzc.models import CLOCK

logger = logging.getLogger(__name__)

#: Of one kind in one go; the next sweep takes the rest.
BATCH = 200
#: Whatever cannot be done at once.
TRIES = 2
#: The first half of the keys of PostgreSQL's advisory locks that are ours for sweeps.
LOCKS = 4_157_002


def sweep(verb: Callable[..., Any], due: Iterable[UUID]) -> int:
    """Let the clock do it to each. Returns to how many it was done."""
    done = 0
    name = f"{verb.__module__}.{verb.__name__}"
    with alone(name) as mine:
        for pk in due if mine else ():
            try:
                # Somebody was just before us: then there is nothing left to do.
                with suppress(NotNow, NotSeen), act(by=CLOCK, door=f"sweep {name}"):
                    verb(pk, by=CLOCK)
                    done += 1
            except Exception:
                # One row that cannot be done must not keep the others waiting.
                logger.exception("the clock could not %s %s", name, pk)
                if not connection.is_usable():
                    raise
    return done


def tried(do: Callable[[], int], failed: str, *about: object) -> int | None:
    """One of many, with a second try.

    None: it cannot be done. That is written down, and keeps the others waiting no longer.
    """
    for _ in range(TRIES):
        try:
            return do()
        except OperationalError:
            raise  # somebody holds it for a moment: the next sweep tries all of it again
        except Exception:
            logger.exception(failed, *about)
            if not connection.is_usable():
                raise
    return None


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether this is the only one at it now, in all processes: two would hinder each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCKS, name])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        # A broken connection has already let go of it.
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCKS, name])
