"""How the stories are told: people who speak with LZC over its public API, and with nothing else.

A deadline is waited for by moving it: that, and a look into the access log, go beside the API.
"""

import json
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import F

from coordination.models import Offer
from lzc.models import AccessRecord, Action
from tests.api.programs import Program, browser_of, refused, system_of, told
from tests.cast import Cast, Person

SBAR = {
    "situation": "Derde val in drie nachten, komt niet zelf overeind.",
    "background": "Woont alleen, kinderen ver weg.",
    "assessment": "Stabiel, helder.",
    "recommendation": "Vannacht hulp, morgen de huisarts.",
}
READ_BACK = {"read_back": "Valt elke nacht, woont alleen; wij nemen het over."}
NEED = "Kan niet zelf naar bed of toilet; hulp bij elke transfer."
#: Told once, at the first call, and known to everybody who gives care after that.
CORE = ("name", "birth_date", "address", "telephone")


class Party:
    """Somebody of the cast, with the system they work with."""

    def __init__(self, person: Person, program: Program | None = None) -> None:
        self.person = person
        self._given = program
        self.organisation = str(person.house.pk)
        self.desk = str(person.house.desk.pk) if person.house.desk else ""
        self._heard = 0

    @cached_property
    def program(self) -> Program:
        return self._given or system_of(self.person)

    def says(self, path: str, body: Any = None) -> Any:
        """It is done; what LZC answers to it."""
        response = self.program.post(path, body)
        assert response.status_code in (200, 201), response.content.decode()
        return response.json()

    def sees(self, path: str) -> Any:
        return told(self.program.get(path))

    def reads(self, path: str) -> str:
        """The very text that leaves the building."""
        return json.dumps(self.sees(path), ensure_ascii=False)

    def is_refused(self, path: str, code: str, body: Any = None, *, status: int = 409) -> str:
        """Nothing is done; the sentence that says why and what to do."""
        response = self.program.post(path, body)
        problem = refused(response, status, code, response.json().get("field"))
        return str(problem["detail_en"])

    def sees_nothing_at(self, *paths: str) -> None:
        """To this one it does not exist."""
        for path in paths:
            refused(self.program.get(path), 404, "not_found")

    def hears(self) -> list[str]:
        """What this one has heard since it last listened, oldest first."""
        heard: list[str] = []
        while True:
            answer = self.sees(f"events?after={self._heard}")
            self._heard = answer["last"]
            heard += [event["type"] for event in answer["results"]]
            if not answer["results"]:
                return heard

    def looked_at(self, patient: str) -> list[str]:
        """What its organisation is written down to have done with this patient, oldest first."""
        records = AccessRecord.objects.filter(
            organisation=self.organisation, patients__contains=[UUID(patient)]
        )
        return list(records.order_by("at").values_list("action", flat=True))

    def was_turned_away(self, subject: str) -> bool:
        """That somebody tried is worth knowing too."""
        tries = AccessRecord.objects.filter(
            organisation=self.organisation, action=Action.REFUSED, subject=subject
        )
        return tries.exists()


class Story:
    """One region, the people in it, and the steps that many stories have."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.meldkamer = Party(cast.centralist)
        self.hap = Party(cast.triagist)
        self.zcc = Party(cast.coordinator)
        self.nurse = Party(cast.nurse)
        self.huisarts = Party(cast.huisarts)
        self.linde = Party(cast.planner)
        self.wilg = Party(cast.other_planner)
        self.stranger = Party(cast.stranger)
        self.ward, self.other_ward, self.team = (
            str(unit.pk) for unit in (cast.ward, cast.other_ward, cast.team)
        )

    def at_work(self, person: Person) -> Party:
        """A person by name, logged in; not the system of the house."""
        return Party(person, browser_of(person))

    def somebody(self) -> dict[str, Any]:
        """A patient nobody has heard of yet."""
        who = self.cast.patient()
        return {
            "bsn": who.bsn,
            "name": who.name,
            "birth_date": str(who.birth_date),
            "sex": "female",
            "address": who.address,
            "postcode": who.postcode,
            "telephone": who.telephone,
            "own_huisarts": str(who.own_huisarts),
        }

    def taken_in(self, by: Party, *, urgency: str = "U3", **more: Any) -> Any:
        """A professional tells of a patient; triaged at once."""
        body = {
            "patient": self.somebody(),
            "contact": {"asked_by": "professional", "text": "Gevallen bij het opstaan."},
            "triage": {"urgency": urgency, "complaint": "Gevallen, komt niet overeind."},
        }
        return by.says("cases", body | more)

    def a_request(self, by: Party | None = None, **more: Any) -> tuple[str, str]:
        """The huisarts asks the zorgcentrale for an ELV bed: the case, and the request."""
        asks = by or self.huisarts
        case = self.taken_in(asks)["id"]
        body = {"care_types": ["elv_laag"], "need": NEED, "desk": self.zcc.desk}
        return case, asks.says(f"cases/{case}/requests", body | more)["id"]

    def frees(self, by: Party, unit: str, count: int = 1) -> None:
        by.says(f"units/{unit}/places", {"count": count})

    def offered(self, request: str, unit: str, by: Party | None = None) -> str:
        made = (by or self.zcc).says(f"requests/{request}/offers", {"unit": unit})
        return str(made["id"])

    def assigned(self, request: str, unit: str, to: Party) -> str:
        """Offered, promised and assigned: the offer."""
        offer = self.offered(request, unit)
        to.says(f"offers/{offer}/accept")
        self.zcc.says(f"offers/{offer}/assign", {"sbar": SBAR})
        return offer

    def handed_over(self, case: str, giver: Party, taker: Party) -> str:
        made = giver.says(f"cases/{case}/handovers", {"to_desk": taker.desk, "sbar": SBAR})
        taker.says(f"handovers/{made['id']}/accept", READ_BACK)
        return str(made["id"])

    def places(self, unit: str) -> dict[str, int]:
        """Free, held and occupied now, as everybody in the region may see."""
        counts = self.stranger.sees(f"units/{unit}/capacity")
        return {name: counts[name] for name in ("free", "held", "occupied")}


def counts(*, free: int = 0, held: int = 0, occupied: int = 0) -> dict[str, int]:
    return {"free": free, "held": held, "occupied": occupied}


def let_time_pass(offer: str, **time: float) -> None:
    """So much time goes by for this offer: its moments move back."""
    gone = timedelta(**time)
    Offer.objects.filter(pk=offer).update(
        answer_before=F("answer_before") - gone, promised_until=F("promised_until") - gone
    )
