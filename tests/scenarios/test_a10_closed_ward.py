"""A-10: dementia, wanders, resists. A closed ward may be sought; it is not given without ground."""

from typing import Any

import pytest

from capacity.models import CareUnit
from lzc.models import AccessRecord
from tests.scenarios.telling import SBAR, Story


@pytest.fixture
def closed(story: Story) -> str:
    """De Linde is a closed ward, and has a place."""
    CareUnit.objects.filter(pk=story.ward).update(attributes=["closed_ward", "wandering"])
    story.frees(story.linde, story.ward)
    return story.ward


def asked(story: Story, **more: Any) -> tuple[str, str]:
    return story.a_request(requirements=["closed_ward", "wandering"], **more)


def promised(story: Story, request: str, unit: str) -> str:
    offer = story.offered(request, unit)
    story.linde.says(f"offers/{offer}/accept")
    return offer


def test_it_may_be_sought_and_is_not_given_without_a_legal_ground(
    story: Story, closed: str
) -> None:
    _, request = asked(story)
    (found,) = story.zcc.sees(f"requests/{request}/candidates")["candidates"]
    assert (found["unit"]["id"], found["blocks_assignment"]) == (closed, True)
    assert "ground_unknown" in found["remarks"]
    offer = promised(story, request, closed)
    said = story.zcc.is_refused(f"offers/{offer}/assign", "no_legal_ground", {"sbar": SBAR})
    assert "needs a legal ground" in said


def test_who_resists_without_ground_goes_to_the_crisis_service_first(
    story: Story, closed: str
) -> None:
    _, request = asked(story, legal_ground="none_resists")
    offer = promised(story, request, closed)
    said = story.zcc.is_refused(f"offers/{offer}/assign", "no_legal_ground", {"sbar": SBAR})
    assert "mental health crisis service" in said
    story.zcc.says(f"requests/{request}/amend", {"legal_ground": "ibs"})
    story.zcc.says(f"offers/{offer}/assign", {"sbar": SBAR})
    assert story.linde.sees(f"offers/{offer}")["state"] == "assigned"


def test_the_ground_is_told_to_who_is_chosen_and_to_nobody_before(
    story: Story, closed: str
) -> None:
    _, request = asked(story, legal_ground="rm")
    offer = promised(story, request, closed)
    assert '"rm"' not in story.linde.reads(f"offers/{offer}")
    story.zcc.says(f"offers/{offer}/assign", {"sbar": SBAR})
    assert story.linde.sees(f"requests/{request}")["legal_ground"] == "rm"


def test_who_looks_at_such_a_case_is_written_down_as_wzd(story: Story, closed: str) -> None:
    case, _ = asked(story)
    story.zcc.sees(f"cases/{case}")
    plain, _ = story.a_request()
    story.zcc.sees(f"cases/{plain}")
    looks = AccessRecord.objects.filter(organisation=story.zcc.organisation, action="read")
    tags = dict(looks.values_list("subject", "sensitivity"))
    assert (tags[f"case:{case}"], tags[f"case:{plain}"]) == ("wzd", "")


def test_a_ground_that_no_law_knows_is_refused(story: Story, closed: str) -> None:
    _, request = asked(story)
    path = f"requests/{request}/amend"
    story.zcc.is_refused(path, "not_a_choice", {"legal_ground": "family"}, status=400)
