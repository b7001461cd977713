"""The front door: log in, choose where you work now, log out; and is this process well?"""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lzc.models import Membership
from lzc.rights import Duty, Role
from lzc.web import sounds
from lzc.web.kept import KEPT, role_now, take_along
from lzc.web.pages import SESSION_KEY
from lzc.web.sessions import SessionStore
from lzc.web.words import word

#: Where somebody starts, and what else is in their menu: (address, label, icon).
MENUS: dict[Role, list[tuple[str, Callable[[], str], str]]] = {
    Role.COORDINATOR: [
        ("worklist", lambda: _("Work list"), "clipboard-list"),
        ("intake", lambda: _("New case"), "phone-call"),
        ("capacity_overview", lambda: _("Capacity"), "bed"),
        ("map", lambda: _("Map"), "map"),
        ("sharing", lambda: _("Divide"), "arrow-left-right"),
        ("shift", lambda: _("Shift"), "users"),
    ],
    Role.WIJKVERPLEEGKUNDIGE: [
        ("tasks", lambda: _("My tasks"), "route"),
        ("inbox", lambda: _("Offers"), "inbox"),
        ("worklist", lambda: _("Work list"), "clipboard-list"),
        ("capacity", lambda: _("Capacity"), "bed"),
    ],
    Role.HUISARTS: [
        ("request_new", lambda: _("New request"), "plus"),
        ("requests", lambda: _("My requests"), "file-text"),
        ("worklist", lambda: _("Work list"), "clipboard-list"),
        ("map", lambda: _("Map"), "map"),
    ],
    Role.PLANNER: [
        ("capacity", lambda: _("Capacity"), "bed"),
        ("inbox", lambda: _("Offers"), "inbox"),
        ("tasks", lambda: _("Admissions"), "route"),
        ("figures", lambda: _("My figures"), "activity"),
        ("map", lambda: _("Map"), "map"),
    ],
    Role.ADVISER: [],
    Role.SECURITY: [],
}
MENUS[Role.CENTRALIST] = MENUS[Role.TRIAGIST] = MENUS[Role.COORDINATOR]


#: What is not a part of every day: in the menu of the person.
ASIDE: list[tuple[str, Callable[[], str], str]] = [
    ("outage", lambda: _("Outage list"), "printer"),
    ("walls", lambda: _("Wall screens"), "tv"),
]


#: A page that is opened from another one of the menu: that one stays marked.
PART_OF = dict.fromkeys(("case", "worklist_search"), "worklist") | {
    "follow": "requests",
    "task": "tasks",
}


#: How many are open there stands beside it. That page tells, once the one in sight is drawn.
COUNTED = ("requests",)


def menu(request: HttpRequest, actor: Membership) -> list[dict[str, Any]]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {
            "url": reverse(name),
            "label": label(),
            "icon": icon,
            "count_url": f"{reverse(name)}?deel=aantal" if name in COUNTED else "",
            "current": "page" if here == name else "true" if PART_OF.get(here) == name else "",
        }
        for name, label, icon in MENUS[Role(actor.role)]
    ]


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what stands around every page."""
    actor = getattr(request, "actor", None)
    if not actor:
        return {}
    return {
        "me": {
            "other_roles": actor.has_other_roles,
            "name": actor.user.full_name,
            "role": word(actor.role, "role"),
            "organisation": actor.organisation.name,
        },
        "region_name": actor.organisation.region.name,
        "nav": menu(request, actor),
        "aside": [
            {"url": reverse(name), "label": label(), "icon": icon} for name, label, icon in ASIDE
        ]
        if actor.has(Duty.DESK)
        else [],
        "live_url": settings.LIVE_URL,
        "sound": sounds.said(request) if actor.has(Duty.DESK) else "",
        "live_cursor": getattr(request, "live_cursor", 0),
    }


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Everybody starts at their own work."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor:
        return redirect("membership")
    first = MENUS[Role(actor.role)][:1]
    return redirect(first[0][0]) if first else render(request, "lzc/no_pages.html")


class LogInForm(AuthenticationForm):
    """What was wrong, said short; not which of the two."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": gettext_lazy(
            "This user name and this password do not belong together. Mind the capital letters."
        )
    }

    def clean(self) -> dict[str, Any]:
        """Nobody has a name this long; it would not fit where failed tries are written either."""
        name = self.cleaned_data.get("username") or ""
        if len(name) > (self.fields["username"].max_length or 0):  # type: ignore[attr-defined]
            raise self.get_invalid_login_error()
        return super().clean()


class LogIn(auth.LoginView):
    template_name = "lzc/login.html"
    authentication_form = LogInForm

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The time of the session runs from here, also when the browser had one before."""
        response = super().form_valid(form)
        cast(SessionStore, self.request.session).begin()
        return response

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """What was typed before the session ended goes along, also past a wrong password."""
        return super().get_context_data(**more) | {KEPT: self.request.POST.get(KEPT, "")}

    def get_success_url(self) -> str:
        """Somebody with one role goes straight to work; with more, they say which."""
        roles = Membership.objects.active().filter(user=self.request.user.pk)
        only = list(roles.values_list("pk", flat=True)[:2])
        wanted = self.get_redirect_url()
        if take_along(self.request, self.request.POST.get(KEPT, "")):
            wanted = reverse("kept")
        if len(only) != 1:
            then = f"?{urlencode({'next': wanted})}" if wanted else ""
            return reverse("membership") + then
        sounds.forget(self.request)
        self.request.session[SESSION_KEY] = str(only[0])
        return wanted or reverse("home")


@login_required
def membership(request: HttpRequest) -> HttpResponse:
    """In which role do you work now? One person may work for several employers."""
    if request.method == "GET" and (told := role_now(request)):
        return told
    roles = Membership.objects.acting().filter(user=request.user.pk)
    back = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = ""
    chosen = {str(r.pk): r for r in roles}.get(request.POST.get("membership", ""))
    if request.method == "POST" and chosen:
        request.session.cycle_key()
        sounds.forget(request)
        request.session[SESSION_KEY] = str(chosen.pk)
        return redirect(back or "home")
    return render(
        request, "lzc/membership.html", {"choices": _choices(request, roles), "next": back}
    )


def _choices(request: HttpRequest, roles: Any) -> list[dict[str, Any]]:
    now = request.session.get(SESSION_KEY)
    return [
        {
            "id": r.pk,
            "role": word(r.role, "role"),
            "organisation": r.organisation.name,
            "desk": r.desk.name if r.desk else "",
            "current": str(r.pk) == now,
        }
        for r in roles
    ]


def livez(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"live": True})


def readyz(request: HttpRequest) -> JsonResponse:
    """It reaches its database. Not Valkey: without the bell everything works, a second later."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ready": False}, status=503)
    return JsonResponse({"ready": True})
