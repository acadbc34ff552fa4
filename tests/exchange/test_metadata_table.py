"""Tables that correct what was found of documents."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from policy_nlp.analysis.coded_corpus import CodedCorpus
from policy_nlp.codebook import Codebook
from policy_nlp.errors import CorpusError, TableError
from policy_nlp.exchange.corpus_reading import read_corpus
from policy_nlp.exchange.metadata_table import apply_metadata
from tests.exchange.corpus_folders import MadeDocument, make_corpus_folder

SENTENCE = [("句。", ())]


@pytest.fixture
def corpus(tmp_path: Path, shipped_codebook: Codebook) -> CodedCorpus:
    documents = {
        "a1": MadeDocument(SENTENCE, region="浙江", year=2024, date="2024-03-05", path="浙江/报告.docx"),
        "b2": MadeDocument(SENTENCE, path="江苏/报告.docx", title="江苏省某报告"),
        "c3": MadeDocument(SENTENCE, path="通知.txt", title="关于开展工作的通知"),
    }
    return read_corpus([make_corpus_folder(tmp_path / "coded", shipped_codebook, documents)])


def write_csv(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_in_any_chinese_encoding_fills_in_what_lacks(
    corpus: CodedCorpus, tmp_path: Path, encoding: str
) -> None:
    lines = ("文件名,省份,年份,文种,发文机关", "通知.txt,江苏省,2023年,通知,某厅")
    found = apply_metadata(corpus, write_csv(tmp_path / "m.csv", *lines, encoding=encoding)).documents[2]
    assert (found.metadata.region, found.metadata.year, found.kind) == ("江苏", 2023, "通知")
    assert found.metadata.issuer == "某厅"


def test_excel_dates_and_numbers_are_read(corpus: CodedCorpus, tmp_path: Path) -> None:
    import datetime as dt

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (["document_id", "date"], ["c3", dt.date(2022, 5, 1)], ["b2", dt.date(2021, 1, 2)]):
        sheet.append(row)
    workbook.save(tmp_path / "m.xlsx")
    documents = apply_metadata(corpus, tmp_path / "m.xlsx").documents
    assert [d.metadata.date for d in documents] == ["2024-03-05", "2021-01-02", "2022-05-01"]
    assert [d.metadata.year for d in documents] == [2024, 2021, 2022]


def test_a_document_is_known_by_id_path_end_of_path_title_or_file_name(
    corpus: CodedCorpus, tmp_path: Path
) -> None:
    for column, value, place in (
        ("document_id", "a1", 0),
        ("path", "浙江\\报告.docx", 0),
        ("path", "D:/下载/江苏/报告.docx", 1),
        ("title", "江苏省 某报告", 1),
        ("file", "通知", 2),
    ):
        table = write_csv(tmp_path / "m.csv", f"{column},region", f"{value},西部")
        changed = [d.metadata.region == "西部" for d in apply_metadata(corpus, table).documents]
        assert changed == [i == place for i in range(3)], (column, value)


def test_a_file_name_of_two_documents_is_refused_with_the_row_and_both_paths(
    corpus: CodedCorpus, tmp_path: Path
) -> None:
    table = write_csv(tmp_path / "m.csv", "file,region", "通知.txt,浙江", "报告.docx,浙江")
    with pytest.raises(CorpusError, match=r"row 2 \(报告.docx\).*浙江/报告.docx.*江苏/报告.docx"):
        apply_metadata(corpus, table)


def test_rows_of_no_document_are_named_and_harmless(corpus: CodedCorpus, tmp_path: Path) -> None:
    table = write_csv(tmp_path / "m.csv", "file,region", "没有.txt,浙江", "通知.txt,浙江")
    found = apply_metadata(corpus, table)
    assert any("1 rows name no document of these folders: row 1 (没有.txt)" in note for note in found.notes)
    assert found.documents[2].metadata.region == "浙江"


def test_an_empty_cell_changes_nothing_and_a_dash_takes_away(corpus: CodedCorpus, tmp_path: Path) -> None:
    table = write_csv(tmp_path / "m.csv", "document_id,region,year,kind", "a1,-,,报告")
    found = apply_metadata(corpus, table).documents[0]
    assert (found.metadata.region, found.metadata.year, found.kind) == (None, 2024, "报告")


def test_a_corrected_year_drops_a_date_of_another_year(corpus: CodedCorpus, tmp_path: Path) -> None:
    found = apply_metadata(corpus, write_csv(tmp_path / "m.csv", "document_id,year", "a1,2023")).documents[0]
    assert (found.metadata.year, found.metadata.date) == (2023, None)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("document_id,year", "a1,去年"), "'去年' is no year"),
        (("document_id,date", "a1,三月"), "'三月' is no date"),
        (("document_id,year,date", "a1,2023,2024-01-01"), "the year is 2023 and the date 2024-01-01"),
        (("document_id,region", "a1,浙江", "a1,江苏"), "row 1 speaks of the same document"),
        (("名字,region", "a1,浙江"), "no column names the document"),
        (("document_id,颜色", "a1,红"), "no column holds a property"),
        (("document_id,region,地区", "a1,浙江,江苏"), "both hold the region"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(
    corpus: CodedCorpus, tmp_path: Path, lines: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CorpusError, match=message):
        apply_metadata(corpus, write_csv(tmp_path / "m.csv", *lines))


def test_a_missing_table_is_an_error(corpus: CodedCorpus, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no such file"):
        apply_metadata(corpus, tmp_path / "none.csv")
