"""From a case (a metric's name and its data) to what this package computes for it.

A metric's name is a coefficient, with words for its weights and its missing-data rule, and may start with
`se:` or `ci95:` and end with a code or a rule: `gwet_ac2_quadratic`, `fleiss_kappa_listwise`,
`se:alpha_nominal`, `ku_alpha:1`, `alpha_U_2004[c]`. Where a name has several readings in the literature (a
standard error divided by n or by n - 1), each reading is an outcome of its own; a case may name the one it
is of.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from policy_nlp.agreement import coefficients, label_sets, unitizing, variants
from policy_nlp.agreement.alpha_u_2004 import NO_2004_VARIANCE, alpha_u_2004, alpha_u_2004_of_code
from policy_nlp.agreement.chance import MISSING
from policy_nlp.agreement.distances import (
    check_distances,
    interval_alpha,
    ordinal_alpha,
    ordinal_distances,
    ratio_alpha,
)
from policy_nlp.agreement.standard_errors import (
    NO_VARIANCE,
    StandardError,
    alpha_scores,
    chance_scores,
    coefficient_scores,
    error_of_scores,
    standard_error,
)
from policy_nlp.agreement.weighted import (
    code_weights,
    weighted_coefficient,
    weighted_kappa,
    weighted_standard_error,
    weights_from_distances,
)
from policy_nlp.errors import OverlappingCodesError, TooFewCodersError
from policy_nlp.records import CodedDocument, Coding, Span

Numbers = tuple[float, ...]


class UnknownMetricError(Exception):
    """A case asks for what this package does not compute, or has data of no known form."""


@dataclass(frozen=True)
class Outcome:
    """A metric in one reading: one number, or the two ends of an interval; NaN with a reason."""

    reading: str
    numbers: Numbers
    reason: str | None = None


@dataclass(frozen=True)
class Units:
    """Units x coders as indices of codes, and what the codes are."""

    codes: np.ndarray  # (K, U)
    labels: tuple[str, ...]
    values: tuple[float, ...]  # the codes as numbers, else their ranks from 1
    n_codes: int  # codes to choose from
    sets: tuple[tuple[str, ...], ...] | None = None  # the code is a set of labels


@dataclass(frozen=True)
class Metric:
    coefficient: str
    weights: str | None
    rule: str | None
    argument: str | None


PREFIX = re.compile(r"(?:(se|ci)_?(\d*)[:_])?(.+)", re.DOTALL)
ARGUMENT = re.compile(r"([^\[(:]+)(?:[\[(:](.*?)[\])]?)?", re.DOTALL)

RULES = {
    "gwet": None,
    "raw": None,
    "listwise": "listwise",
    "irr": "listwise",
    "complete": "listwise",
    "dkpro": "by_codings",
    "1-do": "by_codings",
    "tidycomm": None,
    "nltk": None,
    "sklearn": None,
    "statsmodels": None,
    "icr": None,
    "recal": None,
    "mean": None,
    "pairwise": None,
    "binary": None,
    "table": None,
    "dist": None,
    "fleiss1969": None,
    "fce": None,
    "passonneau2006": None,
}
WEIGHTS = {
    "linear": "linear",
    "equal": "linear",
    "absolute": "linear",
    "quadratic": "quadratic",
    "squared": "quadratic",
    "interval": "quadratic",
    "ordinal": "ordinal",
    "radical": "radical",
    "ratio": "ratio",
    "circular": "circular",
    "bipolar": "bipolar",
    "nominal": "identity",
    "identity": "identity",
    "unweighted": "identity",
    "custom": "custom",
}
NAMES = {
    "percent_agreement": (
        "percent_agreement percent agreement raw_agreement observed_agreement percentage_agreement po pa "
        "percent_agreement_pairwise percent_agreement_mean_pairwise mean_pairwise_agreement"
    ),
    "percent_agreement_by_codings": (
        "percent_agreement_pairwise_weighted percent_agreement_weighted percent_agreement_by_codings 1-do"
    ),
    "percent_agreement_all": (
        "percent_agreement_all percent_agreement_all_coders all_coders_agreement agreement_all_coders"
    ),
    "holsti": "holsti holsti_mean_pairwise holsti_cr",
    "cohen_kappa": "cohen_kappa kappa cohens_kappa nvivo_kappa",
    "light_kappa": (
        "light_kappa lights_kappa cohen_kappa_mean_pairwise mean_pairwise_kappa cohen_kappa_mean "
        "cohen_kappa_pairwise cohen_kappa_light"
    ),
    "scott_pi": "scott_pi scotts_pi pi",
    "scott_pi_mean": "scott_pi_mean_pairwise scott_pi_mean scott_pi_pairwise",
    "fleiss_kappa": "fleiss_kappa multi_pi fleiss siegel_castellan_kappa scott_pi_multi fleiss_kappa_multi",
    "conger_kappa": "conger_kappa conger fleiss_kappa_exact",
    "hubert_kappa": "hubert_conger_kappa hubert_kappa multi_kappa davies_fleiss_kappa hubert",
    "gwet_ac1": "gwet_ac1 ac1",
    "gwet_ac2": "gwet_ac2 ac2",
    "brennan_prediger": (
        "brennan_prediger brennan_prediger_kappa brennan_prediger_s bp bp_coeff pabak bennett_s s "
        "randolph_kappa randolph fleiss_kappa_randolph free_marginal_kappa free_marginal kappa_free "
        "randolph_free_marginal_kappa randolph_free_marginal"
    ),
    "von_eye_kappa": "brennan_prediger_von_eye von_eye_kappa von_eye brennan_prediger_von_eye_kappa",
    "perreault_leigh": "perreault_leigh perreault_leigh_ir ir perreault_leigh_i_r",
    "lotus": "lotus",
    "standardised_lotus": "s_lotus s-lotus standardised_lotus standardized_lotus lotus_s lotus_standardized",
    "largest_kappa": "kappa_max largest_kappa cohen_kappa_max max_kappa kappa_maximum",
    "weighted_kappa": "weighted_kappa cohen_kappa_weighted cohen_weighted_kappa kappa_weighted",
    "specific_agreement": "specific_agreement positive_agreement positive_specific_agreement ppos",
    "negative_agreement": "negative_agreement negative_specific_agreement pneg",
    "krippendorff_alpha": "alpha krippendorff_alpha kripp_alpha krippendorffs_alpha",
    "alpha_masi": "alpha_masi alpha_set_masi alpha_masi_2006",
    "alpha_jaccard": "alpha_jaccard alpha_set_jaccard",
    "alpha_dice": "alpha_dice",
    "share_with_common_label": "max_percentage max_percentage_agreement max_percent_agreement",
    "dice_agreement": "dice dice_agreement",
    "alpha_dkpro_masi": "alpha_dkpro_masi alpha_masi_2004 alpha_set_masi_2004",
    "alpha_set_2004": "alpha_set_2004 alpha_set alpha_sets alpha_set_annotation alpha_passonneau_2004 "
    "alpha_set_distance alpha_passonneau",
}
COEFFICIENT_OF = {name: key for key, names in NAMES.items() for name in names.split()}
SPAN_NAMES = {
    "u_alpha": "u_alpha alpha_u ualpha",
    "bar_u_alpha": "bar_u_alpha |u|_alpha u_alpha_bar binary_u_alpha u_alpha_binary |_u_alpha bar_alpha_u",
    "cu_alpha": "cu_alpha alpha_cu",
    "cu_coverage": "cu_coverage cu_alpha_coverage coverage",
    "ku_alpha": "ku_alpha alpha_ku",
    "ku_coverage": "ku_coverage",
    "alpha_u_2004": "alpha_u_2004 alpha_u_1995 u_alpha_2004",
}
SPAN_COEFFICIENT_OF = {name: key for key, names in SPAN_NAMES.items() for name in names.split()}


def compute_case(case: dict) -> list[Outcome]:
    """Every reading of the case's metric, its usual reading first."""
    data = case["data"]
    kind, level, rest = PREFIX.fullmatch(case["metric"].strip()).groups()
    if "spans" in data or "segments" in data:
        try:
            return [_span_outcome(rest, data)]
        except (TooFewCodersError, OverlappingCodesError) as err:
            return [Outcome("", (math.nan,), str(err))]
    outcomes = []
    for reading, units in _orders_of_codes(data):
        try:
            metric = parse_metric(rest)
            if kind is None:
                found = list(_value_outcomes(metric, units, data))
            else:
                confidence = float(level or 95) / 100
                errors = _error_readings(metric, units, data=data, confidence=confidence)
                found = [_error_outcome(name, error, wants_interval=kind == "ci") for name, error in errors]
        except TooFewCodersError as err:
            found = [Outcome("", (math.nan,), str(err))]
        outcomes += [replace(one, reading=f"{one.reading}{reading}") for one in found]
    return outcomes


