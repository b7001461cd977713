"""To how many at once, and not again to who refused. Each step refuses with a sentence."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from capacity.models import Closure, Place
from coordination.finding import Tried
from coordination.models import CareRequest
from coordination.states import RequestState
from lzc.errors import N_, NotNow

#: Somebody waits for a place, and nobody was chosen yet.
SEEKING = (RequestState.SUBMITTED, RequestState.SEARCHING, RequestState.WAITING)


def at_once(made: CareRequest) -> int:
    """How many units may be asked at the same time for this request."""
    rules = made.desk.region.rules()
    if rules.offers_at_once_scarce >= rules.offers_at_once or not scarce(made):
        return rules.offers_at_once
    return rules.offers_at_once_scarce


def scarce(made: CareRequest) -> bool:
    """Fewer free places that fit than requests that seek one: each place held twice is one less."""
    root = made.desk.region.root_id
    near = Q(desk__region=root) | Q(desk__region__parent=root)
    seeking = CareRequest.objects.filter(
        near, state__in=SEEKING, care_types__overlap=made.care_types
    ).count()
    stopped = Closure.now(OuterRef("unit"))
    free = Place.objects.filter(
        ~Exists(stopped),
        Place.usable(),
        root=root,
        care_type__in=made.care_types,
        gives__contains=made.requirements,
    )
    # Counted no further than it matters.
    return free.order_by()[:seeking].count() < seeking


def room_for(made: CareRequest, units: Collection[UUID], *, again: bool = False) -> None:
    """Step: so many more may be asked now, and none of them said no to this patient before."""
    tried = Tried(made)
    if not again:
        not_refused(tried, units)
    not_too_many(made, len(tried.live) + len(units))


def not_too_many(made: CareRequest, asked: int) -> None:
    """Step: may so many hold an offer of this request at the same time?"""
    rules = made.desk.region.rules()
    if asked <= min(rules.offers_at_once, rules.offers_at_once_scarce):
        return
    most = at_once(made)
    if asked <= most:
        return
    if most < rules.offers_at_once:
        raise NotNow(
            N_("Places are scarce now: a patient may be offered to %(most)s at a time. "
               "Wait for an answer, or withdraw an offer."),
            code="too_many_offers",
            most=most,
        )  # fmt: skip
    raise NotNow(
        N_("%(most)s offers may be out at once. Wait for an answer, or withdraw one."),
        code="too_many_offers",
        most=most,
    )


def not_refused(tried: Tried, units: Collection[UUID]) -> None:
    if not tried.refused.isdisjoint(units):
        raise NotNow(
            N_("This unit refused this patient before. Ask again only when something changed."),
            code="refused_before",
        )
