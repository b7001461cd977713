"""The provider's inbox, answered on a phone, and the patients who are coming."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from coordination import services
from coordination.models import Offer
from coordination.pages.cards import PAST, cards
from coordination.pages.care_forms import (
    AcceptForm,
    QuestionForm,
    ReadBackForm,
    ReasonForm,
    RefusalForm,
)
from coordination.states import CHOSEN, OfferState
from lzc.errors import NotSeen
from lzc.models import Actor
from lzc.rights import Duty
from lzc.web import kept
from lzc.web.pages import actor_of, attempt, page, reading
from lzc.web.queued import from_queue, in_words

S = OfferState
#: In the inbox, what presses most comes first.
TURNS = (S.SENT, S.ASSIGNED, S.ASKED, S.ACCEPTED)
#: Answered offers stay in sight for a day.
REMEMBERED = timedelta(hours=24)
MOST_REMEMBERED = 20
#: Above the places stand those that press most; the others are one tap away.
MOST_AT_ONCE = 3

Typed = Mapping[UUID, QueryDict]


def _offers(by: Actor) -> QuerySet[Offer]:
    parties = ("unit__organisation", "request__requester", "request__desk__organisation")
    return Offer.objects.inbox(by).select_related(*parties)


def waiting(by: Actor) -> dict[str, Any]:
    """What stands above the places of this provider: the offers whose clock runs."""
    sent = _offers(by).filter(state=S.SENT, answer_before__gt=timezone.now())
    found = cards(sent.order_by("answer_before", "pk"), by=by, back="capacity")
    return {
        "offers": found[:MOST_AT_ONCE],
        "asked": {"count": len(found), "url": reverse("inbox")},
        "reasons": Offer.Reason.values,
    }


def inbox_of(by: Actor, typed: Typed | None = None) -> dict[str, Any]:
    open_ = _offers(by).filter(state__in=TURNS)
    over = _offers(by).filter(state__in=PAST, ended_at__gt=timezone.now() - REMEMBERED)
    over = over.exclude(state=S.COMPLETED).order_by("-ended_at")[:MOST_REMEMBERED]
    found = cards([*open_, *over], by=by, typed=typed)
    turn = [card for card in found if not card.past]
    turn.sort(key=lambda c: (TURNS.index(c.state), c.offer.answer_before, str(c.offer.pk)))
    return {
        "offers": turn,
        "past": [card for card in found if card.past],
        "reasons": Offer.Reason.values,
        "part_url": f"{reverse('inbox')}?deel=",
    }


def admissions_of(by: Actor, typed: Typed | None = None) -> dict[str, Any]:
    """Who is expected, and who is here."""
    chosen = _offers(by).filter(state__in=CHOSEN).order_by("request__needed_by", "pk")
    found = cards(chosen, by=by, back="tasks", typed=typed)
    return {
        "expected": [card for card in found if card.state == S.ASSIGNED],
        "present": [card for card in found if card.state == S.STARTED],
        "reasons": Offer.Reason.values,
        "part_url": f"{reverse('tasks')}?deel=",
    }


#: The pages that a card can stand on: its template, and what is told there.
PAGES: dict[str, tuple[str, Callable[..., dict[str, Any]]]] = {
    "inbox": ("coordination/inbox.html", inbox_of),
    "tasks": ("coordination/admissions.html", admissions_of),
}


@require_safe
@page(Duty.ANSWER)
def inbox(request: HttpRequest) -> HttpResponse:
    part = "_inbox" if request.GET.get("deel") else "inbox"
    return render(request, f"coordination/{part}.html", inbox_of(actor_of(request)))


@dataclass(frozen=True)
class Press:
    """A button of a card: its verb, what is said when it is done, what is sent along."""

    verb: Callable[..., Any]
    done: str | Promise
    form: type[forms.Form] = forms.Form


PRESSES: dict[str, Press] = {
    "accept": Press(
        services.accept, _("Promised. You hear at once when it is assigned to you."), AcceptForm
    ),
    "decline": Press(services.decline, _("Passed on. The desk looks further."), RefusalForm),
    "ask": Press(services.ask, _("Asked. The clock stands still for now."), QuestionForm),
    "read_back": Press(services.read_back, _("Read back."), ReadBackForm),
    "start": Press(services.start, _("Recorded: the patient has arrived.")),
    "complete": Press(services.complete, _("Recorded: care is completed.")),
    "fail": Press(services.fail, _("Passed on. The desk searches again at once."), ReasonForm),
}
#: What was typed is kept when it is refused; a tap is simply given again.
TYPED = (QuestionForm, ReadBackForm)


@page(Duty.ANSWER)
@in_words
def answer(request: HttpRequest, offer_id: UUID, name: str) -> HttpResponse:
    """One button of one card. Who comes here by its address, after logging in, sees the cards."""
    if name not in PRESSES:
        raise NotSeen
    if request.method != "POST":
        return redirect(_back(request))
    pressed = PRESSES[name]
    form = pressed.form(request.POST, auto_id=f"%s-{offer_id}")
    came = None
    if form.is_valid():
        came = attempt(request, form, pressed.verb, offer_id, **form.cleaned_data)
    if form.errors and pressed.form in TYPED and not from_queue(request):
        return _again(request, offer_id, name, form)
    # Who knows too little to say no has asked something.
    asked = name == "decline" and getattr(came, "state", "") == S.ASKED
    say(request, form, PRESSES["ask"].done if asked else pressed.done)
    return redirect(_back(request))


def say(request: HttpRequest, form: forms.Form, done: str | Promise) -> None:
    """What was done, or why it was not."""
    for errors in form.errors.values():
        for error in errors:
            messages.warning(request, str(error))
    if not form.errors:
        messages.success(request, str(done))


def _back(request: HttpRequest) -> str:
    back = request.GET.get("back", "")
    return back if back in (*PAGES, "capacity") else "inbox"


def _again(request: HttpRequest, offer_id: UUID, name: str, form: forms.Form) -> HttpResponse:
    """The page once more, what was typed still in its card and what was wrong above it.

    A card that has no place for it any more has its text above it, to be copied. On the page of
    the places there is none for what was wrong: that is shown among all offers.
    """
    template, told = PAGES.get(_back(request), PAGES["inbox"])
    with reading(request):
        context = told(actor_of(request), {offer_id: form.data})
        shown = (
            card for part in ("offers", "expected", "present") for card in context.get(part, [])
        )
        if not any(card.offer.pk == offer_id and name in card.acts for card in shown):
            context["typed"] = kept.typed(request)
        return render(request, template, context | {"form": form}, status=422)
