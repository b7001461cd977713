"""Keeping capacity true by program, and finding who has a place."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.programs import refused, told
from tests.cast import Cast
from tests.paths import a_request, an_offer


def test_saying_how_many_are_free(cast: Cast, systems: Any) -> None:
    shift_end = datetime.now(UTC).replace(hour=7, minute=0, second=0) + timedelta(days=2)
    path = f"units/{cast.ward.pk}/capacity"
    assert told(systems.planner.get(path))["freshness"] == "unknown"
    said = told(systems.planner.put(path, {"free": 2, "valid_until": f"{shift_end:%FT%T}+01:00"}))
    assert (said["free"], said["held"], said["freshness"]) == (2, 0, "fresh")
    assert (
        said["next_free_until"] == f"{shift_end - timedelta(hours=1):%FT%TZ}"
        and said["source"] == "api"
    )
    assert told(systems.planner.put(path, {"free": 0}))["free"] == 0
    refused(systems.planner.put(path, {"free": -1}), 400, "too_small", "free")
    refused(systems.planner.put(path, {"free": 51}), 400, "too_large", "free")
    refused(systems.planner.put(path, {}), 400, "required", "free")


def test_what_is_held_for_a_request_stays_held(cast: Cast, systems: Any) -> None:
    an_offer(cast)
    path = f"units/{cast.ward.pk}"
    said = told(systems.planner.put(f"{path}/capacity", {"free": 0}))
    assert (said["free"], said["held"]) == (0, 1)
    assert told(systems.planner.post(f"{path}/confirm"))["held"] == 1
    assert told(systems.planner.post(f"{path}/places", {"count": 3}), 201)["free"] == 3
    assert told(systems.stranger.get(path))["free"] == 3


def test_the_capacity_of_others_can_be_seen_and_not_said(cast: Cast, systems: Any) -> None:
    path = f"units/{cast.ward.pk}"
    told(systems.other_planner.get(f"{path}/capacity"))
    refused(systems.other_planner.put(f"{path}/capacity", {"free": 9}), 403, "not_yours")
    refused(systems.other_planner.post(f"{path}/confirm"), 403, "not_yours")
    refused(systems.coordinator.post(f"{path}/places", {"count": 1}), 403, "not_yours")


def test_who_could_take_the_patient_and_why_the_others_cannot(cast: Cast, systems: Any) -> None:
    made = a_request(cast)
    told(systems.planner.put(f"units/{cast.ward.pk}/capacity", {"free": 1}))
    found = told(systems.coordinator.get(f"requests/{made.pk}/candidates"))
    ours = {str(cast.ward.pk), str(cast.other_ward.pk)}
    (candidate,) = [c for c in found["candidates"] if c["unit"]["id"] in ours]
    assert candidate["unit"]["id"] == str(cast.ward.pk) and candidate["free"] == 1
    (excluded,) = [e for e in found["excluded"] if e["unit"]["id"] in ours]
    assert excluded["reasons"] == ["full"]