def _orders_of_codes(data: dict) -> Iterable[tuple[str, Units]]:
    """The units with codes in their order; texts that declare none also in order of appearance."""
    units = read_units(data)
    yield "", units
    texts = [_text(code) for row in _rows(data) for code in row]
    appearing = list(dict.fromkeys(text for text in texts if text is not None))
    is_ordered = _is_declared(data, units.labels) or all(_order(label)[0] == 0 for label in units.labels)
    if not is_ordered and tuple(appearing) != units.labels:
        yield " in order of appearance", read_units({**data, "categories": appearing})


def _is_declared(data: dict, labels: Iterable[str]) -> bool:
    declared = data.get("categories") or data.get("codes") or data.get("labels")
    return isinstance(declared, list) and set(labels) <= {_text(code) for code in declared}


def parse_metric(text: str) -> Metric:
    name, argument = ARGUMENT.fullmatch(text.strip()).groups()
    if argument is not None and argument.strip().lower() in (*RULES, *WEIGHTS):
        name, argument = f"{name}_{argument.strip()}", None
    words = [word for word in re.split(r"[_\s]+", name.lower()) if word]
    if words[0] in ("weighted", "krippendorff") and words[1:2] != ["kappa"]:
        words = words[1:]  # weighted_percent_agreement, krippendorff_alpha
    for n_rule in range(len(words) + 1):
        for kept, rule, weights in _without_rules(words, n_rule):
            if (coefficient := COEFFICIENT_OF.get("_".join(kept))) is not None:
                return Metric(coefficient, weights, rule, argument)
    raise UnknownMetricError(
        f"metric {text!r} is not known. Known coefficients: {', '.join(NAMES)}; weights: "
        f"{', '.join(WEIGHTS)}; rules: {', '.join(RULES)}; prefixes se:, ci95:."
    )


