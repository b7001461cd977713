"""Short lists that people choose from in a case: no free words where a code is counted. Pure."""

from enum import StrEnum


class AlarmSignal(StrEnum):
    """What makes one think, whatever the complaint."""

    SECOND_CONTACT = "second_contact"  # called before
    FAST_DETERIORATION = "fast_deterioration"
    SEVERE_PAIN = "severe_pain"
    UNREST = "unrest"
    GUT_FEELING = "gut_feeling"  # niet-pluis
    NO_CARER = "no_carer"  # nobody to look after them


class Ended(StrEnum):
    """Why a case is closed, or care no longer sought."""

    CARE_STARTED = "care_started"
    ADVICE = "advice"  # advice was enough
    HOME_WITH_CARE = "home_with_care"
    HOSPITAL = "hospital"
    NONE_IN_TIME = "none_in_time"
    PATIENT_DECLINES = "patient_declines"
    CHANGED = "changed"
    DUPLICATE = "duplicate"
    DIED = "died"
    WITHDRAWN = "withdrawn"
