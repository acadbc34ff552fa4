"""A predictor without weights: each code's logit is a hash of the text, so every row has its own codes."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.engine.predictor import Predictor
from policy_nlp.model.trained import TrainedModel
from policy_nlp.records import Calibration, Thresholds

CODEBOOK = load_codebook(shipped_codebook_path())
SENTENCES = (
    "对首次升规的企业给予一次性奖励。",
    "支持高校与企业共建实验室。",
    "会议于下午三时结束。",
    "推动产业链上下游协同创新，完善创新生态。",
    "",
    "——",
    "引导银行为科技型企业提供贷款贴息。",
)


def sentences(n_rows: int) -> list[str]:
    """Rows with a number each, so that few are equal; two in seven hold no usable text."""
    return [f"{i}{text}" if len(text) > 2 else text for i, text in enumerate((SENTENCES * n_rows)[:n_rows])]


def hash_logits(texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    n_codes = len(CODEBOOK.code_ids)
    seeds = [zlib.crc32(text.encode("utf-8")) for text in texts]
    rows = [np.random.default_rng(seed).normal(-1.0, 1.5, n_codes) for seed in seeds]
    is_truncated = np.array([len(text) > 15 for text in texts], dtype=np.bool_)
    return np.array(rows, dtype=np.float32).reshape(-1, n_codes), is_truncated


def fake_predictor(compute_logits=hash_logits, *, signature: str = "fake:1") -> Predictor:
    ids = CODEBOOK.code_ids
    ones, zeros = np.ones(len(ids)), np.zeros(len(ids))
    model = TrainedModel(
        name="fake",
        path=Path("fake"),
        kind="encoder",
        codebook=CODEBOOK,
        thresholds=Thresholds(ids, ones / 2),
        calibration=Calibration(ids, ones, zeros),
        digest="0" * 64,
        max_tokens=64,
    )
    return Predictor(model, compute_logits, signature)
