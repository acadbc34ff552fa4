import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from policy_nlp.cli.main import run

LINES = "编号,内容\n001,对企业开展重大科技项目给予资金补贴。\n002,\n003,今天天气好。\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "句子.csv"
    path.write_bytes(LINES.encode("gb18030"))
    return path


def label(table: Path, model: Path, *more: str) -> int:
    places = ("label", str(table), "--out", str(table.with_name("out.parquet")), "--text-column", "内容")
    return run([*places, "--model", str(model), "--device", "cpu", *more])


def test_label_writes_the_table_and_prints_counts(
    table: Path, tiny_model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert label(table, tiny_model_path) == 0
    printed = capsys.readouterr()
    assert "3 rows: " in printed.out
    assert "1 empty" in printed.out
    assert "gb18030" in printed.err
    found = pq.read_table(table.with_name("out.parquet")).to_pylist()
    assert [row["编号"] for row in found] == ["001", "002", "003"]
    assert found[1]["status"] == "empty"


def test_label_again_says_that_it_is_finished(
    table: Path, tiny_model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label(table, tiny_model_path)
    capsys.readouterr()
    assert label(table, tiny_model_path) == 0
    assert "finished already" in capsys.readouterr().out


def test_json_is_one_object_and_quiet_leaves_only_notes_on_stderr(
    table: Path, tiny_model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert label(table, tiny_model_path, "--json", "--quiet") == 0
    printed = capsys.readouterr()
    value = json.loads(printed.out)
    assert value["n_rows"] == 3
    assert value["n_coded"] + value["n_uncoded"] + value["n_empty"] == 3
    assert Path(value["output"]).exists()
    assert Path(value["manifest"]).exists()


def test_a_wrong_column_is_bad_input_and_names_the_columns(
    table: Path, tiny_model_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert label(table, tiny_model_path, "--text-column", "正文") == 1
    assert "'编号', '内容'" in capsys.readouterr().err


def test_a_missing_out_is_bad_usage(table: Path) -> None:
    assert run(["label", str(table)]) == 2
