"""What a door learned, as it hands it to the verbs of intake and triage."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from triage.gateway import Known
from triage.identity import clean_telephone
from triage.models import Contact, Patient

#: What a judgement consists of.
JUDGED = (
    "urgency",
    "complaint",
    "system",
    "code",
    "abcde",
    "alarm_signals",
    "treatment_limits",
    "physician",
)


@dataclass
class PatientIn:
    """What a door learned of the patient. All of it may be unknown: that is normal."""

    bsn: str = ""
    no_bsn: str = ""
    foreign_id: str = ""
    name: str = ""
    birth_date: Any = None
    estimated_age: int | None = None
    sex: str = Patient.Sex.UNKNOWN
    address: str = ""
    postcode: str = ""
    town: str = ""
    telephone: str = ""
    access_notes: str = ""
    own_huisarts: UUID | None = None
    #: Whom the desk recognised by the number of the caller (`callers`), after asking them.
    recognised: UUID | None = None

    def __post_init__(self) -> None:
        self.telephone = clean_telephone(self.telephone)

    def known(self, callback: str = "") -> Known:
        return Known(
            self.bsn,
            self.name,
            self.birth_date,
            self.address,
            self.postcode,
            clean_telephone(callback),
            self.recognised,
        )


@dataclass
class TriageIn:
    """A judgement as a door received it. Empty: taken over from the one before."""

    urgency: str = ""
    how: str = ""
    #: The number of the judgement that was read before this one was made; 0 when there was none.
    #: None: not told, as by who judges without having read.
    after: int | None = None
    reason: str = ""
    complaint: str = ""
    system: str = ""
    code: str = ""
    abcde: dict[str, Any] = field(default_factory=dict)
    alarm_signals: list[str] = field(default_factory=list)
    treatment_limits: str = ""
    physician: str = ""


@dataclass
class ContactIn:
    kind: str = Contact.Kind.CALL
    asked_by: str = Contact.AskedBy.PROFESSIONAL
    caller: str = ""
    callback: str = ""
    text: str = ""
    occurred_at: datetime | None = None
    external_ref: str = ""
    outcomes: list[str] = field(default_factory=list)
