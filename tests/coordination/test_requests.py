"""Asking for care: what is asked, by whom, and who sees the case for the sake of it."""

import importlib
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation

from capacity.attributes import Attribute
from capacity.models import Place
from coordination import casework, handovers, moving, services
from coordination.api.steps import case_moves
from coordination.matching.hard_rules import CLOSED_WARD, COVERED_BY, ISOLATION
from coordination.models import CareRequest, Offer
from lzc import access
from lzc.errors import NotAllowed, NotNow, NotSeen, NotValid
from lzc.rights import Duty
from lzc.web.pages import sentence
from tests import paths
from tests.cast import assemble
from triage import services as triage
from triage.models import Case, TriageRecord


@pytest.fixture
def cast(committed):
    return assemble()


def sees(who, case_id) -> bool:
    return Case.objects.visible_to(who.actor).filter(pk=case_id).exists()


def ask_for(cast, case, **more):
    return cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast, **more))


# What is asked ---------------------------------------------------------------------------------


def test_a_request_takes_its_urgency_and_deadline_from_the_triage(cast):
    made = paths.a_request(cast)
    assert made.urgency == "U3"
    left = made.needed_by - timezone.now()
    assert timedelta(minutes=235) < left <= timedelta(minutes=240)


@pytest.mark.parametrize(
    ("care_types", "kind"),
    [
        (["elv_laag"], "placement"),
        (["elv_laag", "grz"], "placement"),
        (["wijkverpleging"], "visit"),
    ],
)
def test_a_bed_and_a_visit_are_two_kinds_of_request(care_types, kind, cast):
    assert ask_for(cast, paths.a_case(cast, cast.huisarts), care_types=care_types).kind == kind


@pytest.mark.parametrize("care_types", [[], ["elv_laag", "wijkverpleging"]])
def test_a_bed_and_a_visit_are_not_asked_in_one(care_types, cast):
    with pytest.raises(NotValid) as refusal:
        ask_for(cast, paths.a_case(cast, cast.huisarts), care_types=care_types)
    assert refusal.value.field == "request.care_types"


@pytest.mark.parametrize("ahead", [timedelta(minutes=-1), timedelta(days=32)])
def test_nothing_is_needed_yesterday_or_in_years(cast, ahead):
    case = paths.a_case(cast, cast.huisarts)
    with pytest.raises(NotValid) as refusal:
        ask_for(cast, case, needed_by=timezone.now() + ahead)
    assert refusal.value.field == "request.needed_by"


def test_without_triage_the_one_who_asks_says_how_urgent_it_is(cast):
    case = paths.a_case(cast, cast.huisarts, urgency="")
    with pytest.raises(NotValid) as refusal:
        ask_for(cast, case)
    assert refusal.value.field == "request.urgency"
    assert ask_for(cast, case, urgency="U4").urgency == "U4"


@pytest.mark.parametrize("where", ["need", "wishes"])
def test_what_providers_read_tells_nobody_who_it_is(where, cast):
    case = paths.a_case(cast, cast.huisarts, name="P. Pietersen", telephone="0612345678")
    for line in ("Mevrouw Pietersen valt steeds", "Bel +31 6 12345678"):
        with pytest.raises(NotValid) as refusal:
            ask_for(cast, case, **{where: line})
        assert (refusal.value.field, refusal.value.code) == (f"request.{where}", "reveals_person")
    assert not CareRequest.objects.filter(case=case).exists()


def test_one_open_placement_for_a_person_and_the_second_asker_is_told(cast):
    made = paths.a_request(cast)
    with pytest.raises(NotNow) as refusal:
        cast.huisarts.does(services.request, made.case_id, ask=paths.an_ask(cast))
    assert refusal.value.code == "request_already_open"
    cast.huisarts.does(services.cancel, made.pk, reason="changed")
    assert cast.huisarts.does(services.request, made.case_id, ask=paths.an_ask(cast))


def test_in_a_closed_case_nothing_is_asked(cast):
    case = paths.a_case(cast, cast.huisarts)
    draft = cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast), draft=True)
    cast.huisarts.does(casework.close_case, case.pk, reason="care_started")
    with pytest.raises(NotNow) as refusal:
        ask_for(cast, case)
    assert refusal.value.code == "case_closed"
    with pytest.raises(NotNow) as refusal:
        cast.huisarts.does(services.submit, draft.pk)
    assert refusal.value.code == "case_closed"


