"""EvaluationReport -> one JSON object. Undefined numbers are null; `reasons` says why."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict

from policy_nlp.agreement.intervals import Measure
from policy_nlp.evaluation.report import (
    Breakdown,
    CodeEvaluation,
    EvaluationReport,
    EvaluationSource,
    LevelCalibration,
    LevelEvaluation,
    MainConfusion,
)
from policy_nlp.records import LEVELS

NONE = "NONE"
CONFUSION_RULE = (
    "rows gold, columns predicted; diagonal: units with the category in both (NONE: no category in either); "
    "else units in which the row was missed and the column predicted falsely (NONE column: nothing was, "
    "NONE row: nothing was missed)"
)
MACRO_RULE = (
    "mean F1 of the codes that gold or predicted has somewhere; predicted but never in gold counts as 0, "
    "in neither is left out"
)


def evaluation_json(
    report: EvaluationReport, source: EvaluationSource, *, abstention: Mapping[str, object] | None = None
) -> str:
    """One JSON object with a key for each level (null where it was left out), and what abstention gave."""
    levels = {level.level: _level_fields(level) for level in report.levels}
    value: dict[str, object] = {level: levels.get(level) for level in LEVELS}
    value["left_out"] = {part.level: part.reason for part in report.left_out}
    value["confusion"] = _confusion_fields(report.confusion) if report.confusion else None
    value["breakdowns"] = {part.field: _breakdown_fields(part) for part in report.breakdowns}
    value["n_units"] = report.n_units
    value["n_documents"] = report.n_documents
    value["n_empty"] = report.n_empty
    value["bootstrap"] = {**asdict(report.bootstrap), "resampled": report.resampled}
    value["macro_rule"] = MACRO_RULE
    value["source"] = asdict(source)
    value["abstention"] = abstention
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)


def level_measures(level: LevelEvaluation) -> dict[str, Measure]:
    """The measures of a level by the name they have in files."""
    return {
        "micro_precision": level.micro_precision,
        "micro_recall": level.micro_recall,
        "micro_f1": level.micro_f1,
        "macro_f1": level.macro_f1,
        "exact_match": level.exact_match,
        "alpha_masi": level.alpha_masi,
        "alpha_jaccard": level.alpha_jaccard,
        "calibration_error": level.calibration_error,
    }


def code_measures(code: CodeEvaluation) -> dict[str, Measure]:
    """The measures of a code by the name they have in files."""
    return {
        "precision": code.precision,
        "recall": code.recall,
        "f1": code.f1,
        "krippendorff_alpha": code.alpha,
        "cohen_kappa": code.kappa,
        "gwet_ac1": code.ac1,
        "percent_agreement": code.percent_agreement,
    }


def measure_fields(measures: Mapping[str, Measure]) -> dict[str, object]:
    """Each measure as a plain number or null, then intervals, reasons and undefined draws by name."""
    return {
        **{name: number_or_null(measure.value) for name, measure in measures.items()},
        "intervals": {
            name: [number_or_null(measure.low), number_or_null(measure.high)]
            if measure.has_interval
            else None
            for name, measure in measures.items()
        },
        "reasons": {name: measure.reason for name, measure in measures.items() if measure.reason},
        "undefined_draws": {name: m.n_undefined for name, m in measures.items() if m.n_undefined},
    }


def number_or_null(value: float) -> float | None:
    """The value with six decimals; None for NaN, which JSON does not have."""
    return None if math.isnan(value) else round(value, 6)


def _level_fields(level: LevelEvaluation) -> dict[str, object]:
    return {
        "n": level.n_units,
        "n_groups": level.n_groups,
        "n_macro_codes": level.n_macro_codes,
        **measure_fields(level_measures(level)),
        "calibration": _calibration_fields(level.calibration) if level.calibration else None,
        "per_code": {code.code_id: _code_fields(code) for code in level.per_code},
    }


def _calibration_fields(calibration: LevelCalibration) -> dict[str, object]:
    return {
        "n_scores": calibration.n_scores,
        "n_positives": calibration.n_positives,
        "ece_equal_mass_15": number_or_null(calibration.equal_mass),
        "ece_equal_width_15": number_or_null(calibration.equal_width),
        "ece_scores_from_tenth": number_or_null(calibration.error_from_tenth),
        "brier_of_shares": number_or_null(calibration.brier_of_shares),
        **measure_fields({"brier": calibration.brier}),
        "bins": [
            {
                "low": part.low,
                "high": part.high,
                "n_scores": part.n_scores,
                "mean_score": number_or_null(part.mean_score),
                **measure_fields({"share": part.share}),
            }
            for part in calibration.bins
        ],
    }


def _code_fields(code: CodeEvaluation) -> dict[str, object]:
    return {
        "name_zh": code.name_zh,
        "support": code.support,
        "tp": code.tp,
        "fp": code.fp,
        "fn": code.fn,
        "tn": code.tn,
        **measure_fields(code_measures(code)),
    }


def _breakdown_fields(breakdown: Breakdown) -> dict[str, object]:
    return {
        "rule": breakdown.rule,
        "n_unknown": breakdown.n_unknown,
        "reason": breakdown.reason,
        "groups": [
            {
                "name": group.name,
                "n": group.n_units,
                "n_documents": group.n_documents,
                "levels": {
                    level.level: {
                        "n": level.n_units,
                        "n_positives": level.n_positives,
                        **measure_fields({"micro_f1": level.micro_f1}),
                    }
                    for level in group.levels
                },
            }
            for group in breakdown.groups
        ],
    }


def _confusion_fields(confusion: MainConfusion) -> dict[str, object]:
    return {
        "codes": [*confusion.code_ids, NONE],
        "counts": confusion.counts.tolist(),
        "rule": CONFUSION_RULE,
    }
