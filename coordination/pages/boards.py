"""What stands on the board around the work list: its groups, its figures, what is free."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from capacity.models import CareType, CareUnit, CareUnitQuerySet
from coordination.pages.line import Lines
from coordination.pages.listing import Listed, listed
from coordination.pages.rows import BUSY, HANDED, NEW, OWN, PART, WAITS, Row
from lzc.freshness import FRESH
from lzc.models import Membership, Region
from lzc.policy import Rules

SOON = timedelta(hours=2)
NOTHING = timedelta()
#: How far ahead is said what comes free: the shift that is now, and the next.
AHEAD = timedelta(hours=12)
#: What its free places are counted by: read as columns, no model is made of each.
OF_UNIT = (
    *("care_type", "region_id", "beds", "observed_at", "true_until"),
    *("free", "to_be_had", "held", "planned", "first_planned"),
)
Filter = Callable[[Row, datetime], bool]
#: `?van=…` → what is left of the list. A filter is a link: kept, shared, walked back from.
FILTERS: dict[str, Filter] = {
    "": lambda row, now: True,
    "mij": lambda row, now: row.mine,
    "laat": lambda row, now: (left := row.left(now)) is not None and left <= NOTHING,
    "straks": lambda row, now: (left := row.left(now)) is not None and NOTHING < left <= SOON,
    "nieuw": lambda row, now: row.group in (NEW, HANDED),
    "wacht": lambda row, now: row.group == WAITS,
}


def groups(rows: list[Row], lines: Lines) -> list[dict[str, object]]:
    """The list under its headings; a heading with nothing under it is left out."""
    labels = {
        HANDED: _("To take over"),
        NEW: _("Not picked up yet"),
        BUSY: _("In progress"),
        WAITS: _("Waiting for a provider"),
        OWN: _("Our own cases"),
        PART: _("Also involved"),
    }
    sorted_ = {key: [row for row in rows if row.group == key] for key in labels}
    return [
        {"key": key, "label": labels[key], "rows": under, "lines": partial(lines.of, under)}
        for key, under in sorted_.items()
        if under
    ]


class Board:
    """The list of one desk at one moment, filtered as the address says."""

    def __init__(self, found: Listed, van: str) -> None:
        self.found, self.now = found, timezone.now()
        self.van = van if van in FILTERS else ""

    def under(self, van: str) -> list[Row]:
        return [row for row in self.found.rows if FILTERS[van](row, self.now)]

    @property
    def rows(self) -> list[Row]:
        return self.under(self.van)

    def chip(self, van: str, label: str, tone: str = "") -> dict[str, Any]:
        """A filter with how many it leaves; the one that is on leads back to the whole list."""
        count, current = len(self.under(van)), van == self.van
        url = f"?van={van}" if van and not current else "?"
        return {
            "label": label,
            "value": count,
            "tone": tone if count else "",
            "url": url,
            "current": current,
        }

    def numbers(self) -> list[dict[str, Any]]:
        """How it stands, in five figures; four of them are filters."""
        return [
            self.chip("laat", _("Late"), "kritiek"),
            self.chip("straks", _("Within 2 hours"), "let"),
            self.chip("nieuw", _("Not picked up")),
            self.chip("wacht", _("Waiting for a provider")),
            {"label": _("Placed today"), "value": self.found.placed},
        ]


def units(by: Membership, rules: Rules | None = None) -> list[Any]:
    """All units of the ROAZ region with their counts and how sure these are."""
    found = CareUnit.objects.visible_to(by).select_related("organisation")
    return counted(found, by.organisation.region, rules)


def free_now(by: Membership, rules: Rules) -> list[dict[str, Any]]:
    """What is free per kind of care, for who does not ask of which units."""
    region = by.organisation.region
    found = CareUnit.objects.visible_to(by).within(region).with_free()
    columns = found.with_coming(timezone.now() + AHEAD).values(*OF_UNIT)
    return kinds(believed((SimpleNamespace(**one) for one in columns), region, rules))


def counted(found: CareUnitQuerySet, region: Region, rules: Rules | None = None) -> list[Any]:
    """These units, as far as they are in this ROAZ region, with their counts."""
    rows = found.within(region).with_counts().with_coming(timezone.now() + AHEAD)
    return believed(rows.order_by("town", "name"), region, rules or region.rules())


def believed(found: Iterable[Any], region: Region, rules: Rules) -> list[Any]:
    """Step: of each how sure its counts are (`fresh`), whether they count at all (`counted`), and
    whether it is in this very subregion (`near`)."""
    now, rows = timezone.now(), list(found)
    eldest = now - timedelta(hours=rules.uncounted_hours)
    for unit in rows:
        unit.fresh = CareUnit.freshness(unit, now, rules)
        seen = unit.observed_at
        unit.counted = unit.fresh == FRESH or (seen is not None and seen > eldest)
        unit.near = unit.region_id == region.pk or region.parent_id is None
    return rows


def kinds(rows: list[Any]) -> list[dict[str, Any]]:
    """What is free per kind of care: here and in the whole region.

    What is not fresh counts, and is said apart; what nobody confirmed for a day counts no more.
    """
    sorted_ = {care: [u for u in rows if u.care_type == care] for care in CareType.values}
    return [_kind(care, found) for care, found in sorted_.items() if found]


def _kind(care: str, found: list[Any]) -> dict[str, Any]:
    counted = [unit for unit in found if unit.counted]
    here = [unit for unit in counted if unit.near]
    return {
        "code": care,
        "free": free(counted),
        "uncertain": free(unsure(counted)),
        "here": free(here),
        "here_uncertain": free(unsure(here)),
        "uncounted": free(found) - free(counted),
        "oldest": min((unit.observed_at for unit in here if unit.to_be_had), default=None),
        "total": sum(unit.beds for unit in found),
        "held": sum(unit.held for unit in found),
        **coming([unit for unit in found if unit.near]),
        "units": found,
    }


def coming(rows: list[Any]) -> dict[str, Any]:
    """What planners said will come free, and when the first does."""
    return {
        "coming": sum(unit.planned for unit in rows),
        "first": min((unit.first_planned for unit in rows if unit.first_planned), default=None),
    }


def free(rows: list[Any]) -> int:
    """Of a unit that admits nobody none can be had, however many stand empty."""
    return sum(unit.to_be_had for unit in rows)


def unsure(rows: list[Any]) -> list[Any]:
    return [unit for unit in rows if unit.fresh != FRESH]


def work_list(
    request: HttpRequest,
    by: Membership,
    rules: Rules,
    *,
    chosen: str = "",
    words: Collection[str] = (),
) -> dict[str, Any]:
    """What the list and the figures above it need. `words`: what was sought in it."""
    found = listed(by, rules, words=words)
    board = Board(found, request.GET.get("van", ""))
    shown = board.rows
    keep = f"?van={board.van}" if board.van else ""
    all_, mine = board.chip("", _("All")), board.chip("mij", _("Mine"))
    return {
        "groups": groups(shown, Lines(keep=keep, chosen=chosen)),
        "numbers": board.numbers(),
        "last_placed": found.last_placed,
        "filters": [all_, mine],
        "waiting": len(board.under("nieuw")),
        "filtered_url": "?" if board.van and found.rows else "",
        "keep": keep,
        "chosen": chosen,
        "part_url": f"{request.path}{keep or '?'}{'&' if keep else ''}deel=",
        "acts": {"register": reverse("intake")},
        "single_keys": by.user.single_keys,
    }


def panels(by: Membership) -> dict[str, Any]:
    """What the panels beside the list need; they are fetched from the list, wherever they stand."""
    region = by.organisation.region
    return {
        "panel_url": f"{reverse('worklist')}?deel=",
        "here": region.name if region.parent_id else "",
    }
