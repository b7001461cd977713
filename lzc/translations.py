"""Dutch for every sentence of the pages; found, compared and compiled without GNU gettext."""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from lzc.run.var import BASE

SOURCES = ("lzc", "triage", "capacity", "coordination")
CATALOGUE = BASE / "locale" / "nl" / "LC_MESSAGES" / "django.po"
# How many of a call's arguments make up the message, and whether the first is its context.
CALLS = {
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "_": (1, False),
    "N_": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (2, True),
    "pgettext_lazy": (2, True),
    "npgettext": (3, True),
}
TEXT = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
BLANK = re.compile(r"%\((\w+)\)")
IN_TEMPLATE = re.compile(rf"\b(_|[a-z]*gettext)\(({TEXT}(?:, {TEXT})*)")

# A message as a catalogue knows it: context and text, or texts where there is a plural.
Message = tuple[str | None, tuple[str, ...]]
#: Each sentence in Dutch, in one form or more.
Dutch = dict[Message, tuple[str, ...]]


def used() -> dict[Message, str]:
    """Each sentence that the code or a template says, and one place where it does."""
    found: dict[Message, str] = {}
    for folder in SOURCES:
        for file in sorted((BASE / folder).rglob("*.py")):
            found |= dict.fromkeys(_in_code(file.read_text()), str(file.relative_to(BASE)))
    for file in sorted((BASE / "templates").rglob("*.*")):
        found |= dict.fromkeys(_in_template(file.read_text()), str(file.relative_to(BASE)))
    return found


def gaps() -> list[str]:
    """What stands in the way of complete Dutch, a line each; none at all is as it should be."""
    wanted, entries = used(), {_message(entry): entry for entry in read() if entry.id}
    lines = [f"{wanted[one]}: no Dutch for {one[1][0]!r}" for one in wanted if one not in entries]
    for one, entry in entries.items():
        if one not in wanted:
            lines.append(f"{CATALOGUE.name}: nobody says {one[1][0]!r}")
        elif entry.fuzzy or not _translated(entry):
            lines.append(f"{CATALOGUE.name}: not translated: {one[1][0]!r}")
        elif not _same_blanks(entry):
            lines.append(f"{CATALOGUE.name}: other blanks to fill in: {one[1][0]!r}")
    return lines


def known() -> Dutch:
    return {_message(entry): _forms(entry.string) for entry in read() if entry.id}


def said_in(templates: Iterable[str], dutch: Dutch) -> list[str]:
    """The Dutch of every sentence of these templates, in a fixed order."""
    wanted = {one for text in templates for one in _in_template(text)} & dutch.keys()
    return [form for one in sorted(wanted, key=repr) for form in dutch[one]]


def update() -> None:
    """Add what is new, without Dutch yet, and drop what nobody says any more."""
    catalogue, wanted = read(), used()
    for entry in [entry for entry in catalogue if entry.id and _message(entry) not in wanted]:
        catalogue.delete(entry.id, entry.context)
    for context, texts in wanted:
        text = texts if texts[1:] else texts[0]
        if not catalogue.get(text, context):
            catalogue.add(text, context=context)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=100)


def compile_catalogue() -> None:
    """Django reads the compiled form; made again whenever the text is newer."""
    for text in (BASE / "locale").rglob("*.po"):
        compiled = text.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= text.stat().st_mtime:
            continue
        draft = compiled.with_suffix(f".{os.getpid()}.mo")
        with draft.open("wb") as file:
            write_mo(file, read(text))
        draft.replace(compiled)


def read(file: Path | None = None) -> Catalog:
    with (file or CATALOGUE).open("rb") as text:
        return read_po(text, locale="nl")


def _in_code(text: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
            if node.func.id in CALLS:
                yield from _call(node.func.id, [one for one in texts if isinstance(one, str)])


def _in_template(text: str) -> Iterator[Message]:
    for name, arguments in IN_TEMPLATE.findall(templatize(text)):
        yield from _call(name, list(ast.literal_eval(f"({arguments},)")))


def _call(name: str, texts: list[str]) -> Iterator[Message]:
    """A text that is put together elsewhere is no sentence that could be looked up."""
    count, in_context = CALLS.get(name, (0, False))
    if count and len(texts) >= count:
        yield (texts[0], tuple(texts[1:count])) if in_context else (None, tuple(texts[:count]))


def _translated(entry: Entry) -> bool:
    return all(_forms(entry.string))


def _same_blanks(entry: Entry) -> bool:
    """`%(n)s beds` needs its n in Dutch; one of something may be said without the number."""
    asked = {blank for text in _forms(entry.id) for blank in BLANK.findall(text)}
    *others, last = [set(BLANK.findall(text)) for text in _forms(entry.string)]
    return last == asked and all(blanks <= asked for blanks in others)


def _message(entry: Entry) -> Message:
    return (entry.context, _forms(entry.id))


def _forms(said: object) -> tuple[str, ...]:
    """A message with a plural has several, any other has one."""
    return tuple(said) if isinstance(said, tuple | list) else (str(said or ""),)
