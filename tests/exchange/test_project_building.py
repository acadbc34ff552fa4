from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from policy_nlp.codebook import Codebook
from policy_nlp.errors import ExchangeError, UnknownCodeError
from policy_nlp.exchange.coder_file import CoderFile, SourceText
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.project_building import ProjectInputs, describe_codebook, write_coded_project
from policy_nlp.exchange.refi_qda.codebook_codes import SEEN_ONLY_NAME, codes_of_codebook
from policy_nlp.exchange.refi_qda.guids import code_guid
from policy_nlp.exchange.refi_qda.project import DOCUMENT_ID_VARIABLE, QdaProject
from policy_nlp.exchange.refi_qda.reading import read_project
from policy_nlp.records import CodedDocument, CodedUnit, Coder, CoderUnits, Coding, Span
from policy_nlp.sentences import sentences_in
from tests.exchange.refi_qda.schemas import validate_project
from tests.exchange.scored_folders import TEXTS, make_scored_folder

MONEY, LEAD = "政府设立专项资金。", "鼓励企业牵头攻关。"
MODEL = "policy-zh 0.1.0"


def unit(name: str, text: str, initial: tuple[str, ...], **more: object) -> CodedUnit:
    return CodedUnit(name, text, initial, (), (), **more)  # type: ignore[arg-type]


def coder_file(
    path: str, codebook: Codebook, coders: dict[str, list[CodedUnit]], **more: object
) -> CoderFile:
    units = tuple(CoderUnits(Coder(name), tuple(own)) for name, own in coders.items())
    return CoderFile(Path(path), "0" * 64, codebook, units, **more)  # type: ignore[arg-type]


def sentences(document_id: str) -> dict[str, str]:
    return {one.text: one.sentence_id for one in sentences_in(TEXTS[document_id], document_id)}


def written(path: Path, inputs: ProjectInputs) -> tuple[QdaProject, tuple[str, ...]]:
    notes = write_coded_project(path, inputs).notes
    with zipfile.ZipFile(path) as archive:
        validate_project(archive.read("project.qde"))
    read = read_project(path)
    assert (read.repairs, read.losses) == ((), ())
    return read.project, notes


def codings_of(project: QdaProject) -> set[tuple[str, str, str, str]]:
    """User, code, source and the text that was coded."""
    users = {user.guid: user.name for user in project.users}
    codes = {code.guid: code.name for code in project.codes}
    sources = {source.guid: source for source in project.sources}
    return {
        (
            users[one.user_guid or ""],
            codes[one.code_guid],
            sources[one.source_guid].name,
            sources[one.source_guid].text[one.span.start : one.span.end],
        )
        for one in project.codings
    }


def seen(project: QdaProject) -> dict[str, list[str]]:
    names = {source.guid: source.name for source in project.sources}
    return {one.name: [names[guid] for guid in one.source_guids] for one in project.sets}


def test_a_result_folder_becomes_a_project_with_its_metadata(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    folder = make_scored_folder(tmp_path / "out", shipped_codebook, {MONEY: ("government_support", "path_1")})
    project, notes = written(tmp_path / "p.qdpx", ProjectInputs(shipped_codebook, (folder,)))
    assert notes == ()
    path_1 = shipped_codebook.find("path_1").name_zh
    assert codings_of(project) == {(MODEL, "政府支持", "意见", MONEY), (MODEL, path_1, "意见", MONEY)}
    assert {one.description for one in project.codings} == {f"score 0.873; model {MODEL}"}
    (model,) = project.users
    assert model.is_model
    assert "ab" * 32 in model.user_id
    assert project.sources[0].text == TEXTS["d1"]
    assert project.sources[0].variables == {
        DOCUMENT_ID_VARIABLE: "d1",
        "title": "意见",
        "issuer": "某市人民政府",
        "region": "浙江",
        "year": "2024",
        "document_number": "某政发〔2024〕3号",
        "date": "2024-03-05",
        "format": "txt",
        "path": "d1.txt",
        "sha256": "0" * 64,
    }
    assert {v.name: v.kind for v in project.variables}["year"] == "Integer"
    assert {v.name: v.kind for v in project.variables}["date"] == "Date"
    assert seen(project) == {f"seen by {MODEL}": ["意见", "意见 (2)"]}


def test_the_project_says_that_names_of_the_shipped_codebook_are_ours(shipped_codebook: Codebook) -> None:
    description = describe_codebook(shipped_codebook)
    assert "16 of the 19 names" in description
    assert "never to be cited as the authors' table" in description
    assert shipped_codebook.digest in description


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path, shipped_codebook: Codebook) -> None:
    folder = make_scored_folder(tmp_path / "out", shipped_codebook, {MONEY: ("government_support",)})
    for name in ("a.qdpx", "b.qdpx"):
        write_coded_project(tmp_path / name, ProjectInputs(shipped_codebook, (folder,)))
    digests = [hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("a.qdpx", "b.qdpx")]
    assert digests[0] == digests[1]


