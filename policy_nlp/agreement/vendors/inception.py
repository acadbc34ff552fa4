"""INCEpTION's agreement on spans: Krippendorff's unitising alpha of 1995 and 2004.

Source: INCEpTION's class KrippendorffAlphaUnitizingAgreementMeasure, whose older versions lay documents end
to end and whose newer ones take each alone, and the measure of DKPro Statistics that it calls
(`alpha_u_2004` reproduces the latter's tests).
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from policy_nlp.agreement.alpha_u_2004 import NO_2004_VARIANCE, alphas_u_2004_by_document
from policy_nlp.agreement.continuum import Continuum, join_documents, share_documents
from policy_nlp.agreement.intervals import Measure
from policy_nlp.agreement.vendors.report import InceptionComparison


def compare_like_inception(continuum: Continuum) -> tuple[InceptionComparison, ...]:
    """Alpha_U of each pair of coders over the documents that both were given."""
    return tuple(
        _compare_pair(share_documents(continuum, (one, two)))
        for one, two in combinations(range(len(continuum.coder_ids)), 2)
        if (continuum.given[one] & continuum.given[two]).any()
    )


def _compare_pair(pair: Continuum) -> InceptionComparison:
    alphas = alphas_u_2004_by_document(pair)
    defined = alphas[~np.isnan(alphas)]
    mean = float(defined.mean()) if len(defined) else math.nan
    return InceptionComparison(
        first=pair.coder_ids[0],
        second=pair.coder_ids[1],
        joined=_measure(float(alphas_u_2004_by_document(join_documents(pair))[0])),
        document_ids=tuple(pair.whole_ids[place] for place in pair.whole.tolist()),
        alphas=tuple(_measure(alpha) for alpha in alphas.tolist()),
        mean=_measure(mean),
    )


def _measure(value: float) -> Measure:
    return Measure(value, reason=NO_2004_VARIANCE if math.isnan(value) else None)
