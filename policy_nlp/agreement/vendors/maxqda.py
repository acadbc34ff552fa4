"""MAXQDA's intercoder agreement of two coders: presence and frequency in documents, and coded segments.

Source: MAXQDA help, "The Intercoder Agreement function" (MAX12, 18, 22, 24). Each coded segment of either
coder is one test, passed when the other coder has a segment with the same code that overlaps by a chosen
share (default 90 %). Kappa's P(observed) is the share of tests passed, P(chance) is 1 / number of codes that
the two used, after Brennan and Prediger (1981).
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from policy_nlp.agreement.continuum import Continuum, share_documents
from policy_nlp.agreement.intervals import Measure
from policy_nlp.agreement.span_matching import pair_spans
from policy_nlp.agreement.vendors.report import MaxqdaCode, MaxqdaComparison

NO_SEGMENT = "neither coder coded a segment"
ONE_CODE = "one code only: chance agreement would be 1"
NO_DOCUMENT = "no code was used in a document that both were given"


def compare_like_maxqda(continuum: Continuum, *, min_overlap: float) -> tuple[MaxqdaComparison, ...]:
    """MAXQDA's comparison of each pair of coders who share a document."""
    return tuple(
        _compare_pair(share_documents(continuum, (one, two)), min_overlap)
        for one, two in combinations(range(len(continuum.coder_ids)), 2)
        if (continuum.given[one] & continuum.given[two]).any()
    )


def maxqda_kappa(agreement: float, n_codes: int) -> float:
    """Kappa of this share of agreeing segments; NaN with fewer than two codes.

    >>> round(maxqda_kappa(0.9, 10), 4)
    0.8889
    """
    if n_codes < 2:
        return math.nan
    chance = 1 / n_codes
    return (agreement - chance) / (1 - chance)


def _compare_pair(pair: Continuum, min_overlap: float) -> MaxqdaComparison:
    used = np.unique(pair.code).tolist()
    codes = tuple(_compare_code(pair.of_code(code), min_overlap) for code in used)
    n_segments = sum(code.n_segments for code in codes)
    n_cells = sum(code.n_documents for code in codes)
    agreement = _share(sum(code.n_segments_agree for code in codes), n_segments, NO_SEGMENT)
    kappa = maxqda_kappa(agreement.value, len(codes))
    return MaxqdaComparison(
        first=pair.coder_ids[0],
        second=pair.coder_ids[1],
        min_overlap=min_overlap,
        codes=codes,
        presence_agreement=_share(sum(code.n_present_agree for code in codes), n_cells, NO_DOCUMENT),
        frequency_agreement=_share(sum(code.n_frequency_agree for code in codes), n_cells, NO_DOCUMENT),
        segment_agreement=agreement,
        chance=_share(1, len(codes), NO_SEGMENT),
        kappa=Measure(kappa, reason=(NO_SEGMENT if not codes else ONE_CODE) if math.isnan(kappa) else None),
    )


def _compare_code(own: Continuum, min_overlap: float) -> MaxqdaCode:
    pairs = pair_spans(own, first=0, second=1)
    n_first, n_second = (
        np.bincount(own.document[spans], minlength=len(own.lengths)) for spans in (pairs.first, pairs.second)
    )
    n_segments, n_agree = len(pairs.first) + len(pairs.second), sum(pairs.count_matched(min_overlap))
    return MaxqdaCode(
        code_id=own.code_ids[0],
        n_documents=len(own.lengths),
        n_present_agree=int(((n_first > 0) == (n_second > 0)).sum()),
        n_frequency_agree=int((n_first == n_second).sum()),
        n_segments=n_segments,
        n_segments_agree=n_agree,
        segment_agreement=_share(n_agree, n_segments, NO_SEGMENT),
    )


def _share(part: int, whole: int, reason: str) -> Measure:
    return Measure(part / whole) if whole else Measure(math.nan, reason=reason)
