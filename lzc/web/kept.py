"""What somebody typed is not lost when it could not be sent: they are shown it, and send it after.

A form says in which role it was begun (`as`, beside its key). When the session ended meanwhile,
when somebody logged in anew in another tab, or chose another role there, what was sent is kept:
sealed, on the page that asks to log in and then in the session, for nobody but who typed it.

An open page that hears that its session is over hands in what is half typed by itself (`over.js`).
It is told what was kept, and where to go on.
"""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lzc.models import Membership
from lzc.web.methods import WAYS
from lzc.web.words import WORDS, word

#: In a session, and in the page that asks to log in.
KEPT = "kept"
#: What a page asks for that goes because its session is over.
TOLD = "application/vnd.lzc.kept+json"
#: Of several texts one is sent after the log-in; these are shown beside it, to be copied …
ALSO = "also"
#: … and of these, begun in another role, nothing goes to where that one is sent.
ELSEWHERE = "elsewhere"
#: Which sealed texts of a tab the session has taken over, each by the end of it.
TAKEN, END = "taken", 16
#: What belongs to a form rather than to who filled it in.
NOT_TYPED = {"csrfmiddlewaretoken", "key", "as", "after", "how", "unit", "membership", "next"}
#: How a choice is called, and an id: nobody typed those.
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
A_CODE = re.compile(rf"[a-z]+(_[a-z0-9]+)+|{AN_ID.pattern}")
#: As a browser sends it.
A_MOMENT = re.compile(r"^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d).*$")
CODES = frozenset(code for words in WORDS.values() for code in words) | {"on"}
#: More than any form of ours asks.
LONGEST = 100_000

Fields = list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Kept:
    """What was sent: where to, in which role it was begun, and every field."""

    path: str
    begun_as: str
    fields: Fields

    @property
    def typed(self) -> list[str]:
        return _typed(self.fields)

    @property
    def key(self) -> str:
        """Of the form: it is the same when that is sent once more."""
        return dict(self.fields).get("key", [""])[0]

    def owner(self, request: HttpRequest) -> Membership | None:
        """The role it was begun in, when that is one of who is logged in now."""
        if not request.user.is_authenticated or not AN_ID.fullmatch(self.begun_as):
            return None
        return Membership.objects.acting().filter(pk=self.begun_as, user=request.user.pk).first()


def typed(request: HttpRequest) -> list[str]:
    """What somebody wrote in the form that was sent, to be shown once more."""
    return _typed(_fields(request))


def say_typed(request: HttpRequest) -> None:
    """Beside why a tap was not done: the date or the time that was filled in with it."""
    if written := typed(request):
        what = ", ".join(A_MOMENT.sub(r"\3-\2-\1 \4", text) for text in written)
        messages.info(request, _("You typed: %(what)s") % {"what": what})


def _fields(request: HttpRequest) -> Fields:
    return [(name, list(map(str, values))) for name, values in request.POST.lists()]


def _typed(fields: Iterable[tuple[str, list[str]]]) -> list[str]:
    written = (v.strip() for name, values in fields if name not in NOT_TYPED for v in values)
    return [v for v in written if len(v) > 1 and v not in CODES and not A_CODE.fullmatch(v)]


def begun_as(request: HttpRequest) -> str:
    return request.POST.get("as", "") if request.method == "POST" else ""


# Sealed ---------------------------------------------------------------------------------------


def _seal() -> Fernet:
    return Fernet(urlsafe_b64encode(salted_hmac("lzc.web.kept", "", algorithm="sha256").digest()))


def sealed(request: HttpRequest) -> str:
    """What was sent, for nobody to read; empty when nothing was typed that could be lost."""
    fields = [f for f in _fields(request) if f[0] != "csrfmiddlewaretoken"]
    if not begun_as(request) or not _typed(fields):
        return ""
    return _closed(request.get_full_path(), begun_as(request), fields)


def _closed(path: str, role: str, fields: Fields) -> str:
    text = json.dumps([path, role, fields])
    return _seal().encrypt(text.encode()).decode() if len(text) <= LONGEST else ""


def opened(token: str) -> Kept | None:
    try:
        path, role, fields = json.loads(
            _seal().decrypt(token.encode(), ttl=settings.SESSION_COOKIE_AGE)
        )
    except InvalidToken:
        return None
    return Kept(path, role, [(name, values) for name, values in fields])


# When it could not be sent -----------------------------------------------------------------------


def ask_to_log_in(request: HttpRequest, *, status: int = 401) -> HttpResponse:
    """Nobody is logged in any more: log in, and what was typed comes back."""
    token = sealed(request)
    if _goes_by_itself(request):
        return _told(request, token, status=status)
    if not token:
        return redirect_to_login(request.get_full_path())
    context = {"form": AuthenticationForm(request), "next": request.get_full_path(), KEPT: token}
    return render(request, "lzc/login.html", context, status=status)


