"""De noodlijst as a page to print, and as a sealed file to take along."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from coordination.outage.reading import outage_list
from coordination.outage.writing import code, file_of, sealed_file, written_at
from lzc.models import Action
from lzc.rights import Duty
from lzc.web.pages import actor_of, page

#: Every four minutes there is a new one; after this somebody should look why not.
TOO_OLD = timedelta(minutes=10)


@require_safe
@page(Duty.DESK)
def outage(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    made = written_at(by.organisation)
    context = {
        "list": outage_list(by.organisation, by=by, action=Action.PRINT),
        "written_at": made,
        "too_old": made is None or timezone.now() - made > TOO_OLD,
        "file": file_of(by.organisation).name,
        "code": code(by.organisation),
    }
    return render(request, "coordination/outage.html", context)


@require_safe
@page(Duty.DESK)
def download(request: HttpRequest) -> HttpResponse:
    """As it stands now, sealed: what is on disk may be minutes old."""
    by = actor_of(request)
    told = outage_list(by.organisation, by=by, action=Action.EXPORT)
    named = f"noodlijst-{timezone.localtime(told.made_at):%Y-%m-%d-%H%M}.html"
    return HttpResponse(
        sealed_file(told),
        content_type="text/html; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{named}"'},
    )
