"""Concepts: what somebody typed about a patient is kept for them until they send it, or a day.

Nobody is told of a draft, so nothing is recorded in the log. Who types sees nothing that they did
not type: who looks is written down when a draft is begun, read, or thrown away.
"""

from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from lzc import access
from lzc.errors import N_, NotAllowed, NotSeen, NotValid
from lzc.events import moment, verb
from lzc.models import Action, Actor, IdempotencyKey, Membership
from lzc.rights import Duty
from triage.models import Case, Draft
from triage.models.drafts import KEPT

#: Of an access record.
SUBJECT = "draft"
#: More than any form of ours asks.
LONGEST = 50_000


@verb
def keep(
    fields: dict[str, Any], *, form: str = "", case_id: UUID | None = None, by: Actor
) -> Draft | None:
    """What is typed so far, in place of what was. `form`: its key; nothing once it was sent."""
    _may(case_id, by)
    _one_at_a_time(by)
    if form and IdempotencyKey.objects.filter(actor=by.pk, key=form).exists():
        return None
    draft = Draft(membership_id=by.pk, case_id=case_id, kept_at=moment()).seal(fields)
    if len(draft.sealed) > LONGEST:
        raise NotValid("form", N_("This is more than a draft can hold. Make the text shorter."))
    if not Draft.objects.of(by, case_id).update(sealed=draft.sealed, kept_at=draft.kept_at):
        access.opened(Action.CREATE, [], subject=SUBJECT)
        draft.save(force_insert=True)
    return draft


def kept(*, case_id: UUID | None = None, by: Actor) -> Draft | None:
    """What this person typed earlier and did not send. That it is looked at is written down."""
    access.opened(Action.READ, [], subject=SUBJECT)
    found: Draft | None = Draft.objects.of(by, case_id).fresh().first()
    return found


@verb
def wipe(*, case_id: UUID | None = None, by: Actor) -> None:
    """Concept wissen; and what is done with a draft that was sent."""
    _one_at_a_time(by)
    access.opened(Action.UPDATE, [], subject=SUBJECT)
    Draft.objects.of(by, case_id).delete()


def sweep() -> int:
    """Of yesterday: nobody went on with it."""
    return int(Draft.objects.filter(kept_at__lte=Now() - KEPT).delete()[0])


def _may(case_id: UUID | None, by: Actor) -> None:
    if not isinstance(by, Membership) or not by.has(Duty.ASK):
        raise NotAllowed(N_("This is not yours to do."), code="not_yours")
    if case_id and not Case.objects.visible_to(by).filter(pk=case_id).exists():
        raise NotSeen


def _one_at_a_time(by: Actor) -> None:
    """Step: what is typed last is kept last, and a save that comes after sending keeps nothing."""
    list(Membership.objects.select_for_update(no_key=True).filter(pk=by.pk).values_list("pk"))
