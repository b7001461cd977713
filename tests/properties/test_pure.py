"""What must hold of the pure modules for every input, not only for those somebody thought of."""

import itertools
import string
import unicodedata
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from capacity.states import PLACE_MOVES
from coordination.disclosure import reveals
from coordination.states import HANDOVER_MOVES, OFFER_MOVES, REQUEST_MOVES
from lzc import moves
from lzc.errors import Refused
from lzc.rights import Duty
from tests.cast import test_bsn as a_bsn
from triage.identity import (
    OLDEST_BAND,
    age,
    age_band,
    clean_bsn,
    clean_postcode,
    clean_telephone,
    folded,
    person_key,
)
from triage.recurrence import PastContact, recurrence
from triage.states import CASE_MOVES

# A burgerservicenummer -------------------------------------------------------------------------

numbers = st.integers(999_900_000, 999_999_999).map(str)


@given(numbers, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number, place, by):
    wrong = str((int(number[place]) + by) % 10)
    changed = number[:place] + wrong + number[place + 1 :]
    assert not (clean_bsn(number) and clean_bsn(changed))


@given(numbers, st.integers(0, 7))
def test_two_digits_swapped_are_always_noticed(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not (clean_bsn(number) and clean_bsn(swapped))


@given(st.text(max_size=15))
def test_whatever_is_typed_is_a_bsn_of_nine_digits_or_none(text):
    clean = clean_bsn(text)
    assert clean is None or (len(clean) == 9 and clean_bsn(clean) == clean)


def test_the_numbers_of_our_casts_are_valid_new_and_from_the_range_for_tests():
    made = [a_bsn() for _ in range(50)]
    assert len(set(made)) == 50
    for bsn in made:
        assert clean_bsn(bsn) == bsn
        assert bsn.startswith("9999")


# Who is it -------------------------------------------------------------------------------------

names = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=40)


@given(names)
def test_folding_twice_changes_nothing(name):
    assert folded(folded(name)) == folded(name)


@given(names, st.dates(date(1900, 1, 1), date(2030, 1, 1)))
def test_a_person_is_the_same_however_the_name_is_spelled(name, born):
    key = person_key(name, born)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert person_key(unicodedata.normalize(form, name), born) == key
    assert person_key(f" {name}. ", born) == key


@given(st.text(max_size=20))
def test_cleaning_twice_changes_nothing(text):
    number = clean_telephone(text)
    assert clean_telephone(number) == number
    postcode = clean_postcode(text)
    assert postcode is None or clean_postcode(postcode) == postcode


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.dates(date(2026, 1, 2), date(2050, 1, 1)))
def test_a_band_holds_the_age_and_never_tells_it(born, today):
    years, band = age(born, today), age_band(born, None, today)
    if years >= OLDEST_BAND:
        assert band == f"{OLDEST_BAND}+"
        return
    low, high = map(int, band.split("-"))
    assert low <= years <= high
    assert (low % 5, high - low) == (0, 4)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 40_000))
def test_nobody_grows_younger(born, days):
    today = born + timedelta(days=days)
    assert age(born, today) <= age(born, today + timedelta(days=1)) <= age(born, today) + 1


