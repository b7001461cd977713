"""The night of mevrouw Pietersen in chapters, to play as far as a test needs it."""

from datetime import UTC, datetime
from typing import Any

from coordination.play.nights import nights
from coordination.play.words import DECISION_AID
from tests.scenarios.telling import CORE, NEED, READ_BACK, SBAR, Party, Story


class Night(Story):
    """What is told of her, and what each of the five owners does."""

    def calls_112(self, number: int, person: dict[str, Any], **more: Any) -> Any:
        """Her `number`-th call. Afterwards the centralist types nothing that LZC knows."""
        contact = {
            "asked_by": "citizen",
            "caller": "mevrouw zelf",
            "callback": self.told["telephone"],
            "text": "Gevallen bij het opstaan van het toilet.",
            "occurred_at": self.moments[number].isoformat(),
        }
        return self.meldkamer.says("cases", {"patient": person, "contact": contact} | more)

    def two_calls(self) -> None:
        """The nights before this one."""
        self.told, self.moments = self.somebody(), nights(datetime.now(UTC))
        judged = {"urgency": "U4", "complaint": "Gevallen, komt niet overeind.", "system": "NTS"}
        self.first = self.calls_112(0, self.told, triage=judged)
        self.case = self.first["id"]
        (caller,) = self.meldkamer.says("callers", {"telephone": self.told["telephone"]})["callers"]
        self.known = {"recognised": caller["id"]}
        self.second = self.calls_112(1, self.known)

    def three_calls(self) -> None:
        self.two_calls()
        self.third = self.calls_112(2, self.known)
        again = {"how": "supplemented", "alarm_signals": ["second_contact"], "code": "C1"}
        self.adds(self.meldkamer, "triage", again)
        self.police()

    def police(self) -> None:
        said = {"kind": "observation", "caller": "politie", "text": "Dit kan zo niet langer."}
        self.adds(self.meldkamer, "contacts", said | {"outcomes": ["police_lift"]})

    def to_hap_and_zorgcentrale(self) -> None:
        self.handed_over(self.case, self.meldkamer, self.hap)
        self.hap_judges()
        self.handed_over(self.case, self.hap, self.zcc)

    def hap_judges(self) -> None:
        self.adds(self.hap, "triage", {"how": "supplemented", "urgency": "U3"})

    def home_care(self) -> None:
        self.frees(self.nurse, self.team)
        asked = {"care_types": ["wijkverpleging"], "need": NEED}
        request = self.adds(self.zcc, "requests", asked)["id"]
        self.visit = self.assigned(request, self.team, self.nurse)
        self.handed_over(self.case, self.zcc, self.nurse)
        self.nurse.says(f"offers/{self.visit}/read_back", READ_BACK)
        self.nurse.says(f"offers/{self.visit}/depart")
        self.nurse.says(f"offers/{self.visit}/start")
        self.adds(self.nurse, "report", {"findings": "Drukpijn rechter heup; losse matten."})
        self.nurse.says(f"offers/{self.visit}/complete")

    def the_form(self) -> None:
        self.handed_over(self.case, self.nurse, self.huisarts)
        form = {
            "care_types": ["elv_laag"],
            "need": NEED,
            "desk": self.zcc.desk,
            "contact": {"kind": "visit", "text": "Kneuzing heup, geen breuk."},
            "assessment": DECISION_AID,
        }
        self.request = self.adds(self.huisarts, "requests", form)["id"]

    def a_bed(self) -> None:
        self.frees(self.linde, self.ward)
        self.frees(self.wilg, self.other_ward)
        self.lost = self.offered(self.request, self.other_ward)
        self.offer = self.offered(self.request, self.ward)
        self.wilg.says(f"offers/{self.lost}/decline", {"reason": "no_staff"})
        self.linde.says(f"offers/{self.offer}/accept")

    def admitted(self) -> None:
        self.zcc.says(f"offers/{self.offer}/assign", {"sbar": SBAR})
        self.linde.says(f"offers/{self.offer}/read_back", READ_BACK)
        self.linde.says(f"offers/{self.offer}/start")

    def whole(self) -> None:
        self.three_calls()
        self.to_hap_and_zorgcentrale()
        self.home_care()
        self.the_form()
        self.a_bed()
        self.admitted()

    def adds(self, by: Party, what: str, said: dict[str, Any]) -> Any:
        return by.says(f"cases/{self.case}/{what}", said)

    def lacks(self, reader: Party) -> list[str]:
        """Core items that this reader is shown otherwise than they were told."""
        case = reader.sees(f"cases/{self.case}")
        known = case["patient"] | {"complaint": case["complaint"]}
        wanted = {item: self.told[item] for item in CORE}
        wanted["complaint"] = "Gevallen, komt niet overeind."
        return [item for item, value in wanted.items() if known[item] != value]
