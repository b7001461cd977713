"""The overview of a desk: what was heard on the telephone, and how busy the hospitals are."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from capacity import observing, planning
from capacity.models import EmergencyLoad, Place, UnitCall
from coordination.pages import boards
from coordination.pages.spots import spots
from tests import paths
from tests.cast import Cast
from tests.coordination_pages.conftest import text_of

OVERVIEW = "/capaciteit/overzicht/"


def test_a_call_is_written_down_where_the_telephone_number_is(cast: Cast, at: Any) -> None:
    path = f"/capaciteit/{cast.ward.pk}/gebeld"
    page = at.coordinator.post(path, said="has_place", free="2", until="")
    assert "Opgeschreven" in text_of(page) and "heeft plek" in text_of(page)
    assert Place.objects.filter(unit=cast.ward, state="free").count() == 2
    at.coordinator.post(path, said="full")
    assert not Place.objects.filter(unit=cast.ward, state="free").exists()
    assert UnitCall.objects.filter(unit=cast.ward).count() == 2


def test_what_cannot_be_is_not_written_down(cast: Cast, at: Any) -> None:
    path = f"/capaciteit/{cast.ward.pk}/gebeld"
    for wrong in ({"said": "has_place", "free": "veel"}, {"said": "full", "until": "straks"}, {}):
        at.coordinator.post(path, **wrong)
    page = at.coordinator.post(path, said="full", free="2")
    assert "“Hoeveel vrij” hoort alleen bij “heeft plek”" in text_of(page)
    page = at.coordinator.post(path, said="no_answer", until="16:00")
    assert "dus er geldt niets “tot”" in text_of(page)
    at.huisarts.post(path, said="full")
    assert not UnitCall.objects.filter(unit=cast.ward).exists()
    assert at.planner.post(path, said="full").status_code == 404


def test_how_busy_the_hospitals_are_stands_above_the_places(cast: Cast, at: Any) -> None:
    hospital = paths.a_hospital(cast)
    assert "Spoedeisende hulp" in text_of(at.coordinator.get(OVERVIEW))
    path = f"/capaciteit/seh/{hospital.pk}"
    page = at.coordinator.post(path, load="full", reason="geen bedden", expected_until="05:00")
    assert "geen bedden" in text_of(page) and "verwacht tot" in text_of(page)
    at.coordinator.post(path, load="closed", reason="")
    assert EmergencyLoad.objects.filter(organisation=hospital.pk).count() == 1


def test_a_stop_and_a_plan_are_seen_by_the_desk(cast: Cast, at: Any) -> None:
    cast.planner.does(observing.stop, cast.ward.pk, reason="building")
    later = timezone.now() + timedelta(hours=1)
    cast.planner.does(planning.plan_release, cast.ward.pk, free_from=later)
    page = text_of(at.coordinator.get(OVERVIEW))
    assert "Opnamestop" in page and "verbouwing of storing" in page and "vrij vanaf" in page


def test_where_nobody_is_admitted_no_place_is_counted(cast: Cast, at: Any) -> None:
    """What stands empty there is listed with the stop; no sum and no mark on the map has it."""
    by, ward = cast.coordinator.actor, cast.ward.pk
    paths.a_place(cast)

    def had() -> list[int]:
        listed = boards.units(by)
        sums = [boards.kinds(listed), boards.free_now(by, cast.region.rules())]
        found = [kind["here"] for kinds in sums for kind in kinds if kind["code"] == "elv_laag"]
        return [*found, sum(spot.free for spot in spots([u for u in listed if u.pk == ward], {}))]

    assert had() == [1, 1, 1]
    cast.planner.does(observing.stop, ward, reason="infection")
    assert had() == [0, 0, 0]
    assert "Opnamestop" in text_of(at.coordinator.get(OVERVIEW))


@pytest.mark.parametrize("reason", ["   ", "brand\x00", "brand \u202egnaj"])
def test_why_a_hospital_is_full_can_be_read_by_others(reason: str, cast: Cast, at: Any) -> None:
    hospital = paths.a_hospital(cast)
    page = at.coordinator.post(f"/capaciteit/seh/{hospital.pk}", load="full", reason=reason)
    assert page.status_code == 200 and "Opgeschreven" not in text_of(page)
    assert not EmergencyLoad.objects.filter(organisation=hospital.pk).exists()
