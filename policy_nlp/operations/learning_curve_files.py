"""LearningCurve <-> learning_curve.csv and its picture."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from policy_nlp.errors import TableError
from policy_nlp.evaluation.learning_curve import CurveRun, LearningCurve, fit_levels
from policy_nlp.files import write_atomically
from policy_nlp.records import LEVELS, Level
from policy_nlp.reports.charts.drawing import draw_chart
from policy_nlp.reports.learning_curve_table import curve_chart
from policy_nlp.reports.model_card import CURVE_PICTURE

CURVE_TABLE = "learning_curve.csv"
_COLUMNS = ("level", "share", "seed", "n_train", "micro_f1", "recipe")


def write_curve(curve: LearningCurve, folder: Path) -> None:
    """Write the runs as CSV, and the picture."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in curve.levels:
        for run in one.runs:
            score = "" if math.isnan(run.micro_f1) else run.micro_f1
            writer.writerow((one.level, run.share, run.seed, run.n_train, score, curve.recipe))
    write_atomically(folder / CURVE_TABLE, "\ufeff" + sheet.getvalue())
    write_curve_picture(curve, folder)


def write_curve_picture(curve: LearningCurve, folder: Path) -> None:
    """Write the picture alone."""
    write_atomically(folder / CURVE_PICTURE, draw_chart(curve_chart(curve), "png"))


def read_curve(path: Path) -> LearningCurve:
    """The curve of a table that `write_curve` wrote; the laws are fitted anew.

    Raises:
        TableError: the file cannot be read or is no such table.
    """
    try:
        lines = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        runs_of, recipe = _runs_of_lines(lines), lines[0]["recipe"]
    except (OSError, UnicodeDecodeError, KeyError, ValueError, TypeError) as err:
        raise TableError(
            f"{path}: not a learning curve ({err}). Give the {CURVE_TABLE} that `policy-nlp evaluate "
            "--learning-curve` writes.",
            path=path,
        ) from err
    return fit_levels(runs_of, recipe=recipe)


def _runs_of_lines(lines: Sequence[Mapping[str, str]]) -> dict[Level, list[CurveRun]]:
    found: dict[Level, list[CurveRun]] = {}
    for level in LEVELS:
        runs = [
            CurveRun(
                float(line["share"]),
                int(line["seed"]),
                int(line["n_train"]),
                float(line["micro_f1"] or "nan"),
            )
            for line in lines
            if line["level"] == level
        ]
        if runs:
            found[level] = runs
    if not found:
        raise ValueError("no run")
    return found
