"""The pieces of the played night that need no server."""

from datetime import datetime, timedelta
from random import Random

import pytest

from coordination.play.nights import PATROL, nights
from coordination.play.person import PC4, somebody
from lzc.hours import AMSTERDAM
from lzc.policy import Rules
from triage.identity import clean_postcode


@pytest.mark.parametrize(
    "now",
    [
        "2026-11-22T03:00",
        "2026-11-22T03:18",
        "2026-11-22T03:41",
        "2026-11-22T03:43",
        "2026-11-22T12:00",
        "2026-11-22T23:59",
        "2026-03-29T01:59",  # the clock goes forward
        "2026-03-29T12:00",
        "2026-10-25T02:30",  # the clock goes back
        "2026-10-26T03:30",
    ],
)
def test_the_three_nights_lie_in_the_past_and_count_as_one_recurrence(now: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=AMSTERDAM)
    first, second, third = (night.timestamp() for night in nights(moment))
    assert first < second < third < third + PATROL.total_seconds() < moment.timestamp()
    assert third - first < Rules().recurrence_hours * 3600
    assert moment.timestamp() - third < timedelta(hours=25).total_seconds()
    assert {night.astimezone(AMSTERDAM).hour for night in nights(moment)} == {3}


def test_each_night_is_somebody_elses() -> None:
    people = {somebody(Random(seed)) for seed in range(500)}
    assert len({(p.name, p.birth_date, p.address, p.postcode) for p in people}) == 500


def test_the_same_seed_is_the_same_person() -> None:
    assert somebody(Random(7)) == somebody(Random(7))


def test_she_lives_in_the_demo_and_has_no_number_of_the_state() -> None:
    person = somebody(Random(1))
    assert clean_postcode(person.postcode) == person.postcode
    assert person.postcode.startswith(str(PC4))
    assert "bsn" not in person.told()
