"""Taking somebody in: who is it, were they heard of before, and may they ask here now?"""

import itertools
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from lzc.errors import NotAllowed, NotNow, NotValid
from lzc.hours import is_anw
from lzc.models import Event, Policy
from lzc.policy import Rules
from lzc.rights import Duty, OrganisationKind, Role
from tests import paths
from tests.cast import House, assemble
from triage import services as triage
from triage.models import Case, Patient
from triage.services import ContactIn, PatientIn

HOUR = timedelta(hours=1)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def taken(cast, who, known, **contact):
    """What came of it when `who` took this person in at their own desk."""
    return who.does(triage.register, patient=known, contact=ContactIn(**contact), desk=who.desk)


def test_somebody_new_gets_a_case_at_the_desk_that_took_them_in(committed):
    cast = assemble()
    came = taken(cast, cast.coordinator, cast.patient())
    assert (came.outcome, came.recurrence.contacts) == ("registered", 1)
    assert came.case.owner_id == cast.coordinator.desk.pk
    assert came.case.reference.startswith("ZC-")
    assert cast.coordinator.hears() == ["case.registered"]
    assert cast.huisarts.hears() == ["case.registered"]  # the own huisarts is told
    assert cast.stranger.hears() == []


def test_a_second_call_joins_the_open_case(committed):
    cast = assemble()
    known = cast.patient()
    first = taken(cast, cast.centralist, known)
    second = taken(cast, cast.triagist, PatientIn(bsn=known.bsn))
    assert (second.outcome, second.case.pk) == ("joined", first.case.pk)
    assert second.recurrence.contacts == 2
    assert cast.triagist.hears() == ["case.contacted"]
    assert Case.objects.get(pk=first.case.pk).owner_id == cast.centralist.desk.pk


def test_after_a_case_is_closed_a_call_opens_another_for_the_same_person(committed):
    cast = assemble()
    known = cast.patient()
    first = taken(cast, cast.coordinator, known)
    cast.coordinator.does(triage.close, first.case.pk, reason="care_started")
    again = taken(cast, cast.coordinator, PatientIn(bsn=known.bsn, telephone="06-11112222"))
    assert again.outcome == "registered"
    assert again.case.pk != first.case.pk
    assert again.case.patient_id == first.case.patient_id
    assert again.recurrence.contacts == 2


def test_what_was_unknown_is_filled_in_and_what_was_known_stays(committed):
    cast = assemble()
    known = cast.patient(telephone="", address="", postcode="")
    first = taken(cast, cast.coordinator, known)
    later = PatientIn(
        bsn=known.bsn,
        name="Heel anders",
        telephone="0611112222",
        address="Plein 3",
        postcode=f"{cast.pc4}XY",
    )
    taken(cast, cast.coordinator, later)
    with cast.coordinator.looks():
        person = Patient.objects.get(pk=first.case.patient_id)
    assert (person.name, person.telephone) == (known.name, "0611112222")
    assert person.address_key == f"{cast.pc4}XY|3"


def test_what_a_later_episode_tells_is_filled_in_too(committed):
    cast = assemble()
    known = cast.patient(telephone="")
    first = taken(cast, cast.coordinator, known)
    cast.coordinator.does(triage.close, first.case.pk, reason="care_started")
    taken(cast, cast.coordinator, PatientIn(bsn=known.bsn, telephone="0611112222"))
    with cast.coordinator.looks():
        assert Patient.objects.get(pk=first.case.patient_id).telephone == "0611112222"


def test_all_that_a_later_caller_tells_is_filled_in(committed):
    """Found on the street without papers; at the second call somebody knows her."""
    cast = assemble()
    first = taken(cast, cast.centralist, PatientIn(telephone="0655500011"))
    who = {"recognised": first.case.patient_id, "sex": "female", "estimated_age": 0}
    more = {"no_bsn": "non_resident", "foreign_id": "X-12", "postcode": f"{cast.pc4}XY"}
    told = PatientIn(**who, **more)
    assert taken(cast, cast.triagist, told, callback="0655500011").outcome == "joined"
    with cast.triagist.looks():
        person = Patient.objects.get(pk=first.case.patient_id)
    assert [getattr(person, name) for name in more] == [*more.values()]
    assert (person.sex, person.estimated_age, person.town) == ("female", 0, "Zwolle")


def test_what_a_later_caller_does_not_know_takes_nothing_away(committed):
    cast = assemble()
    known = cast.patient(no_bsn="refused", bsn="", foreign_id="X-13")
    first = taken(cast, cast.coordinator, known)
    later = PatientIn(
        name=known.name, birth_date=known.birth_date, address=known.address,
        postcode=known.postcode, sex="unknown", no_bsn="unknown", foreign_id="X-14",
    )  # fmt: skip
    assert taken(cast, cast.coordinator, later).outcome == "joined"
    with cast.coordinator.looks():
        person = Patient.objects.get(pk=first.case.patient_id)
    assert (person.sex, person.no_bsn, person.foreign_id) == ("female", "refused", "X-13")


