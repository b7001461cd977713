"""Which picture of the manual shows which pages, and what it was made from."""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from lzc import translations
from lzc.run.var import BASE

MANUAL = BASE / "docs" / "manual"
MADE_FROM = MANUAL / "pictures.json"
COMMAND = "make manual"
#: Each picture, and the templates of what is on it: the page, and what the page fetches later.
SHOWN = {
    "werklijst": (
        "coordination/worklist.html",
        "coordination/_news.html",
        "coordination/_map_panel.html",
        "coordination/_load.html",
    ),
    "casus": ("coordination/case.html",),
    "dienst": ("coordination/shift.html",),
    "overzicht": ("coordination/overview.html",),
    "aanvraag": (
        "coordination/request_form.html",
        "coordination/_places.html",
        "coordination/_aid.html",
    ),
    "volgen": ("coordination/follow.html",),
    "plekken": ("capacity/units.html",),
    "aanbod": ("coordination/inbox.html",),
    "bezoek": ("coordination/task.html",),
    "wand": ("coordination/wall.html",),
    "noodlijst": ("coordination/outage.html",),
}
_NAMES = re.compile(r'{%-?\s*(?:include|extends)\s+"([^"]+)"')
#: What every page has: its styles and scripts, and the stage on which the pictures are made.
_EVERYWHERE = (
    "lzc/static/css/*.css",
    "lzc/static/js/*.js",
    "lzc/static/*.svg",
    "tests/browser/pictures.py",
    "tests/cast.py",
    "tests/scenarios/night.py",
)


def templates_of(pages: tuple[str, ...]) -> set[Path]:
    """These templates, and every one that they name, however deep."""
    found: set[Path] = set()
    waiting = [*pages]
    while waiting:
        path = BASE / "templates" / waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _NAMES.findall(path.read_text())
    return found


def _digest(paths: Iterable[Path], said: Iterable[str] = ()) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(BASE)).encode() + b"\0" + path.read_bytes() + b"\0")
    for text in said:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def _made_from(pages: tuple[str, ...], dutch: translations.Dutch) -> str:
    """Over the files, and over the Dutch of the sentences in these very templates. What the code
    says (`lzc/web/words.py`) may stand on any page, and is left out."""
    templates = templates_of(pages)
    common = {path for pattern in _EVERYWHERE for path in BASE.glob(pattern)}
    said = translations.said_in([path.read_text() for path in templates], dutch)
    return _digest(common | templates, said)


def sources() -> dict[str, str]:
    """For each picture the hash over what it shows, as it is now."""
    dutch = translations.known()
    return {name: _made_from(pages, dutch) for name, pages in SHOWN.items()}


def picture_of(name: str) -> str:
    """The hash over the picture itself."""
    return _digest([MANUAL / f"{name}.png"])


def write_down() -> None:
    made = {
        name: {"made_from": source, "picture": picture_of(name)}
        for name, source in sources().items()
    }
    MADE_FROM.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n")


def stale() -> list[str]:
    """The pictures that show a page as it was, or are not those that were made."""
    made = json.loads(MADE_FROM.read_text())
    now = sources()
    return sorted(
        name
        for name in now.keys() | made.keys()
        if name not in now
        or name not in made
        or not (MANUAL / f"{name}.png").exists()
        or made[name] != {"made_from": now[name], "picture": picture_of(name)}
    )
