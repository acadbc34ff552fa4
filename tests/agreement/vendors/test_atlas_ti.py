"""ATLAS.ti's measures against the example of its manual, Krippendorff's and lindanna's."""

from __future__ import annotations

import math

import pytest

from policy_nlp.agreement.continuum import lay_end_to_end
from policy_nlp.agreement.vendors.atlas_ti import Domain, compare_like_atlas_ti
from tests.agreement.coded_documents import coded_document
from tests.agreement.test_unitizing import THREE_CODERS

# ATLAS.ti manual 9, "Methods for Testing ICA": ten segments, two coders; each a character here.
MANUAL = coded_document(
    10,
    {
        "Coder 1": [(0, 1, "1"), (1, 2, "1")],
        "Coder 2": [(1, 2, "1"), (2, 3, "1"), (5, 6, "1"), (7, 8, "1")],
    },
)


def compare(document, *domains: Domain):
    code_ids = tuple(code_id for domain in domains for code_id in domain.code_ids)
    return compare_like_atlas_ti(lay_end_to_end([document], code_ids), domains)


def test_percent_agreement_of_the_manual_is_60() -> None:
    (code,) = compare(MANUAL, Domain("D", ("1",))).codes
    assert code.percent_agreement.value == pytest.approx(0.6)


def test_alpha_of_the_manuals_segments_is_krippendorffs() -> None:
    # Krippendorff (2011), example A: .095; and chance of 56 % as the manual prints it.
    (code,) = compare(MANUAL, Domain("D", ("1",))).codes
    assert code.alpha_binary.value == pytest.approx(0.095, abs=5e-4)
    chance = (0.6 - code.alpha_binary.value) / (1 - code.alpha_binary.value)
    assert chance == pytest.approx(0.56, abs=5e-3)


def test_holsti_is_twice_the_shared_text_by_the_text_of_both() -> None:
    (code,) = compare(MANUAL, Domain("D", ("1",))).codes
    assert code.holsti.value == pytest.approx(2 * 1 / (2 + 4))


def test_cu_alpha_within_a_domain_and_between_domains_are_lindannas() -> None:
    within = compare(THREE_CODERS, Domain("D", ("1", "2")))
    assert within.domains[0].cu_alpha.value == pytest.approx(0.779, abs=5e-4)
    assert within.between_domains.reason == "there is one semantic domain only"
    between = compare(THREE_CODERS, Domain("D1", ("1",)), Domain("D2", ("2",)))
    assert between.between_domains.value == pytest.approx(0.779, abs=5e-4)
    assert math.isnan(between.domains[0].cu_alpha.value)  # one code in the domain


def test_overlapping_codes_are_refused_within_a_domain_and_not_across() -> None:
    document = coded_document(30, {"x": [(0, 9, "1"), (5, 12, "2"), (20, 25, "3")], "y": [(0, 9, "1")]})
    same = compare(document, Domain("D", ("1", "2")), Domain("E", ("3",)))
    assert same.domains[0].cu_alpha.reason == "a coder gave two codes of the domain to the same text"
    assert "too little text" in str(same.between_domains.reason)
    apart = compare(document, Domain("D", ("1", "3")), Domain("E", ("2",)))
    assert apart.between_domains.reason == "a coder gave codes of two domains to the same text"


def test_a_domain_is_coded_where_any_of_its_codes_is() -> None:
    document = coded_document(30, {"x": [(0, 9, "1")], "y": [(0, 9, "2")]})
    (domain,) = compare(document, Domain("D", ("1", "2"))).domains
    assert domain.whole.percent_agreement.value == 1.0
    assert domain.whole.holsti.value == 1.0
    assert domain.cu_alpha.value <= 0.0
