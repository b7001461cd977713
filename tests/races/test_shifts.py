"""Two of the next shift who accept one case at the same moment: one of them handles it."""

from functools import partial

import pytest

from coordination import services
from coordination.models import CareRequest, Passing
from coordination.shifts import services as shifts
from lzc.rights import Role
from tests import cast as casting
from tests import paths
from tests.cast import Cast, Person
from tests.races import naive
from tests.races.pairs import Pair, meet, unguarded

MANY, FEW = 20, 6


def passed_on(cast: Cast, count: int) -> list[Passing]:
    made = [paths.a_request(cast) for _ in range(count)]
    for request in made:
        cast.coordinator.does(services.take, request.pk)
    return [cast.coordinator.does(shifts.pass_on, request.pk) for request in made]


def accepted_by_two(cast: Cast, other: Person, passing: Passing) -> Pair:
    return (
        partial(cast.colleague.does, shifts.accept, passing.pk),
        partial(other.does, shifts.accept, passing.pk),
    )


def test_one_of_two_handles_it_and_the_other_is_told(cast: Cast) -> None:
    other, rows = cast.person(cast.coordinator.house, Role.COORDINATOR), passed_on(cast, MANY)
    met = meet(accepted_by_two(cast, other, row) for row in rows)
    for row, (won, lost) in zip(rows, met, strict=True):
        (made,) = won
        assert lost == ["wrong_state"]
        handler = CareRequest.objects.values_list("handler", flat=True).get(pk=row.request_id)
        assert handler == made.accepted_by


def test_control_without_locks_both_think_they_handle_it(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unguarded(monkeypatch):
        cast = casting.assemble()
        other, rows = cast.person(cast.coordinator.house, Role.COORDINATOR), passed_on(cast, FEW)
        met = meet(naive.in_between(*accepted_by_two(cast, other, row)) for row in rows)
        assert [len(won) for won, _ in met] == [2] * FEW
