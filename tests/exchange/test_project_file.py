"""A project as one input of `agree`: its coders under its own codes, the shipped codebook or the user's."""

from pathlib import Path

import pytest

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.errors import ExchangeError
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.project_file import read_project_file
from policy_nlp.exchange.refi_qda.guids import code_guid
from tests.exchange.refi_qda.examples import (
    BEN,
    LINES,
    PILOT,
    SUBSIDY,
    USERS,
    Counting,
    coding,
    project,
    selection,
    text_source,
    write_qdpx,
)


def both_coders(*codes: str) -> str:
    span = Counting().span("\n".join(LINES), LINES[1])
    return selection(
        *span, *(coding(code, user=user) for code in codes for user in (None, BEN)), name=LINES[1]
    )


def test_a_foreign_project_brings_its_own_codebook(tmp_path: Path) -> None:
    path = write_qdpx(tmp_path, project(text_source(both_coders(SUBSIDY, PILOT))))
    found = read_coder_file(path)
    assert found.codebook.name == "试点"
    ben = next(one for one in found.coders if one.coder.coder_id == "Ben")
    names = {code.code_id: code.name_zh for code in found.codebook.initial}
    assert [names[code_id] for code_id in ben.units[1].initial or ()] == ["补助", "中试"]
    assert ben.coder.source.endswith("p.qdpx, Ben")


def test_codes_of_the_shipped_codebook_are_known_by_guid_or_by_name(tmp_path: Path) -> None:
    first, second = load_codebook(shipped_codebook_path()).initial[:2]
    codes = (
        f'<CodeBook><Codes><Code guid="{code_guid(first.code_id)}" name="改名" isCodable="true"/>'
        f'<Code guid="{PILOT}" name="{second.name_zh}" isCodable="true"/></Codes></CodeBook>'
    )
    xml = project(text_source(both_coders(code_guid(first.code_id), PILOT)), codes=codes)
    found = read_project_file(write_qdpx(tmp_path, xml))
    assert found.codebook == load_codebook(shipped_codebook_path())
    assert found.coders[-1].units[1].initial == (first.code_id, second.code_id)


def test_a_users_codebook_is_matched_and_other_codes_are_named(tmp_path: Path) -> None:
    path = write_qdpx(tmp_path, project(text_source(both_coders(PILOT))))
    found = read_project_file(path, codebook_path=shipped_codebook_path())
    assert found.coders == ()
    assert any("not in the codebook were left out: 中试 2" in note for note in found.notes)


def test_the_seen_rule_is_handed_on(tmp_path: Path) -> None:
    second = text_source(name="二.txt").replace("<TextSource", '<TextSource creatingUser=""', 1)
    path = write_qdpx(tmp_path, project(text_source(both_coders(PILOT)) + second))
    units = read_project_file(path, seen="all-documents").coders[0].units
    assert len({unit.document_id for unit in units}) == 2
    assert len({unit.document_id for unit in read_project_file(path).coders[0].units}) == 1


def test_a_project_without_users_or_codes_has_no_coders(tmp_path: Path) -> None:
    xml = f'<Project xmlns="urn:QDA-XML:project:1.0" name="blank">{USERS}</Project>'
    found = read_project_file(write_qdpx(tmp_path, xml, texts={}))
    assert (found.coders, found.documents, found.texts) == ((), (), ())


def test_what_is_no_project_is_an_exchange_error_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "p.qdpx"
    path.write_bytes(b"\x00\x01")
    with pytest.raises(ExchangeError, match=r"p\.qdpx"):
        read_coder_file(path)
