"""Codings on characters of documents -> CharacterAgreement, with bootstrap intervals over documents.

A coder who was given a document was given all of its characters; where no coding lies, no code applies.
Everything is computed from sums over documents, so that a bootstrap sample is a weighted sum of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import divide
from policy_nlp.agreement.character_report import (
    CharacterAgreement,
    CharacterCode,
    CharacterLevel,
    MatchedSpans,
)
from policy_nlp.agreement.character_sums import (
    CODE_MEASURES,
    MEANS,
    NO_CHARACTER,
    NO_CODE,
    code_quantities,
    sum_codes,
)
from policy_nlp.agreement.continuum import Continuum, lay_end_to_end, merge_codes
from policy_nlp.agreement.intervals import Bootstrap, Measure, bootstrap_draws, measures_from_draws
from policy_nlp.agreement.span_matching import pair_spans
from policy_nlp.agreement.unitizing import (
    CODE_ALONE,
    NO_CU_VARIANCE,
    NO_GAP_VARIANCE,
    NO_U_VARIANCE,
    UnitizingSums,
    bar_u_alpha_of_sums,
    cu_alpha_of_sums,
    cu_coverage_of_sums,
    ku_alpha_of_sums,
    ku_coverage_of_sums,
    sum_unitizing,
    u_alpha_of_sums,
)
from policy_nlp.codebook import Codebook
from policy_nlp.errors import OverlappingCodesError
from policy_nlp.records import LEVELS, CodedDocument, Level

Floats = NDArray[np.float64]

MIN_OVERLAP = 0.9

NOTHING_DEFINED = "undefined for every code of the level"


def compare_characters(
    documents: Sequence[CodedDocument],
    codebook: Codebook,
    *,
    bootstrap: Bootstrap,
    min_overlap: float = MIN_OVERLAP,
) -> CharacterAgreement:
    """Agreement on characters at every level in which some coder used a code.

    Args:
        documents: codings that are not in the codebook are left out, with a note.
        codebook: its parents say which concept counts as which initial and main category.
        bootstrap: of the intervals, which draw documents.
        min_overlap: share of the longer span from which two spans match, above 0.

    Raises:
        TooFewCodersError: no document was given to two coders.
    """
    whole = lay_end_to_end(documents)
    at_levels = [(level, codings_of_level(documents, codebook, level=level)) for level in LEVELS]
    used = [(level, coded) for level, coded in at_levels if is_comparable(coded)]
    return CharacterAgreement(
        coder_ids=whole.coder_ids,
        n_documents=len(whole.lengths),
        n_groups=len(whole.whole_ids),
        n_unused=whole.n_unused,
        n_characters=int(whole.borders[-1]),
        min_overlap=min_overlap,
        bootstrap=bootstrap,
        levels=tuple(
            _compare_level(
                level,
                lay_end_to_end(coded, codebook.ids(level), coder_ids=whole.coder_ids),
                codebook,
                bootstrap=bootstrap,
                min_overlap=min_overlap,
            )
            for level, coded in used
        ),
        notes=(*_note_unknown(documents, codebook), *_note_uncoded(documents), *_note_idle(used)),
    )


def codings_of_level(
    documents: Sequence[CodedDocument], codebook: Codebook, *, level: Level
) -> list[CodedDocument]:
    """The documents with each coding under the code of the level that it counts as; the others left out.

    Coders who did not code the level in a document were not given it there.
    """
    code_of = _codes_of_level(codebook, level)
    return [
        replace(
            document,
            coder_ids=(coder_ids := coders_of_level(document, level)),
            codings=tuple(
                replace(coding, code_id=code_of[coding.code_id])
                for coding in document.codings
                if coding.code_id in code_of and coding.coder_id in coder_ids
            ),
        )
        for document in documents
    ]


def coders_of_level(document: CodedDocument, level: Level) -> tuple[str, ...]:
    """The coders who coded this level of the document, whether or not they gave a code."""
    listed = "initial" if level == "main" else level
    uncoded = {own.coder_id for own in document.uncoded if own.level == listed}
    return tuple(coder_id for coder_id in document.coder_ids if coder_id not in uncoded)


def is_comparable(documents: Sequence[CodedDocument]) -> bool:
    """Whether there is a coding, and a document of two coders or more."""
    has_pair = any(len(document.coder_ids) >= 2 for document in documents)
    return has_pair and any(document.codings for document in documents)


def _codes_of_level(codebook: Codebook, level: Level) -> Mapping[str, str]:
    """For each code at or below the level, the code of the level that it counts as."""
    code_of = {code_id: code_id for code_id in codebook.ids(level)}
    below = (*codebook.initial, *codebook.concepts)  # parents first
    for code in below:
        if code.parent_id in code_of:
            code_of[code.code_id] = code_of[code.parent_id]
    return code_of


def _note_unknown(documents: Sequence[CodedDocument], codebook: Codebook) -> list[str]:
    known = {code_id for level in LEVELS for code_id in _codes_of_level(codebook, level)}
    unknown = [c.code_id for document in documents for c in document.codings if c.code_id not in known]
    if not unknown:
        return []
    names = ", ".join(sorted(set(unknown))[:5])
    return [f"{len(unknown)} codings left out: their codes are not in the codebook ({names})"]


def _note_uncoded(documents: Sequence[CodedDocument]) -> list[str]:
    counts = Counter(own for document in documents for own in document.uncoded)
    return [
        f"{own.coder_id} did not code {own.level} in {n_texts:,} texts: missing there, not "
        f"seen without a code"
        for own, n_texts in counts.items()
    ]


def _note_idle(levels: Sequence[tuple[Level, Sequence[CodedDocument]]]) -> list[str]:
    notes = []
    for level, documents in levels:
        coder_ids = dict.fromkeys(coder_id for document in documents for coder_id in document.coder_ids)
        active = {coding.coder_id for document in documents for coding in document.codings}
        notes += [
            f"{coder_id} used no code of {level}: counted as seen, no code applies"
            for coder_id in coder_ids
            if coder_id not in active
        ]
    return notes


def _compare_level(
    level: Level,
    continuum: Continuum,
    codebook: Codebook,
    *,
    bootstrap: Bootstrap,
    min_overlap: float,
) -> CharacterLevel:
    of_codes, means = _measure_codes(continuum, bootstrap)
    exclusive = _measure_exclusive(continuum, bootstrap)
    any_code = merge_codes(continuum, np.zeros(len(continuum.code_ids), dtype=np.int_), code_ids=("coded",))
    n_codes, code_ids = len(continuum.code_ids), continuum.code_ids
    return CharacterLevel(
        level=level,
        coded_shares=_coded_shares(any_code),
        mean_kappa=means["kappa"],
        mean_alpha=means["alpha"],
        mean_u_alpha=means["u_alpha"],
        u_alpha=exclusive[0],
        bar_u_alpha=_measure_coded(any_code, bootstrap),
        cu_alpha=exclusive[1],
        cu_coverage=exclusive[2],
        per_code=tuple(
            _describe_code(
                continuum.of_code(number),
                codebook.find(code_id).name_zh,
                measures=of_codes[number],
                ku_alpha=(exclusive[3 + number], exclusive[3 + n_codes + number]),
                min_overlap=min_overlap,
            )
            for number, code_id in enumerate(code_ids)
        ),
    )


def _describe_code(
    own: Continuum,
    name_zh: str,
    *,
    measures: Mapping[str, Measure],
    ku_alpha: tuple[Measure, Measure],
    min_overlap: float,
) -> CharacterCode:
    return CharacterCode(
        code_id=own.code_ids[0],
        name_zh=name_zh,
        coded_shares=_coded_shares(own),
        n_spans=tuple(np.bincount(own.coder, minlength=len(own.coder_ids)).tolist()),
        percent_agreement=measures["percent_agreement"],
        positive_agreement=measures["positive_agreement"],
        kappa=measures["kappa"],
        alpha=measures["alpha"],
        ac1=measures["ac1"],
        u_alpha=measures["u_alpha"],
        ku_alpha=ku_alpha[0],
        ku_coverage=ku_alpha[1],
        matched=_match_spans(own, min_overlap),
    )


def _match_spans(own: Continuum, min_overlap: float) -> tuple[MatchedSpans, ...]:
    matched = []
    for first, second in combinations(range(len(own.coder_ids)), 2):
        if not (own.given[first] & own.given[second]).any():
            continue
        pairs = pair_spans(own, first=first, second=second)
        counts = pairs.count_matched(min_overlap)
        names = own.coder_ids[first], own.coder_ids[second]
        matched.append(MatchedSpans(*names, len(pairs.first), len(pairs.second), *counts))
    return tuple(matched)


def _coded_shares(own: Continuum) -> tuple[float, ...]:
    """Of each coder, share of the characters given to them that they coded; own is of one code."""
    coded = np.bincount(own.coder, weights=own.end - own.start, minlength=len(own.coder_ids)).astype(
        np.float64
    )
    return tuple(divide(coded, (own.given @ own.lengths).astype(np.float64)).tolist())


def _measure_codes(
    continuum: Continuum, bootstrap: Bootstrap
) -> tuple[Sequence[Mapping[str, Measure]], Mapping[str, Measure]]:
    """The measures of each code by name, and the means over codes by name."""
    sums, n_codes = sum_codes(continuum), len(continuum.code_ids)
    reasons = [measure.reason for measure in CODE_MEASURES for _ in range(n_codes)]
    measures = _with_intervals(
        lambda weights: code_quantities(sums.weighted(weights)),
        continuum,
        reasons=[*reasons, *(NOTHING_DEFINED for _ in MEANS)],
        bootstrap=bootstrap,
    )
    names = [measure.name for measure in CODE_MEASURES]
    of_codes = [dict(zip(names, measures[number::n_codes], strict=False)) for number in range(n_codes)]
    return of_codes, dict(zip(MEANS, measures[len(reasons) :], strict=True))


def _measure_coded(any_code: Continuum, bootstrap: Bootstrap) -> Measure:
    sums = sum_unitizing(any_code)
    measures = _with_intervals(
        lambda weights: bar_u_alpha_of_sums(sums.weighted(weights))[:, np.newaxis],
        any_code,
        reasons=[NO_GAP_VARIANCE],
        bootstrap=bootstrap,
    )
    return measures[0]


def _measure_exclusive(continuum: Continuum, bootstrap: Bootstrap) -> tuple[Measure, ...]:
    """u-alpha, cu-alpha, its coverage; then ku-alpha of all codes and their coverages."""
    n_codes = len(continuum.code_ids)
    try:
        sums = sum_unitizing(continuum)
    except OverlappingCodesError as err:
        return (Measure(math.nan, reason=err.message),) * (3 + 2 * n_codes)
    alone = [*[CODE_ALONE] * n_codes, *[NO_CODE] * n_codes]
    return _with_intervals(
        lambda weights: _exclusive_quantities(sums.weighted(weights)),
        continuum,
        reasons=[NO_U_VARIANCE, NO_CU_VARIANCE, NO_CHARACTER, *alone],
        bootstrap=bootstrap,
    )


def _exclusive_quantities(sums: UnitizingSums) -> Floats:
    of_level = [u_alpha_of_sums(sums), cu_alpha_of_sums(sums), cu_coverage_of_sums(sums)]
    columns = [value[:, np.newaxis] for value in of_level]
    return np.concatenate([*columns, ku_alpha_of_sums(sums), ku_coverage_of_sums(sums)], axis=-1)


def _with_intervals(
    statistic: Callable[[Floats], Floats],
    continuum: Continuum,
    *,
    reasons: Sequence[str],
    bootstrap: Bootstrap,
) -> tuple[Measure, ...]:
    """A measure for each column of the statistic, which takes weights of shape (B, D)."""
    n_groups = len(continuum.whole_ids)
    return measures_from_draws(
        statistic(np.ones((1, len(continuum.lengths))))[0],
        bootstrap_draws(
            lambda weights: statistic(weights[:, continuum.whole]), n_groups, bootstrap=bootstrap
        ),
        reasons=reasons,
        n_groups=n_groups,
        bootstrap=bootstrap,
    )
