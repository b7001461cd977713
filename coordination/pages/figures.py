"""Mijn cijfers: what a provider sees of how it answered. The same rows as over REST."""

from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from coordination.offering.figures import DAYS, Figures, of_provider
from lzc.rights import Duty
from lzc.templatetags.ui import span
from lzc.web.pages import actor_of, page


@require_safe
@page(Duty.ANSWER)
def figures(request: HttpRequest) -> HttpResponse:
    found = of_provider(actor_of(request))
    units = [{"unit": one.unit, "lines": _lines(one), "reasons": _reasons(one)} for one in found]
    return render(request, "coordination/figures.html", {"units": units, "days": DAYS})


def _lines(one: Figures) -> list[tuple[str, str]]:
    """What stands on a line of its own: what it is, and how much."""
    return [(_("Asked"), str(one.asked)), *(_answers(one) if one.asked else []), *_places(one)]


def _answers(one: Figures) -> list[tuple[str, str]]:
    return [
        (_("Promised"), _part(one.promised, one.asked)),
        (_("Could not"), _part(one.declined, one.asked)),
        (_("No answer in time"), _part(one.unanswered, one.asked)),
        (_("Promise not kept"), str(one.failed)),
        (_("Answered within"), _within(one)),
    ]


def _places(one: Figures) -> list[tuple[str, str]]:
    return [
        (_("Occupied now"), _occupied(one)),
        (_("Admitted by this way"), _admitted(one)),
        (_("Silent"), _silence(one)),
    ]


def _part(some: int, of: int) -> str:
    return f"{some} ({some / of:.0%})" if of else str(some)


def _within(one: Figures) -> str:
    """Half of the answers, and nine of ten: an average would hide the one that took all night."""
    if one.median_seconds is None or one.slow_seconds is None:
        return _("no answer yet")
    half, most = (max(1, ceil(s / 60)) * 60 for s in (one.median_seconds, one.slow_seconds))
    holes = {"half": span(half), "most": span(most)}
    return _("%(half)s (half), %(most)s (nine of ten)") % holes


def _occupied(one: Figures) -> str:
    unit = one.unit
    listed = unit.beds or unit.free + unit.held + unit.occupied
    if not listed:
        return _("no places are listed")
    return _("%(some)s of %(all)s") % {"some": unit.occupied, "all": listed}


def _admitted(one: Figures) -> str:
    days = ngettext("%(n)s day", "%(n)s days", round(one.bed_days)) % {"n": round(one.bed_days)}
    share = "" if one.occupancy is None else f", {one.occupancy:.0%}"
    return f"{one.admitted} ({days}{share})"


def _silence(one: Figures) -> str:
    if not one.silences:
        return _("never")
    times = ngettext("%(n)s time", "%(n)s times", one.silences) % {"n": one.silences}
    hours = _("%(hours)s hours together") % {"hours": span(one.silent_hours * 3600)}
    return f"{times}, {hours}" + (f", {_('also now')}" if one.silent_now else "")


def _reasons(one: Figures) -> list[dict[str, Any]]:
    """Each with the length of its bar, in hundredths of the longest."""
    most = max((n for _code, n in one.reasons), default=1)
    return [{"code": code, "n": n, "bar": n * 100 // most} for code, n in one.reasons]
