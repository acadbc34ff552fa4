"""Fixtures without network: the shipped codebook, a 2-layer BERT with random weights, a small gold file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from browser import chromium, open_page  # noqa: F401 fixtures: the installed Chromium
from hypothesis import settings

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.model.trained import write_calibration, write_manifest, write_thresholds
from policy_nlp.records import Calibration, Thresholds

# A loaded machine is slow, not wrong: no property test fails for its wall time.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# Characters of the tests' own sentences, so that the tiny tokenizer knows them.
TINY_CHARACTERS = (
    "国家战略需求政府支持市场竞争行业集中度基础研究原始创新卡脖子技术攻关前沿颠覆性产业共性要素配置效能"
    "成果转化领军企业主导多元协同教人才培养四链融合结构优化升级韧性集群场景驱动应用省委办厅会议今天天气好"
    "推进建设加快发展高质量龙头牵组联合体开展重大科项目资金补贴税收优惠大学院所共建平台实验室，。、；：（）"
)


@pytest.fixture(scope="session")
def shipped_codebook() -> Codebook:
    return load_codebook(shipped_codebook_path())


@pytest.fixture(scope="session")
def tiny_base_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A local BERT as any user may have it: 2 layers x 32, WordPiece, random weights, no head."""
    import torch
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("tiny-base")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [*special, *sorted(set(TINY_CHARACTERS)), *"0123456789"]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    tokenizer = BertWordPieceTokenizer(vocabulary, lowercase=False)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer._tokenizer,
        pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]",
    ).save_pretrained(folder)  # fmt: skip
    config = BertConfig(
        vocab_size=len(pieces), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=128,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_model_path(
    tmp_path_factory: pytest.TempPathFactory, tiny_base_path: Path, shipped_codebook: Codebook
) -> Path:
    """A model folder with random weights: its codes mean nothing, yet they are the same in each run."""
    import torch

    from policy_nlp.model.classifier import build_classifier, load_tokenizer
    from policy_nlp.model.saving import save_encoder

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("models") / "tiny"
    folder.mkdir()
    code_ids = shipped_codebook.code_ids
    model = build_classifier(tiny_base_path, code_ids)
    with torch.no_grad():
        model.classifier.weight.normal_(0.0, 3.0)
    save_encoder(model, folder, tokenizer=load_tokenizer(tiny_base_path))
    shutil.copyfile(shipped_codebook_path(), folder / "codebook.yaml")
    n_codes = len(code_ids)
    calibration = Calibration(code_ids, np.ones(n_codes), np.full(n_codes, -2.0))
    write_calibration(folder / "calibration.json", calibration)
    write_thresholds(folder / "thresholds.json", Thresholds(code_ids, np.full(n_codes, 0.5)))
    write_manifest(folder, {"name": "tiny", "kind": "encoder", "max_tokens": 64})
    return folder
