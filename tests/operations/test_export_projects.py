from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from policy_nlp.exchange.refi_qda.project import QdaProject, QdaSource, QdaUser
from policy_nlp.exchange.refi_qda.reading import read_project
from policy_nlp.exchange.refi_qda.writing import write_project
from policy_nlp.operations.code import code_documents
from policy_nlp.operations.export import export_codings
from policy_nlp.settings.commands import CodeSettings, ExportSettings
from tests.exchange.refi_qda.schemas import validate_project
from tests.exchange.test_project_merging import guid, people

TEXT = (
    "关于建设𠮷林路创新联合体的意见\n支持龙头企业牵头组建创新联合体。完善财政补贴办法。\n加快成果转化应用。"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_model_path: Path) -> Path:
    place = tmp_path_factory.mktemp("coded")
    (place / "意见.txt").write_text(TEXT, encoding="utf-8")
    out = place / "out"
    code_documents(CodeSettings((place / "意见.txt",), out, model=str(tiny_model_path)))
    return out


def foreign() -> QdaProject:
    """Codes of another codebook, on the text that `folder` has coded too."""
    first = people()
    return replace(first, sources=(QdaSource(guid("text"), "办法.txt", TEXT, {"地区": "浙江"}),))


def read_back(path: Path) -> QdaProject:
    with zipfile.ZipFile(path) as archive:
        validate_project(archive.read("project.qde"))
    return read_project(path).project


def test_codes_of_any_depth_and_parts_of_sentences_come_back_as_they_were(tmp_path: Path) -> None:
    write_project(tmp_path / "people.qdpx", foreign())
    exported = export_codings(ExportSettings((tmp_path / "people.qdpx",), tmp_path / "out.qdpx"))
    read = read_back(exported.out)
    in_order = tuple(sorted(foreign().codings, key=lambda one: one.span.start))
    assert read == replace(foreign(), origin=read.origin, codings=in_order)
    assert (exported.coder_ids, exported.n_codings, exported.n_texts) == (("张三",), 2, 1)


def test_what_went_in_and_came_out_twice_has_the_same_bytes(tmp_path: Path) -> None:
    write_project(tmp_path / "people.qdpx", foreign())
    first = export_codings(ExportSettings((tmp_path / "people.qdpx",), tmp_path / "one.qdpx")).out
    second = export_codings(ExportSettings((first,), tmp_path / "two.qdpx")).out
    assert second.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("is_first", [True, False])
def test_a_model_is_added_to_the_people_on_the_same_text(
    folder: Path, tmp_path: Path, is_first: bool
) -> None:
    write_project(tmp_path / "people.qdpx", foreign())
    inputs = (tmp_path / "people.qdpx", folder) if is_first else (folder, tmp_path / "people.qdpx")
    exported = export_codings(ExportSettings(inputs, tmp_path / "both.qdpx"))
    project = read_back(exported.out)
    coded = read_project(folder / "project.qdpx").project
    assert project.users == (*foreign().users, *coded.users)
    assert project.codes == (*foreign().codes, *coded.codes)
    assert [source.guid for source in project.sources] == [guid("text")]
    assert {one for one in project.codings if one.user_guid == guid("user")} == set(foreign().codings)
    assert {(one.span, one.code_guid) for one in project.codings if one.user_guid != guid("user")} == {
        (one.span, one.code_guid) for one in coded.codings
    }


def test_a_project_of_the_model_coded_by_a_person_holds_the_model_once(folder: Path, tmp_path: Path) -> None:
    coded = read_project(folder / "project.qdpx").project
    model = coded.users[0]
    person = QdaUser(guid("person"), "李四")
    own = replace(coded.codings[0], user_guid=person.guid, span=replace(coded.codings[0].span, end=3))
    # Other programs give new GUIDs and drop our mark, variables and sets.
    users = (QdaUser(guid("model"), model.name), person)
    codings = (*(replace(one, user_guid=guid("model")) for one in coded.codings), own)
    sources = tuple(replace(source, variables={}) for source in coded.sources)
    back = replace(coded, users=users, codings=codings, sources=sources, sets=(), variables=())
    write_project(tmp_path / "back.qdpx", back)
    exported = export_codings(ExportSettings((tmp_path / "back.qdpx", folder), tmp_path / "both.qdpx"))
    project = read_back(exported.out)
    assert [user.name for user in project.users] == [model.name, "李四"]
    assert project.users[0].is_model
    assert set(project.codings) == {replace(one, created=project.codings[0].created) for one in codings}


def test_codings_of_a_coder_file_lie_on_the_sentences_of_the_project(folder: Path, tmp_path: Path) -> None:
    write_project(tmp_path / "people.qdpx", foreign())
    row = {"id": "u1", "text": "完善财政补贴办法。", "initial": ["government_support"], "coder": "乙"}
    (tmp_path / "b.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    inputs = (tmp_path / "people.qdpx", tmp_path / "b.jsonl")
    project = read_back(export_codings(ExportSettings(inputs, tmp_path / "both.qdpx")).out)
    (second,) = (user for user in project.users if user.name == "乙")
    (coding,) = (one for one in project.codings if one.user_guid == second.guid)
    assert TEXT[coding.span.start : coding.span.end] == "完善财政补贴办法。"
    assert coding.source_guid == guid("text")


def test_names_that_repeat_stay_and_are_told(tmp_path: Path) -> None:
    codes = (*foreign().codes, replace(foreign().codes[2], guid=guid("twin"), parent_guid=None))
    write_project(tmp_path / "people.qdpx", replace(foreign(), codes=codes), keeps_names=True)
    exported = export_codings(ExportSettings((tmp_path / "people.qdpx",), tmp_path / "out.qdpx"))
    assert [code.name for code in read_back(exported.out).codes].count("财政补贴") == 2
    assert any("QualCoder keeps one code of each name" in note for note in exported.notes)
