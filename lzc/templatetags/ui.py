"""What templates need to draw: an icon of the sprite, a clock on a promise."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from django import template
from django.template import Context, Node
from django.template.base import FilterExpression, Parser, TextNode, Token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from structlog.contextvars import get_contextvars

from lzc.web.markup import drawn
from lzc.web.words import WORDS, why_not, word

Say = Callable[[str], str]

register = template.Library()
register.filter("word", word)
register.filter("why_not", why_not)

#: A promise is "getting close" in its last half hour, unless the page says otherwise.
SOON = timedelta(minutes=30)
LATE, LEFT = gettext_noop("{t} late"), gettext_noop("{t} left")
REPLY, CLOSE = gettext_noop("reply in {t}"), gettext_noop("getting close")
MINUTES, HOURS = gettext_noop("{n} min ago"), gettext_noop("{n} h ago")
DAYS_AGO = gettext_noop("{n} d ago")
DAYS = {-1: gettext_noop("yesterday"), 1: gettext_noop("tomorrow")}
_STANDS = '<time datetime="%s" data-deadline data-soon="%s" data-kind="%s" data-level="%s"'
CLOCK = _STANDS + ' title="%s">%s</time>'
BIG = _STANDS + "><span>%s</span> <span>%s</span></time>"
AGE = '<time datetime="{}" data-since title="{}">{}</time>'
ALMOST_A_SECOND = timedelta(microseconds=999_999)


@cache
def icon(name: str) -> SafeString:
    """An icon of the sprite (named in lzc/static/icons.txt): decoration beside words."""
    href = static("icons.svg")
    return format_html(
        '<svg class="ic" aria-hidden="true"><use href="{}#{}"></use></svg>', href, name
    )


@register.tag("icon")
def icon_tag(parser: Parser, token: Token) -> Node:
    """`{% icon "bed" %}` is drawn when the template is read, not again for each of its rows."""
    _tag, name = token.split_contents()
    expression = parser.compile_filter(name)
    if isinstance(expression.var, str) and not expression.filters:
        return TextNode(icon(expression.var))
    return _Icon(expression)


class _Icon(Node):
    def __init__(self, name: FilterExpression) -> None:
        self.name = name

    def render(self, context: Context) -> SafeString:
        return icon(self.name.resolve(context))


@register.simple_tag
def mark() -> SafeString:
    """The mark of LZC."""
    href = static("merk.svg")
    return format_html('<svg class="ic" aria-hidden="true"><use href="{}#merk"></use></svg>', href)


def level(until: datetime, *, soon: datetime, now: datetime) -> str:
    """How much a promise presses: "" (normal), "soon" or "late"."""
    if now >= until:
        return "late"
    return "soon" if now >= soon else ""


def span(seconds: float) -> str:
    """A length of time as hours:minutes, the way it is said at a desk: 0:12, 1:53, 26:00."""
    minutes = int(abs(seconds)) // 60
    return f"{minutes // 60}:{minutes % 60:02}"


def words(left: float, *, reply: bool = False, say: Say = gettext) -> str:
    """The sentence around a length of time: "nog {t}", "te laat {t}", "reactie in {t}"."""
    if left <= 0:
        return say(LATE)
    return say(REPLY if reply else LEFT)


@register.filter
def instant(at: datetime) -> str:
    """For the page's own clock: in whole seconds, and never before it is so."""
    return (at + ALMOST_A_SECOND).isoformat(timespec="seconds")


def large(
    until: datetime, soon: datetime, kind: str, *, now: datetime, say: Say = gettext
) -> SafeString:
    """A deadline with its word small and its figure large; beside it stands the moment itself."""
    left, stands = (until - now).total_seconds(), level(until, soon=soon, now=now)
    sentence = words(left, reply=kind == "reply", say=say)
    word = say(CLOSE) if stands == "soon" else sentence.replace("{t}", "").strip()
    return drawn(BIG, instant(until), instant(soon), kind, stands, word, span(left))


