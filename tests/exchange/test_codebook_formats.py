"""A codebook comes back from every format as it was, and what a format cannot hold is said."""

from __future__ import annotations

import csv
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from policy_nlp.codebook import Code, Codebook, OtherField, load_codebook, shipped_codebook_path
from policy_nlp.errors import CodebookError, ExchangeError, PolicyNlpError
from policy_nlp.exchange.codebook_formats import read_codebook_file, write_codebook_file
from policy_nlp.exchange.refi_qda.codebook_codes import codes_of_codebook
from policy_nlp.exchange.refi_qda.project import QdaProject
from policy_nlp.exchange.refi_qda.writing import write_project
from tests.exchange.codebooks import PITFALLS, codebooks, with_initial, without_lines
from tests.exchange.refi_qda.schemas import validate_codebook

ENDINGS = (".yaml", ".qdc", ".csv", ".xlsx")


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(codebook=codebooks())
def test_any_codebook_comes_back_equal(ending: str, codebook: Codebook) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"codebook{ending}"
        assert write_codebook_file(path, codebook) == ()
        if ending == ".qdc":
            validate_codebook(path.read_bytes())
        read = read_codebook_file(path).codebook
    assert without_lines(read) == without_lines(codebook)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_pitfall_comes_back_from_every_field(ending: str, tmp_path: Path) -> None:
    written = with_initial(*PITFALLS)
    path = tmp_path / f"codebook{ending}"
    assert write_codebook_file(path, written) == ()
    assert without_lines(read_codebook_file(path).codebook) == without_lines(written)


def test_the_shipped_codebook_goes_through_every_format_and_is_the_same(tmp_path: Path) -> None:
    shipped = at_hand = load_codebook(shipped_codebook_path())
    for ending in (".qdc", ".csv", ".xlsx", ".yaml"):
        path = tmp_path / f"codebook{ending}"
        assert write_codebook_file(path, at_hand) == ()
        read = read_codebook_file(path)
        assert read.losses == ()
        at_hand = read.codebook
    assert without_lines(at_hand) == without_lines(shipped)
    assert at_hand == load_codebook(path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_says_which_names_are_reconstructed(ending: str, tmp_path: Path) -> None:
    shipped = load_codebook(shipped_codebook_path())
    path = tmp_path / f"codebook{ending}"
    write_codebook_file(path, shipped)
    read = read_codebook_file(path).codebook
    assert read.status == shipped.status
    assert sum(code.evidence_status == "reconstructed" for code in read.initial) == 16


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_codebook_gives_the_same_bytes(
    ending: str, tmp_path: Path, shipped_codebook: Codebook
) -> None:
    for name in ("a", "b"):
        write_codebook_file(tmp_path / f"{name}{ending}", shipped_codebook)
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


def test_the_shipped_qdc_is_valid_bare_xml_without_a_mark(tmp_path: Path, shipped_codebook: Codebook) -> None:
    path = tmp_path / "codebook.qdc"
    write_codebook_file(path, shipped_codebook)
    content = path.read_bytes()
    validate_codebook(content)
    assert content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<CodeBook')
    assert b"\r" not in content


def test_the_csv_begins_with_the_four_columns_and_a_mark_for_excel(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    path = tmp_path / "codebook.csv"
    write_codebook_file(path, shipped_codebook)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,parent,name,definition,")


def test_no_cell_of_a_written_table_begins_a_formula(tmp_path: Path) -> None:
    written = with_initial("=1+1", "@x", "+a", "-b", "\t=1")
    for ending in (".csv", ".xlsx"):
        write_codebook_file(tmp_path / f"codebook{ending}", written)
    with (tmp_path / "codebook.csv").open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "@", "+", "-"))]
    sheet = openpyxl.load_workbook(tmp_path / "codebook.xlsx").active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_a_text_that_is_longer_than_a_cell_is_told(tmp_path: Path) -> None:
    path = tmp_path / "codebook.xlsx"
    losses = write_codebook_file(path, with_initial("字" * 32_768))
    assert any("32,767" in loss and "definition of c0" in loss for loss in losses)
    assert write_codebook_file(tmp_path / "codebook.csv", with_initial("字" * 32_768)) == ()


@pytest.mark.parametrize("ending", [".qdc", ".xlsx"])
def test_control_characters_that_xml_cannot_hold_are_told(ending: str, tmp_path: Path) -> None:
    losses = write_codebook_file(tmp_path / f"codebook{ending}", with_initial("a\x01b"))
    assert any("control characters" in loss and "c0" in loss for loss in losses)


@pytest.mark.parametrize("ending", [".qdc", ".csv"])
def test_a_field_whose_name_means_something_else_is_told(ending: str, tmp_path: Path) -> None:
    codebook = with_initial("x")
    code = replace(codebook.initial[0], others=(OtherField("name", "y"), OtherField("a b", "z")))
    losses = write_codebook_file(tmp_path / f"codebook{ending}", replace(codebook, initial=(code,)))
    assert losses == (
        "fields with names that mean something else or cannot be told: 'name' of c0, 'a b' of c0",
    )


