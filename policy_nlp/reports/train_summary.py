"""What `train` found -> the lines and the JSON object it prints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from policy_nlp.agreement.intervals import Measure
from policy_nlp.evaluation.method_choice import MethodChoice
from policy_nlp.evaluation.report import EvaluationReport
from policy_nlp.reports.evaluation_json import level_measures
from policy_nlp.reports.measure_texts import show_measure
from policy_nlp.reports.method_choice import choice_lines

_SHOWN = ("micro_f1", "macro_f1", "alpha_jaccard", "calibration_error")


@dataclass(frozen=True, slots=True)
class TrainSummary:
    """The finished folder, the sentences that made it, and the development report.

    Attributes:
        notes: what the user should know of how the gold was read.
        choice: of the method, where several were compared or folds took the place of development gold.
    """

    folder: Path
    n_train: int
    n_development: int
    n_left_out: int
    report: EvaluationReport
    notes: tuple[str, ...] = ()
    choice: MethodChoice | None = None


def render_train_summary(summary: TrainSummary) -> str:
    """Lines for a terminal."""
    choice = summary.choice
    lines = [
        *summary.notes,
        *(choice_lines(choice) if choice else ()),
        f"{summary.folder}: trained on {summary.n_train:,} sentences"
        + (
            f" ({summary.n_left_out} left out: the development gold has them too)"
            if summary.n_left_out
            else ""
        ),
        (
            f"out of fold, the same {summary.n_development:,} sentences, each scored by a model trained "
            "without its fold, each half "
            if choice and choice.is_out_of_fold
            else f"development, {summary.n_development:,} sentences never trained on, each half of the "
            "documents "
        )
        + "judged with calibration and thresholds of the other:",
    ]
    for level in summary.report.levels:
        measures = level_measures(level)
        shown = ", ".join(f"{name} {show_measure(measures[name])}" for name in _SHOWN)
        lines.append(f"  {level.level:<10} {shown}")
    return "\n".join([*lines, f"Card: {summary.folder / 'README.md'}"])


def train_summary_json(summary: TrainSummary) -> str:
    """One JSON object; undefined measures are null."""
    levels = {
        level.level: {name: _number(measure) for name, measure in level_measures(level).items()}
        for level in summary.report.levels
    }
    content = {
        "folder": str(summary.folder),
        "n_train": summary.n_train,
        "n_development": summary.n_development,
        "n_left_out": summary.n_left_out,
        "development": levels,
        "notes": list(summary.notes),
        "method_choice": summary.choice.as_fields() if summary.choice else None,
    }
    return json.dumps(content, ensure_ascii=False)


def _number(measure: Measure) -> float | None:
    return round(measure.value, 4) if measure.is_defined else None
