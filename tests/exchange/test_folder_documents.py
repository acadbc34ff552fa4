from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from policy_nlp.codebook import Codebook
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.folder_documents import iter_folder_documents
from policy_nlp.exchange.result_folder import DOCUMENTS, SENTENCES
from tests.exchange.scored_folders import METADATA, SCORE, TEXTS, make_scored_folder

CODES = {"政府设立专项资金。": ("government_support", "market_oriented")}


@pytest.fixture
def folder(tmp_path: Path, shipped_codebook: Codebook) -> Path:
    return make_scored_folder(tmp_path / "out", shipped_codebook, CODES).path


def test_every_document_comes_with_its_own_sentences_and_their_scores(folder: Path) -> None:
    found = list(iter_folder_documents(folder))
    assert {one.document.document_id: one.document.text for one in found} == TEXTS
    assert found[0].document.metadata == METADATA
    coded = {
        one.document.text[s.span.start : s.span.end]: [(c.code_id, c.score) for c in s.codes]
        for one in found
        for s in one.sentences
        if s.codes
    }
    score = pytest.approx(SCORE)
    assert coded == {"政府设立专项资金。": [("government_support", score), ("market_oriented", score)]}
    assert [len(one.sentences) for one in found] == [4, 2]


@pytest.mark.parametrize("name", [DOCUMENTS, SENTENCES])
def test_a_missing_or_damaged_file_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"PAR1 no parquet")
    with pytest.raises(ExchangeError, match="cannot be read"):
        list(iter_folder_documents(folder))
    (folder / name).unlink()
    with pytest.raises(ExchangeError, match="cannot be read"):
        list(iter_folder_documents(folder))


def test_sentences_of_another_run_are_refused(folder: Path) -> None:
    sentences = pq.read_table(folder / SENTENCES)
    pq.write_table(sentences.slice(1), folder / SENTENCES)
    with pytest.raises(ExchangeError, match="of two runs"):
        list(iter_folder_documents(folder))
