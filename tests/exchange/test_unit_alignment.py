from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.codebook import Codebook, load_codebook, shipped_codebook_path
from policy_nlp.errors import GoldError
from policy_nlp.exchange.coder_file import CoderFile, SourceText
from policy_nlp.exchange.unit_alignment import align_units
from policy_nlp.records import CodedDocument, CodedUnit, Coder, CoderUnits, Coding, Span

CODEBOOK = load_codebook(shipped_codebook_path())
TEXT = "政府设立专项资金。鼓励企业牵头攻关。"


def unit(
    unit_id: str, text: str = "", *, document_id: str | None = None, span: tuple[int, int] | None = None
) -> CodedUnit:
    place = Span(*span) if span else None
    return CodedUnit(unit_id, text, (), None, None, document_id=document_id, coder_id="甲", span=place)


def file_of(name: str, *units: CodedUnit, coder: str = "", codebook: Codebook = CODEBOOK) -> CoderFile:
    coders = (CoderUnits(Coder(coder or name), units),)
    return CoderFile(Path(f"{name}.jsonl"), "0" * 64, codebook, coders)


def ids_after(*files: CoderFile) -> list[list[str]]:
    return [[unit.unit_id for unit in file.coders[0].units] for file in align_units(files)]


def test_units_with_one_id_are_the_same_and_others_are_left_alone() -> None:
    first, second = file_of("a", unit("1"), unit("2")), file_of("b", unit("2"), unit("3"))
    assert ids_after(first, second) == [["1", "2"], ["2", "3"]]
    assert align_units([first, second])[1].notes == (
        "units of b.jsonl matched with those of a.jsonl: 1 by id, 0 by document and span, 0 by text; "
        "1 are in none of them",
    )


def test_units_at_one_place_are_the_same_unless_their_texts_differ() -> None:
    first = file_of("a", unit("1", "甲", document_id="d", span=(0, 1)))
    same = file_of("b", unit("x", "", document_id="d", span=(0, 1)))
    other = file_of("b", unit("x", "乙", document_id="d", span=(0, 1)))
    assert ids_after(first, same) == [["1"], ["1"]]
    assert ids_after(first, other) == [["1"], ["x"]]


def test_units_are_matched_by_text_only_where_no_other_has_it() -> None:
    first = file_of("a", unit("1", "设立 资金"), unit("2", "同"), unit("3", "同"))
    second = file_of("b", unit("x", "设立资金"), unit("y", "同"), unit("z", "异"), unit("w", "异"))
    assert ids_after(first, second) == [["1", "2", "3"], ["1", "y", "z", "w"]]
    assert ids_after(second, first)[1] == ["x", "2", "3"]


def test_two_units_of_a_file_never_become_one() -> None:
    first = file_of("a", unit("1", "甲", document_id="d", span=(0, 1)))
    second = file_of("b", unit("1", "甲"), unit("2", "", document_id="d", span=(0, 1)))
    assert ids_after(first, second) == [["1"], ["1", "2"]]


def test_made_up_ids_are_matched_only_with_the_same_text() -> None:
    first, second = file_of("a", unit("row 1", "甲")), file_of("b", unit("row 1", "乙"))
    assert ids_after(first, second) == [["row 1"], ["b.jsonl row 1"]]
    assert ids_after(first, file_of("b", unit("row 1", "甲"))) == [["row 1"], ["row 1"]]


def test_ids_that_name_other_sentences_are_refused_and_a_few_changed_texts_are_noted() -> None:
    first = file_of("a", unit("1", "甲"), unit("2", "乙"), unit("3", "丙"))
    with pytest.raises(GoldError, match=r"b\.jsonl: 2 of the 3 units .* the first is '1' \('甲' there\)"):
        align_units([first, file_of("b", unit("1", "丁"), unit("2", "戊"), unit("3", "丙"))])
    notes = align_units([first, file_of("b", unit("1", "丁"), unit("2", "乙"), unit("3", "丙"))])[1].notes
    assert notes[1] == "1 units with the same ids have other texts there: '1'"


def test_a_third_file_is_matched_with_units_that_only_the_second_has() -> None:
    first, second = file_of("a", unit("1", "甲")), file_of("b", unit("2", "乙"))
    assert ids_after(first, second, file_of("c", unit("x", "乙")))[2] == ["2"]


def test_a_matched_unit_is_in_the_document_that_the_first_file_names() -> None:
    first = file_of("a", unit("1", document_id="d"))
    (matched,) = align_units([first, file_of("b", unit("1"))])[1].coders[0].units
    assert matched.document_id == "d"


def test_coders_of_one_name_in_two_files_are_told_apart_everywhere() -> None:
    codings = (Coding("d", Span(0, 1), "path_1", "王芳"),)
    document = CodedDocument("d", 5, ("王芳",), codings)
    files = []
    for name in ("a", "b"):
        file = file_of(name, unit("1"), coder="王芳")
        files.append(CoderFile(file.path, file.sha256, CODEBOOK, file.coders, documents=(document,)))
    second = align_units(files)[1]
    assert second.coders[0].coder.coder_id == "王芳 (b.jsonl)"
    assert second.coders[0].units[0].coder_id == "王芳 (b.jsonl)"
    assert second.documents[0].coder_ids == ("王芳 (b.jsonl)",)
    assert second.documents[0].codings[0].coder_id == "王芳 (b.jsonl)"
    assert "is called '王芳 (b.jsonl)'" in second.notes[0]


def with_text(name: str, document_id: str, text: str) -> CoderFile:
    file = file_of(name, unit(f"{name}1", text[:9], document_id=document_id, span=(0, 9)))
    document = CodedDocument(
        document_id, len(text), (name,), (Coding(document_id, Span(0, 9), "path_1", name),)
    )
    source = SourceText(document_id, "意见", text)
    return CoderFile(file.path, file.sha256, CODEBOOK, file.coders, documents=(document,), texts=(source,))


def test_documents_with_one_text_are_the_same_and_so_are_their_sentences() -> None:
    second = align_units([with_text("a", "d", TEXT), with_text("b", "guid", TEXT)])[1]
    assert second.texts[0].document_id == second.documents[0].document_id == "d"
    assert second.documents[0].codings[0].document_id == "d"
    assert second.coders[0].units[0].unit_id == "a1"


def test_documents_of_one_name_with_other_texts_are_told_apart() -> None:
    second = align_units([with_text("a", "d", TEXT), with_text("b", "d", f"附则{TEXT}")])[1]
    assert second.texts[0].document_id == second.coders[0].units[0].document_id == "d (b.jsonl)"


@given(
    names=st.lists(st.sampled_from("abcdef"), unique=True, min_size=1),
    texts=st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["", "甲", "乙", "丙"])),
)
def test_no_unit_is_lost_or_doubled(names: list[str], texts: dict[str, str]) -> None:
    first = file_of("a", *(unit(name, texts.get(name, "")) for name in "abc"))
    second = file_of("b", *(unit(f"{name}!", texts.get(name, "")) for name in names))
    ids = ids_after(first, second)
    assert ids[0] == ["a", "b", "c"]
    assert len(set(ids[1])) == len(names)