# Heard of before -------------------------------------------------------------------------------

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
contacts = st.lists(
    st.builds(
        PastContact,
        st.integers(-200, 50).map(lambda hours: AT + timedelta(hours=hours)),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
)


@given(contacts, st.randoms(use_true_random=False))
def test_the_order_in_which_calls_were_entered_does_not_matter(past, random):
    mixed = random.sample(past, len(past))
    assert recurrence(mixed, at=AT, hours=72) == recurrence(past, at=AT, hours=72)


@given(contacts, st.integers(0, 200), st.integers(0, 100))
def test_looking_further_back_never_finds_less(past, hours, more):
    near, far = (recurrence(past, at=AT, hours=h) for h in (hours, hours + more))
    assert near.person <= far.person <= len(past) + 1
    assert near.address <= far.address <= len(past) + 1
    assert far.contacts == max(far.person, far.address) >= 1


@given(contacts, st.integers(-5000, 5000))
def test_when_it_all_happened_at_another_moment_it_counts_the_same(past, hours):
    by = timedelta(hours=hours)
    later = [PastContact(c.occurred_at + by, c.same_person, c.same_address) for c in past]
    assert recurrence(later, at=AT + by, hours=72) == recurrence(past, at=AT, hours=72)


# What may be told ------------------------------------------------------------------------------

words = st.text(string.ascii_lowercase, min_size=1, max_size=8)
surnames = st.text("abcdefghijklmnopqrstuvwxyzéëïö", min_size=4, max_size=12)
filler = st.lists(words, max_size=6).map(" ".join)
marks = st.sampled_from(["", ".", ",", "!", "'", "-", "_", "(", '"', "\u00a0"])
WHO = {"birth_date": date(1942, 3, 14), "address": "", "telephone": "0612345678"}


def spelled(number: str, gaps: list[str]) -> str:
    return "".join(digit + gap for digit, gap in itertools.zip_longest(number, gaps, fillvalue=""))


@given(surnames, filler, filler, marks, marks, st.sampled_from([str.upper, str.title, str.lower]))
def test_a_name_never_comes_through(name, before, after, left, right, form):
    for shape in ("NFC", "NFD"):
        said = unicodedata.normalize(shape, f"{before} {left}{form(name)}{right} {after}")
        assert reveals(said, name=f"M. {name}", **WHO)


@given(filler, filler, st.lists(st.sampled_from(["", "", " ", "-", ".", "/"]), max_size=10))
def test_a_telephone_number_never_comes_through(before, after, gaps):
    for number in ("0612345678", "+31612345678", "0031612345678"):
        said = f"{before} {spelled(number, gaps)} {after}"
        assert reveals(said, name="", **WHO) == "telephone"


@given(
    st.sampled_from([a_bsn() for _ in range(40)]),
    filler,
    filler,
    st.lists(st.sampled_from(["", "", " ", ".", "-"]), max_size=8),
)
def test_a_bsn_never_comes_through(bsn, before, after, gaps):
    assert reveals(f"{before} {spelled(bsn, gaps)} {after}", name="", **WHO)


@given(
    st.dates(date(1905, 1, 1), date(2025, 1, 1)),
    filler,
    st.sampled_from(["{d}-{m}-{y}", "{d:02}-{m:02}-{y}", "{d}/{m}/{s:02}", "{y}-{m:02}-{d:02}"]),
    st.sampled_from(["-", "/", ".", " ", " - "]),
)
def test_a_birth_date_never_comes_through(born, before, shape, gap):
    said = shape.format(d=born.day, m=born.month, y=born.year, s=born.year % 100)
    said = said.replace("-", gap).replace("/", gap)
    assert reveals(f"{before} {said} x", **(WHO | {"birth_date": born, "name": ""}))


# The tables ------------------------------------------------------------------------------------

TABLES = [CASE_MOVES, REQUEST_MOVES, OFFER_MOVES, HANDOVER_MOVES, PLACE_MOVES]
SIDES = sorted({side for table in TABLES for m in table.values() for side in m.by} - {"clock"})
STATES = sorted({state for table in TABLES for m in table.values() for state in m.sources})


@given(
    st.sampled_from(TABLES),
    st.sampled_from(STATES),
    st.sets(st.sampled_from(SIDES)),
    st.sets(st.sampled_from(list(Duty))),
)
def test_a_button_is_shown_if_and_only_if_it_would_work(table, state, sides, duties):
    works = []
    for name in table:
        try:
            moves.check(table, name, state=state, sides=sides, duties=duties)
        except Refused:
            continue
        works.append(name)
    assert works == moves.open_to(table, state=state, sides=sides, duties=duties)


@given(
    st.sampled_from(TABLES),
    st.sampled_from(STATES),
    st.sets(st.sampled_from(SIDES)),
    st.sets(st.sampled_from(list(Duty))),
    st.sampled_from(SIDES),
    st.sampled_from(list(Duty)),
)
def test_more_rights_never_mean_fewer_moves(table, state, sides, duties, side, duty):
    some = moves.open_to(table, state=state, sides=sides, duties=duties)
    more = moves.open_to(table, state=state, sides={*sides, side}, duties={*duties, duty})
    assert set(some) <= set(more)
