"""The same person or address, again. No database, no clock."""

from datetime import UTC, datetime, timedelta

from triage.recurrence import PastContact, recurrence

NOW = datetime(2026, 11, 22, 3, 40, tzinfo=UTC)


def ago(hours: float, *, person: bool = True, address: bool = True) -> PastContact:
    return PastContact(NOW - timedelta(hours=hours), person, address)


def heard(*past: PastContact, at: datetime = NOW):
    return recurrence(past, at=at, hours=72)


def test_a_first_call_is_no_alarm():
    first = heard()
    assert (first.person, first.address, first.contacts, first.is_alarm) == (1, 1, 1, False)


def test_the_third_call_in_three_nights_is_the_third():
    third = heard(ago(48), ago(24))
    assert third.contacts == 3
    assert third.is_alarm


def test_the_second_call_is_already_an_alarm_signal():
    assert heard(ago(1)).is_alarm


def test_what_happened_longer_ago_does_not_count():
    assert heard(ago(72.01)).contacts == 1
    assert heard(ago(72)).contacts == 2


def test_a_call_that_was_still_to_come_does_not_count():
    """Entered afterwards: the call of last night, while tonight's is known already."""
    last_night = NOW - timedelta(hours=24)
    assert heard(ago(0), ago(48), at=last_night).contacts == 2


def test_somebody_else_at_this_address_counts_for_the_address():
    couple = heard(ago(10, person=False), ago(20, person=False))
    assert (couple.person, couple.address, couple.contacts) == (1, 3, 3)


def test_the_same_person_elsewhere_counts_for_the_person():
    moved = heard(ago(10, address=False))
    assert (moved.person, moved.address, moved.contacts) == (2, 1, 2)


def test_an_hour_is_an_hour_in_the_night_the_clock_goes_back():
    """On the wall clock these are 72 hours apart; it was 73."""
    since = datetime(2026, 10, 23, 0, 30, tzinfo=UTC)
    assert (
        recurrence(
            [PastContact(since, True, True)], at=since + timedelta(hours=73), hours=72
        ).contacts
        == 1
    )
