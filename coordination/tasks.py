"""What the clock wakes: deadlines, the waiting list, messages. The verbs decide."""

from celery import shared_task
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from capacity.models import CareUnit
from coordination import services
from coordination.models import CareRequest, Offer, Passing, Silence
from coordination.notices import following, sending
from coordination.offering import silence
from coordination.outage import writing
from coordination.sharing import waiting, watching
from coordination.shifts import services as shifts
from coordination.states import REQUEST_MOVES, OfferState, PassingState, RequestState
from lzc.models import regions_alike
from lzc.sweeps import BATCH, sweep
from triage import drafting


@shared_task
def show_offers() -> int:
    """The undo window of these has passed: their providers are told."""
    waiting = Offer.objects.filter(state=OfferState.SENT, shown_at=None, visible_from__lte=Now())
    return sweep(
        services.show, waiting.order_by("visible_from").values_list("pk", flat=True)[:BATCH]
    )


@shared_task
def expire_offers() -> int:
    """Nobody answered in time."""
    unanswered = Offer.objects.filter(
        state__in=[OfferState.SENT, OfferState.ASKED], answer_before__lte=Now()
    )
    due = unanswered.order_by("answer_before").values_list("pk", flat=True)
    return sweep(services.expire, due[:BATCH])


@shared_task
def release_expired_holds() -> int:
    """Promised, and not chosen in time. What is on hold stays promised."""
    promised = Offer.objects.filter(state=OfferState.ACCEPTED, promised_until__lte=Now())
    promised = promised.exclude(request__state=RequestState.ON_HOLD)
    due = promised.order_by("promised_until").values_list("pk", flat=True)
    return sweep(services.lapse, due[:BATCH])


@shared_task
def ask_next() -> int:
    """A desk chose an order, and nobody who was asked has the question any more."""
    live = Offer.objects.live().filter(request=OuterRef("pk"))
    unasked = CareRequest.objects.filter(
        ~Exists(live), cascade_since__isnull=False, state=RequestState.SEARCHING
    )
    due = unasked.order_by("needed_by").values_list("pk", flat=True)
    return sweep(services.go_on, due[:BATCH])


@shared_task
def prompt_desks() -> int:
    """Half of the time to answer is over: somebody should telephone."""
    due = silence.unanswered().order_by("answer_before").values_list("pk", flat=True)
    return sweep(services.prompt, due[:BATCH])


@shared_task
def escalate_passings() -> int:
    """The next shift did not accept these in time."""
    late = Passing.objects.waiting().filter(state=PassingState.OFFERED, accept_before__lte=Now())
    due = late.order_by("accept_before").values_list("pk", flat=True)
    return sweep(shifts.escalate, due[:BATCH])


@shared_task
def tell_passings_again() -> int:
    """The desk was told of these, and still nobody accepted them."""
    late = Passing.objects.waiting().filter(state=PassingState.ESCALATED, call_next_at__lte=Now())
    due = late.order_by("call_next_at").values_list("pk", flat=True)
    return sweep(shifts.tell_again, due[:BATCH])


@shared_task
def notice_silence() -> int:
    """Units that stopped answering, or answer again, by the rules of their own region."""
    told = Silence.objects.filter(unit=OuterRef("pk"), ended_at=None)
    fell, spoke = [], []
    for rules, regions in regions_alike("silences", "silent_after_hours"):
        mine = CareUnit.objects.filter(region__in=regions)
        known = silence.with_health(mine, rules).annotate(told=Exists(told))
        fell += known.filter(silent=True, told=False).values_list("pk", flat=True)[:BATCH]
        spoke += known.filter(silent=False, told=True).values_list("pk", flat=True)[:BATCH]
    return sweep(silence.fall_silent, fell) + sweep(silence.speak, spoke)


@shared_task
def match_waiting_list() -> int:
    """Capacity changed: who waits for that is told to its desk."""
    return watching.follow()


@shared_task
def write_outage_lists() -> int:
    """What a desk goes on with when all of this is down."""
    return writing.write_all(writing.with_a_desk())


@shared_task
def end_watches() -> int:
    """Until now somebody watched the patient, who is still where they were."""
    over = CareRequest.objects.filter(
        state__in=REQUEST_MOVES["end_watch"].sources, watch_until__lte=Now(), watch_ended_at=None
    )
    return sweep(
        waiting.end_watch, over.order_by("watch_until").values_list("pk", flat=True)[:BATCH]
    )


@shared_task
def write_notices() -> int:
    """Who asked for care hears what became of it."""
    return following.follow()


@shared_task
def send_notices() -> int:
    """In the queue of what goes outside: a mail server answers when it likes."""
    return sending.send_due()


@shared_task
def drop_old_drafts() -> int:
    """What was typed yesterday and not sent."""
    return drafting.sweep()
