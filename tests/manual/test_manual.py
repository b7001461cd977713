"""The manual shows the pages as they are."""

import re
from pathlib import Path

import pytest

from lzc import translations
from lzc.run.var import BASE
from lzc.translations import CATALOGUE
from tests import manual

LARGEST = 2_500_000
#: Dutch of the page of the shift alone, and of a refusal that no picture shows.
OF_ONE_PAGE, OF_NO_PAGE = "U behandelt niets.", "Uw dienst is al gestart."
_SHOWS = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")


def test_every_picture_was_made_from_the_page_as_it_is() -> None:
    assert manual.stale() == [], f"made before the page changed; run: {manual.COMMAND}"


def test_every_picture_stands_in_the_manual_and_no_other() -> None:
    pages = [path.read_text() for path in manual.MANUAL.glob("*.md")]
    shown = {name for page in pages for name in _SHOWS.findall(page)}
    assert shown == {f"{name}.png" for name in manual.SHOWN}
    assert shown == {path.name for path in manual.MANUAL.glob("*.png")}


def test_the_manual_stays_small() -> None:
    assert sum(path.stat().st_size for path in manual.MANUAL.iterdir()) < LARGEST


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the pictures are made from, in a folder where it may be changed; all of them new."""
    for folder in ("templates", "lzc/static", "docs/manual", "locale"):
        for path in (BASE / folder).rglob("*.*"):
            copy = tmp_path / path.relative_to(BASE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(manual, "BASE", tmp_path)
    monkeypatch.setattr(manual, "MANUAL", tmp_path / "docs/manual")
    monkeypatch.setattr(manual, "MADE_FROM", tmp_path / "docs/manual/pictures.json")
    monkeypatch.setattr(translations, "CATALOGUE", tmp_path / CATALOGUE.relative_to(BASE))
    manual.write_down()
    assert manual.stale() == []
    return tmp_path


def test_a_changed_part_of_a_page_makes_its_pictures_old(elsewhere: Path) -> None:
    part = elsewhere / "templates/coordination/_outage.html"
    part.write_text(part.read_text() + "\n")
    assert manual.stale() == ["noodlijst"]


def test_a_page_that_says_it_otherwise_makes_its_pictures_old_and_no_other(
    elsewhere: Path,
) -> None:
    catalogue = translations.CATALOGUE
    text, ours, theirs = catalogue.read_text(), OF_ONE_PAGE, OF_NO_PAGE
    for dutch, old in ((theirs, []), (ours, ["dienst"])):
        assert text.count(f'msgstr "{dutch}"') == 1
        catalogue.write_text(text.replace(f'msgstr "{dutch}"', f'msgstr "{dutch}!"'))
        assert manual.stale() == old
