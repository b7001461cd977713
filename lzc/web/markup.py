"""Markup that one page has hundreds of: a template would be most of the wait for it.

And text that was written as CommonMark.
"""

import re
from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

#: HTML in it is shown as it was typed, and an address of another kind is no link.
_commonmark = MarkdownIt("commonmark", {"html": False})
_special = re.compile("[&<>\"']").search


def drawn(pattern: str, *words: str) -> SafeString:
    """The pattern with these words in it, at each `%s`: text is escaped, markup that was drawn is
    not once more.

    As `format_html`, which also takes what is no string or not translated yet.
    """
    return SafeString(pattern % tuple(map(_escaped, words)))


def joined(between: str, parts: Iterable[str]) -> SafeString:
    """These after one another: text is escaped, what was drawn is not."""
    return SafeString(_escaped(between).join(map(_escaped, parts)))


def prose(text: str) -> SafeString:
    """Paragraphs and lists of CommonMark."""
    return SafeString(_commonmark.render(text))


def line(text: str) -> SafeString:
    """As `prose`, in a cell or a sentence: no paragraph of its own."""
    return SafeString(_commonmark.renderInline(text))


def _escaped(word: str) -> str:
    return word if type(word) is SafeString or not _special(word) else escape(word)
