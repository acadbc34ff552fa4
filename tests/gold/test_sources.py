from __future__ import annotations

import doctest
import json
from pathlib import Path

import pytest

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.gold import read_coded_units, rows, sources, write_coded_units
from policy_nlp.gold.sources import source_kind_of, stratum_of, year_of
from policy_nlp.records import CodedUnit


def test_examples_in_docstrings_are_true() -> None:
    assert doctest.testmod(sources).failed == 0
    assert doctest.testmod(rows).failed == 0


@pytest.mark.parametrize(
    ("document_id", "kind", "year"),
    [
        ("news_rmrb_2023-08166", "news", 2023),
        ("policy_central_shandong-00022", "policy", None),
        ("policy_2013_2024-1", "policy", None),  # a span of years is no year
        ("journal_20231201-3", "journal", None),
        ("newspaper-2023", None, None),  # not of this form: nothing is guessed
        ("01_意见_2024.docx", None, None),
        (None, None, None),
    ],
)
def test_kind_and_year_are_told_by_ids_of_one_form_only(
    document_id: str | None, kind: str | None, year: int | None
) -> None:
    unit = CodedUnit("u", "甲。", (), (), (), document_id=document_id)
    assert (source_kind_of(unit), year_of(unit)) == (kind, year)


def test_what_the_gold_states_comes_before_its_document_id_and_survives_writing(tmp_path: Path) -> None:
    row = {
        "id": "u", "text": "甲。", "doc_id": "news_a_2023-1", "source_kind": "speech", "year": 2019,
        "stratum": "trigger:chain_integration", "initial": [], "dimensions": [], "paths": [],
    }  # fmt: skip
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    codebook = load_codebook(shipped_codebook_path())
    (unit,) = read_coded_units(path, codebook)
    assert (source_kind_of(unit), year_of(unit), stratum_of(unit)) == ("speech", 2019, "trigger")
    write_coded_units(path, [unit])
    assert read_coded_units(path, codebook) == [unit]
