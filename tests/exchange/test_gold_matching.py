"""Gold files matched with the sentences of a corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.codebook import Codebook
from policy_nlp.errors import GoldError
from policy_nlp.exchange.corpus_reading import read_corpus
from policy_nlp.exchange.gold_matching import read_gold_sample
from tests.exchange.corpus_folders import MadeDocument, make_corpus_folder


@pytest.fixture
def corpus(tmp_path: Path, shipped_codebook: Codebook) -> CodedCorpus:
    sentences = [("政府设立专项资金。", ("government_support",)), ("企业牵头攻关。", ()), ("附则。", ())]
    documents = {"a": MadeDocument(sentences), "b": MadeDocument([("附则。", ()), ("另行通知。", ())])}
    return read_corpus([make_corpus_folder(tmp_path / "coded", shipped_codebook, documents)])


def write_gold(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_units_are_matched_by_id_by_place_and_by_a_text_that_is_there_once(
    corpus: CodedCorpus, tmp_path: Path
) -> None:
    gold = write_gold(
        tmp_path / "gold.jsonl",
        {"id": "a-00000", "text": "政府设立专项资金。", "initial": []},
        {"id": "x1", "text": "企业牵头攻关。", "initial": ["government_support"],
         "doc_id": "a", "start": 9, "end": 16},
        {"id": "x2", "text": "另行通知。", "initial": []},
        {"id": "x3", "text": "附则。", "initial": []},
        {"id": "x4", "text": "没有的句子。", "initial": []},
    )  # fmt: skip
    sample = read_gold_sample(gold, corpus)
    level = sample.at("initial")
    assert level is not None
    assert level.rows.tolist() == [0, 1, 4]
    assert level.applies.sum(axis=1).tolist() == [0, 1, 0]
    assert (sample.n_units, sample.n_matched) == (5, 3)
    assert level.weights is None


def test_levels_that_nobody_coded_are_no_gold_and_main_follows_initial(
    corpus: CodedCorpus, tmp_path: Path
) -> None:
    row = {"id": "a-00000", "text": "政府设立专项资金。", "initial": ["government_support"]}
    sample = read_gold_sample(write_gold(tmp_path / "gold.jsonl", row), corpus)
    assert [one.level for one in sample.levels] == ["initial", "main"]
    assert sample.at("paths") is None
    main = sample.at("main")
    assert main is not None
    assert main.applies.sum() == 1


def test_a_probability_is_a_weight_of_one_over_it(corpus: CodedCorpus, tmp_path: Path) -> None:
    rows = (
        {"id": f"a-0000{n}", "text": "", "initial": [], "probability": p} for n, p in ((0, 0.5), (1, 0.1))
    )
    level = read_gold_sample(write_gold(tmp_path / "gold.jsonl", *rows), corpus).at("initial")
    assert level is not None
    assert level.weights is not None
    assert level.weights.tolist() == pytest.approx([2.0, 10.0])


@pytest.mark.parametrize("weight", [0, -1, "2", True])
def test_a_weight_that_is_no_positive_number_is_refused_with_its_line(
    corpus: CodedCorpus, tmp_path: Path, weight: object
) -> None:
    gold = write_gold(tmp_path / "gold.jsonl", {"id": "a-00000", "text": "", "initial": [], "weight": weight})
    with pytest.raises(GoldError, match=r"gold.jsonl:1: `weight`"):
        read_gold_sample(gold, corpus)


def test_weights_of_some_lines_only_are_refused(corpus: CodedCorpus, tmp_path: Path) -> None:
    rows = [{"id": f"a-0000{n}", "text": "", "initial": [], **({"weight": 2} if n else {})} for n in range(2)]
    with pytest.raises(GoldError, match="1 of 2 lines give a weight"):
        read_gold_sample(write_gold(tmp_path / "gold.jsonl", *rows), corpus)


def test_gold_of_other_sentences_is_refused(corpus: CodedCorpus, tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "gold.jsonl", {"id": "q", "text": "没有的句子。", "initial": []})
    with pytest.raises(GoldError, match="none of its 1 units"):
        read_gold_sample(gold, corpus)


def test_a_file_of_two_people_is_no_gold(corpus: CodedCorpus, tmp_path: Path) -> None:
    table = tmp_path / "two.csv"
    table.write_text(
        "unit,coder,code\na-00000,甲,government_support\na-00000,乙,government_support\n", encoding="utf-8"
    )
    with pytest.raises(GoldError, match="2 human coders"):
        read_gold_sample(table, corpus)
