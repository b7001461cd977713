"""The first stage of an offer shows no person, whatever somebody typed."""

from datetime import date

import pytest

from coordination.disclosure import has_bsn, reveals

WHO = {
    "name": "P. Pietersen-O'Neill",
    "birth_date": date(1942, 3, 14),
    "address": "Assendorperstraat 12-3",
    "telephone": "0612345678",
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Mevrouw Pietersen valt steeds.", "name"),
        ("mw. PIËTERSEN valt steeds", "name"),
        ("mw. Pie\u0308tersen valt steeds", "name"),
        ("_pietersen_ valt", "name"),
        ("Neill valt", "name"),
        ("Woont in de assendorperstraat", "address"),
        ("Bel haar op 06-12345678", "telephone"),
        ("Bel +31 6 1234 5678", "telephone"),
        ("Bel (06) 12.34.56.78", "telephone"),
        ("Geboren 14-03-1942", "birth_date"),
        ("geb. 14-3-1942", "birth_date"),
        ("geb. 14/3/42", "birth_date"),
        ("geb. 14.03.1942", "birth_date"),
        ("geb. 1942-03-14", "birth_date"),
        ("geb. 14031942", "birth_date"),
        ("geb. 14 maart 1942", "birth_date"),
        ("born 14 march 1942", "birth_date"),
        ("BSN 999900006", "bsn"),
        ("9999.00.006", "bsn"),
        ("9999 00 006", "bsn"),
        ("9999\u00a000\u00a0006", "bsn"),
        ("9999\u200b00006", "bsn"),
        ("9999\u201100\u00b7006", "bsn"),
        ("９９９９00006", "bsn"),
        ("Pieter\u00adsen valt", "name"),
        ("Pieter\u200bsen valt", "name"),
        ("Pietersens dochter belde", "name"),
        ("Woont in de Assendorper straat", "address"),
        ("Assendorperstr. 12", "address"),
        ("Assendorperstr12", "address"),
        ("geb. 14 maart \u201942", "birth_date"),
        ("geb. 14\u00b703\u00b71942", "birth_date"),
        ("geb. 03/14/1942", "birth_date"),
    ],
)
def test_a_line_that_tells_who_it_is(text, told):
    assert reveals(text, **WHO) == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Valt steeds, komt niet zelf overeind. Twee keer per dag hulp nodig.",
        "Tot 14 maart hulp, daarna naar huis.",
        "Zuurstof 2 l, bloeddruk 142/80, om 14.30 medicatie.",
        "Heup 31-12-2025 geopereerd.",
        "Geen lift; 3 trappen.",
    ],
)
def test_a_line_about_care_tells_nobody(text):
    assert reveals(text, **WHO) is None


def test_of_somebody_unknown_nothing_can_be_told():
    unknown = {"name": "", "birth_date": None, "address": "", "telephone": ""}
    assert reveals("Verwarde man op het station, geen papieren.", **unknown) is None


def test_a_short_name_is_a_word_of_the_language_too():
    assert reveals("Zij is ad rem, bos achter huis.", **(WHO | {"name": "Ad Bos"})) is None


BOS = WHO | {"name": "Mevrouw J. de Bos", "address": "Lei 3"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Dhr. Bos kan niet staan", "name"),
        ("dhr. bos kan niet staan", "name"),
        ("meneer de bos kan niet staan", "name"),
        ("mw J. de bos valt", "name"),
        ("Bos valt steeds", "name"),
        ("Woont op Lei 3", "address"),
        ("woont lei nr. 3", "address"),
        ("lei, 3", "address"),
    ],
)
def test_a_short_name_and_a_short_street_tell_it_too(text, told):
    assert reveals(text, **BOS) == told


@pytest.mark.parametrize(
    "text",
    [
        "Mevrouw kan niet staan.",
        "Meneer is gevallen; de heer des huizes is er niet.",
        "De wond op de rug; zij loopt in het bos achter huis.",
        "Aan de lei 34 km verderop",
        "lei",
    ],
)
def test_how_somebody_is_addressed_tells_nobody(text):
    assert reveals(text, **BOS) is None


def test_of_a_name_before_the_comma_the_family_name_counts():
    assert reveals("dhr. Ven valt", **(WHO | {"name": "Ven, Jan van der"})) == "name"


@pytest.mark.parametrize("day", ["24-12-2026", "12.12.2026", "08/01/2027", "2027-01-21"])
def test_a_date_is_no_bsn(day: str) -> None:
    assert not has_bsn(f"Blijft tot {day}.")
