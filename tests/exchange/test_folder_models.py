from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from policy_nlp.codebook import Codebook
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.folder_models import iter_model_documents, name_models
from tests.exchange.scored_folders import TEXTS, make_scored_folder

MONEY, LEAD = "政府设立专项资金。", "鼓励企业牵头攻关。"


def test_two_models_code_one_document_side_by_side(tmp_path: Path, shipped_codebook: Codebook) -> None:
    first = make_scored_folder(tmp_path / "a", shipped_codebook, {MONEY: ("government_support",)})
    texts = {**TEXTS, "d3": "另一份。"}
    second = make_scored_folder(
        tmp_path / "b", shipped_codebook, {LEAD: ("market_competition",)}, texts=texts, model="other"
    )
    found = {one.document.document_id: one for one in iter_model_documents((first, second))}
    assert {name: one.coder_ids for name, one in found.items()} == {
        "d1": ("policy-zh 0.1.0", "other 0.1.0"),
        "d2": ("policy-zh 0.1.0", "other 0.1.0"),
        "d3": ("other 0.1.0",),
    }
    made = {(c.coder_id, TEXTS["d1"][c.span.start : c.span.end], c.description) for c in found["d1"].codings}
    assert made == {
        ("policy-zh 0.1.0", MONEY, "score 0.873; model policy-zh 0.1.0"),
        ("other 0.1.0", LEAD, "score 0.873; model other 0.1.0"),
    }


def test_one_model_may_have_coded_parts_of_the_documents_apart(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    whole = make_scored_folder(tmp_path / "a", shipped_codebook, {MONEY: ("government_support",)})
    parts = [
        make_scored_folder(
            tmp_path / name, shipped_codebook, {LEAD: ("market_competition",)},
            texts={name: TEXTS[name]}, model="other",
        )
        for name in ("d1", "d2")
    ]  # fmt: skip
    found = list(iter_model_documents((whole, *parts)))
    assert [one.coder_ids for one in found] == [("policy-zh 0.1.0", "other 0.1.0")] * 2
    assert [len(one.codings) for one in found] == [2, 0]


def test_two_models_of_one_name_are_told_apart_by_their_hash(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    one = make_scored_folder(tmp_path / "a", shipped_codebook, {})
    other = replace(one, model_sha256="cd" * 32)
    assert name_models((one, other)) == ("policy-zh 0.1.0 abababab", "policy-zh 0.1.0 cdcdcdcd")
    assert name_models((one, one)) == ("policy-zh 0.1.0", "policy-zh 0.1.0")


def test_two_texts_of_one_document_are_refused(tmp_path: Path, shipped_codebook: Codebook) -> None:
    first = make_scored_folder(tmp_path / "a", shipped_codebook, {})
    other = make_scored_folder(tmp_path / "b", shipped_codebook, {}, texts={"d1": "别的。"}, model="other")
    with pytest.raises(ExchangeError, match="two texts of it"):
        list(iter_model_documents((first, other)))
