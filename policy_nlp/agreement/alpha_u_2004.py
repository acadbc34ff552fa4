"""Krippendorff's older alpha_U of unitising, of one code or of all: the number before the 2016 family.

Source: Krippendorff (1995), "On the Reliability of Unitizing Continuous Data", Sociological Methodology 25;
Krippendorff (2004), "Content Analysis", 2nd edition, pages 251 to 256. Spans of different codes may
overlap: each code has a continuum of its own. Superseded by `unitizing`; the two are different numbers.

It knows no missing codings, so only documents that every coder was given are used, end to end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.continuum import Continuum, lay_end_to_end
from policy_nlp.errors import TooFewCodersError, UnknownCodeError
from policy_nlp.records import CodedDocument

Floats = NDArray[np.float64]

NO_2004_VARIANCE = "no coder used the code, or every coder's span is all of the text"


@dataclass(frozen=True, slots=True)
class _Sections:
    """Spans and gaps of one coder and one code, in order: together the continuum."""

    start: Floats
    end: Floats
    is_span: NDArray[np.bool_]


def alpha_u_2004(documents: Sequence[CodedDocument]) -> float:
    """Alpha_U over all codes that occur; NaN where nothing is coded or nothing can differ.

    Raises:
        TooFewCodersError: no document was given to all coders, or there is one coder only.
    """
    continuum = lay_end_to_end(_given_to_all(documents))
    parts = [_disagreements(continuum.of_code(code)) for code in range(len(continuum.code_ids))]
    return _alpha(sum(observed for observed, _ in parts), sum(expected for _, expected in parts))


def alpha_u_2004_of_code(documents: Sequence[CodedDocument], code_id: str) -> float:
    """Alpha_U of one code; NaN where nothing can differ.

    Raises:
        TooFewCodersError: as `alpha_u_2004`.
        UnknownCodeError: the codings do not hold the code.
    """
    continuum = lay_end_to_end(_given_to_all(documents))
    if code_id not in continuum.code_ids:
        raise UnknownCodeError(
            f"no coding has code {code_id!r}; found {continuum.code_ids}.", code_id=code_id
        )
    return _alpha(*_disagreements(continuum.of_code(continuum.code_ids.index(code_id))))


def _given_to_all(documents: Sequence[CodedDocument]) -> list[CodedDocument]:
    coders = {coder_id for document in documents for coder_id in document.coder_ids}
    shared = [document for document in documents if coders <= set(document.coder_ids)]
    if not shared:
        raise TooFewCodersError(
            f"none of {len(documents)} documents was given to all of {sorted(coders)}. Choose coders who "
            f"share documents.",
            coder_ids=sorted(coders),
        )
    return shared


def _disagreements(continuum: Continuum) -> tuple[float, float]:
    """Observed and expected disagreement of a continuum of one code."""
    sections = [_sections(continuum, coder) for coder in range(len(continuum.coder_ids))]
    length = float(continuum.borders[-1])
    n_coders = len(sections)
    total = sum(_pair_disagreement(first, second) for first, second in combinations(sections, 2))
    if length == 0:
        return 0.0, 0.0
    observed = 2 * total / (n_coders * (n_coders - 1) * length**2)
    return observed, _expected_disagreement(sections, length)


def _sections(continuum: Continuum, coder: int) -> _Sections:
    own = continuum.coder == coder
    start, end = continuum.start[own], continuum.end[own]
    length = continuum.borders[-1]
    gap_start, gap_end = np.concatenate([[0], end]), np.concatenate([start, [length]])
    is_gap = gap_end > gap_start
    starts = np.concatenate([start, gap_start[is_gap]]).astype(np.float64)
    ends = np.concatenate([end, gap_end[is_gap]]).astype(np.float64)
    order = np.argsort(starts)
    return _Sections(starts[order], ends[order], order < len(start))


def _pair_disagreement(first: _Sections, second: _Sections) -> float:
    """Sum of squared distances between the sections of two coders that share characters."""
    # Each pair of sections that meet shares exactly one stretch, which starts where one of them does.
    cuts = np.union1d(first.start, second.start)
    one = np.searchsorted(first.start, cuts, side="right") - 1
    two = np.searchsorted(second.start, cuts, side="right") - 1
    start, end, is_span = first.start[one], first.end[one], first.is_span[one]
    other_start, other_end, other_is_span = second.start[two], second.end[two], second.is_span[two]
    apart = (start - other_start) ** 2 + (end - other_end) ** 2
    is_within = is_span & ~other_is_span & (other_start <= start) & (end <= other_end)
    is_around = ~is_span & other_is_span & (start <= other_start) & (other_end <= end)
    return float(
        apart[is_span & other_is_span].sum()
        + ((end - start)[is_within] ** 2).sum()
        + ((other_end - other_start)[is_around] ** 2).sum()
    )


def _expected_disagreement(sections: Sequence[_Sections], length: float) -> float:
    sizes = np.concatenate([part.end - part.start for part in sections])
    is_span = np.concatenate([part.is_span for part in sections])
    spans, gaps = sizes[is_span], np.sort(sizes[~is_span])
    longer = np.concatenate([np.cumsum(gaps[::-1])[::-1], [0.0]])  # sum of the gaps from each place on
    first = np.searchsorted(gaps, spans)
    n_longer = len(gaps) - first
    against_spans = (len(spans) - 1) / 3 * (2 * spans**3 - 3 * spans**2 + spans)
    against_gaps = spans**2 * (longer[first] - n_longer * (spans - 1))
    n_points = len(sections) * length
    free = n_points * (n_points - 1) - (spans * (spans - 1)).sum()
    return float(2 / length * (against_spans + against_gaps).sum() / free) if free > 0 else 0.0


def _alpha(observed: float, expected: float) -> float:
    return 1.0 - observed / expected if expected > 0 else math.nan
