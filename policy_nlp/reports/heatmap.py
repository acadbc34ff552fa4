"""A matrix of counts -> a heat map as PNG, with Chinese names where a Chinese font is installed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from policy_nlp.reports.fonts import (
    NO_FONT_NOTE,
    drawable_characters,
    font_families,
    picture_fonts,
    plain_text,
)

if TYPE_CHECKING:  # loaded when a picture is drawn
    from matplotlib.figure import Figure

OTHER_NAMES_NOTE = "图中有的编码用英文名、id 或序号：所用字体没有其中文名的全部字符。"
_CELL_INCHES = 0.42
_DOTS_PER_INCH = 160
_MOST_INCHES = 16.0


@dataclass(frozen=True, slots=True)
class HeatMapLabel:
    """What a row and column is called; `other` has no Chinese characters."""

    name_zh: str
    other: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A drawn heat map.

    Attributes:
        labels: the texts of the axes as drawn.
        note: what a reader must know of it; empty when nothing.
    """

    png: bytes
    labels: tuple[str, ...]
    note: str = ""


def draw_heat_map(
    counts: NDArray[np.int_], labels: Sequence[HeatMapLabel], *, title: HeatMapLabel, font: str | None
) -> HeatMap:
    """The matrix drawn: colour and number off the diagonal, number alone on it.

    Args:
        counts: shape (N, N).
        labels: N of them.
        title: above the picture.
        font: a font with Chinese characters; None draws what has none, and says so in `note`.
    """
    from matplotlib.figure import Figure

    families = font_families(font)
    known = drawable_characters(families)
    names = tuple(_shown_name(label, number, known) for number, label in enumerate(labels, start=1))
    side = min(_MOST_INCHES, 3.2 + _CELL_INCHES * len(names))
    with picture_fonts(families):
        figure = Figure(figsize=(side, side - 0.6), dpi=_DOTS_PER_INCH, layout="constrained")
        _draw(figure, counts, names, title=_shown_name(title, 0, known))
        stream = io.BytesIO()
        figure.savefig(stream, format="png", metadata={"Software": None})
    return HeatMap(stream.getvalue(), names, _describe_names(labels, names, font))


def _shown_name(label: HeatMapLabel, number: int, known: frozenset[int]) -> str:
    """The first of both names that can be drawn, else the place in the codebook: never empty boxes."""
    for name in (label.name_zh, label.other):
        if name and all(ord(character) in known for character in name):
            return plain_text(name)
    return f"no. {number}"


def _describe_names(labels: Sequence[HeatMapLabel], names: Sequence[str], font: str | None) -> str:
    if all(name == label.name_zh for name, label in zip(names, labels, strict=True)):
        return ""
    return NO_FONT_NOTE if font is None else OTHER_NAMES_NOTE


def _draw(figure: Figure, counts: NDArray[np.int_], names: Sequence[str], *, title: str) -> None:
    from matplotlib.colors import PowerNorm

    axes = figure.add_subplot()
    is_diagonal = np.eye(len(names), dtype=np.bool_)
    apart = np.where(is_diagonal, 0, counts)
    most = max(1, int(apart.max(initial=0)))
    colours = PowerNorm(
        0.5, vmin=0, vmax=most
    )  # square roots, so that small counts are seen beside large ones
    image = axes.imshow(np.ma.masked_where(is_diagonal, apart), cmap="OrRd", norm=colours)
    axes.set_facecolor("#e6e6e6")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.tick_params(length=0)
    axes.set_title(title, fontsize=10, pad=10)
    size = 7 if len(names) <= 30 else 5
    for row, column in np.argwhere(counts > 0).tolist():
        is_dark = row != column and counts[row, column] > 0.4 * most
        colour = "white" if is_dark else "black"
        text = str(counts[row, column])
        axes.text(column, row, text, ha="center", va="center", fontsize=size, color=colour)
    figure.colorbar(image, ax=axes, shrink=0.6)
