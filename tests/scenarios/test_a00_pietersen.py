"""A-00: the night of mevrouw Pietersen. Three calls, five owners, one case, told once."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.scenarios.night import Night
from tests.scenarios.telling import CORE, NEED, SBAR, Story, counts


@pytest.fixture
def night(story: Story) -> Night:
    return Night(story.cast)


def test_the_third_call_is_known_as_the_third_while_she_is_on_the_line(night: Night) -> None:
    night.three_calls()
    assert [night.first["outcome"], night.second["outcome"], night.third["outcome"]] == [
        "registered",
        "joined",
        "joined",
    ]
    assert night.first["signals"] == []
    assert [night.second["id"], night.third["id"]] == [night.case, night.case]
    (signal,) = night.third["signals"]
    assert (signal["contacts"], signal["person"], signal["hours"]) == (3, 3, 72)
    assert signal["suggests"] == "second_contact"


def test_her_story_is_told_once_over_five_owners(night: Night) -> None:
    missing: dict[str, list[str]] = {}
    for chapter, readers in (
        (night.three_calls, ["meldkamer"]),
        (night.to_hap_and_zorgcentrale, ["zcc"]),
        (night.home_care, ["nurse"]),
        (night.the_form, ["huisarts", "zcc"]),
        (night.a_bed, ["huisarts"]),
        (night.admitted, ["huisarts", "linde"]),
    ):
        chapter()
        for name in readers:
            missing[f"{chapter.__name__}: {name}"] = night.lacks(getattr(night, name))
    assert missing == {place: [] for place in missing}
    case = night.huisarts.sees(f"cases/{night.case}")
    assert case["reentries"] == 0
    assert [contact["reentered"] for contact in case["contacts"]] == [[]] * len(case["contacts"])


def test_what_is_asked_again_is_counted(night: Night) -> None:
    """The control: without it zero would say nothing."""
    night.three_calls()
    contact = {"asked_by": "professional", "occurred_at": night.moments[2].isoformat()}
    night.meldkamer.says("cases", {"patient": night.told, "contact": contact})
    assert night.meldkamer.sees(f"cases/{night.case}")["reentries"] == len(CORE)


def test_one_desk_owns_her_case_at_any_moment(night: Night) -> None:
    night.whole()
    case = night.huisarts.sees(f"cases/{night.case}")
    owners = case["owners"]
    parties = (night.meldkamer, night.hap, night.zcc, night.nurse, night.huisarts)
    assert [part["desk"]["id"] for part in owners] == [party.desk for party in parties]
    assert owners[-1]["until"] is None and case["owner"]["id"] == night.huisarts.desk
    gaps = [moment(b["since"]) - moment(a["until"]) for a, b in pairwise(owners)]
    assert all(timedelta() <= gap < timedelta(seconds=1) for gap in gaps)


def test_the_huisarts_fills_in_one_form(night: Night) -> None:
    night.whole()
    case = night.huisarts.sees(f"cases/{night.case}")
    assert night.huisarts.hears().count("care_request.submitted") == 1
    (asked,) = [r for r in case["requests"] if r["kind"] == "placement"]
    assert asked["requester"]["id"] == night.huisarts.organisation
    assert asked["state"] == "started" and asked["provider"]["id"] == night.linde.organisation
    assert [a["chosen"] for a in case["assessments"]] == ["elv_laag"]
    assert night.places(night.ward) == counts(occupied=1)


def test_every_transition_says_who_and_when(night: Night) -> None:
    night.whole()
    case = night.huisarts.sees(f"cases/{night.case}")
    rows = [*case["contacts"], *case["triage"], *case["assessments"]]
    moments = [(row["by"], row.get("at") or row["registered_at"]) for row in rows]
    for handed in case["handovers"]:
        moments += [(handed["offered_by"], handed["offered_at"])]
        moments += [(handed["answered_by"], handed["answered_at"])]
    for asked in case["requests"]:
        moments += [(asked["provider"], asked[f"{move}_at"]) for move in ("assigned", "started")]
    assert len(moments) >= 20 and all(who and when for who, when in moments)
    names = {row["by"].partition(", ")[2] for row in rows}
    assert names >= {str(p.person.house.row) for p in (night.meldkamer, night.hap, night.nurse)}


def test_the_houses_know_no_name_until_one_is_chosen(night: Night) -> None:
    night.three_calls()
    night.to_hap_and_zorgcentrale()
    night.home_care()
    night.the_form()
    night.a_bed()
    secrets = [night.told[item] for item in (*CORE, "bsn", "postcode")] + [night.case]
    for house, offer in ((night.linde, night.offer), (night.wilg, night.lost)):
        told = house.reads(f"offers/{offer}") + house.reads("offers") + house.reads("events")
        # What was refused is over: from then on not even the profile is told.
        assert (NEED in told) == (house is night.linde)
        assert [secret for secret in secrets if secret in told] == []
        house.sees_nothing_at(f"cases/{night.case}", f"requests/{night.request}")
    night.admitted()
    assert night.linde.sees(f"offers/{night.offer}")["sbar"] == SBAR
    assert night.lacks(night.linde) == []
    night.wilg.sees_nothing_at(f"cases/{night.case}", f"requests/{night.request}")


def test_each_hears_of_the_night_what_is_theirs(night: Night) -> None:
    night.whole()
    assert night.stranger.hears() == []
    assert night.wilg.hears() == ["place.released", "offer.sent", "offer.declined"]
    assert night.linde.hears() == [
        "place.released",
        "offer.sent",
        "offer.accepted",
        "offer.assigned",
        "care_request.assigned",
        "offer.read_back",
        "offer.started",
        "care_request.started",
    ]
    # The meldkamer handed her over: of what comes after that it hears capacity alone.
    told = [fact for fact in night.meldkamer.hears() if not fact.startswith("place.")]
    assert told[-2:] == ["case.owner_changed", "handover.accepted"]


def test_who_looked_at_her_is_written_down(night: Night) -> None:
    night.whole()
    patient = night.huisarts.sees(f"cases/{night.case}")["patient"]["id"]
    night.stranger.sees_nothing_at(f"cases/{night.case}")
    assert night.meldkamer.looked_at(patient)[0] == "create"
    assert night.huisarts.looked_at(patient)[-1] == "read"
    before = night.linde.looked_at(patient)
    night.linde.sees(f"cases/{night.case}")
    assert night.linde.looked_at(patient) == [*before, "read"]
    assert night.wilg.looked_at(patient) == night.stranger.looked_at(patient) == []
    assert night.stranger.was_turned_away(f"case:{night.case}")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
