"""Deadlines of offers. The clock only acts on what is due; the verbs decide."""

from celery import shared_task
from django.db.models.functions import Now

from coordination import services
from coordination.models import CareRequest, Offer
from coordination.sharing import waiting, watching
from coordination.states import OfferState, RequestState
from lzc.sweeps import BATCH, sweep


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
def match_waiting_list() -> int:
    """Capacity changed: who waits for that is told to its desk."""
    return watching.follow()


@shared_task
def end_watches() -> int:
    """Until now somebody watched the patient."""
    over = CareRequest.objects.filter(
        state=RequestState.WAITING, watch_until__lte=Now(), watch_ended_at=None
    )
    return sweep(
        waiting.end_watch, over.order_by("watch_until").values_list("pk", flat=True)[:BATCH]
    )
