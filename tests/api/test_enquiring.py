"""Before a request is sent, by program: what is free now, and was it asked already?"""

from typing import Any

import pytest

from capacity.models import CareUnit
from coordination import services
from lzc.models import Policy
from tests import paths
from tests.api.programs import refused, told
from tests.cast import Cast
from tests.cast import test_bsn as a_bsn

NEED = {"care_types": ["elv_laag"]}


@pytest.mark.parametrize("shown", ["names", "counts", "nothing"])
def test_a_region_shows_who_asks_names_counts_or_nothing(
    shown: str, cast: Cast, systems: Any
) -> None:
    """The same by every address: what is not shown here stands in no list of units either."""
    paths.a_place(cast)
    Policy.objects.create(region=cast.region, version=1, values={"requester_sees": shown})
    said = told(systems.huisarts.post("open-places", NEED))
    assert said["shown"] == shown
    assert said["count"] == (None if shown == "nothing" else 1)
    assert [place["id"] for place in said["places"]] == [str(cast.ward.pk)] * (shown == "names")
    status = 200 if shown == "names" else 404
    assert systems.huisarts.get(f"units/{cast.ward.pk}").status_code == status
    assert systems.huisarts.get(f"units/{cast.ward.pk}/capacity").status_code == status
    listed = {unit["id"] for unit in told(systems.huisarts.get("units?limit=100"))["results"]}
    assert (str(cast.ward.pk) in listed) == (shown == "names")
    for who in (systems.coordinator, systems.planner):
        told(who.get(f"units/{cast.ward.pk}"))
    assert told(systems.coordinator.post("open-places", NEED))["shown"] == "names"


def test_places_have_what_is_required(cast: Cast, systems: Any) -> None:
    paths.a_place(cast)
    need = NEED | {"requirements": ["isolation"], "pc4": cast.pc4}
    assert told(systems.huisarts.post("open-places", need))["count"] == 0
    CareUnit.objects.filter(pk=cast.ward.pk).update(attributes=["isolation_strict"])
    (place,) = told(systems.huisarts.post("open-places", need))["places"]
    assert (place["name"], place["free"], place["travel_minutes"]) == (
        cast.planner.house.row.name,
        1,
        5,
    )
    refused(systems.huisarts.post("open-places", {"pc4": 12}), 400, "too_small", "pc4")


def test_an_open_request_is_told_and_whose_it_is_to_who_has_a_part_in_it(
    cast: Cast, systems: Any
) -> None:
    case = paths.a_case(cast, cast.huisarts, bsn=(bsn := a_bsn()))
    no = {"open": False, "request": None, "reference": ""}
    assert told(systems.stranger.post("open-request", {"bsn": bsn})) == no
    made = cast.huisarts.does(services.request, case.pk, ask=paths.an_ask(cast))
    yes = {"open": True, "request": None, "reference": ""}
    assert told(systems.stranger.post("open-request", {"bsn": bsn})) == yes
    own = yes | {"request": str(made.pk), "reference": case.reference}
    assert told(systems.huisarts.post("open-request", {"bsn": bsn})) == own
    assert systems.planner.post("open-request", {"bsn": bsn}).status_code == 403
    refused(systems.stranger.post("open-request", {"bsn": "123456789"}), 422, "no_bsn", "bsn")
