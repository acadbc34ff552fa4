from __future__ import annotations

import math

import pytest

from policy_nlp.reports.charts.shapes import SHAPES, Shape, shape_corners, shape_of


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.marker)
def test_shapes_of_one_radius_have_the_area_of_its_circle(shape: Shape) -> None:
    corners = shape_corners(shape, (3.0, 4.0), radius=2.0)
    if not corners:
        assert shape.n_corners == 0
        return
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    doubled = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)
    assert abs(doubled) / 2 == pytest.approx(math.pi * 4)


def test_neighbouring_groups_have_different_shapes() -> None:
    assert all(shape_of(place) != shape_of(place + 1) for place in range(20))
