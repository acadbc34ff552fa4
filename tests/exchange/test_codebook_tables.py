"""Tables of codes as people and other programs write them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from policy_nlp.codebook import Codebook
from policy_nlp.errors import CodebookError
from policy_nlp.exchange.codebook_formats import ReadCodebook, read_codebook_file


def read(folder: Path, text: str, *, name: str = "手册.csv", encoding: str = "utf-8") -> ReadCodebook:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read_codebook_file(path)


def tree(codebook: Codebook) -> list[str]:
    """`name < parent` of every code below the main categories."""
    return [
        f"{c.name_zh} < {codebook.find(c.parent_id or '').name_zh}"
        for c in (*codebook.initial, *codebook.concepts)
    ]


FOUR = "id,parent,name,definition\nenv,,环境,外部条件\ngov,env,政府,政府的作为\ntax,gov,税收,税收的优惠\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_four_columns_are_enough_in_any_encoding_of_excel(encoding: str, tmp_path: Path) -> None:
    codebook = read(tmp_path, FOUR.replace("\n", "\r\n"), encoding=encoding).codebook
    assert tree(codebook) == ["政府 < 环境", "税收 < 政府"]
    assert codebook.find("gov").definition == "政府的作为"
    assert codebook.name == "手册"


def test_chinese_heads_and_levels_are_read(tmp_path: Path) -> None:
    text = "编号,上级,名称,定义,层级\ne,,环境,甲,主范畴\ng,e,政府,乙,初始范畴\nd,,战略引领,丙,维度\n"
    codebook = read(tmp_path, text).codebook
    assert (codebook.ids("main"), codebook.ids("initial"), codebook.ids("dimensions")) == (
        ("e",),
        ("g",),
        ("d",),
    )


def test_a_parent_may_be_told_by_its_name(tmp_path: Path) -> None:
    assert tree(read(tmp_path, FOUR.replace("gov,env", "gov,环境")).codebook) == [
        "政府 < 环境",
        "税收 < 政府",
    ]


def test_a_table_without_ids_gets_ids_from_names(tmp_path: Path) -> None:
    codebook = read(tmp_path, "parent,name,definition\n,环境,甲\n环境,政府,乙\n").codebook
    assert (codebook.ids("main"), codebook.ids("initial")) == (("环境",), ("政府",))


def test_the_table_of_taguette_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, "tag,description,number of highlights\n政府,政府的作为,3\n市场,,0\n")
    assert tree(found.codebook) == ["政府 < 手册", "市场 < 手册"]
    assert "columns that are not read: number of highlights" in found.losses


@pytest.mark.parametrize("mark", [">>", "::", " > ", "\\", "/"])
def test_a_column_of_paths_is_a_tree(mark: str, tmp_path: Path) -> None:
    text = f"path,description\n环境{mark}政府{mark}税收,甲\n环境{mark}市场,乙\n环境,丙\n"
    codebook = read(tmp_path, text).codebook
    assert tree(codebook) == ["政府 < 环境", "市场 < 环境", "税收 < 政府"]
    assert codebook.main[0].definition == "丙"


def test_the_text_form_of_qualcoder_is_read(tmp_path: Path) -> None:
    text = "环境>>政府\t政府的作为\r\n环境>>市场\r\n\r\n环境>>政府>>税收\t税收的优惠\r\n"
    codebook = read(tmp_path, text, name="codes.txt").codebook
    assert tree(codebook) == ["政府 < 环境", "市场 < 环境", "税收 < 政府"]
    assert codebook.find("税收").definition == "税收的优惠"


def test_a_slash_in_a_name_is_no_path(tmp_path: Path) -> None:
    codebook = read(tmp_path, "tag,description\n产学研/合作,甲\n").codebook
    assert codebook.initial[0].name_zh == "产学研/合作"


def test_numbers_that_excel_made_of_ids_and_names_are_texts(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (("id", "parent", "name", "definition"), (1, None, 2024, "年"), (2, 1, "甲", 3.5)):
        sheet.append(row)
    workbook.save(tmp_path / "a.xlsx")
    codebook = read_codebook_file(tmp_path / "a.xlsx").codebook
    assert [(c.code_id, c.name_zh) for c in codebook.main] == [("1", "2024")]
    assert [(c.code_id, c.parent_id, c.definition) for c in codebook.initial] == [("2", "1", "3.5")]


def test_own_columns_are_kept_as_fields(tmp_path: Path) -> None:
    codebook = read(tmp_path, "id,name,definition,备注\na,甲,乙,核对过\n").codebook
    assert [(other.key, other.value) for other in codebook.initial[0].others] == [("备注", "核对过")]


def test_own_columns_are_told_where_people_wrote_the_table(tmp_path: Path) -> None:
    found = read(tmp_path, "name,parent,上一层\n环境,,\n政府,环境,环境\n")
    assert "columns whose names mean nothing here, kept as texts of the codes: 上一层" in found.losses


@pytest.mark.parametrize("head", ["上级编码", "上级代码", "所属范畴", "父节点", "parent_name"])
def test_parents_are_found_under_the_names_that_people_give_the_column(head: str, tmp_path: Path) -> None:
    codebook = read(tmp_path, f"名称,{head},说明\n环境,,甲\n政府,环境,乙\n").codebook
    assert (codebook.ids("main"), codebook.ids("initial")) == (("环境",), ("政府",))


def test_an_excluded_code_that_is_not_there_is_left_out_and_told(tmp_path: Path) -> None:
    found = read(tmp_path, "id,name,definition,exclude\na,甲,乙,只有名词 -> nobody\n")
    assert found.codebook.find("a").exclude == ()
    assert "1 references to codes that are not there are left out: exclude 'nobody' of a" in found.losses


BROKEN = {
    "circle": ("id,parent,name\na,b,甲\nb,a,乙\n", "row 2: parents go in a circle"),
    "same id": ("id,name\na,甲\na,乙\n", "row 3: id 'a' is here a second time (first in row 2)"),
    "formula as id": ("id,name\n=1+1,甲\n", "row 2: found the id '=1+1'"),
    "no id": ("id,name\n,甲\n", "row 2: found no id"),
    "level": ("id,name,level\na,甲,mian\n", "row 2: the level 'mian' is none of main, initial"),
    "parent": (
        "id,parent,name\nabc,,甲\nb,abd,乙\n",
        "row 3: the parent 'abd' is no code of this file; the nearest",
    ),
    "no names": ("a,b\n1,2\n", "no column holds the names of the codes"),
    "head only": ("id,name\n", "the table has no rows"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_row_is_told_with_its_place(case: str, tmp_path: Path) -> None:
    text, said = BROKEN[case]
    with pytest.raises(CodebookError) as caught:
        read(tmp_path, text)
    assert caught.value.message.startswith(f"{tmp_path / '手册.csv'}: ")
    assert said in caught.value.message
