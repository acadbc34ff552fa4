import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_nlp.errors import TableError
from policy_nlp.tables.json_lines import open_json_lines
from policy_nlp.tables.writing import write_table
from tests.tables.examples import read_whole, rows_of


def write_lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def column(path: Path, name: str = "x") -> tuple[pa.DataType, list[object]]:
    table = read_whole(path)
    return table.schema.field(name).type, table.column(name).to_pylist()


def test_a_field_that_begins_in_a_late_row_is_a_column(tmp_path: Path) -> None:
    rows = [{"text": "a"}] * 5000 + [{"text": "b", "x": 5}]
    assert column(write_lines(tmp_path / "a.jsonl", *rows)) == (pa.int64(), [None] * 5000 + [5])


@pytest.mark.parametrize(
    ("values", "kind", "kept"),
    [
        ([1, 2**62], pa.int64(), [1, 2**62]),
        ([1, 2.5], pa.float64(), [1.0, 2.5]),
        ([2**62, 2.5], pa.string(), [str(2**62), "2.5"]),
        ([2**70, 1], pa.string(), [str(2**70), "1"]),
        ([True, None], pa.bool_(), [True, None]),
        ([True, 1], pa.string(), ["true", "1"]),
        ([1, "a"], pa.string(), ["1", "a"]),
        ([None, None], pa.string(), [None, None]),
        ([["a"], []], pa.list_(pa.string()), [["a"], []]),
        ([[1], None], pa.list_(pa.int64()), [[1], None]),
        ([{"a": [1]}, None], pa.string(), ['{"a": [1]}', None]),
        ([["a"], "b"], pa.string(), ['["a"]', '"b"']),
        ([[["a"]], [{}]], pa.string(), ['[["a"]]', "[{}]"]),
    ],
)
def test_a_column_gets_the_type_that_keeps_all_its_values(
    tmp_path: Path, values: list[object], kind: pa.DataType, kept: list[object]
) -> None:
    path = write_lines(tmp_path / "a.jsonl", *({"x": value} for value in values))
    assert column(path) == (kind, kept)


def test_a_bad_line_is_named_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a"}\n\n{"text": \n', encoding="utf-8")
    with pytest.raises(TableError, match=r"a\.jsonl:3: this is no JSON"):
        open_json_lines(path)


def test_a_line_that_is_no_object_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="found a JSON list"):
        open_json_lines(write_lines(tmp_path / "a.jsonl", ["a"]))


def test_half_a_surrogate_pair_does_not_stop_the_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"x": "a\\ud83d"}\n{"x": "\\ud83d\\ude00"}\n', encoding="utf-8")
    assert column(path)[1] == ["a\ufffd", "😀"]


def test_line_separators_inside_a_string_do_not_end_the_row(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"x": "a\u2028b\x85c"}\r\n', encoding="utf-8")
    assert column(path)[1] == ["a\u2028b\x85c"]


def test_gb18030_lines_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = json.dumps({"x": "支持科技型中小企业开展关键技术攻关，建设创新平台。"}, ensure_ascii=False)
    path.write_bytes((line + "\n").encode("gb18030"))
    assert column(path)[1] == ["支持科技型中小企业开展关键技术攻关，建设创新平台。"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@settings(deadline=None)
@given(st.lists(st.text(), max_size=5), json_values)
def test_strings_and_nested_values_come_back_from_jsonl_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], value: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.jsonl"
    texts = [text.replace("\0", "") for text in texts]
    nested = {"in": [value]}
    write_lines(path, *({"text": text, "nested": nested} for text in texts))
    write_table(path.with_name("again.jsonl"), rows_of(read_whole(path)))
    lines = path.with_name("again.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    assert [json.loads(line) for line in lines] == [{"text": text, "nested": nested} for text in texts]
