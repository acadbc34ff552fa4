"""Krippendorff's older alpha_U of unitising, of one code or of all: the number before the 2016 family.

Source: Krippendorff (1995), "On the Reliability of Unitizing Continuous Data", Sociological Methodology 25;
Krippendorff (2004), "Content Analysis", 2nd edition, pages 251 to 256. Spans of different codes may
overlap: each code has a continuum of its own. Superseded by `unitizing`; the two are different numbers.

It knows no missing codings, so only documents that every coder was given are used, end to end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import divide
from policy_nlp.agreement.continuum import (
    Continuum,
    join_documents,
    lay_end_to_end,
    sum_by_document,
)
from policy_nlp.errors import TooFewCodersError, UnknownCodeError
from policy_nlp.records import CodedDocument

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]

NO_2004_VARIANCE = "no coder used the code, or every coder's span is all of the text"


@dataclass(frozen=True, slots=True)
class _Sections:
    """Spans and gaps of one coder and one code, in order; no section crosses the border of a document."""

    start: Floats
    end: Floats
    document: Ints
    is_span: NDArray[np.bool_]


def alpha_u_2004(documents: Sequence[CodedDocument]) -> float:
    """Alpha_U over all codes that occur; NaN where nothing is coded or nothing can differ.

    Raises:
        TooFewCodersError: no document was given to all coders, or there is one coder only.
    """
    return float(alphas_u_2004_by_document(_lay_joined(documents))[0])


def alpha_u_2004_of_code(documents: Sequence[CodedDocument], code_id: str) -> float:
    """Alpha_U of one code; NaN where nothing can differ.

    Raises:
        TooFewCodersError: as `alpha_u_2004`.
        UnknownCodeError: the codings do not hold the code.
    """
    continuum = _lay_joined(documents)
    if code_id not in continuum.code_ids:
        raise UnknownCodeError(
            f"no coding has code {code_id!r}; found {continuum.code_ids}.", code_id=code_id
        )
    return float(alphas_u_2004_by_document(continuum.of_code(continuum.code_ids.index(code_id)))[0])


def alphas_u_2004_by_document(continuum: Continuum) -> Floats:
    """Alpha_U over all codes, each document a continuum of its own; shape (D,), NaN where nothing can differ.

    Every coder of the continuum counts as given every document: one who was not has only a gap there.
    """
    observed, expected = np.zeros(len(continuum.lengths)), np.zeros(len(continuum.lengths))
    for code in np.unique(continuum.code).tolist():
        own = continuum.of_code(code)
        sections = [_sections(own, coder) for coder in range(len(own.coder_ids))]
        observed += _observed_disagreements(sections, own.lengths)
        expected += _expected_disagreements(sections, own.lengths)
    return 1.0 - divide(observed, expected)


def _lay_joined(documents: Sequence[CodedDocument]) -> Continuum:
    """The documents that every coder was given, as if they were one."""
    coders = {coder_id for document in documents for coder_id in document.coder_ids}
    shared = [document for document in documents if coders <= set(document.coder_ids)]
    if not shared:
        raise TooFewCodersError(
            f"none of {len(documents)} documents was given to all of {sorted(coders)}. Choose coders who "
            f"share documents.",
            coder_ids=sorted(coders),
        )
    return join_documents(lay_end_to_end(shared))


def _sections(continuum: Continuum, coder: int) -> _Sections:
    own = continuum.coder == coder
    spans = continuum.start[own], continuum.end[own]
    # In order, the n-th gap lies between the n-th end (or border) and the n-th start (or border) after it.
    gap_start = np.sort(np.concatenate([continuum.borders[:-1], spans[1]]))
    gap_end = np.sort(np.concatenate([spans[0], continuum.borders[1:]]))
    is_gap = gap_end > gap_start
    start = np.concatenate([spans[0], gap_start[is_gap]])
    end = np.concatenate([spans[1], gap_end[is_gap]])
    order = np.argsort(start)
    return _Sections(
        start=start[order].astype(np.float64),
        end=end[order].astype(np.float64),
        document=np.searchsorted(continuum.borders, start[order], side="right") - 1,
        is_span=order < len(spans[0]),
    )


def _observed_disagreements(sections: Sequence[_Sections], lengths: Ints) -> Floats:
    total = np.zeros(len(lengths))
    for first, second in combinations(sections, 2):
        total += _pair_disagreements(first, second, len(lengths))
    n_coders, size = len(sections), lengths.astype(np.float64)
    return divide(2 * total, n_coders * (n_coders - 1) * size**2)


def _pair_disagreements(first: _Sections, second: _Sections, n_documents: int) -> Floats:
    """By document, the sum of squared distances between sections of two coders that share characters."""
    # Each pair of sections that meet shares exactly one stretch, which starts where one of them does.
    cuts = np.union1d(first.start, second.start)
    one = np.searchsorted(first.start, cuts, side="right") - 1
    two = np.searchsorted(second.start, cuts, side="right") - 1
    start, end, is_span = first.start[one], first.end[one], first.is_span[one]
    other_start, other_end, other_is_span = second.start[two], second.end[two], second.is_span[two]
    is_within = is_span & ~other_is_span & (other_start <= start) & (end <= other_end)
    is_around = ~is_span & other_is_span & (start <= other_start) & (other_end <= end)
    distances = np.select(
        [is_span & other_is_span, is_within, is_around],
        [
            (start - other_start) ** 2 + (end - other_end) ** 2,
            (end - start) ** 2,
            (other_end - other_start) ** 2,
        ],
    )
    return sum_by_document(distances, document=first.document[one], shape=(n_documents,))


def _expected_disagreements(sections: Sequence[_Sections], lengths: Ints) -> Floats:
    n_documents, size = len(lengths), lengths.astype(np.float64)
    sizes = np.concatenate([part.end - part.start for part in sections])
    documents = np.concatenate([part.document for part in sections])
    is_span = np.concatenate([part.is_span for part in sections])
    spans, document = sizes[is_span], documents[is_span]
    n_others = np.bincount(document, minlength=n_documents)[document] - 1
    against_spans = n_others / 3 * (2 * spans**3 - 3 * spans**2 + spans)
    n_longer, sum_longer = _longer_gaps(spans, document, sizes[~is_span], documents[~is_span])
    against_gaps = spans**2 * (sum_longer - n_longer * (spans - 1))
    total = sum_by_document(against_spans + against_gaps, document=document, shape=(n_documents,))
    n_points = len(sections) * size
    own = sum_by_document(spans * (spans - 1), document=document, shape=(n_documents,))
    return divide(2 * total, size * (n_points * (n_points - 1) - own))


def _longer_gaps(spans: Floats, document: Ints, gaps: Floats, gap_document: Ints) -> tuple[Floats, Floats]:
    """For each span, how many gaps of its document are at least as long, and their sum."""
    # One sorted list serves all documents: each has a range of numbers of its own.
    step = max(float(gaps.max(initial=0)), float(spans.max(initial=0))) + 1
    order = np.lexsort((gaps, gap_document))
    keys = gap_document[order] * step + gaps[order]
    before = np.concatenate([[0.0], np.cumsum(gaps[order])])
    first = np.searchsorted(keys, document * step + spans)
    last = np.searchsorted(keys, (document + 1) * step)
    return (last - first).astype(np.float64), before[last] - before[first]
