"""Steps 4 to 12: from desk to desk, to a team at night and a bed the next day."""

from datetime import datetime
from typing import Any

from coordination.play import words
from coordination.play.cast import Part
from coordination.play.client import Surprise, Trouble
from coordination.play.scene import Scene
from lzc.hours import AMSTERDAM, shift_end

VISIT, STAY = "wijkverpleging", "elv_laag"


def capacity(scene: Scene) -> None:
    """The demo's places may be of another day: the planners say how it is now."""
    cast, end = scene.cast, shift_end(datetime.now(AMSTERDAM)).isoformat()
    for part, care, said in (
        (cast.team, VISIT, {"free": 2, "valid_until": end}),
        (cast.house_full, STAY, {"free": 1}),
        (cast.house, STAY, {"free": 2}),
    ):
        unit = _unit(part, care)
        part.client.put(f"units/{unit['id']}/capacity", said)
        scene.tell(0, part, f"Meldt wat er vrij is: {said['free']}.")


def _unit(part: Part, care: str) -> dict[str, Any]:
    """One that comes, or admits, at any hour: the night can be played by day."""
    found = [unit for unit in part.units(care) if unit["admits_from"] is None]
    if not found:
        raise Trouble(f"{part.name} heeft niets voor {care}. Begin met een nieuwe demo.")
    return found[0]


def to_hap(scene: Scene) -> None:
    """4 and 5: handed over and read back; the triage is supplemented, not done again."""
    hap = scene.cast.hap
    scene.hand_over(4, scene.cast.meldkamer, hap, words.TO_HAP, words.HAP_READS_BACK)
    scene.add(hap, "triage", words.HAP_ADDS)
    scene.tell(5, hap, "Leest de triage en vult aan: U3, geen mantelzorger.")


def to_zorgcentrale(scene: Scene) -> None:
    """6: the same case, another owner."""
    sbar, back = words.TO_ZORGCENTRALE, words.ZORGCENTRALE_READS_BACK
    scene.hand_over(6, scene.cast.hap, scene.cast.zorgcentrale, sbar, back)


def team_found(scene: Scene) -> str:
    """7: who covers her postcode, is at work and can be there soon. Answers the offer's id."""
    desk, team = scene.cast.zorgcentrale, scene.cast.team
    asked = {
        "care_types": [VISIT],
        "need": words.VISIT_NEED,
        "requirements": ["transfer_1"],
        "desk": desk.desk,
    }
    request = scene.add(desk, "requests", asked)["id"]
    offer = _offered(scene, 7, desk, request, team, VISIT)
    _move(team, offer, "accept")
    scene.tell(7, team, "Zegt toe: het team kan komen.")
    desk.client.post(f"offers/{offer}/assign", {"sbar": words.TO_TEAM})
    scene.tell(7, desk, "Wijst toe; pas nu ziet het team wie het is.")
    scene.hand_over(7, desk, team, words.TO_TEAM, words.TEAM_READS_BACK)
    return offer


def visit(scene: Scene, offer: str) -> None:
    """8: on the way, on site, findings, done."""
    team = scene.cast.team
    team.client.post(f"offers/{offer}/read_back", {"read_back": words.TEAM_READS_BACK})
    _move(team, offer, "depart")
    scene.tell(8, team, "Onderweg.")
    _move(team, offer, "start")
    scene.tell(8, team, "Bij mevrouw binnen: de zorg is begonnen.")
    outcomes = ["ambulance_avoided", "seh_avoided"]
    scene.add(team, "report", {"findings": words.FINDINGS, "outcomes": outcomes})
    scene.tell(8, team, "Bevindingen: drukpijn heup, loopt drie passen, losse matten.")
    _move(team, offer, "complete")
    scene.tell(8, team, "Klaar voor vannacht.")


def to_huisarts(scene: Scene) -> None:
    """9: her own huisarts reads all of it in the morning."""
    sbar, back = words.TO_HUISARTS, words.HUISARTS_READS_BACK
    scene.hand_over(9, scene.cast.team, scene.cast.huisarts, sbar, back)


def form(scene: Scene) -> str:
    """10: one form, filled in by the huisarts after seeing her. Answers the request's id."""
    huisarts = scene.cast.huisarts
    asked = {
        "care_types": [STAY],
        "need": words.STAY_NEED,
        "wishes": words.STAY_WISHES,
        "requirements": ["transfer_1"],
        "desk": scene.cast.zcc.desk,
        "contact": {"kind": "visit", "text": words.VISIT_FOUND},
        "assessment": words.DECISION_AID,
    }
    request: str = scene.add(huisarts, "requests", asked)["id"]
    scene.tell(10, huisarts, "Huisbezoek. Eén formulier: bevindingen, keuzehulp, ELV gevraagd.")
    return request


def placed(scene: Scene, request: str) -> None:
    """11 and 12: two houses are asked; one cannot, one can. The huisarts does nothing."""
    desk, full, house = scene.cast.zcc, scene.cast.house_full, scene.cast.house
    refused = _offered(scene, 11, desk, request, full, STAY)
    offer = _offered(scene, 11, desk, request, house, STAY)
    reason = {"reason": "no_staff", "remark": words.HOUSE_DECLINES}
    full.client.post(f"offers/{refused}/decline", reason)
    scene.tell(11, full, "Kan niet: te weinig personeel.")
    _move(house, offer, "accept")
    scene.tell(11, house, "Zegt toe.")
    desk.client.post(f"offers/{offer}/assign", {"sbar": words.TO_HOUSE})
    scene.tell(12, desk, f"Wijst toe aan {house.name}; alleen dit huis ziet nu het dossier.")
    house.client.post(f"offers/{offer}/read_back", {"read_back": words.HOUSE_READS_BACK})
    scene.tell(12, house, f"Leest terug: “{words.HOUSE_READS_BACK}”")
    _move(house, offer, "start")
    scene.tell(12, house, f"Opgenomen: {scene.person.called}.")


def _offered(scene: Scene, step: int, desk: Part, request: str, to: Part, care: str) -> str:
    """Offer it to this organisation, where LZC ranked it. Answers the offer's id."""
    found = desk.client.get(f"requests/{request}/candidates")
    wanted = _unit(to, care)["id"]
    ranked = [candidate["unit"]["id"] for candidate in found["candidates"]]
    if wanted not in ranked:
        raise Surprise(f"{to.name} staat niet bij de kandidaten: {found['excluded']}")
    place = ranked.index(wanted)
    minutes = found["candidates"][place]["travel_minutes"]
    made = desk.client.post(f"requests/{request}/offers", {"unit": wanted})
    scene.tell(
        step,
        desk,
        f"Biedt aan zonder naam: {to.name}, plek {place + 1} van {len(ranked)}, {minutes:.0f} min.",
    )
    return str(made["id"])


def _move(part: Part, offer: str, name: str) -> None:
    part.client.post(f"offers/{offer}/{name}")
