"""Networks drawn by matplotlib, with nodes and names where the page has them."""

from __future__ import annotations

from policy_nlp.reports.charts.chart import NetworkChart
from policy_nlp.reports.charts.colours import community_colour
from policy_nlp.reports.charts.frame import WIDTH, Frame, Lettering
from policy_nlp.reports.charts.html_networks import edge_look
from policy_nlp.reports.charts.network_places import HEIGHT as PLANE_HEIGHT
from policy_nlp.reports.charts.network_places import WIDTH as PLANE_WIDTH
from policy_nlp.reports.charts.network_places import place_nodes
from policy_nlp.reports.charts.shapes import shape_corners, shape_of

_POINTS = 72.0 * WIDTH / PLANE_WIDTH  # of one unit of the plane


def network_size(chart: NetworkChart, letters: Lettering) -> tuple[float, float]:
    """Width and height of the body in inches."""
    return WIDTH, WIDTH * PLANE_HEIGHT / PLANE_WIDTH


def draw_network(chart: NetworkChart, frame: Frame) -> None:
    """Ties below nodes below names."""
    from matplotlib import patheffects
    from matplotlib.patches import Circle, Polygon

    placed = place_nodes(chart)
    axes = frame.axes(0, frame.bottom, width=frame.width, height=frame.top - frame.bottom)
    axes.set_xlim(0, PLANE_WIDTH)
    axes.set_ylim(PLANE_HEIGHT, 0)
    most = max((edge.weight for edge in chart.edges), default=0.0) or 1.0
    for edge in chart.edges:
        source, target = placed[edge.source], placed[edge.target]
        width, opacity = edge_look(edge, most)
        axes.plot(
            [source.x, target.x],
            [source.y, target.y],
            color="#6b7680",
            lw=width * _POINTS,
            alpha=opacity,
            zorder=1,
            solid_capstyle="butt",
        )
    for number in sorted(range(len(placed)), key=lambda place: -placed[place].radius):
        node, at = chart.nodes[number], placed[number]
        corners = shape_corners(shape_of(node.community), (at.x, at.y), radius=at.radius)
        drawn = Polygon(corners) if corners else Circle((at.x, at.y), at.radius)
        drawn.set(facecolor=community_colour(node.community), edgecolor="white", lw=0.7, zorder=2)
        axes.add_patch(drawn)
    halo: list[patheffects.AbstractPathEffect] = [patheffects.withStroke(linewidth=2.0, foreground="white")]
    for number, (node, at) in enumerate(zip(chart.nodes, placed, strict=True), start=1):
        if at.has_label:
            text = axes.text(at.label_x, at.label_y, frame.letters.show(node.name, number=number), zorder=3)
            text.set(size=at.text_size * _POINTS, ha="center", va="center")
            if frame.letters.known is None:  # an SVG would have a stroked text as paths
                text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.2, "alpha": 0.6})
            else:
                text.set_path_effects(halo)