def _without_rules(words: list[str], n_taken: int) -> Iterable[tuple[list[str], str | None, str | None]]:
    """The words less `n_taken` of those that name a rule or weights (from the right), with what they name."""
    places = [i for i, word in enumerate(words) if word in RULES or word in WEIGHTS]
    if n_taken > len(places):
        return
    taken = places[len(places) - n_taken :]
    rules = [RULES[words[i]] for i in taken if words[i] in RULES]
    weights = [WEIGHTS[words[i]] for i in taken if words[i] in WEIGHTS]
    kept = [word for i, word in enumerate(words) if i not in taken]
    yield kept, next((rule for rule in rules if rule), None), next(iter(weights), None)


def read_units(data: dict) -> Units:
    rows = _rows(data)
    texts = [[_text(code) for code in row] for row in rows]
    known = sorted({text for row in texts for text in row if text is not None}, key=_order)
    if _is_declared(data, known):
        declared = data.get("categories") or data.get("codes") or data.get("labels")
        known = [_text(code) for code in declared]
    n_codes = data.get("q") or data.get("n_codes") or data.get("n_categories") or len(known)
    numbers = {None: MISSING} | {text: index for index, text in enumerate(known)}
    width = max(map(len, texts))
    codes = np.array([[numbers[text] for text in row] + [MISSING] * (width - len(row)) for row in texts]).T
    try:
        values = tuple(float(text) for text in known)
    except ValueError:
        values = tuple(float(rank) for rank in range(1, len(known) + 1))
    is_set = any(isinstance(code, list) for row in rows for code in row)
    sets = tuple(tuple(text.split("\x1f")) if text else () for text in known) if is_set else None
    return Units(codes, tuple(known), values, int(n_codes), sets)


