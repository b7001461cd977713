"""How a page is to this person: its language; light or night; whether single keys do something."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from lzc.models import User
from lzc.web.methods import WAYS

COOKIE = "lzc_theme"
THEMES = ("auto", "licht", "nacht")
A_YEAR = 365 * 24 * 3600


class Language(LocaleMiddleware):
    """Middleware: a page is Dutch unless this person chose otherwise, whatever the browser says.

    A machine says in its own header what it wants to read.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith("/api/"):
            super().process_request(request)
            return
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        translation.activate(chosen if chosen in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()


def theme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def context(request: HttpRequest) -> dict[str, str]:
    """Context processor: what base.html needs of the looks."""
    return {"theme": theme_of(request)}


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the choice on this machine and go back to where it was made."""
    response = HttpResponseRedirect(_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@login_required
@require_http_methods(WAYS)
def keys(request: HttpRequest) -> HttpResponse:
    """Which keys there are; on or off for this person, on whatever machine they work."""
    person = cast(User, request.user)
    if request.method != "POST":
        return render(request, "lzc/keys.html", {"single_keys": person.single_keys})
    on = request.POST.get("single_keys") == "on"
    User.objects.filter(pk=person.pk).update(single_keys=on)
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Where it was chosen, when that is a page of ours."""
    back = request.POST.get("next", "/")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return back if ours else "/"
