"""Who asked follows: how it stands, what happened, what comes next. Live, so nobody need call."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from coordination import services
from coordination.models import CareRequest, Offer
from coordination.pages.clocks import closing_in
from coordination.pages.dossier import opened
from coordination.pages.forms import NOT_PLACED
from coordination.pages.incoming import handovers_to, incoming
from coordination.pages.messages import incoming_notices, notices_of
from coordination.pages.opened import who
from coordination.pages.standing import standing
from coordination.pages.timeline import timeline
from coordination.states import CHOSEN, OPEN, REQUEST_MOVES, OfferState, RequestState
from lzc.errors import NotSeen
from lzc.models import Action, Actor, Event
from lzc.moves import open_to
from lzc.rights import Duty
from lzc.web.pages import actor_of, page, press
from lzc.web.words import word
from triage import gateway
from triage.models import Case

MOST_ROWS = 50
R = RequestState


def _mine(by: Actor) -> QuerySet[CareRequest]:
    """What this organisation asked, in whatever state."""
    return CareRequest.objects.visible_to(by).filter(requester=by.organisation_id)


def _cases(requests: list[CareRequest], by: Actor, action: Action) -> dict[UUID, Case]:
    """Step: of these, the cases that the requester still has a part in, with their patients."""
    wanted = {made.case_id for made in requests}
    cases = {case.pk: case for case in Case.objects.visible_to(by).filter(pk__in=wanted)}
    if cases:
        gateway.attach_patients(cases.values(), action=action)
    return cases


@require_safe
@page(Duty.ASK)
def requests(request: HttpRequest) -> HttpResponse:
    """Mijn aanvragen, the open ones first; and the cases that wait to be taken over."""
    by, part = actor_of(request), request.GET.get("deel", "")
    if part == "overdrachten":
        return incoming(request, by)
    if part == "berichten":
        return incoming_notices(request, by)
    if part == "aantal":
        count = _mine(by).filter(state__in=OPEN).count()
        told = {"count": count, "count_url": request.get_full_path()}
        return render(request, "_count.html", told)
    listed = list(_mine(by).select_related("case").order_by("-created_at")[:MOST_ROWS])
    cases = _cases(listed, by, Action.LIST)
    rows = [_row(made, cases.get(made.case_id)) for made in listed]
    context: dict[str, Any] = {
        "rows": sorted(rows, key=lambda row: row["done"]),
        "part_url": f"{request.path}?deel=",
    }
    if part:
        return render(request, "coordination/_requests.html", context)
    context |= {"handovers": handovers_to(by), "acts": {"ask": reverse("request_new")}}
    context |= notices_of(by)
    return render(request, "coordination/requests.html", context)


def _row(made: CareRequest, case: Case | None) -> dict[str, Any]:
    """A request whose case is no longer theirs keeps its number, and loses its name."""
    return {
        "id": made.pk,
        "url": reverse("follow", args=[made.pk]),
        "who": who(case.patient) if case else made.case.reference,
        "title": " · ".join([word(made.care_types[0], "care"), made.case.reference]),
        "state": word(made.state, "request"),
        "tone": TONES.get(R(made.state), "info"),
        "needed_by": made.needed_by,
        "soon": closing_in(made.submitted_at or made.created_at, made.needed_by),
        "done": made.state not in OPEN,
        "waits": made.state in OPEN and made.state != R.ASSIGNED,
    }


TONES = {
    R.ON_HOLD: "let",
    R.WAITING: "let",
    R.ASSIGNED: "goed",
    R.STARTED: "goed",
    R.CLOSED: "",
    R.CANCELLED: "",
}


@require_safe
@page(Duty.ASK)
def follow(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request, from sending until care has started."""
    by = actor_of(request)
    parties = _mine(by).select_related("case", "desk__organisation", "desk__region__parent")
    made = parties.filter(pk=request_id).first()
    if made is None:
        raise NotSeen
    template = (
        "coordination/_follow.html" if request.GET.get("deel") else "coordination/follow.html"
    )
    return render(request, template, _followed(made, by))