def _rows(data: dict) -> list[list]:
    """One list of codes a unit, whatever form the data has."""
    if "units_x_coders" in data:
        return data["units_x_coders"]
    if "counted_units" in data:
        return [row for row, n_units in data["counted_units"] for _ in range(n_units)]
    if "coders_x_units" in data:
        return [list(row) for row in zip(*data["coders_x_units"], strict=True)]
    if {"a", "b", "c", "d"} <= set(data):  # both yes, only the first, only the second, both no
        cells = zip("abcd", ([1, 1], [1, 0], [0, 1], [0, 0]), strict=True)
        return [row for key, row in cells for _ in range(data[key])]
    for key in ("table", "contingency_table", "contingency"):
        if key in data:
            names = data.get("categories") or list(range(1, len(data[key]) + 1))
            cells = zip(names, data[key], strict=True)
            return [[a, b] for a, row in cells for b, n in zip(names, row, strict=True) for _ in range(n)]
    for key in ("units_x_categories", "counts", "distribution"):
        if key in data:
            names = data.get("categories") or list(range(1, len(data[key][0]) + 1))
            return [[name for name, n in zip(names, row, strict=True) for _ in range(n)] for row in data[key]]
    raise UnknownMetricError(f"data with the keys {sorted(data)} have no known form.")


def _text(code: object) -> str | None:
    """One name for a code however it is written: 1, 1.0 and "1" are one; a list is a set of labels."""
    if code is None or (isinstance(code, float) and math.isnan(code)):
        return None
    if isinstance(code, list):
        return "\x1f".join(sorted({_text(label) or "" for label in code}))
    if isinstance(code, float) and code.is_integer():
        return str(int(code))
    return str(code)


def _order(text: str) -> tuple[int, float, str]:
    try:
        return 0, float(text), text
    except ValueError:
        return 1, 0.0, text


