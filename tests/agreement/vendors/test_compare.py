"""All four tools on the same codings, at every level."""

from __future__ import annotations

import pytest

from policy_nlp.agreement.vendors.compare import compare_like_vendors, find_units
from policy_nlp.agreement.vendors.report import VendorParity
from policy_nlp.records import Span
from tests.agreement.coded_documents import coded_document, small_codebook

TEXT = "加快建设实验室。鼓励企业投入！\n\n　　完善服务体系，\n支持人才发展。"


def compare(*, with_units: bool = True) -> VendorParity:
    document = coded_document(
        len(TEXT), {"x": [(0, 8, "a1"), (17, 25, "b1")], "y": [(0, 8, "a2"), (8, 15, "a1x")]}
    )
    units = [find_units("d", TEXT)] if with_units else []
    return compare_like_vendors([document], small_codebook(), units=units)


def test_levels_that_nobody_used_are_left_out() -> None:
    assert [level.level for level in compare().levels] == ["initial", "main"]


def test_units_of_a_text_are_its_sentences_and_the_lines_that_are_not_blank() -> None:
    units = find_units("d", TEXT)
    assert [TEXT[s.start : s.end] for s in units.sentences][:2] == ["加快建设实验室。", "鼓励企业投入！"]
    assert units.paragraphs == (Span(0, 15), Span(17, 26), Span(27, 34))


@pytest.mark.parametrize(("with_units", "n_kinds"), [(True, 3), (False, 1)])
def test_nvivo_compares_on_the_kinds_of_units_that_are_known(with_units: bool, n_kinds: int) -> None:
    assert len(compare(with_units=with_units).levels[0].nvivo) == n_kinds


def test_main_categories_are_the_semantic_domains_of_initial_ones() -> None:
    initial, main = compare().levels
    assert [domain.domain_id for domain in initial.atlas_ti.domains] == ["A", "B"]
    assert initial.atlas_ti.domains[0].code_ids == ("a1", "a2")
    assert [domain.domain_id for domain in main.atlas_ti.domains] == ["main"]


def test_sentences_with_the_same_main_category_agree_there_and_not_below() -> None:
    initial, main = compare().levels
    (of_initial,), (of_main,) = (
        [c for c in level.nvivo if c.unit == "sentences"] for level in (initial, main)
    )
    assert [row.code_id for row in of_initial.rows] == ["a1", "a2", "b1"]
    assert [row.counts.both for row in of_initial.rows] == [0, 0, 0]
    assert of_main.rows[0].counts.both == 1


def test_every_tool_has_a_reason_in_two_languages() -> None:
    notes = compare().notes
    assert [note.vendor for note in notes] == ["NVivo", "MAXQDA", "ATLAS.ti", "INCEpTION"]
    assert all(note.why.endswith(".") and note.why_zh.endswith("。") and note.sources for note in notes)
