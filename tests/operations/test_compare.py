"""`compare` from folders to files."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from policy_nlp.analysis.comparison import Comparison
from policy_nlp.codebook import Codebook
from policy_nlp.errors import CorpusError, OutputError
from policy_nlp.operations import compare_output
from policy_nlp.operations.compare import compare
from policy_nlp.settings.compare import CompareSettings
from tests.exchange.corpus_folders import MadeDocument, make_corpus_folder

SUPPORT, MARKET = "government_support", "market_competition"


def sentences(n: int, n_support: int, place: str) -> list[tuple[str, tuple[str, ...]]]:
    """Sentences of a document, its last one hostile."""
    made = [
        (f"{place}支持企业建设第{number}个创新平台。", (SUPPORT,) if number < n_support else ())
        for number in range(n - 1)
    ]
    return [*made, ("<script>alert(1)</script>=1+1。", (MARKET,))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shipped_codebook: Codebook) -> Path:
    documents = {
        f"{region}{number}": MadeDocument(
            sentences(40, n_support, f"{region}{number}"), region=region, year=2020 + number,
            title=f"=1+1<b>{region}省</b>第{number}号意见",
        )
        for region, shares in (("浙江", (20, 24, 18)), ("江苏", (3, 1, 4)))
        for number, n_support in enumerate(shares)
    }  # fmt: skip
    documents["无"] = MadeDocument(sentences(40, 9, "某地"), title="没有地区<img src=x>")
    return make_corpus_folder(tmp_path_factory.mktemp("compare") / "coded", shipped_codebook, documents)


@dataclass(frozen=True)
class Written:
    """A comparison and the folder it was written to, pictures and all."""

    result: Comparison
    out: Path


@pytest.fixture(scope="module")
def written(folder: Path) -> Written:
    settings = CompareSettings((folder,), "region", folder.with_name("out"), n_draws=199)
    return Written(compare(settings), settings.out)


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch, written: Written) -> None:
    """Pictures are drawn once, by `written`: they take seconds."""
    monkeypatch.setattr(compare_output, "write_figures", lambda folder, charts: ())


@pytest.fixture
def settings(folder: Path, tmp_path: Path) -> CompareSettings:
    return CompareSettings((folder,), "region", tmp_path / "out", n_draws=199)


def test_the_folder_holds_page_workbook_documents_numbers_and_figures(written: Written) -> None:
    names = sorted(path.name for path in written.out.iterdir())
    assert names == ["compare.html", "compare.json", "compare.xlsx", "documents.csv", "figures"]
    assert (written.out / "figures" / "heat-main.png").read_bytes()[:4] == b"\x89PNG"
    assert (written.out / "figures" / "map-main-any.svg").is_file()


def test_page_workbook_figure_and_json_give_the_same_share(written: Written) -> None:
    result = written.result
    main = result.levels[0].shares
    column = main.code_ids.index(str(result.corpus.codebook.find(SUPPORT).parent_id))
    group = next(one for one in main.groups if one.name == "浙江")
    share = group.codes[column].share
    assert share.value == pytest.approx(65 / 120)  # 20 + 24 + 18, and the last sentence of each document
    content = json.loads((written.out / "compare.json").read_text(encoding="utf-8"))
    told = next(one for one in content["levels"]["main"]["groups"] if one["name"] == "浙江")
    assert told["codes"][main.code_ids[column]]["share"] == pytest.approx(share.value, abs=1e-6)
    with (written.out / "figures" / "heat-main.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert any(cell and _is_close(cell, share.value) for cell in cells)
    sheet = load_workbook(written.out / "compare.xlsx")["占比"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    own = next(row for row in rows if row[:2] == ["主范畴", "浙江"] and row[3] == main.code_ids[column])
    assert own[7] == pytest.approx(share.value)
    assert f"{share.value:.1%}" in (written.out / "compare.html").read_text(encoding="utf-8")


def _is_close(cell: str, value: float) -> bool:
    try:
        return math.isclose(float(cell), value, rel_tol=1e-6)
    except ValueError:
        return False


def test_what_documents_say_stays_text_on_the_page(written: Written) -> None:
    page = (written.out / "compare.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img src=x>" not in page
    assert "没有地区&lt;img" in page
    assert "Content-Security-Policy" in page
    assert not re.search(r"""(src|href)=["'](?!#|data:)""", page)


def test_the_page_says_which_model_what_is_reconstructed_and_who_was_left_out(written: Written) -> None:
    page = (written.out / "compare.html").read_text(encoding="utf-8")
    for words in ("policy-zh", "不是人工编码", "均为重建", "1 份文件没有地区", "种子 0", "SHA-256"):
        assert words in page


def test_documents_csv_can_be_corrected_and_given_back(settings: CompareSettings) -> None:
    compare(settings)
    path = settings.out / "documents.csv"
    text = path.read_text(encoding="utf-8-sig")
    table = path.with_name("mine.csv")
    rows = list(csv.reader(text.splitlines()))
    region = rows[0].index("region")
    for row in rows[1:]:
        row[region] = row[region] or "上海市"
    with table.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(rows)
    again = compare(replace(settings, out=settings.out.with_name("second"), metadata_path=table))
    assert again.grouping.names == ("上海", "江苏", "浙江")
    assert again.grouping.left_out == ()
    assert {one.role for one in again.sources} == {"结果文件夹", "元数据表"}


def test_gold_stands_beside_the_uncorrected_shares(settings: CompareSettings, folder: Path) -> None:
    rows = [
        {"id": f"{region}{number}-{place:05d}", "text": "", "initial": [SUPPORT] if place < 20 else []}
        for region in ("浙江", "江苏")
        for number in range(3)
        for place in range(0, 39, 2)
    ]
    gold = folder.with_name("gold.jsonl")
    gold.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    result = compare(replace(settings, gold_path=gold))
    correction = result.levels[0].correction
    assert correction is not None
    assert correction.whole is not None
    page = (settings.out / "compare.html").read_text(encoding="utf-8")
    assert "按金标准校正" in page
    assert "已校正" in page


def test_output_that_is_there_stays_unless_it_is_forced(settings: CompareSettings) -> None:
    compare(settings)
    before = (settings.out / "compare.html").read_bytes()
    with pytest.raises(OutputError, match="--force"):
        compare(settings)
    assert (settings.out / "compare.html").read_bytes() == before
    compare(replace(settings, is_forced=True))


@pytest.mark.parametrize("name", ["one.html", "one.xlsx"])
def test_one_file_may_be_asked_for(settings: CompareSettings, name: str) -> None:
    out = settings.out.with_name(name)
    compare(replace(settings, out=out))
    assert out.is_file()
    assert not settings.out.exists()


def test_an_input_folder_and_unknown_endings_are_no_output(settings: CompareSettings, folder: Path) -> None:
    with pytest.raises(OutputError, match="folders compared"):
        compare(replace(settings, out=folder))
    with pytest.raises(OutputError, match=r"\.html or \.xlsx"):
        compare(replace(settings, out=settings.out.with_name("one.pdf")))


def test_nothing_is_written_where_there_is_nothing_to_compare(settings: CompareSettings) -> None:
    with pytest.raises(CorpusError, match="--by issuer"):
        compare(replace(settings, by="issuer"))
    assert not settings.out.exists()


def test_the_same_seed_gives_the_same_numbers(settings: CompareSettings) -> None:
    out = settings.out.with_name("second")
    for one in (settings, replace(settings, out=out)):
        compare(one)
    first, second = (
        json.loads((path / "compare.json").read_text(encoding="utf-8")) for path in (settings.out, out)
    )
    assert first["levels"] == second["levels"]
