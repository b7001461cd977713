"""Two desks about one case at the same moment: it has one owner throughout."""

from functools import partial
from uuid import UUID

import pytest

from coordination import handovers
from coordination.models import Handover
from tests import cast as casting
from tests.cast import Cast
from tests.paths import SBAR
from tests.races import crowd, naive
from tests.races.pairs import Pair, about_when, meet, unguarded
from triage.models import Case

MANY, FEW = 30, 8


def handed_twice(cast: Cast, case: Case) -> Pair:
    """Two coordinators of one desk, who did not look at each other's screen."""
    give = handovers.hand_over
    return (
        partial(cast.coordinator.does, give, case.pk, to_desk=cast.nurse.desk, sbar=SBAR),
        partial(cast.colleague.does, give, case.pk, to_desk=cast.triagist.desk, sbar=SBAR),
    )


def taken_and_withdrawn(cast: Cast, handover: UUID) -> Pair:
    return (
        partial(cast.nurse.does, handovers.accept, handover, read_back="Wij gaan erheen."),
        partial(cast.coordinator.does, handovers.withdraw, handover),
    )


def offered(cast: Cast, count: int) -> list[Handover]:
    to = cast.nurse.desk
    return [
        cast.coordinator.does(handovers.hand_over, case.pk, to_desk=to, sbar=SBAR)
        for case in crowd.cases(cast, count, cast.coordinator)
    ]


def test_a_case_is_handed_to_one_desk_at_a_time(cast: Cast) -> None:
    cases = crowd.cases(cast, MANY, cast.coordinator)
    for won, lost in meet(handed_twice(cast, case) for case in cases):
        assert ([row.state for row in won], lost) == (["offered"], ["already_handed_over"])
    with cast.coordinator.looks():
        assert Handover.objects.filter(case__in=cases).count() == MANY


def test_control_without_the_index_two_desks_think_it_is_for_them(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unguarded(monkeypatch, *naive.ONE_HANDOVER):
        cast = casting.assemble()
        cases = crowd.cases(cast, FEW, cast.coordinator)
        met = meet(naive.in_between(*handed_twice(cast, case)) for case in cases)
        assert [len(won) for won, _ in met] == [2] * FEW


def test_a_handover_is_accepted_or_withdrawn(cast: Cast) -> None:
    rows = offered(cast, MANY)
    pairs = (taken_and_withdrawn(cast, row.pk) for row in rows)
    met = meet((takes, about_when(withdraws)) for takes, withdraws in pairs)
    for row, (won, lost) in zip(rows, met, strict=True):
        (decided,) = won
        # Whoever no longer sees the case is told no more than that.
        assert lost in (["wrong_state"], ["not_found"])
        owner = cast.nurse.desk if decided.state == "accepted" else cast.coordinator.desk
        assert Case.objects.get(pk=row.case_id).owner_id == owner.pk


def test_control_without_locks_it_is_both(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with unguarded(monkeypatch):
        cast = casting.assemble()
        rows = offered(cast, FEW)
        met = meet(naive.in_between(*taken_and_withdrawn(cast, row.pk)) for row in rows)
        assert [len(won) for won, _ in met] == [2] * FEW