PLAIN: dict[str, Callable[[np.ndarray, int], float]] = {
    "percent_agreement": lambda codes, q: coefficients.percent_agreement(codes),
    "percent_agreement_by_codings": lambda codes, q: variants.percent_agreement_by_codings(codes),
    "percent_agreement_all": lambda codes, q: coefficients.percent_agreement_all(codes),
    "holsti": lambda codes, q: coefficients.holsti(codes),
    "cohen_kappa": lambda codes, q: (
        coefficients.cohen_kappa(codes) if len(codes) == 2 else coefficients.light_kappa(codes)
    ),
    "light_kappa": lambda codes, q: coefficients.light_kappa(codes),
    "scott_pi": lambda codes, q: (
        coefficients.scott_pi(codes) if len(codes) == 2 else coefficients.fleiss_kappa(codes)
    ),
    "scott_pi_mean": lambda codes, q: coefficients.mean_of_pairs(coefficients.scott_pi, codes),
    "fleiss_kappa": lambda codes, q: coefficients.fleiss_kappa(codes),
    "conger_kappa": lambda codes, q: coefficients.conger_kappa(codes),
    "hubert_kappa": lambda codes, q: variants.hubert_kappa(codes),
    "gwet_ac1": coefficients.gwet_ac1,
    "brennan_prediger": coefficients.brennan_prediger,
    "von_eye_kappa": variants.von_eye_kappa,
    "perreault_leigh": coefficients.perreault_leigh,
    "lotus": lambda codes, q: variants.lotus(codes),
    "standardised_lotus": variants.standardised_lotus,
    "largest_kappa": lambda codes, q: variants.largest_kappa(codes),
    "krippendorff_alpha": lambda codes, q: coefficients.nominal_alpha(codes),
}
WEIGHTED = {
    "percent_agreement": "percent_agreement",
    "fleiss_kappa": "fleiss_kappa",
    "scott_pi": "fleiss_kappa",
    "conger_kappa": "conger_kappa",
    "cohen_kappa": "conger_kappa",
    "weighted_kappa": "conger_kappa",
    "gwet_ac1": "gwet_ac2",
    "gwet_ac2": "gwet_ac2",
    "brennan_prediger": "brennan_prediger",
    "krippendorff_alpha": "krippendorff_alpha",
}
CHANCE_OF = {
    "percent_agreement": "none",
    "fleiss_kappa": "fleiss",
    "conger_kappa": "conger",
    "gwet_ac2": "gwet",
    "brennan_prediger": "brennan_prediger",
}
ALPHAS = {
    "ordinal": lambda units: ordinal_alpha(units.codes),
    "quadratic": lambda units: interval_alpha(units.codes, units.values),
    "ratio": lambda units: ratio_alpha(units.codes, units.values),
}
SET_ALPHAS = {
    "alpha_masi": label_sets.masi_distances,
    "alpha_jaccard": label_sets.jaccard_distances,
    "alpha_dice": label_sets.dice_distances,
    "alpha_dkpro_masi": label_sets.dkpro_masi_distances,
    "alpha_set_2004": label_sets.passonneau_2004_distances,
}
OF_SETS = {
    "share_with_common_label": variants.share_with_common_label,
    "dice_agreement": variants.dice_agreement,
}
NAMES_OF_ERRORS = {
    "percent_agreement": "percent_agreement",
    "percent_agreement_all": "percent_agreement_all",
    "holsti": "holsti",
    "cohen_kappa": "cohen_kappa",
    "light_kappa": "cohen_kappa",
    "scott_pi": "scott_pi",
    "scott_pi_mean": "scott_pi",
    "fleiss_kappa": "fleiss_kappa",
    "conger_kappa": "conger_kappa",
    "hubert_kappa": "conger_kappa",
    "krippendorff_alpha": "krippendorff_alpha",
    "gwet_ac1": "gwet_ac1",
    "brennan_prediger": "brennan_prediger",
    "perreault_leigh": "perreault_leigh",
}


def _value_outcomes(metric: Metric, units: Units, data: dict) -> Iterable[Outcome]:
    for reading, value in _value_readings(metric, units, data):
        yield Outcome(reading, (value,), NO_VARIANCE if math.isnan(value) else None)


def _value_readings(metric: Metric, units: Units, data: dict) -> Iterable[tuple[str, float]]:
    coefficient, codes = metric.coefficient, units.codes
    if coefficient in SET_ALPHAS:
        is_dkpro_masi = metric.rule == "by_codings" and coefficient == "alpha_masi"
        name = "alpha_dkpro_masi" if is_dkpro_masi else coefficient
        yield name, label_sets.set_alpha(label_sets.LabelSets(_members(units), codes), SET_ALPHAS[name])
        return
    if coefficient in OF_SETS:
        yield "", OF_SETS[coefficient](label_sets.LabelSets(_members(units), codes))
        return
    if coefficient in ("specific_agreement", "negative_agreement"):
        code = (
            _code(metric, units)
            if metric.argument
            else (0 if coefficient[0] == "n" else len(units.labels) - 1)
        )
        yield "", variants.specific_agreement(codes, code)
        return
    if metric.rule == "listwise":
        codes = coefficients.complete_units(codes)
        if coefficient == "percent_agreement":  # R irr counts the units on which all agree
            yield "all coders", coefficients.percent_agreement_all(codes)
    if metric.rule == "by_codings" and coefficient in ("percent_agreement", "fleiss_kappa"):
        of_rule = {"percent_agreement": variants.percent_agreement_by_codings}
        yield "by codings", of_rule.get(coefficient, variants.fleiss_kappa_by_codings)(codes)
        return
    yield "", _one_value(metric, replace(units, codes=codes), data)
    if coefficient == "cohen_kappa" and metric.argument is not None:
        yield "pooled shares", coefficients.fleiss_kappa(variants.of_one_code(codes, _code(metric, units)))


