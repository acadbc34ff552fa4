"""The table and the JSON of a diff say the same, and what is undefined is said so."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

from rich.console import Console

from policy_nlp.codebook import Code, Codebook
from policy_nlp.exchange.codebook_codings import CodingCounts
from policy_nlp.exchange.codebook_diff import CHANGE_KINDS, diff_codebooks
from policy_nlp.reports.codebook_diff_table import KIND_TITLES, diff_json, render_conversion, render_diff

OLD = Codebook(
    "书",
    (Code("env", "main", "环境", "", None, "条件。"),),
    (
        Code("gov", "initial", "政府", "", "env", "作为。"),
        Code("rain", "initial", "下雨", "", "env", "天气。"),
    ),
)
NEW = Codebook("书", OLD.main, OLD.initial[:1])
DIFF = diff_codebooks(OLD, NEW)
COUNTS = CodingCounts({(f"员{n}", f"d{m}"): Counter(rain=m + 1) for n in range(2) for m in range(5)})


def shown(codings: CodingCounts | None = None) -> str:
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(render_diff(DIFF, codings, notes=["读法", "读法"]))
    return console.export_text()


def test_every_kind_has_a_title() -> None:
    assert set(KIND_TITLES) == set(CHANGE_KINDS)


def test_a_similarity_that_is_undefined_is_na_in_the_table_and_null_in_json() -> None:
    assert "n/a" in shown()
    (change,) = json.loads(diff_json(DIFF, None, paths=(Path("a"), Path("b")), notes=()))["changes"]
    assert change["kind"] == "removed"
    assert change["similarity"] is None
    assert change["codings_touched"] is None


def test_notes_of_reading_are_shown_once() -> None:
    assert shown().count("not compared, or read otherwise: 读法") == 1


def test_json_has_every_coder_and_document_that_a_change_touches() -> None:
    value = json.loads(diff_json(DIFF, COUNTS, paths=(Path("a"), Path("b")), notes=()))
    touched = value["changes"][0]["codings_touched"]
    assert sum(place["n_codings"] for place in touched) == 30
    assert {place["coder"] for place in touched} == {"员0", "员1"}


def test_the_table_names_the_documents_with_most_codings() -> None:
    text = shown(COUNTS)
    assert "员0: 15 in 5 documents: d4 5, d3 4, d2 3, ..." in text


def test_a_conversion_without_losses_says_so() -> None:
    assert "nothing is lost" in render_conversion(NEW, out_path=Path("a.csv"), losses=())
