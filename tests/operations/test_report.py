"""The report of a result folder: the page that `code` wrote, figures whose numbers are those of the page."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest

from policy_nlp.errors import ExchangeError, OutputError
from policy_nlp.exchange.result_folder import REPORT
from policy_nlp.operations.code import code_documents
from policy_nlp.operations.report import FIGURES, write_report
from policy_nlp.settings.commands import CodeSettings
from policy_nlp.settings.report import ReportSettings

TEXTS = {
    "甲.txt": "推进基础研究与原始创新。\n政府支持重大科技项目，加快成果转化。今天天气好。",
    "乙.txt": "领军企业牵头组建创新联合体。\n市场竞争与行业集中度优化升级。",
}


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory, tiny_model_path: Path) -> Path:
    root = tmp_path_factory.mktemp("report")
    (root / "in").mkdir()
    for name, text in TEXTS.items():
        (root / "in" / name).write_text(text, encoding="utf-8")
    return code_documents(CodeSettings((root / "in",), root / "out", model=str(tiny_model_path))).out


@pytest.fixture
def folder(coded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(coded, tmp_path / "out"))


def no_numbers(folder: Path, table: object) -> Path:
    return folder


def no_figures(folder: Path, charts: Sequence[object]) -> tuple[Path, ...]:
    return ()


@pytest.fixture
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy_nlp.reports.charts.files.write_figures", no_figures)
    monkeypatch.setattr("policy_nlp.reports.charts.files.write_numbers", no_numbers)


@pytest.mark.usefixtures("without_figures")
def test_the_page_of_code_comes_out_the_same_again(folder: Path) -> None:
    before = (folder / REPORT).read_bytes()
    (folder / REPORT).unlink()
    result = write_report(ReportSettings(folder))
    assert result.out.read_bytes() == before
    assert (result.n_documents, result.n_shown_in_part) == (2, 0)


@pytest.mark.usefixtures("without_figures")
def test_the_page_holds_every_text(folder: Path) -> None:
    tree = lxml.html.document_fromstring((folder / REPORT).read_text(encoding="utf-8"))
    shown = "".join(tree.xpath("//div[@class='coded']//text()")).replace("\n", "")
    for text in TEXTS.values():
        assert text.replace("\n", "") in shown


@pytest.mark.slow
def test_every_figure_of_the_page_is_a_file_with_its_numbers(folder: Path) -> None:
    result = write_report(ReportSettings(folder))
    page = lxml.html.document_fromstring(result.out.read_text(encoding="utf-8"))
    ids = [figure.get("id") for figure in page.iter("figure")]
    assert {path.name for path in result.figures} == {
        "frequencies.csv", *(f"{name}.{ending}" for name in ids for ending in ("csv", "png", "svg"))
    }  # fmt: skip
    for name in ids:
        if not name.startswith("pairs-"):
            continue
        with (folder / FIGURES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            values = [float(row["value"]) for row in csv.DictReader(stream)]
        cells = page.get_element_by_id(name).xpath(".//tbody//td")
        assert [float(cell.text_content().strip()) for cell in cells] == values
    with (folder / FIGURES / "frequencies.csv").open(encoding="utf-8-sig", newline="") as stream:
        counts = [f"{int(row['n_sentences']):,}" for row in csv.DictReader(stream)]
    tables = page.xpath("//section[@id='frequencies']//div[@class='table']//tbody/tr")
    assert [row.xpath("td[not(@class)]")[0].text_content() for row in tables] == counts
    name = "frequencies-initial"
    with (folder / FIGURES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        shares = [f"{float(row['value']):.1%}" for row in csv.DictReader(stream)]
    cells = page.get_element_by_id(name).xpath(".//td[contains(@class, 'value')]")
    assert [re.match(r"[\d.]+%", cell.text_content().strip())[0] for cell in cells] == shares  # type: ignore[index]


@pytest.mark.usefixtures("without_figures")
def test_a_place_that_is_named_is_not_overwritten_without_force(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.html"
    out.write_text("mine", encoding="utf-8")
    settings = ReportSettings(folder, out)
    with pytest.raises(OutputError, match="is there already"):
        write_report(settings)
    assert out.read_text(encoding="utf-8") == "mine"
    write_report(replace(settings, is_forced=True))
    assert out.read_bytes() == (folder / REPORT).read_bytes()


def test_a_report_of_another_ending_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"one \.html file"):
        write_report(ReportSettings(folder, tmp_path / "a.docx"))


def test_a_folder_without_a_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="no finished result folder"):
        write_report(ReportSettings(tmp_path))
