"""How far a figure may be believed, by its age, its kind of care and what was declared of it."""

import pytest

from lzc.freshness import CALL_FIRST, LEVELS, freshness
from lzc.policy import Rules, merged

HOUR = 60.0


@pytest.mark.parametrize(
    ("hours", "level"),
    [(0, "fresh"), (4, "fresh"), (4.1, "ageing"), (8.1, "old"), (12, "old"), (12.1, "unknown")],
)
def test_a_figure_about_beds_ages_over_the_day(hours: float, level: str):
    assert freshness(hours * HOUR, care_type="elv_laag", rules=Rules()) == level


def test_what_nobody_ever_said_is_unknown():
    assert freshness(None, care_type="elv_laag", rules=Rules()) == "unknown"


def test_what_was_declared_to_hold_does_not_age_until_then():
    said = {"care_type": "elv_laag", "rules": Rules()}
    assert freshness(20 * HOUR, true_until=1.0, **said) == "fresh"
    assert freshness(20 * HOUR, true_until=0.0, **said) == "unknown"
    assert freshness(20 * HOUR, true_until=-5.0, **said) == "unknown"


@pytest.mark.parametrize(
    ("hours", "into_shift", "level"),
    [(1, 2, "fresh"), (6, 7, "fresh"), (3, 1, "ageing"), (3, 2.5, "old"), (13, 1, "unknown")],
)
def test_a_team_is_confirmed_once_per_shift(hours: float, into_shift: float, level: str):
    told = freshness(
        hours * HOUR, care_type="wijkverpleging", rules=Rules(), shift_minutes=into_shift * HOUR
    )
    assert told == level


def test_a_region_decides_per_kind_of_care():
    rules = merged([{"freshness": {"elv_laag": {"fresh": 60}}, "old_minutes": 300}])
    assert freshness(61, care_type="elv_laag", rules=rules) == "ageing"
    assert freshness(61, care_type="elv_hoog", rules=rules) == "fresh"
    assert freshness(301, care_type="elv_laag", rules=rules) == "old"
    assert freshness(16, care_type="seh", rules=rules) == "ageing"


def test_what_is_old_or_unknown_is_called_about_first():
    assert {*LEVELS[2:]} == CALL_FIRST
