"""JSON as LZC takes it: small, shallow, said once, and text without tricks in it.

Ordinary parsers answer 500 to a hundred thousand brackets, and let a later `"name"` replace an
earlier one. Here each of these is a fault with its path.
"""

import json
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from lzc import plain
from lzc.api.shapes import FAULTS, LONGEST_NAME, BadShape, Fault, bad
from lzc.errors import N_, Refused

MOST_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
DEEPEST = 20

FAULTS |= {
    "not_json": N_("This is not JSON. Check brackets, commas and quotes near character %(at)s."),
    "not_utf8": N_("This is not UTF-8. Save it as UTF-8; a list from Excel as “CSV UTF-8”."),
    "too_deep": N_("This is nested too deeply: at most %(most)s levels."),
    "duplicate": N_("This field is given twice. Give it once."),
    "not_finite": N_("NaN and Infinity are no numbers in JSON."),
    "nul": N_("A NUL character cannot be stored. Leave it out."),
    "surrogate": N_("Half a character (a lone surrogate) cannot be stored. Leave it out."),
    "turned": N_("Characters that turn the direction of text are not taken. Leave them out."),
    "bad_name": N_("The name of a field has characters that cannot be shown."),
}


class TooLarge(Refused):
    status = 413

    def __init__(self) -> None:
        super().__init__(
            N_("This is too large: at most %(most)s bytes."), code="too_large", most=MOST_BYTES
        )


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise TooLarge
        return parsed(raw)


class CsvParser(BaseParser):
    """A list as a spreadsheet writes it. What is in it, is for who asked for it."""

    media_type = "text/csv"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise TooLarge
        try:
            return cleaned(raw.decode("utf-8-sig"), "")
        except UnicodeDecodeError:
            raise bad("not_utf8") from None


def parsed(raw: bytes) -> Any:
    try:
        text = raw.decode()
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_not_finite)
    except UnicodeDecodeError:
        raise bad("not_utf8") from None
    except RecursionError:
        raise bad("too_deep", most=DEEPEST) from None
    except json.JSONDecodeError as error:
        raise bad("not_json", at=error.pos) from None
    except ValueError:  # a number of thousands of digits
        raise bad("not_json", at=0) from None
    usual = text.isascii() and "\\" not in text and "\x7f" not in text
    if isinstance(data, str):
        return cleaned(data, "")
    if not usual or text.count("[") + text.count("{") > DEEPEST:
        _inspect(data)
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadShape(Fault(_shown(twice), "duplicate"))
    return made


def _not_finite(_word: str) -> None:
    raise bad("not_finite")


def _shown(name: str) -> str:
    return name[:LONGEST_NAME] if name.isprintable() else ""


def _inspect(data: Any) -> None:
    """Cleans every text in place, and refuses what cannot be stored. No recursion: see above."""
    waiting: list[tuple[Any, str]] = [(data, "")]
    depth = 0
    while waiting:
        depth += 1
        if depth > DEEPEST:
            raise bad("too_deep", most=DEEPEST)
        waiting = [inner for outer, path in waiting for inner in _inspect_one(outer, path)]


def _inspect_one(outer: Any, path: str) -> list[tuple[Any, str]]:
    """Cleans the texts directly in `outer`; gives what lies deeper."""
    names: list[Any] = []
    if isinstance(outer, dict):
        names = list(outer)
        if not all(name.isprintable() for name in names):
            raise BadShape(Fault(path, "bad_name"))
    elif isinstance(outer, list):
        names = list(range(len(outer)))
    deeper = []
    for name in names:
        short = str(name)[:LONGEST_NAME]
        here = f"{path}.{short}" if path else short
        value = outer[name]
        if isinstance(value, str):
            outer[name] = cleaned(value, here)
        elif isinstance(value, dict | list):
            deeper.append((value, here))
    return deeper


def cleaned(text: str, path: str) -> str:
    """As it is kept: see `lzc/plain.py`."""
    try:
        return plain.cleaned(text)
    except plain.Unwritable as error:
        raise BadShape(Fault(path, error.code)) from None
