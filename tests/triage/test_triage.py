"""Judging: taken over, supplemented or done again with a reason; and when a life is at stake."""

import pytest

from coordination import casework, services
from lzc.errors import NotAllowed, NotNow, NotValid
from tests import paths
from tests.cast import assemble
from triage import services as triage
from triage.models import Case, TriageRecord
from triage.services import TriageIn

FIRST = TriageIn(
    urgency="U3",
    complaint="Gevallen, geen letsel zichtbaar.",
    system="NTS",
    code="val",
    abcde={"a": "vrij", "b": "rustig"},
    alarm_signals=["second_contact"],
    treatment_limits="geen reanimatie",
)


@pytest.fixture
def cast(committed):
    return assemble()


@pytest.fixture
def case(cast):
    made = paths.a_case(cast, urgency="")
    cast.coordinator.does(triage.triage, made.pk, judged=FIRST)
    return made


def judge(cast, case, **judged):
    return cast.coordinator.does(triage.triage, case.pk, judged=TriageIn(**judged))


def test_taking_over_keeps_all_that_was_judged(cast, case):
    made = judge(cast, case, how="taken_over")
    told = ("urgency", "complaint", "system", "code", "abcde", "alarm_signals", "treatment_limits")
    assert [getattr(made, f) for f in told] == [getattr(FIRST, f) for f in told]
    assert (made.number, made.how) == (2, "taken_over")


def test_saying_the_same_is_taking_over(cast, case):
    assert judge(cast, case, how="taken_over", urgency="U3", code="val").how == "taken_over"


@pytest.mark.parametrize(
    "more", [{"urgency": "U2"}, {"complaint": "anders"}, {"alarm_signals": ["severe_pain"]}]
)
def test_changing_something_is_not_taking_over(more, cast, case):
    with pytest.raises(NotValid) as refusal:
        judge(cast, case, how="taken_over", **more)
    assert refusal.value.code == "not_taken_over"
    assert refusal.value.field == f"triage.{next(iter(more))}"


def test_supplementing_adds_and_takes_nothing_away(cast, case):
    made = judge(
        cast,
        case,
        how="supplemented",
        alarm_signals=["no_carer"],
        abcde={"b": "snel", "c": "warm"},
    )
    assert made.alarm_signals == ["no_carer", "second_contact"]
    assert made.abcde == {"a": "vrij", "b": "snel", "c": "warm"}
    assert made.complaint == FIRST.complaint
    assert made.treatment_limits == FIRST.treatment_limits


def test_doing_it_again_starts_clean_and_says_why(cast, case):
    made = judge(cast, case, how="redone", reason="Zij klinkt anders.", urgency="U4")
    assert (made.how, made.reason, made.urgency) == ("redone", "Zij klinkt anders.", "U4")
    assert made.complaint == FIRST.complaint  # told once
    assert (made.alarm_signals, made.abcde, made.system) == ([], {}, "")


def test_doing_it_again_needs_a_reason(cast, case):
    with pytest.raises(NotValid) as refusal:
        judge(cast, case, how="redone", urgency="U4")
    assert (refusal.value.field, refusal.value.code) == ("triage.reason", "say_why")


@pytest.mark.parametrize("how", ["", "new"])
def test_a_second_look_says_how_it_stands_to_the_first(how, cast, case):
    with pytest.raises(NotValid) as refusal:
        judge(cast, case, how=how, urgency="U3")
    assert refusal.value.code == "say_how"


@pytest.mark.parametrize("how", ["taken_over", "supplemented", "redone"])
def test_a_first_look_builds_on_nothing(how, cast):
    made = paths.a_case(cast, urgency="")
    with pytest.raises(NotValid) as refusal:
        judge(cast, made, how=how, reason="x", urgency="U3")
    assert refusal.value.code == "say_how"


@pytest.mark.parametrize("how", ["abc", "x" * 30, "Redone"])
def test_nobody_judges_in_a_way_that_does_not_exist(how, cast, case):
    with pytest.raises(NotValid) as refusal:
        judge(cast, case, how=how, urgency="U3")
    assert (refusal.value.field, refusal.value.code) == ("triage.how", "say_how")


def test_an_urgency_is_never_made_up(cast):
    made = paths.a_case(cast, urgency="")
    with pytest.raises(NotValid) as refusal:
        judge(cast, made, complaint="val")
    assert refusal.value.field == "triage.urgency"


def test_each_judgement_points_to_the_one_before_it(cast, case):
    judge(cast, case, how="taken_over")
    judge(cast, case, how="redone", reason="erger", urgency="U2")
    with cast.coordinator.looks():
        rows = list(TriageRecord.objects.filter(case=case).order_by("number"))
    assert [r.previous_id for r in rows] == [None, rows[0].pk, rows[1].pk]


# A life at stake -------------------------------------------------------------------------------


def state(case) -> str:
    return Case.objects.get(pk=case.pk).state


@pytest.mark.parametrize("urgency", ["U0", "U1"])
def test_u0_and_u1_go_to_112_in_the_same_act(urgency, cast, case):
    judge(cast, case, how="redone", reason="zakt weg", urgency=urgency)
    assert state(case) == "redirected"
    assert cast.coordinator.hears()[-2:] == ["case.triaged", "case.redirected"]


