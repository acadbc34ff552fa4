"""ATLAS.ti's inter-coder agreement on text length: percent, Holsti, alpha binary, cu-alpha, Cu-alpha.

Source: ATLAS.ti manuals 8 and 9, "Inter-Coder Agreement", "Methods for Testing ICA": percent agreement counts
what both coded and what neither did; Holsti is 2A / (N1 + N2); alpha binary takes coded and not coded text
into account; cu-alpha is of the codes of one semantic domain, Cu-alpha of the domains. The alphas are those
of Krippendorff et al. (2016), which the manual names. Codes of a domain must exclude each other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from policy_nlp.agreement.binary import divide, mean_of_defined
from policy_nlp.agreement.character_sums import NO_CHARACTER, NO_CODE, CharacterSums, sum_codes
from policy_nlp.agreement.continuum import Continuum, find_overlap, merge_codes
from policy_nlp.agreement.intervals import Measure
from policy_nlp.agreement.unitizing import (
    NO_CU_VARIANCE,
    NO_U_VARIANCE,
    cu_alpha_of_sums,
    sum_unitizing,
    u_alpha_of_sums,
)
from policy_nlp.agreement.vendors.report import AtlasTiCode, AtlasTiComparison, AtlasTiDomain

Floats = NDArray[np.float64]

ONE_DOMAIN = "there is one semantic domain only"
OVERLAPPING_CODES = "a coder gave two codes of the domain to the same text"
OVERLAPPING_DOMAINS = "a coder gave codes of two domains to the same text"


@dataclass(frozen=True, slots=True)
class Domain:
    """A semantic domain and the codes in it."""

    domain_id: str
    code_ids: tuple[str, ...]


def compare_like_atlas_ti(continuum: Continuum, domains: Sequence[Domain]) -> AtlasTiComparison:
    """ATLAS.ti's measures of all coders; every code of the continuum is in one domain."""
    place = {code_id: number for number, domain in enumerate(domains) for code_id in domain.code_ids}
    domain_of = np.array([place[code_id] for code_id in continuum.code_ids], dtype=np.int_)
    whole = merge_codes(continuum, domain_of, code_ids=tuple(domain.domain_id for domain in domains))
    return AtlasTiComparison(
        codes=_compare_codes(continuum),
        domains=tuple(
            AtlasTiDomain(
                domain_id=domain.domain_id,
                code_ids=domain.code_ids,
                whole=code,
                cu_alpha=_cu_alpha(_select(continuum, domain_of == number), reason=OVERLAPPING_CODES),
            )
            for number, (domain, code) in enumerate(zip(domains, _compare_codes(whole), strict=True))
        ),
        between_domains=(
            _cu_alpha(whole, reason=OVERLAPPING_DOMAINS)
            if len(domains) > 1
            else Measure(math.nan, reason=ONE_DOMAIN)
        ),
    )


def _compare_codes(continuum: Continuum) -> tuple[AtlasTiCode, ...]:
    sums = sum_codes(continuum).weighted(np.ones(len(continuum.lengths)))
    percents, holsti = _mean_percents(sums), _mean_holsti(sums)
    return tuple(
        AtlasTiCode(
            code_id=code_id,
            percent_agreement=_measure(percents[number], NO_CHARACTER),
            holsti=_measure(holsti[number], NO_CODE),
            alpha_binary=_measure(_alpha_binary(continuum.of_code(number)), NO_U_VARIANCE),
        )
        for number, code_id in enumerate(continuum.code_ids)
    )


def _mean_percents(sums: CharacterSums) -> Floats:
    differ = sums.first + sums.second - 2 * sums.both
    return mean_of_defined(1.0 - divide(differ, sums.pair_length[:, np.newaxis]), axis=0)


def _mean_holsti(sums: CharacterSums) -> Floats:
    return mean_of_defined(divide(2 * sums.both, sums.first + sums.second), axis=0)


def _alpha_binary(own: Continuum) -> float:
    return float(u_alpha_of_sums(sum_unitizing(own).weighted(np.ones(len(own.lengths)))))


def _cu_alpha(continuum: Continuum, *, reason: str) -> Measure:
    if find_overlap(continuum) is not None:
        return Measure(math.nan, reason=reason)
    sums = sum_unitizing(continuum).weighted(np.ones(len(continuum.lengths)))
    return _measure(float(cu_alpha_of_sums(sums)), NO_CU_VARIANCE)


def _select(continuum: Continuum, keep: NDArray[np.bool_]) -> Continuum:
    """The same documents with the spans of some codes only; the codes keep their numbers."""
    own = keep[continuum.code]
    return replace(
        continuum,
        coder=continuum.coder[own],
        code=continuum.code[own],
        document=continuum.document[own],
        start=continuum.start[own],
        end=continuum.end[own],
    )


def _measure(value: float, reason: str) -> Measure:
    return Measure(float(value), reason=reason if math.isnan(value) else None)
