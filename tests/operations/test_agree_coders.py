from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from policy_nlp.codebook import Code, Codebook
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.coder_file import CoderFile, SourceText
from policy_nlp.operations.agree_coders import choose_coders, find_common_codebook, join_coder_files
from policy_nlp.records import CodedDocument, CodedUnit, Coder, CoderUnits, Coding, Span

TEXT = "设专项资金。"


def codebook_of(*code_ids: str) -> Codebook:
    main = (Code("m", "main", "主", "", None, "d"),)
    initial = tuple(Code(code_id, "initial", code_id, "", "m", "d") for code_id in code_ids)
    return Codebook("book " + "".join(code_ids), main, initial)


def file_of(name: str, codebook: Codebook, *, document_length: int = len(TEXT)) -> CoderFile:
    coder = Coder(f"coder {name}")
    unit = CodedUnit("u1", TEXT, (), None, None, "doc", coder.coder_id, span=Span(0, len(TEXT)))
    coding = Coding("doc", Span(0, 2), codebook.initial[0].code_id, coder.coder_id)
    document = CodedDocument("doc", document_length, (coder.coder_id,), (coding,))
    return CoderFile(
        Path(name),
        "0" * 64,
        codebook,
        (CoderUnits(coder, (unit,)),),
        (document,),
        (SourceText("doc", "题", TEXT),),
    )


def test_a_document_of_two_inputs_is_one_with_the_coders_of_both() -> None:
    book = codebook_of("a", "b")
    joined = join_coder_files([file_of("x", book), file_of("y", book)])
    (document,) = joined.documents
    assert document.coder_ids == ("coder x", "coder y")
    assert len(document.codings) == 2


def test_a_file_given_twice_is_told() -> None:
    book = codebook_of("a", "b")
    first, second = file_of("x", book), replace(file_of("y", book), sha256="1" * 64)
    assert not any("very bytes" in note for note in join_coder_files([first, second]).notes)
    same = replace(second, sha256=first.sha256)
    assert any("y has the very bytes of x" in note for note in join_coder_files([first, same]).notes)


def test_documents_of_different_lengths_are_left_out_with_a_note() -> None:
    book = codebook_of("a", "b")
    joined = join_coder_files([file_of("x", book), file_of("y", book, document_length=99)])
    assert joined.documents == ()
    assert any("different lengths" in note for note in joined.notes)


def test_a_codebook_that_has_the_codes_of_the_others_serves_all() -> None:
    wide = codebook_of("a", "b", "c")
    assert find_common_codebook([file_of("x", codebook_of("a")), file_of("y", wide)]) is wide


def test_codebooks_with_codes_of_their_own_are_refused_with_a_mend() -> None:
    files = [file_of("x", codebook_of("a", "b")), file_of("y", codebook_of("a", "c", "d"))]
    with pytest.raises(ExchangeError, match=r"initial code 'b' \(1 in all\).*--codebook"):
        join_coder_files(files)


def test_a_chosen_coder_keeps_the_codings_on_characters_and_the_others_lose_theirs() -> None:
    book = codebook_of("a", "b")
    joined = join_coder_files([file_of("x", book), file_of("y", book)])
    chosen = choose_coders(joined, only=("coder y",), models=())
    assert [coder.coder.coder_id for coder in chosen.coders] == ["coder y"]
    assert chosen.documents[0].coder_ids == ("coder y",)
    assert {coding.coder_id for coding in chosen.documents[0].codings} == {"coder y"}


def test_documents_of_units_alone_are_made_later_from_all_coders() -> None:
    file = replace(file_of("x", codebook_of("a")), texts=())
    assert join_coder_files([file]).documents == ()