def _followed(made: CareRequest, by: Actor) -> dict[str, Any]:
    """With what happened in its case, for as long as the requester has a part in that."""
    seen = Case.objects.visible_to(by).filter(pk=made.case_id).exists()
    dossier = opened(made.case_id, by=by) if seen else None
    rows = Offer.objects.visible_to(by).filter(request=made).select_related("unit")
    offers = list(rows.order_by("created_at"))
    names = open_to(REQUEST_MOVES, state=made.state, sides=made.sides(by), duties=by.duties)
    return {
        "reference": made.case.reference,
        "who": who(dossier.case.patient) if dossier else word(made.care_types[0], "care"),
        "case_url": reverse("case", args=[made.case.reference]) if dossier else "",
        "made": made,
        "standing": standing(made, offers),
        "steps": _steps(made, offers, _picked_up(made)),
        "timeline": timeline(dossier) if dossier else [],
        "reasons": NOT_PLACED,
        "acts": {"cancel": reverse("follow_cancel", args=[made.pk])} if "cancel" in names else {},
        "live_ids": [made.pk, made.case_id, *(offer.pk for offer in offers)],
        "part_url": f"{reverse('follow', args=[made.pk])}?deel=",
    }


def _picked_up(made: CareRequest) -> datetime | None:
    """When somebody at the desk began to work on it: the first fact in its name."""
    begun = Event.objects.filter(
        subject=made.pk, type__in=("care_request.taken", "care_request.offered")
    )
    return begun.order_by("number").values_list("at", flat=True).first()


def _steps(
    made: CareRequest, offers: list[Offer], picked_up: datetime | None
) -> list[dict[str, Any]]:
    """How far it is. What falls away, such as a place that was lost, is no longer reached."""
    asked = [offer for offer in offers if offer.visible_from <= timezone.now()]
    promised = [o.answered_at for o in asked if o.state in PROMISED and o.answered_at]
    reached: list[tuple[str, datetime | None]] = [
        (_("Sent"), made.submitted_at),
        (_("Picked up by the desk"), picked_up),
        (_("Providers asked"), asked[0].visible_from if asked else None),
        (_("Place promised"), min(promised, default=None)),
        (_("Place found"), made.assigned_at),
        (_("Care started"), made.started_at),
    ]
    if made.state == R.CANCELLED:
        reached = [(label, at) for label, at in reached if at]
        reached.append((_("Withdrawn"), made.ended_at))
    last = max((n for n, (_label, at) in enumerate(reached) if at), default=-1)
    now = last + 1 if made.state in OPEN else last
    return [
        {
            "label": label,
            "at": at,
            "state": "now" if n == now else "done" if n < now else "todo",
            "more": _how_many(asked) if label == _("Providers asked") and at else "",
        }
        for n, (label, at) in enumerate(reached)
    ]


#: Said yes, whatever became of it since.
PROMISED = {OfferState.ACCEPTED, *CHOSEN, OfferState.COMPLETED}


def _how_many(asked: list[Offer]) -> str:
    """Of so many that were asked, how many think, and how many said no."""
    thinking = sum(offer.state in (OfferState.SENT, OfferState.ASKED) for offer in asked)
    no = sum(offer.state in (OfferState.DECLINED, OfferState.EXPIRED) for offer in asked)
    parts = [
        ngettext("%(n)s provider", "%(n)s providers", len(asked)) % {"n": len(asked)},
        _("%(n)s still to answer") % {"n": thinking} if thinking else "",
        _("%(n)s without a place") % {"n": no} if no else "",
    ]
    return ", ".join(part for part in parts if part)


@page(Duty.ASK)
def cancel(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """It is no longer needed: every place that was held is free at once."""
    if not _mine(actor_of(request)).filter(pk=request_id).exists():
        raise NotSeen
    reason = request.POST.get("reason", "")
    if request.method != "POST" or reason not in NOT_PLACED:
        return redirect("follow", request_id)
    knew = request.POST.get("knew", "")[:40]
    done = _("The request is withdrawn.")
    press(request, done, services.cancel, request_id, reason=reason, knew=knew)
    return redirect("follow", request_id)
