"""The predictor on a model with random weights: order, duplicates, empty and long texts, neighbours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from policy_nlp.engine.predictor import Predictor, open_predictor
from policy_nlp.model.trained import load_model
from policy_nlp.settings.engine import EngineSettings

TEXTS = [
    "省政府支持龙头企业牵头组建创新联合体，开展关键技术攻关。",
    "今天天气好。",
    "推进产业链与创新链融合，建设产业集群。",
    "教育人才培养。",
    "国家战略需求",
]


@pytest.fixture(scope="module")
def predictor(tiny_model_path: Path) -> Predictor:
    return open_predictor(load_model(tiny_model_path), EngineSettings(precision="fp32", n_threads=1))


def test_decisions_follow_the_order_of_the_texts(predictor: Predictor) -> None:
    forward = predictor.decide(TEXTS)
    backward = predictor.decide(TEXTS[::-1])
    np.testing.assert_allclose(forward.scores, backward.scores[::-1], atol=2e-4)


def test_equal_texts_get_equal_scores(predictor: Predictor) -> None:
    decisions = predictor.decide([TEXTS[0], TEXTS[1], TEXTS[0]])
    np.testing.assert_array_equal(decisions.scores[0], decisions.scores[2])
    assert not np.array_equal(decisions.scores[0], decisions.scores[1])


def test_scores_do_not_depend_on_the_neighbours(predictor: Predictor) -> None:
    alone = np.concatenate([predictor.decide([text]).scores for text in TEXTS])
    others = [f"第{n}个项目开展技术攻关。" for n in range(300)]
    together = predictor.decide([*TEXTS, *others]).scores[: len(TEXTS)]
    np.testing.assert_allclose(alone, together, atol=2e-4)


def test_text_without_words_is_empty_and_has_no_codes(predictor: Predictor) -> None:
    decisions = predictor.decide(["", "  \n", "——。", TEXTS[0]])
    assert decisions.is_empty.tolist() == [True, True, True, False]
    assert np.isnan(decisions.scores[:3]).all()
    assert not decisions.applies[:3].any()
    assert np.isfinite(decisions.scores[3]).all()


def test_no_texts_give_no_decisions(predictor: Predictor) -> None:
    assert predictor.decide([]).scores.shape == (0, len(predictor.model.codebook.code_ids))
    assert predictor.decide(["", ""]).is_empty.all()


def test_long_text_is_cut_and_said_so(predictor: Predictor) -> None:
    decisions = predictor.decide(["推进产业发展。" * 3000, TEXTS[0]])
    assert decisions.is_truncated.tolist() == [True, False]
    assert np.isfinite(decisions.scores).all()


def test_small_token_budget_changes_no_score(tiny_model_path: Path, predictor: Predictor) -> None:
    small = open_predictor(
        load_model(tiny_model_path), EngineSettings(precision="fp32", n_threads=1, token_budget=8)
    )
    np.testing.assert_allclose(small.decide(TEXTS).scores, predictor.decide(TEXTS).scores, atol=2e-4)


def test_traditional_characters_are_read_as_simplified(predictor: Predictor) -> None:
    simplified = predictor.decide(["国家战略需求与产业发展。"])
    traditional = predictor.decide(["國家戰略需求與產業發展。"])
    np.testing.assert_array_equal(simplified.scores, traditional.scores)


def test_applies_exactly_where_score_reaches_threshold(predictor: Predictor) -> None:
    decisions = predictor.decide(TEXTS)
    expected = decisions.scores >= np.float32(0.5)
    np.testing.assert_array_equal(decisions.applies, expected)
    assert decisions.applies.any(), "the tiny model must code something, or this test says nothing"


def test_signature_names_model_and_precision(tiny_model_path: Path, predictor: Predictor) -> None:
    other = open_predictor(load_model(tiny_model_path), EngineSettings(precision="bf16", n_threads=1))
    assert predictor.signature != other.signature
    assert load_model(tiny_model_path).digest in predictor.signature