@register.simple_tag
def deadline(
    until: datetime | None, soon: datetime | None = None, kind: str = "", big: bool = False
) -> SafeString | str:
    """A deadline that counts down: the server writes it, live.js keeps it true by server time.

    `kind="reply"` when it is somebody else's turn; `big` sets the word small, the figure large.
    """
    if until is None:
        return ""
    now = timezone.now()
    soon = soon or until - SOON
    if big:
        return large(until, soon, kind, now=now)
    left, stands = (until - now).total_seconds(), level(until, soon=soon, now=now)
    title = date_format(timezone.localtime(until), "j M H:i")
    text = words(left, reply=kind == "reply").replace("{t}", span(left))
    return drawn(CLOCK, instant(until), instant(soon), kind, stands, title, text)


@register.simple_tag
def seconds_left(until: datetime) -> SafeString:
    """The few seconds in which something can still be taken back: counted one by one."""
    left = max(0, int((until - timezone.now()).total_seconds()))
    return format_html(
        '<time datetime="{}" data-deadline data-unit="s">{} s</time>',
        until.isoformat(),
        left,
    )


@register.filter
def hint(code: object, kind: str) -> str:
    """The line under a choice; empty when the vocabulary has none."""
    return str(WORDS[kind].get(str(code), ""))


@register.filter
def house(unit: object, care: object) -> str:
    """The name of a unit; where it is called after its kind of care, that of its house says it."""
    return str(unit).removesuffix(f", {word(str(care), 'care')}")


@register.simple_tag(takes_context=True)
def act_key(context: Context) -> SafeString:
    """Makes a form count once, and in the role it was opened in.

    The server answers the same key with the same answer; who works in another role is asked first.
    """
    hidden = '<input type="hidden" name="{}" value="{}">'
    actor = getattr(context.get("request"), "actor", None)
    sent = [("key", uuid.uuid4()), *([("as", actor.pk)] if actor else [])]
    return format_html_join("", hidden, sent)


@register.simple_tag
def request_code() -> str:
    """The beginning of the id that this request has in the log, short enough to be read out."""
    return str(get_contextvars().get("request_id", ""))[:8]


@register.filter
def moment(at: datetime | None) -> str:
    """14:07 today, "gisteren 16:40", "morgen 9:00", else "za 22 nov 14:07"."""
    return said(at, timezone.localtime()) if at else ""


def said(at: datetime, now: datetime, say: Say = gettext) -> str:
    """`now`: on the wall clock it is said by."""
    local = at.astimezone(now.tzinfo)
    days, hour = (local.date() - now.date()).days, f"{local.hour:02}:{local.minute:02}"
    if days == 0:
        return hour
    day = say(DAYS[days]) if days in DAYS else date_format(local, "D j M").lower()
    return f"{day} {hour}"


def old(at: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that is full: 12 min, 3 h or 2 d ago."""
    minutes = max(0, int((now - at).total_seconds()) // 60)
    for of, unit in ((24 * 60, DAYS_AGO), (60, HOURS)):
        if minutes >= of:
            return gettext(unit).replace("{n}", str(minutes // of))
    return gettext(MINUTES).replace("{n}", str(minutes))


@register.filter
def ago(at: datetime | None) -> str:
    """The same for a page that draws itself anew all the time."""
    return old(at, timezone.now()) if at else ""


@register.filter
def age(at: datetime | None) -> SafeString | str:
    """How old a figure is; live.js keeps it true by server time, the title has the moment."""
    if at is None:
        return ""
    now = timezone.now()
    return format_html(AGE, at.isoformat(timespec="seconds"), moment(at), old(at, now))


@register.filter
def initials(name: str) -> str:
    """Of "Anna de Visser": AV."""
    words = [part for part in str(name).split() if part[:1].isupper()] or str(name).split()
    ends = words[:1] + words[-1:] if len(words) > 1 else words
    return "".join(part[0] for part in ends).upper()
