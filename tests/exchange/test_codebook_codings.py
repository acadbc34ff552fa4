"""The codings that a change touches are counted by coder and document."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_nlp.exchange.codebook_codings import TouchedCodings, count_codings
from policy_nlp.exchange.codebook_diff import ChangeKind, CodeChange
from policy_nlp.exchange.coder_file import CoderFile
from policy_nlp.records import CodedDocument, CodedUnit, Coder, CoderUnits, Coding, Span
from tests.exchange.test_codebook_diff import OLD


def unit(unit_id: str, document_id: str | None, *initial: str) -> CodedUnit:
    return CodedUnit(unit_id, "", initial, (), None, document_id=document_id)


def file(name: str = "a.jsonl") -> CoderFile:
    coders = (
        CoderUnits(
            Coder("甲"), (unit("1", "d1", "support", "market"), unit("2", "d1", "support"), unit("3", "d2"))
        ),
        CoderUnits(Coder("乙"), (unit("1", "d1", "market"), unit("4", None, "support"))),
    )
    return CoderFile(Path(name), "", OLD, coders)


def change(*old_ids: str, kind: ChangeKind = "renamed") -> CodeChange:
    return CodeChange(kind, "initial", old_ids, old_ids, "")


def test_codings_of_the_old_code_are_counted_by_coder_and_document() -> None:
    assert count_codings([file()]).touched_by(change("support"), OLD) == (
        TouchedCodings("甲", "d1", 2),
        TouchedCodings("乙", "", 1),
    )


def test_a_main_category_has_the_codings_of_its_initial_ones() -> None:
    touched = count_codings([file()]).touched_by(change("env"), OLD)
    assert sum(place.n_codings for place in touched) == count_codings([file()]).n_codings == 5


@pytest.mark.parametrize(
    ("old_ids", "kind"), [((), "added"), (("support",), "order"), (("need",), "renamed")]
)
def test_what_touches_no_coding_counts_none(old_ids: tuple[str, ...], kind: ChangeKind) -> None:
    assert count_codings([file()]).touched_by(change(*old_ids, kind=kind), OLD) == ()


def test_coders_of_several_files_are_named_with_their_file() -> None:
    touched = count_codings([file("a.jsonl"), file("b.jsonl")]).touched_by(change("support"), OLD)
    assert {place.coder_id for place in touched} == {
        "甲 (a.jsonl)",
        "乙 (a.jsonl)",
        "甲 (b.jsonl)",
        "乙 (b.jsonl)",
    }


def test_a_file_of_spans_alone_counts_its_spans() -> None:
    coding = Coding("d1", Span(0, 2), "support", "甲")
    document = CodedDocument("d1", 10, ("甲",), (coding,))
    spans = CoderFile(Path("a.qdpx"), "", OLD, (CoderUnits(Coder("甲"), ()),), (document,))
    assert count_codings([spans]).touched_by(change("support"), OLD) == (TouchedCodings("甲", "d1", 1),)
