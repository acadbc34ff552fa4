from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_nlp.cli.main import run


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, place in enumerate(("海洋", "山地", "草原")):
        text = f"{place}办法\n支持企业保护{place}。\n企业设立{place}实验室，培养人才。"
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


def test_json_is_one_object_on_stdout(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = documents.parent / "out"
    assert (
        run(["keywords", str(documents), "--out", str(out), "--json", "--quiet", "--score", "frequency"]) == 0
    )
    value = json.loads(capsys.readouterr().out)
    assert value["n_documents"] == 3
    assert value["keywords"][0]["keyword"] == "企业"
    assert value["keywords"][0]["frequency"] == 6


def test_the_table_names_keywords_and_where_the_files_are(
    documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = documents.parent / "out"
    assert run(["keywords", str(documents), "--out", str(out), "--top", "2", "-q"]) == 0
    printed = capsys.readouterr().out
    assert "企业" in printed
    assert "modularity" in printed
    assert str(out) in printed


def test_a_damaged_list_of_words_ends_with_its_line(
    documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "词").write_text("链主\n链 主 企 业\n", encoding="utf-8")
    arguments = [
        "keywords",
        str(documents),
        "--out",
        str(tmp_path / "out"),
        "--dictionary",
        str(tmp_path / "词"),
    ]
    assert run(arguments) == 1
    assert "词:2:" in capsys.readouterr().err