def test_what_a_yaml_file_says_beside_its_codes_is_told_as_not_carried() -> None:
    (loss,) = read_codebook_file(shipped_codebook_path()).losses
    assert "rules.precedence" in loss
    assert "rules.meta.paper" in loss
    assert "rules.meta.status" not in loss


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "codebook.yaml"
    path.write_text("old", encoding="utf-8")
    broken = with_initial("x")
    broken = replace(broken, initial=(replace(broken.initial[0], name_zh=" "),))
    with pytest.raises(CodebookError, match="'name_zh' is empty"):
        write_codebook_file(path, broken)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


WRONG = {
    "a.docx": (b"x", "no codebook is read from files that end in '.docx'"),
    "a.yaml": (b"<?xml version='1.0'?><CodeBook/>", "Rename it to .qdc"),
    "a.csv": (b"\xef\xbb\xbf<CodeBook/>", "Rename it to .qdc"),
    "a.qdc": (b"PK\x03\x04", "is a zip archive"),
    "b.qdc": (b"<html/>", "found the XML of 'html', expected a CodeBook"),
    "c.qdc": (b"", "damaged XML"),
    "d.qdc": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><CodeBook/>',
        "document type declaration",
    ),
    "e.qdc": (b"<CodeBook><Codes/></CodeBook>", "no code that can be an initial category"),
    "b.csv": (b"", "the table is empty"),
    "a.txt": (b"\n", "the file is empty"),
    "a.qdpx": (b"PK\x03\x04", "damaged zip"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_told_with_its_path_and_the_mend(name: str, tmp_path: Path) -> None:
    content, said = WRONG[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(PolicyNlpError) as caught:
        read_codebook_file(path)
    assert caught.value.message.startswith(str(path))
    assert said in caught.value.message


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name, said in (("none.csv", "is missing"), ("folder.csv", "is folder")):
        with pytest.raises(CodebookError, match=said):
            read_codebook_file(tmp_path / name)


def test_a_file_of_100_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(100 << 20)
    with pytest.raises(CodebookError, match="100 MB, codebooks of at most 32 MB"):
        read_codebook_file(path)


def test_a_workbook_that_unpacks_to_hundreds_of_times_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/a.xml", "w") as stream:
        for _ in range(64):
            stream.write(bytes(1 << 20))
    with pytest.raises(ExchangeError, match="as a zip bomb does"):
        read_codebook_file(path)


def test_an_ending_that_is_not_written_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match=r"Endings that are: \.yaml"):
        write_codebook_file(tmp_path / "deep" / "a.docx", with_initial("x"))
    assert not list(tmp_path.iterdir())


def test_a_code_nested_a_thousand_deep_is_read_from_xml(tmp_path: Path) -> None:
    path = tmp_path / "deep.qdc"
    opening = (
        f'<Code guid="{n:08x}-0000-0000-0000-000000000001" name="n{n}" isCodable="true">' for n in range(1000)
    )
    codes = "".join(opening) + "</Code>" * 1000
    path.write_text(f"<CodeBook><Codes>{codes}</Codes></CodeBook>", encoding="utf-8")
    codebook = read_codebook_file(path).codebook
    assert (len(codebook.main), len(codebook.initial), len(codebook.concepts)) == (1, 1, 998)


def test_two_codes_of_one_guid_are_told(tmp_path: Path) -> None:
    path = tmp_path / "twice.qdc"
    one = '<Code guid="00000001-0000-0000-0000-000000000001" name="{}" isCodable="true"/>'
    path.write_text(
        f"<CodeBook><Codes>{one.format('甲')}{one.format('乙')}</Codes></CodeBook>", encoding="utf-8"
    )
    with pytest.raises(ExchangeError, match="stands for two codes, '甲' and '乙'"):
        read_codebook_file(path)


@pytest.mark.slow
def test_ten_thousand_codes_go_through_every_format(tmp_path: Path) -> None:
    codes = [Code(f"c{n}", "initial", f"名{n}", "", "main", f"定义{n}") for n in range(10_000)]
    written = replace(with_initial("x"), initial=tuple(codes))
    for ending in ENDINGS:
        path = tmp_path / f"codebook{ending}"
        assert write_codebook_file(path, written) == ()
        assert without_lines(read_codebook_file(path).codebook) == without_lines(written)


def test_the_codes_of_a_project_that_we_wrote_are_the_codebook(
    tmp_path: Path, shipped_codebook: Codebook
) -> None:
    path = tmp_path / "project.qdpx"
    codes = codes_of_codebook(shipped_codebook)
    write_project(path, QdaProject("项目", (), codes, (), (), description="说明"))
    read = read_codebook_file(path)
    expected = replace(shipped_codebook, name="项目", status="")
    assert without_lines(read.codebook) == without_lines(expected)
    assert read.losses == ("not part of a codebook: 0 sources, 0 codings, the description of the project",)
