"""The planner's own units: how many are free now, and since when that is known. One tap each."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capacity import observing, planning, services
from capacity.models import CareUnit, Place
from capacity.states import NOT_FREE_YET, PlaceState, Stop
from lzc.errors import NotSeen, Refused
from lzc.hours import next_time, spelled
from lzc.models import Actor, Membership
from lzc.rights import Duty
from lzc.web import kept
from lzc.web.pages import actor_of, as_uuid, do, page, sentence
from lzc.web.queued import in_words

#: For this long it is said that all was confirmed; after that the button is back.
JUST = timedelta(minutes=2)
#: A slip of the thumb can be undone for this long.
UNDO = timedelta(seconds=30)
SESSION_KEY = "capacity_undo"

#: What the page fetches again when something changed: `?deel=…` → its partial.
PARTS = {"soorten": "capacity/_units.html", "vragen": "capacity/_waiting.html"}

T = TypeVar("T")
Waiting = Callable[[Actor], dict[str, Any]]


@require_safe
@page(Duty.ANSWER)
def units(request: HttpRequest, waiting: Waiting) -> HttpResponse:
    """`waiting`: the offers that wait for an answer; capacity itself does not know offers."""
    by, part = actor_of(request), request.GET.get("deel", "")
    context = {"part_url": f"{reverse('capacity')}?deel="}
    if part in ("", "vragen"):
        context |= waiting(by)
    if part != "vragen":
        context |= _told(request, by)
    return render(request, PARTS.get(part, "capacity/units.html"), context)


def _told(request: HttpRequest, by: Membership) -> dict[str, Any]:
    now, rules = timezone.now(), by.organisation.region.rules()
    undo = _undo(request, now)
    found = list(CareUnit.objects.own(by).with_counts().order_by("name", "pk"))
    for unit in found:
        unit.short = _short(unit, by)  # type: ignore[attr-defined]
        unit.fresh = unit.freshness(now, rules)  # type: ignore[attr-defined]
        unit.changed = str(unit.pk) == undo.get("unit")  # type: ignore[attr-defined]
    _with_what_comes(found)
    return {
        "stops": list(Stop),
        "units": found,
        "confirm": _confirmed(found, now, timedelta(minutes=rules.fresh_minutes)),
        "undo": undo,
        # Who goes to patients has a full menu.
        "figures_url": reverse("figures") if by.has(Duty.VISIT) else "",
    }


def _short(unit: CareUnit, by: Membership) -> str:
    """Its own people need not read the name of the house."""
    return unit.name.removeprefix(f"{by.organisation.name}, ")


def _with_what_comes(found: list[CareUnit]) -> None:
    """Step: beside each unit its places that are taken, or planned to be free."""
    rows = Place.objects.filter(unit__in=found, state__in=NOT_FREE_YET)
    rows = rows.exclude(state=PlaceState.WITHDRAWN, free_from=None)
    for unit in found:
        unit.coming = []  # type: ignore[attr-defined]
    by_id: dict[UUID, Any] = {unit.pk: unit for unit in found}
    for place in rows.order_by("free_from", "pk"):
        by_id[place.unit_id].coming.append(place)


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


def _undo(request: HttpRequest, now: datetime) -> dict[str, Any]:
    last = request.session.get(SESSION_KEY) or {}
    return last if last.get("until", "") > now.isoformat() else {}


@page(Duty.ANSWER)
@in_words
def confirm(request: HttpRequest) -> HttpResponse:
    """Klopt nog: everything at once. The page itself shows that it was done."""
    if request.method != "POST":
        return redirect("capacity")
    try:
        until = next_time(timezone.now(), request.POST.get("until", ""))
    except ValueError:
        messages.warning(request, _("Write the time as 16:30."))
        kept.say_typed(request)
        return redirect("capacity")
    _tapped(request, confirm_all, until)
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
        kept.say_typed(request)
        return None


def confirm_all(until: datetime | None = None, *, by: Actor) -> None:
    """What every unit of this organisation says of its places still holds, and until when."""
    for pk in CareUnit.objects.own(by).order_by("pk").values_list("pk", flat=True):
        services.confirm(pk, true_until=until, by=by)


def one_more(unit_id: UUID, *, by: Actor) -> CareUnit:
    """A bed until it is taken; a visit until the end of the shift."""
    unit = services.own_unit(unit_id, by=by)
    services.release(unit_id, by=by)
    return unit


def one_less(unit_id: UUID, *, by: Actor) -> CareUnit:
    unit = services.own_unit(unit_id, by=by)
    services.withdraw(unit_id, by=by)
    return unit


STEPS: dict[str, tuple[Callable[..., CareUnit], int, str]] = {
    "meer": (one_more, 1, "minder"),
    "minder": (one_less, -1, "meer"),
}


# What needs a word or a time beside the tap ----------------------------------------------------


def stop(unit_id: UUID, form: QueryDict, *, by: Actor) -> None:
    observing.stop(
        unit_id,
        reason=form.get("reason", ""),
        expected_end=spelled(form.get("expected_end", "")),
        by=by,
    )


def reopen(unit_id: UUID, form: QueryDict, *, by: Actor) -> None:
    observing.reopen(unit_id, by=by)


def plan(unit_id: UUID, form: QueryDict, *, by: Actor) -> None:
    """Vrij vanaf: at the next 16:30 there is; of this place, or of one more."""
    at = next_time(timezone.now(), form.get("at", ""))
    if at is None:
        raise ValueError("no time")
    place = as_uuid(str(form.get("place"))) if form.get("place") else None
    planning.plan_release(unit_id, free_from=at, place=place, by=by)


FORMS: dict[str, Callable[..., None]] = {"stop": stop, "open": reopen, "vrij-vanaf": plan}
ONE_PLACE: dict[str, Callable[..., Any]] = {
    "vervalt": planning.call_off,
    "vertrokken": planning.clear,
}


def _filled_in(request: HttpRequest, change: Callable[..., None], unit_id: UUID) -> HttpResponse:
    try:
        _tapped(request, change, unit_id, request.POST)
    except ValueError:
        wrong = _("Enter a date and a time.") if change is stop else _("Write the time as 16:30.")
        messages.warning(request, wrong)
        kept.say_typed(request)
    return redirect("capacity")


@page(Duty.ANSWER)
@in_words
def one_place(request: HttpRequest, place_id: UUID, which: str) -> HttpResponse:
    """It does not come free after all; or who lay in it has left."""
    own = CareUnit.objects.own(actor_of(request))
    if which not in ONE_PLACE or not Place.objects.filter(pk=place_id, unit__in=own).exists():
        raise NotSeen
    if request.method == "POST":
        _tapped(request, ONE_PLACE[which], place_id)
    return redirect("capacity")


@page(Duty.ANSWER)
@in_words
def step(request: HttpRequest, unit_id: UUID, which: str) -> HttpResponse:
    """+ or −, saved at once."""
    own = CareUnit.objects.own(actor_of(request)).filter(pk=unit_id)
    if which not in STEPS and which not in FORMS or not own.exists():
        raise NotSeen
    if request.method != "POST":
        return redirect("capacity")
    if which in FORMS:
        return _filled_in(request, FORMS[which], unit_id)
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
        "by": -by_one,
        "text": f"{_short(unit, actor_of(request))}: {free - by_one} → {free}",
        "url": f"{reverse('capacity_step', args=[unit.pk, back])}?ongedaan=1",
        "until": (timezone.now() + UNDO).isoformat(),
    }
