"""What stands on the board around the work list: its groups, its figures, what is free."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from capacity.models import CareType, CareUnit, CareUnitQuerySet
from coordination.pages.listing import rows
from coordination.pages.rows import BUSY, HANDED, NEW, OWN, PART, WAITS, Row
from lzc.models import Membership, Region


def groups(listed: list[Row]) -> list[dict[str, object]]:
    """The list under its headings; a heading with nothing under it is left out."""
    labels = {
        HANDED: _("To take over"),
        NEW: _("Not picked up yet"),
        BUSY: _("In progress"),
        WAITS: _("Waiting for a provider"),
        OWN: _("Our own cases"),
        PART: _("Also involved"),
    }
    sorted_ = {key: [row for row in listed if row.group == key] for key in labels}
    return [
        {"key": key, "label": labels[key], "rows": under} for key, under in sorted_.items() if under
    ]


def numbers(listed: list[Row], placed: int) -> list[dict[str, object]]:
    """How it stands, in five figures."""
    now = timezone.now()
    soon = now + timedelta(hours=2)
    late = sum(1 for row in listed if row.deadline and row.deadline <= now)
    near = sum(1 for row in listed if row.deadline and now < row.deadline <= soon)
    return [
        {"label": _("Late"), "value": late, "tone": "kritiek" if late else ""},
        {"label": _("Within 2 hours"), "value": near, "tone": "let" if near else ""},
        {"label": _("Not picked up"), "value": sum(r.group in (NEW, HANDED) for r in listed)},
        {"label": _("Waiting for a provider"), "value": sum(r.group == WAITS for r in listed)},
        {"label": _("Placed today"), "value": placed},
    ]


def units(by: Membership) -> list[Any]:
    """All units of the ROAZ region with their counts and how sure these are (`fresh`)."""
    return counted(CareUnit.objects.visible_to(by), by.organisation.region)


def counted(rows: CareUnitQuerySet, region: Region) -> list[Any]:
    """These units, as far as they are in this ROAZ region."""
    now, rules = timezone.now(), region.rules()
    found = rows.within(region).select_related("organisation")
    listed: list[Any] = list(found.with_counts().order_by("town", "name"))
    for unit in listed:
        unit.fresh = unit.freshness(now, rules)
    return listed


def kinds(listed: list[Any]) -> list[dict[str, Any]]:
    """What is free per kind of care. What nobody confirmed lately counts, and is said apart."""
    found = []
    for care in CareType.values:
        of_kind = [unit for unit in listed if unit.care_type == care]
        if of_kind:
            unsure = sum(unit.free for unit in of_kind if unit.fresh != "fresh")
            found.append(
                {
                    "code": care,
                    "free": sum(unit.free for unit in of_kind),
                    "total": sum(unit.beds for unit in of_kind),
                    "held": sum(unit.held for unit in of_kind),
                    "uncertain": unsure,
                    "units": of_kind,
                }
            )
    return found


def work_list(request: HttpRequest, by: Membership, *, chosen: str = "") -> dict[str, Any]:
    """What the list and the figures above it need. `?van=mij` is in the address: a filter is a
    link, so it can be kept, shared and walked back from."""
    listed, placed, last_placed = rows(by)
    mine = [row for row in listed if row.mine]
    filtered = request.GET.get("van") == "mij"
    shown = mine if filtered else listed
    keep = "?van=mij" if filtered else ""
    return {
        "groups": groups(shown),
        "numbers": numbers(listed, placed),
        "last_placed": last_placed,
        "filters": [
            {"label": _("All"), "count": len(listed), "url": "?", "current": not filtered},
            {"label": _("Mine"), "count": len(mine), "url": "?van=mij", "current": filtered},
        ],
        "filtered_url": "?" if filtered and listed else "",
        "keep": keep,
        "chosen": chosen,
        "part_url": f"{request.path}{keep or '?'}{'&' if keep else ''}deel=",
        "acts": {"register": reverse("intake")},
    }
