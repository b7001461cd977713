"""A-08: seven in the morning, fourteen open cases, and the coordinator is ill. The work is the
desk's: whoever sits there goes on, and what is handed over is read back case by case."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from coordination import steps
from coordination.offering import sending
from coordination.tasks import expire_offers
from lzc.hours import AMSTERDAM
from lzc.models import Membership
from tests.scenarios.telling import READ_BACK, SBAR, Story, let_time_pass

OPEN_CASES = 14


def falls_ill(story: Story) -> None:
    """The coordinator no longer works there."""
    Membership.objects.filter(pk=story.cast.coordinator.actor.pk).update(until=timezone.now())


def test_whoever_sits_at_the_desk_goes_on_where_the_other_stopped(story: Story) -> None:
    ill, colleague = story.at_work(story.cast.coordinator), story.at_work(story.cast.colleague)
    case, request = story.a_request()
    story.frees(story.linde, story.ward)
    ill.says(f"requests/{request}/take")
    offer = story.offered(request, story.ward, by=ill)
    assert ill.sees(f"requests/{request}")["handler"] == str(story.cast.coordinator.actor.pk)
    falls_ill(story)
    assert ill.program.get(f"requests/{request}").status_code == 401

    (row,) = colleague.sees(f"requests?desk={story.zcc.desk}")["results"]
    assert (row["id"], row["case"]["id"]) == (request, case)
    assert "offer" in row["moves"]
    story.linde.says(f"offers/{offer}/ask", {"question": "Kan zij traplopen?"})
    assert "offer.asked" in colleague.hears()
    colleague.says(f"offers/{offer}/reply", {"reply": "Nee."})
    story.linde.says(f"offers/{offer}/accept")
    colleague.says(f"offers/{offer}/assign", {"sbar": SBAR})
    assert colleague.sees(f"requests/{request}")["state"] == "assigned"
    patient = colleague.sees(f"cases/{case}")["patient"]["id"]
    assert colleague.looked_at(patient)[-1] == "read"


def test_a_deadline_is_the_desks_and_runs_on_while_nobody_is_there(story: Story) -> None:
    ill, colleague = story.at_work(story.cast.coordinator), story.at_work(story.cast.colleague)
    _, request = story.a_request()
    story.frees(story.linde, story.ward)
    offer = story.offered(request, story.ward, by=ill)
    falls_ill(story)
    let_time_pass(offer, minutes=15)
    expire_offers()
    assert colleague.hears()[-2:] == ["offer.expired", "place.let_go"]
    assert colleague.sees(f"offers/{offer}")["state"] == "expired"


def test_a_whole_shift_is_handed_over_and_each_case_is_read_back(story: Story) -> None:
    cases = [story.taken_in(story.hap)["id"] for _ in range(OPEN_CASES)]
    body = {"to_desk": story.zcc.desk, "sbar": SBAR}
    handed = {story.hap.says(f"cases/{case}/handovers", body)["id"]: case for case in cases}
    waiting = story.zcc.sees("handovers")["results"]
    assert [row["id"] for row in waiting] == list(handed)
    assert all(row["sbar"] == SBAR for row in waiting)

    *taken, refused, silent = handed
    for handover in taken:
        silence = {"read_back": ""}
        path = f"handovers/{handover}/accept"
        story.zcc.is_refused(path, "blank", silence, status=400)
        assert story.zcc.says(path, READ_BACK)["owner"] == story.zcc.desk
    story.zcc.is_refused(f"handovers/{taken[0]}/accept", "wrong_state", READ_BACK)
    story.zcc.says(f"handovers/{refused}/refuse", {"reason": "Hoort bij de huisarts."})

    owners = {case: story.hap.sees(f"cases/{case}")["owner"]["id"] for case in still(handed, story)}
    assert owners == {handed[refused]: story.hap.desk, handed[silent]: story.hap.desk}
    (left,) = story.zcc.sees("handovers")["results"]
    assert left["id"] == silent
    assert story.hap.hears()[-1] == "handover.refused"


def still(handed: dict[str, str], story: Story) -> list[str]:
    """The cases that the HAP still sees."""
    seen = {row["id"] for row in story.hap.sees("cases")["results"]}
    return [case for case in handed.values() if case in seen]


def test_who_refused_a_case_no_longer_sees_it(story: Story) -> None:
    case = story.taken_in(story.hap)["id"]
    body = {"to_desk": story.zcc.desk, "sbar": SBAR}
    handover = story.hap.says(f"cases/{case}/handovers", body)["id"]
    patient = story.zcc.sees(f"cases/{case}")["patient"]["id"]
    assert story.zcc.looked_at(patient)[-1] == "read"
    story.zcc.says(f"handovers/{handover}/refuse", {"reason": "Niemand meer op de weg."})
    story.zcc.sees_nothing_at(f"cases/{case}")
    told = story.hap.sees(f"cases/{case}")
    assert told["handovers"][0]["reason"] == "Niemand meer op de weg."
    assert told["owner"]["id"] == story.hap.desk
    # It can be handed to another.
    story.handed_over(case, story.hap, story.nurse)
    assert story.nurse.sees(f"cases/{case}")["owner"]["id"] == story.nurse.desk


def test_nobody_takes_over_what_was_not_handed_to_them(story: Story) -> None:
    case = story.taken_in(story.hap)["id"]
    body = {"to_desk": story.zcc.desk, "sbar": SBAR}
    handover = story.hap.says(f"cases/{case}/handovers", body)["id"]
    path = f"handovers/{handover}/accept"
    story.stranger.is_refused(path, "not_found", READ_BACK, status=404)
    story.hap.is_refused(path, "not_yours", READ_BACK, status=403)
    assert story.stranger.was_turned_away(f"handover:{handover}")
    assert story.stranger.hears() == []


@pytest.mark.parametrize(
    ("now", "answer", "care"),
    [
        ("2025-10-26T02:50:00+02:00", "02:05+0100", "05:50+0100"),  # the hour comes twice
        ("2026-03-29T01:50:00+01:00", "03:05+0200", "06:50+0200"),  # an hour is skipped
        ("2026-03-28T01:50:00+01:00", "02:05+0100", "05:50+0100"),  # a night like another
    ],
)
def test_a_deadline_lasts_as_long_in_the_night_that_the_clock_changes(
    story: Story, monkeypatch: pytest.MonkeyPatch, now: str, answer: str, care: str
) -> None:
    """U3: a quarter of an hour to answer, care within four hours, whatever the wall clock does."""
    night = datetime.fromisoformat(now)
    case = story.taken_in(story.huisarts)["id"]
    story.frees(story.linde, story.ward)
    for module in (steps, sending):  # in place of the database's clock
        monkeypatch.setattr(module, "moment", lambda: night)
    asked = {"care_types": ["elv_laag"], "need": "Hulp bij opstaan.", "desk": story.zcc.desk}
    request = story.huisarts.says(f"cases/{case}/requests", asked)["id"]
    offer = story.zcc.says(f"requests/{request}/offers", {"unit": story.ward})
    needed = story.zcc.sees(f"requests/{request}")["needed_by"]
    assert moment(offer["answer_before"]) - night == timedelta(minutes=15)
    assert moment(needed) - night == timedelta(hours=4)
    wall = [moment(at).astimezone(AMSTERDAM) for at in (offer["answer_before"], needed)]
    assert [f"{at:%H:%M%z}" for at in wall] == [answer, care]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
