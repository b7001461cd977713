"""Evening, night, weekend and Dutch public holidays, on the Dutch wall clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lzc.hours import answer_before, is_anw
from lzc.policy import Rules

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
RULES = Rules()


def anw(text: str) -> bool:
    return is_anw(datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM), RULES)


@pytest.mark.parametrize(
    ("moment", "is_it"),
    [
        ("2026-11-24T07:59", True),  # a Tuesday
        ("2026-11-24T08:00", False),
        ("2026-11-24T16:59", False),
        ("2026-11-24T17:00", True),
        ("2026-11-28T12:00", True),  # Saturday
        ("2026-11-29T12:00", True),  # Sunday
        ("2026-11-30T12:00", False),
    ],
)
def test_office_hours_are_from_eight_to_five_on_weekdays(moment, is_it):
    assert anw(moment) is is_it


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01",
        "2026-04-06",  # Easter Monday
        "2026-04-27",  # Koningsdag
        "2026-05-14",  # Ascension
        "2026-05-25",  # Whit Monday
        "2026-12-25",
        "2029-04-27",
        "2025-04-26",  # the 27th is a Sunday
    ],
)
def test_a_dutch_public_holiday_is_like_a_sunday(day):
    assert anw(f"{day}T12:00")


@pytest.mark.parametrize("day", ["2026-04-03", "2027-03-26"])
def test_good_friday_is_a_day_of_work(day):
    assert not anw(f"{day}T12:00")


@pytest.mark.parametrize("day", ["2026-05-05", "2026-12-24", "2026-11-11"])
def test_a_day_many_people_are_off_is_not_yet_a_public_holiday(day):
    """Liberation Day is one every five years: 2025, 2030."""
    assert not anw(f"{day}T12:00")


def test_it_is_judged_on_the_dutch_clock_whatever_zone_it_comes_in():
    """16:30 in London is 17:30 in Zwolle."""
    london = datetime(2026, 11, 24, 16, 30, tzinfo=ZoneInfo("Europe/London"))
    assert is_anw(london, RULES)
    assert is_anw(london.astimezone(UTC), RULES)


def test_new_year_begins_at_midnight_in_zwolle():
    """In UTC it is still New Year's Eve, 2026; that Thursday the 31st is no holiday."""
    assert is_anw(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), RULES)


@pytest.mark.parametrize(
    ("evening", "hours"),
    [
        ("2026-10-24", 15),  # the clock goes back: the night lasts an hour longer
        ("2027-03-27", 15),
        ("2026-11-24", 15),
    ],
)
def test_a_night_is_anw_from_five_to_eight_also_when_the_clock_changes(evening, hours):
    start = datetime.fromisoformat(f"{evening}T17:00").replace(tzinfo=AMSTERDAM)
    wall = [start + timedelta(minutes=15 * n) for n in range(hours * 4)]
    assert all(is_anw(moment, RULES) for moment in wall)


@pytest.mark.parametrize(
    ("day", "lasted"), [("2026-10-25", 10), ("2027-03-28", 8), ("2026-11-25", 9)]
)
def test_the_hours_of_a_night_shift_are_counted_in_utc(day, lasted):
    """Python's own subtraction says nine hours for all three."""
    until = datetime.fromisoformat(f"{day}T07:00").replace(tzinfo=AMSTERDAM)
    since = (until - timedelta(days=1)).replace(hour=22)
    assert until - since == timedelta(hours=9)
    assert until.astimezone(UTC) - since.astimezone(UTC) == timedelta(hours=lasted)


def test_a_region_sets_its_own_hours():
    late = Rules(anw_from_hour=18, anw_until_hour=7)
    at = datetime(2026, 11, 24, 17, 30, tzinfo=AMSTERDAM)
    assert is_anw(at, RULES)
    assert not is_anw(at, late)
    assert not is_anw(at.replace(hour=7), late)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("2026-11-23T10:00+01:00", "2026-11-23T12:00+01:00"),  # a Monday at work
        ("2026-11-23T07:30+01:00", "2026-11-23T10:00+01:00"),
        ("2026-11-23T17:00+01:00", "2026-11-24T10:00+01:00"),
        ("2026-11-23T15:00+01:00", "2026-11-23T17:00+01:00"),
        ("2026-11-27T16:30+01:00", "2026-11-30T09:30+01:00"),  # half an hour, and the rest
        ("2026-11-27T22:00+01:00", "2026-11-30T10:00+01:00"),  # over the weekend
        ("2026-12-24T18:00+01:00", "2026-12-28T10:00+01:00"),  # over Christmas
        (
            "2026-10-24T12:00+02:00",
            "2026-10-26T10:00+01:00",
        ),  # over a night with an hour more
        ("2026-03-28T12:00+01:00", "2026-03-30T10:00+02:00"),  # and one with an hour less
    ],
)
def test_what_can_wait_is_answered_in_working_hours(asked, answered):
    said = answer_before(datetime.fromisoformat(asked), "U5", Rules())
    assert said == datetime.fromisoformat(answered)


@pytest.mark.parametrize(("urgency", "minutes"), [("U2", 5), ("U3", 15), ("U4", 45)])
def test_what_cannot_wait_is_answered_at_any_hour(urgency, minutes):
    night = datetime.fromisoformat("2026-11-28T02:00+01:00")
    assert answer_before(night, urgency, Rules()) - night == timedelta(minutes=minutes)


def test_a_desk_that_never_opens_is_no_endless_search():
    """Rules in which no hour is a working hour must not hang whoever asks."""
    never = Rules(anw_from_hour=8, anw_until_hour=8)
    night = datetime.fromisoformat("2026-11-28T02:00+01:00")
    assert answer_before(night, "U5", never) > night
