"""The night of mevrouw Pietersen over REST: five owners, and she tells her story once."""

from typing import Any

from tests.api.programs import intake, told
from tests.cast import Cast

SBAR = {"situation": "Derde val in drie nachten.", "recommendation": "Vannacht hulp thuis."}
CORE = ("name", "birth_date", "address", "telephone")
UNDERSTOOD = {"read_back": "Valt elke nacht; wij gaan er nu heen."}


def hand_over(giver: Any, taker: Any, case: str, to: Any) -> None:
    made = told(
        giver.post(f"cases/{case}/handovers", {"to_desk": str(to.desk.pk), "sbar": SBAR}), 201
    )
    (waiting,) = told(taker.get("handovers"))["results"]
    assert (waiting["id"], waiting["sbar"]["situation"]) == (made["id"], SBAR["situation"])
    taken = told(taker.post(f"handovers/{made['id']}/accept", UNDERSTOOD))
    assert (taken["state"], taken["owner"]) == ("accepted", str(to.desk.pk))


def place(desk: Any, house: Any, request: str, unit: Any) -> str:
    """Found, offered, promised, assigned, read back, begun."""
    told(house.post(f"units/{unit.pk}/places", {"count": 1}), 201)
    found = told(desk.get(f"requests/{request}/candidates"))
    assert str(unit.pk) in [candidate["unit"]["id"] for candidate in found["candidates"]]
    offer = told(desk.post(f"requests/{request}/offers", {"unit": str(unit.pk)}), 201)["id"]
    assert told(house.get("offers"))["results"][0]["id"] == offer
    told(house.post(f"offers/{offer}/ask", {"question": "Kan zij staan?"}))
    told(desk.post(f"offers/{offer}/reply", {"reply": "Met hulp van een."}))
    promised = told(house.post(f"offers/{offer}/accept"))
    assert promised["state"] == "accepted" and promised["promised_until"]
    told(desk.post(f"offers/{offer}/assign", {"sbar": SBAR}))
    assert told(house.get(f"offers/{offer}"))["sbar"]["situation"] == SBAR["situation"]
    told(house.post(f"offers/{offer}/read_back", UNDERSTOOD))
    return str(offer)


def test_the_night(cast: Cast, systems: Any) -> None:
    s = systems
    said = intake(cast.patient(), triage={"urgency": "U3", "complaint": "Gevallen"})
    bsn = {"patient": {"bsn": said["patient"]["bsn"]}, "contact": {"asked_by": "citizen"}}
    first = told(s.centralist.post("cases", said), 201)
    assert (first["outcome"], first["signals"]) == ("registered", [])
    case = first["id"]
    told(s.centralist.post("cases", bsn), 201)
    third = told(s.centralist.post("cases", bsn), 201)
    assert (third["outcome"], third["id"]) == ("joined", case)
    assert third["signals"] == [
        {
            "code": "recurrence",
            "contacts": 3,
            "hours": 72,
            "person": 3,
            "address": 3,
            "suggests": "second_contact",
        }
    ]
    signal = {"how": "supplemented", "alarm_signals": ["second_contact"]}
    told(s.centralist.post(f"cases/{case}/triage", signal), 201)
    hand_over(s.centralist, s.triagist, case, cast.triagist)
    told(s.triagist.post(f"cases/{case}/triage", {"how": "taken_over"}), 201)
    hand_over(s.triagist, s.coordinator, case, cast.coordinator)

    visit = {"care_types": ["wijkverpleging"], "need": "Valt steeds, niet zelf overeind."}
    asked = told(s.coordinator.post(f"cases/{case}/requests", visit), 201)["id"]
    offer = place(s.coordinator, s.nurse, asked, cast.team)
    told(s.nurse.post(f"offers/{offer}/depart"))
    assert told(s.nurse.post(f"offers/{offer}/start"))["state"] == "started"
    told(s.nurse.post(f"cases/{case}/report", {"findings": "Heup pijnlijk."}), 201)
    hand_over(s.coordinator, s.nurse, case, cast.nurse)
    told(s.nurse.post(f"offers/{offer}/complete"))
    hand_over(s.nurse, s.huisarts, case, cast.huisarts)

    bed = {
        "care_types": ["elv_laag"],
        "need": "Heupkneuzing, kan niet zelf naar bed of toilet.",
        "desk": str(cast.coordinator.desk.pk),
    }
    asked = told(s.huisarts.post(f"cases/{case}/requests", bed), 201)["id"]
    told(s.coordinator.post(f"requests/{asked}/take"))
    offer = place(s.coordinator, s.planner, asked, cast.ward)
    assert told(s.planner.post(f"offers/{offer}/start"))["state"] == "started"
    assert told(s.huisarts.get(f"requests/{asked}"))["state"] == "started"
    _her_story_was_told_once(said, told(s.planner.get(f"cases/{case}")), cast)


def _her_story_was_told_once(said: Any, shown: Any, cast: Cast) -> None:
    desks = [cast.centralist, cast.triagist, cast.coordinator, cast.nurse, cast.huisarts]
    assert [part["desk"]["id"] for part in shown["owners"]] == [str(d.desk.pk) for d in desks]
    assert [part["until"] is None for part in shown["owners"]] == [False] * 4 + [True]
    assert all(shown["patient"][item] == said["patient"][item] for item in CORE)
    assert (shown["complaint"], shown["urgency"]) == ("Gevallen", "U3")
    assert shown["reentries"] == 0
    assert [record["how"] for record in shown["triage"]] == ["taken_over", "supplemented", "new"]
    assert shown["signals"][0]["contacts"] == 3
    assert all(contact["by"] for contact in shown["contacts"])
    assert all(record["by"] for record in shown["triage"])