def sought(cast, case):
    """A place, for this case, now."""
    made = cast.coordinator.does(services.request, case.pk, ask=paths.an_ask(cast))
    paths.a_place(cast)
    return cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)


def test_nothing_is_matched_while_112_has_not_confirmed(cast, case):
    cast.coordinator.does(triage.redirect, case.pk)
    with pytest.raises(NotNow) as refusal:
        sought(cast, case)
    assert refusal.value.code == "redirected"


def test_nor_after_112_took_the_patient(cast, case):
    """The red button was pressed before anybody judged it to be U1."""
    cast.coordinator.does(triage.redirect, case.pk)
    cast.coordinator.does(triage.confirm_redirect, case.pk, ritnummer="RIT-7", life_threat=True)
    assert Case.objects.get(pk=case.pk).ritnummer == "RIT-7"
    with pytest.raises(NotNow) as refusal:
        sought(cast, case)
    assert refusal.value.code == "redirected"


def test_after_112_found_no_threat_and_somebody_looked_again_a_place_is_sought(cast, case):
    cast.coordinator.does(triage.redirect, case.pk)
    judge(cast, case, how="redone", reason="112 is geweest", urgency="U3")
    cast.coordinator.does(triage.confirm_redirect, case.pk, ritnummer="", life_threat=False)
    assert sought(cast, case).state == "sent"


def no_threat_after_all(cast, case, ritnummer=""):
    """The red button was pressed, 112 came and found that it was not needed."""
    cast.coordinator.does(triage.redirect, case.pk)
    confirmed = {"ritnummer": ritnummer, "life_threat": False}
    cast.coordinator.does(triage.confirm_redirect, case.pk, **confirmed)


@pytest.mark.parametrize("ritnummer", ["", "RIT-8"])
@pytest.mark.parametrize("urgency", ["U3", "U2"])
def test_after_112_found_no_threat_somebody_looks_again_first(urgency, ritnummer, cast, case):
    if urgency != "U3":
        judge(cast, case, how="redone", reason="erger", urgency=urgency)
    no_threat_after_all(cast, case, ritnummer)
    with pytest.raises(NotNow) as refusal:
        sought(cast, case)
    assert refusal.value.code == "triage_again"
    assert "112 confirmed no life threat. Triage again" in str(refusal.value)


def test_a_second_alarm_is_with_112_again(cast, case):
    """What 112 said the first time says nothing of the second."""
    no_threat_after_all(cast, case)
    cast.coordinator.does(triage.redirect, case.pk)
    made = cast.coordinator.does(services.request, case.pk, ask=paths.an_ask(cast))
    paths.a_place(cast)
    for confirmed in (False, True):
        if confirmed:
            has_it = {"ritnummer": "RIT-9", "life_threat": True}
            cast.coordinator.does(triage.confirm_redirect, case.pk, **has_it)
        with pytest.raises(NotNow) as refusal:
            cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)
        assert refusal.value.code == "redirected"


def test_112_does_not_undo_a_judgement_it_did_not_hear(cast, case):
    judge(cast, case, how="redone", reason="zakt weg", urgency="U1")
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(triage.confirm_redirect, case.pk, ritnummer="", life_threat=False)
    assert refusal.value.code == "still_life_threatening"


def test_112_says_under_which_number_it_has_the_patient(cast, case):
    cast.coordinator.does(triage.redirect, case.pk)
    with pytest.raises(NotValid) as refusal:
        cast.coordinator.does(triage.confirm_redirect, case.pk, ritnummer="", life_threat=True)
    assert refusal.value.field == "ritnummer"
    assert state(case) == "redirected"


def test_a_u2_waits_for_a_physician(cast, case):
    judge(cast, case, how="redone", reason="erger", urgency="U2")
    made = cast.coordinator.does(services.request, case.pk, ask=paths.an_ask(cast))
    paths.a_place(cast)
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)
    assert refusal.value.code == "needs_physician"
    judge(cast, case, how="supplemented", physician="regiearts")
    row = cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)
    assert row.state == "sent"


def test_a_redirected_case_is_not_closed(cast, case):
    cast.coordinator.does(triage.redirect, case.pk)
    with pytest.raises(NotNow):
        cast.coordinator.does(casework.close_case, case.pk, reason="care_started")


# The decision aid ------------------------------------------------------------------------------


def test_whoever_chooses_otherwise_than_the_aid_says_why(cast, case):
    aid = {"version": "1", "answers": {"2": "nee"}, "outcome": "elv_laag", "chosen": "elv_hoog"}
    with pytest.raises(NotValid) as refusal:
        cast.coordinator.does(triage.assess, case.pk, assessment=aid)
    assert refusal.value.field == "assessment.deviation"
    made = cast.coordinator.does(
        triage.assess, case.pk, assessment=aid | {"deviation": "dwaalt 's nachts"}
    )
    assert made.chosen == "elv_hoog"
    assert cast.coordinator.hears()[-1] == "case.assessed"


def test_the_planner_of_a_house_judges_nobody(cast, case):
    row = sought(cast, case)
    cast.planner.does(services.accept, row.pk)
    cast.coordinator.does(services.assign, row.pk, sbar=paths.LETTER)
    with pytest.raises(NotAllowed):
        cast.planner.does(triage.triage, case.pk, judged=TriageIn(how="taken_over"))
