"""What makes the pages legible and safe: contrast, icons that exist, no script in the markup."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "lzc" / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INKS = [(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in (
    "vlak", "vlak-2", "vlak-hover", "vlak-gekozen", "grond",
)]  # fmt: skip
MEANINGS = ("goed", "let", "kritiek", "info")
TEXT = [
    *INKS,
    *((m, f"{m}-vlak") for m in MEANINGS),
    *((m, ground) for m in MEANINGS for ground in ("vlak", "vlak-gekozen")),
    *((ink, f"{m}-vlak") for m in MEANINGS for ink in ("ink", "ink-2")),
    *(("merk", ground) for ground in ("vlak", "grond", "vlak-hover")),
    ("merk-op", "merk"),
    ("merk-op", "merk-donker"),
    ("merk-donker", "merk-zacht"),
    ("ink", "merk-zacht"),
    ("kritiek-op", "kritiek-knop"),
    ("balk-ink", "balk"),
    ("balk-ink-2", "balk"),
    ("balk-ink", "balk-vlak"),
    ("balk-ink-2", "balk-vlak"),
]
EDGE = [
    *(("lijn-sterk", ground) for ground in ("vlak", "vlak-2", "grond")),
    *((f"{m}-vol", "vlak") for m in MEANINGS),
    ("merk", "vlak"),
    ("focus", "vlak"),
    ("focus", "grond"),
]


def tokens(side: int) -> dict[str, str]:
    """The colours of light (0) or night (1) as they stand in tokens.css."""
    css = (STATIC / "css" / "tokens.css").read_text()
    pairs = re.findall(r"--zc-([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", css)
    return {name: sides[side] for name, *sides in pairs}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5


@pytest.mark.parametrize("side", [0, 1], ids=["light", "night"])
def test_text_and_edges_have_enough_contrast(side: int) -> None:
    colours = tokens(side)
    weak = [
        (one, other, round(ratio, 2))
        for pairs, least in ((TEXT, 4.5), (EDGE, 3.0))
        for one, other in pairs
        if (ratio := contrast(colours[one], colours[other])) < least
    ]
    assert not weak


def test_every_icon_on_a_page_is_in_the_sprite() -> None:
    sprite = set((STATIC / "icons.txt").read_text().split())
    asked = re.compile(r'{% icon "([\w-]+)"|(?:icon|submit_icon)\|default:"([\w-]+)"')
    used = {a or b for page in TEMPLATES for a, b in asked.findall(page.read_text())}
    assert used and used <= sprite


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: page.name)
def test_a_page_has_no_script_or_style_in_its_markup(page: Path) -> None:
    markup = page.read_text()
    assert not re.findall(r"\s(?:style|on\w+|hx-on[\w:-]*|hx-vals|hx-vars|hx-headers)=", markup)
    assert "<style" not in markup and "javascript:" not in markup and "js:" not in markup
    for script in re.findall(r"<script[^>]*>", markup):
        assert "src=" in script and 'nonce="{{ request.csp_nonce }}"' in script


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda page: page.name)
def test_a_live_section_can_be_found_again_and_is_trusted(page: Path) -> None:
    for tag in re.findall(
        r"<\w+[^<]*hx-(?:get|post)=[^<]*?>", page.read_text().replace("}}>", "}} >")
    ):
        assert " id=" in tag and 'hx-nonce="{{ request.csp_nonce }}"' in tag, tag
        assert 'hx-swap="outerMorph"' in tag and 'hx-sync="this:replace"' in tag, tag


def test_every_form_that_changes_something_is_protected() -> None:
    for page in TEMPLATES:
        for form in re.findall(r'<form[^>]*method="post".*?</form>', page.read_text(), re.S):
            assert "{% csrf_token %}" in form, (page.name, form[:80])
