from __future__ import annotations

import json

import pytest

from policy_nlp.reports.agreement_json import agreement_json
from tests.reports.agreement_examples import CODEBOOK, result

LEVEL_KEYS = {"n", "micro_f1", "macro_f1", "alpha_masi", "alpha_jaccard", "exact_match", "per_code"}
CODE_MEASURES = {
    "precision", "recall", "f1", "krippendorff_alpha", "cohen_kappa", "gwet_ac1", "percent_agreement",
}  # fmt: skip


@pytest.mark.parametrize("n_coders", [2, 3])
def test_every_level_has_the_keys_of_the_contract_or_is_null(n_coders: int) -> None:
    value = json.loads(agreement_json(result(n_coders)))
    assert value["paths"] is None
    assert value["left_out"]["paths"]
    for level in ("initial", "main", "dimensions"):
        assert set(value[level]) >= LEVEL_KEYS
        assert list(value[level]["per_code"]) == list(CODEBOOK.ids(level))
        for code in value[level]["per_code"].values():
            assert set(code) >= CODE_MEASURES


def test_a_measure_has_the_form_of_evaluate() -> None:
    code = json.loads(agreement_json(result()))["initial"]["per_code"]
    used, unused = code["national_strategic_demand"], code["chain_integration"]
    assert used["krippendorff_alpha"] == 0.4
    assert used["intervals"]["krippendorff_alpha"] == [0.3, 0.45]
    assert unused["krippendorff_alpha"] is None
    assert unused["intervals"]["krippendorff_alpha"] is None
    assert unused["reasons"]["krippendorff_alpha"] == "no variance: nobody used the code"


def test_two_coders_have_the_counts_of_evaluate_with_the_first_in_the_place_of_gold() -> None:
    code = json.loads(agreement_json(result(2)))["initial"]["per_code"]["national_strategic_demand"]
    assert code["counts"] == {"both": 1, "only_first": 1, "only_second": 2, "neither": 2}
    assert [code[name] for name in ("support", "tp", "fp", "fn", "tn")] == [2, 1, 2, 1, 2]
    assert code["n_applied"] == {"甲": 2, "乙": 3}


def test_three_coders_have_no_counts_against_gold() -> None:
    code = json.loads(agreement_json(result(3)))["initial"]["per_code"]["national_strategic_demand"]
    assert code["counts"] is code["tp"] is code["support"] is None
    assert code["n_coded"] == {"甲": 6, "乙": 6, "tiny": 6}


def test_people_and_models_coefficients_pairs_matrix_and_provenance_are_there() -> None:
    value = json.loads(agreement_json(result()))
    assert value["coefficients"]["initial"]["gwet_ac1"]["pooled"] == 0.8
    assert value["coefficients"]["initial"]["gwet_ac1"]["standard_error"] == 0.04
    assert [(pair["first"], pair["second"]) for pair in value["pairs"]["main"]] == [
        ("甲", "乙"), ("甲", "tiny"), ("乙", "tiny"),
    ]  # fmt: skip
    assert value["matrix"]["dimensions"]["codes"][-1] == "none"
    assert value["human_model"][0]["replacements"][0]["change"] == -0.1
    assert value["disagreements"][0]["codings"]["甲"]["initial"] == ["government_support"]
    assert value["disagreements"][0]["codings"]["甲"]["paths"] is None
    assert value["bootstrap"] == {"n_draws": 100, "seed": 7, "confidence": 0.95, "resampled": "documents"}
    assert value["source"]["inputs"][0]["sha256"] == "0" * 64
    assert value["characters"] is value["vendors"] is value["plan"] is None
