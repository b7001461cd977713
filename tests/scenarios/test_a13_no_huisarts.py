"""A-13: his wife is in hospital, he cannot do without her, and no huisarts knows him."""

from typing import Any

import pytest

from capacity.models import CareUnit
from lzc.models import Action
from lzc.rights import OrganisationKind, Role
from tests.api.programs import refused
from tests.cast import House
from tests.scenarios.telling import SBAR, Party, Story

ANSWERS = {
    "life_threat": False,
    "physician_saw": True,
    "specialist": False,
    "psychiatry": False,
    "safe_home": False,
    "wlz": False,
    "wlz_soon": False,
    "medical": False,
}


class Municipality:
    """Wmo: a place where somebody may stay for some nights."""

    def __init__(self, story: Story) -> None:
        house = House(OrganisationKind.GEMEENTE, "Gemeente", story.cast.subregion, has_desk=False)
        self.party = Party(story.cast.person(house.saved(), Role.PLANNER))
        self.unit = str(story.cast.unit(house, "respijt", "Respijthuis").pk)
        story.frees(self.party, self.unit)


@pytest.fixture
def gemeente(story: Story) -> Municipality:
    return Municipality(story)


def asked(story: Story, **more: Any) -> tuple[str, str]:
    """The HAP saw him; there is no own huisarts."""
    who = {k: v for k, v in story.somebody().items() if k != "own_huisarts"} | {"sex": "male"}
    case = story.taken_in(story.hap, patient=who)["id"]
    body = {"care_types": ["respijt"], "need": "Partner ligt in het ziekenhuis.", **more}
    body["desk"] = story.zcc.desk
    return case, story.hap.says(f"cases/{case}/requests", body)["id"]


def proposed(story: Story, **answers: bool) -> str:
    aid = story.hap.sees("decision-aid")
    body = {"version": aid["version"], "answers": ANSWERS | answers}
    case = story.taken_in(story.hap)["id"]
    for outcome in ("respijt", "elv_laag"):
        said = {**body, "outcome": outcome, "chosen": outcome}
        request = {"care_types": [outcome], "need": "Hulp.", "desk": story.zcc.desk}
        sent = story.hap.program.post(
            f"cases/{case}/requests", {**request, "assessment": said, "draft": True}
        )
        if sent.status_code == 201:
            return outcome
    raise AssertionError(sent.content)


def test_question_7b_decides_between_respite_and_a_medical_stay(story: Story) -> None:
    further = {"rehabilitation": False, "terminal": False, "complex": False, "return_home": True}
    assert proposed(story, carer=False) == "respijt"
    assert proposed(story, carer=True, **further) == "elv_laag"


def test_without_a_huisarts_somebody_must_treat_where_a_huisarts_is_needed(story: Story) -> None:
    CareUnit.objects.filter(pk=story.ward).update(main_practitioner="huisarts")
    story.frees(story.linde, story.ward)
    _, request = asked(story, care_types=["elv_laag"], who_treats="none")
    (found,) = story.zcc.sees(f"requests/{request}/candidates")["candidates"]
    assert "who_treats" in found["remarks"]
    offer = story.offered(request, story.ward)
    story.linde.says(f"offers/{offer}/accept")
    story.zcc.is_refused(f"offers/{offer}/assign", "who_treats", {"sbar": SBAR})
    story.zcc.says(f"requests/{request}/amend", {"who_treats": "specialist"})
    story.zcc.says(f"offers/{offer}/assign", {"sbar": SBAR})


def test_the_municipality_serves_and_never_sees_a_record_or_a_bsn(
    story: Story, gemeente: Municipality
) -> None:
    case, request = asked(story)
    offer = story.offered(request, gemeente.unit)
    gemeente.party.says(f"offers/{offer}/accept")
    number = story.zcc.sees(f"cases/{case}")["patient"]["bsn"]
    spaced = f"{number[:4]}.{number[4:7]}.{number[7:]}"
    for told in (number, spaced, spaced.replace(".", "\u00a0")):
        sbar = SBAR | {"background": f"Woont alleen, BSN {told}."}
        answer = story.zcc.program.post(f"offers/{offer}/assign", {"sbar": sbar})
        refused(answer, 422, "reveals_bsn", "sbar.background")
    story.zcc.says(f"offers/{offer}/assign", {"sbar": SBAR})

    told = gemeente.party.sees(f"offers/{offer}")
    assert told["sbar"]["recommendation"] == SBAR["recommendation"]
    assert told["case"] is None
    gemeente.party.sees_nothing_at(f"cases/{case}", f"requests/{request}")
    mine = "".join(map(gemeente.party.reads, ("requests", "events?after=0", f"offers/{offer}")))
    who = story.zcc.sees(f"cases/{case}")["patient"]
    for secret in (who["bsn"], who["name"], who["telephone"], case, request):
        assert secret not in mine
    gemeente.party.says(f"offers/{offer}/read_back", {"read_back": "Drie nachten bij ons."})
    gemeente.party.says(f"offers/{offer}/start")
    assert story.hap.sees(f"requests/{request}")["state"] == "started"
    # What happened since does not let it in after all.
    story.zcc.says(f"cases/{case}/notes", {"text": "Dochter is gebeld."})
    gemeente.party.sees_nothing_at(f"cases/{case}")
    gemeente.party.says(f"offers/{offer}/complete")
    # The handover is what it saw of him, and it read that twice.
    assert gemeente.party.looked_at(who["id"]) == [Action.READ] * 2
    assert "offer.completed" in gemeente.party.hears()


def test_nor_does_it_read_a_bsn_when_it_is_booked(story: Story, gemeente: Municipality) -> None:
    case, request = asked(story)
    CareUnit.objects.filter(pk=gemeente.unit).update(direct_booking=True)
    number = story.zcc.sees(f"cases/{case}")["patient"]["bsn"]
    book = {"unit": gemeente.unit, "sbar": SBAR | {"situation": f"Alleen thuis ({number})."}}
    answer = story.zcc.program.post(f"requests/{request}/book", book)
    refused(answer, 422, "reveals_bsn", "sbar.situation")
    story.zcc.says(f"requests/{request}/book", book | {"sbar": SBAR})
    assert number not in gemeente.party.reads("offers")
    assert case not in gemeente.party.reads("events?after=0")


def test_the_municipality_that_cannot_after_all_says_so(
    story: Story, gemeente: Municipality
) -> None:
    case, request = asked(story)
    offer = story.offered(request, gemeente.unit)
    gemeente.party.says(f"offers/{offer}/accept")
    story.zcc.says(f"offers/{offer}/assign", {"sbar": SBAR})
    gemeente.party.says(f"offers/{offer}/fail", {"reason": "no_staff"})
    assert story.zcc.sees(f"requests/{request}")["state"] == "searching"
    assert gemeente.party.looked_at(story.zcc.sees(f"cases/{case}")["patient"]["id"]) == []


def test_the_municipality_cannot_ask_who_waits(story: Story, gemeente: Municipality) -> None:
    asking = Party(story.cast.person(gemeente.party.person.house, Role.HUISARTS))
    asked = {"bsn": story.somebody()["bsn"]}
    assert story.huisarts.says("open-request", asked)["open"] is False
    refused(asking.program.post("open-request", asked), 403, "no_records", None)
