"""What somebody could do now with a request or an offer, before they try: buttons, `moves`.

What its table allows, less what its verb would refuse for what stands around it.
"""

from django.utils import timezone

from coordination import steps
from coordination.models import CareRequest, Offer
from coordination.states import OFFER_MOVES, REQUEST_MOVES
from lzc.models import Actor
from lzc.moves import open_to
from triage.models import Case

#: A place is sought, or given: not under a life threat, nor for a U2 that no physician saw.
MATCHING = frozenset({"offer", "assign", "resume", "resume_assigned"})
#: A move of an offer that is one of its request too.
TOGETHER = {"assign": "assign", "start": "start", "complete": "close"}


def by_table(made: CareRequest, by: Actor) -> list[str]:
    """What the table of requests allows, whatever the case says."""
    names = open_to(REQUEST_MOVES, state=made.state, sides=made.sides(by), duties=by.duties)
    other = "resume" if made.provider_id else "resume_assigned"
    return [name for name in names if name != other]


def of_request(made: CareRequest, by: Actor, case: Case) -> list[str]:
    """Step: the newest triage of the case may be read here."""
    return _matchable(by_table(made, by), case)


def offers_by_table(offer: Offer, by: Actor) -> list[str]:
    """What the table of offers allows, as far as the offer and its request have come."""
    names = open_to(OFFER_MOVES, state=offer.state, sides=offer.sides(by), duties=by.duties)
    return [name for name in names if _in_turn(name, offer)]


def of_offer(offer: Offer, by: Actor, case: Case) -> list[str]:
    """Step: the newest triage of the case may be read here."""
    return _matchable(offers_by_table(offer, by), case)


def _matchable(names: list[str], case: Case) -> list[str]:
    """The case is asked only when it matters."""
    if MATCHING.isdisjoint(names) or steps.unmatchable(case) is None:
        return names
    return [name for name in names if name not in MATCHING]


def _in_turn(name: str, offer: Offer) -> bool:
    """Read back, then start; once; in time; and not while the request stands still."""
    now = timezone.now()
    match name:
        case "accept" | "ask" if offer.answer_before <= now:
            return False
        case "assign" if offer.promised_until is not None and offer.promised_until <= now:
            return False
        case "read_back" if offer.read_back_at is not None:
            return False
        case "depart" if offer.departed_at is not None:
            return False
        case "start" if offer.read_back_at is None:
            return False
    both = TOGETHER.get(name)
    return both is None or offer.request.state in REQUEST_MOVES[both].sources
