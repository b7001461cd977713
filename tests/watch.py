"""Whatever a test does, this looks on: does a query read rows about a person before it was written
down who looks? Django's guards stand at the query sets; this stands at the wire, where joins from
other tables and SQL by hand come by as well.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from lzc import access

ABOUT_A_PERSON = (
    "triage_patient",
    "triage_contact",
    "triage_triagerecord",
    "triage_careassessment",
    "coordination_handover",
    "coordination_note",
)
#: Who types in a draft of their own sees nothing that they did not type; reading one is looking.
READS = re.compile(
    rf'\b(?:(?:FROM|JOIN|UPDATE(?: ONLY)?)\s+"?({"|".join(ABOUT_A_PERSON)})\b'
    r'|(?:FROM|JOIN)\s+"?(triage_draft)\b)'
)


class ReadInSecret(AssertionError):
    """A query read rows about a person, and no access record tells of it."""


def _look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    found = READS.search(sql)
    if found and not access._granted.get():
        raise ReadInSecret(f"{found[1] or found[2]} was read without an access record: {sql[:300]}")
    return execute(sql, params, many, context)


@contextmanager
def looking_on() -> Iterator[None]:
    with connection.execute_wrapper(_look):
        yield
