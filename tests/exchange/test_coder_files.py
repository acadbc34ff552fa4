from __future__ import annotations

import csv
import gc
import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.errors import GoldError, PolicyNlpError, TableError, UnknownCodeError
from policy_nlp.exchange.coder_files import CoderFile, read_coder_file
from policy_nlp.gold import write_coded_units
from policy_nlp.records import CodedUnit, Coder, Span
from policy_nlp.tables.table import Rows
from policy_nlp.tables.writing import write_table

CODEBOOK = load_codebook(shipped_codebook_path())
IDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=6)


def code_lists(ids: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    chosen = st.sets(st.sampled_from(ids), max_size=3)
    return chosen.map(lambda some: tuple(code_id for code_id in ids if code_id in some))


UNITS = st.lists(
    st.builds(
        CodedUnit,
        unit_id=IDS,
        text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
        initial=code_lists(CODEBOOK.ids("initial")),
        dimensions=code_lists(CODEBOOK.ids("dimensions")),
        paths=code_lists(CODEBOOK.ids("paths")),
        document_id=st.none() | IDS,
        span=st.none() | st.builds(lambda start, n: Span(start, start + n), *[st.integers(0, 99)] * 2),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda unit: unit.unit_id,
)


def write_rows(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def write_csv(path: Path, header: str, rows: Sequence[Sequence[str]], *, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows([header.split(","), *rows])
    return path


def labelled(path: Path, *, with_id: bool = True) -> Path:
    """A table such as `label` writes it."""
    columns = {
        "id": pa.array(["u1", "u2", "u3"]),
        "text": pa.array(["政府设立专项资金。", "会议结束。", ""]),
        "initial": pa.array([["government_support"], [], []], pa.list_(pa.string())),
        "main": pa.array([["innovation_environment"], [], []], pa.list_(pa.string())),
        "dimensions": pa.array([["strategy_led"], [], []], pa.list_(pa.string())),
        "paths": pa.array([["path_5", "path_1"], [], []], pa.list_(pa.string())),
        "status": pa.array(["coded", "uncoded", "empty"]),
    }
    if not with_id:
        del columns["id"]
    batch = pa.RecordBatch.from_pydict(columns)
    write_table(path, Rows(batch.schema, [batch]))
    return path


def units_of(file: CoderFile) -> dict[str, tuple[CodedUnit, ...]]:
    return {coder.coder.coder_id: coder.units for coder in file.coders}


@settings(max_examples=15)  # each reads the codebook anew
@given(units=UNITS, others=UNITS)
def test_json_lines_of_two_coders_are_read_as_they_were_written(
    units: list[CodedUnit], others: list[CodedUnit], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("coders") / "both.jsonl"
    by_coder = {
        name: tuple(replace(unit, coder_id=name) for unit in some)
        for name, some in (("甲", units), ("乙", others))
    }
    write_coded_units(path, [unit for some in by_coder.values() for unit in some])
    assert units_of(read_coder_file(path)) == by_coder


@settings(max_examples=15)  # each reads the codebook anew
@given(units=UNITS)
def test_the_long_form_gives_back_every_unit_and_code(
    units: list[CodedUnit], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("long") / "long.csv"
    rows = []
    for unit in units:
        codes = [*(unit.initial or ()), *(unit.dimensions or ()), *(unit.paths or ())]
        rows += [[unit.unit_id, "甲", code] for code in codes or [""]]
    write_csv(path, "unit,coder,code", rows)
    if not any(row[2] for row in rows):
        with pytest.raises(GoldError, match="no row holds codes"):
            read_coder_file(path)
        return
    (read,) = units_of(read_coder_file(path)).values()
    assert [unit.unit_id for unit in read] == [unit.unit_id for unit in units]
    for unit, found in zip(units, read, strict=True):
        assert (found.initial or (), found.dimensions or (), found.paths or ()) == (
            unit.initial,
            unit.dimensions,
            unit.paths,
        )


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "jsonl", "jsonl.gz"])
def test_outputs_of_label_are_the_model_whatever_their_format(tmp_path: Path, ending: str) -> None:
    path = labelled(tmp_path / f"out.{ending}")
    (coder,) = read_coder_file(path).coders
    assert coder.coder == Coder("out", is_model=True, source=path.name)
    assert [(u.unit_id, u.initial, u.dimensions, u.paths) for u in coder.units] == [
        ("u1", ("government_support",), ("strategy_led",), ("path_1", "path_5")),
        ("u2", (), (), ()),
    ]
    assert coder.notes == ("1 rows of status 'empty' were not coded and count as not given",)


def test_the_manifest_beside_an_output_of_label_names_the_model_and_its_codebook(tmp_path: Path) -> None:
    path = labelled(tmp_path / "out.csv")
    manifest = {"command": "label", "model": "policy-zh", "run": {"codebook_sha256": CODEBOOK.digest}}
    manifest_path = path.with_name("out.csv.manifest.json")
    manifest_path.write_text(json.dumps(manifest), encoding="utf-8")
    assert read_coder_file(path).coders[0].coder.coder_id == "policy-zh"
    manifest["run"] = {"codebook_sha256": "f" * 64}
    manifest_path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(PolicyNlpError, match="made with another codebook"):
        read_coder_file(path)


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_rows_without_ids_are_named_by_their_number_and_a_note_says_so(tmp_path: Path, ending: str) -> None:
    file = read_coder_file(labelled(tmp_path / f"out.{ending}", with_id=False))
    assert [unit.unit_id for unit in file.coders[0].units] == ["row 1", "row 2"]
    assert "the rows have no `id`" in file.notes[0]


def test_spans_and_documents_of_the_long_form_are_kept(tmp_path: Path) -> None:
    rows = [
        ["1", "甲", "path_1", "d", "3", "9"],
        ["1", "乙", "", "d", "3", "9"],
        ["2", "甲", "", "d", "9", "12"],
    ]
    file = read_coder_file(write_csv(tmp_path / "a.csv", "unit,coder,code,document,start,end", rows))
    first = units_of(file)["甲"][0]
    assert (first.document_id, first.span) == ("d", Span(3, 9))
    assert [document.document_id for document in file.documents] == ["d[3:9)", "d[9:12)"]
    assert file.coders[1].notes[-1] == "1 of the file's 2 units were not given to this coder"


def test_codings_of_spans_need_no_unit_ids(tmp_path: Path) -> None:
    rows = [["d", "0", "5", "甲", "path_1"], ["d", "3", "9", "乙", "path_1"], ["d", "0", "5", "甲", "path_2"]]
    file = read_coder_file(write_csv(tmp_path / "a.csv", "document,start,end,coder,code", rows))
    assert [(u.unit_id, u.paths) for u in units_of(file)["甲"]] == [("d[0:5)", ("path_1", "path_2"))]
    assert (file.documents[0].document_id, file.documents[0].length) == ("d", 9)
    lines = [{"doc_id": "d", "start": 0, "end": 5, "paths": ["path_1"]}]
    assert read_coder_file(write_rows(tmp_path / "b.jsonl", *lines)).coders[0].units[0].unit_id == "d[0:5)"


def test_a_chinese_windows_file_is_read_and_its_encoding_noted(tmp_path: Path) -> None:
    rows = [[f"第{i}句", "王芳", "path_1"] for i in range(30)]
    file = read_coder_file(write_csv(tmp_path / "a.csv", "unit,coder,code", rows, encoding="gb18030"))
    assert units_of(file)["王芳"][0].unit_id == "第0句"
    assert "read as gb18030" in file.notes[0]


def test_a_packed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "甲.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "1", "initial": []}\n'))
    assert units_of(read_coder_file(path)).keys() == {"甲"}


def test_empty_cells_of_a_hand_made_table_count_as_seen_and_a_note_says_so(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "甲.csv", "id,initial", [["1", "government_support"], ["2", ""]])
    file = read_coder_file(path)
    assert [unit.initial for unit in file.coders[0].units] == [("government_support",), ()]
    assert file.coders[0].units[0].paths is None
    assert file.notes[0].startswith("1 rows have no codes: read as looked at, nothing applies")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", '{"id": "1", "initial": []}\n{"id": \n', r"a.jsonl:2: not JSON"),
        ("a.jsonl", "\n", "there is no row"),
        ("a.jsonl", '{"id": "1", "initial": [], "start": 3}\n', r"a.jsonl:1: `start` is 3"),
        ("a.jsonl", '{"id": "1", "甲": {"initial": "x"}}\n', r"a.jsonl:1: `initial` is 'x'"),
        ("a.csv", "unit,coder,code\n1,甲,path_1\n,甲,path_1\n", r"a.csv: row 3: the `unit` cell is empty"),
        ("a.csv", "unit,coder,code\n1,甲,path_9\n", r"a.csv: row 2: code 'path_9'.*nearest"),
        ("a.csv", "unit,coder,code\n1,甲,demand_pull\n", r"a.csv: row 2: 'demand_pull' is of level 'main'"),
        ("a.csv", "unit,coder,code,start,end\n1,甲,path_1,9,3\n", r"a.csv: row 2: `start` is 9"),
        ("a.csv", "unit,coder,code,start,end\n1,a,,x,3\n", r"a.csv: row 2: `start` is 'x'"),
        (
            "a.csv",
            "unit,coder,code,doc_id\n1,甲,path_1,d\n1,甲,path_2,e\n",
            r"a.csv: row 3: unit '1' is at another place than on line 2",
        ),
        ("a.csv", "name,code\n1,path_1\n", r"a.csv: row 1: no column `unit`.*document,start,end"),
        ("a.csv", "a,b\n1,2\n", "no row holds codes"),
        ("a.csv", "id,initial\n1,path_1\n", r"a.csv: row 2: `initial` holds 'path_1'"),
        ("a.csv", "sentence_id,code_id,document_path,code_name,main_name\n1,2,3,4,5\n", "Give the folder"),
        ("a.docx", "PK", "found plain text"),
        (
            "a.csv",
            'unit_id,"句子\nSentence to code",状态\n1,二,\n',
            "a coding sheet without its hidden pages",
        ),
        ("a.csv", "编码说明 How to code\n编码员 Coder\n", "Save the whole workbook as .xlsx"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises((GoldError, UnknownCodeError, TableError), match=message):
        read_coder_file(path)


def test_a_path_to_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="no such file"):
        read_coder_file(tmp_path / "none.jsonl")


@settings(max_examples=15)  # each reads the codebook anew
@given(content=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_by_our_own_error(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in ("any.jsonl", "any.csv", "any.xlsx", "any.parquet", "any.qdpx"):
        path = tmp_path_factory.mktemp("any") / name
        path.write_bytes(content)
        try:
            read_coder_file(path)
        except PolicyNlpError as err:
            assert err.message  # noqa: PT017 either outcome is right


def test_the_collector_runs_again_after_reading_and_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoldError):
        read_coder_file(write_rows(tmp_path / "a.jsonl", {"id": "1"}))
    assert gc.isenabled()
