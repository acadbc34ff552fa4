"""Which code stood against which, over all pairs of coders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from policy_nlp.agreement.patterns import Patterns, coder_pairs_of
from policy_nlp.agreement.report import DisagreementMatrix
from policy_nlp.codebook import Code

NONE = "none"


def count_disagreements(patterns: Patterns, codes: Sequence[Code]) -> DisagreementMatrix:
    """What stood against what in the units that both of a pair of coders coded, summed over pairs."""
    n_codes = len(codes)
    counts = np.zeros((n_codes + 1, n_codes + 1))
    for first, second in coder_pairs_of(len(patterns.sets)).T:
        shared = patterns.is_coded[first] & patterns.is_coded[second]
        weights = patterns.counts[shared]
        one = patterns.members[patterns.sets[first, shared]]
        other = patterns.members[patterns.sets[second, shared]]
        only_one, only_other = _with_none(one & ~other), _with_none(other & ~one)
        against = (only_one.multiply(weights[:, np.newaxis]).T @ only_other).toarray()
        alike = weights @ _with_none(one & other)
        # Two equal sets leave nothing on either side, which is no "none" against "none".
        against[-1, -1] = 0.0
        alike[-1] = weights[~(one | other).any(axis=1)].sum()
        counts += against + against.T + np.diag(alike)
    return DisagreementMatrix((*(code.code_id for code in codes), NONE), counts.astype(np.int_))


def _with_none(applies: NDArray[np.bool_]) -> sparse.csr_array:
    """The codes, and a last column that is 1 where there is no code; sparse, as most cells are 0."""
    return sparse.csr_array(np.column_stack([applies, ~applies.any(axis=1)]), dtype=np.float64)
