"""A refusal, and a question instead of one: what becomes of the clock and of the place."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from capacity import services as capacity
from capacity.models import VISITS
from coordination import moving
from coordination.models import Offer
from coordination.refusals import MEANINGS, OfPlace
from coordination.states import OfferState
from lzc.errors import N_, NotNow, NotValid
from lzc.events import moment
from lzc.hours import shift_end
from lzc.models import Actor

#: However late a question comes, whoever asked can still answer.
LEAST = 60


def _left(row: Offer) -> int:
    """Seconds for which a question may still stop the clock."""
    return row.request.desk.region.rules().question_minutes * 60 - row.seconds_asked


def question(row: Offer, question: str, by: Actor) -> None:
    """Step: the clock stands still, all questions of one offer together for so long at most."""
    moving.check(row, "ask", by)
    left = _left(row)
    if left <= 0:
        raise NotNow(
            N_("Your questions have stopped the clock as long as they may. Call the desk."),
            code="asked_enough",
        )
    now = moment()
    moving.step(
        row,
        "ask",
        by,
        due="answer_before",
        question=question,
        reply="",
        seconds_left=max(LEAST, int((row.answer_before - now).total_seconds())),
        answer_before=now + timedelta(seconds=left),
    )


def tell_more() -> str:
    """Asked for somebody who said no more than that it was not enough."""
    return gettext("We know too little to decide. Can you tell us more?")


def clock_again(row: Offer) -> dict[str, Any]:
    """Step: what a reply writes down of the clock: what was left on it, and how long it stood."""
    now = moment()
    unused = max(0, int((row.answer_before - now).total_seconds()))
    return {
        "answer_before": now + timedelta(seconds=row.seconds_left or LEAST),
        "seconds_left": None,
        "seconds_asked": row.seconds_asked + max(0, _left(row) - unused),
    }


def asks_instead(row: Offer, reason: str) -> bool:
    """Not enough information is no refusal, as long as a question can still be asked."""
    asks = reason in MEANINGS and MEANINGS[reason].asks
    return asks and row.state == OfferState.SENT and _left(row) > 0


def fits(reason: str, *, place_gone: bool, free_from: datetime | None) -> None:
    """Step: what is said of the place goes with the reason."""
    meaning = MEANINGS.get(reason)
    if free_from is not None and (meaning is None or meaning.place != OfPlace.PLANNED):
        raise NotValid("free_from", N_('Only "not in time, but later" has a moment.'))
    if place_gone and meaning is not None and meaning.place == OfPlace.STAYS:
        raise NotValid(
            "place_gone", N_("This reason is about the patient: the place is still there.")
        )


def place_of(row: Offer, *, place_gone: bool, by: Actor) -> None:
    """Step: the place that was held goes back, off the list, or comes free later.

    "No bed free any more" takes all that the unit still lists with it.
    """
    full = row.reason == Offer.Reason.NO_CAPACITY
    until = row.free_from
    meaning = MEANINGS.get(row.reason)
    if place_gone and meaning is not None and meaning.place == OfPlace.NEXT_SHIFT:
        # A visit belongs to this shift: there is none to put off.
        until = None if row.unit.care_type in VISITS else shift_end(timezone.now())
    if until is not None:
        capacity.put_off(row.place_id, offer=row.pk, until=until)
    elif place_gone or full:
        capacity.withdraw_held(row.place_id, offer=row.pk)
    else:
        capacity.let_go(row.place_id, offer=row.pk)
    if full:
        capacity.empty(row.unit, by)
