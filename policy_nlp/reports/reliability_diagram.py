"""Calibration of each level -> reliability diagram as PNG: scores against the shares they promise."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy_nlp.evaluation.report import LevelCalibration, LevelEvaluation
from policy_nlp.reports.charts.frame import INK, RULE, SOFT, Lettering
from policy_nlp.reports.evaluation_table import LEVEL_TITLES
from policy_nlp.reports.fonts import (
    drawable_characters,
    find_chinese_font,
    font_families,
    picture_fonts,
)

if TYPE_CHECKING:  # loaded when a picture is drawn
    from matplotlib.axes import Axes

_DOTS_PER_INCH = 160
_PANEL_INCHES = 3.1
_COLOUR = "#1f5fa8"


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with Chinese characters, and the one for machines without a Chinese font."""

    both: str
    english: str


_SCORE = _Text("平均分数 mean score", "mean score")
_SHARE = _Text("其中确实适用的比例 share that truly applies", "share that truly applies")
_COUNT = _Text("个数 scores", "scores")


def draw_reliability(levels: Sequence[LevelEvaluation], *, font: str | None = "") -> bytes | None:
    """A PNG with one panel a level that has scores; None where no level has.

    Points are the bins of `LevelCalibration` with 95 % intervals over documents; on the diagonal, scores are
    the shares they promise. Columns below count the scores of each bin.

    Args:
        levels: of one evaluation.
        font: a font with Chinese characters; empty takes an installed one, None draws English names only.
    """
    found = [(LEVEL_TITLES[level.level], level.calibration) for level in levels if level.calibration]
    if not found:
        return None
    from matplotlib.figure import Figure

    families = font_families(find_chinese_font() if font == "" else font)
    letters = Lettering(drawable_characters(families))
    stream = io.BytesIO()
    with picture_fonts(families):
        size = (_PANEL_INCHES * len(found) + 0.4, 4.3)
        figure = Figure(figsize=size, dpi=_DOTS_PER_INCH, facecolor="white", layout="constrained")
        axes = figure.subplots(2, len(found), height_ratios=(4, 1), squeeze=False, sharex=True)
        for place, (title, calibration) in enumerate(found):
            shown = letters.show(title, title.partition(" ")[0])
            _draw_points(axes[0][place], calibration, title=f"{shown}, n = {calibration.n_scores:,}")
            _draw_counts(axes[1][place], calibration)
            axes[1][place].set_xlabel(letters.show(_SCORE.both, _SCORE.english), size=8, color=SOFT)
        axes[0][0].set_ylabel(letters.show(_SHARE.both, _SHARE.english), size=8, color=SOFT)
        axes[1][0].set_ylabel(letters.show(_COUNT.both, _COUNT.english), size=7, color=SOFT)
        figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def _draw_points(axes: Axes, calibration: LevelCalibration, *, title: str) -> None:
    axes.plot([0, 1], [0, 1], color=SOFT, lw=0.8, linestyle="--", zorder=1)
    used = [part for part in calibration.bins if part.n_scores]
    for part in used:
        if part.share.has_interval:
            axes.vlines(part.mean_score, part.share.low, part.share.high, color=_COLOUR, lw=1.2, alpha=0.6)
    places, shares = [part.mean_score for part in used], [part.share.value for part in used]
    axes.plot(places, shares, color=_COLOUR, lw=1.2, marker="o", markersize=4, zorder=3)
    axes.set_title(title, size=9, color=INK)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    _plain_frame(axes)


def _draw_counts(axes: Axes, calibration: LevelCalibration) -> None:
    for part in calibration.bins:
        axes.bar(part.low, part.n_scores, width=part.high - part.low, align="edge", color=_COLOUR, alpha=0.5)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:,.0f}")  # powers would be set in mathematical fonts
    axes.set_ylim(bottom=0.8)
    _plain_frame(axes)


def _plain_frame(axes: Axes) -> None:
    axes.grid(color=RULE, lw=0.6, zorder=0)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=7, colors=SOFT, length=2)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
