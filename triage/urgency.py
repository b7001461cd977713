"""The urgency scale U0–U5: what it means for the work, never how it is found. Pure.

Urgency is entered or imported. LZC does not derive it: that is a professional's judgement, and
the content of the triage systems is licensed.
"""

from enum import StrEnum


class Urgency(StrEnum):
    U0 = "U0"  # loss of vital functions
    U1 = "U1"  # life-threatening, at once
    U2 = "U2"  # threat to vital functions or organs: within the hour
    U3 = "U3"  # real chance of harm: within hours
    U4 = "U4"  # negligible chance of harm: within a day
    U5 = "U5"  # no chance of harm: advice, next working day


LIFE_THREATENING = frozenset({Urgency.U0, Urgency.U1})

#: Minutes within which care should have started; none: the next working day.
CARE_WITHIN_MINUTES: dict[Urgency, int | None] = {
    Urgency.U0: 0,
    Urgency.U1: 15,
    Urgency.U2: 60,
    Urgency.U3: 240,
    Urgency.U4: 1440,
    Urgency.U5: None,
}


def is_life_threatening(urgency: str) -> bool:
    return urgency in LIFE_THREATENING


def may_be_matched(urgency: str, physician: str) -> bool:
    """U0 and U1 belong with 112; U2 waits until a physician has confirmed that it may be placed."""
    if not urgency or urgency in LIFE_THREATENING:
        return False
    return urgency != Urgency.U2 or bool(physician)


class AlarmSignal(StrEnum):
    """What makes one think, whatever the complaint."""

    SECOND_CONTACT = "second_contact"  # called before
    FAST_DETERIORATION = "fast_deterioration"
    SEVERE_PAIN = "severe_pain"
    UNREST = "unrest"
    GUT_FEELING = "gut_feeling"  # niet-pluis
    NO_CARER = "no_carer"  # nobody to look after them