def _one_value(metric: Metric, units: Units, data: dict) -> float:
    coefficient, codes = metric.coefficient, units.codes
    has_weights = metric.weights not in (None, "identity") or "weights" in data or "distances" in data
    if coefficient == "krippendorff_alpha" and metric.weights in ALPHAS:
        return ALPHAS[metric.weights](units)
    if coefficient in WEIGHTED and (has_weights or coefficient in ("gwet_ac2", "weighted_kappa")):
        weights = _weights(metric, units, data)
        if coefficient == "weighted_kappa" and len(codes) == 2:
            return weighted_kappa(codes, weights)
        return weighted_coefficient(WEIGHTED[coefficient], codes, weights=weights)
    if has_weights or coefficient not in PLAIN:
        raise UnknownMetricError(f"{coefficient} with {metric.weights} weights is not computed.")
    if metric.argument is not None:  # one code against all others
        return PLAIN[coefficient](variants.of_one_code(codes, _code(metric, units)), 2)
    return PLAIN[coefficient](codes, units.n_codes)


def _weights(metric: Metric, units: Units, data: dict) -> np.ndarray:
    if metric.weights == "custom" or (metric.weights is None and {"weights", "distances"} & set(data)):
        if "weights" in data:
            return np.array(data["weights"], dtype=np.float64)
        distances = _custom_distances(metric, units, data)
        check_distances(distances, len(units.labels))
        return weights_from_distances(distances)
    return code_weights(metric.weights or "identity", units.values)


def _custom_distances(metric: Metric, units: Units, data: dict) -> np.ndarray:
    """A table in the data, or `X_half`: X is at half the distance from every other code."""
    if "distances" in data:
        return np.array(data["distances"], dtype=np.float64)
    name = re.fullmatch(r"(.+)_half", metric.argument or "")
    if name is None or name[1] not in units.labels:
        raise UnknownMetricError(
            f"the distances of {metric.argument!r} are neither in the data nor `CODE_half`."
        )
    distances = 1.0 - np.eye(len(units.labels))
    near = units.labels.index(name[1])
    distances[near], distances[:, near] = distances[near] / 2, distances[:, near] / 2
    return distances


def _members(units: Units) -> np.ndarray:
    sets = units.sets if units.sets is not None else tuple((label,) for label in units.labels)
    labels = sorted({label for labels in sets for label in labels})
    return np.array([[label in own for label in labels] for own in sets], dtype=np.bool_).reshape(
        len(sets), len(labels)
    )


def _code(metric: Metric, units: Units) -> int:
    if _text(metric.argument) not in units.labels:
        raise UnknownMetricError(f"code {metric.argument!r} is not in the data; found {units.labels}.")
    return units.labels.index(_text(metric.argument))


def _error_readings(
    metric: Metric, units: Units, *, data: dict, confidence: float
) -> Iterable[tuple[str, StandardError]]:
    """Standard errors by reading: ours first, then those of other formulas for the same coefficient."""
    codes = coefficients.complete_units(units.codes) if metric.rule == "listwise" else units.codes
    if metric.argument is not None and metric.weights != "custom":
        codes = variants.of_one_code(codes, _code(metric, units))
    weighted = list(_weighted_errors(metric, units, data=data, confidence=confidence))
    if weighted:
        yield from weighted
        return
    if metric.coefficient not in NAMES_OF_ERRORS:
        raise UnknownMetricError(f"no standard error is known for {metric.coefficient}.")
    name = NAMES_OF_ERRORS[metric.coefficient]
    n_codes = 2 if metric.argument is not None else units.n_codes
    ours = standard_error(name, codes, n_codes=n_codes, confidence=confidence)
    linear = coefficient_scores(name, codes, n_codes=n_codes)
    yield "ours", ours
    yield "table", error_of_scores(linear, confidence=confidence, divisor="n^2")
    yield "raw", error_of_scores(linear, confidence=confidence)
    if name == "krippendorff_alpha":
        yield (
            "distribution",
            error_of_scores(variants.alpha_scores_of_distribution(codes), confidence=confidence),
        )
    if name == "fleiss_kappa":
        yield "if by chance", replace(ours, se=variants.fleiss_null_error(codes))
        yield "Fleiss 1971", replace(ours, se=variants.fleiss_1971_error(codes))


