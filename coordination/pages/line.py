"""A line of the work list as it stands on the page. There are hundreds: no template draws them."""

from collections.abc import Iterable, Mapping
from functools import cache

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from coordination.pages.rows import Row
from lzc.templatetags.ui import icon, initials, instant, large, said
from lzc.web.markup import drawn, joined
from triage.urgency import Urgency

LINE = (
    '<li class="rij" id="rij-%s" data-case="%s"%s>'
    '<p class="rij-tijd">%s</p>'
    '<div class="rij-lijf">'
    '<div class="rij-regel"><h4><a class="rij-link" href="%s%s"%s>%s</a></h4>'
    '<span class="rij-nr">%s</span></div>'
    '<p class="rij-regel"><span>%s</span><span class="rij-wie">%s</span></p>'
    '<p class="rij-regel"><span>%s</span>%s</p>'
    "%s</div></li>"
)
UNTAKEN = ' data-untaken="%s"'
CURRENT = drawn(' aria-current="true"')
BY_THEN = "%s%s%s<span>%s</span>"
SINCE = "<span>%s</span> <span>%s</span>"
BOLD, URGENT = "<b>%s</b>", "<b>%s</b> · <b>%s</b>"
PERSON = (
    '<span class="persoon%s" title="%s"><span aria-hidden="true">%s</span>'
    '<span class="alleen-voorlezen">%s</span></span>'
)
TAKE = (
    '<button class="knop knop-klein rij-pak" form="oppakken" formaction="%s" '
    'aria-label="%s %s">%s</button>'
)
STANDS = '<span class="rij-eind">%s</span>'
FLAGS, FLAG = '<p class="merkjes">%s</p>', '<span class="merkje%s">%s%s</span>'
NOTHING = drawn("")
NOBODY, HANDLED = gettext_noop("Nobody yet"), gettext_noop("Handled by %(name)s")
PICK_UP, FROM = gettext_noop("Pick up"), gettext_noop("since")


class Lines:
    """Draws them. `keep`: the filter in the address; `chosen`: the case that is open."""

    def __init__(self, *, keep: str, chosen: str) -> None:
        self.keep, self.chosen, self.now = keep, chosen, timezone.localtime()
        # For this page alone: most lines say the same words and are handled by the same few.
        self.say, self.handler = cache(gettext), cache(self._handler)

    def of(self, rows: Iterable[Row]) -> SafeString:
        return joined("", map(self._line, rows))

    def _line(self, row: Row) -> SafeString:
        return drawn(
            LINE,
            end_of(row.id),
            end_of(row.case),
            _untaken(row),
            self._time(row),
            row.url,
            self.keep,
            CURRENT if row.reference == self.chosen else NOTHING,
            row.title,
            row.number,
            _about(row),
            self.handler(row.handler, row.mine) if row.handled else NOTHING,
            row.need,
            self._end(row),
            _flags(row),
        )

    def _time(self, row: Row) -> SafeString:
        """By when, or since when. `soon` comes with every deadline."""
        if not (row.deadline and row.soon):
            at = said(row.since, self.now, self.say) if row.since else ""
            return drawn(SINCE, self.say(FROM), at)
        left = large(row.deadline, row.soon, row.kind, now=self.now, say=self.say)
        at = said(row.deadline, self.now, self.say)
        return drawn(BY_THEN, icon("timer"), icon("triangle-alert"), left, at)

    def _handler(self, name: str, mine: bool) -> SafeString:
        if not name:
            nobody = self.say(NOBODY)
            return drawn(PERSON, " persoon-leeg", nobody, "?", nobody)
        whose = "" if mine else " persoon-ander"
        return drawn(PERSON, whose, name, initials(name), self.say(HANDLED) % {"name": name})

    def _end(self, row: Row) -> SafeString:
        """What can be done at once, or how it stands."""
        if not row.take:
            return drawn(STANDS, row.state)
        word = self.say(PICK_UP)
        return drawn(TAKE, row.take, word, row.title, word)


def end_of(pk: str) -> str:
    """The last group of an id, by which presence.js and sound.js know a row: of 300 whole ids a
    page would carry 7 kB more."""
    return pk.rpartition("-")[2]


def _untaken(row: Row) -> SafeString:
    """From when an urgent one waits: it makes a sound when that gets long."""
    if row.asked_at and row.take and row.urgency == Urgency.U2:
        return drawn(UNTAKEN, instant(row.asked_at))
    return NOTHING


def _about(row: Row) -> SafeString:
    """How urgent, who, where, by whom: as much of it as is known."""
    bold = drawn(URGENT, row.urgency, row.who) if row.urgency else drawn(BOLD, row.who)
    return joined(" · ", filter(None, (bold, row.place, row.via)))


def _flags(row: Row) -> SafeString:
    if not row.flags:
        return NOTHING
    return drawn(FLAGS, joined("", map(_flag, row.flags)))


def _flag(flag: Mapping[str, str]) -> SafeString:
    tone = f" merkje-{flag['tone']}" if flag["tone"] else ""
    return drawn(FLAG, tone, icon(flag["icon"]), flag["label"])
