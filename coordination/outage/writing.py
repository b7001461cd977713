"""Outage lists as files: made every few minutes while all is well, for when it is not.

Patients go along, so each is sealed with the key of its organisation before it touches a disk, and
it is written down who was taken along, as with any other look at them.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from coordination.outage.reading import OutageList, outage_list
from lzc.events import act
from lzc.models import Action, Actor, Organisation
from lzc.rights import Duty
from lzc.sealing import code_of, seal, standalone, wrapped
from lzc.sweeps import alone

logger = logging.getLogger(__name__)

PREFIX = "noodlijst-"
GROUND = "continuity"


class ListKeeper(Actor):
    """The clock, in the name of one organisation: it reads what the desk of it may read."""

    kind = "keeper"
    desk_id = None
    duties = frozenset({Duty.DESK})

    def __init__(self, organisation: Organisation) -> None:
        self.pk = self.organisation_id = organisation.pk
        self._keeps_records = organisation.keeps_records

    @property
    def keeps_records(self) -> bool:
        return self._keeps_records

    @property
    def hears(self) -> list[object]:  # type: ignore[override]
        return []


def code(organisation: Organisation) -> str:
    return code_of(settings.OUTAGE_KEY, organisation.pk)


def sealed_file(told: OutageList) -> str:
    """The list as a page that asks for the key. In Dutch: that is what it is read out in."""
    with translation.override(settings.LANGUAGE_CODE):
        name, at = told.organisation.name, timezone.localtime(told.made_at)
        inside = render_to_string("coordination/_outage.html", {"list": told, "apart": True})
        page = standalone(_("Outage list"), inside)
        made = at.isoformat(timespec="seconds")
        sealed = seal(page, code=code(told.organisation), organisation=name, made=made)
        return wrapped(sealed, _words(date_format(at, "l j F H:i")))


def _words(at: str) -> dict[str, str]:
    return {
        "title": _("Outage list"),
        "as_of": _("As it stood on %(at)s.") % {"at": at},
        "key": _("Key of your organisation"),
        "open": _("Open the list"),
        "wrong": _("This key does not open this list. Look at the card and type it again."),
        "age": _("This list is {n} minutes old."),
        "help": _("There are patients in this list. Print it, and close it when you are done."),
    }


def file_of(organisation: Organisation) -> Path:
    named = slugify(organisation.name)[:60]
    return settings.OUTAGE_DIR / f"{PREFIX}{named}-{organisation.pk.hex[:8]}.html"


def written_at(organisation: Organisation) -> datetime | None:
    """When its file was last made, as far as this process sees the folder."""
    try:
        return datetime.fromtimestamp(file_of(organisation).stat().st_mtime, UTC)
    except OSError:
        return None


def write(organisation: Organisation) -> Path:
    """The list of this organisation as it stands now, in the place of the one before."""
    by = ListKeeper(organisation)
    with act(by=by, ground=GROUND, door="outage list"):
        text = sealed_file(outage_list(organisation, by=by, action=Action.EXPORT))
    file = file_of(organisation)
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
    return file


def with_a_desk() -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(desks__isnull=False).distinct()
    return rows.select_related("region__parent")


def write_all(organisations: Iterable[Organisation]) -> int:
    """The lists of these and of no others, by one process at a time. How many were made."""
    with alone("outage lists") as mine:
        return _write_all(organisations) if mine else 0


def _write_all(organisations: Iterable[Organisation]) -> int:
    """Step: one that cannot be made keeps no other waiting."""
    wanted, done = set(), 0
    for organisation in organisations:
        wanted.add(file_of(organisation).name)
        try:
            write(organisation)
            done += 1
        except Exception:
            logger.exception("the outage list of %s was not made", organisation.pk)
    for file in settings.OUTAGE_DIR.glob(f"{PREFIX}*"):
        if file.name not in wanted and file.suffix == ".html":
            file.unlink(missing_ok=True)
    return done