def take_along(request: HttpRequest, tokens: str) -> bool:
    """After logging in: what was typed before is theirs, or it is nobody's.

    Of several pages: each of them, with a blank between. What finds no room stays where it was.
    """
    theirs = [(t, kept) for t in tokens.split() if (kept := opened(t)) and kept.owner(request)]
    taken = [token[-END:] for token, kept in theirs if _put_by(request, kept)]
    if taken:
        request.session[TAKEN] = [*request.session.get(TAKEN, []), *taken]
    return bool(taken)


def _put_by(request: HttpRequest, kept: Kept) -> bool:
    """What already waits there is not lost by it. False: there is no room for both."""
    before = opened(request.session.get(KEPT, ""))
    more = _beside(kept, before) if before and before.key != kept.key else []
    both = _closed(kept.path, kept.begun_as, [*kept.fields, *more])
    if both:
        request.session[KEPT] = both
    return bool(both)


def _beside(kept: Kept, before: Kept) -> Fields:
    own = _typed(field for field in before.fields if field[0] != ELSEWHERE)
    others = [v for name, values in before.fields if name == ELSEWHERE for v in values]
    if before.begun_as == kept.begun_as:
        return [(ALSO, own), (ELSEWHERE, others)]
    return [(ELSEWHERE, own + others)]


def sent(request: HttpRequest) -> None:
    """Of what waits there this was it; another form leaves it where it is."""
    kept = opened(request.session.get(KEPT, ""))
    if kept and kept.key and kept.key == request.POST.get("key"):
        _let_go(request)


def _let_go(request: HttpRequest) -> None:
    """Nothing waits any more. Its tab gave up what it held when it was shown."""
    for name in (KEPT, TAKEN):
        request.session.pop(name, None)


def ask_for_role(request: HttpRequest) -> HttpResponse:
    """Logged in, and no role chosen yet: first that, then where somebody wanted to go."""
    token = sealed(request)
    kept = take_along(request, token)
    then = reverse("kept") if kept else request.get_full_path()
    to = f"{reverse('membership')}?{urlencode({'next': then})}"
    if _goes_by_itself(request):
        return _told(request, "", to) if kept else _told(request, token)
    return redirect(to)


def begun_otherwise(request: HttpRequest, *, status: int = 409) -> HttpResponse | None:
    """Logged in, and this cannot be sent as it is. None: nothing was typed by who is here."""
    token = sealed(request)
    kept = take_along(request, token)
    if _goes_by_itself(request):
        to = reverse("kept") if kept else ""
        return _told(request, "" if kept else token, to, status=status)
    return show(request, status=status) if kept else None


def _goes_by_itself(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", TOLD]) == TOLD


def _told(request: HttpRequest, token: str, to: str = "", *, status: int = 409) -> HttpResponse:
    """`kept`: what the page takes along, sealed. `to`: where to; else it loads itself again.

    What is too long to be sealed is not said to be kept: it stays in the page.
    """
    if not (token or to) and begun_as(request) and typed(request):
        return HttpResponse(status=413)
    return JsonResponse({"kept": token, "to": to}, status=status, content_type=TOLD)


def show(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    """What was not sent, to be sent yet: in the role in which it was begun."""
    kept = opened(request.session.get(KEPT, ""))
    owner = kept.owner(request) if kept else None
    if kept is None or owner is None:
        _let_go(request)
        return redirect("home")
    actor: Any = request.actor  # type: ignore[attr-defined]
    context = {
        "kept": kept,
        "owner": owner,
        "role": word(owner.role, "role"),
        "in_that_role": bool(actor) and actor.pk == owner.pk,
        "fields": [(n, v) for n, values in kept.fields if n != ELSEWHERE for v in values],
        "taken": " ".join(request.session.get(TAKEN, [])),
    }
    return render(request, "lzc/kept.html", context, status=status)


def role_now(request: HttpRequest) -> HttpResponse | None:
    """To a page that asks before it goes: in which role this session works. No patient is in it."""
    if not _goes_by_itself(request):
        return None
    actor: Any = request.actor  # type: ignore[attr-defined]
    return JsonResponse({"as": str(actor.pk) if actor else ""}, content_type=TOLD)


@require_http_methods(WAYS)
@login_required
def kept_page(request: HttpRequest) -> HttpResponse:
    """Bewaard: look at it, or throw it away."""
    if request.method != "POST":
        return show(request)
    _let_go(request)
    messages.info(request, _("Thrown away. It was not sent."))
    return redirect("home")


def refused_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Somebody logged in after this page was opened, so its token against forgery is old.

    What was typed is shown again only when the form came from a page of ours.
    """
    if _is_ours(request):
        if not request.user.is_authenticated:
            return ask_to_log_in(request, status=403)
        shown = begun_otherwise(request, status=403)
        if shown is not None:
            return shown
    return render(request, "lzc/old_page.html", status=403)


def _is_ours(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        return urlsplit(origin).netloc == request.get_host()
    except ValueError:  # an address that is none
        return False
