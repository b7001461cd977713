"""A mail says that there is a message: no name, no place, no number of a case. At least once.

Sent by Django's mail backend, with no transaction open: mail servers answer when they like.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coordination.models.notices import Notice
from lzc.models import Membership
from lzc.rights import DUTIES, Duty
from lzc.web.words import word
from lzc.webhooks.posting import pause

logger = logging.getLogger(__name__)

#: Whoever took it up and was not heard of for so long, has died.
LEASE = timedelta(minutes=2)
#: After this the message has been seen on the page, or is no news any more.
GIVEN_UP = timedelta(hours=24)
MOST, MOST_ADDRESSES = 50, 10
ASKERS = [role for role, duties in DUTIES.items() if Duty.ASK in duties]


def send_due() -> int:
    """Each message whose time has come. How many were mailed."""
    due = Notice.objects.filter(due_at__lte=Now()).order_by("due_at")
    return sum(send(pk) for pk in due.values_list("pk", flat=True)[:MOST])


def send(notice_id: UUID) -> bool:
    """Step by step, each a guarded update: who dies in between leaves it to be sent once more."""
    due = Notice.objects.filter(pk=notice_id, due_at__lte=Now())
    if due.update(due_at=Now() + LEASE, tries=F("tries") + 1) != 1:
        return False
    notice = Notice.objects.select_related("request").get(pk=notice_id)
    mine = Notice.objects.filter(pk=notice_id, due_at=notice.due_at)
    to = addresses(notice)
    if not to:
        mine.update(due_at=None)
        return False
    try:
        letter(notice, to).send()
    except (SMTPException, OSError) as error:
        logger.warning("notice %s was not mailed: %s", notice_id, type(error).__name__)
        old = notice.at < timezone.now() - GIVEN_UP
        mine.update(due_at=None if old else Now() + pause(notice.tries))
        return False
    return mine.update(due_at=None, mailed_at=Now()) == 1


def addresses(notice: Notice) -> list[str]:
    """Who asked, as long as they work there; or else who asks for care at that practice."""
    there = Membership.objects.active().filter(organisation=notice.organisation_id)
    known = there.exclude(user__email="").filter(user__is_active=True)
    asked = known.filter(pk=notice.request.requested_by) or known.filter(role__in=ASKERS)
    found = asked.order_by("user__email").values_list("user__email", flat=True).distinct()
    return list(found[:MOST_ADDRESSES])


def letter(notice: Notice, to: list[str]) -> EmailMessage:
    """The same message has the same number at every attempt."""
    site = settings.PUBLIC_URL.partition("://")[2]
    with translation.override(settings.LANGUAGE_CODE):
        what = word(notice.kind, "notice")
        text = _("%(what)s.\n\nLog in to read it: %(where)s\n\nThis mail names nobody.")
        where = settings.PUBLIC_URL + reverse("follow", args=[notice.request_id])
        return EmailMessage(
            subject=f"LZC: {what}",
            body=text % {"what": what, "where": where},
            to=to,
            headers={
                "Message-ID": f"<{notice.pk}@{site}>",
                "Auto-Submitted": "auto-generated",
            },
        )
