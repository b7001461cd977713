"""A-03: home is one place, the patient is in another, and wants to be near a child in a third."""

from typing import Any

import pytest

from capacity.models import CareUnit
from coordination.models import Offer
from lzc.models import PostalArea
from tests.cast import Cast, assemble
from tests.scenarios.telling import SBAR, Party, Story

#: Metres in the national grid, from the other stories and from each other.
HOME, DAUGHTER, FAR = (20_000, 420_000), (30_000, 420_000), (120_000, 310_000)


def moved(cast: Cast, where: tuple[int, int]) -> int:
    """This region's postcode and units lie there; the postcode."""
    x, y = where
    PostalArea.objects.filter(pk=cast.pc4).update(x=x, y=y)
    units = CareUnit.objects.filter(region=cast.subregion)
    units.update(x=x, y=y)
    return cast.pc4


def a_postcode(cast: Cast, where: tuple[int, int]) -> int:
    """One more, in the same subregion."""
    taken = set(PostalArea.objects.values_list("pk", flat=True))
    pc4 = next(n for n in range(9999, 1000, -1) if n not in taken)
    x, y = where
    known = {"town": "Harderwijk", "region": cast.subregion, "lat": 52.3, "lon": 5.6}
    PostalArea.objects.create(pk=pc4, x=x, y=y, **known)
    return pc4


@pytest.fixture
def far(committed: None) -> Cast:
    """Another ROAZ region, far away."""
    cast = assemble()
    moved(cast, FAR)
    return cast


def ranked(story: Story, request: str) -> Any:
    return story.zcc.sees(f"requests/{request}/candidates")


def units(answer: Any) -> list[str]:
    return [c["unit"]["id"] for c in answer["candidates"]]


def test_a_place_is_sought_near_where_the_patient_is_now(story: Story) -> None:
    moved(story.cast, HOME)
    near = a_postcode(story.cast, DAUGHTER)
    CareUnit.objects.filter(pk=story.other_ward).update(x=DAUGHTER[0], y=DAUGHTER[1])
    story.frees(story.linde, story.ward)
    story.frees(story.wilg, story.other_ward)
    _, at_home = story.a_request()
    assert units(ranked(story, at_home)) == [story.ward, story.other_ward]
    _, with_daughter = story.a_request(near_pc4=near)
    answer = ranked(story, with_daughter)
    assert units(answer) == [story.other_ward, story.ward]
    assert answer["candidates"][0]["travel_minutes"] == 5.0  # to get going, and no way to go


def test_who_asks_where_nobody_lives_is_told_so(story: Story) -> None:
    case = story.taken_in(story.huisarts)["id"]
    body = {"care_types": ["elv_laag"], "need": "Hulp.", "desk": story.zcc.desk}
    body["near_pc4"] = next(
        n for n in range(1000, 9999) if not PostalArea.objects.filter(pk=n).exists()
    )
    story.huisarts.is_refused(f"cases/{case}/requests", "invalid", body, status=422)


def test_another_region_is_asked_when_that_is_said_and_no_sooner(story: Story, far: Cast) -> None:
    there = Party(far.planner)
    there.says(f"units/{far.ward.pk}/places", {"count": 1})
    _, request = story.a_request(near_pc4=far.pc4)
    assert units(ranked(story, request)) == []
    helps = [r for r in ranked(story, request)["relaxations"] if str(far.ward.pk) in r["units"]]
    assert [s["kind"] for s in helps[0]["steps"]] == ["circle"]
    story.zcc.is_refused(f"requests/{request}/offers", "other_region", {"unit": str(far.ward.pk)})

    story.zcc.says(f"requests/{request}/widen", {"steps": helps[0]["steps"]})
    assert "care_request.widened" in story.huisarts.hears()
    candidate = ranked(story, request)["candidates"][0]
    assert candidate["unit"]["id"] == str(far.ward.pk)
    assert "other_region" in candidate["remarks"]

    offer = story.offered(request, str(far.ward.pk))
    told = there.sees(f"offers/{offer}")
    assert (told["case"], told["request"], told["sbar"]) == (None, None, None)
    there.says(f"offers/{offer}/accept")
    story.zcc.says(f"offers/{offer}/assign", {"sbar": SBAR})
    assert there.sees(f"offers/{offer}")["case"]
    # It is counted where it was asked: the desk of the other region has no part in it.
    centre = Party(far.coordinator)
    centre.sees_nothing_at(f"requests/{request}")


def test_far_from_the_own_huisarts_somebody_must_say_who_treats(story: Story, far: Cast) -> None:
    CareUnit.objects.filter(pk=far.ward.pk).update(main_practitioner="huisarts")
    there = Party(far.planner)
    there.says(f"units/{far.ward.pk}/places", {"count": 1})
    _, request = story.a_request(near_pc4=far.pc4, beyond=True)
    assert "who_treats" in ranked(story, request)["candidates"][0]["remarks"]
    offer = story.offered(request, str(far.ward.pk))
    there.says(f"offers/{offer}/accept")
    story.zcc.is_refused(f"offers/{offer}/assign", "who_treats", {"sbar": SBAR})
    story.zcc.says(f"requests/{request}/amend", {"who_treats": "passant"})
    story.zcc.says(f"offers/{offer}/assign", {"sbar": SBAR})
    assert Offer.objects.get(pk=offer).state == "assigned"
