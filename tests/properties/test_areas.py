"""Schematic catchments: every town has its land, and all of the land is some town's."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lzc.areas import Point, cells, inside, outline, size

#: Whole metres in the Netherlands; close together, far apart, in a line or at one spot.
spots = st.tuples(st.integers(10_000, 280_000), st.integers(310_000, 620_000))
several = st.lists(spots, min_size=1, max_size=15)
in_a_row = st.builds(
    lambda n, step: [(100_000 + i * step, 400_000) for i in range(n)],
    st.integers(1, 8),
    st.integers(0, 9_000),
)
towns = st.one_of(several, in_a_row).map(tuple)
#: How fast this machine is at the moment says nothing about the cells.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patiently
@given(towns)
def test_every_town_lies_in_its_own_cell_and_in_no_other(towns: tuple[Point, ...]) -> None:
    of = dict(zip(towns, cells(towns), strict=True))
    for town in of:
        assert [site for site, cell in of.items() if inside(town, [cell])] == [town]


@patiently
@given(towns)
def test_the_cells_cover_the_outline_once(towns: tuple[Point, ...]) -> None:
    whole = size(outline(towns))
    assert sum(size(cell) for cell in set(cells(towns))) == pytest.approx(whole, rel=1e-6)


@patiently
@given(towns, spots)
def test_whatever_lies_in_a_cell_is_nearest_to_its_town(
    towns: tuple[Point, ...], somewhere: Point
) -> None:
    def far(town: Point) -> float:
        return ((town[0] - somewhere[0]) ** 2 + (town[1] - somewhere[1]) ** 2) ** 0.5

    for town, cell in zip(towns, cells(towns), strict=True):
        if inside(somewhere, [cell]):
            assert far(town) <= min(map(far, towns)) + 1


def test_no_towns_have_no_land() -> None:
    assert cells(()) == ()


def test_what_lies_in_a_hole_is_not_inside() -> None:
    square = [(0, 0), (10, 0), (10, 10), (0, 10)]
    hole = [(4, 4), (6, 4), (6, 6), (4, 6)]
    assert inside((2, 2), [square, hole])
    assert not inside((5, 5), [square, hole])
    assert not inside((11, 5), [square, hole])
