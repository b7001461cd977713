"""What an urgency means for the work. It is entered, never computed."""

import pytest

from triage.urgency import CARE_WITHIN_MINUTES, Urgency, is_life_threatening, may_be_matched


@pytest.mark.parametrize("urgency", Urgency)
def test_every_urgency_says_within_what_time(urgency):
    assert urgency in CARE_WITHIN_MINUTES


def test_less_urgent_never_means_sooner():
    minutes = [m for m in CARE_WITHIN_MINUTES.values() if m is not None]
    assert minutes == sorted(minutes)


@pytest.mark.parametrize(
    ("urgency", "physician", "matched"),
    [
        ("U0", "", False),
        ("U0", "dr. Bakker", False),
        ("U1", "dr. Bakker", False),
        ("U2", "", False),
        ("U2", "dr. Bakker", True),
        ("U3", "", True),
        ("U4", "", True),
        ("U5", "", True),
        ("", "dr. Bakker", False),
    ],
)
def test_nothing_is_matched_under_a_life_threat_nor_a_u2_no_physician_saw(
    urgency, physician, matched
):
    assert may_be_matched(urgency, physician) is matched


def test_only_u0_and_u1_threaten_life():
    assert [u for u in Urgency if is_life_threatening(u)] == ["U0", "U1"]
