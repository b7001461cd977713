"""The work list: whose turn it is, by when, and nobody's name."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capacity import observing, planning
from capacity import services as capacity
from coordination import casework, services
from coordination.states import HandoverState, OfferState, RequestState
from lzc.models import AccessRecord, Region
from lzc.templatetags.ui import moment
from tests import full_list, paths
from tests.cast import Cast, assemble
from tests.coordination_pages.conftest import Browser, text_of
from triage import services as triage
from triage.models import Case
from triage.services import TriageIn

LIST = "/werklijst/"
#: Of the whole page: who am I (4), the list (6), what is free (2).
MOST_QUERIES = 12
#: Heading in the list by what has happened to the request.
HEADINGS = {
    RequestState.SUBMITTED: "Nog niet opgepakt",
    RequestState.SEARCHING: "In behandeling",
    RequestState.WAITING: "In behandeling",
    RequestState.ON_HOLD: "In behandeling",
    RequestState.ASSIGNED: "Wacht op aanbieder",
}


def asked_of(browser: Browser, path: str = LIST) -> list[str]:
    """The queries of one page, without those that only begin and end a transaction."""
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    frame = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SET CONSTRAINTS")
    return [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(frame)]


def rows_of(page: Any) -> list[Any]:
    return [row for group in page.context["groups"] for row in group["rows"]]


@pytest.mark.parametrize("state", sorted(HEADINGS))
def test_a_request_stands_under_whose_turn_it_is(state: str, cast: Cast, at: Any) -> None:
    paths.request_at(cast, state)
    (group,) = at.coordinator.get(LIST).context["groups"]
    assert (group["label"], len(group["rows"])) == (HEADINGS[RequestState(state)], 1)


def test_an_offer_that_is_out_waits_for_its_provider(cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, OfferState.SENT)
    (row,) = rows_of(at.coordinator.get(LIST))
    assert (row.group, row.kind, row.deadline) == ("waits", "reply", offer.answer_before)


@pytest.mark.parametrize("state", [OfferState.ACCEPTED, OfferState.ASKED])
def test_what_a_provider_said_brings_it_back_to_the_desk(state: str, cast: Cast, at: Any) -> None:
    offer = paths.offer_at(cast, state)
    offer.refresh_from_db()
    (row,) = rows_of(at.coordinator.get(LIST))
    wanted = offer.promised_until if state == OfferState.ACCEPTED else offer.answer_before
    assert (row.group, row.deadline) == ("busy", wanted)


def test_the_first_to_be_done_stands_first(cast: Cast, at: Any) -> None:
    now = timezone.now()
    for hours in (5, 2, 9):
        paths.a_request(cast, needed_by=now + timedelta(hours=hours))
    deadlines = [row.deadline for row in rows_of(at.coordinator.get(LIST))]
    assert deadlines == sorted(deadlines) and len(deadlines) == 3


def test_no_name_address_or_number_is_in_the_list(cast: Cast, at: Any) -> None:
    """Neither in what is read nor in what the page is made of."""
    case = paths.a_case(cast, cast.huisarts)
    cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast))
    bare = paths.a_case(cast, urgency="")
    with cast.coordinator.looks():
        people = [case.patient, type(case).objects.get(pk=bare.pk).patient]
    told = f"mevrouw {people[1].name} is gevallen"
    judged = TriageIn(urgency="U3", complaint=told)
    cast.coordinator.does(triage.triage, bare.pk, judged=judged)
    page = at.coordinator.get(LIST)
    source = page.content.decode()
    assert len(rows_of(page)) == 2
    for person in people:
        for secret in (person.name, person.address, person.telephone, person.bsn, str(person.pk)):
            assert secret and secret not in source
        assert person.town in source and str(person.pc4) in source


def test_one_access_record_tells_of_all_who_were_listed(cast: Cast, at: Any) -> None:
    patients = {paths.a_request(cast).patient_id for _ in range(3)}
    patients.add(paths.a_case(cast).patient_id)
    before = AccessRecord.objects.count()
    at.coordinator.get(LIST)
    record = AccessRecord.objects.order_by("-at")[0]
    assert AccessRecord.objects.count() == before + 1
    assert (record.action, set(record.patients)) == ("list", patients)
    assert record.actor == cast.coordinator.actor.pk


def test_it_takes_twelve_queries_at_ten_cases_and_at_three_hundred(cast: Cast, at: Any) -> None:
    """In every state and with a handover among them, so that every question is asked."""
    paths.a_place(cast)
    full_list.ten_cases(cast)
    ten = asked_of(at.coordinator)
    full_list.copied(cast, 300)
    many = asked_of(at.coordinator)
    assert len(rows_of(at.coordinator.get(LIST))) == 300
    assert len(many) == len(ten) <= MOST_QUERIES, "\n".join(sql[:140] for sql in many)


def test_a_case_offered_to_this_desk_stands_first_of_all(cast: Cast, at: Any) -> None:
    paths.handover_at(cast, HandoverState.OFFERED)
    (row,) = rows_of(at.nurse.get(LIST))
    assert (row.group, row.via) == ("handed", "Zorgcentrale")
    (own,) = rows_of(at.coordinator.get(LIST))
    assert own.group == "own" and "wacht op Thuiszorg Nacht" in str(own.flags)


def test_a_case_without_a_request_stays_in_sight_of_its_owner(cast: Cast, at: Any) -> None:
    paths.a_case(cast, urgency="")
    (row,) = rows_of(at.coordinator.get(LIST))
    assert (row.group, row.title) == ("own", "Nog geen triage")


def test_who_only_helped_sees_the_case_at_the_end(cast: Cast, at: Any) -> None:
    paths.case_at(cast, "open")
    (row,) = rows_of(at.centralist.get(LIST))
    assert (row.group, row.via, row.deadline) == ("part", "Zorgcentrale", None)


def test_what_is_with_112_says_so(cast: Cast, at: Any) -> None:
    paths.case_at(cast, "redirected")
    assert "Bij 112" in text_of(at.coordinator.get(LIST))


def test_the_filter_is_a_link_and_stays(cast: Cast, at: Any) -> None:
    made = paths.a_request(cast)
    cast.coordinator.does(services.take, made.pk)
    paths.a_request(cast)
    mine = at.coordinator.get(LIST, van="mij")
    (row,) = rows_of(mine)
    assert row.mine
    assert f'href="/casus/{row.reference}/?van=mij"' in mine.content.decode()
    assert 'hx-get="/werklijst/?van=mij&amp;deel=werk"' in mine.content.decode()
    theirs = at.colleague.get(LIST, van="mij")
    assert "Filter wissen" in text_of(theirs) and not rows_of(theirs)


def test_an_empty_list_says_what_that_means(cast: Cast, at: Any) -> None:
    assert "Geen openstaande casussen" in text_of(at.coordinator.get(LIST))
    paths.offer_at(cast, OfferState.STARTED)
    cast.huisarts.does(casework.close_case, _only_case(cast), reason="care_started")
    page = at.coordinator.get(LIST)
    assert "Laatste om" in text_of(page) and not rows_of(page)
    assert {"label": "Vandaag geplaatst", "value": 1} in page.context["numbers"]


def _only_case(cast: Cast) -> Any:
    return Case.objects.visible_to(cast.huisarts.actor).values_list("pk", flat=True).get()


@pytest.mark.parametrize("part", ["werk", "stand", "cap"])
def test_a_part_is_fetched_by_itself(part: str, cast: Cast, at: Any) -> None:
    paths.a_request(cast)
    source = at.coordinator.get(LIST, deel=part).content.decode()
    assert f'id="{part}"' in source and "<html" not in source
    assert f'hx-get="/werklijst/?deel={part}"' in source


@pytest.mark.parametrize("who", ["planner", "adviser"])
@pytest.mark.parametrize("path", [LIST, "/casus/nieuw/", "/capaciteit/overzicht/"])
def test_who_does_not_work_at_a_desk_finds_nothing_here(
    who: str, path: str, cast: Cast, at: Any
) -> None:
    assert getattr(at, who).get(path).status_code == 404


def test_free_places_are_counted_with_how_sure_they_are(cast: Cast, at: Any) -> None:
    cast.planner.does(capacity.release, cast.ward.pk, count=2)
    cast.other_planner.does(capacity.release, cast.other_ward.pk, count=4)
    cast.nurse.does(capacity.release, cast.team.pk, count=3)
    said_before(cast.ward, hours=20)
    said_before(cast.other_ward, hours=25)
    kinds = {kind["code"]: kind for kind in at.coordinator.get(LIST).context["capacity"]}
    elv, visits = kinds["elv_laag"], kinds["wijkverpleging"]
    assert (elv["here"], elv["here_uncertain"], elv["uncounted"]) == (2, 2, 4)
    assert (visits["here"], visits["here_uncertain"], visits["uncounted"]) == (3, 0, 0)
    cast.ward.refresh_from_db()
    assert elv["oldest"] == cast.ward.observed_at
    assert "waarvan 2 onzeker" in text_of(at.coordinator.get(LIST))
    page = at.coordinator.get("/capaciteit/overzicht/")
    assert "De Linde ELV" in text_of(page) and "onbekend" in text_of(page)
    part = at.coordinator.get("/capaciteit/overzicht/", deel="overzicht").content.decode()
    assert 'id="overzicht"' in part and "<html" not in part


def test_what_comes_free_stands_beside_what_is_free(cast: Cast, at: Any) -> None:
    soon = timezone.now() + timedelta(hours=2)
    cast.planner.does(planning.plan_release, cast.ward.pk, free_from=soon)
    assert coming_of(at.coordinator) == (0, 1, soon)
    assert f"+1 om {moment(soon)}" in text_of(at.coordinator.get(LIST, deel="cap"))
    far = timezone.now() + timedelta(hours=13)
    cast.other_planner.does(planning.plan_release, cast.other_ward.pk, free_from=far)
    assert coming_of(at.coordinator) == (0, 1, soon), "after the next shift"


def test_what_comes_free_in_a_unit_that_admits_nobody_by_then_is_not_expected(
    cast: Cast, at: Any
) -> None:
    soon = timezone.now() + timedelta(hours=2)
    cast.planner.does(planning.plan_release, cast.ward.pk, free_from=soon)
    until = soon + timedelta(hours=1)
    cast.planner.does(observing.stop, cast.ward.pk, reason="staff", expected_end=until)
    assert coming_of(at.coordinator) == (0, 0, None)
    cast.planner.does(observing.reopen, cast.ward.pk)
    until = soon - timedelta(hours=1)
    cast.planner.does(observing.stop, cast.ward.pk, reason="staff", expected_end=until)
    assert coming_of(at.coordinator) == (0, 1, soon), "it admits again before that"
    passed = timezone.now() - timedelta(minutes=1)
    cast.ward.closures.filter(ended_at=None).update(expected_end=passed)
    assert coming_of(at.coordinator) == (0, 0, None), "it should have by now, and does not"


def coming_of(browser: Any) -> tuple[int, int, Any]:
    found = browser.get(LIST, deel="cap").context["capacity"]
    (elv,) = [kind for kind in found if kind["code"] == "elv_laag"]
    return elv["free"], elv["coming"], elv["first"]


def said_before(unit: Any, *, hours: int) -> None:
    then = timezone.now() - timedelta(hours=hours)
    type(unit).objects.filter(pk=unit.pk).update(observed_at=then)


def test_the_subregion_of_the_desk_is_counted_beside_the_whole_region(cast: Cast, at: Any) -> None:
    away = Region.objects.create(slug=f"ver-{cast.region.pk.hex[:8]}", parent=cast.region)
    type(cast.other_ward).objects.filter(pk=cast.other_ward.pk).update(region=away)
    paths.a_place(cast)
    paths.a_place(cast, cast.other_ward, cast.other_planner)
    (elv,) = [k for k in at.coordinator.get(LIST).context["capacity"] if k["code"] == "elv_laag"]
    assert (elv["here"], elv["free"]) == (1, 2)


def test_another_region_is_not_counted(cast: Cast, at: Any) -> None:
    other = assemble()
    other.planner.does(capacity.release, other.ward.pk, count=2)
    free = [k["free"] for k in at.coordinator.get(LIST).context["capacity"]]
    assert sum(free) == 0
