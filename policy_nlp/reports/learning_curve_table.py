"""LearningCurve -> tables, one JSON object, and a chart."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from scipy import stats

from policy_nlp.evaluation.learning_curve import (
    CONFIDENCE,
    MOST_FACTOR,
    CurveFit,
    CurveLevel,
    CurveRun,
    LearningCurve,
    Range,
    UnfittedCurve,
)
from policy_nlp.reports.charts.chart import Estimate, LineChart, Series
from policy_nlp.reports.evaluation_table import LEVEL_TITLES, TextTable, markdown_table
from policy_nlp.reports.measure_texts import NOT_AVAILABLE, show_number

LAW_TITLES = {
    "power": "a·n^-b 幂律",
    "power_with_floor": "a·n^-b + c 有下限",
}
CAUTION = (
    "What lies beyond the last size is a guess: it assumes more labels of the same kind and quality, drawn "
    "the same way, and the same recipe. The law without a floor is the more hopeful one; noise in the gold "
    "is a floor. Intervals hold the chance of training and of which documents were taken, not that of the "
    "development sentences, which are the same in all runs. Power law: Hestness et al. (2017); with a floor: "
    "Figueroa et al. (2012)."
)
NEVER = f">{MOST_FACTOR}×"
FEWEST_RUNS = 3  # of one size with an interval


def curve_tables(curve: LearningCurve) -> tuple[TextTable, TextTable]:
    """The scores by size, and what the fitted laws say beyond them."""
    return _scores_table(curve), _laws_table(curve)


def render_curve(curve: LearningCurve) -> str:
    """Both tables as Markdown, with the caution."""
    return "\n\n".join([*(markdown_table(table) for table in curve_tables(curve)), CAUTION])


def curve_json(curve: LearningCurve) -> str:
    """One JSON object; what is undefined or never reached is null."""
    return json.dumps(_plain(asdict(curve)), ensure_ascii=False, indent=2, allow_nan=False)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _scores_table(curve: LearningCurve) -> TextTable:
    rows = []
    for share in _shares(curve):
        of_share = [_at(one, share) for one in curve.levels]
        n_train = round(float(np.mean([run.n_train for run in of_share[0]])))
        cells = (_show_estimate(_estimate(runs)) for runs in of_share)
        rows.append((f"{share:.4g}", f"{n_train:,}", str(len(of_share[0])), *cells))
    header = ("share 比例", "sentences 句数", "runs 次数", *(LEVEL_TITLES[one.level] for one in curve.levels))
    note = (
        f"F1, micro: mean over runs and {CONFIDENCE:.0%} t interval (other documents and start in each run)"
    )
    return TextTable(f"Learning curve 学习曲线: {curve.recipe}", header, tuple(rows), (note,))


def _laws_table(curve: LearningCurve) -> TextTable:
    rows, notes = [], []
    for one in curve.levels:
        for fit in one.fits:
            if isinstance(fit, UnfittedCurve):
                notes.append(
                    f"{NOT_AVAILABLE}: {LEVEL_TITLES[one.level]}, {LAW_TITLES[fit.law]}: {fit.reason}"
                )
            else:
                rows.append((f"{LEVEL_TITLES[one.level]}: {LAW_TITLES[fit.law]}", *_law_cells(fit)))
    header = ("law 规律", "b", "c", "F1 at ×2 加倍", "F1 at ×4 四倍", "sentences needed 所需句数")
    if rows:
        notes.insert(
            0,
            f"{NEVER}: more than {MOST_FACTOR} times the labels of the last size, or never 百倍以上或不可达",
        )
    return TextTable("Extrapolation 外推", header, tuple(rows), tuple(notes))


def _law_cells(fit: CurveFit) -> tuple[str, ...]:
    floor = _show_range(fit.floor) if fit.law == "power_with_floor" else "0"
    out_of_reach = [place for place, one in enumerate(fit.needed) if math.isinf(one.n_train.low)]
    listed = fit.needed[: out_of_reach[0] + 1] if out_of_reach else fit.needed
    needed = "; ".join(f"F1 {one.micro_f1:.2f}: {_show_labels(one.n_train)}" for one in listed)
    foreseen = (_show_range(one.micro_f1) for one in fit.foreseen[1:])
    return (_show_range(fit.exponent), floor, *foreseen, needed)


def _show_range(found: Range) -> str:
    return f"{show_number(found.value)} [{show_number(found.low)}, {show_number(found.high)}]"


def _show_labels(found: Range) -> str:
    low, high = _show_count(found.low), _show_count(found.high)
    return f"{_show_count(found.value)} [{low}, {high}]" if low != high else low


def _show_count(value: float) -> str:
    """Two digits that count: the rest would be pretence."""
    if not math.isfinite(value):
        return NEVER
    digits = max(0, math.floor(math.log10(max(value, 1.0))) - 1)
    return f"{round(value, -digits):,.0f}"


def _shares(curve: LearningCurve) -> list[float]:
    return sorted({run.share for one in curve.levels for run in one.runs})


def _at(level: CurveLevel, share: float) -> list[CurveRun]:
    return [run for run in level.runs if run.share == share]


def _estimate(runs: Sequence[CurveRun]) -> Estimate:
    """Mean and t interval over runs."""
    values = np.array([run.micro_f1 for run in runs if not math.isnan(run.micro_f1)])
    if not len(values):
        return Estimate(math.nan, reason="没有可计算的 F1")
    mean = float(values.mean())
    if len(values) < FEWEST_RUNS:
        return Estimate(mean, reason="训练次数太少，没有区间")
    half = stats.t.ppf((1 + CONFIDENCE) / 2, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
    return Estimate(mean, max(0.0, mean - float(half)), min(1.0, mean + float(half)))


def _show_estimate(estimate: Estimate) -> str:
    shown = show_number(estimate.value)
    if not estimate.has_interval:
        return shown
    return f"{shown} [{show_number(estimate.low)}, {show_number(estimate.high)}]"


def curve_chart(curve: LearningCurve) -> LineChart:
    """Measured scores by size, then what both laws foresee; sizes double from place to place if shares do."""
    shares = _shares(curve)
    counts = [round(float(np.mean([run.n_train for run in _at(curve.levels[0], one)]))) for one in shares]
    first = curve.levels[0]
    laws = [fit for fit in first.fits if isinstance(fit, CurveFit)]
    beyond = [2 * counts[-1], 4 * counts[-1]] if laws else []
    unknown = Estimate(math.nan)
    measured = [
        Series(
            LEVEL_TITLES[one.level],
            (*(_estimate(_at(one, share)) for share in shares), *(unknown for _ in beyond)),
            detail=one.level,
        )
        for one in curve.levels
    ]
    foreseen = [
        Series(
            f"{first.level} {LAW_TITLES[fit.law]}",
            (*(unknown for _ in shares[1:]), *(_range_estimate(point.micro_f1) for point in fit.foreseen)),
            detail=f"{first.level}, {fit.law}",
        )
        for fit in laws
    ]
    return LineChart(
        "learning-curve",
        "学习曲线：开发集 micro-F1 与训练句数 Learning curve: micro-F1 by sentences trained on",
        tuple(f"{count:,}" for count in (*counts, *beyond)),
        (*measured, *foreseen),
        unit="number",
        note="最后两处为外推，仅供参考 The last two places are extrapolated: a guess.",
    )


def _range_estimate(found: Range) -> Estimate:
    return Estimate(found.value, found.low, found.high)
