"""The case itself, between desks: one owner before, one after, and never none."""

import pytest

from coordination import casework, handovers
from lzc.errors import NotAllowed, NotNow, NotSeen, NotValid
from lzc.rights import OrganisationKind, Role
from tests import paths
from tests.cast import House, assemble
from triage.models import Case, Involvement
from triage.services import ContactIn, PatientIn


@pytest.fixture
def cast(committed):
    return assemble()


def sees(who, case) -> bool:
    return Case.objects.visible_to(who.actor).filter(pk=case.pk).exists()


def hand(cast, case, giver, taker):
    return giver.does(handovers.hand_over, case.pk, to_desk=taker.desk, sbar=paths.SBAR)


def test_five_owners_one_after_the_other(cast):
    case = paths.a_case(cast, cast.centralist)
    desks = [cast.centralist, cast.triagist, cast.coordinator, cast.nurse, cast.huisarts]
    for giver, taker in zip(desks, desks[1:], strict=False):
        made = hand(cast, case, giver, taker)
        assert sees(taker, case)  # reads the record before it answers
        taker.does(handovers.accept, made.pk, read_back="Begrepen.")
        assert Case.objects.get(pk=case.pk).owner_id == taker.desk.pk
        assert not sees(giver, case)
    owners = Involvement.objects.filter(case=case, kind="owner").order_by("since")
    assert [o.desk_id for o in owners] == [d.desk.pk for d in desks]
    for before, after in zip(owners, list(owners)[1:], strict=False):
        assert before.until <= after.since


def test_all_who_are_involved_hear_who_owns_it_now(cast):
    case = paths.a_case(cast)
    hand(cast, case, cast.coordinator, cast.nurse)
    made = cast.nurse.hears()
    assert made == ["handover.offered"]
    with cast.nurse.looks():
        (pk,) = case.handovers.values_list("pk", flat=True)
    cast.nurse.does(handovers.accept, pk, read_back="Begrepen.")
    for who in (cast.nurse, cast.coordinator, cast.huisarts):
        assert who.hears()[-2:] == ["case.owner_changed", "handover.accepted"]
    assert cast.stranger.hears() == []


def test_who_only_serves_owns_no_case_and_takes_none_in(cast):
    house = House(OrganisationKind.GEMEENTE, "Gemeente", cast.subregion).saved()
    clerk = cast.person(house, Role.COORDINATOR)
    case = paths.a_case(cast)
    with pytest.raises(NotValid, match="may not have a record") as refusal:
        hand(cast, case, cast.coordinator, clerk)
    assert refusal.value.field == "to_desk"
    with pytest.raises(NotAllowed, match="Call the care coordination centre"):
        paths.a_case(cast, clerk)
    # Whatever part in it somebody wrote down for it.
    Involvement.objects.create(case=case, kind="helper", organisation=house.row, desk=house.desk)
    assert not sees(clerk, case)


def test_a_desk_of_another_region_is_handed_no_case_and_sees_none(cast):
    """Else whoever has a key could open a record to anybody in the country."""
    elsewhere = assemble().coordinator
    case = paths.a_case(cast)
    with pytest.raises(NotValid, match="another region") as refusal:
        hand(cast, case, cast.coordinator, elsewhere)
    assert (refusal.value.field, refusal.value.code) == ("to_desk", "other_region")
    assert not sees(elsewhere, case)


def test_what_was_understood_is_repeated_or_it_is_not_accepted(cast):
    made = paths.handover_at(cast, "offered").handover
    with pytest.raises(NotValid) as refusal:
        cast.nurse.does(handovers.accept, made.pk, read_back="")
    assert refusal.value.field == "read_back"


def test_who_refuses_says_why_and_sees_it_no_longer(cast):
    found = paths.handover_at(cast, "offered")
    with pytest.raises(NotValid):
        cast.nurse.does(handovers.refuse, found.handover.pk, reason="")
    cast.nurse.does(handovers.refuse, found.handover.pk, reason="Niemand op de weg.")
    assert not sees(cast.nurse, found.case)
    assert sees(cast.coordinator, found.case)
    assert cast.coordinator.hears()[-1] == cast.nurse.hears()[-1] == "handover.refused"


def test_after_a_refusal_it_can_be_offered_to_another(cast):
    found = paths.handover_at(cast, "refused")
    made = hand(cast, found.case, cast.coordinator, cast.triagist)
    cast.triagist.does(handovers.accept, made.pk, read_back="Begrepen.")


def test_who_took_a_call_of_it_keeps_sight_when_refusing_the_case(cast):
    """The night team heard from her itself; that part is not the handover's to end."""
    known = cast.patient()
    who = cast.coordinator
    case = who.does(paths.triage.register, patient=known, contact=ContactIn(), desk=who.desk).case
    cast.nurse.does(
        paths.triage.register,
        patient=PatientIn(bsn=known.bsn),
        contact=ContactIn(),
        desk=cast.nurse.desk,
    )
    made = hand(cast, case, who, cast.nurse)
    cast.nurse.does(handovers.refuse, made.pk, reason="Niemand op de weg.")
    assert sees(cast.nurse, case)


def test_one_handover_at_a_time(cast):
    found = paths.handover_at(cast, "offered")
    with pytest.raises(NotNow) as refusal:
        hand(cast, found.case, cast.coordinator, cast.triagist)
    assert refusal.value.code == "already_handed_over"


def test_not_to_oneself(cast):
    case = paths.a_case(cast)
    with pytest.raises(NotValid):
        hand(cast, case, cast.coordinator, cast.colleague)


def test_only_the_owner_and_only_whose_work_it_is(cast):
    case = paths.a_case(cast)
    with pytest.raises(NotAllowed):  # the own huisarts sees it, and does not own it
        hand(cast, case, cast.huisarts, cast.nurse)
    planner = cast.person(cast.coordinator.house, "planner")
    with pytest.raises(NotAllowed):
        hand(cast, case, planner, cast.nurse)
    with pytest.raises(NotSeen):
        hand(cast, case, cast.stranger, cast.nurse)


def test_a_closed_case_stays_where_it_is(cast):
    case = paths.case_at(cast, "closed")
    with pytest.raises(NotNow):
        hand(cast, case, cast.coordinator, cast.nurse)


def test_a_case_that_is_on_its_way_is_not_closed(cast):
    found = paths.handover_at(cast, "offered")
    with pytest.raises(NotNow) as refusal:
        cast.coordinator.does(casework.close_case, found.case.pk, reason="care_started")
    assert refusal.value.code == "handing_over"


def test_a_colleague_of_the_desk_goes_on_where_the_other_stopped(cast):
    """A case is the desk's, not the person's: A-08."""
    found = paths.handover_at(cast, "offered")
    cast.colleague.does(handovers.withdraw, found.handover.pk)
    cast.colleague.does(handovers.note, found.case.pk, text="Overgenomen van de nacht.")
    cast.colleague.does(casework.close_case, found.case.pk, reason="care_started")


def test_a_note_is_read_by_all_who_are_involved(cast):
    case = paths.a_case(cast)
    cast.huisarts.does(handovers.note, case.pk, text="Sleutel bij de buren.")
    assert cast.coordinator.hears()[-1] == "case.noted"
    with cast.coordinator.looks():
        assert case.notes.get().text == "Sleutel bij de buren."
