"""The figures of many units in one question, and the answer to each."""

from typing import Any

from rest_framework import serializers

from capacity import bulk, services
from capacity.api.units import Attributes
from lzc.api.answers import Out
from lzc.api.endpoints import endpoint
from lzc.api.parsing import CsvParser
from lzc.api.shapes import Id, In, Many, Moment, Whole, YesNo
from lzc.models import Actor


class LineIn(In):
    """Of one unit, as `PUT units/{id}/capacity` takes it."""

    unit = Id(required=True)
    free = Whole(0, services.MOST_AT_ONCE, required=True)
    attributes = Attributes("Count only places that have exactly these; left out: all places.")
    valid_until = Moment(allow_null=True, help_text="The end of the shift.")
    true_until = Moment(allow_null=True, help_text="Until then this holds, whatever its age.")


class ManyIn(In):
    """How many are free at each of these units."""

    example = {
        "units": [{"unit": "0190f1c2-0000-7000-8000-000000000001", "free": 2}],
        "whole": False,
    }
    units = Many(LineIn(), most=bulk.MOST_LINES, least=1, required=True)
    whole = YesNo(help_text="All or nothing: one line that is refused, and none is saved.")
    dry_run = YesNo(help_text="Only say what would come of it.")


class LineOut(Out):
    """What came of one line."""

    number = serializers.IntegerField(help_text="Counted from 1; in a CSV list, as it counts.")
    unit = serializers.CharField(help_text="As it was written.")
    outcome = serializers.ChoiceField(["saved", "refused"])
    free = serializers.IntegerField(allow_null=True)
    code = serializers.CharField(help_text="Why it was refused, for machines.")
    detail_nl = serializers.CharField()
    detail_en = serializers.CharField()


class ReportOut(Out):
    """What came of each line. `kept` is false when nothing was saved at all: a trial, or one line
    was refused and it had to be all."""

    example = {
        "saved": 1,
        "refused": 0,
        "kept": True,
        "lines": [
            {
                "number": 1,
                "unit": "0190f1c2-0000-7000-8000-000000000001",
                "outcome": "saved",
                "free": 2,
                "code": "",
                "detail_nl": "",
                "detail_en": "",
            }
        ],
    }
    saved = serializers.IntegerField()
    refused = serializers.IntegerField()
    kept = serializers.BooleanField()
    lines = LineOut(many=True)


class ImportQuery(In):
    """How to take the list."""

    dry_run = YesNo(help_text="Only say what would come of it.")
    whole = YesNo(help_text="All or nothing.")


@endpoint(takes=ManyIn, gives=ReportOut)
def report_capacities(*, said: dict[str, Any], by: Actor) -> bulk.Report:
    """Say of many units at once how many are free.

    Each line is judged by itself: one that is refused changes nothing and keeps no other from
    being saved, unless `whole` is true. Sending it again changes nothing but the age.
    """
    lines = []
    for number, one in enumerate(said.pop("units"), start=1):
        unit = one.pop("unit")
        lines.append(bulk.Line(number, str(unit), {"unit_id": unit, **one}))
    return bulk.report_all(bulk.once(lines), **said, source="api", by=by)


@endpoint(query=ImportQuery, gives=ReportOut, parser=CsvParser)
def import_capacity(*, said: str, query: dict[str, Any], by: Actor) -> bulk.Report:
    """Say it with a list, as a spreadsheet writes it (CSV, comma or semicolon).

    The first line names the columns: `unit` (id or name of one of your own), `free`, and if you
    like `attributes` (codes with a space between), `valid_until`, `true_until`; in Dutch:
    eenheid, vrij, kenmerken, geldig_tot, klopt_tot.
    """
    return bulk.report_all(bulk.read(said, by=by), **query, source="api", by=by)
