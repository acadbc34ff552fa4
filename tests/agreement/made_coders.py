"""Coders made of arrays, and every coefficient of a report computed the long way round."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from policy_nlp.agreement.chance import MISSING
from policy_nlp.agreement.coder_table import LevelCodings
from policy_nlp.agreement.coefficients import compute_coefficients
from policy_nlp.agreement.label_sets import find_label_sets, jaccard_distances, masi_distances, set_alpha
from policy_nlp.agreement.level_agreement import COEFFICIENT_NAMES
from policy_nlp.codebook import Code, Codebook, CodeLevel
from policy_nlp.records import CodedUnit, Coder, CoderUnits


def make_code(code_id: str, level: CodeLevel, parent_id: str | None = None) -> Code:
    return Code(code_id, level, f"名{code_id}", code_id, parent_id, f"定义{code_id}")


INITIAL = ("a1", "a2", "b1", "b2")
CODEBOOK = Codebook(
    name="made",
    main=(make_code("a", "main"), make_code("b", "main")),
    initial=tuple(make_code(code_id, "initial", code_id[0]) for code_id in INITIAL),
    dimensions=(make_code("d1", "dimensions"), make_code("d2", "dimensions")),
    paths=(),
)


def coders_of(
    codings: LevelCodings, *, n_models: int = 0, documents: Sequence[str] | None = None
) -> list[CoderUnits]:
    """Coders of initial categories only, the last `n_models` of them models; not coded is not given."""
    n_coders, n_units = codings.coded.shape
    coders = []
    for row in range(n_coders):
        units = tuple(
            CodedUnit(
                unit_id=f"u{column}",
                text=f"第{column}句。",
                initial=tuple(np.array(INITIAL)[codings.applies[row, column]].tolist()),
                dimensions=None,
                paths=None,
                document_id=documents[column] if documents else None,
            )
            for column in range(n_units)
            if codings.coded[row, column]
        )
        is_model = row >= n_coders - n_models
        coders.append(CoderUnits(Coder(f"c{row}", is_model=is_model, source=f"file{row}.jsonl"), units))
    return coders


def random_codings(
    n_coders: int, n_units: int, *, seed: int, missing: float = 0.2, noise: float = 0.15
) -> LevelCodings:
    """Noisy copies of random sets of the four initial categories, each unit coded by two or more."""
    generator = np.random.default_rng(seed)
    truth = generator.random((n_units, len(INITIAL))) < 0.3
    applies = truth ^ (generator.random((n_coders, n_units, len(INITIAL))) < noise)
    coded = generator.random((n_coders, n_units)) >= missing
    coded[:2, coded.sum(axis=0) < 2] = True
    return LevelCodings(applies & coded[..., np.newaxis], coded)


def take_units(codings: LevelCodings, columns: np.ndarray) -> LevelCodings:
    return LevelCodings(codings.applies[:, columns], codings.coded[:, columns])


def slow_quantities(codings: LevelCodings, n_sets: int) -> dict[str, float]:
    """Every level measure of a report, unit by unit from the functions for one nominal variable."""
    applies, coded = codings.applies, codings.coded
    n_coders, n_units, n_codes = applies.shape
    sets = find_label_sets(applies, coded)
    of_codes = [np.where(coded, applies[..., code], MISSING).astype(int) for code in range(n_codes)]
    of_sets = compute_coefficients(sets.set_of, n_sets)
    pooled = compute_coefficients(np.concatenate(of_codes, axis=1), 2)
    each = [compute_coefficients(codes, 2) for codes in of_codes]
    slow: dict[str, float] = {"exact_match": of_sets["percent_agreement"]}
    for name in COEFFICIENT_NAMES:
        defined = [values[name] for values in each if not math.isnan(values[name])]
        slow[f"mean {name}"] = sum(defined) / len(defined) if defined else math.nan
        slow[f"pooled {name}"] = pooled[name]
        slow[f"sets {name}"] = of_sets[name]
    both = one = 0.0
    f1 = []
    for code in range(n_codes):
        pairs = [
            (applies[i, u, code], applies[j, u, code])
            for i in range(n_coders)
            for j in range(i + 1, n_coders)
            for u in range(n_units)
            if coded[i, u] and coded[j, u]
        ]
        own_both, own_one = sum(x and y for x, y in pairs), sum(x != y for x, y in pairs)
        both, one = both + own_both, one + own_one
        if own_both or own_one:
            f1.append(2 * own_both / (2 * own_both + own_one))
    slow["micro_f1"] = 2 * both / (2 * both + one) if both + one else math.nan
    slow["macro_f1"] = sum(f1) / len(f1) if f1 else math.nan
    slow["alpha_jaccard"] = set_alpha(sets, jaccard_distances)
    slow["alpha_masi"] = set_alpha(sets, masi_distances)
    return slow