def _weighted_errors(
    metric: Metric, units: Units, *, data: dict, confidence: float
) -> Iterable[tuple[str, StandardError]]:
    """As `_error_readings`, for coefficients with weights; none where the metric has none."""
    has_weights = metric.weights not in (None, "identity") or metric.coefficient in (
        "gwet_ac2",
        "weighted_kappa",
    )
    if not has_weights or metric.coefficient not in WEIGHTED:
        return
    name, codes, weights = WEIGHTED[metric.coefficient], units.codes, _weights(metric, units, data)
    yield "ours", weighted_standard_error(name, codes, weights=weights, confidence=confidence)
    if name == "krippendorff_alpha":
        linear = alpha_scores(codes, weights=weights)
        other = variants.alpha_scores_of_distribution(codes, weights=weights)
        yield "distribution", error_of_scores(other, confidence=confidence)
        if metric.weights == "ordinal":
            ranks = ordinal_distances(coefficients.pairable_totals(codes, len(units.labels)))
            own = alpha_scores(codes, weights=weights_from_distances(ranks))
            yield "Krippendorff's ranks", error_of_scores(own, confidence=confidence)
    else:
        linear = chance_scores(CHANCE_OF[name], codes, n_codes=len(weights), weights=weights)
    yield "table", error_of_scores(linear, confidence=confidence, divisor="n^2")


def _error_outcome(reading: str, error: StandardError, *, wants_interval: bool) -> Outcome:
    numbers = (error.low, error.high) if wants_interval else (error.se,)
    return Outcome(reading, numbers, error.reason)


def read_documents(data: dict) -> list[CodedDocument]:
    """Spans [coder, code, start, end] or DKPro's segments [start, length, coder, code] as one document."""
    if "spans" in data:
        first = int(data.get("start", 0))
        rows = [(str(coder), str(code), start, end) for coder, code, start, end in data["spans"]]
    else:
        first = int(data.get("start", 0))
        rows = [
            (str(coder), str(code), start, start + length) for start, length, coder, code in data["segments"]
        ]
    coders = data.get("coders") or data.get("raters")
    if not isinstance(coders, list):
        coders = sorted({coder for coder, *_ in rows})
    codings = tuple(
        Coding("document", Span(start - first, end - first), code, coder) for coder, code, start, end in rows
    )
    return [CodedDocument("document", int(data["length"]), tuple(map(str, coders)), codings)]


def _span_outcome(text: str, data: dict) -> Outcome:
    name, argument = ARGUMENT.fullmatch(text.strip()).groups()
    coefficient = SPAN_COEFFICIENT_OF.get(name.lower())
    documents = read_documents(data)
    plain = {
        "u_alpha": (unitizing.u_alpha, unitizing.NO_U_VARIANCE),
        "bar_u_alpha": (unitizing.bar_u_alpha, unitizing.NO_GAP_VARIANCE),
        "cu_alpha": (unitizing.cu_alpha, unitizing.NO_CU_VARIANCE),
        "cu_coverage": (unitizing.cu_coverage, unitizing.NO_CU_VARIANCE),
        "alpha_u_2004": (alpha_u_2004, NO_2004_VARIANCE),
    }
    of_code = {
        "ku_alpha": (unitizing.ku_alpha, unitizing.CODE_ALONE),
        "alpha_u_2004": (alpha_u_2004_of_code, NO_2004_VARIANCE),
    }
    if argument is None and coefficient in plain:
        compute, reason = plain[coefficient]
        value = compute(documents)
    elif argument is not None and coefficient in of_code:
        of_one, reason = of_code[coefficient]
        value = of_one(documents, argument)
    else:
        raise UnknownMetricError(
            f"metric {text!r} on spans is not known. Known: {', '.join(plain)}; of one code: "
            f"{', '.join(of_code)}."
        )
    return Outcome("", (float(value),), reason if math.isnan(value) else None)
