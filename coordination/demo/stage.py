"""Where the stories of the demo are played: people of the demo do things through the verbs."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from coordination import casework, handovers, services
from coordination.demo.ground import made_id
from coordination.handovers import Sbar
from coordination.models import CareRequest, Handover, Offer
from lzc.events import act
from lzc.models import Desk, Membership
from triage.models import Case
from triage.services import ContactIn, PatientIn, TriageIn


class Stage:
    def __init__(self, now: datetime) -> None:
        self.now = now
        self.people: Mapping[UUID, Membership] = {m.pk: m for m in Membership.objects.acting()}

    def do(self, who: str, verb: Callable[..., Any], *args: Any, **values: Any) -> Any:
        """`who`: role and organisation, as in `planner.wolkenveld`. One verb, one act."""
        actor = self.people[made_id("membership", who)]
        with act(by=actor, door="manage.py demo"):
            return verb(*args, by=actor, **values)

    def desk(self, slug: str) -> Desk:
        return Desk.objects.select_related("organisation", "region__parent").get(
            pk=made_id("desk", slug)
        )

    def taken_in(
        self,
        who: str,
        patient: PatientIn,
        judged: TriageIn,
        *,
        text: str,
        minutes_ago: int = 20,
        citizen: bool = False,
    ) -> Case:
        """Somebody called or was seen, and was triaged."""
        contact = ContactIn(
            asked_by="citizen" if citizen else "professional",
            text=text,
            occurred_at=self.now - timedelta(minutes=minutes_ago),
        )
        actor = self.people[made_id("membership", who)]
        intake = self.do(
            who,
            casework.take_in,
            patient=patient,
            contact=contact,
            urgency=judged.urgency,
            desk=actor.desk,
        )
        self.do(who, casework.judge, intake.case.pk, judged=judged)
        case: Case = intake.case
        return case

    def asked(
        self, who: str, case: Case, care: str, need: str, *, desk: str, within: timedelta,
        requirements: tuple[str, ...] = (), wishes: str = "",
    ) -> CareRequest:  # fmt: skip
        ask = services.Ask(
            care_types=[care],
            need=need,
            desk=self.desk(desk),
            # However slowly the stories before it were told, it must still be possible to ask.
            needed_by=max(self.now, timezone.now()) + within,
            requirements=list(requirements),
            wishes=wishes,
        )
        made: CareRequest = self.do(who, services.request, case.pk, ask=ask)
        return made

    def offered(self, who: str, request: CareRequest, house: str, number: int = 0) -> Offer:
        """To the `number`-th unit of that house."""
        unit = made_id("unit", f"{house}:{number}")
        made: Offer = self.do(who, services.offer, request.pk, unit_id=unit)
        return made

    def handed_over(self, who: str, case: Case, to: str, sbar: Sbar) -> Handover:
        made: Handover = self.do(
            who, handovers.hand_over, case.pk, to_desk=self.desk(to), sbar=sbar
        )
        return made


def born(text: str) -> date:
    return date.fromisoformat(text)
