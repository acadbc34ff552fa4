"""AgreeResult -> one JSON object, in the form of `evaluate --json`: null with a reason where undefined."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from policy_nlp.agreement.intervals import Measure
from policy_nlp.agreement.report import (
    AgreementReport,
    CodeAgreement,
    CoderSummary,
    Coefficient,
    Disagreement,
    HumanModelLevel,
    LevelAgreement,
    PairAgreement,
    Replacement,
)
from policy_nlp.agreement.result import AgreeResult
from policy_nlp.records import LEVELS, CodedUnit
from policy_nlp.reports.evaluation_json import measure_fields, number_or_null
from policy_nlp.reports.record_fields import record_fields

_LEAST_LISTED = 100
MATRIX_RULE = (
    "over ordered pairs of coders; diagonal: both gave the code to the unit (none: neither any); off it: "
    "one gave the row and not the column, the other the column and not the row (none: the other had nothing "
    "more)"
)
READINGS_RULE = (
    "pooled: all (unit, code) cells, yes or no; mean: unweighted mean over the codes where it is defined; "
    "sets: each distinct set of codes is one category; analytic: sets with the interval of Gwet's standard "
    "error (for two coders kappa's by Fleiss, Cohen and Everitt, Perreault-Leigh's by its authors), which "
    "takes units as independent"
)


def agreement_json(result: AgreeResult, *, n_listed: int = 0) -> str:
    """One JSON object with a key for each level (null where it was left out).

    The 100 most informative disagreements are in it, or more where `n_listed` is.
    """
    report = result.report
    levels = {level.level: level for level in report.levels}
    coder_ids = [summary.coder.coder_id for summary in report.coders]
    value: dict[str, object] = {
        name: _level_fields(levels[name], coder_ids) if name in levels else None for name in LEVELS
    }
    value["coefficients"] = {
        level.level: {item.name: _coefficient_fields(item) for item in level.coefficients}
        for level in report.levels
    }
    value["coefficients_rule"] = READINGS_RULE
    value["pairs"] = {level.level: [pair_fields(pair) for pair in level.pairs] for level in report.levels}
    value["matrix"] = {level.level: _matrix_fields(level) for level in report.levels}
    value["matrix_rule"] = MATRIX_RULE
    value["human_model"] = [_human_model_fields(part) for part in report.human_model]
    value["n_disagreements"] = len(report.disagreements)
    listed = report.disagreements[: max(n_listed, _LEAST_LISTED)]
    value["disagreements"] = [_disagreement_fields(item) for item in listed]
    value |= _counts_of(report)
    value["characters"] = record_fields(result.characters) if result.characters else None
    value["vendors"] = record_fields(result.vendors) if result.vendors else None
    value["source"] = asdict(result.source)
    value["plan"] = record_fields(result.plan) if result.plan else None
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)


def level_measures(level: LevelAgreement) -> dict[str, Measure]:
    """The measures of a level by the name they have in files."""
    return {
        "micro_f1": level.micro_f1,
        "macro_f1": level.macro_f1,
        "exact_match": level.exact_match,
        "alpha_masi": level.alpha_masi,
        "alpha_jaccard": level.alpha_jaccard,
        "alpha_masi_coded": level.alpha_masi_coded,
        "alpha_jaccard_coded": level.alpha_jaccard_coded,
        "alpha_hierarchy": level.alpha_hierarchy,
    }


def code_measures(code: CodeAgreement) -> dict[str, Measure]:
    """The measures of a code by the name they have in files; F1 is the positive agreement of all pairs."""
    return {
        "precision": code.precision,
        "recall": code.recall,
        "f1": code.positive_agreement,
        "krippendorff_alpha": code.alpha,
        "cohen_kappa": code.kappa,
        "gwet_ac1": code.ac1,
        "percent_agreement": code.percent_agreement,
        "alpha_analytic": code.alpha_analytic,
        "ac1_analytic": code.ac1_analytic,
    }


def pair_measures(pair: PairAgreement) -> dict[str, Measure]:
    """The measures of a pair of coders by the name they have in files."""
    return {
        "micro_f1": pair.micro_f1,
        "macro_f1": pair.macro_f1,
        "exact_match": pair.exact_match,
        "percent_agreement": pair.percent_agreement,
        "cohen_kappa": pair.kappa,
        "krippendorff_alpha": pair.alpha,
        "alpha_jaccard": pair.alpha_jaccard,
        "alpha_masi": pair.alpha_masi,
    }


def coefficient_measures(coefficient: Coefficient) -> dict[str, Measure]:
    """The readings of a coefficient by the name they have in files."""
    return {
        "pooled": coefficient.pooled,
        "mean": coefficient.mean,
        "sets": coefficient.sets,
        "analytic": coefficient.analytic,
    }


def pair_fields(pair: PairAgreement) -> dict[str, object]:
    """One pair of coders as JSON holds it."""
    return {
        "first": pair.first,
        "second": pair.second,
        "n": pair.n_units,
        **measure_fields(pair_measures(pair)),
    }


def text_of(item: Disagreement) -> str:
    """The text of a unit, from the first coder whose input holds it; else empty."""
    return next((unit.text for unit in item.codings if unit.text), "")


def _level_fields(level: LevelAgreement, coder_ids: Sequence[str]) -> dict[str, object]:
    return {
        "n": level.n_units,
        "n_groups": level.n_groups,
        "n_units_by_coders": list(level.n_units_by_coders),
        "n_units_empty": level.n_units_empty,
        **measure_fields(level_measures(level)),
        "per_code": {code.code_id: _code_fields(code, coder_ids) for code in level.per_code},
    }


def _code_fields(code: CodeAgreement, coder_ids: Sequence[str]) -> dict[str, object]:
    return {
        "name_zh": code.name_zh,
        "n": code.n_units,
        "n_applied": dict(zip(coder_ids, code.n_applied, strict=True)),
        "n_coded": dict(zip(coder_ids, code.n_coded, strict=True)),
        "counts": asdict(code.counts) if code.counts else None,
        **_counts_against_first(code),
        **measure_fields(code_measures(code)),
    }


def _counts_against_first(code: CodeAgreement) -> dict[str, int | None]:
    """The names of `evaluate --json`, with the first of two coders in the place of gold."""
    counts = code.counts
    if counts is None:
        return dict.fromkeys(("support", "tp", "fp", "fn", "tn"))
    return {
        "support": counts.both + counts.only_first,
        "tp": counts.both,
        "fp": counts.only_second,
        "fn": counts.only_first,
        "tn": counts.neither,
    }


def _coefficient_fields(coefficient: Coefficient) -> dict[str, object]:
    fields = measure_fields(coefficient_measures(coefficient))
    return {**fields, "standard_error": number_or_null(coefficient.standard_error)}


def _matrix_fields(level: LevelAgreement) -> dict[str, object]:
    return {"codes": list(level.matrix.names), "counts": level.matrix.counts.tolist()}


def _human_model_fields(part: HumanModelLevel) -> dict[str, object]:
    return {
        "level": part.level,
        "model": part.model_id,
        "n": part.n_units,
        **measure_fields({"alpha_people": part.alpha_people, "alpha_all": part.alpha_all}),
        "person_model": [pair_fields(pair) for pair in part.person_model],
        "person_person": [pair_fields(pair) for pair in part.person_person],
        "replacements": [_replacement_fields(item) for item in part.replacements],
    }


def replacement_measures(item: Replacement) -> dict[str, Measure]:
    """The measures of a person's replacement by the name they have in files."""
    return {
        "alpha_with_person": item.alpha_with_person,
        "alpha_with_model": item.alpha_with_model,
        "change": item.change,
        "model_advantage": item.model_advantage,
    }