def test_an_own_huisarts_who_is_named_later_is_told_from_then_on(committed):
    cast = assemble()
    known = cast.patient(own_huisarts=None)
    case = taken(cast, cast.coordinator, known).case
    assert cast.huisarts.hears() == []
    later = PatientIn(bsn=known.bsn, own_huisarts=cast.huisarts.house.pk)
    taken(cast, cast.coordinator, later)
    assert cast.huisarts.hears() == ["case.contacted"]
    assert case.involvements.open().filter(kind="own_huisarts").count() == 1
    # Whoever names another afterwards changes nothing: the first is known.
    taken(cast, cast.coordinator, PatientIn(bsn=known.bsn, own_huisarts=cast.stranger.house.pk))
    assert cast.stranger.hears() == []


def test_the_own_practice_that_owns_the_case_has_one_part_in_it(committed):
    cast = assemble()
    known = cast.patient(own_huisarts=None)
    case = taken(cast, cast.huisarts, known).case
    later = PatientIn(bsn=known.bsn, own_huisarts=cast.huisarts.house.pk)
    taken(cast, cast.huisarts, later)
    assert list(case.involvements.open().values_list("kind", flat=True)) == ["owner"]


@pytest.mark.parametrize(
    "long", [{"name": "\ufdfa" * 120}, {"address": "Assendorperstraat " + "1" * 40}]
)
def test_who_has_a_long_name_or_house_number_is_taken_in_and_recognised(long, committed):
    cast = assemble()
    known = cast.patient(bsn="", **long)
    assert taken(cast, cast.coordinator, known).outcome == "registered"
    assert taken(cast, cast.coordinator, known).outcome == "joined"


def test_a_bsn_that_comes_later_is_kept(committed):
    """At night nobody has a card at hand; next morning the huisarts knows it."""
    cast = assemble()
    known = cast.patient()
    nameless = PatientIn(
        name=known.name, birth_date=known.birth_date, address=known.address, postcode=known.postcode
    )
    first = taken(cast, cast.coordinator, nameless)
    second = taken(cast, cast.coordinator, known)
    third = taken(cast, cast.coordinator, PatientIn(bsn=known.bsn))
    assert first.case.pk == second.case.pk == third.case.pk
    with cast.coordinator.looks():
        person = Patient.objects.get(pk=first.case.patient_id)
        assert (person.bsn, person.no_bsn) == (known.bsn, "")


def test_two_people_with_one_name_and_different_bsns_are_two_people(committed):
    cast = assemble()
    one = cast.patient()
    other = cast.patient(
        name=one.name, birth_date=one.birth_date, address=one.address, postcode=one.postcode
    )
    assert taken(cast, cast.coordinator, one).outcome == "registered"
    came = taken(cast, cast.coordinator, other)
    assert came.outcome == "registered"
    assert (came.recurrence.person, came.recurrence.address) == (1, 2)


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1])))
def test_a_bsn_goes_before_a_namesake_without_one(order, committed):
    """Whichever of the two was met first."""
    cast = assemble()
    known = cast.patient()
    namesake = PatientIn(
        name=known.name, birth_date=known.birth_date, address=known.address, postcode=known.postcode
    )
    stub = PatientIn(bsn=known.bsn)
    met = [(namesake, stub)[n] for n in order]
    cases = {who.bsn: taken(cast, cast.coordinator, who).case for who in met}
    assert cases[""].pk != cases[known.bsn].pk
    assert taken(cast, cast.coordinator, known).case.pk == cases[known.bsn].pk


def test_a_name_and_birth_date_alone_are_not_yet_a_person(committed):
    cast = assemble()
    known = cast.patient(bsn="")
    taken(cast, cast.coordinator, known)
    elsewhere = cast.patient(bsn="", name=known.name, birth_date=known.birth_date)
    came = taken(cast, cast.coordinator, elsewhere)
    assert (came.outcome, came.recurrence.person) == ("registered", 1)


def test_somebody_unknown_is_taken_in_under_a_temporary_identity(committed):
    cast = assemble()
    came = taken(cast, cast.centralist, PatientIn(estimated_age=70))
    with cast.centralist.looks():
        person = Patient.objects.get(pk=came.case.patient_id)
    assert person.is_temporary
    assert person.label().startswith("ONB-")
    assert person.no_bsn == "unknown"
    assert taken(cast, cast.centralist, PatientIn(estimated_age=70)).outcome == "registered"


