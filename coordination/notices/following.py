"""The log is read on, from a cursor of its own: what concerns who asked becomes a message.

That it is late, or runs twice, changes nothing: the verb moves the cursor in the act that writes.
"""

from uuid import UUID

from django.conf import settings

from coordination.models import CareRequest, LogReader
from coordination.models.notices import Notice
from coordination.states import REQUEST_MOVES
from lzc.errors import N_, NotAllowed
from lzc.events import act, head, moment, record, verb
from lzc.models import CLOCK, Actor, Event
from lzc.rights import Duty
from lzc.sweeps import alone

#: Its place in the log.
READER = "notices"
#: Facts in one go; the next one takes the rest.
MOST = 200
Kind = Notice.Kind

_BY_MOVE = {
    "take": Kind.TAKEN,
    "offer": Kind.TAKEN,
    "cascade": Kind.TAKEN,
    "book": Kind.FOUND,
    "assign": Kind.FOUND,
    "wait": Kind.WAITING,
    "fall_back": Kind.LOST,
    "fall_away": Kind.LOST,
    "cancel": Kind.CANCELLED,
}
TOLD = {REQUEST_MOVES[name].event: kind for name, kind in _BY_MOVE.items()}


def follow() -> int:
    """Read on in the log. How many messages came of it."""
    with alone(READER) as mine:
        return sum(_done(fact) for fact in _news()) if mine else 0


def _done(fact: Event) -> int:
    with act(by=CLOCK, door=READER):
        return 1 if tell(fact, by=CLOCK) else 0


def _news() -> list[Event]:
    reader, new = LogReader.objects.get_or_create(pk=READER, defaults={"cursor": head()})
    if new:
        return []
    newest = head()
    facts = Event.objects.filter(number__gt=reader.cursor, number__lte=newest)
    found = list(facts.filter(type__in=TOLD).order_by("number")[:MOST])
    if not found:
        LogReader.objects.filter(pk=READER, cursor__lt=newest).update(cursor=newest)
    return found


@verb
def tell(fact: Event, *, by: Actor) -> Notice | None:
    """Who asked gets a message of this fact, once. What they did themselves they know."""
    unread = LogReader.objects.filter(pk=READER, cursor__lt=fact.number)
    if not unread.update(cursor=fact.number):
        return None
    made = CareRequest.objects.filter(pk=fact.subject).first()
    if made is None or made.requester_id == fact.organisation:
        return None
    kind = TOLD[fact.type]
    if kind == Kind.TAKEN and made.notices.exists():
        return None
    notice = Notice(
        event=fact.number,
        request=made,
        organisation_id=made.requester_id,
        kind=kind,
        at=fact.at,
        due_at=moment() if settings.MAILS else None,
    )
    notice.save(force_insert=True)
    record("notice.made", notice.pk, by=by, audience={made.requester_id}, request=made.pk)
    return notice


@verb
def see(notice_id: UUID, *, by: Actor) -> int:
    """Gezien: this message and those before it no longer ask for attention, at this practice."""
    if not by.has(Duty.ASK):
        raise NotAllowed(N_("This is not yours to do."), code="not_yours")
    mine = Notice.objects.visible_to(by)
    upto = mine.filter(pk=notice_id).values("event")
    seen = mine.filter(seen_at=None, event__lte=upto).update(seen_at=moment())
    if seen:
        record("notice.seen", notice_id, by=by, audience={by.organisation_id})
    return seen
