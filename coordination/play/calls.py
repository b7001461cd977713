"""Steps 1 to 3: she calls 112, three nights in a row, and the police help her up each time."""

from typing import Any

from coordination.play import words
from coordination.play.client import Surprise, Trouble
from coordination.play.nights import PATROL
from coordination.play.scene import Scene

#: LZC knows her already, so a first triage cannot be.
TRIAGED_BEFORE = "say_how"


def first_night(scene: Scene) -> None:
    """Who she is and what is wrong is typed once, here."""
    centre, at = scene.cast.meldkamer, scene.nights[0]
    told = {
        "patient": scene.person.told() | {"own_huisarts": scene.cast.huisarts.organisation},
        "contact": _call(scene, 0),
        "triage": {"urgency": "U4", "complaint": words.COMPLAINT, "system": "NTS"},
    }
    try:
        answer = centre.client.post("cases", told)
    except Surprise as surprise:
        if surprise.code != TRIAGED_BEFORE:
            raise
        raise Trouble(
            "Deze mevrouw is al eens gespeeld. Kies een ander getal voor --seed."
        ) from surprise
    scene.case, scene.reference = answer["id"], answer["reference"]
    _heard(scene, answer)
    what = f"{words.NIGHTS[0]} Vraagt wie zij is en wat er is: {scene.reference}."
    scene.tell(0, centre, what, at)
    scene.teller.owner(centre.name)
    _police(scene, 0, words.POLICE)
    scene.tell(0, centre, "De politie helpt haar overeind; dat staat er nu bij.", at + PATROL)


def second_night(scene: Scene) -> None:
    _recognised(scene, 1, step=0)
    _police(scene, 1, words.POLICE)
    at = scene.nights[1] + PATROL
    scene.tell(0, scene.cast.meldkamer, "De politie helpt haar weer overeind.", at)


def third_call(scene: Scene) -> None:
    """1: the third call is known as the third while she is still on the line."""
    _recognised(scene, 2, step=1)
    centre = scene.cast.meldkamer
    told = {"how": "supplemented", "alarm_signals": ["second_contact"], "code": "C1"}
    scene.add(centre, "triage", told)
    what = "Vult de triage aan: alarmsignaal herhaald contact. C1."
    scene.tell(1, centre, what, scene.nights[2])


def police(scene: Scene) -> None:
    """2 and 3: the police come once more, and say that it cannot go on like this."""
    centre, at = scene.cast.meldkamer, scene.nights[2]
    scene.add(centre, "notes", {"text": words.POLICE_ASKED})
    scene.tell(2, centre, "Vraagt de politie haar overeind te helpen.", at)
    _police(scene, 2, words.POLICE_AGAIN)
    what = "Agent belt terug: “dit kan zo niet langer”. Bij dezelfde casus."
    scene.tell(3, centre, what, at + PATROL)


def _call(scene: Scene, night: int) -> dict[str, Any]:
    return {
        "kind": "call",
        "asked_by": "citizen",
        "caller": "mevrouw zelf",
        "callback": scene.person.telephone,
        "text": f"{words.NIGHTS[night]} {words.COMPLAINT}",
        "occurred_at": scene.nights[night].isoformat(),
    }


def _recognised(scene: Scene, night: int, *, step: int) -> None:
    """Her number is known: the centralist asks whether it is her, and types nothing again."""
    centre, at = scene.cast.meldkamer, scene.nights[night]
    known = centre.client.post("callers", {"telephone": scene.person.telephone})["callers"]
    if len(known) != 1:
        raise Surprise(f"{len(known)} mensen zijn bekend met dit nummer, verwacht: 1")
    what = f"{words.NIGHTS[night]} Het nummer is bekend: “{known[0]['label']}?” Ja."
    scene.tell(step, centre, what, at)
    said = {"patient": {"recognised": known[0]["id"]}, "contact": _call(scene, night)}
    answer = centre.client.post("cases", said)
    if answer["id"] != scene.case:
        raise Surprise(f"een tweede casus, {answer['reference']}, naast {scene.reference}")
    _heard(scene, answer)
    count = scene.signals[-1].get("contacts", 1)
    scene.teller.tell(step, "LZC", f"Meldt meteen: {count}e contact in 72 uur, zelfde persoon.", at)


def _heard(scene: Scene, answer: dict[str, Any]) -> None:
    scene.outcomes.append(answer["outcome"])
    found = [signal for signal in answer["signals"] if signal["code"] == "recurrence"]
    scene.signals.append(found[0] if found else {})


def _police(scene: Scene, night: int, text: str) -> None:
    """What a third party saw and did; the police get no dossier."""
    seen = {
        "kind": "observation",
        "caller": "politie",
        "text": text,
        "occurred_at": (scene.nights[night] + PATROL).isoformat(),
        "outcomes": ["police_lift"],
    }
    scene.add(scene.cast.meldkamer, "contacts", seen)
