"""Candidates of a request: brought in by a handful of queries, ranked, and kept with the choice."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capacity import observing
from capacity.models import CareUnit, Place, PlaceOutcome
from capacity.tasks import free_planned_places
from coordination import finding, services
from coordination.matching import Step
from coordination.models import CareRequest, Offer
from lzc.errors import NotNow, NotValid
from lzc.models import Organisation, Policy, PostalArea, Region
from tests import paths
from tests.cast import Cast, assemble
from triage.models import Case

#: What a ranking may ask of the database, however many units there are.
MOST_QUERIES = 5


@pytest.fixture
def cast(db) -> Cast:
    return assemble()


def wards(cast: Cast, number: int, **more) -> list[CareUnit]:
    """So many more of them in the region, each with a free place."""
    made = []
    for n in range(number):
        unit = CareUnit.objects.get(pk=cast.ward.pk)
        unit.pk = unit.id = uuid.uuid4()
        unit.name, unit.x = f"Afdeling {n}", unit.x + 100 * (n + 1)
        for name, value in more.items():
            setattr(unit, name, value)
        made.append(unit)
    CareUnit.objects.bulk_create(made)
    Place.objects.bulk_create(Place(unit=unit, source="api") for unit in made)
    return made


def found(cast: Cast, request: CareRequest) -> finding.Found:
    return finding.candidates(request.pk, by=cast.coordinator.actor)


def ids(told: finding.Found) -> list:
    return [candidate.unit for candidate, _ in told.candidates]


@pytest.mark.parametrize("needs", [[], ["vac"]], ids=["common", "rare"])
@pytest.mark.parametrize("units", [1, 60, 300])
def test_a_ranking_asks_the_database_five_things_at_most(cast, units, needs):
    wards(cast, units)
    request = paths.a_request(cast, requirements=needs)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found(cast, request)
    assert len(asked) <= MOST_QUERIES, [query["sql"][:80] for query in asked]


def test_what_is_near_is_enough_and_no_more_is_asked(cast):
    wards(cast, 60)
    request = paths.a_request(cast)
    with CaptureQueriesContext(connection) as asked:
        found(cast, request)
    assert len(asked) == 3, [query["sql"][:80] for query in asked]


def test_a_rare_need_is_found_beyond_hundreds_that_do_not_meet_it(cast):
    far = wards(cast, 301)[-1]
    CareUnit.objects.filter(pk=far.pk).update(attributes=["vac"])
    assert ids(found(cast, paths.a_request(cast, requirements=["vac"]))) == [far.pk]


def planned(unit: CareUnit, minutes: float) -> None:
    """Its only place comes free then."""
    free_from = timezone.now() + timedelta(minutes=minutes)
    Place.objects.filter(unit=unit).update(state="occupied", free_from=free_from)


def test_who_may_wait_is_found_a_place_that_comes_free_further_away(cast):
    far = wards(cast, 120, main_practitioner="")[-1]
    Place.objects.filter(unit__name__startswith="Afdeling").update(state="occupied")
    planned(far, 50)
    request = paths.a_request(cast)
    assert ids(found(cast, request)) == []
    until = timezone.now() + timedelta(minutes=60)
    CareRequest.objects.filter(pk=request.pk).update(may_wait_until=until)
    assert ids(found(cast, request)) == [far.pk]


def test_who_may_wait_is_found_what_comes_free_in_another_region_that_will_do(cast):
    other = assemble()
    paths.a_place(other)
    planned(other.ward, 50)
    until = timezone.now() + timedelta(minutes=60)
    request = paths.a_request(cast)
    for beyond, expected in ((False, []), (True, [other.ward.pk])):
        CareRequest.objects.filter(pk=request.pk).update(may_wait_until=until, beyond=beyond)
        told = [unit for unit in ids(found(cast, request)) if unit in (cast.ward.pk, other.ward.pk)]
        assert told == expected


@pytest.mark.parametrize("care_types", [["elv_laag"], ["elv_laag", "elv_hoog"]])
def test_the_number_that_is_kept_is_the_number_the_desk_saw(cast, care_types):
    made = wards(cast, 30)
    Place.objects.bulk_create(Place(unit=unit, source="api") for unit in made for _ in range(12))
    CareUnit.objects.filter(pk=made[-1].pk).update(care_type=care_types[-1])
    request = paths.a_request(cast, care_types=care_types)
    seen = ids(found(cast, request))
    assert len(seen) == 30
    for unit in (seen[0], seen[-1]):
        kept = finding.weighed(request, [unit])[unit]
        assert (kept["number"], kept["of"]) == (seen.index(unit) + 1, len(seen))


def test_what_is_due_is_offered_when_the_clock_has_freed_it(cast):
    paths.a_place(cast)
    planned(cast.ward, -5)
    request = paths.a_request(cast)
    assert ids(found(cast, request)) == []
    free_planned_places()
    assert ids(found(cast, request)) == [cast.ward.pk]


@pytest.mark.parametrize(
    ("day", "night", "need"),
    [
        (["transfer_2"], ["transfer_1"], "transfer_1"),
        (["isolation_strict"], ["isolation_contact"], "isolation_contact"),
        (["isolation_contact"], ["isolation_strict"], "isolation"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_covers_a_need_by_night_may_be_less_than_by_day(cast, day, night, need):
    far = wards(cast, 301)[-1]
    CareUnit.objects.filter(pk=far.pk).update(attributes=day, night_attributes=night)
    assert ids(found(cast, paths.a_request(cast, requirements=[need]))) == [far.pk]


def test_a_rare_need_is_found_in_another_region_that_will_do(cast):
    other = assemble()
    far = wards(other, 60)[-1]
    CareUnit.objects.filter(pk=far.pk).update(attributes=["vac"])
    assert ids(found(cast, paths.a_request(cast, requirements=["vac"], beyond=True))) == [far.pk]
    assert ids(found(cast, paths.a_request(cast, requirements=["vac"]))) == []


def test_a_ward_that_takes_a_man_is_found_beyond_many_that_do_not(cast):
    units = wards(cast, 61)
    Place.objects.filter(unit__in=units[:-1]).update(attributes=["women"])
    case = paths.a_case(cast, cast.huisarts, sex="male")
    his = cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast))
    assert ids(found(cast, his)) == [units[-1].pk]


def test_a_ward_that_takes_nobody_says_why(cast):
    (unit,) = wards(cast, 1)
    cast.planner.does(observing.stop, unit.pk, reason="staff")
    told = found(cast, paths.a_request(cast))
    (why,) = [e.reasons for e, row in told.excluded if row.pk == unit.pk]
    assert why == ("stopped:staff",)


def test_who_lies_in_a_shared_room_of_women_is_a_woman(cast):
    (unit,) = wards(cast, 1)
    Place.objects.filter(unit=unit).update(attributes=["women"])
    her = paths.a_request(cast)
    assert ids(found(cast, her)) == [unit.pk]
    case = paths.a_case(cast, cast.huisarts, sex="male")
    his = cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast))
    told = found(cast, his)
    assert ids(told) == []
    (why,) = [e.reasons for e, row in told.excluded if row.pk == unit.pk]
    assert why == ("women_only",)


def test_a_list_that_was_wrong_before_is_believed_less(cast):
    good, bad = wards(cast, 2)
    CareUnit.objects.filter(pk__in=[good.pk, bad.pk]).update(x=203_000, observed_at=timezone.now())
    PlaceOutcome.objects.bulk_create(
        PlaceOutcome(unit=unit, offer=uuid.uuid4(), was_there=unit is good, minutes_old=5.0)
        for unit in (good, bad)
        for _ in range(6)
    )
    told = found(cast, paths.a_request(cast))
    assert ids(told) == [good.pk, bad.pk]
    scores = {c.unit: c.scores.carer for c, _ in told.candidates}
    assert scores[good.pk] > scores[bad.pk]


def test_what_a_choice_rested_on_is_kept_with_it(cast):
    first, second = wards(cast, 2)
    request = paths.a_request(cast)
    row = cast.coordinator.does(services.offer, request.pk, unit_id=second.pk)
    kept = Offer.objects.get(pk=row.pk).decision
    assert (kept["number"], kept["of"]) == (2, 2)
    assert kept["policy"] == cast.region.rules().version
    assert set(kept["scores"]) == {"care", "place", "carer", "time", "total"}


def test_weights_of_a_region_decide_and_their_version_is_kept(cast):
    (unit,) = wards(cast, 1)
    Policy.objects.create(region=cast.region, version=7, values={"half_travel_minutes": 5})
    request = paths.a_request(cast)
    row = cast.coordinator.does(services.offer, request.pk, unit_id=unit.pk)
    assert Offer.objects.get(pk=row.pk).decision["policy"].endswith(f"{cast.region.slug}@7")


def test_who_is_asked_against_the_ranking_is_asked_and_why_not_is_kept(cast):
    (unit,) = wards(cast, 1)
    request = paths.a_request(cast, requirements=["vac"])
    row = cast.coordinator.does(services.offer, request.pk, unit_id=unit.pk)
    assert Offer.objects.get(pk=row.pk).decision["reasons"] == ["lacks:vac"]


def test_the_place_that_fits_is_held_and_the_plainest_stays(cast):
    (unit,) = wards(cast, 1)
    single = Place.objects.create(unit=unit, source="api", attributes=["single_room"])
    request = paths.a_request(cast, requirements=["single_room"])
    row = cast.coordinator.does(services.offer, request.pk, unit_id=unit.pk)
    assert row.place_id == single.pk


def test_the_best_is_asked_and_when_nobody_fits_nobody_is(cast):
    request = paths.a_request(cast)
    assert cast.coordinator.does(services.offer_best, request.pk) is None
    near, _far = wards(cast, 2)
    row = cast.coordinator.does(services.offer_best, request.pk)
    assert row.unit_id == near.pk


def test_in_an_order_who_may_no_longer_be_asked_is_passed_over(cast):
    first, second, third = wards(cast, 3)
    request = paths.a_request(cast)
    order = [first.pk, second.pk, third.pk]
    cast.coordinator.does(services.cascade, request.pk, unit_ids=order)
    Place.objects.filter(unit=second).update(attributes=["men"])
    offer = Offer.objects.get(request=request)
    cast.planner.does(services.decline, offer.pk, reason="no_staff")
    assert Offer.objects.get(request=request, state="sent").unit_id == third.pk


def test_in_an_order_another_region_is_passed_over_when_it_will_not_do_after_all(cast):
    other = assemble()
    (near,), (far,) = wards(cast, 1), wards(other, 1)
    request = paths.a_request(cast, beyond=True)
    cast.coordinator.does(services.cascade, request.pk, unit_ids=[near.pk, far.pk])
    cast.huisarts.does(services.amend, request.pk, said={"beyond": False})
    cast.planner.does(services.decline, Offer.objects.get(request=request).pk, reason="no_staff")
    assert list(Offer.objects.filter(request=request).values_list("unit", flat=True)) == [near.pk]


# Asking otherwise -----------------------------------------------------------------------------


def test_who_was_asked_reads_what_is_asked_now(cast):
    offer = paths.an_offer(cast)
    cast.huisarts.does(services.amend, offer.request_id, said={"requirements": ["oxygen"]})
    offer.refresh_from_db()
    assert offer.profile["requirements"] == ["oxygen"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"travel_limit": 2}, "travel_limit"),
        ({"near_pc4": 9998}, "request.near_pc4"),
        ({"requirements": ["butler"]}, "request.requirements"),
        ({"legal_ground": "family"}, "request.legal_ground"),
        ({"who_treats": "me"}, "request.who_treats"),
        ({"need": "Mevrouw Pietersen"}, "request.need"),
        ({"needed_by": timezone.now() - timedelta(hours=1)}, "request.needed_by"),
        ({"needed_by": timezone.now() + timedelta(days=32)}, "request.needed_by"),
        ({"beyond": False}, ""),
    ],
    ids=lambda value: str(next(iter(value))) if isinstance(value, dict) else "",
)
def test_what_cannot_be_asked_is_refused_with_its_field_and_changes_nothing(cast, said, field):
    case = paths.a_case(cast, cast.huisarts, name="P. Pietersen")
    request = cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast))
    before = CareRequest.objects.filter(pk=request.pk).values().get()
    with pytest.raises(NotValid) as refused:
        cast.huisarts.does(services.amend, request.pk, said=said)
    assert refused.value.field == field
    assert CareRequest.objects.filter(pk=request.pk).values().get() == before


@pytest.mark.parametrize(
    ("step", "name"),
    [
        (Step("drop", "oxygen"), "requirements"),
        (Step("travel", 24.2), "travel_limit"),
        (Step("wait", 90.0), "may_wait_until"),
        (Step("later", 900.0), "needed_by"),
        (Step("later", 31 * 1440.0), "needed_by"),
        (Step("care", "elv_hoog"), "care_types"),
        (Step("circle", 2), "beyond"),
    ],
    ids=lambda value: value.kind if isinstance(value, Step) else "",
)
def test_each_kind_of_relaxation_can_be_taken(cast, step, name):
    request = paths.a_request(cast, requirements=["oxygen"])
    before = getattr(request, name)
    cast.coordinator.does(services.widen, request.pk, taken=[step])
    request.refresh_from_db()
    assert getattr(request, name) != before
    if step.kind == "drop":
        assert (request.requirements, request.wish_codes) == ([], ["oxygen"])
    if step.kind == "travel":
        assert request.travel_limit == 25


@pytest.mark.parametrize(
    "step",
    [
        Step("drop", "insulin"),
        Step("care", "wijkverpleging"),
        Step("travel", 4000.0),
        Step("wait", -5.0),
        Step("later", 1e12),
        Step("later", 31 * 1440.0 + 1),
        Step("swap", "oxygen"),
        Step("drop", "isolation"),
        Step("drop", "closed_ward"),
        Step("care", "banana"),
        Step("care", "hospice"),
        Step("travel", float("inf")),
        Step("travel", float("nan")),
    ],
    ids=lambda step: f"{step.kind} {step.value}",
)
def test_what_cannot_be_let_go_is_refused(cast, step):
    request = paths.a_request(cast, requirements=["oxygen", "isolation", "closed_ward"])
    with pytest.raises(NotValid):
        cast.coordinator.does(services.widen, request.pk, taken=[step])


def test_of_two_steps_together_both_are_taken(cast):
    request = paths.a_request(cast, requirements=["oxygen", "pump", "vac"])
    both = [Step("drop", "oxygen"), Step("drop", "pump")]
    cast.coordinator.does(services.widen, request.pk, taken=both)
    request.refresh_from_db()
    assert (request.requirements, request.wish_codes) == (["vac"], ["oxygen", "pump"])


def test_what_was_proposed_fits_when_it_is_taken(cast):
    (unit,) = wards(cast, 1)
    request = paths.a_request(cast, requirements=["oxygen"])
    helps = found(cast, request).relaxations
    (relaxation,) = [r for r in helps if unit.pk in r.units]
    cast.coordinator.does(services.widen, request.pk, taken=relaxation.steps)
    assert ids(found(cast, request)) == [unit.pk]


def test_what_was_asked_anew_while_it_stood_still_is_settled_before_it_goes_on(cast):
    CareUnit.objects.filter(pk=cast.ward.pk).update(attributes=["closed_ward"])
    request = paths.a_request(cast, requirements=["closed_ward"], legal_ground="ibs")
    offer = paths.an_offer(cast, request)
    cast.planner.does(services.accept, offer.pk)
    cast.coordinator.does(services.assign, offer.pk, sbar=paths.LETTER)
    cast.coordinator.does(services.hold, request.pk)
    cast.huisarts.does(services.amend, request.pk, said={"legal_ground": "none_resists"})
    with pytest.raises(NotNow) as refused:
        cast.coordinator.does(services.resume, request.pk)
    assert refused.value.code == "no_legal_ground"
    cast.huisarts.does(services.amend, request.pk, said={"legal_ground": "rm"})
    assert cast.coordinator.does(services.resume, request.pk).state == "assigned"


def test_another_region_is_not_asked_by_mistake(cast):
    other = assemble()
    Place.objects.create(unit=other.ward, source="api")
    request = paths.a_request(cast)
    with pytest.raises(NotNow) as refused:
        cast.coordinator.does(services.offer, request.pk, unit_id=other.ward.pk)
    assert refused.value.code == "other_region"


def test_a_practice_that_is_put_down_in_the_whole_region_comes_to_all_of_it(cast):
    CareUnit.objects.filter(pk=cast.ward.pk).update(main_practitioner="huisarts")
    paths.a_place(cast)
    request = paths.a_request(cast)
    practice = Organisation.objects.filter(pk=cast.huisarts.house.pk)
    for region, remarked in ((cast.region, False), (cast.subregion, False)):
        practice.update(region=region)
        ((candidate, _),) = found(cast, request).candidates
        assert ("who_treats" in candidate.remarks) is remarked
    elsewhere = Region.objects.create(slug=f"ver-{request.pk.hex[:8]}", name="Ver", parent=None)
    PostalArea.objects.create(pc4=9999, town="Ver", region=elsewhere, x=1, y=1, lat=52, lon=6)
    practice.update(region=elsewhere)
    ((candidate, _),) = found(cast, request).candidates
    assert "who_treats" in candidate.remarks


def test_what_makes_it_lawful_is_as_sensitive_as_the_closed_ward_itself(cast):
    request = paths.a_request(cast)
    assert Case.objects.get(pk=request.case_id).sensitivity == ""
    cast.huisarts.does(services.amend, request.pk, said={"legal_ground": "rm"})
    assert Case.objects.get(pk=request.case_id).sensitivity == "wzd"
    wished = paths.a_request(cast, wish_codes=["closed_ward"])
    assert Case.objects.get(pk=wished.case_id).sensitivity == "wzd"


def test_only_another_region_is_let_go_as_a_circle(cast):
    request = paths.a_request(cast)
    with pytest.raises(NotValid):
        cast.coordinator.does(services.widen, request.pk, taken=[Step("circle", 7)])
    assert not CareRequest.objects.get(pk=request.pk).beyond


def test_what_may_not_be_changed_is_refused_by_the_verb_itself(cast):
    request = paths.a_request(cast)
    with pytest.raises(NotValid, match="cannot be changed"):
        cast.huisarts.does(services.amend, request.pk, said={"state": "closed"})
    assert CareRequest.objects.get(pk=request.pk).state == "submitted"


def test_what_two_people_change_in_one_list_is_all_kept(cast):
    request = paths.a_request(cast, requirements=["oxygen"])
    cast.coordinator.does(
        services.amend, request.pk, said={"requirements": ["oxygen", "isolation_contact"]}
    )
    # Whoever looked before that takes oxygen away, and asks for a transfer by one.
    said = {"requirements": ["transfer_1"]}
    cast.huisarts.does(services.amend, request.pk, said=said, shown={"requirements": ["oxygen"]})
    now = CareRequest.objects.get(pk=request.pk).requirements
    assert now == ["isolation_contact", "transfer_1"]
