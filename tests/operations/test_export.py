from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from policy_nlp.errors import GoldError, OutputError
from policy_nlp.exchange.coder_files import read_coder_file
from policy_nlp.exchange.refi_qda.reading import read_project
from policy_nlp.operations.code import code_documents
from policy_nlp.operations.export import export_codings
from policy_nlp.records import CodedUnit
from policy_nlp.settings.commands import CodeSettings, ExportSettings
from tests.exchange.refi_qda.schemas import validate_project

TEXT = "关于建设𠮷林路创新联合体的意见\n支持龙头企业牵头组建创新联合体。推进基础研究。\n加快成果转化应用。"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_model_path: Path) -> Path:
    place = tmp_path_factory.mktemp("coded")
    (place / "意见.txt").write_text(TEXT, encoding="utf-8")
    out = place / "out"
    code_documents(CodeSettings((place / "意见.txt",), out, model=str(tiny_model_path)))
    return out


def decisions(path: Path) -> dict[str, list[tuple[object, ...]]]:
    def told(unit: CodedUnit) -> tuple[object, ...]:
        return unit.text, unit.initial, unit.dimensions, unit.paths

    return {own.coder.coder_id: sorted(map(told, own.units), key=str) for own in read_coder_file(path).coders}


def write_people(path: Path, folder: Path) -> Path:
    """Two people who coded the sentences of the folder: one all, the other the first two."""
    units = read_coder_file(folder).coders[0].units
    rows = [
        {
            "id": unit.unit_id,
            "text": unit.text,
            "initial": [code],
            "dimensions": [],
            "paths": [],
            "coder": coder,
        }
        for coder, code, own in (("甲", "government_support", units), ("乙", "market_competition", units[:2]))
        for unit in own
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_code_and_export_write_the_same_project(folder: Path, tmp_path: Path) -> None:
    exported = export_codings(ExportSettings((folder,), tmp_path / "p.qdpx"))
    assert exported.out.read_bytes() == (folder / "project.qdpx").read_bytes()
    assert exported.n_texts == 1
    assert exported.notes == ()


def test_the_project_of_code_holds_every_coding_of_the_table(folder: Path) -> None:
    with zipfile.ZipFile(folder / "project.qdpx") as archive:
        validate_project(archive.read("project.qde"))
    project = read_project(folder / "project.qdpx").project
    texts = {source.guid: source.text for source in project.sources}
    names = {code.guid: code.name for code in project.codes}
    found = sorted(
        (texts[one.source_guid][one.span.start : one.span.end], names[one.code_guid])
        for one in project.codings
    )
    rows = csv.DictReader((folder / "codings.csv").read_text(encoding="utf-8-sig").splitlines())
    assert found == sorted((row["sentence"], row["code_name"]) for row in rows)
    assert found


def test_people_and_model_are_coders_of_one_project(folder: Path, tmp_path: Path) -> None:
    people = write_people(tmp_path / "people.jsonl", folder)
    exported = export_codings(ExportSettings((people, folder), tmp_path / "p.qdpx"))
    assert exported.n_texts == 1
    assert len(exported.coder_ids) == 3
    project = read_project(exported.out).project
    assert [user.is_model for user in project.users] == [True, False, False]
    assert {user.name for user in project.users} == set(exported.coder_ids)
    assert any("乙 was given only a part" in note for note in exported.notes)
    assert decisions(exported.out).items() >= decisions(people).items()
    again = export_codings(ExportSettings((exported.out,), tmp_path / "again.qdpx"))
    assert decisions(again.out) == decisions(exported.out)


@pytest.mark.parametrize("ending", [".qdpx", ".jsonl"])
def test_what_is_exported_is_decided_the_same_when_it_is_read_again(
    folder: Path, tmp_path: Path, ending: str
) -> None:
    people = write_people(tmp_path / "people.jsonl", folder)
    exported = export_codings(ExportSettings((people,), tmp_path / f"again{ending}"))
    assert decisions(exported.out) == decisions(people)
    twice = export_codings(ExportSettings((exported.out,), tmp_path / "twice.jsonl"))
    assert decisions(twice.out) == decisions(people)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_project_becomes_a_table(folder: Path, tmp_path: Path, ending: str) -> None:
    exported = export_codings(ExportSettings((folder / "project.qdpx",), tmp_path / f"codes{ending}"))
    (model,) = read_coder_file(folder).coders
    n_codings = sum(
        len(unit.initial or ()) + len(unit.dimensions or ()) + len(unit.paths or ()) for unit in model.units
    )
    assert exported.n_codings == n_codings
    (again,) = read_coder_file(exported.out).coders
    assert [unit.unit_id for unit in again.units] == [unit.unit_id for unit in model.units]


def test_output_that_is_there_is_kept_unless_forced(folder: Path, tmp_path: Path) -> None:
    settings = ExportSettings((folder,), tmp_path / "p.jsonl")
    settings.out.write_text("before", encoding="utf-8")
    with pytest.raises(OutputError, match="--force"):
        export_codings(settings)
    assert settings.out.read_text(encoding="utf-8") == "before"
    export_codings(replace(settings, is_forced=True))
    assert settings.out.read_text(encoding="utf-8") != "before"


def test_an_input_is_never_overwritten(folder: Path, tmp_path: Path) -> None:
    people = write_people(tmp_path / "people.jsonl", folder)
    with pytest.raises(OutputError, match="is an input"):
        export_codings(ExportSettings((people,), people, is_forced=True))


@pytest.mark.parametrize("name", ["p.docx", "p", "p.qde"])
def test_an_ending_that_is_not_known_is_told_with_those_that_are(
    folder: Path, tmp_path: Path, name: str
) -> None:
    with pytest.raises(OutputError, match=r"\.qdpx, \.jsonl, \.csv, \.xlsx"):
        export_codings(ExportSettings((folder,), tmp_path / name))


def test_a_missing_input_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no such file"):
        export_codings(ExportSettings((tmp_path / "x.jsonl",), tmp_path / "p.qdpx"))