def _replacement_fields(item: Replacement) -> dict[str, object]:
    return {"coder": item.coder_id, "n": item.n_units, **measure_fields(replacement_measures(item))}


def _disagreement_fields(item: Disagreement) -> dict[str, object]:
    first = item.codings[0]
    return {
        "unit": first.unit_id,
        "document": first.document_id,
        "text": text_of(item),
        "levels": list(item.levels),
        "weight": number_or_null(item.weight),
        "codings": {str(unit.coder_id): _unit_fields(unit) for unit in item.codings},
    }


def _unit_fields(unit: CodedUnit) -> Mapping[str, list[str] | None]:
    lists = {"initial": unit.initial, "dimensions": unit.dimensions, "paths": unit.paths}
    return {level: None if codes is None else list(codes) for level, codes in lists.items()}


def _counts_of(report: AgreementReport) -> dict[str, object]:
    """Who coded how much, and what the intervals are drawn from."""
    return {
        "coders": [_coder_fields(summary) for summary in report.coders],
        "n_units": report.n_units,
        "n_units_shared": report.n_units_shared,
        "n_documents": report.n_documents,
        "notes": list(report.notes),
        "left_out": {part.level: part.reason for part in report.left_out},
        "bootstrap": {**asdict(report.bootstrap), "resampled": report.resampled},
    }


def _coder_fields(summary: CoderSummary) -> dict[str, object]:
    return {
        "coder": summary.coder.coder_id,
        "is_model": summary.coder.is_model,
        "source": summary.coder.source,
        "n_units": summary.n_units,
        "n_documents": summary.n_documents,
        "notes": list(summary.notes),
    }
