"""Who stopped answering: seen from what happened, told once, never taken away."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from capacity import services as capacity
from capacity.models import CareUnit
from coordination import finding, services
from coordination.models import Offer
from coordination.tasks import expire_offers, notice_silence, prompt_desks
from tests import paths
from tests.cast import assemble

HOUR = timedelta(hours=1)
FELL, SPOKE, PROMPT = "unit.fell_silent", "unit.heard_again", "offer.unanswered"


@pytest.fixture
def cast(committed):
    return assemble()


def passes(cast, times: int) -> None:
    """So many offers that nobody at De Linde answered."""
    for _ in range(times):
        row = paths.an_offer(cast)
        paths.let_the_deadline_pass(row)
        cast.clock.does(services.expire, row.pk)


def heard(who, event: str) -> int:
    return who.hears().count(event)


def remarks(cast) -> tuple[str, ...]:
    made = paths.a_request(cast)
    paths.a_place(cast)
    with cast.coordinator.looks():
        found = finding.candidates(made.pk, by=cast.coordinator.actor)
    (linde,) = [c for c, unit in found.candidates if unit == cast.ward]
    return linde.remarks


def test_three_offers_without_a_word_are_told_once_to_planner_and_desk(cast):
    passes(cast, 2)
    notice_silence()
    assert heard(cast.planner, FELL) == 0
    passes(cast, 1)
    notice_silence()
    notice_silence()
    for who in (cast.planner, cast.coordinator):
        assert heard(who, FELL) == 1
    assert heard(cast.stranger, FELL) == heard(cast.other_planner, FELL) == 0


def test_a_silent_unit_stays_a_candidate_and_says_so(cast):
    assert "silent" not in remarks(cast)
    passes(cast, 3)
    assert "silent" in remarks(cast)


def test_an_answer_ends_it_also_a_no(cast):
    passes(cast, 3)
    notice_silence()
    row = paths.an_offer(cast)
    cast.planner.does(services.decline, row.pk, reason="too_heavy")
    notice_silence()
    assert heard(cast.planner, SPOKE) == heard(cast.coordinator, SPOKE) == 1
    passes(cast, 3)
    notice_silence()
    assert heard(cast.planner, FELL) == 2


def test_what_passed_a_day_ago_counts_no_more(cast):
    passes(cast, 3)
    Offer.objects.filter(unit=cast.ward).update(ended_at=F("ended_at") - 25 * HOUR)
    notice_silence()
    assert heard(cast.planner, FELL) == 0


def test_a_question_that_no_desk_answered_is_not_theirs(cast):
    for _ in range(3):
        row = paths.an_offer(cast)
        cast.planner.does(services.ask, row.pk, question="Kan zij traplopen?")
        paths.let_the_deadline_pass(row)
        cast.clock.does(services.expire, row.pk)
    notice_silence()
    assert heard(cast.planner, FELL) == 0


def test_a_day_without_a_word_of_its_places_is_silence_unless_declared(cast):
    paths.a_place(cast)
    units = CareUnit.objects.filter(pk=cast.ward.pk)
    units.update(observed_at=timezone.now() - 25 * HOUR, true_until=timezone.now() + HOUR)
    notice_silence()
    assert heard(cast.planner, FELL) == 0
    units.update(true_until=None)
    notice_silence()
    assert heard(cast.planner, FELL) == 1
    cast.planner.does(capacity.confirm, cast.ward.pk)
    notice_silence()
    assert heard(cast.planner, SPOKE) == 1


# Call them --------------------------------------------------------------------------------------


def half_over(row) -> None:
    now = timezone.now()
    times = {"visible_from": now - HOUR, "answer_before": now + HOUR / 2}
    Offer.objects.filter(pk=row.pk).update(**times)


def test_halfway_the_desk_is_told_to_call_and_nobody_else(cast):
    row = paths.an_offer(cast)
    prompt_desks()
    assert heard(cast.coordinator, PROMPT) == 0
    half_over(row)
    prompt_desks()
    prompt_desks()
    assert heard(cast.coordinator, PROMPT) == 1
    for who in (cast.planner, cast.huisarts):
        assert heard(who, PROMPT) == 0
    expire_offers()
    assert Offer.objects.get(pk=row.pk).state == "sent"


def test_what_can_wait_until_tomorrow_needs_no_call(cast):
    case = paths.a_case(cast, cast.huisarts, urgency="U4")
    made = cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast))
    half_over(paths.an_offer(cast, made))
    prompt_desks()
    assert heard(cast.coordinator, PROMPT) == 0
