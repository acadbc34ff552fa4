from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from policy_nlp.errors import OutputError
from policy_nlp.operations.agree import agree
from policy_nlp.operations.agree_output import check_outputs, figure_path
from tests.operations.agree_examples import FIRST, SECOND, settings_of, write_coders


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    return write_coders(tmp_path / "pair.jsonl", 甲=FIRST, 乙=SECOND)


@pytest.mark.parametrize(("ending", "start"), [(".docx", b"PK"), (".HTML", b"<!DOCTYPE html>")])
def test_word_and_html_reports_are_one_file(pair: Path, tmp_path: Path, ending: str, start: bytes) -> None:
    out = tmp_path / "new folder" / f"报告{ending}"
    agree(settings_of(pair, out=out))
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    assert out.read_bytes().startswith(start)


@pytest.mark.parametrize("ending", [".md", ".tex"])
def test_markdown_and_latex_reports_have_their_heat_map_beside_them(
    pair: Path, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / "out" / f"r{ending}"
    agree(settings_of(pair, out=out))
    picture = out.with_name("r_heatmap.png")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.name in out.read_text(encoding="utf-8")
    assert len(list(out.parent.iterdir())) == 2


@pytest.mark.parametrize(
    ("field", "name", "message"),
    [
        ("out", "r.pdf", r"--out writes \.docx, \.html, \.md, \.tex"),
        ("out", "r", "a name without an ending"),
        ("disagreements_path", "d.docx", r"--disagreements writes \.xlsx, \.csv"),
    ],
)
def test_an_ending_that_is_not_known_names_those_that_are(field: str, name: str, message: str) -> None:
    with pytest.raises(OutputError, match=message):
        check_outputs(settings_of(Path("a.jsonl"), **{field: Path(name)}))


def test_an_input_is_not_overwritten_even_by_force(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("unit,coder,code\n", encoding="utf-8")
    with pytest.raises(OutputError, match="is an input"):
        check_outputs(settings_of(path, disagreements_path=path, is_forced=True))


def test_a_heat_map_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "r.md"
    figure_path(out).write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"r_heatmap\.png: is there already"):
        check_outputs(settings_of(Path("a.jsonl"), out=out))


def test_all_disagreements_are_written_with_the_codes_of_each_coder(pair: Path, tmp_path: Path) -> None:
    path = tmp_path / "d.xlsx"
    agree(settings_of(pair, disagreements_path=path))
    header, *rows = load_workbook(path).active.iter_rows(values_only=True)
    assert header == ("unit", "document", "text", "levels", "codes 甲", "codes 乙")
    assert {row[0] for row in rows} == {"u0", "u4", "u5"}
    by_unit = {row[0]: row for row in rows}
    assert by_unit["u0"][4:] == ("政府支持、领军企业主导", "政府支持")
    assert by_unit["u4"][4:] == ("科技成果转化", "（无）")


def test_a_table_without_disagreements_has_its_header(tmp_path: Path) -> None:
    same = write_coders(tmp_path / "same.jsonl", 甲=FIRST, 乙=FIRST)
    path = tmp_path / "d.csv"
    agree(settings_of(same, disagreements_path=path))
    assert path.read_text(encoding="utf-8-sig").splitlines() == [
        "unit,document,text,levels,codes 甲,codes 乙"
    ]
