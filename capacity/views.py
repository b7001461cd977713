"""The planner's own units: how many are free now, and since when that is known. One tap each."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from capacity import services
from capacity.models import CareUnit, Place
from capacity.shifts import shift_end
from lzc.errors import NotSeen, Refused
from lzc.models import Actor, Membership
from lzc.rights import Duty
from lzc.web.pages import actor_of, do, page, sentence

#: For this long it is said that all was confirmed; after that the button is back.
JUST = timedelta(minutes=2)
#: A slip of the thumb can be undone for this long.
UNDO = timedelta(seconds=30)
SESSION_KEY = "capacity_undo"

T = TypeVar("T")
Waiting = Callable[[Actor], int]


@page(Duty.ANSWER)
def units(request: HttpRequest, waiting: Waiting) -> HttpResponse:
    """`waiting`: how many offers wait for an answer; capacity itself does not know offers."""
    by = actor_of(request)
    part = "_units" if request.GET.get("deel") else "units"
    return render(request, f"capacity/{part}.html", _told(request, by, waiting))


def _told(request: HttpRequest, by: Membership, waiting: Waiting) -> dict[str, Any]:
    now, rules = timezone.now(), by.organisation.region.rules()
    undo = _undo(request, now)
    found = list(CareUnit.objects.own(by).with_counts().order_by("name", "pk"))
    for unit in found:
        unit.short = _short(unit, by)  # type: ignore[attr-defined]
        unit.fresh = unit.freshness(now, rules)  # type: ignore[attr-defined]
        unit.changed = str(unit.pk) == undo.get("unit")  # type: ignore[attr-defined]
    return {
        "units": found,
        "confirm": _confirmed(found, now, timedelta(minutes=rules.fresh_minutes)),
        "undo": undo,
        "offers_waiting": {"count": waiting(by), "url": reverse("inbox")},
        "part_url": f"{reverse('capacity')}?deel=",
    }


def _short(unit: CareUnit, by: Membership) -> str:
    """Its own people need not read the name of the house."""
    return unit.name.removeprefix(f"{by.organisation.name}, ")


def _confirmed(found: list[CareUnit], now: datetime, fresh: timedelta) -> dict[str, Any] | None:
    """Since when all of it is known: as old as the oldest figure among them."""
    if not found:
        return None
    said = [unit.observed_at for unit in found if unit.observed_at]
    oldest = min(said) if len(said) == len(found) else None
    return {
        "at": oldest,
        "just": oldest is not None and now - oldest < JUST,
        "next": oldest + fresh if oldest else None,
    }


def _undo(request: HttpRequest, now: datetime) -> dict[str, str]:
    last = request.session.get(SESSION_KEY) or {}
    return last if last.get("until", "") > now.isoformat() else {}


@page(Duty.ANSWER)
def confirm(request: HttpRequest) -> HttpResponse:
    """Klopt nog: everything at once. The page itself shows that it was done."""
    if request.method != "POST":
        return redirect("capacity")
    _tapped(request, confirm_all)
    request.session.pop(SESSION_KEY, None)
    return redirect("capacity")


def _tapped(request: HttpRequest, verb: Callable[..., T], *args: Any) -> T | None:
    """Step: one tap. Only a refusal needs a sentence."""
    try:
        return do(request, verb, *args)
    except NotSeen:
        raise
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
        return None


def confirm_all(*, by: Actor) -> None:
    """What every unit of this organisation says of its places still holds."""
    for pk in CareUnit.objects.own(by).order_by("pk").values_list("pk", flat=True):
        services.confirm(pk, by=by)


def one_more(unit_id: UUID, *, by: Actor) -> CareUnit:
    """A bed until it is taken; a visit until the end of the shift."""
    unit = services.own_unit(unit_id, by=by)
    until = shift_end(timezone.now()) if unit.is_team else None
    services.release(unit_id, valid_until=until, by=by)
    return unit


def one_less(unit_id: UUID, *, by: Actor) -> CareUnit:
    unit = services.own_unit(unit_id, by=by)
    services.withdraw(unit_id, by=by)
    return unit


STEPS: dict[str, tuple[Callable[..., CareUnit], int, str]] = {
    "meer": (one_more, 1, "minder"),
    "minder": (one_less, -1, "meer"),
}


@page(Duty.ANSWER)
def step(request: HttpRequest, unit_id: UUID, which: str) -> HttpResponse:
    """+ or −, saved at once."""
    own = CareUnit.objects.own(actor_of(request)).filter(pk=unit_id)
    if which not in STEPS or not own.exists():
        raise NotSeen
    if request.method != "POST":
        return redirect("capacity")
    change, by_one, back = STEPS[which]
    if unit := _tapped(request, change, unit_id):
        _remember(request, unit, by_one, back)
    return redirect("capacity")


def _remember(request: HttpRequest, unit: CareUnit, by_one: int, back: str) -> None:
    """Step: what was just done, and how to undo it. An undo is not offered to be undone."""
    if request.GET.get("ongedaan"):
        request.session.pop(SESSION_KEY, None)
        return
    free = Place.objects.filter(Place.usable(), unit=unit).count()
    request.session[SESSION_KEY] = {
        "unit": str(unit.pk),
        "text": f"{_short(unit, actor_of(request))}: {free - by_one} → {free}",
        "url": f"{reverse('capacity_step', args=[unit.pk, back])}?ongedaan=1",
        "until": (timezone.now() + UNDO).isoformat(),
    }
