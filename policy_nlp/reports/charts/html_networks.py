"""Networks as inline SVG: communities by colour and shape, size by area, and a table of the nodes."""

from __future__ import annotations

from markupsafe import Markup

from policy_nlp.reports.charts.chart import Edge, NetworkChart
from policy_nlp.reports.charts.colours import community_colour
from policy_nlp.reports.charts.network_places import HEIGHT, WIDTH, PlacedNode, place_nodes
from policy_nlp.reports.charts.numbers import show_amount
from policy_nlp.reports.charts.shapes import render_shape, shape_of, short

_SVG = Markup(
    '<div class="chart-scroll" tabindex="0" role="region" aria-label="{}">'
    '<svg class="network" viewBox="0 0 {} {}"'
    ' role="img" aria-label="{}">{}{}{}</svg></div>'
)
_EDGE = Markup(
    '<line x1="{}" y1="{}" x2="{}" y2="{}" style="stroke-width:{};stroke-opacity:{}"><title>{}</title></line>'
)
_LABEL = Markup('<text x="{}" y="{}" font-size="{}">{}</text>')
_KEY = Markup('<p class="chart-key">面积：{}；连线粗细：{}；颜色与形状：群组（{}）。</p>')
_TABLE = Markup(
    '<details class="chart-numbers"><summary>数值表</summary><div class="chart-scroll"><table><thead><tr>'
    '<th scope="col">名称</th><th scope="col">{}</th>'
    '<th scope="col">群组</th></tr></thead><tbody>{}</tbody></table>'
    '<table><thead><tr><th scope="col">连线</th><th scope="col">{}</th></tr></thead><tbody>{}</tbody></table>'
    "</div></details>"
)


def render_network(chart: NetworkChart) -> Markup:
    """The picture, in a box that scrolls sideways, its key, and the table of its numbers."""
    placed = place_nodes(chart)
    most = max((edge.weight for edge in chart.edges), default=0.0) or 1.0
    edges = Markup("").join(_render_edge(chart, edge, placed, most=most) for edge in chart.edges)
    order = sorted(range(len(placed)), key=lambda number: -placed[number].radius)  # small ones on top
    nodes = Markup("").join(_render_node(chart, number, placed[number]) for number in order)
    labels = Markup("").join(
        _LABEL.format(
            short(one.label_x), short(one.label_y + 0.36 * one.text_size), short(one.text_size), node.name
        )
        for one, node in zip(placed, chart.nodes, strict=True)
        if one.has_label
    )
    svg = _SVG.format(
        chart.title,
        short(WIDTH),
        short(HEIGHT),
        chart.title,
        Markup('<g class="edges">{}</g>').format(edges),
        Markup('<g class="nodes">{}</g>').format(nodes),
        Markup('<g class="names" aria-hidden="true">{}</g>').format(labels),
    )
    return svg + _render_key(chart) + _render_numbers(chart)


def edge_look(edge: Edge, most: float) -> tuple[float, float]:
    """Width and opacity of a tie, by its weight beside the largest one."""
    share = max(0.0, edge.weight) / most
    return 0.6 + 4.4 * share, 0.3 + 0.4 * share


def _render_edge(chart: NetworkChart, edge: Edge, placed: tuple[PlacedNode, ...], *, most: float) -> Markup:
    source, target = placed[edge.source], placed[edge.target]
    width, opacity = edge_look(edge, most)
    names = f"{chart.nodes[edge.source].name} – {chart.nodes[edge.target].name}"
    return _EDGE.format(
        short(source.x),
        short(source.y),
        short(target.x),
        short(target.y),
        short(width),
        short(opacity),
        f"{names}：{chart.weight_name} {show_amount(edge.weight)}",
    )


def _render_node(chart: NetworkChart, number: int, placed: PlacedNode) -> Markup:
    node = chart.nodes[number]
    tip = f"{node.name}：{chart.size_name} {show_amount(node.size)}，群组 {node.community}"
    shape = render_shape(
        shape_of(node.community),
        (placed.x, placed.y),
        radius=placed.radius,
        look=f"fill:{community_colour(node.community)}",
    )
    return shape + Markup("<title>{}</title></g>").format(f"{tip}，{node.detail}" if node.detail else tip)


def _render_key(chart: NetworkChart) -> Markup:
    communities = sorted({node.community for node in chart.nodes})
    marks = Markup(" ").join(
        Markup('<svg class="key" viewBox="0 0 14 14" aria-hidden="true">{}</g></svg>{}').format(
            render_shape(shape_of(community), (7, 7), radius=5, look=f"fill:{community_colour(community)}"),
            community,
        )
        for community in communities
    )
    return _KEY.format(chart.size_name, chart.weight_name, marks)


def _render_numbers(chart: NetworkChart) -> Markup:
    nodes = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>').format(
            node.name, show_amount(node.size), node.community
        )
        for node in chart.nodes
    )
    edges = Markup("").join(
        Markup('<tr><th scope="row">{} – {}</th><td>{}</td></tr>').format(
            chart.nodes[edge.source].name, chart.nodes[edge.target].name, show_amount(edge.weight)
        )
        for edge in chart.edges
    )
    return _TABLE.format(chart.size_name, nodes, chart.weight_name, edges)