# Heard of before -------------------------------------------------------------------------------


def test_three_nights_are_three_contacts_whoever_answered_the_telephone(committed):
    cast = assemble()
    known, now = cast.patient(), timezone.now()
    nights = [(cast.centralist, 48), (cast.triagist, 24), (cast.centralist, 0)]
    heard = [
        taken(cast, who, known, occurred_at=now - hours * HOUR).recurrence.contacts
        for who, hours in nights
    ]
    assert heard == [1, 2, 3]


def test_the_husband_at_the_same_address_counts_for_the_address(committed):
    cast = assemble()
    wife = cast.patient()
    husband = cast.patient(address=wife.address, postcode=wife.postcode)
    taken(cast, cast.centralist, wife)
    came = taken(cast, cast.triagist, husband)
    assert (came.outcome, came.recurrence.person, came.recurrence.address) == ("registered", 1, 2)


def test_an_address_is_remembered_for_who_calls_without_telling_it(committed):
    cast = assemble()
    wife = cast.patient()
    husband = cast.patient(address=wife.address, postcode=wife.postcode)
    taken(cast, cast.centralist, wife)
    taken(cast, cast.centralist, husband)
    came = taken(cast, cast.centralist, PatientIn(bsn=husband.bsn))
    assert (came.recurrence.person, came.recurrence.address) == (2, 3)


def test_a_region_says_how_far_back_it_looks(committed):
    cast = assemble()
    Policy.objects.create(region=cast.region, version=1, values={"recurrence_hours": 24})
    known, now = cast.patient(), timezone.now()
    taken(cast, cast.centralist, known, occurred_at=now - 30 * HOUR)
    assert taken(cast, cast.centralist, known).recurrence.contacts == 1


def test_the_report_of_a_carer_is_no_call_for_help(committed):
    cast = assemble()
    known = cast.patient()
    case = taken(cast, cast.nurse, known).case
    cast.nurse.does(triage.report, case.pk, findings="Alles goed.", outcomes=[])
    assert taken(cast, cast.nurse, known).recurrence.contacts == 2


# Asked again, or not ---------------------------------------------------------------------------


def test_what_is_told_again_though_it_was_known_is_counted(committed):
    cast = assemble()
    known = cast.patient()
    taken(cast, cast.centralist, known)
    again = taken(cast, cast.triagist, PatientIn(bsn=known.bsn, telephone=known.telephone))
    assert again.contact.reentered == ["telephone"]
    assert cast.triagist.hears() == ["case.contacted", "case.asked_again"]


def test_who_is_recognised_is_asked_nothing_again(committed):
    cast = assemble()
    known = cast.patient()
    taken(cast, cast.centralist, known)
    again = taken(cast, cast.triagist, PatientIn(bsn=known.bsn))
    assert again.contact.reentered == []
    assert cast.triagist.hears() == ["case.contacted"]


# Who may ask, where, when ----------------------------------------------------------------------


def lately(hour: int, *, office: bool) -> datetime:
    """This hour on a day not long ago, within office hours or outside them."""
    now = timezone.now().astimezone(AMSTERDAM)
    for days in range(1, 7):
        at = (now - timedelta(days=days)).replace(hour=hour, minute=0, second=0)
        if is_anw(at, Rules()) is not office:
            return at
    raise AssertionError("six days in a row without such a moment")


def test_a_citizen_asks_at_night_and_is_told_where_to_turn_by_day(committed):
    cast = assemble()
    night = taken(
        cast, cast.triagist, cast.patient(), asked_by="citizen", occurred_at=lately(3, office=False)
    )
    assert night.outcome == "registered"
    with pytest.raises(NotNow) as refusal:
        taken(
            cast,
            cast.triagist,
            cast.patient(),
            asked_by="citizen",
            occurred_at=lately(10, office=True),
        )
    assert refusal.value.code == "outside_anw"
    assert cast.triagist.desk.telephone in str(refusal.value)


@pytest.mark.parametrize("who", ["centralist", "huisarts"])
def test_112_and_professionals_are_heard_at_every_hour(who, committed):
    cast = assemble()
    asked_by = "citizen" if who == "centralist" else "professional"
    at = lately(10, office=True)
    came = taken(cast, getattr(cast, who), cast.patient(), asked_by=asked_by, occurred_at=at)
    assert came.outcome == "registered"


def test_nobody_whose_life_is_threatened_is_sent_away(committed):
    cast = assemble()
    came = cast.coordinator.does(
        triage.register,
        patient=cast.patient(),
        contact=ContactIn(asked_by="citizen", occurred_at=lately(10, office=True)),
        urgency="U1",
        desk=cast.coordinator.desk,
    )
    assert came.outcome == "registered"