def test_only_whose_work_it_is_asks_for_care(cast):
    case = paths.a_case(cast, cast.huisarts)
    machine = cast.machine(cast.huisarts.house, Duty.DESK)
    with pytest.raises(NotAllowed):
        machine.does(services.request, case.pk, ask=paths.an_ask(cast))
    with pytest.raises(NotSeen):
        cast.stranger.does(services.request, case.pk, ask=paths.an_ask(cast))


# Who sees --------------------------------------------------------------------------------------


def test_a_draft_is_its_writers_own(cast):
    draft = paths.request_at(cast, "draft")
    assert CareRequest.objects.visible_to(cast.huisarts.actor).get() == draft
    assert not CareRequest.objects.visible_to(cast.coordinator.actor).exists()
    assert not sees(cast.coordinator, draft.case_id)
    assert cast.coordinator.hears() == []
    cast.huisarts.does(services.submit, draft.pk)
    assert CareRequest.objects.visible_to(cast.coordinator.actor).get() == draft
    assert sees(cast.coordinator, draft.case_id)
    assert cast.coordinator.hears() == ["care_request.submitted"]


def test_the_desk_sees_the_case_as_long_as_it_looks(cast):
    made = paths.a_request(cast)
    assert sees(cast.coordinator, made.case_id)
    cast.huisarts.does(services.cancel, made.pk, reason="changed")
    assert not sees(cast.coordinator, made.case_id)
    assert sees(cast.huisarts, made.case_id)  # owns it


def test_a_desk_that_looks_for_two_things_keeps_sight_when_one_ends(cast):
    made = paths.a_request(cast)
    ask = paths.an_ask(cast, care_types=["wijkverpleging"])
    visit = cast.huisarts.does(services.request, made.case_id, ask=ask)
    cast.huisarts.does(services.cancel, made.pk, reason="changed")
    assert sees(cast.coordinator, made.case_id)
    cast.huisarts.does(services.cancel, visit.pk, reason="changed")
    assert not sees(cast.coordinator, made.case_id)


def handed(cast, case_id, giver, taker):
    sbar = paths.SBAR
    made = giver.does(handovers.hand_over, case_id, to_desk=taker.desk, sbar=sbar)
    return taker.does(handovers.accept, made.pk, read_back="Begrepen.")


def test_who_hands_the_case_over_still_follows_what_they_asked(cast):
    made = paths.a_request(cast)
    handed(cast, made.case_id, cast.huisarts, cast.triagist)
    assert sees(cast.huisarts, made.case_id)
    cast.huisarts.does(services.cancel, made.pk, reason="changed")
    assert CareRequest.objects.get(pk=made.pk).state == "cancelled"


def test_the_desk_that_hands_the_case_over_still_finds_the_place(cast):
    """Owner and desk of the request were one; only the ownership moves."""
    case = paths.a_case(cast)
    made = cast.coordinator.does(services.request, case.pk, ask=paths.an_ask(cast))
    handed(cast, case.pk, cast.coordinator, cast.nurse)
    paths.a_place(cast)
    row = cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)
    cast.planner.does(services.accept, row.pk)
    cast.coordinator.does(services.assign, row.pk, sbar=paths.LETTER)
    assert sees(cast.coordinator, case.pk)


def test_a_request_that_ends_does_not_take_a_handover_with_it(cast):
    made = paths.a_request(cast)
    offered = cast.huisarts.does(
        handovers.hand_over, made.case_id, to_desk=cast.coordinator.desk, sbar=paths.SBAR
    )
    cast.huisarts.does(services.cancel, made.pk, reason="changed")
    cast.coordinator.does(handovers.accept, offered.pk, read_back="Begrepen.")
    assert Case.objects.get(pk=made.case_id).owner_id == cast.coordinator.desk.pk


def test_who_sees_nothing_sees_nothing_of_it(cast):
    made = paths.a_request(cast)
    for nobody in (cast.stranger, cast.adviser, cast.clock, cast.nurse, cast.planner):
        assert not CareRequest.objects.visible_to(nobody.actor).exists()
        assert not sees(nobody, made.case_id)
        assert nobody.hears() == []


# How it goes on --------------------------------------------------------------------------------


def test_waiting_needs_somebody_who_watches_meanwhile(cast):
    made = paths.request_at(cast, "searching")
    with pytest.raises(NotValid) as refusal:
        cast.coordinator.does(services.wait, made.pk, interim_plan="")
    assert refusal.value.field == "interim_plan"


