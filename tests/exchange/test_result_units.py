from __future__ import annotations

from pathlib import Path

import pytest

from policy_nlp.codebook import shipped_codebook_path
from policy_nlp.errors import CodebookError, GoldError, UnknownCodeError
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.result_folder import MANIFEST, SENTENCES
from policy_nlp.exchange.result_units import is_result_folder
from policy_nlp.records import Coder, Coding, Span
from tests.exchange.result_folders import TEXTS, make_result_folder

CODES = [[], ["government_support"], ["leading_enterprise_leadership", "government_support"]]


def test_the_model_is_a_coder_of_every_sentence_with_its_span(tmp_path: Path) -> None:
    file = read_coder_file(make_result_folder(tmp_path / "out", initial=CODES))
    (coder,) = file.coders
    digest, name = coder.coder.model_sha256, coder.coder.name_in_projects
    assert coder.coder == Coder("policy-zh", True, "out", digest, name)
    assert (len(digest), name) == (64, "policy-zh 0.1.0")
    assert [unit.text for unit in coder.units] == [
        "关于组建创新联合体的意见",
        "政府设立专项资金。",
        "鼓励企业牵头攻关。",
        "支持高校参加。",
        "附则",
        "本意见自发布之日起施行。",
    ]
    for unit in coder.units:
        assert unit.span is not None
        assert TEXTS[int((unit.document_id or "")[1:])][unit.span.start : unit.span.end] == unit.text
    assert coder.units[2].initial == ("government_support", "leading_enterprise_leadership")
    assert coder.units[3].initial == ()
    assert [unit.stratum for unit in coder.units][:2] == ["heading", "sentence"]


def test_its_codings_on_characters_are_those_of_its_sentences(tmp_path: Path) -> None:
    file = read_coder_file(make_result_folder(tmp_path / "out", initial=CODES))
    first, second = file.documents
    assert first.length == len(TEXTS[0])
    assert first.codings[0] == Coding("d0", Span(13, 22), "government_support", "policy-zh")
    assert len(first.codings) == 3
    assert (second.codings, second.coder_ids) == ((), ("policy-zh",))
    assert [(text.title, text.metadata.region) for text in file.texts] == [
        ("文件0", "浙江"),
        ("文件1", "浙江"),
    ]


def test_sentences_without_a_decision_are_not_given(tmp_path: Path) -> None:
    folder = make_result_folder(tmp_path / "out", status=["empty", "uncoded", "abstained"])
    (coder,) = read_coder_file(folder).coders
    assert len(coder.units) == 4
    assert [note[:32] for note in coder.notes] == [
        "1 sentences of status 'abstained",
        "1 sentences of status 'empty' we",
    ]


def test_a_folder_of_another_codebook_asks_for_it(tmp_path: Path) -> None:
    folder = make_result_folder(tmp_path / "out", codebook_sha256="f" * 64)
    with pytest.raises(CodebookError, match=r"another codebook \(sha256 ffffffffffff…\).*--codebook"):
        read_coder_file(folder)
    assert read_coder_file(folder, codebook_path=shipped_codebook_path()).coders


def test_a_code_that_the_codebook_lacks_is_named_with_its_row(tmp_path: Path) -> None:
    folder = make_result_folder(tmp_path / "out", initial=[["goverment_support"]])
    with pytest.raises(UnknownCodeError, match=r"sentences.parquet: row 1: code 'goverment_support'"):
        read_coder_file(folder)


def test_a_folder_without_manifest_or_with_a_damaged_table_is_refused(tmp_path: Path) -> None:
    folder = make_result_folder(tmp_path / "out")
    (folder / SENTENCES).write_bytes(b"PAR1 no more")
    with pytest.raises(GoldError, match="its tables are damaged"):
        read_coder_file(folder)
    (folder / MANIFEST).unlink()
    with pytest.raises(GoldError, match=r"has no manifest\.json"):
        read_coder_file(folder)
    assert not is_result_folder(tmp_path)
