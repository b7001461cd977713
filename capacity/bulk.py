"""The figures of many units at once: from a system, or from a list that a spreadsheet wrote.

Every line is judged by itself and gets its own answer. A line that is refused changes nothing, and
does not keep the others from being saved, unless it was asked to be all or nothing.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from capacity import services
from capacity.models import CareUnit
from lzc.api.problems import said as spoken
from lzc.api.shapes import BadShape, Moment, Whole
from lzc.errors import N_, NotValid, Refused
from lzc.events import current
from lzc.models import Actor

MOST_LINES = 500
#: What Excel wants to read before anything else. It is no line of the list.
SEPARATOR = re.compile(r"sep=.", re.IGNORECASE)
#: What a column may be called, in the two languages of those who make the list.
COLUMNS = {
    "unit": ("unit", "eenheid", "afdeling"),
    "free": ("free", "vrij"),
    "attributes": ("attributes", "kenmerken"),
    "valid_until": ("valid_until", "geldig_tot"),
    "true_until": ("true_until", "klopt_tot"),
}

TOO_WIDE = N_(
    "This line has more columns than the first line names. "
    "Put what has the separator in it between quotes."
)


@dataclass
class Line:
    """One line of what was sent, and what came of it."""

    number: int
    unit: str
    #: What to do with it; empty when it could not be read.
    said: dict[str, Any] = field(default_factory=dict)
    outcome: str = "saved"
    free: int | None = None
    code: str = ""
    sentence: str = ""
    holes: dict[str, Any] = field(default_factory=dict)

    def refuse(self, code: str, sentence: str, holes: Any = None) -> None:
        self.outcome, self.code, self.sentence = "refused", code, sentence
        self.holes, self.free = dict(holes or {}), None

    @property
    def detail_nl(self) -> str:
        return spoken(self.sentence, self.holes)[0] if self.sentence else ""

    @property
    def detail_en(self) -> str:
        return spoken(self.sentence, self.holes)[1] if self.sentence else ""


@dataclass
class Report:
    lines: list[Line]
    #: Nothing was kept: it was a trial, or one line was wrong and it had to be all.
    kept: bool

    @property
    def saved(self) -> int:
        return sum(line.outcome == "saved" for line in self.lines) if self.kept else 0

    @property
    def refused(self) -> int:
        return sum(line.outcome == "refused" for line in self.lines)


class Undo(Exception):
    """Leave nothing of it."""


def report_all(
    lines: list[Line], *, whole: bool = False, dry_run: bool = False, source: str, by: Actor
) -> Report:
    """Say of each unit how many are free. In one act: the facts of what is saved come together."""
    if len(lines) > MOST_LINES:
        raise NotValid("lines", N_("These are too many lines: at most %(most)s."), most=MOST_LINES)
    facts = current().facts
    before, kept = len(facts), True
    try:
        with transaction.atomic():
            # In one order, or two lists that cross would wait for each other.
            for line in sorted(lines, key=lambda line: str(line.said.get("unit_id"))):
                if line.outcome != "refused":
                    _report(line, source, by)
            wrong = any(line.outcome == "refused" for line in lines)
            if dry_run or (whole and wrong):
                raise Undo
    except Undo:
        del facts[before:]
        kept = False
    return Report(lines, kept)


def _report(line: Line, source: str, by: Actor) -> None:
    """Step: one line, in a part of the transaction that can be undone by itself."""
    facts = current().facts
    before = len(facts)
    try:
        with transaction.atomic():
            services.report_free(**line.said, source=source, by=by)
    except Refused as refusal:
        del facts[before:]
        line.refuse(refusal.code, refusal.sentence, refusal.holes)
    else:
        line.free = line.said["free"]


# Lists from a spreadsheet ----------------------------------------------------------------------


def read(text: str, *, by: Actor) -> list[Line]:
    """The lines of a CSV list. What cannot be read is refused by line, with the reason."""
    first, _, rest = text.partition("\n")
    before = 0
    if SEPARATOR.fullmatch(first.strip()):
        first, text, before = rest.partition("\n")[0], rest, 1
    rows = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") else ",")
    try:
        names = _columns(next(rows, []))
        found = list(_lines(rows, names, _own_units(by), before + 2))
    except csv.Error:
        raise NotValid("csv", N_("This is no list of lines and columns (CSV).")) from None
    return once(found)


def _columns(header: Sequence[str]) -> list[str]:
    called = {name: column for column, names in COLUMNS.items() for name in names}
    names = [called.get(cell.strip().lower(), "") for cell in header]
    if not {"unit", "free"} <= set(names) or "" in names or len(set(names)) < len(names):
        raise NotValid(
            "csv",
            N_("The first line names the columns: %(known)s. Unit and free must be there."),
            known=", ".join(" / ".join(names[:2]) for names in COLUMNS.values()),
        )
    return names


def _own_units(by: Actor) -> dict[str, UUID]:
    """Units by id and by name, as somebody writes them in a list."""
    own = CareUnit.objects.own(by).values_list("pk", "name")
    return {str(pk): pk for pk, _ in own} | {name.casefold(): pk for pk, name in own}


def _lines(
    rows: Iterator[list[str]], names: list[str], units: dict[str, UUID], start: int
) -> Iterator[Line]:
    for number, cells in enumerate(rows, start=start):
        if not any(cell.strip() for cell in cells):
            continue
        told = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        wide = any(cell.strip() for cell in cells[len(names) :])
        line = Line(number, told.get("unit", "")[:120])
        try:
            if wide:
                raise NotValid("csv", TOO_WIDE, code="too_wide")
            line.said = _said(told, units)
        except BadShape as wrong:
            fault = wrong.faults[0]
            line.refuse(fault.code, fault.sentence, fault.holes)
        except Refused as refusal:
            line.refuse(refusal.code, refusal.sentence, refusal.holes)
        yield line


def _said(told: dict[str, str], units: dict[str, UUID]) -> dict[str, Any]:
    unit = units.get(told.get("unit", "").casefold())
    if unit is None:
        raise NotValid(
            "unit",
            N_(
                "In the column unit stands “%(unit)s”: no unit of yours is called so. "
                "Write its name or its id as LZC does."
            ),
            code="not_found",
            unit=told.get("unit", "")[:120],
        )
    said: dict[str, Any] = {"unit_id": unit}
    said["free"] = Whole(0, services.MOST_AT_ONCE).spelled(told.get("free", ""))
    if told.get("attributes"):
        said["attributes"] = services.known(told["attributes"].split())
    for name in ("valid_until", "true_until"):
        if told.get(name):
            moment: datetime = Moment().take(told[name])
            said[name] = moment
    return said


def once(lines: list[Line]) -> list[Line]:
    """A unit (or a kind of place of it) that is listed twice: the second contradicts the first."""
    seen = set()
    for line in lines:
        key = (line.said.get("unit_id"), frozenset(line.said.get("attributes", ())))
        if line.said and key in seen:
            line.refuse("twice", N_("This unit stands in the list already. Keep one line of it."))
        seen.add(key)
    return lines
