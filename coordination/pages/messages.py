"""Berichten: what happened to the requests of this practice since somebody last looked."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coordination.models.notices import Notice
from coordination.notices import following
from lzc.models import Actor
from lzc.rights import Duty
from lzc.web.pages import page, press
from lzc.web.words import word

#: Newest first; what is older stands with its request.
MOST = 6
TONES = {Notice.Kind.FOUND: "goed", Notice.Kind.WAITING: "let", Notice.Kind.LOST: "let"}
ICONS = {Notice.Kind.FOUND: "bed", Notice.Kind.LOST: "triangle-alert", Notice.Kind.CANCELLED: "x"}


def notices_of(by: Actor) -> dict[str, Any]:
    """As they stand on the page. No patient row is read: a case is called by its number."""
    mine = Notice.objects.visible_to(by).select_related("request__case")
    rows = [_row(notice) for notice in mine.order_by("-event")[:MOST]]
    unseen = [row["id"] for row in rows if row["unseen"]]
    seen_url = reverse("notice_seen", args=[unseen[0]]) if unseen else ""
    return {"notices": rows, "seen_url": seen_url, "notices_url": f"{reverse('requests')}?deel="}


def _row(notice: Notice) -> dict[str, Any]:
    kind = Notice.Kind(notice.kind)
    return {
        "id": notice.pk,
        "text": word(notice.kind, "notice"),
        "reference": notice.request.case.reference,
        "url": reverse("follow", args=[notice.request_id]),
        "at": notice.at,
        "tone": TONES.get(kind, ""),
        "icon": ICONS.get(kind, "bell"),
        "unseen": notice.seen_at is None,
    }


def incoming_notices(request: HttpRequest, by: Actor) -> HttpResponse:
    return render(request, "coordination/_notices.html", notices_of(by))


@page(Duty.ASK)
def seen(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Gezien."""
    if request.method == "POST":
        press(request, "", following.see, notice_id)
    return redirect("requests")
