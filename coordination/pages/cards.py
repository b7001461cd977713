"""One offer as its provider may see it: a profile with a clock, then a person with a handover.

Until an offer is assigned no patient row is read for it; when it is over its profile closes again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from coordination.matching.hard_rules import ISOLATION
from coordination.models import Offer
from coordination.moving import ELSEWHERE, TOO_LATE
from coordination.pages.clocks import closing_in
from coordination.pages.opened import letter
from coordination.states import CHOSEN, OFFER_MOVES, OfferState, RequestState, Side
from lzc import access
from lzc.errors import N_
from lzc.models import Action, Actor, Event, Organisation
from lzc.moves import open_to
from lzc.rights import Duty
from lzc.web.words import word
from triage import gateway
from triage.models import Case, Patient

S = OfferState
PAST = frozenset({S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.FAILED, S.COMPLETED})
TAKEN_BACK = N_("The desk took this offer back. The place is free again.")
NOT_NEEDED = N_("The request was withdrawn: no place is needed any more. Yours is free again.")
NOBODY_COMES = N_("Nobody is coming; the place is free again.")


@dataclass
class Card:
    offer: Offer
    by: Actor
    person: Patient | None
    #: The page that its buttons lead back to.
    back: str
    #: What somebody typed in a form that was refused.
    typed: QueryDict | None

    def __getattr__(self, name: str) -> Any:
        """Everything else is the offer's own: its unit, its clock, what was asked and said."""
        return getattr(self.offer, name)

    @property
    def state(self) -> str:
        """When the clock has run out, it is over: whether that was swept yet is not its concern."""
        waits = self.offer.state in (S.SENT, S.ASKED)
        late = waits and self.offer.answer_before <= timezone.now()
        return S.EXPIRED if late else self.offer.state

    @property
    def past(self) -> bool:
        return self.state in PAST

    @property
    def soon(self) -> datetime:
        return closing_in(self.offer.visible_from, self.offer.answer_before)

    @property
    def unit_name(self) -> str:
        """Its own people need not read the name of the house."""
        house = getattr(self.by, "organisation", None)
        return self.offer.unit.name.removeprefix(f"{house}, ")

    @property
    def on_hold(self) -> bool:
        return not self.past and self.offer.request.state == RequestState.ON_HOLD

    @property
    def profile(self) -> dict[str, Any]:
        """Of what is over: no more than which kind of care it was about."""
        if not self.past:
            return dict(self.offer.profile)
        return {"care_types": self.offer.profile["care_types"]}

    @property
    def isolated(self) -> bool:
        """The ward says first that it is ready for that."""
        return not ISOLATION.isdisjoint(self.profile.get("requirements", ()))

    @property
    def sbar(self) -> list[tuple[str, str]]:
        """The handover opens with the person, and closes with it. Who only serves has no more."""
        opened = self.person or self.offer.serves(self.by)
        return letter(self.offer.sbar or {}) if opened else []

    @property
    def after(self) -> str:
        """How it ended, in a sentence."""
        if self.state == S.EXPIRED:
            return gettext(TOO_LATE)
        if self.state == S.WITHDRAWN:
            if self._with_its_request:
                return self._cancelled()
            other = self.offer.request.provider_id not in (None, self.by.organisation_id)
            return gettext(ELSEWHERE if other else TAKEN_BACK)
        return ""

    @property
    def _with_its_request(self) -> bool:
        """Nobody took this offer back by itself: the whole request was cancelled."""
        made, ended = self.offer.request, self.offer.ended_at
        return bool(made.state == RequestState.CANCELLED and ended and ended == made.ended_at)

    def _cancelled(self) -> str:
        """Who was to get this patient hears by whom and why it ended; others only that it did."""
        made = self.offer.request
        if self.offer.sbar is None:
            return gettext(NOT_NEEDED)
        cancelled = Event.objects.filter(subject=self.offer.pk, type="offer.withdrawn")
        who = Organisation.objects.filter(pk__in=cancelled.values("organisation")).first()
        told = gettext("%(who)s withdrew the request: %(why)s.") % {
            "who": who or made.desk.organisation,
            "why": word(made.end_reason, "ended"),
        }
        go = gettext("You need not go.") if self.by.has(Duty.VISIT) else gettext(NOBODY_COMES)
        call = gettext("Questions? Call %(desk)s: %(telephone)s.") % {
            "desk": made.desk.organisation.name,
            "telephone": made.desk.telephone,
        }
        return f"{told} {go} {call}"

    @property
    def visits(self) -> bool:
        """Whether this provider goes to the patient: then the work has a page of its own."""
        return self.by.has(Duty.VISIT) and self.offer.state in CHOSEN

    @property
    def task_url(self) -> str:
        return reverse("task", args=[self.offer.pk]) if self.visits and self.person else ""

    @property
    def acts(self) -> dict[str, str]:
        """Its buttons: which verb, and where to."""
        provider = {Side.PROVIDER}
        open_ = open_to(OFFER_MOVES, state=self.state, sides=provider, duties=self.by.duties)
        return {
            name: f"{reverse('offer_answer', args=[self.offer.pk, name])}?back={self.back}"
            for name in open_
            if self._now(name)
        }

    def _now(self, name: str) -> bool:
        """Read back before you start; go to the patient by way of the task."""
        if self.visits or name == "depart":
            return self.visits and name == "fail"
        if name == "read_back":
            return self.offer.read_back_at is None
        return name != "start" or (self.offer.read_back_at is not None and not self.on_hold)


def cards(
    offers: Iterable[Offer],
    *,
    by: Actor,
    back: str = "inbox",
    typed: Mapping[UUID, QueryDict] | None = None,
) -> list[Card]:
    """A card for each offer; the persons of those that were assigned are opened all at once."""
    offers = list(offers)
    people = _people([offer for offer in offers if offer.state in CHOSEN], by)
    return [
        Card(offer, by, people.get(offer.pk), back, (typed or {}).get(offer.pk)) for offer in offers
    ]


def _people(assigned: list[Offer], by: Actor) -> dict[UUID, Patient]:
    """Step: of the cases that this provider has a part in now, by offer.

    Who only serves opens no person, but the handover may name one: that is a look as well.
    """
    if served := [offer.request.patient_id for offer in assigned if offer.serves(by)]:
        access.opened(Action.READ, served)
    wanted = [offer.request.case_id for offer in assigned if not offer.serves(by)]
    if not wanted:
        return {}
    cases = {case.pk: case for case in Case.objects.visible_to(by).filter(pk__in=wanted)}
    gateway.attach_patients(cases.values(), action=Action.READ)
    return {o.pk: cases[o.request.case_id].patient for o in assigned if o.request.case_id in cases}
