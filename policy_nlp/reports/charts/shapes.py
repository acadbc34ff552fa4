"""Shapes and strokes that go with colours, so that no colour stands alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

Point = tuple[float, float]
"""x and y."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A regular shape of the same area as a circle; `marker` is its name in matplotlib.

    Attributes:
        n_corners: 0 for a circle.
        turn: of the first corner, in degrees from the right, clockwise.
    """

    name: str
    marker: str
    n_corners: int
    turn: float = 0.0


SHAPES = (
    Shape("圆", "o", 0),
    Shape("方", "s", 4, 45.0),
    Shape("三角", "^", 3, -90.0),
    Shape("菱", "D", 4, 0.0),
    Shape("倒三角", "v", 3, 90.0),
    Shape("五边", "p", 5, -90.0),
    Shape("六边", "h", 6, -90.0),
)
DASHES = ((), (7, 3), (2, 2.5), (9, 3, 2, 3), (4, 2), (12, 3))


def shape_of(place: int) -> Shape:
    """The shape of the group at this place; after the last they begin again."""
    return SHAPES[place % len(SHAPES)]


def dash_of(place: int) -> tuple[float, ...]:
    """Lengths of stroke and gap of the line at this place; none is a full line."""
    return DASHES[place % len(DASHES)]


def circumradius(shape: Shape, radius: float) -> float:
    """From the middle to a corner, where the area is that of a circle of this radius."""
    if shape.n_corners == 0:
        return radius
    return radius * math.sqrt(math.pi / (shape.n_corners / 2 * math.sin(2 * math.pi / shape.n_corners)))


def shape_corners(shape: Shape, middle: Point, *, radius: float) -> tuple[Point, ...]:
    """The corners where y grows downwards; none of a circle."""
    reach = circumradius(shape, radius)
    angles = [
        math.radians(shape.turn + 360.0 * corner / shape.n_corners) for corner in range(shape.n_corners)
    ]
    x, y = middle
    return tuple((x + reach * math.cos(angle), y + reach * math.sin(angle)) for angle in angles)


def render_shape(shape: Shape, middle: Point, *, radius: float, look: str) -> Markup:
    """The shape as an SVG element that holds nothing yet: `look` is its CSS; end it with `</g>`."""
    corners = shape_corners(shape, middle, radius=radius)
    if corners:
        points = " ".join(f"{short(across)},{short(down)}" for across, down in corners)
        body = Markup('<polygon points="{}"/>').format(points)
    else:
        body = Markup('<circle cx="{}" cy="{}" r="{}"/>').format(
            short(middle[0]), short(middle[1]), short(radius)
        )
    return Markup('<g style="{}">{}').format(look, body)


def short(number: float) -> str:
    """A coordinate with two decimals at most.

    >>> short(3.0), short(1.23456)
    ('3', '1.23')
    """
    return f"{number:.2f}".rstrip("0").rstrip(".")
