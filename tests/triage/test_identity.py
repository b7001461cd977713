"""Recognising a person, and hiding one. No database."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.identity import (
    LONGEST_ADDRESS_KEY,
    LONGEST_PERSON_KEY,
    address_key,
    age,
    age_band,
    clean_bsn,
    clean_postcode,
    clean_telephone,
    folded,
    person_key,
    written_postcode,
)
from triage.models import Patient

BORN = date(1942, 3, 14)


@pytest.mark.parametrize("written", ["999900006", "9999.00.006", "9999 00 006"])
def test_a_bsn_is_read_as_people_write_it(written):
    assert clean_bsn(written) == "999900006"


def test_eight_digits_have_lost_their_leading_zero():
    digits = "10000008"
    assert clean_bsn(digits) == clean_bsn(f"0{digits}") == f"0{digits}"


@pytest.mark.parametrize(
    "written",
    ["000000000", "00000000", "999900007", "99990000", "9999000060", "", "99990000a", "٩٩٩٩٠٠٠٠٦"],
)
def test_what_is_no_bsn_is_refused(written):
    assert clean_bsn(written) is None


@pytest.mark.parametrize(
    ("written", "clean"),
    [("8017 ab", "8017AB"), (" 8017AB ", "8017AB"), ("8017", "8017"), ("9999zz", "9999ZZ")],
)
def test_a_postcode_has_one_spelling(written, clean):
    assert clean_postcode(written) == clean


@pytest.mark.parametrize(("kept", "read"), [("8017AB", "8017 AB"), ("8017", "8017"), ("", "")])
def test_a_postcode_is_read_as_it_stands_on_a_letter(kept, read):
    assert written_postcode(kept) == read


@pytest.mark.parametrize(
    ("known", "read"),
    [
        (("Brink 21", "7772DA", "Hardenberg"), "Brink 21, 7772 DA Hardenberg"),
        (("", "7411", "Deventer"), "7411 Deventer"),
        (("Brink 21", "", ""), "Brink 21"),
        (("", "", ""), ""),
    ],
)
def test_where_somebody_lives_is_told_as_far_as_it_is_known(known, read):
    address, postcode, town = known
    assert Patient(address=address, postcode=postcode, town=town).home() == read


@pytest.mark.parametrize(
    "written", ["0817AB", "801AB", "8017A", "8017ABC", "AB8017", "", "8017 A B"]
)
def test_what_is_no_postcode_is_refused(written):
    assert clean_postcode(written) is None


@pytest.mark.parametrize(
    "written", ["0612345678", "06 1234 5678", "06-12345678", "+31 6 12345678", "0031612345678"]
)
def test_a_telephone_number_has_one_spelling(written):
    assert clean_telephone(written) == "0612345678"


def test_names_are_the_same_without_case_accents_and_dots():
    assert folded("Mw. P. de  Vriës") == folded("mw p DE vries") == "mwpdevries"
    assert person_key("P. Pietersen", BORN) == person_key("p pietersen", BORN)


@given(st.text())
def test_folding_leaves_letters_and_digits_without_case_and_accents(text):
    """Whichever way it was written, plain letters included: the quick way is the same way."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    assert folded(text) == "".join(c for c in plain if c.isalnum())


def test_a_person_is_not_known_by_half():
    assert person_key("P. Pietersen", None) == person_key("", BORN) == person_key("?", BORN) == ""
    assert person_key("P. Pietersen", BORN) != person_key("P. Pietersen", date(1942, 3, 15))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kerkstraat 12", "Kerkstraat  12 "),
        ("Kerkstraat 12a", "Kerkstraat 12 A"),
        ("Kerkstraat 12-a", "Kerkstr. 12a"),
        ("Kerkstraat 12-3", "Kerkstraat 12 3"),
        ("1e Kruisstraat 5 bis", "Eerste Kruisstraat 5BIS"),
    ],
)
def test_two_spellings_of_one_house(one, other):
    assert address_key("8017AB", one) == address_key("8017AB", other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kerkstraat 12-3", "Kerkstraat 14-3"),
        ("Kerkstraat 12-3", "Kerkstraat 123"),
        ("Kerkstraat 12", "Kerkstraat 12a"),
        ("Plein 1940-1945 7", "Plein 1940-1945 8"),
    ],
)
def test_neighbours_do_not_live_in_the_same_house(one, other):
    assert address_key("8017AB", one) != address_key("8017AB", other)


@pytest.mark.parametrize(
    ("postcode", "address"),
    [("8017", "Kerkstraat 12"), ("", "Kerkstraat 12"), ("8017AB", "Kerkstraat"), ("8017AB", "")],
)
def test_a_street_is_not_a_house(postcode, address):
    assert address_key(postcode, address) == ""


#: One letter that stands for eighteen; the longest name that a form takes.
LONG = "\ufdfa" * 120


def test_a_name_that_grows_still_finds_its_person():
    key = person_key(LONG, BORN)
    assert len(key) <= LONGEST_PERSON_KEY
    assert key == person_key(f" {LONG}.", BORN)
    assert len({key, person_key(LONG[:-1], BORN), person_key(LONG, date(1942, 3, 15))}) == 3


@pytest.mark.parametrize("street", ["Kerkstraat 1", "Kerkstraat 12 \ufdfa", "Dijk 007 b"])
def test_a_house_number_that_goes_on_still_finds_its_house(street):
    one = street.replace("1", "1" * 90).replace("7", "7" * 90)
    key = address_key("8017AB", one)
    assert len(key) <= LONGEST_ADDRESS_KEY
    assert key == address_key("8017AB", one.replace("K", "Grote K").replace("D", "Lage D"))
    assert key != address_key("8017AB", one.replace("1", "1" * 2).replace("7", "7" * 2))
    assert key != address_key("8017AC", one)


@pytest.mark.parametrize(
    ("born", "today", "years"),
    [
        (BORN, date(2026, 3, 13), 83),
        (BORN, date(2026, 3, 14), 84),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
        (date(2026, 3, 1), date(2026, 3, 1), 0),
    ],
)
def test_somebody_is_a_year_older_on_their_birthday(born, today, years):
    assert age(born, today) == years


@pytest.mark.parametrize(
    ("estimated", "band"),
    [(0, "0-4"), (4, "0-4"), (5, "5-9"), (84, "80-84"), (94, "90-94"), (95, "95+"), (130, "95+")],
)
def test_a_band_is_five_years_wide_and_open_at_the_end(estimated, band):
    assert age_band(None, estimated, date(2026, 1, 1)) == band


def test_the_birth_date_goes_before_the_estimate():
    assert age_band(BORN, 20, date(2026, 3, 14)) == "80-84"


def test_an_unknown_age_has_no_band():
    assert age_band(None, None, date(2026, 1, 1)) == ""