def test_a_region_may_hear_citizens_by_day(committed):
    cast = assemble()
    Policy.objects.create(region=cast.region, version=1, values={"citizens_only_in_anw": False})
    at = lately(10, office=True)
    came = taken(cast, cast.triagist, cast.patient(), asked_by="citizen", occurred_at=at)
    assert came.outcome == "registered"


def test_nobody_takes_in_at_the_desk_of_another(committed):
    cast = assemble()
    with pytest.raises(NotAllowed):
        cast.coordinator.does(
            triage.register, patient=cast.patient(), contact=ContactIn(), desk=cast.nurse.desk
        )


@pytest.mark.parametrize("role", [Role.PLANNER, Role.ADVISER, Role.SECURITY])
def test_nobody_takes_in_whose_work_it_is_not(role, committed):
    cast = assemble()
    somebody = cast.person(cast.coordinator.house, role)
    with pytest.raises(NotAllowed):
        taken(cast, somebody, cast.patient())
    machine = cast.machine(cast.coordinator.house, Duty.VISIT)
    with pytest.raises(NotAllowed):
        machine.does(
            triage.register,
            patient=cast.patient(),
            contact=ContactIn(),
            desk=cast.coordinator.desk,
        )


def test_who_does_not_treat_is_only_told_that_somebody_will_call(committed):
    """A transfer desk asks for a person whose case is open elsewhere."""
    cast = assemble()
    hospital = House(OrganisationKind.ZIEKENHUIS, "Ziekenhuis", cast.subregion)
    hospital.row.save(force_insert=True)
    hospital.desk.save(force_insert=True)
    transfer = cast.person(hospital, Role.TRIAGIST)
    known = cast.patient()
    case = taken(cast, cast.huisarts, known).case
    with pytest.raises(NotNow) as refusal:
        taken(cast, transfer, PatientIn(bsn=known.bsn))
    assert refusal.value.code == "already_open"
    assert not Case.objects.visible_to(transfer.actor).filter(pk=case.pk).exists()
    assert transfer.hears() == []


# What cannot be true ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "field"), [(1, "contact.occurred_at"), (-24 * 8, "contact.occurred_at")]
)
def test_a_contact_is_neither_to_come_nor_long_gone(hours, field, committed):
    cast = assemble()
    with pytest.raises(NotValid) as refusal:
        taken(cast, cast.coordinator, cast.patient(), occurred_at=timezone.now() + hours * HOUR)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"postcode": "0999AB"}, "patient.postcode"),
        ({"own_huisarts": uuid.uuid4()}, "patient.own_huisarts"),
    ],
)
def test_what_we_cannot_know_is_refused_with_its_field(known, field, committed):
    cast = assemble()
    with pytest.raises(NotValid) as refusal:
        taken(cast, cast.coordinator, cast.patient(**known))
    assert refusal.value.field == field
    assert cast.coordinator.hears() == []


def test_an_own_huisarts_is_a_practice(committed):
    cast = assemble()
    with pytest.raises(NotValid):
        taken(cast, cast.coordinator, cast.patient(own_huisarts=cast.planner.house.pk))


def test_a_reference_of_theirs_is_used_once(committed):
    cast = assemble()
    taken(cast, cast.coordinator, cast.patient(), external_ref="MKA-7")
    with pytest.raises(NotNow) as refusal:
        taken(cast, cast.coordinator, cast.patient(), external_ref="MKA-7")
    assert refusal.value.code == "external_ref_used"
    assert taken(cast, cast.nurse, cast.patient(), external_ref="MKA-7").outcome == "registered"


def test_an_entry_made_afterwards_says_so(committed):
    cast = assemble()
    known = cast.patient()
    late = taken(cast, cast.coordinator, known, occurred_at=timezone.now() - HOUR).contact
    prompt = taken(cast, cast.coordinator, PatientIn(bsn=known.bsn)).contact
    assert late.is_late_entry
    assert not prompt.is_late_entry


def test_a_refused_intake_leaves_nobody_behind(committed):
    cast = assemble()
    known = cast.patient(own_huisarts=uuid.uuid4())
    with pytest.raises(NotValid):
        taken(cast, cast.coordinator, known)
    with cast.coordinator.looks():
        assert not Patient.objects.filter(name=known.name).exists()
    assert not Event.objects.filter(organisation=cast.coordinator.house.pk).exists()


def test_a_case_of_nobody_in_particular_is_seen_by_its_owner_alone(committed):
    cast = assemble()
    case = paths.a_case(cast, own_huisarts=None)
    sees = [p for p in cast.people() if Case.objects.visible_to(p.actor).filter(pk=case.pk)]
    assert sees == [cast.coordinator, cast.colleague]
