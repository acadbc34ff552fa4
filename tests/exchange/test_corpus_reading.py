"""Result folders as one corpus: what is repeated, damaged or of another version."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from policy_nlp.analysis.coded_corpus import STATUSES
from policy_nlp.codebook import Codebook
from policy_nlp.errors import CodebookError, ExchangeError
from policy_nlp.exchange.corpus_reading import read_corpus
from policy_nlp.exchange.result_folder import MANIFEST, SENTENCES
from tests.exchange.corpus_folders import MadeDocument, make_corpus_folder

A = MadeDocument([("政府设立专项资金。", ("government_support",)), ("附则。", ())], region="浙江", year=2024)
B = MadeDocument([("企业牵头攻关。", ())], region="江苏", year=2023, title="关于建设的通知")


def test_documents_of_two_folders_stand_one_after_the_other(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    folders = [
        make_corpus_folder(tmp_path / name, shipped_codebook, {name: document})
        for name, document in (("a", A), ("b", B))
    ]
    corpus = read_corpus(folders)
    assert [document.document_id for document in corpus.documents] == ["a", "b"]
    assert corpus.first_rows.tolist() == [0, 2, 3]
    assert corpus.texts == ("政府设立专项资金。", "附则。", "企业牵头攻关。")
    assert [document.metadata.region for document in corpus.documents] == ["浙江", "江苏"]
    assert corpus.documents[1].kind == "通知"
    assert corpus.documents[0].n_characters == 12
    assert [STATUSES[place] for place in corpus.status] == ["coded", "uncoded", "uncoded"]


def test_a_document_that_two_folders_hold_counts_once_and_is_told(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    first = make_corpus_folder(tmp_path / "one", shipped_codebook, {"a": A, "b": B})
    second = make_corpus_folder(tmp_path / "two", shipped_codebook, {"b": B, "c": A})
    corpus = read_corpus([first, second])
    assert [document.document_id for document in corpus.documents] == ["a", "b", "c"]
    assert len(corpus) == 5
    assert len(set(corpus.sentence_ids)) == 5
    assert corpus.applies[:, 0].shape == (5,)
    assert any("1 documents are in an earlier folder" in note for note in corpus.notes)


def test_the_same_folder_twice_is_the_same_corpus(tmp_path: Path, shipped_codebook: Codebook) -> None:
    folder = make_corpus_folder(tmp_path / "one", shipped_codebook, {"a": A, "b": B})
    corpus = read_corpus([folder, folder])
    assert len(corpus.documents) == 2
    assert len(corpus) == 3


def test_codes_and_scores_stand_in_the_order_of_the_codebook(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    corpus = read_corpus([make_corpus_folder(tmp_path / "one", shipped_codebook, {"a": A})])
    column = shipped_codebook.code_ids.index("government_support")
    assert np.flatnonzero(corpus.applies[0]).tolist() == [column]
    assert corpus.scores[0, column] == pytest.approx(0.9)
    parent = shipped_codebook.find("government_support").parent_id
    main = corpus.applies_at("main")[0]
    assert [code_id for code_id, on in zip(shipped_codebook.ids("main"), main, strict=True) if on] == [parent]
    assert corpus.scores_at("main")[0][main].tolist() == pytest.approx([0.9])


def test_a_status_of_another_version_is_refused_and_not_read_as_coded(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    folder = make_corpus_folder(tmp_path / "one", shipped_codebook, {"a": A}, status="pending")
    with pytest.raises(ExchangeError, match="'pending'"):
        read_corpus([folder])


@pytest.mark.parametrize("column", ["status", "scores", "kind"])
def test_a_missing_column_is_named(tmp_path: Path, shipped_codebook: Codebook, column: str) -> None:
    folder = make_corpus_folder(tmp_path / "one", shipped_codebook, {"a": A})
    table = pq.read_table(folder / SENTENCES)
    pq.write_table(table.drop_columns([column]), folder / SENTENCES)
    with pytest.raises(ExchangeError, match=f"has no column '{column}'"):
        read_corpus([folder])


def test_sentences_of_another_run_are_refused(tmp_path: Path, shipped_codebook: Codebook) -> None:
    folder = make_corpus_folder(tmp_path / "one", shipped_codebook, {"a": A})
    other = make_corpus_folder(tmp_path / "two", shipped_codebook, {"b": B})
    (folder / SENTENCES).write_bytes((other / SENTENCES).read_bytes())
    with pytest.raises(ExchangeError, match="of two runs"):
        read_corpus([folder])


def test_a_folder_cut_off_in_the_middle_is_refused(tmp_path: Path, shipped_codebook: Codebook) -> None:
    folder = make_corpus_folder(tmp_path / "one", shipped_codebook, {"a": A})
    content = (folder / SENTENCES).read_bytes()
    (folder / SENTENCES).write_bytes(content[: len(content) // 2])
    with pytest.raises(ExchangeError, match="cannot be read"):
        read_corpus([folder])


def test_an_unfinished_folder_is_refused_with_the_command_that_finishes_it(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    folder = make_corpus_folder(tmp_path / "one", shipped_codebook, {"a": A})
    (folder / MANIFEST).unlink()
    with pytest.raises(ExchangeError, match="policy-nlp code"):
        read_corpus([folder])


def test_a_folder_of_another_codebook_needs_that_codebook(tmp_path: Path, shipped_codebook: Codebook) -> None:
    folder = make_corpus_folder(tmp_path / "one", shipped_codebook, {"a": A})
    text = (folder / MANIFEST).read_text(encoding="utf-8").replace(shipped_codebook.digest, "f" * 64)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(CodebookError, match="--codebook"):
        read_corpus([folder])


def test_no_folder_is_no_corpus() -> None:
    with pytest.raises(ExchangeError, match="no result folder"):
        read_corpus([])


def test_sentences_that_the_model_abstained_on_are_told(tmp_path: Path, shipped_codebook: Codebook) -> None:
    folder = make_corpus_folder(tmp_path / "a", shipped_codebook, {"a": A}, status="abstained")
    corpus = read_corpus([folder])
    assert "2 sentences have undecided codes" in corpus.notes[0]
    assert corpus.is_undecided is not None
    assert corpus.is_undecided.all()  # the folder does not say which
