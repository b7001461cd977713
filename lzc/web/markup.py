"""Markup that one page has hundreds of: a template would be most of the wait for it."""

import re
from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString

SPECIAL = re.compile("[&<>\"']")


def drawn(pattern: str, *words: str, **named: str) -> SafeString:
    """The pattern with these words in it: text is escaped, markup that was drawn is not once more.

    As `format_html`, which also takes what is no string or not translated yet.
    """
    filled = {name: _escaped(word) for name, word in named.items()}
    return SafeString(pattern.format(*map(_escaped, words), **filled))


def joined(between: str, parts: Iterable[str]) -> SafeString:
    """These after one another: text is escaped, what was drawn is not."""
    return SafeString(_escaped(between).join(map(_escaped, parts)))


def _escaped(word: str) -> str:
    return word if type(word) is SafeString or not SPECIAL.search(word) else escape(word)
