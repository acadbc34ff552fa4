from __future__ import annotations

import itertools
import random

from hypothesis import given

from policy_nlp.reports.charts.chart import NetworkChart, Node
from policy_nlp.reports.charts.network_places import HEIGHT, WIDTH, PlacedNode, place_nodes
from policy_nlp.reports.report_blocks import text_width
from tests.reports.charts.chart_examples import networks


def many_nodes(n: int) -> NetworkChart:
    chance = random.Random(7)
    nodes = tuple(
        Node(f"关键词{number}", chance.random(), chance.random(), chance.expovariate(1 / 50), number % 4)
        for number in range(n)
    )
    return NetworkChart("network", "网络", nodes, (), "频次", "共现次数")


def overlap(first: tuple[PlacedNode, Node], second: tuple[PlacedNode, Node]) -> float:
    """The share of the smaller name that both names cover."""
    boxes = []
    for placed, node in (first, second):
        half_width, half_height = text_width(node.name) * placed.text_size * 0.25, placed.text_size * 0.5
        boxes.append((placed.label_x, placed.label_y, half_width, half_height))
    (x1, y1, w1, h1), (x2, y2, w2, h2) = boxes
    across, along = w1 + w2 - abs(x1 - x2), h1 + h2 - abs(y1 - y2)
    return max(0, across) * max(0, along) / (4 * min(w1 * h1, w2 * h2)) if min(across, along) > 0 else 0.0


def test_names_of_sixty_nodes_hardly_overlap_and_most_are_shown() -> None:
    chart = many_nodes(60)
    named = list(zip(place_nodes(chart), chart.nodes, strict=True))
    shown = [one for one in named if one[0].has_label]
    assert len(shown) >= 50
    assert all(overlap(one, other) <= 0.12 for one, other in itertools.combinations(shown, 2))


@given(networks())
def test_nodes_and_names_are_inside_the_picture(chart: NetworkChart) -> None:
    for placed in place_nodes(chart):
        assert 0 <= placed.x <= WIDTH
        assert 0 <= placed.y <= HEIGHT
        assert not placed.has_label or (0 < placed.label_x < WIDTH and 0 < placed.label_y < HEIGHT)


def test_area_grows_with_size() -> None:
    nodes = tuple(Node(f"词{size}", 0.2, 0.3, size, 0) for size in (100.0, 25.0))
    large, small = place_nodes(NetworkChart("network", "网络", nodes, (), "频次", "次数"))
    assert large.radius == 2 * small.radius