def test_people_stand_beside_the_model_by_sentence_id_and_by_span(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    folder = make_scored_folder(tmp_path / "out", shipped_codebook, {MONEY: ("government_support",)})
    ids = sentences("d1")
    by_id = [unit(ids[text], text, ("market_competition",) * (text == LEAD)) for text in ids]
    place = TEXTS["d1"].index(MONEY)
    by_span = [
        unit("u1", MONEY, ("government_support",), document_id="d1", span=Span(place, place + len(MONEY)))
    ]
    files = (coder_file("a.jsonl", shipped_codebook, {"甲": by_id}),
             coder_file("b.jsonl", shipped_codebook, {"乙": by_span}))  # fmt: skip
    project, notes = written(tmp_path / "p.qdpx", ProjectInputs(shipped_codebook, (folder,), files))
    assert codings_of(project) == {
        (MODEL, "政府支持", "意见", MONEY),
        ("甲", "市场竞争", "意见", LEAD),
        ("乙", "政府支持", "意见", MONEY),
    }
    assert seen(project)["seen by 甲"] == ["意见"]
    assert seen(project)["seen by 乙"] == []
    assert any("乙 was given only a part of 1 documents" in note for note in notes)


def test_what_a_coder_saw_of_a_text_and_found_no_code_for_has_a_code_of_its_own(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    folder = make_scored_folder(tmp_path / "out", shipped_codebook, {MONEY: ("government_support",)})
    ids = sentences("d1")
    own = [unit(ids[MONEY], MONEY, ("government_support",)), unit(ids[LEAD], LEAD, ())]
    files = (coder_file("a.jsonl", shipped_codebook, {"甲": own}),)
    inputs = ProjectInputs(shipped_codebook, (folder,), files)
    project, _ = written(tmp_path / "p.qdpx", inputs)
    assert ("甲", SEEN_ONLY_NAME, "意见", LEAD) in codings_of(project)
    assert write_coded_project(tmp_path / "q.qdpx", inputs).n_codings == 2
    read = {own.coder.coder_id: own.units for own in read_coder_file(tmp_path / "p.qdpx").coders}
    assert [(u.unit_id, u.initial) for u in read["甲"]] == [
        (ids[MONEY], ("government_support",)),
        (ids[LEAD], ()),
    ]
    assert len(read[MODEL]) == 6


def test_without_people_no_code_is_added_to_those_of_the_codebook(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    folder = make_scored_folder(tmp_path / "out", shipped_codebook, {})
    project, _ = written(tmp_path / "p.qdpx", ProjectInputs(shipped_codebook, (folder,)))
    assert project.codes == codes_of_codebook(shipped_codebook)


def test_a_unit_of_the_same_id_and_another_text_is_kept_apart(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    folder = make_scored_folder(tmp_path / "out", shipped_codebook, {})
    other = [unit(sentences("d1")[MONEY], "完全不同的一句话。", ("government_support",))]
    files = (coder_file("a.jsonl", shipped_codebook, {"甲": other}),)
    project, notes = written(tmp_path / "p.qdpx", ProjectInputs(shipped_codebook, (folder,), files))
    assert codings_of(project) == {("甲", "政府支持", "a", "完全不同的一句话。")}
    assert any("another text" in note for note in notes)


def test_units_without_documents_are_joined_and_what_a_coder_was_not_given_is_apart(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    first = [unit("u1", "一。", ("government_support",)), unit("u2", "二𠮷。", ()), unit("u3", "三。", ())]
    second = [unit("u2", "二𠮷。", ("market_competition",)), unit("u3", "", ())]
    files = (coder_file("a.jsonl", shipped_codebook, {"甲": first, "乙": second}),)
    project, notes = written(tmp_path / "p.qdpx", ProjectInputs(shipped_codebook, (), files))
    assert {source.name: source.text for source in project.sources} == {
        "a [甲]": "一。",
        "a [甲, 乙]": "二𠮷。\n三。",
    }
    assert codings_of(project) == {
        ("甲", "政府支持", "a [甲]", "一。"),
        ("乙", "市场竞争", "a [甲, 乙]", "二𠮷。"),
    }
    assert seen(project) == {"seen by 甲": ["a [甲]", "a [甲, 乙]"], "seen by 乙": ["a [甲, 乙]"]}
    assert notes == ()


def test_a_coder_who_did_not_code_all_levels_says_which(tmp_path: Path, shipped_codebook: Codebook) -> None:
    own = [CodedUnit("u1", "一。", ("government_support",), None, None)]
    files = (coder_file("a.jsonl", shipped_codebook, {"甲": own}),)
    project, _ = written(tmp_path / "p.qdpx", ProjectInputs(shipped_codebook, (), files))
    assert set(project.sets[0].code_guids) == {code_guid(i) for i in shipped_codebook.ids("initial")}


def test_codings_on_characters_keep_their_characters_and_main_categories_follow(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    text = "甲𠮷乙丙。丁。"
    made = (
        Coding("d", Span(1, 3), "government_support", "甲"),
        Coding("d", Span(0, 6), "demand_pull", "甲"),
        Coding("d", Span(2, 7), "path_1", "模型", 0.5),
    )
    document = CodedDocument("d", len(text), ("甲", "模型"), made)
    coders = (CoderUnits(Coder("甲"), ()), CoderUnits(Coder("模型", is_model=True), ()))
    file = CoderFile(
        Path("p.qdpx"), "0" * 64, shipped_codebook, coders, (document,), (SourceText("d", "文", text),)
    )
    project, notes = written(tmp_path / "p.qdpx", ProjectInputs(shipped_codebook, (), (file,)))
    spans = {(one.span.start, one.span.end, one.description) for one in project.codings}
    assert spans == {(1, 3, ""), (2, 7, "score 0.500; model 模型")}
    assert [user.is_model for user in project.users] == [False, True]
    assert notes == ("1 codings of main categories are left out: they follow from the initial ones",)
    assert seen(project) == {"seen by 甲": ["文"], "seen by 模型": ["文"]}


def test_a_source_is_named_so_that_a_file_can_have_the_name(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    title = '"十四五"规划/实施:方案\n(试行)' + "长" * 100
    text = SourceText("d", title, "甲。")
    document = CodedDocument("d", 2, ("甲",), ())
    file = coder_file("a.qdpx", shipped_codebook, {"甲": []}, documents=(document,), texts=(text,))
    project, _ = written(tmp_path / "p.qdpx", ProjectInputs(shipped_codebook, (), (file,)))
    (source,) = project.sources
    assert source.name == "＂十四五＂规划／实施：方案 (试行)" + "长" * 41 + "…"
    assert source.variables["title"] == title


def test_another_text_of_a_document_is_refused(tmp_path: Path, shipped_codebook: Codebook) -> None:
    folder = make_scored_folder(tmp_path / "out", shipped_codebook, {})
    text = "别的。"
    file = coder_file(
        "b.qdpx", shipped_codebook, {"甲": []},
        documents=(CodedDocument("d1", len(text), ("甲",), ()),), texts=(SourceText("d1", "文", text),),
    )  # fmt: skip
    with pytest.raises(ExchangeError, match="another text"):
        write_coded_project(tmp_path / "p.qdpx", ProjectInputs(shipped_codebook, (folder,), (file,)))
    assert not (tmp_path / "p.qdpx").exists()


def test_a_code_that_is_not_in_the_codebook_is_named(tmp_path: Path, shipped_codebook: Codebook) -> None:
    folder = make_scored_folder(tmp_path / "out", shipped_codebook, {MONEY: ("government_support",)})
    smaller = replace(shipped_codebook, initial=shipped_codebook.initial[:1], concepts=())
    with pytest.raises(UnknownCodeError, match="government_support"):
        write_coded_project(tmp_path / "p.qdpx", ProjectInputs(smaller, (folder,)))


def test_units_without_any_text_are_told(tmp_path: Path, shipped_codebook: Codebook) -> None:
    files = (coder_file("a.csv", shipped_codebook, {"甲": [unit("u1", "", ("government_support",))]}),)
    project, notes = written(tmp_path / "p.qdpx", ProjectInputs(shipped_codebook, (), files))
    assert project.codings == ()
    assert notes == ("1 coded units have no text in any input and are left out",)
