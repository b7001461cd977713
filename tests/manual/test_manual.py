"""The manual shows the pages as they are."""

import re
from pathlib import Path

import pytest

from lzc.run.var import BASE
from tests import manual

LARGEST = 2_500_000
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


def test_a_changed_part_of_a_page_makes_its_pictures_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("templates", "lzc/static", "docs/manual"):
        for path in (BASE / folder).rglob("*.*"):
            copy = tmp_path / path.relative_to(BASE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(manual, "BASE", tmp_path)
    monkeypatch.setattr(manual, "MANUAL", tmp_path / "docs/manual")
    monkeypatch.setattr(manual, "MADE_FROM", tmp_path / "docs/manual/pictures.json")
    manual.write_down()
    assert manual.stale() == []
    part = tmp_path / "templates/coordination/_outage.html"
    part.write_text(part.read_text() + "\n")
    assert manual.stale() == ["noodlijst"]
