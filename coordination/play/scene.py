"""What the steps of the night share: who plays, whose night it is, which case it became."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from coordination.play.cast import Cast, Part
from coordination.play.person import Person
from coordination.play.teller import Teller

CORE = ("name", "birth_date", "address", "telephone", "complaint")


@dataclass
class Scene:
    cast: Cast
    person: Person
    #: The moments of her three calls.
    nights: list[datetime]
    teller: Teller
    case: str = ""
    reference: str = ""
    #: What LZC answered at each of the three calls.
    outcomes: list[str] = field(default_factory=list)
    signals: list[dict[str, Any]] = field(default_factory=list)
    #: What a new owner found empty, though it had been told.
    missing: list[str] = field(default_factory=list)

    def tell(self, step: int, part: Part, what: str, at: datetime | None = None) -> None:
        self.teller.tell(step, part.name, what, at)

    def add(self, part: Part, what: str, said: dict[str, Any]) -> Any:
        """Add something to the case: a contact, a triage, a note …"""
        return part.client.post(f"cases/{self.case}/{what}", said)

    def hand_over(
        self, step: int, giver: Part, taker: Part, sbar: dict[str, str], read_back: str
    ) -> None:
        """Told in SBAR, read back; from that moment the other owns the case."""
        made = self.add(giver, "handovers", {"to_desk": taker.desk, "sbar": sbar})
        self.tell(step, giver, f"Draagt de casus over aan {taker.name}.")
        taker.client.post(f"handovers/{made['id']}/accept", {"read_back": read_back})
        self.tell(step, taker, f"Leest terug en neemt over: “{read_back}”")
        self.teller.owner(taker.name)
        self.missing += [f"{taker.name}: {item}" for item in unknown(self.read(taker))]

    def read(self, part: Part) -> dict[str, Any]:
        case: dict[str, Any] = part.client.get(f"cases/{self.case}")
        return case


def unknown(case: dict[str, Any]) -> list[str]:
    """Core items that this reader is shown empty. All of them were told in the first night."""
    told = case["patient"] | {"complaint": case["complaint"]}
    return [item for item in CORE if not told[item]]
