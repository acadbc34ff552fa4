"""Charts -> PNG and SVG by matplotlib: the same chart gives the same bytes wherever the same fonts are.

A PNG takes a Chinese font of this machine; without one it uses English names or numbers and says so in the
picture. An SVG keeps all text as text, in a list of fonts of which every system has one.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from policy_nlp.reports.charts.chart import (
    BarChart,
    Chart,
    HeatMapChart,
    LineChart,
    NetworkChart,
    PanelChart,
)
from policy_nlp.reports.charts.draw_bars import bars_size, draw_bars, draw_panels, panels_size
from policy_nlp.reports.charts.draw_lines import draw_lines, lines_size
from policy_nlp.reports.charts.draw_matrices import draw_matrix, draw_tiles, matrix_size, tiles_size
from policy_nlp.reports.charts.draw_networks import draw_network, network_size
from policy_nlp.reports.charts.frame import EDGE, SOFT, Frame, Lettering, TextLook, wrap_text
from policy_nlp.reports.charts.missing import missing_notes
from policy_nlp.reports.fonts import (
    CHINESE_FONTS,
    LATIN_FONT,
    drawable_characters,
    find_chinese_font,
    font_families,
    picture_fonts,
)
from policy_nlp.reports.report_blocks import printable

if TYPE_CHECKING:  # loaded when a picture is drawn
    from matplotlib.figure import Figure

PictureFormat = Literal["png", "svg"]

NO_FONT_LINE = (
    "English names, or numbers as in the rows of the CSV file: no Chinese font is installed on this machine."
)
_DOTS_PER_INCH = 200
_TITLE_SIZE, _NOTE_SIZE = 10.5, 7.0
_TITLE_LINE, _NOTE_LINE = 0.2, 0.14
_SVG_FONTS = re.compile(r"'[^'\"<>]+'(?:, '[^'\"<>]+')*, sans-serif")
_SVG_WEIGHT = re.compile(r"font-weight: \d+; ")  # of a font that has no normal weight


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is drawn where: texts above and below, and the size of the body between them."""

    title: str
    notes: tuple[str, ...]
    width: float
    body_height: float
    draw: Callable[[Frame], None]


def draw_chart(chart: Chart, picture_format: PictureFormat, *, font: str | None = "") -> bytes:
    """The chart as a picture, with its title and notes.

    Args:
        chart: what is drawn.
        picture_format: `png` (200 dots an inch) or `svg`.
        font: a font with Chinese characters; empty takes the first of `CHINESE_FONTS` that is installed, None
            draws a PNG without Chinese characters.
    """
    from matplotlib import rc_context

    found = find_chinese_font() if font == "" else font
    families = font_families(found)
    letters = Lettering(None if picture_format == "svg" else drawable_characters(families))
    with ExitStack() as stack:
        stack.enter_context(picture_fonts(families))
        stack.enter_context(rc_context({"svg.fonttype": "none", "svg.hashsalt": chart.chart_id}))
        stack.enter_context(rc_context({"text.parse_math": False, "hatch.linewidth": 0.6}))
        stack.enter_context(warnings.catch_warnings())
        if picture_format == "svg":  # the viewer's fonts have the characters that ours may lack
            warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        figure = _draw(_plan(chart, letters, has_font=found is not None), letters)
        return _save(figure, picture_format)


def _plan(chart: Chart, letters: Lettering, *, has_font: bool) -> _Plan:
    (width, height), draw = _body_of(chart, letters)
    n_characters = int((width - 2 * EDGE) * 72 / 0.54)
    title = wrap_text(letters.show(chart.title, chart.chart_id), int(n_characters / _TITLE_SIZE))
    notes = [note for note in (*chart.note.splitlines(), *missing_notes(chart)) if note.strip()]
    if isinstance(chart, NetworkChart):
        notes.insert(0, f"面积：{chart.size_name}；连线粗细：{chart.weight_name}；颜色与形状：群组。")
    shown = [note for note in notes if letters.can_draw(note)]
    if letters.known is not None and not has_font:
        shown.append(NO_FONT_LINE)
    lines = [line for note in shown for line in wrap_text(note, int(n_characters / _NOTE_SIZE)).split("\n")]
    return _Plan(title, tuple(lines), width, height, draw)


def _body_of(chart: Chart, letters: Lettering) -> tuple[tuple[float, float], Callable[[Frame], None]]:
    """Width and height of the body in inches, and what draws it."""
    if isinstance(chart, BarChart):
        return bars_size(chart, letters), lambda frame: draw_bars(chart, frame)
    if isinstance(chart, PanelChart):
        return panels_size(chart, letters), lambda frame: draw_panels(chart, frame)
    if isinstance(chart, HeatMapChart):
        return matrix_size(chart, letters), lambda frame: draw_matrix(chart, frame)
    if isinstance(chart, LineChart):
        return lines_size(chart, letters), lambda frame: draw_lines(chart, frame)
    if isinstance(chart, NetworkChart):
        return network_size(chart, letters), lambda frame: draw_network(chart, frame)
    return tiles_size(chart, letters), lambda frame: draw_tiles(chart, frame)


def _draw(plan: _Plan, letters: Lettering) -> Figure:
    from matplotlib.figure import Figure

    title_lines = plan.title.split("\n")
    head = 0.14 + _TITLE_LINE * len(title_lines)
    foot = 0.1 + _NOTE_LINE * len(plan.notes)
    height = head + plan.body_height + foot
    figure = Figure(figsize=(plan.width, height), dpi=_DOTS_PER_INCH, facecolor="white")
    frame = Frame(figure, letters, plan.width, foot, height - head)
    for number, line in enumerate(title_lines):
        frame.write(line, (EDGE, height - 0.08 - _TITLE_LINE * (number + 0.5)), size=_TITLE_SIZE)
    for number, line in enumerate(plan.notes):
        y = foot - 0.04 - _NOTE_LINE * (number + 0.5)
        frame.write(line, (EDGE, y), size=_NOTE_SIZE, look=TextLook(SOFT))
    plan.draw(frame)
    return figure


def _save(figure: Figure, picture_format: PictureFormat) -> bytes:
    stream = io.BytesIO()
    if picture_format == "png":
        figure.savefig(stream, format="png", metadata={"Software": None})
        return stream.getvalue()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": "policy-nlp"})
    families = ", ".join(f"'{name}'" for name in (*CHINESE_FONTS, LATIN_FONT))
    svg = _SVG_WEIGHT.sub("", stream.getvalue().decode("utf-8"))
    return printable(_SVG_FONTS.sub(f"{families}, sans-serif", svg)).encode("utf-8")
