"""What every page shares: who is at work, reading inside an act, doing inside an act.

A page is a door. It opens the act, calls one verb, and shows its refusals as sentences.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from ipaddress import ip_address
from typing import Any, TypeVar, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import DataError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from lzc.errors import N_, NotAllowed, NotNow, NotSeen, NotValid, Refused
from lzc.events import act, fingerprint, head
from lzc.models import IdempotencyKey, Membership
from lzc.rights import Duty
from lzc.web import kept
from lzc.web.methods import SHOWN, WAYS
from lzc.web.words import word

T = TypeVar("T")
View = Callable[..., HttpResponse]
SESSION_KEY = "membership"
SENT_BEFORE = "sent_before"
#: Of the names in an address, those that say which row it is about.
NAMES_A_ROW = re.compile(r"(?:\w+_)?id|pk|reference")


class ActiveMembership:
    """Middleware: `request.actor` is the membership this session works in, or None.

    It is looked up at every request: what was ended this minute gives no rights in the next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _active(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _active(request: HttpRequest) -> Membership | None:
    chosen = request.session.get(SESSION_KEY)
    if not chosen or not request.user.is_authenticated:
        return None
    mine = Membership.objects.acting().filter(user=request.user.pk)
    others = Membership.objects.active().filter(user=request.user.pk).exclude(pk=OuterRef("pk"))
    return mine.filter(pk=chosen).annotate(has_other_roles=Exists(others)).first()


def actor_of(request: HttpRequest) -> Membership:
    actor = request.actor  # type: ignore[attr-defined]
    if not actor:
        raise PermissionDenied
    # The lazy wrapper is not the actor itself, and verbs compare by identity.
    return (
        cast(Membership, actor._wrapped) if hasattr(actor, "_wrapped") else cast(Membership, actor)
    )


def address_of(request: HttpRequest) -> str:
    """Where somebody stands, as far as our own proxies (`PROXIES`) know."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = hops[-min(settings.PROXIES, len(hops))].strip() or address
    try:
        return str(ip_address(address))
    except ValueError:
        return ""


def page(*duties: Duty) -> Callable[[View], View]:
    """Mark a view as a page for people whose work this is. A GET is read inside one act.

    For others it is not there, and that they came is written down.
    """

    def mark(view: View) -> View:
        @require_http_methods(WAYS)
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if turned_away := _before_work(request):
                return turned_away
            actor = actor_of(request)
            # Before anything is read, so that nothing falls between the page and its socket.
            request.live_cursor = head()  # type: ignore[attr-defined]
            try:
                theirs = not duties or not actor.duties.isdisjoint(duties)
                if theirs and request.method not in SHOWN:
                    return view(request, *args, **kwargs)
                with reading(request):
                    if not theirs:
                        raise NotSeen
                    return view(request, *args, **kwargs)
            except Refused as refusal:
                return _refused(request, refusal)
            except DataError:
                return render(request, "400.html", status=400)

        return shown

    return mark


def _before_work(request: HttpRequest) -> HttpResponse | None:
    """Logged in, in a role, and that in which this was begun. What was typed is kept until then."""
    if not request.user.is_authenticated:
        return kept.ask_to_log_in(request)
    if not request.actor:  # type: ignore[attr-defined]
        return kept.ask_for_role(request)
    actor = actor_of(request)
    if kept.begun_as(request) not in ("", str(actor.pk)):
        return kept.begun_otherwise(request) or _refused(request, _otherwise(actor))
    if request.method not in SHOWN:
        kept.sent(request)
    return None


def _otherwise(actor: Membership) -> Refused:
    """A button of a page that was opened in another role: it is not pressed in this one."""
    return NotNow(
        N_("You now work as %(role)s at %(organisation)s. Load the page again."),
        code="other_role",
        role=word(actor.role, "role"),
        organisation=actor.organisation.name,
    )


@contextmanager
def reading(request: HttpRequest) -> Iterator[None]:
    """The act in which something is shown: of a GET, or of a form that is shown once more."""
    with act(**_opening(request)):
        yield


def _opening(request: HttpRequest) -> dict[str, Any]:
    """What an access record says of it: who, through which door, from where, about what."""
    match = request.resolver_match
    named = match.kwargs.items() if match else ()
    about = (f"{n.removesuffix('_id')}:{value}" for n, value in named if NAMES_A_ROW.fullmatch(n))
    return {
        "by": actor_of(request),
        "door": f"{request.method} {match.view_name if match else ''}"[:60],
        "access_point": address_of(request),
        "subject": " ".join(about)[:120],
    }


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    template = f"{refusal.status if refusal.status in (403, 404, 409, 422) else 409}.html"
    context = {
        "sentence": sentence(refusal),
        "code": refusal.code,
        "back_url": _came_from(request),
        "typed": [] if request.method in SHOWN else kept.typed(request),
    }
    return render(request, template, context, status=refusal.status)


def _came_from(request: HttpRequest) -> str:
    """The page of ours that led here; none when the address was typed."""
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, request.is_secure())
    same = before == request.build_absolute_uri() and request.method in SHOWN
    return before if ours and not same else ""


def sentence(refusal: Refused) -> str:
    return gettext(refusal.sentence) % refusal.holes if refusal.holes else gettext(refusal.sentence)


def do(request: HttpRequest, verb: Callable[..., T], *args: Any, **kwargs: Any) -> T | None:
    """One press of a button is one act; a form's hidden key makes a double click do it once.

    Returns what the verb returned; None when this very form was sent before.
    """
    # Not the body: it may have been read as parts, and the token against forgery changes.
    sent = sorted(p for p in request.POST.lists() if p[0] != "csrfmiddlewaretoken")
    what = fingerprint(request.path.encode(), json.dumps(sent).encode())
    opening = _opening(request)
    try:
        with act(**opening, key=_form_key(request), fingerprint=what) as this:
            if this.replayed:
                return None
            result = verb(*args, by=opening["by"], **kwargs)
            this.answer = (200, json.dumps({"id": str(getattr(result, "pk", ""))}))
    except NotValid as refusal:
        if refusal.code == "key_reused":
            raise NotNow(
                N_("This form was sent before. What you changed in it since is not saved."),
                code=SENT_BEFORE,
            ) from refusal
        raise
    return result


def _form_key(request: HttpRequest) -> str:
    """The hidden key of the form. LZC made it, so there is nothing odd in it."""
    key = request.POST.get("key", "")[:80]
    if key and not (key.isascii() and key.isprintable()):
        raise NotValid(
            "key", N_("This form is too old. Load the page again and send it once more.")
        )
    return key


def made_before(request: HttpRequest) -> UUID | None:
    """What this very form made when it was sent the first time."""
    sent = IdempotencyKey.objects.filter(actor=actor_of(request).pk, key=_form_key(request))
    body = sent.values_list("body", flat=True).first()
    made = json.loads(body).get("id") if body else ""
    return as_uuid(made) if made else None


def was_sent_before(form: forms.Form) -> bool:
    """This form had done its work, and was changed and sent once more, as by the back button."""
    return form.has_error(NON_FIELD_ERRORS, SENT_BEFORE)


def attempt(
    request: HttpRequest, form: forms.Form, verb: Callable[..., T], *args: Any, **kwargs: Any
) -> T | None:
    """`do`, with a refusal shown in the form: at its field when it has one."""
    try:
        return do(request, verb, *args, **kwargs)
    except NotSeen:
        raise
    except NotValid as refusal:
        name = refusal.field.rpartition(".")[2]
        form.add_error(name if name in form.fields else None, sentence(refusal))
    except Refused as refusal:
        form.add_error(None, ValidationError(sentence(refusal), code=refusal.code))
    return None


def press(
    request: HttpRequest,
    done: str,
    verb: Callable[..., Any],
    *args: Any,
    asks: str = "",
    **kwargs: Any,
) -> bool:
    """A button without a form: say what was done (unless the page shows it), or why it was not.

    `asks`: the code of a refusal that the page answers with a question of its own.
    """
    try:
        do(request, verb, *args, **kwargs)
    except NotSeen:
        raise
    except NotAllowed as refusal:
        messages.error(request, sentence(refusal))
    except Refused as refusal:
        if asks and refusal.code == asks:
            raise
        messages.warning(request, sentence(refusal))
    else:
        if done:
            messages.success(request, done)
        return True
    return False


def as_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotSeen from None
