"""Where nodes and their names lie in a picture of a network, so that names hardly overlap."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from policy_nlp.reports.charts.chart import NetworkChart
from policy_nlp.reports.report_blocks import text_width

WIDTH, HEIGHT = 900.0, 640.0
_MARGIN_X, _MARGIN_Y = 70.0, 36.0
_LARGEST, _SMALLEST = 26.0, 5.0  # radius
_LARGE_TEXT, _SMALL_TEXT = 17.0, 11.5
_GAP = 3.0


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """A node in the picture: its middle and radius, the size of its name, and where the name's middle is.

    Attributes:
        label_x: NaN where there is no room for the name: then it is shown on hover only.
    """

    x: float
    y: float
    radius: float
    text_size: float
    label_x: float
    label_y: float

    @property
    def has_label(self) -> bool:
        """Whether the name is printed."""
        return not math.isnan(self.label_x)


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: _Box) -> float:
        """The area that both share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return width * height if width > 0 and height > 0 else 0.0


def place_nodes(chart: NetworkChart) -> tuple[PlacedNode, ...]:
    """Places in a picture of `WIDTH` x `HEIGHT`, in the order of the chart; large nodes are named first."""
    most = max((node.size for node in chart.nodes), default=0.0) or 1.0
    shares = [math.sqrt(max(0.0, node.size) / most) for node in chart.nodes]
    radii = [max(_SMALLEST, _LARGEST * share) for share in shares]
    xs = [_MARGIN_X + node.x * (WIDTH - 2 * _MARGIN_X) for node in chart.nodes]
    ys = [_MARGIN_Y + (1 - node.y) * (HEIGHT - 2 * _MARGIN_Y) for node in chart.nodes]
    taken = [
        _Box(x - 0.8 * r, y - 0.8 * r, x + 0.8 * r, y + 0.8 * r)
        for x, y, r in zip(xs, ys, radii, strict=True)
    ]
    placed: dict[int, PlacedNode] = {}
    for number in sorted(range(len(chart.nodes)), key=lambda place: (-chart.nodes[place].size, place)):
        text_size = _SMALL_TEXT + (_LARGE_TEXT - _SMALL_TEXT) * shares[number]
        half_width = text_width(chart.nodes[number].name) * text_size * 0.27
        middle = _find_place(
            (xs[number], ys[number], radii[number]), half_width, text_size * 0.6, taken=taken, own=number
        )
        label_x, label_y = middle if middle else (math.nan, math.nan)
        if middle:
            taken.append(_box_around(label_x, label_y, half_width, text_size * 0.6))
        placed[number] = PlacedNode(xs[number], ys[number], radii[number], text_size, label_x, label_y)
    return tuple(placed[number] for number in range(len(chart.nodes)))


def _box_around(x: float, y: float, half_width: float, half_height: float) -> _Box:
    return _Box(x - half_width, y - half_height, x + half_width, y + half_height)


def _find_place(
    node: tuple[float, float, float],
    half_width: float,
    half_height: float,
    *,
    taken: list[_Box],
    own: int,
) -> tuple[float, float] | None:
    """The first place around the node where the name covers next to nothing; None where there is none."""
    best: tuple[float, tuple[float, float]] | None = None
    for x, y in _iter_places(node, half_width, half_height):
        box = _box_around(x, y, half_width, half_height)
        if box.left < 2 or box.right > WIDTH - 2 or box.top < 2 or box.bottom > HEIGHT - 2:
            continue
        covered = sum(box.overlap(other) for number, other in enumerate(taken) if number != own)
        if best is None or covered < best[0]:
            best = (covered, (x, y))
        if covered == 0:
            break
    area = 4 * half_width * half_height
    return best[1] if best is not None and best[0] <= 0.08 * area else None


def _iter_places(
    node: tuple[float, float, float], half_width: float, half_height: float
) -> Iterator[tuple[float, float]]:
    """Right, left, above, below, then the corners; then the same a little farther away."""
    x, y, radius = node
    for farther in (0.0, 9.0):
        across, along = radius + _GAP + farther + half_width, radius + _GAP + farther + half_height
        yield from ((x + across, y), (x - across, y), (x, y - along), (x, y + along))
        corner = 0.7 * (radius + farther)
        for down in (-1, 1):
            for side in (1, -1):
                yield x + side * (corner + half_width), y + down * (corner + half_height)