def test_cancelling_lets_every_place_go_at_once(cast):
    row = paths.an_offer(cast)
    paths.a_place(cast, cast.other_ward, cast.other_planner)
    other = cast.coordinator.does(services.offer, row.request_id, unit_id=cast.other_ward.pk)
    cast.huisarts.does(services.cancel, row.request_id, reason="changed")
    held = Place.objects.filter(pk__in=[row.place_id, other.place_id])
    assert set(held.values_list("state", flat=True)) == {"free"}
    assert cast.planner.hears()[-1] == cast.other_planner.hears()[-1] == "offer.withdrawn"


def test_whoever_picks_it_up_first_has_it(cast):
    made = paths.a_request(cast)
    cast.coordinator.does(services.take, made.pk)
    with pytest.raises(NotNow):
        cast.colleague.does(services.take, made.pk)
    assert CareRequest.objects.get(pk=made.pk).handler == cast.coordinator.actor.pk


# Deteriorates while waiting --------------------------------------------------------------------


def worse(cast, case_id, **judged):
    judged = paths.TriageIn(how="redone", reason="koorts, verward", **judged)
    return cast.huisarts.does(casework.deteriorate, case_id, judged=judged)


def test_what_was_promised_is_frozen_and_not_lost(cast):
    row = paths.offer_at(cast, "assigned")
    worse(cast, row.request.case_id, urgency="U2")
    made = CareRequest.objects.get(pk=row.request_id)
    assert (made.state, made.provider_id) == ("on_hold", cast.planner.house.pk)
    assert Place.objects.get(pk=row.place_id).state == "held"
    assert cast.planner.hears()[-1] == "care_request.held"
    with cast.huisarts.looks():
        judged = TriageRecord.objects.filter(case=made.case_id).order_by("number")
        assert [j.urgency for j in judged] == ["U3", "U2"]


def test_on_hold_nothing_goes_on_until_somebody_looked_again(cast):
    row = paths.offer_at(cast, "assigned")
    cast.planner.does(services.read_back, row.pk, read_back="Begrepen.")
    worse(cast, row.request.case_id, urgency="U2")
    with pytest.raises(NotNow):
        cast.planner.does(services.start, row.pk)
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(services.resume, row.request_id)
    assert refusal.value.code == "needs_physician"
    judged = paths.TriageIn(how="supplemented", physician="regiearts")
    cast.huisarts.does(paths.triage.triage, row.request.case_id, judged=judged)
    cast.coordinator.does(services.resume, row.request_id)
    assert CareRequest.objects.get(pk=row.request_id).state == "assigned"
    cast.planner.does(services.start, row.pk)


def test_a_promise_waits_as_long_as_the_request_is_on_hold(cast):
    row = paths.offer_at(cast, "accepted")
    worse(cast, row.request.case_id, urgency="U3")
    Offer.objects.filter(pk=row.pk).update(promised_until=timezone.now() - timedelta(minutes=1))
    with pytest.raises(NotNow):
        cast.clock.does(services.lapse, row.pk)
    cast.coordinator.does(services.resume, row.request_id)
    with pytest.raises(NotNow):  # nobody could choose while it was on hold
        cast.clock.does(services.lapse, row.pk)
    cast.coordinator.does(services.assign, row.pk, sbar=paths.LETTER)


def test_worse_than_that_goes_to_112(cast):
    row = paths.offer_at(cast, "assigned")
    worse(cast, row.request.case_id, urgency="U1")
    assert Case.objects.get(pk=row.request.case_id).state == "redirected"
    assert CareRequest.objects.get(pk=row.request_id).state == "on_hold"
    cast.huisarts.does(services.cancel, row.request_id, reason="hospital")
    assert Place.objects.get(pk=row.place_id).state == "free"


# Closed vocabularies ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [("requirements", ["Karel-Verhoeven-1941-03-03"]), ("consent", "misschien")],
)
def test_what_a_provider_reads_or_is_counted_is_chosen_from_a_list(field, value, cast):
    case = paths.a_case(cast, cast.huisarts)
    with pytest.raises(NotValid) as refusal:
        ask_for(cast, case, **{field: value})
    assert (refusal.value.field, refusal.value.code) == (f"request.{field}", "not_a_choice")
    assert not CareRequest.objects.filter(case=case).exists()


def test_a_request_and_a_case_end_for_a_reason_of_the_list(cast):
    made = paths.a_request(cast)
    for verb, pk in ((services.cancel, made.pk), (casework.close_case, None)):
        with pytest.raises(NotValid) as refusal:
            cast.huisarts.does(verb, pk or paths.a_case(cast, cast.huisarts).pk, reason="zomaar")
        assert (refusal.value.field, refusal.value.code) == ("reason", "not_a_choice")


