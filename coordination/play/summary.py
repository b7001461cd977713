"""What came of the night, fetched over the API by the last owner, and checked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from coordination.play.scene import Scene, unknown

OWNERS = 5
PROVIDED = (("provider", "assigned_at"), ("provider", "started_at"))

#: Ended and begun in one transaction, each written at its own microsecond.
AT_ONCE = timedelta(seconds=1)


def _follows(before: dict[str, Any], after: dict[str, Any]) -> bool:
    gap = datetime.fromisoformat(after["since"]) - datetime.fromisoformat(before["until"])
    return timedelta() <= gap < AT_ONCE


class Summary:
    def __init__(self, scene: Scene) -> None:
        self.scene, self.cast = scene, scene.cast
        self.case = scene.read(scene.cast.huisarts)
        #: Each request with its offers, as the desk that looked for it knows it.
        self.requests = [
            part.client.get(f"requests/{request['id']}")
            for request in self.case["requests"]
            for part in (self.cast.zorgcentrale, self.cast.zcc)
            if part.desk == request["desk"]["id"]
        ]

    def checks(self) -> list[tuple[str, str]]:
        """Sentence, and what is wrong with it: empty when it is so."""
        found: list[Callable[[], tuple[str, str]]] = [
            self.one_case,
            self.recognised,
            self.owners,
            self.told_once,
            self.one_form,
            self.transitions,
            self.in_bed,
        ]
        return [check() for check in found]

    def one_case(self) -> tuple[str, str]:
        calls = [c for c in self.case["contacts"] if c["kind"] == "call"]
        joined = self.scene.outcomes == ["registered", "joined", "joined"]
        wrong = "" if joined and len(calls) == 3 else f"{self.scene.outcomes}, {len(calls)} calls"
        return f"1 casus voor {len(calls)} telefoontjes: {self.case['reference']}.", wrong

    def recognised(self) -> tuple[str, str]:
        told = [signal.get("contacts", 1) for signal in self.scene.signals]
        person = [signal.get("person", 1) for signal in self.scene.signals]
        wrong = "" if told == person == [1, 2, 3] else f"contacten {told}, zelfde persoon {person}"
        return "Het derde telefoontje werd aan de lijn herkend als het derde in 72 uur.", wrong

    def owners(self) -> tuple[str, str]:
        owners = self.case["owners"]
        names = [owner["organisation"]["name"] for owner in owners]
        unbroken = all(_follows(a, b) for a, b in pairwise(owners))
        last = bool(owners) and owners[-1]["until"] is None
        right = len(set(names)) == len(names) == OWNERS and unbroken and last
        wrong = "" if right else f"{len(names)} eigenaren, aaneengesloten: {unbroken and last}"
        return f"{len(names)} eigenaren, steeds één tegelijk: {' → '.join(names)}.", wrong

    def told_once(self) -> tuple[str, str]:
        again = self.case["reentries"]
        empty = self.scene.missing + unknown(self.case)
        wrong = f"opnieuw gevraagd: {again}, leeg: {empty}" if again or empty else ""
        return f"{again} keer opnieuw gevraagd wat al bekend was.", wrong

    def one_form(self) -> tuple[str, str]:
        sent = self.cast.huisarts.client.sent
        forms = [path for path in sent if not path.startswith("handovers/")]
        asked = [a for a in self.case["assessments"] if a["chosen"] == "elv_laag"]
        wrong = "" if len(forms) == len(asked) == 1 else f"formulieren: {forms}"
        return f"De huisarts vulde {len(forms)} formulier in en belde niemand.", wrong

    def transitions(self) -> tuple[str, str]:
        """Who and when, of everything that changed something."""
        moves = [
            (row[who], row[when])
            for rows, pairs in self._moments()
            for row in rows
            for who, when in pairs
        ]
        missing = [move for move in moves if not all(move)]
        wrong = f"{len(missing)} zonder wie of wanneer" if missing or not moves else ""
        return f"{len(moves)} overgangen, elk met wie en wanneer.", wrong

    def _moments(self) -> list[tuple[list[Any], list[tuple[str, str]]]]:
        case = self.case
        offers = [offer for request in self.requests for offer in request["offers"]]
        taken = [offer for offer in offers if offer["read_back_at"]]
        return [
            (case["contacts"], [("by", "registered_at")]),
            (case["triage"], [("by", "at")]),
            (case["assessments"], [("by", "at")]),
            (case["notes"], [("by", "at")]),
            (case["owners"], [("organisation", "since")]),
            (case["handovers"], [("offered_by", "offered_at"), ("answered_by", "answered_at")]),
            (
                self.requests,
                [
                    ("requester", "submitted_at"),
                    ("provider", "assigned_at"),
                    ("provider", "started_at"),
                ],
            ),
            (offers, [("unit", "visible_from"), ("unit", "answered_at")]),
            (taken, [("unit", "read_back_at"), ("unit", "started_at")]),
        ]

    def in_bed(self) -> tuple[str, str]:
        stays = [r for r in self.requests if r["kind"] == "placement"]
        offers = [o for r in stays for o in r["offers"]]
        states = sorted(offer["state"] for offer in offers)
        there = next((o for o in offers if o["state"] == "started"), None)
        right = (
            len(stays) == 1 and stays[0]["state"] == "started" and states == ["declined", "started"]
        )
        name = there["unit"]["name"] if there else "nergens"
        return f"Opgenomen: {name}.", "" if right else f"aanvragen {len(stays)}, aanbod {states}"
