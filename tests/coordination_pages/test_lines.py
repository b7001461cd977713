"""A line of the work list: what people wrote in it stays text, and reads as a sentence."""

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone, translation

from coordination.pages.line import Lines
from coordination.pages.rows import Row

NOW = timezone.now()
TEXTS = ("id", "case", "reference", "title", "who", "place", "need", "state", "via", "handler")
ROW = Row(
    **dict.fromkeys((*TEXTS, "group"), "x"),
    urgency="U2",
    deadline=NOW + timedelta(hours=2, seconds=30),
    soon=NOW + timedelta(hours=1),
    asked_at=NOW,
    handled=True,
    flags=[{"tone": "let", "icon": "pause", "label": "x"}],
)
HOSTILE = "'\"><script>{0}%s%(id)d&amp;</b>"


class Elements(HTMLParser):
    """The names of all elements with those of their attributes, and what is read."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))

    def handle_data(self, data: str) -> None:
        self.text += data


def drawn(row: Row, **said: str) -> str:
    with translation.override("nl"):
        return Lines(**{"keep": "", "chosen": ""} | said).of([row])


@pytest.mark.parametrize("take", ["", "/oppakken/"])
def test_what_people_wrote_stays_text_in_every_place(take: str) -> None:
    plain = replace(ROW, take=take)
    flag = {"tone": "let", "icon": "pause", "label": HOSTILE}
    row = replace(plain, **dict.fromkeys((*TEXTS, "urgency"), HOSTILE), flags=[flag])
    attacked = Elements(drawn(replace(row, urgency="U2"), keep=HOSTILE))
    assert attacked.found == Elements(drawn(plain)).found
    assert attacked.text.count(HOSTILE) >= 7
    assert Elements(drawn(row)).found == Elements(drawn(replace(plain, urgency="U3"))).found


def test_its_button_is_called_after_what_is_picked_up() -> None:
    row = replace(ROW, take="/oppakken/", title="Wijkverpleging")
    assert 'aria-label="Oppakken Wijkverpleging"' in drawn(row)
    assert "data-untaken" in drawn(row) and "data-untaken" not in drawn(replace(row, urgency="U3"))


def test_the_case_that_is_open_is_marked() -> None:
    assert 'aria-current="true"' in drawn(ROW, chosen="x")
    assert "aria-current" not in drawn(ROW, chosen="y")


def test_without_a_deadline_it_says_since_when() -> None:
    row = replace(ROW, deadline=None, soon=None, since=NOW, handler="", handled=False)
    said = Elements(drawn(row)).text
    assert said.startswith(f"sinds {timezone.localtime(NOW):%H:%M}") and "Nog niemand" not in said
