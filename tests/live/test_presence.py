"""Who is at a case now: told to who may see it, kept nowhere, forgotten when nobody repeats it."""

import uuid

import pytest

from lzc.live import presence
from lzc.models import AccessRecord, Event
from tests import paths
from tests.live.ears import Ear

HOUSE = uuid.uuid4()


def present(case, doing="looks"):
    return {"present": str(case), "doing": doing}


def told(ear: Ear, case):
    """What it hears next of who is at this case."""
    while "present" not in (said := ear.message()) or said["present"] != str(case):
        pass
    return [(one["name"], one["doing"]) for one in said["who"]]


def test_a_colleague_sees_who_looks_types_and_leaves(cast, ear, live):
    case = paths.a_case(cast).pk
    mine = ear(cast.coordinator)
    with Ear(live, cast.colleague) as theirs:
        theirs.say(present(case))
        assert told(mine, case) == [("Andere coördinator", "looks")]
        theirs.say(present(case, "types"))
        assert told(mine, case) == [("Andere coördinator", "types")]
    assert told(mine, case) == []


def test_who_comes_later_is_told_who_is_there_already(cast, ear):
    case = paths.a_case(cast).pk
    first = ear(cast.colleague)
    first.say(present(case, "calls"))
    assert told(first, case) == []
    assert told(ear(cast.coordinator), case) == [("Andere coördinator", "calls")]


def test_only_who_may_see_the_case_hears_of_it_and_only_they_can_be_there(cast, ear):
    """The nurse's desk has no part in it: she hears nothing, and that she says so is not told."""
    case = paths.a_case(cast).pk
    mine, nurse, planner = ear(cast.coordinator), ear(cast.nurse), ear(cast.planner)
    nurse.say(present(case))
    ear(cast.colleague).say(present(case))
    assert told(mine, case) == [("Andere coördinator", "looks")]
    for other in (nurse, planner):
        assert [said for said in other.all_until_now() if "present" in said] == []


def test_it_is_written_down_nowhere(cast, ear):
    case = paths.a_case(cast).pk
    before = Event.objects.count(), AccessRecord.objects.count()
    mine = ear(cast.coordinator)
    ear(cast.colleague).say(present(case))
    assert told(mine, case)
    assert (Event.objects.count(), AccessRecord.objects.count()) == before


@pytest.mark.parametrize(
    "said",
    [
        {"present": "elders", "doing": "looks"},
        {"present": 7, "doing": "looks"},
        {"present": str(HOUSE), "doing": "sleeps"},
        {"present": str(HOUSE), "doing": "looks", "name": "Somebody else"},
    ],
)
def test_who_says_it_wrong_is_sent_away(said, cast, ear):
    mine = ear(cast.coordinator)
    mine.say(said)
    assert mine.closed() == 1008


# What one process remembers ---------------------------------------------------------------------


def said(page="p", who=1, doing="looks", case="c"):
    person = str(uuid.UUID(int=who))
    return presence.Said(case, page, person, f"Person {who}", doing, frozenset([HOUSE]))


def test_what_was_said_reads_as_it_was_written():
    assert presence.Said.read(said().written()) == said()


def test_only_a_change_is_told_and_silence_ends_it():
    here = presence.Presence()
    assert here.hear(said(), 0) and not here.hear(said(), 20) and here.hear(said(doing="types"), 30)
    assert here.forget(30 + presence.LASTS - 1) == []
    assert [one.who for one in here.forget(30 + presence.LASTS)] == [said().who]
    assert here.told("c", HOUSE)["who"] == [] and list(here.cases(frozenset([HOUSE]))) == []


def test_somebody_with_two_pages_is_there_once_with_what_matters_most():
    here = presence.Presence()
    here.hear(said("one", doing="calls"), 0)
    here.hear(said("two", doing="looks"), 1)
    assert here.told("c", HOUSE)["who"] == [{"name": "Person 1", "doing": "calls"}]
    assert here.told("c", uuid.UUID(int=1))["who"] == []
    here.hear(said("one", doing=""), 2)
    assert here.told("c", HOUSE)["who"] == [{"name": "Person 1", "doing": "looks"}]
