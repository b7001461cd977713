"""How busy the emergency departments are."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from capacity import observing
from capacity.models import EmergencyLoad
from capacity.states import Load
from lzc.api.answers import Out, When
from lzc.api.endpoints import endpoint
from lzc.api.ground import OrganisationOut
from lzc.api.shapes import Choice, In, Moment, Text
from lzc.models import Actor


class LoadIn(In):
    """How busy it is; with "full" and "closed" also why."""

    example = {
        "load": "full",
        "reason": "geen bedden op de AOA",
        "expected_until": "2026-11-22T05:00:00+01:00",
    }
    load = Choice(Load, required=True)
    reason = Text(120)
    expected_until = Moment(allow_null=True)


class LoadOut(Out):
    """What was said last of an emergency department."""

    example = {
        "load": "full",
        "reason": "geen bedden op de AOA",
        "expected_until": "2026-11-22T04:00:00Z",
        "source": "api",
        "at": "2026-11-22T01:50:00Z",
        "organisation": {
            "id": "0190f1c2-0000-7000-8000-000000000004",
            "name": "Ziekenhuis",
            "kind": "ziekenhuis",
        },
    }
    load = serializers.ChoiceField(list(Load))
    reason = serializers.CharField()
    expected_until = When(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    at = When()
    organisation = OrganisationOut()


class LoadsOut(Out):
    """All of them: there are never many."""

    results = LoadOut(many=True)


@endpoint(gives=LoadsOut)
def emergency_departments(*, by: Actor) -> dict[str, Any]:
    """How busy the emergency departments are, those of which something was said."""
    newest = EmergencyLoad.objects.visible_to(by).newest().select_related("organisation")
    return {"results": list(newest)}


@endpoint(takes=LoadIn, gives=LoadOut)
def report_load(organisation_id: UUID, *, said: dict[str, Any], by: Actor) -> EmergencyLoad:
    """How busy it is now: said by the hospital itself, or heard by a desk of the region."""
    row = observing.report_load(organisation_id, **said, source="api", by=by)
    return EmergencyLoad.objects.select_related("organisation").get(pk=row.pk)
