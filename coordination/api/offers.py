"""Offers by program. Until one is assigned its provider is told a profile, no person."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from coordination import moving, services
from coordination.api import answers, done, shapes
from coordination.api.steps import judge, moved_offer, seeks, seen
from coordination.models import Offer
from coordination.states import CHOSEN, HOLDING, OfferState, Side
from lzc import access
from lzc.api.answers import results_of
from lzc.api.endpoints import endpoint
from lzc.api.paging import Shown, page
from lzc.errors import NotSeen
from lzc.models import Action, Actor

ASKING = frozenset({*HOLDING, OfferState.STARTED})
LOOKING = frozenset({Side.DESK, Side.REQUESTER})
UNKNOWN: dict[str, Any] = {
    **dict.fromkeys(("number", "of", "scores")),
    **dict.fromkeys(("remarks", "reasons"), ()),
}
TOLD = ("unit__organisation", "request__desk", "request__case")


def shown_to(rows: QuerySet[Offer], by: Actor) -> list[Any]:
    """These offers as the actor may know them."""
    offers = list(rows.select_related(*TOLD))
    _disclose(offers, by)
    return offers


def _disclose(offers: list[Any], by: Actor) -> None:
    """The second stage, for whom it opened: request, case, handover. For others they stay shut."""
    visible = seen((row.request.case_id for row in offers), by)
    judge(row.request for row in offers if seeks(moving.offer_moves(row, by)))
    for row in offers:
        looks = not LOOKING.isdisjoint(row.sides(by))
        open_ = row.request.case_id in visible and (looks or row.state in CHOSEN)
        row.told_request = row.request_id if looks or open_ else None
        row.told_case = row.request.case_id if open_ else None
        # Who only serves has no record to open, but must know what to do.
        row.told_sbar = row.sbar if open_ or row.serves(by) else None
        row.told_read_back = row.read_back if open_ else ""
        row.told_decision = _decision(row) if Side.DESK in row.sides(by) else None
        row.told_profile, row.told_reply = row.profile, row.reply
        if over(row) and not (looks or open_):
            row.told_profile, row.told_reply = None, ""
        moved_offer(row, by)


def _decision(row: Offer) -> dict[str, Any] | None:
    """Of a unit that was in the ranking, or of one that was asked all the same."""
    return UNKNOWN | row.decision if row.decision else None


def over(row: Offer) -> bool:
    """Answered with no, ended, or too late to answer, whether that was swept yet or not."""
    waits = row.state in (OfferState.SENT, OfferState.ASKED)
    return row.state not in ASKING or (waits and row.answer_before <= timezone.now())


@endpoint(query=shapes.OfferQuery, gives=results_of(answers.OfferOut))
def offers(*, query: dict[str, Any], by: Actor) -> Shown:
    """The inbox of your units: what you are asked, and what you promised."""
    rows = Offer.objects.inbox(by).select_related(*TOLD)
    states = [query["state"]] if "state" in query else ASKING
    found = page(rows.filter(state__in=states), query, by="visible_from")
    _disclose(found.results, by)
    return found


@endpoint(gives=answers.OfferTold)
def offer(offer_id: UUID, *, by: Actor) -> Any:
    """One offer. The handover in it opens to the provider that was chosen."""
    (row,) = shown_to(Offer.objects.visible_to(by).filter(pk=offer_id), by) or (None,)
    if row is None:
        raise NotSeen
    if row.told_case or row.told_sbar:
        access.opened(Action.READ, [row.request.patient_id])
    return row


@endpoint(takes=shapes.AcceptIn, gives=done.OfferMoved)
def accept_offer(offer_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """You can take the patient. The place is promised until the desk chooses."""
    return moved_offer(services.accept(offer_id, **said, by=by), by)


@endpoint(takes=shapes.DeclineIn, gives=done.OfferMoved)
def decline_offer(offer_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """You cannot, and why."""
    return moved_offer(services.decline(offer_id, **said, by=by), by)


@endpoint(takes=shapes.QuestionIn, gives=done.OfferMoved)
def ask_back(offer_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """You need to know more: the clock stands still, for a while."""
    return moved_offer(services.ask(offer_id, **said, by=by), by)


@endpoint(takes=shapes.ReplyIn, gives=done.OfferMoved)
def reply(offer_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """The desk answers the question: the clock goes on."""
    return moved_offer(services.reply(offer_id, **said, by=by), by)


@endpoint(gives=done.OfferMoved)
def withdraw_offer(offer_id: UUID, *, by: Actor) -> Any:
    """The desk takes it back: seen or unseen, promised or assigned."""
    return moved_offer(services.withdraw(offer_id, by=by), by)


@endpoint(takes=shapes.AssignIn, gives=done.OfferMoved)
def assign_offer(offer_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """This one. Record and SBAR open to this provider, and close for the others."""
    return moved_offer(services.assign(offer_id, **said, by=by), by)


@endpoint(takes=shapes.ReadBackIn, gives=done.OfferMoved)
def read_back_offer(offer_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """Say what you understood of the handover."""
    return moved_offer(services.read_back(offer_id, **said, by=by), by)


@endpoint(gives=done.OfferMoved)
def depart(offer_id: UUID, *, by: Actor) -> Any:
    """On the way to the patient."""
    return moved_offer(services.depart(offer_id, by=by), by)


@endpoint(gives=done.OfferMoved)
def start(offer_id: UUID, *, by: Actor) -> Any:
    """With the patient, or the patient is in the bed."""
    return moved_offer(services.start(offer_id, by=by), by)


@endpoint(gives=done.OfferMoved)
def complete(offer_id: UUID, *, by: Actor) -> Any:
    """The visit is done, or the patient went home."""
    return moved_offer(services.complete(offer_id, by=by), by)


@endpoint(takes=shapes.FailIn, gives=done.OfferMoved)
def fail(offer_id: UUID, *, said: dict[str, Any], by: Actor) -> Any:
    """You cannot keep your promise: the desk looks again, first in line."""
    return moved_offer(services.fail(offer_id, **said, by=by), by)