def test_an_alarm_signal_is_one_of_the_list(cast):
    case = paths.a_case(cast, cast.huisarts)
    judged = paths.TriageIn(how="supplemented", alarm_signals=["zomaar_iets"])
    with pytest.raises(NotValid) as refusal:
        cast.huisarts.does(casework.judge, case.pk, judged=judged)
    assert refusal.value.field == "triage.alarm_signals"


def test_every_unit_of_the_demo_has_what_can_be_asked_for():
    codes = {str(code) for code in Attribute}
    assert ISOLATION | {CLOSED_WARD} | COVERED_BY.keys() <= codes
    assert set().union(*COVERED_BY.values()) <= codes


def test_who_it_is_is_said_in_the_language_of_the_reader(cast):
    case = paths.a_case(cast, cast.huisarts, name="P. Pietersen")
    with pytest.raises(NotValid) as refusal:
        ask_for(cast, case, need="Mevrouw Pietersen valt steeds")
    with translation.override("nl"):
        assert sentence(refusal.value).endswith("(naam).")


# What could be done now ------------------------------------------------------------------------


def openings_of(who, made):
    fresh = CareRequest.objects.select_related("case", "desk").get(pk=made.pk)
    with who.looks():
        access.opened("read", [fresh.patient_id])
        return moving.request_openings(fresh, who.actor)


def openings_of_offer(who, row):
    parties = ("unit", "request__case", "request__desk")
    fresh = Offer.objects.select_related(*parties).get(pk=row.pk)
    with who.looks():
        access.opened("read", [fresh.request.patient_id])
        return moving.offer_openings(fresh, who.actor)


def test_while_a_place_may_not_be_sought_no_offer_is_offered(cast):
    made = paths.request_at(cast, "searching")
    assert "offer" in openings_of(cast.coordinator, made)
    unseen = paths.TriageIn(how="redone", reason="erger", urgency="U2")
    cast.coordinator.does(triage.triage, made.case_id, judged=unseen)
    assert not {"offer", "assign"} & set(openings_of(cast.coordinator, made))
    assert "wait" in openings_of(cast.coordinator, made)


def test_a_promise_is_not_to_be_assigned_while_112_looks(cast):
    row = paths.offer_at(cast, "accepted")
    assert "assign" in openings_of_offer(cast.coordinator, row)
    cast.huisarts.does(triage.redirect, row.request.case_id)  # its request is left as it was
    assert openings_of_offer(cast.coordinator, row) == ["withdraw"]


def test_what_is_on_hold_is_resumed_in_one_way(cast):
    searched = paths.request_at(cast, "on_hold")
    names = openings_of(cast.coordinator, searched)
    assert "resume" in names and "resume_assigned" not in names


def test_care_starts_after_the_read_back_and_not_while_it_is_on_hold(cast):
    row = paths.offer_at(cast, "assigned")
    assert "start" not in openings_of_offer(cast.planner, row)
    cast.planner.does(services.read_back, row.pk, read_back="Begrepen.")
    after = openings_of_offer(cast.planner, row)
    assert "start" in after and "read_back" not in after
    cast.coordinator.does(services.hold, row.request_id)
    assert "start" not in openings_of_offer(cast.planner, row)
    assert "resume" not in openings_of(cast.coordinator, row.request)


# Opened again ----------------------------------------------------------------------------------


def test_a_case_is_not_opened_again_beside_the_one_that_runs(cast):
    known = cast.patient()
    desk = cast.huisarts.desk

    def taken():
        return cast.huisarts.does(
            triage.register, patient=known, contact=paths.ContactIn(), desk=desk
        ).case

    old = taken()
    cast.huisarts.does(casework.close_case, old.pk, reason="advice")
    assert "reopen" in case_moves(Case.objects.get(pk=old.pk), cast.huisarts.actor)
    running = taken()
    with pytest.raises(NotNow) as refusal:
        cast.huisarts.does(triage.reopen, old.pk)
    assert refusal.value.code == "already_running"
    assert running.reference in str(refusal.value)
    assert "reopen" not in case_moves(Case.objects.get(pk=old.pk), cast.huisarts.actor)


def test_whoever_waited_before_sex_was_asked_gets_the_one_that_is_known(cast):
    made = paths.a_request(cast)
    assert made.sex != "unknown"
    CareRequest.objects.filter(pk=made.pk).update(sex="unknown")
    migration = importlib.import_module("coordination.migrations.0009_whoever_waits_has_a_sex")
    with connection.cursor() as cursor:
        cursor.execute(migration.FILL)
    assert CareRequest.objects.get(pk=made.pk).sex == made.sex
