"""Behind the link of a reminder: one unit, still correct or another number, without logging in."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from capacity import reminders, services
from capacity.models import CareUnit
from capacity.reminders import LinkActor
from lzc.errors import N_, NotSeen, NotValid, Refused
from lzc.events import act
from lzc.web.methods import WAYS
from lzc.web.pages import address_of, sentence

DOOR = "klopt-nog"
#: For this long it is said that it was saved.
JUST = timedelta(minutes=2)


@never_cache
@require_http_methods(WAYS)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is listed and asks; POST says it. What only looks at links changes nothing."""
    try:
        by = reminders.opened(token)
    except NotSeen:
        return render(request, "capacity/link_ended.html", status=404)
    if request.method != "POST":
        return render(request, "capacity/link.html", _told(by, said="gezegd" in request.GET))
    try:
        with act(by=by, door=DOOR, access_point=address_of(request)):
            say(request.POST.get("free", ""), by=by)
    except Refused as refusal:
        told = _told(by) | {"sentence": sentence(refusal)}
        return render(request, "capacity/link.html", told, status=refusal.status)
    return redirect(f"{request.path}?gezegd=1")


def say(free: str, *, by: LinkActor) -> None:
    """Nothing written: it still holds. A number: so many are free now."""
    if not free:
        services.confirm(by.pk, source="link", by=by)
        return
    if not (free.isascii() and free.isdigit() and len(free) < 4):
        raise NotValid("free", N_("Enter a number from 0 to %(most)s."), most=services.MOST_AT_ONCE)
    services.report_free(by.pk, free=int(free), source="link", by=by)


def _told(by: LinkActor, *, said: bool = False) -> dict[str, Any]:
    """`said`: they come from saying so. A page that a phone opens again hours later asks again."""
    rows = CareUnit.objects.visible_to(by).with_counts()
    unit = rows.get(pk=by.pk)
    just = unit.observed_at is not None and timezone.now() - unit.observed_at < JUST
    return {"unit": unit, "most": services.MOST_AT_ONCE, "said": said and just}
