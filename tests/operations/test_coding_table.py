from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from docx import Document

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.errors import CorpusError, GoldError, OutputError, SettingsError
from policy_nlp.operations.coding_table import make_table
from policy_nlp.settings.coding_table import CodingTableSettings
from tests.operations.coded_folders import make_coded_folder

CODEBOOK = load_codebook(shipped_codebook_path())
NAMES = {code.code_id: code.name_zh for code in CODEBOOK.all_codes}
TEXTS = {
    "d1": (
        "关于组建联合体的意见\n省财政设立专项资金支持联合攻关。"
        "省里出台三年行动规划和改革指引。\n支持产业学院培养人才。"
    ),
    "d2": "附则\n=1+1是一条公式样的政策规划语句。本意见自发布之日起施行。",
}
CODES = {
    "省财政设立专项资金支持联合攻关。": ("government_support", "strategy_led", "path_5"),
    "省里出台三年行动规划和改革指引。": ("government_support",),
    "支持产业学院培养人才。": ("education_talent_integration",),
    "=1+1是一条公式样的政策规划语句。": ("government_support", "scenario_driven"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_coded_folder(tmp_path / "out", CODEBOOK, CODES, texts=TEXTS)


@pytest.fixture
def gold(folder: Path, tmp_path: Path) -> Path:
    """Gold that lacks one code of the model's."""
    rows = []
    for row in pq.read_table(folder / "sentences.parquet").to_pylist():
        initial = [] if "三年行动" in row["text"] else row["initial"]
        rows.append({"id": row["sentence_id"], "text": row["text"], "initial": initial})
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def cells_of(path: Path, sheet: str) -> list[dict[str, object]]:
    """The rows of the table by the names of its columns; notes stand below an empty row."""
    header, *rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    end = next((i for i, row in enumerate(rows) if not any(row)), len(rows))
    return [dict(zip(header, row, strict=True)) for row in rows[:end]]  # type: ignore[arg-type]


def test_counts_in_the_workbook_are_those_of_the_sentences_file(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.xlsx"
    make_table(CodingTableSettings((folder,), out))
    sentences = pq.read_table(folder / "sentences.parquet").to_pylist()
    rows = {row["初始范畴"]: row for row in cells_of(out, "主轴编码")}
    assert len(rows) == len(CODEBOOK.initial)
    for code in CODEBOOK.initial:
        having = [row for row in sentences if code.code_id in row["initial"]]
        assert rows[code.name_zh]["频次"] == len(having)
        assert rows[code.name_zh]["文档数"] == len({row["document_id"] for row in having})
    for sheet, column, level in (("维度", "维度", "dimensions"), ("路径", "路径", "paths")):
        counts = {row[column]: row["频次"] for row in cells_of(out, sheet)}
        for code in CODEBOOK.codes(level):  # type: ignore[arg-type]
            assert counts[code.name_zh] == sum(code.code_id in row[level] for row in sentences)


def test_the_workbook_has_a_sheet_for_each_table_with_typed_numbers(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.xlsx"
    make_table(CodingTableSettings((folder,), out))
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["开放性编码", "主轴编码", "选择性编码", "维度", "路径", "来源文档", "全部语句"]
    for sheet in book:
        assert sheet.freeze_panes is not None
    for row in cells_of(out, "开放性编码"):
        assert isinstance(row["频次"], int)
        assert isinstance(row["平均得分"], float) or row["频次"] == 0


def test_long_texts_of_the_workbook_break_over_lines(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.xlsx"
    make_table(CodingTableSettings((folder,), out))
    sheet = openpyxl.load_workbook(out)["开放性编码"]
    filled = next(row for row in sheet.iter_rows(min_row=2) if row[3].value)
    assert filled[3].alignment.wrap_text
    assert sheet.column_dimensions["D"].width == 90
    assert sheet.row_dimensions[filled[3].row].height >= 16


def test_letters_of_documents_are_explained_by_the_names_of_their_folders(
    folder: Path, tmp_path: Path
) -> None:
    other = make_coded_folder(tmp_path / "second", CODEBOOK, {}, texts={"d9": "附则\n今天天气好。"})
    out = tmp_path / "table.docx"
    result = make_table(CodingTableSettings((folder, other), out))
    assert [one.label for one in result.table.documents] == ["A1", "A2", "B1"]
    assert any("A＝out，B＝second" in paragraph.text for paragraph in Document(str(out)).paragraphs)


def test_no_cell_of_the_workbook_is_a_formula(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.xlsx"
    make_table(CodingTableSettings((folder,), out))
    book = openpyxl.load_workbook(out)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("=1+1") and cell.quotePrefix for cell in cells)


def test_every_coding_has_a_row_to_be_corrected_with_the_suggested_concept(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "table.xlsx"
    result = make_table(CodingTableSettings((folder,), out))
    rows = cells_of(out, "全部语句")
    assert [(row["原始语句"], row["初始范畴"]) for row in rows] == [
        (result.corpus.texts[one.row], NAMES[one.category_id]) for one in result.table.codings
    ]
    by_text = {row["原始语句"]: row["初始概念（建议）"] for row in rows}
    assert by_text["省财政设立专项资金支持联合攻关。"] == NAMES["public_resource_organisation"]
    assert {row["人工改定概念"] for row in rows} == {None}


def test_the_document_has_the_tables_with_the_right_cells(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.docx"
    result = make_table(CodingTableSettings((folder,), out))
    document = Document(str(out))
    opened, axial, selective, dimensions, paths, sources = document.tables
    assert [cell.text for cell in opened.rows[0].cells] == [
        "主范畴", "初始范畴", "初始概念（建议）", "原始语句（代表性）", "频次", "文档数", "平均得分",
    ]  # fmt: skip
    shown = {row.cells[2].text: row.cells for row in opened.rows[1:]}
    concept = shown[NAMES["public_resource_organisation"]]
    assert concept[3].text == "A1-2　省财政设立专项资金支持联合攻关。"
    assert concept[4].text == "1"
    counts = {row.cells[1].text: row.cells[3].text for row in axial.rows[1:]}
    assert counts == {
        NAMES[c.counts.code_id or ""]: str(c.counts.n_sentences)
        for m in result.table.main
        for c in m.categories
    }
    assert [len(table.rows) - 1 for table in (selective, dimensions, paths, sources)] == [6, 3, 5, 2]


def test_equal_main_categories_are_one_cell_and_pages_lie_across(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.docx"
    make_table(CodingTableSettings((folder,), out))
    document = Document(str(out))
    axial = document.tables[1]
    first, second, third, fourth = (axial.rows[i].cells[0] for i in (1, 2, 3, 4))
    assert first._tc is second._tc is third._tc
    assert first.text == "需求牵引"
    assert fourth.text == "创新环境"
    assert document.sections[0].page_width > document.sections[0].page_height


def test_what_the_names_and_codings_are_stands_below_every_table(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.docx"
    make_table(CodingTableSettings((folder,), out))
    texts = [paragraph.text for paragraph in Document(str(out)).paragraphs]
    assert sum(text == CODEBOOK.status for text in texts) == 5
    assert sum(text.startswith("频次与文档数按模型 policy-zh") for text in texts) == 5


def test_agreement_with_gold_stands_beside_each_category(folder: Path, gold: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.xlsx"
    make_table(CodingTableSettings((folder,), out, gold_path=gold, n_draws=50))
    rows = {row["初始范畴"]: row for row in cells_of(out, "主轴编码")}
    support = rows["政府支持"]
    # Gold has two of the model's three; of seven sentences the coders agree on six.
    assert support["精确率"] == pytest.approx(2 / 3)
    assert support["召回率"] == 1
    po, pe = 6 / 7, (2 * 3 + 5 * 4) / 49
    assert support["κ"] == pytest.approx((po - pe) / (1 - pe))
    assert support["共同编码句数"] == 7
    assert rows["市场竞争"]["κ"] == "n/a"
    assert rows["市场竞争"]["一致性说明"]


def test_agreement_of_people_is_that_of_agree(folder: Path, gold: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(
        gold.read_text(encoding="utf-8").replace('["government_support"]', "[]"), encoding="utf-8"
    )
    settings = CodingTableSettings((folder,), None, coder_paths=(gold, other), n_draws=0)
    result = make_table(settings)
    found = result.agreement_on("government_support")
    assert found is not None
    assert found.n_units == 7
    assert found.kappa.value == 0


def test_a_coder_file_gives_a_table_without_scores(gold: Path, tmp_path: Path) -> None:
    out = tmp_path / "table.docx"
    result = make_table(CodingTableSettings((gold,), out))
    assert result.coder is not None
    header = [cell.text for cell in Document(str(out)).tables[0].rows[0].cells]
    assert header[-2:] == ["频次", "文档数"]
    assert result.table.levels == ("initial", "main")
    assert len(Document(str(out)).tables) == 4


def test_the_same_folder_gives_the_same_workbook(folder: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for path in (first, second):
        make_table(CodingTableSettings((folder,), path))
    assert first.read_bytes() == second.read_bytes()


def test_metadata_of_the_user_is_in_the_table_of_sources(folder: Path, tmp_path: Path) -> None:
    table, out = tmp_path / "meta.csv", tmp_path / "table.xlsx"
    table.write_text("document_id,地区\nd1,江苏\n", encoding="utf-8")
    make_table(CodingTableSettings((folder,), out, metadata_path=table))
    assert [row["地区"] for row in cells_of(out, "来源文档")] == ["江苏", "浙江"]


def test_what_cannot_be_written_or_read_is_refused(folder: Path, gold: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\.docx or \.xlsx"):
        make_table(CodingTableSettings((folder,), tmp_path / "table.pdf"))
    (tmp_path / "there.docx").write_bytes(b"")
    with pytest.raises(OutputError, match="--force"):
        make_table(CodingTableSettings((folder,), tmp_path / "there.docx"))
    with pytest.raises(CorpusError, match="no result folder"):
        make_table(CodingTableSettings((folder, gold), None))
    with pytest.raises(SettingsError, match="--gold and --coders"):
        CodingTableSettings((folder,), None, gold_path=gold, coder_paths=(gold,))
    with pytest.raises(GoldError, match="no coder '丙'"):
        make_table(CodingTableSettings((gold,), None, coder="丙"))
