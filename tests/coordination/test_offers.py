"""An offer: a question to one unit with one place held, a clock on it, and no person in it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from capacity.models import Place
from coordination import casework, services
from coordination.models import CareRequest, Offer
from lzc.errors import NotNow, NotSeen, NotValid
from tests import paths
from tests.cast import assemble
from triage.models import Case

MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(committed):
    return assemble()


def sees(who, row) -> bool:
    return Offer.objects.visible_to(who.actor).filter(pk=row.pk).exists()


def moved(row, **columns) -> None:
    """A test does not wait: it moves the moment."""
    Offer.objects.filter(pk=row.pk).update(**columns)


# No person in it -------------------------------------------------------------------------------


def test_the_profile_tells_what_is_needed_and_not_who_needs_it(cast):
    case = paths.a_case(cast, cast.huisarts, name="P. Pietersen", telephone="0612345678")
    made = cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast, wishes="dichtbij"))
    profile = paths.an_offer(cast, made).profile
    with cast.huisarts.looks():
        person = Case.objects.get(pk=case.pk).patient
        bsn, born = person.bsn, person.birth_date
    assert profile["age_band"] and profile["pc4"] == cast.pc4
    assert (profile["sex"], profile["need"], profile["wishes"]) == ("female", made.need, "dichtbij")
    told = json.dumps(profile)
    for secret in ("Pietersen", "12345678", bsn, f"{born:%Y}", person.address, str(person.pk)):
        assert secret not in told
    assert str(case.pk) not in told
    assert case.reference not in told


def test_nobody_but_the_chosen_provider_ever_sees_the_case(cast):
    row = paths.offer_at(cast, "accepted")
    case = Case.objects.filter(pk=row.request.case_id)
    assert not case.visible_to(cast.planner.actor).exists()
    cast.coordinator.does(services.assign, row.pk, sbar=paths.LETTER)
    assert case.visible_to(cast.planner.actor).exists()
    assert not case.visible_to(cast.other_planner.actor).exists()
    assert not case.visible_to(cast.stranger.actor).exists()


def test_an_answer_to_a_question_tells_nobody_either(cast):
    case = paths.a_case(cast, cast.huisarts, name="P. Pietersen")
    row = paths.an_offer(
        cast, cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast))
    )
    cast.planner.does(services.ask, row.pk, question="Kan zij traplopen?")
    with pytest.raises(NotValid) as refusal:
        cast.coordinator.does(services.reply, row.pk, reply="Mevrouw Pietersen kan niet traplopen.")
    assert (refusal.value.field, refusal.value.code) == ("reply", "reveals_person")
    assert cast.coordinator.does(services.reply, row.pk, reply="Zij kan niet traplopen.")


# Taken back unseen -----------------------------------------------------------------------------


def undoable(cast) -> Offer:
    paths.a_place(cast)
    made = paths.a_request(cast)
    return cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk, undo=True)


def test_for_some_seconds_only_the_desk_knows_of_it(cast):
    row = undoable(cast)
    assert sees(cast.coordinator, row)
    assert not sees(cast.planner, row)
    assert cast.planner.hears() == ["place.released"]
    with pytest.raises(NotSeen):
        cast.planner.does(services.accept, row.pk)


def test_when_the_window_has_passed_the_provider_is_told(cast):
    row = undoable(cast)
    with pytest.raises(NotNow):
        cast.clock.does(services.show, row.pk)
    moved(row, visible_from=timezone.now() - MINUTE)
    cast.clock.does(services.show, row.pk)
    assert sees(cast.planner, row)
    assert cast.planner.hears()[-1] == "offer.shown"
    with pytest.raises(NotNow):
        cast.clock.does(services.show, row.pk)


def test_what_was_taken_back_unseen_is_never_seen(cast):
    row = undoable(cast)
    cast.coordinator.does(services.withdraw, row.pk)
    later = timezone.now() - timedelta(seconds=1)
    moved(row, visible_from=later, ended_at=later - timedelta(seconds=4))
    assert not sees(cast.planner, row)
    assert not Offer.objects.inbox(cast.planner.actor).exists()
    assert cast.planner.hears() == ["place.released"]
    assert Place.objects.get(pk=row.place_id).state == "free"


def test_what_was_taken_back_after_it_was_seen_stays_in_sight(cast):
    row = paths.offer_at(cast, "withdrawn")
    assert sees(cast.planner, row)
    with pytest.raises(NotNow) as refusal:
        cast.planner.does(services.accept, row.pk)
    assert refusal.value.code == "taken_back"


# The clock -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("accept", {}),
        ("ask", {"question": "Kan zij traplopen?"}),
        ("decline", {"reason": "no_staff"}),
    ],
)
def test_after_the_deadline_there_is_no_answer_though_nobody_swept(verb, said, cast):
    row = paths.an_offer(cast)
    paths.let_the_deadline_pass(row)
    with pytest.raises(NotNow) as refusal:
        cast.planner.does(getattr(services, verb), row.pk, **said)
    assert refusal.value.code == "too_late"
    assert Offer.objects.get(pk=row.pk).state == "sent"


def test_before_the_deadline_it_does_not_expire(cast):
    row = paths.an_offer(cast)
    with pytest.raises(NotNow) as refusal:
        cast.clock.does(services.expire, row.pk)
    assert refusal.value.code == "answered"
    assert Place.objects.get(pk=row.place_id).state == "held"


def test_an_offer_that_expired_lets_its_place_go_and_all_are_told(cast):
    row = paths.offer_at(cast, "expired")
    assert Place.objects.get(pk=row.place_id).state == "free"
    assert cast.planner.hears()[-1] == "offer.expired"
    assert cast.coordinator.hears()[-2:] == ["offer.expired", "place.let_go"]
    with pytest.raises(NotNow) as refusal:
        cast.planner.does(services.accept, row.pk)
    assert refusal.value.code == "too_late"


def test_a_question_stops_the_clock_and_the_answer_starts_it_again(cast):
    row = paths.an_offer(cast)
    moved(row, answer_before=timezone.now() + 7 * MINUTE)
    cast.planner.does(services.ask, row.pk, question="Kan zij traplopen?")
    asked = Offer.objects.get(pk=row.pk)
    assert 6 * 60 < asked.seconds_left <= 7 * 60
    assert asked.answer_before > timezone.now() + 10 * MINUTE  # the desk has time to find out
    cast.coordinator.does(services.reply, row.pk, reply="Nee.")
    replied = Offer.objects.get(pk=row.pk)
    assert (replied.state, replied.seconds_left) == ("sent", None)
    assert 6 * MINUTE < replied.answer_before - timezone.now() <= 7 * MINUTE


def test_a_question_just_before_the_deadline_leaves_a_minute(cast):
    row = paths.an_offer(cast)
    moved(row, answer_before=timezone.now() + timedelta(seconds=20))
    cast.planner.does(services.ask, row.pk, question="Kan zij traplopen?")
    assert Offer.objects.get(pk=row.pk).seconds_left == 60


def test_a_question_that_nobody_answers_expires_too(cast):
    row = paths.offer_at(cast, "asked")
    paths.let_the_deadline_pass(row)
    cast.clock.does(services.expire, row.pk)
    assert Place.objects.get(pk=row.place_id).state == "free"


def test_a_promise_that_the_desk_forgets_is_the_providers_again(cast):
    row = paths.offer_at(cast, "accepted")
    with pytest.raises(NotNow) as refusal:
        cast.clock.does(services.lapse, row.pk)
    assert refusal.value.code == "not_yet"
    moved(row, promised_until=timezone.now() - MINUTE)
    cast.clock.does(services.lapse, row.pk)
    assert Offer.objects.get(pk=row.pk).state == "withdrawn"
    assert Place.objects.get(pk=row.place_id).state == "free"


# To whom, how many -----------------------------------------------------------------------------


def test_not_more_offers_at_once_than_the_region_wants(cast):
    made = paths.a_request(cast)
    wards = [cast.unit(cast.planner.house, "elv_laag", f"Afdeling {n}") for n in range(4)]
    for ward in wards:
        paths.a_place(cast, ward)
    for ward in wards[:3]:
        cast.coordinator.does(services.offer, made.pk, unit_id=ward.pk)
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(services.offer, made.pk, unit_id=wards[3].pk)
    assert refusal.value.code == "too_many_offers"
    first = Offer.objects.filter(request=made).first()
    cast.coordinator.does(services.withdraw, first.pk)
    assert cast.coordinator.does(services.offer, made.pk, unit_id=wards[3].pk)


def test_not_twice_to_the_same_unit(cast):
    row = paths.an_offer(cast)
    paths.a_place(cast)
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(services.offer, row.request_id, unit_id=cast.ward.pk)
    assert refusal.value.code == "already_offered"
    free = Place.objects.filter(unit=cast.ward, state="free")
    assert free.count() == 1


def test_not_to_who_does_not_give_this_care(cast):
    paths.a_place(cast, cast.team, cast.nurse)
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(services.offer, paths.a_request(cast).pk, unit_id=cast.team.pk)
    assert refusal.value.code == "other_care"


# Chosen ----------------------------------------------------------------------------------------


def test_choosing_one_takes_the_others_back(cast):
    row = paths.an_offer(cast)
    paths.a_place(cast, cast.other_ward, cast.other_planner)
    other = cast.coordinator.does(services.offer, row.request_id, unit_id=cast.other_ward.pk)
    cast.planner.does(services.accept, row.pk)
    cast.other_planner.does(services.accept, other.pk)
    cast.coordinator.does(services.assign, row.pk, sbar=paths.LETTER)
    assert Offer.objects.get(pk=other.pk).state == "withdrawn"
    assert Place.objects.get(pk=other.place_id).state == "free"
    assert cast.other_planner.hears()[-1] == "offer.withdrawn"
    with pytest.raises(NotNow):
        cast.coordinator.does(services.assign, other.pk, sbar=paths.LETTER)


def test_nobody_starts_before_reading_back(cast):
    row = paths.offer_at(cast, "assigned")
    with pytest.raises(NotNow) as refusal:
        cast.planner.does(services.start, row.pk)
    assert refusal.value.code == "not_read_back"
    with pytest.raises(NotValid):
        cast.planner.does(services.read_back, row.pk, read_back="")


def test_done_twice_is_told_so_and_not_that_it_does_not_exist(cast):
    row = paths.offer_at(cast, "completed")
    with pytest.raises(NotNow) as refusal:
        cast.planner.does(services.complete, row.pk)
    assert refusal.value.code == "wrong_state"


@pytest.mark.parametrize("who", ["coordinator", "planner"])
def test_when_the_chosen_one_falls_away_the_desk_looks_further(who, cast):
    row = paths.offer_at(cast, "assigned")
    if who == "planner":
        cast.planner.does(services.fail, row.pk, reason="no_staff", remark="ziek")
    else:
        cast.coordinator.does(services.withdraw, row.pk)
    made = CareRequest.objects.get(pk=row.request_id)
    assert (made.state, made.provider_id, made.assigned_at) == ("searching", None, None)
    assert not Case.objects.visible_to(cast.planner.actor).exists()
    place = Place.objects.get(pk=row.place_id)
    assert place.state == ("withdrawn" if who == "planner" else "free")


def test_a_closed_case_does_not_put_the_patient_out_of_bed(cast):
    """The huisarts is done; the house still gives care, reads the record, and ends it itself."""
    row = paths.offer_at(cast, "started")
    cast.huisarts.does(casework.close_case, row.request.case_id, reason="care_started")
    assert Case.objects.visible_to(cast.planner.actor).filter(pk=row.request.case_id).exists()
    cast.planner.does(services.complete, row.pk)
    assert CareRequest.objects.get(pk=row.request_id).state == "closed"
    assert Place.objects.get(pk=row.place_id).state == "withdrawn"
    assert not Case.objects.visible_to(cast.planner.actor).exists()


def test_a_case_is_not_closed_while_somebody_waits(cast):
    row = paths.an_offer(cast)
    with pytest.raises(NotNow) as refusal:
        cast.huisarts.does(casework.close_case, row.request.case_id, reason="care_started")
    assert refusal.value.code == "open_request"


def test_two_providers_hear_nothing_of_each_other(cast):
    row = paths.an_offer(cast)
    paths.a_place(cast, cast.other_ward, cast.other_planner)
    other = cast.coordinator.does(services.offer, row.request_id, unit_id=cast.other_ward.pk)
    assert not sees(cast.planner, other)
    before = cast.planner.hears()
    cast.other_planner.does(services.decline, other.pk, reason="no_staff")
    assert cast.planner.hears() == before
