"""Lists: by the page, nothing missed or seen twice, and as many queries for 300 rows as for 10."""

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capacity.models import CareUnit, Place
from coordination.models import CareRequest, Handover, Offer
from coordination.states import OfferState, RequestState
from lzc.models import Desk, Event, Policy, Subscription
from tests.api.programs import Program, system_of, told
from tests.cast import Cast, surname
from triage.models import Case, Involvement, Patient

NOW = timezone.now()
FAR = 10**12
_numbers = itertools.count(FAR)


def fill_cases(cast: Cast, count: int) -> list[Case]:
    """Cases of the zorgcentrale, as rows: the verbs are tested elsewhere."""
    patients = [Patient(name=f"X. {surname(n + 1)}") for n in range(count)]
    Patient.objects.bulk_create(patients)
    cases = [Case(patient=p, region=cast.subregion, owner=cast.coordinator.desk) for p in patients]
    Case.objects.bulk_create(cases)
    house = cast.coordinator.house.row
    Involvement.objects.bulk_create(
        [Involvement(case=c, organisation=house, kind="owner", desk=c.owner) for c in cases]
    )
    return cases


def fill_requests(cast: Cast, count: int) -> list[CareRequest]:
    made = [
        CareRequest(
            case=case,
            patient_id=case.patient_id,
            kind=CareRequest.Kind.PLACEMENT,
            care_types=["elv_laag"],
            urgency="U3",
            # Some at the very same moment: the order must hold all the same.
            needed_by=NOW + timedelta(minutes=n // 3),
            need="x",
            requester=cast.huisarts.house.row,
            requested_by=cast.huisarts.actor.pk,
            consent="given",
            desk=cast.coordinator.desk,
            state=RequestState.SEARCHING,
        )
        for n, case in enumerate(fill_cases(cast, count))
    ]
    return CareRequest.objects.bulk_create(made)


def fill_offers(cast: Cast, count: int) -> None:
    places = [Place(unit=cast.ward, source="api", state="held") for _ in range(count)]
    offers = [
        Offer(
            request=request,
            unit=cast.ward,
            place=place,
            state=OfferState.SENT,
            profile=PROFILE,
            visible_from=NOW,
            shown_at=NOW,
            answer_before=NOW + timedelta(hours=1),
        )
        for request, place in zip(fill_requests(cast, count), places, strict=True)
    ]
    for place, offer in zip(places, offers, strict=True):
        place.held_by = offer.pk
    Place.objects.bulk_create(places)
    Offer.objects.bulk_create(offers)


PROFILE = {
    "age_band": "80-84",
    "sex": "female",
    "pc4": None,
    "town": "",
    "kind": "placement",
    "care_types": ["elv_laag"],
    "urgency": "U3",
    "needed_by": "",
    "need": "",
    "requirements": [],
    "wishes": "",
}


def fill_handovers(cast: Cast, count: int) -> None:
    Handover.objects.bulk_create(
        [
            Handover(
                case=case,
                from_desk=cast.huisarts.desk,
                to_desk=cast.coordinator.desk,
                situation="x",
                recommendation="y",
                offered_by=cast.huisarts.actor.pk,
            )
            for case in fill_cases(cast, count)
        ]
    )


def fill_units(cast: Cast, count: int) -> None:
    copies = []
    for n in range(count):
        copy = CareUnit.objects.get(pk=cast.ward.pk)
        copy.pk, copy.name = None, f"Afdeling {n}"
        copy._state.adding = True
        copies.append(copy)
    for n, copy in enumerate(copies):
        copy.id = CareUnit._meta.pk.get_default()
        copy.organisation_id = (cast.planner if n % 2 else cast.nurse).house.pk
    CareUnit.objects.bulk_create(copies)
    Policy.objects.get_or_create(region=cast.subregion, version=1, defaults={"values": {}})


def fill_desks(cast: Cast, count: int) -> None:
    row = cast.nurse.house.row
    Desk.objects.bulk_create(
        [Desk(organisation=row, region=cast.subregion, name=f"D{n}") for n in range(count)]
    )


def fill_subscriptions(cast: Cast, count: int) -> None:
    row, maker = cast.coordinator.house.row, cast.coordinator.actor
    urls = [f"https://x.nl/{n}" for n in range(count)]
    Subscription.objects.bulk_create(
        [Subscription(organisation=row, membership=maker, url=url, secret="s") for url in urls]
    )


def fill_events(cast: Cast, count: int) -> None:
    """Written past the counter, in numbers that it will not reach here."""
    Event.objects.bulk_create(
        [
            Event(
                number=next(_numbers),
                at=NOW,
                type="unit.confirmed",
                subject=cast.ward.pk,
                actor_kind="clock",
                actor=cast.ward.pk,
                audience=[cast.coordinator.house.pk],
            )
            for _ in range(count)
        ]
    )


LISTS: dict[str, Callable[[Cast, int], Any]] = {
    "cases": fill_cases,
    "requests": fill_requests,
    "offers": fill_offers,
    "handovers": fill_handovers,
    "units": fill_units,
    "desks": fill_desks,
    "subscriptions": fill_subscriptions,
    "events": fill_events,
}
READER = {"offers": "planner"}
EVERYBODYS = {"desks", "units"}


def reader(cast: Cast, path: str) -> Program:
    return system_of(getattr(cast, READER.get(path, "coordinator")))


@pytest.mark.parametrize("path", LISTS)
def test_a_long_list_costs_no_more_queries_than_a_short_one(cast: Cast, path: str) -> None:
    system = reader(cast, path)
    counts = []
    LISTS[path](cast, 10)
    for more in (0, 290):
        LISTS[path](cast, more)
        told(system.get(f"{path}?limit=100"))
        with CaptureQueriesContext(connection) as captured:
            shown = told(system.get(f"{path}?limit=100"))["results"]
        counts.append((_asked_for_the_list(captured), len(shown)))
    (few, short), (many, long) = counts
    assert long == 100 >= short >= 10
    # Everybody's desks and units are listed: those of other tests in this database as well.
    assert short < long or path in EVERYBODYS
    assert few == many


def _asked_for_the_list(captured: CaptureQueriesContext) -> list[str]:
    """Without what is remembered for a second: whose key it is, what a region decided."""
    asked = [query["sql"].split("WHERE")[0] for query in captured]
    kept = [sql for sql in asked if "lzc_apiclient" not in sql and "lzc_policy" not in sql]
    return [sql.split("VALUES")[0] for sql in kept if sql.startswith(("SELECT", "INSERT"))]


@pytest.mark.parametrize("path", [path for path in LISTS if path != "events"])
def test_page_after_page_shows_each_row_once(cast: Cast, path: str) -> None:
    LISTS[path](cast, 23)
    system = reader(cast, path)
    whole = [row["id"] for row in told(system.get(f"{path}?limit=100"))["results"]]
    paged = [row["id"] for row in _pages(system, path)]
    assert len(set(paged)) == len(paged) >= 23
    assert paged[: len(whole)] == whole
    assert len(paged) == len(whole) or path in EVERYBODYS


def _pages(system: Program, path: str) -> Iterator[Any]:
    cursor = ""
    while cursor is not None:
        page = told(system.get(f"{path}?limit=7{cursor and f'&cursor={cursor}'}"))
        assert len(page["results"]) <= 7
        yield from page["results"]
        cursor = page["next"]


def test_the_longest_names_there_are_can_be_asked_on_from(cast: Cast) -> None:
    """Of an address, every sign takes four bytes at most; what a list tells, it takes back."""
    row, maker = cast.coordinator.house.row, cast.coordinator.actor
    for sign in ("x", "é", "𝒵", '"'):
        Subscription.objects.filter(organisation=row).delete()
        urls = [f"https://x.nl/{n}".ljust(200, sign) for n in range(3)]
        Subscription.objects.bulk_create(
            [Subscription(organisation=row, membership=maker, url=url, secret="s") for url in urls]
        )
        system = system_of(cast.coordinator)
        first = told(system.get("subscriptions?limit=1"))
        second = told(system.get(f"subscriptions?limit=1&cursor={first['next']}"))
        assert [page["results"][0]["url"] for page in (first, second)] == urls[:2]


def test_a_row_that_comes_in_between_moves_nobody(cast: Cast) -> None:
    fill_requests(cast, 6)
    system = system_of(cast.coordinator)
    first = told(system.get("requests?limit=3"))
    fill_requests(cast, 3)
    second = told(system.get(f"requests?limit=50&cursor={first['next']}"))
    seen = [row["id"] for row in first["results"] + second["results"]]
    assert len(set(seen)) == len(seen)


def test_events_are_asked_on_from_the_last_one_known(cast: Cast) -> None:
    fill_events(cast, 25)
    system = system_of(cast.coordinator)
    numbers, after = [], FAR - 1
    while page := told(system.get(f"events?after={after}&limit=10"))["results"]:
        numbers += [event["number"] for event in page]
        after = page[-1]["number"]
    assert numbers == sorted(set(numbers)) and len(numbers) >= 25
    assert told(system.get(f"events?after={after}")) == {"results": [], "last": after}


def test_the_work_list_can_be_narrowed(cast: Cast) -> None:
    requests = fill_requests(cast, 4)
    CareRequest.objects.filter(pk=requests[0].pk).update(urgency="U2")
    system = system_of(cast.coordinator)
    (only,) = told(system.get("requests?urgency=U2"))["results"]
    assert only["id"] == str(requests[0].pk)
    assert told(system.get(f"requests?desk={cast.nurse.desk.pk}"))["results"] == []
    assert told(system.get("requests?state=closed"))["results"] == []
    assert len(told(system.get("requests?kind=placement&state=searching"))["results"]) == 4


def test_units_can_be_narrowed(cast: Cast) -> None:
    system = system_of(cast.planner)
    own = told(system.get("units?own=true"))["results"]
    assert [unit["id"] for unit in own] == [str(cast.ward.pk)]
    house = cast.nurse.house.pk
    teams = told(system.get(f"units?care_type=wijkverpleging&organisation={house}"))["results"]
    assert [unit["id"] for unit in teams] == [str(cast.team.pk)]
