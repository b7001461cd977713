"""404 before 403: who may not see it hears the same as about what does not exist."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from coordination import handovers, services
from coordination.sharing import services as sharing
from coordination.shifts import services as shifts
from lzc import keys
from lzc.api import subscriptions
from lzc.models import ApiClient
from lzc.rights import Duty
from tests.api.addresses import ABOUT_ONE, ADDRESSES, Address
from tests.api.programs import Program, everything, refused, system_of
from tests.cast import Cast, Person
from tests.paths import SBAR, a_hospital, a_place, a_request


@dataclass
class Scene:
    """Huisarts De Vries owns a case and asks the zorgcentrale; De Linde was offered it, De Wilg
    was offered it and said no; the case is on its way to the night nurses."""

    ids: dict[str, UUID]
    other: dict[str, UUID]


@pytest.fixture
def scene(cast: Cast) -> Scene:
    made = a_request(cast)
    a_place(cast)
    a_place(cast, cast.other_ward, cast.other_planner)
    offer = cast.coordinator.does(services.offer, made.pk, unit_id=cast.ward.pk)
    lost = cast.coordinator.does(services.offer, made.pk, unit_id=cast.other_ward.pk)
    cast.other_planner.does(services.decline, lost.pk, reason="no_staff")
    handed = cast.huisarts.does(
        handovers.hand_over, made.case_id, to_desk=cast.triagist.desk, sbar=SBAR
    )
    told = cast.huisarts.does(subscriptions.subscribe, url="https://his.example.nl/lzc")
    ids = {
        "case": made.case_id,
        "request": made.pk,
        "offer": offer.pk,
        "handover": handed.pk,
        "passing": cast.coordinator.does(shifts.pass_on, made.pk).pk,
        "unit": cast.ward.pk,
        "desk": cast.coordinator.desk.pk,
        "subscription": told.pk,
        "place": offer.place_id,
        "organisation": a_hospital(cast).pk,
        "plan": cast.triagist.does(sharing.make_plan, cast.region).pk,
    }
    return Scene(ids, {name: uuid4() for name in ids})


#: To whom each is visible, by the name in the cast. To everybody else it does not exist.
AT_WORK = {"huisarts", "coordinator", "triagist", "planner", "other_planner", "nurse", "stranger"}
SEEN_BY: dict[str, set[str]] = {
    "case": {"huisarts", "coordinator", "triagist"},
    "request": {"huisarts", "coordinator"},
    "offer": {"huisarts", "coordinator", "planner"},
    "handover": {"huisarts", "coordinator", "triagist"},
    "passing": {"coordinator"},
    "subscription": {"huisarts"},
    "plan": {"coordinator", "triagist"},
    "unit": AT_WORK,
    "place": AT_WORK,
    "organisation": AT_WORK,
}
ACTORS = sorted({who for seen in SEEN_BY.values() for who in seen} | {"adviser"})


def asked(system: Program, address: Address, ids: dict[str, UUID], real: dict[str, UUID]) -> Any:
    return system.ask(address.method, address.path(ids), address.body(real))


@pytest.mark.parametrize("who", ACTORS)
def test_what_is_not_yours_does_not_exist(cast: Cast, scene: Scene, who: str) -> None:
    system = system_of(getattr(cast, who))
    before = everything()
    for address in ABOUT_ONE:
        if who in SEEN_BY[address.about]:
            continue
        answer = asked(system, address, scene.ids, scene.ids)
        nothing = asked(system, address, scene.other, scene.ids)
        refused(answer, 404, "not_found")
        assert answer.content == nothing.content, str(address)
    assert everything() == before


@pytest.mark.parametrize("address", ABOUT_ONE, ids=str)
def test_what_is_yours_does(cast: Cast, scene: Scene, address: Address) -> None:
    """Whoever sees it hears yes, or why not; never that it does not exist."""
    # Its owner last: what the owner does may end what others see.
    for who in sorted(SEEN_BY[address.about], key=lambda name: (name == "huisarts", name)):
        answer = asked(system_of(getattr(cast, who)), address, scene.ids, scene.ids)
        assert answer.status_code < 500, f"{who}: {answer.content!r}"
        assert answer.status_code != 404, f"{who}: {answer.content!r}"


def without_a_key(_cast: Cast) -> Program:
    return Program()


def with_an_expired_key(cast: Cast) -> Program:
    house = cast.huisarts.house
    made = keys.issue(house.row, name="oud", scopes=list(Duty), desk=house.desk)
    ApiClient.objects.filter(pk=made.client.pk).update(expires_at=timezone.now())
    return Program(authorization=f"Bearer {made.key}")


@pytest.mark.parametrize("caller", [without_a_key, with_an_expired_key])
def test_who_is_not_known_hears_nothing(
    cast: Cast, scene: Scene, caller: Callable[[Cast], Program]
) -> None:
    system = caller(cast)
    for address in ADDRESSES:
        answer = asked(system, address, scene.ids, scene.ids)
        assert answer.status_code == 401, f"{address}: {answer.content!r}"
        assert answer.content == asked(system, address, scene.other, scene.ids).content


def test_each_actor_was_tried_on_something_not_theirs(cast: Cast) -> None:
    """Else the test above would be true of nothing."""
    for who in {*ACTORS} - {"huisarts"}:
        assert isinstance(getattr(cast, who), Person)
        assert [a for a in ABOUT_ONE if who not in SEEN_BY[a.about]]
    assert {a.about for a in ABOUT_ONE} == set(SEEN_BY)
