"""Nobody is told who it is before being chosen, nor after: words that may not be read elsewhere."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from coordination import handovers, services
from coordination.handovers import Sbar
from coordination.models import Offer
from lzc.models import AccessRecord, Action, Event, IdempotencyKey
from tests.api.addresses import READS
from tests.api.programs import Program, intake, refused, system_of, told
from tests.cast import Cast
from tests.paths import a_place

TELLING = {
    "name": "Kanarievogel",
    "birth_date": "1931-05-17",
    "address": "Volièrestraat 77",
    "telephone": "0687654321",
    "access_notes": "sleutel onder de zwaan",
    "complaint": "mussenplaag",
    "contact": "roodborst gehoord",
    "note": "merelnest",
    "situation": "ooievaar",
    "read_back": "kievitsei",
}


@dataclass
class Scene:
    ids: dict[str, UUID]
    bsn: str
    reference: str

    def words(self) -> list[str]:
        return [*TELLING.values(), self.bsn, self.reference, str(self.ids["case"])]


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """Two houses were asked for a patient of whom everything is known."""
    body = intake(cast.patient())
    body["patient"] |= {n: TELLING[n] for n in ("name", "birth_date", "address", "telephone")}
    body["patient"]["access_notes"] = TELLING["access_notes"]
    body["contact"]["text"] = TELLING["contact"]
    body["triage"]["complaint"] = TELLING["complaint"]
    body["request"] = {
        "care_types": ["elv_laag"],
        "need": "Kan niet zelf naar bed.",
        "desk": str(cast.coordinator.desk.pk),
    }
    made = told(system_of(cast.huisarts).post("cases", body), 201)
    case, request = UUID(made["id"]), UUID(made["request"]["id"])
    cast.huisarts.does(handovers.note, case, text=TELLING["note"])
    handed = cast.huisarts.does(
        handovers.hand_over,
        case,
        to_desk=cast.triagist.desk,
        sbar=Sbar(situation=TELLING["situation"], recommendation="x"),
    )
    a_place(cast)
    a_place(cast, cast.other_ward, cast.other_planner)
    offer = cast.coordinator.does(services.offer, request, unit_id=cast.ward.pk)
    other = cast.coordinator.does(services.offer, request, unit_id=cast.other_ward.pk)
    cast.planner.does(services.accept, offer.pk)
    cast.other_planner.does(services.accept, other.pk)
    ids = {
        "case": case,
        "request": request,
        "offer": offer.pk,
        "other": other.pk,
        "handover": handed.pk,
        "unit": cast.ward.pk,
    }
    return Scene(ids, body["patient"]["bsn"], made["reference"])


def all_that_is_read(system: Program, scene: Scene) -> str:
    """Everything this system can read, through every address there is."""
    read = []
    for address in READS:
        for offer in ("offer", "other"):
            ids = scene.ids | {"offer": scene.ids[offer]}
            answer = system.get(address.path(ids))
            assert answer.status_code in (200, 404), f"{address}: {answer.content!r}"
            read += [answer.content.decode(), str(answer.headers)]
    for state in ("assigned", "started", "withdrawn", "completed", "declined"):
        read.append(system.get(f"offers?state={state}").content.decode())
    return "\n".join(read)


def leaked(text: str, scene: Scene) -> list[str]:
    return [word for word in scene.words() if word in text]


def assigned(cast: Cast, scene: Scene) -> None:
    sbar = {"situation": TELLING["situation"], "recommendation": "Twee weken herstel."}
    path = f"offers/{scene.ids['offer']}"
    told(system_of(cast.coordinator).post(f"{path}/assign", {"sbar": sbar}))
    said = {"read_back": TELLING["read_back"]}
    told(system_of(cast.planner).post(f"{path}/read_back", said))


OUTSIDE = ["planner", "other_planner", "nurse", "stranger", "adviser", "centralist"]


@pytest.mark.parametrize("who", OUTSIDE)
def test_before_one_is_chosen_nobody_is_told_who_it_is(cast: Cast, scene: Scene, who: str) -> None:
    assert leaked(all_that_is_read(system_of(getattr(cast, who)), scene), scene) == []


@pytest.mark.parametrize("who", ["other_planner", "nurse", "stranger", "adviser", "centralist"])
def test_the_ones_not_chosen_are_never_told(cast: Cast, scene: Scene, who: str) -> None:
    assigned(cast, scene)
    assert leaked(all_that_is_read(system_of(getattr(cast, who)), scene), scene) == []


@pytest.mark.parametrize("who", ["huisarts", "coordinator", "triagist"])
def test_whoever_has_a_part_in_it_is_told_all(cast: Cast, scene: Scene, who: str) -> None:
    """The words are really there: else the tests above would be true of nothing."""
    read = all_that_is_read(system_of(getattr(cast, who)), scene)
    assert set(leaked(read, scene)) == {*scene.words()} - {TELLING["read_back"]}


def test_the_one_that_is_chosen_is_told_all(cast: Cast, scene: Scene) -> None:
    assigned(cast, scene)
    read = all_that_is_read(system_of(cast.planner), scene)
    assert set(leaked(read, scene)) == {*scene.words()}


@pytest.mark.parametrize("how", ["withdraw", "complete"])
def test_and_no_longer_than_it_gives_the_care(cast: Cast, scene: Scene, how: str) -> None:
    assigned(cast, scene)
    desk, house, path = system_of(cast.coordinator), system_of(cast.planner), scene.ids["offer"]
    if how == "withdraw":
        told(desk.post(f"offers/{path}/withdraw"))
    else:
        told(house.post(f"offers/{path}/start"))
        told(house.post(f"offers/{path}/complete"))
    # Facts of then stay in the log, and they name the case by its id alone.
    left = [*leaked(all_that_is_read(house, scene), scene)]
    assert [word for word in left if word != str(scene.ids["case"])] == []


def test_the_first_stage_of_an_offer(cast: Cast, scene: Scene) -> None:
    offer = told(system_of(cast.planner).get(f"offers/{scene.ids['offer']}"))
    assert (offer["request"], offer["case"], offer["sbar"]) == (None, None, None)
    assert set(offer["profile"]) == {
        "age_band", "sex", "pc4", "town", "kind", "care_types", "urgency", "needed_by", "need",
        "requirements", "wishes",
    }  # fmt: skip
    assert offer["moves"] == ["fail"]


def test_what_a_program_is_answered_when_it_does_something_names_nobody(
    cast: Cast, scene: Scene
) -> None:
    """Answers to a POST are kept with their key: they hold no word about a person."""
    assigned(cast, scene)
    kept = "\n".join(IdempotencyKey.objects.exclude(body=None).values_list("body", flat=True))
    allowed = {str(scene.ids["case"]), scene.reference}
    assert set(leaked(kept, scene)) <= allowed


def test_every_answer_with_a_person_in_it_was_written_down(cast: Cast, scene: Scene) -> None:
    system = system_of(cast.huisarts)
    actor = told(system.get("me"))["id"]
    for address in READS:
        before = AccessRecord.objects.filter(actor=actor).exclude(action=Action.REFUSED).count()
        answer = system.get(address.path(scene.ids))
        if answer.status_code != 200 or TELLING["name"] not in answer.content.decode():
            continue
        records = AccessRecord.objects.filter(actor=actor).exclude(action=Action.REFUSED)
        newest = records.order_by("-at", "-pk")[0]
        assert records.count() > before, str(address)
        assert newest.door and newest.patients and newest.access_point == "127.0.0.1"


def test_a_refusal_is_written_down_too(cast: Cast, scene: Scene) -> None:
    system = system_of(cast.stranger)
    actor = told(system.get("me"))["id"]
    system.get(f"cases/{scene.ids['case']}")
    (record,) = AccessRecord.objects.filter(actor=actor, action=Action.REFUSED)
    assert record.door == "GET /api/v1/cases/{case_id}"
    assert record.subject == f"case:{scene.ids['case']}"
    assert record.detail == "not_found"


def test_what_somebody_asks_the_triage_is_not_theirs_to_change(cast: Cast, scene: Scene) -> None:
    """A provider that was chosen reads all of it, and judges nothing."""
    assigned(cast, scene)
    answer = system_of(cast.planner).post(f"cases/{scene.ids['case']}/triage", {"urgency": "U5"})
    refused(answer, 403, "not_yours")


def test_what_is_over_is_no_longer_told_to_the_house_that_was_asked(
    cast: Cast, scene: Scene
) -> None:
    assigned(cast, scene)  # the other house falls away
    path = f"offers/{scene.ids['other']}"
    told_now = told(system_of(cast.other_planner).get(path))
    assert (told_now["state"], told_now["profile"], told_now["reply"]) == ("withdrawn", None, "")
    listed = told(system_of(cast.other_planner).get("offers?state=withdrawn"))["results"]
    assert [row["profile"] for row in listed] == [None]
    for asks in (cast.coordinator, cast.huisarts):
        assert told(system_of(asks).get(path))["profile"]["need"] == "Kan niet zelf naar bed."
    assert told(system_of(cast.planner).get(f"offers/{scene.ids['offer']}"))["profile"]


def test_what_came_too_late_is_over_before_anybody_swept(cast: Cast, scene: Scene) -> None:
    row = Offer.objects.filter(pk=scene.ids["offer"])
    row.update(state="sent", answer_before=timezone.now() - timedelta(minutes=1))
    shown = told(system_of(cast.planner).get(f"offers/{scene.ids['offer']}"))
    assert shown["profile"] is None and "accept" not in shown["moves"]


def test_two_units_of_one_house_are_not_told_that_it_is_the_same_patient(
    cast: Cast, scene: Scene
) -> None:
    facts = Event.objects.filter(type__startswith="offer.", subject=scene.ids["offer"])
    assert {name for fact in facts for name in fact.ids} == {"unit"}
