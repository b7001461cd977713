"""What a desk writes down of others: a telephone call to a unit, how busy a hospital is."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from capacity import observing
from capacity.models import EmergencyLoad, UnitCall
from capacity.services import MOST_AT_ONCE
from lzc import plain
from lzc.errors import N_, NotValid
from lzc.hours import next_time
from lzc.models import Membership, Organisation, WallToken
from lzc.rights import Duty, OrganisationKind
from lzc.web.pages import page, press

#: The overview belongs to `coordination`; it is where these buttons are.
OVERVIEW = "capacity_overview"


@require_POST
@page(Duty.DESK)
def called(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Gebeld: heeft plek / vol / geen gehoor, and until when."""
    press(request, _("Written down: thank you."), write_down, unit_id, request.POST)
    return redirect(OVERVIEW)


def write_down(unit_id: UUID, form: Any, *, by: Membership) -> None:
    observing.observe_call(
        unit_id,
        said=form.get("said", ""),
        free=_number(form.get("free", "")),
        until=_time("until", form.get("until", "")),
        by=by,
    )


@require_POST
@page(Duty.DESK, Duty.ANSWER)
def load(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """How busy an emergency department is."""
    press(request, _("Written down: thank you."), say_load, organisation_id, request.POST)
    return redirect(OVERVIEW)


def say_load(organisation_id: UUID, form: Any, *, by: Membership) -> None:
    observing.report_load(
        organisation_id,
        load=form.get("load", ""),
        reason=_line("reason", form.get("reason", ""))[:120],
        expected_until=_time("expected_until", form.get("expected_until", "")),
        source="phone",
        by=by,
    )


def _line(field: str, text: str) -> str:
    """As every form keeps it: others read this beside the hospital."""
    try:
        return plain.cleaned(text).strip()
    except plain.Unwritable:
        raise NotValid(field, plain.UNWRITABLE) from None


def _number(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 4):
        raise NotValid("free", N_("Enter a number from 1 to %(most)s."), most=MOST_AT_ONCE)
    return int(text) if text else None


def _time(field: str, text: str) -> Any:
    try:
        return next_time(timezone.now(), text)
    except ValueError:
        raise NotValid(field, N_("Write the time as 16:30.")) from None


def departments(by: Membership | WallToken) -> list[Any]:
    """The emergency departments of the region, each with what was said of it last (`told`)."""
    root = by.organisation.region.root_id
    hospitals = Organisation.objects.filter(kind=OrganisationKind.ZIEKENHUIS)
    listed: list[Any] = [
        one
        for one in hospitals.select_related("region").order_by("name")
        if one.region.root_id == root
    ]
    newest = EmergencyLoad.objects.filter(organisation__in=listed).newest()
    said = {row.organisation_id: row for row in newest}
    for hospital in listed:
        hospital.told = said.get(hospital.pk)
    return listed


def with_last_call(units: list[Any]) -> None:
    """Put beside each unit what it said on the telephone last (`call`)."""
    newest = UnitCall.objects.filter(unit__in=units).order_by("unit", "-at").distinct("unit")
    said = {call.unit_id: call for call in newest}
    for unit in units:
        unit.call = said.get(unit.pk)
