from __future__ import annotations

import csv
import doctest
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_nlp.codebook import load_codebook, shipped_codebook_path
from policy_nlp.errors import GoldError, PolicyNlpError, UnknownCodeError
from policy_nlp.gold import match_units, read_coded_units, write_coded_units
from policy_nlp.gold import units as gold_units
from policy_nlp.records import CodedUnit, Span

CODEBOOK = load_codebook(shipped_codebook_path())
# U+2028 and U+0085 end a line for str.splitlines, but not in JSON Lines.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], include_characters="\u2028\u0085\n"), max_size=20)


def code_lists(ids: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...] | None]:
    chosen = st.sets(st.sampled_from(ids)).map(
        lambda some: tuple(code_id for code_id in ids if code_id in some)
    )
    return st.none() | chosen


UNITS = st.lists(
    st.builds(
        CodedUnit,
        unit_id=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6),
        text=TEXTS,
        initial=code_lists(CODEBOOK.ids("initial")),
        dimensions=code_lists(CODEBOOK.ids("dimensions")),
        paths=code_lists(CODEBOOK.ids("paths")),
        document_id=st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5),
        coder_id=st.none() | st.sampled_from(["甲", "coder_b"]),
        stratum=st.none() | st.just("natural"),
        span=st.none() | st.builds(lambda start, n: Span(start, start + n), *[st.integers(0, 9)] * 2),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda unit: unit.unit_id,
)


def write_rows(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def write_text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_examples_in_docstrings_are_true() -> None:
    assert doctest.testmod(gold_units).failed == 0


@given(units=UNITS)
def test_units_written_are_read_back_the_same(
    units: list[CodedUnit], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("gold") / "units.jsonl"
    write_coded_units(path, units)
    assert read_coded_units(path, CODEBOOK) == units


def test_a_missing_list_is_not_coded_and_an_empty_one_is(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "gold.jsonl", {"id": "1", "text": "甲。", "initial": [], "paths": None})
    (unit,) = read_coded_units(path, CODEBOOK)
    assert (unit.initial, unit.dimensions, unit.paths) == ((), None, None)


def test_codes_come_in_the_order_of_the_codebook_each_once(tmp_path: Path) -> None:
    first, second = CODEBOOK.ids("initial")[:2]
    path = write_rows(tmp_path / "gold.jsonl", {"id": 7, "text": "甲。", "initial": [second, first, second]})
    (unit,) = read_coded_units(path, CODEBOOK)
    assert unit.initial == (first, second)
    assert unit.unit_id == "7"


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(
        '\ufeff{"id": "1", "text": "甲", "initial": []}\r\n\r\n{"id": "2", "initial": []}\r\n'.encode()
    )
    assert [unit.unit_id for unit in read_coded_units(path, CODEBOOK)] == ["1", "2"]


def test_one_coder_of_several_in_one_line_is_read_by_name(tmp_path: Path) -> None:
    row = {
        "id": "1",
        "text": "政府设立专项资金。",
        "doc_id": "d",
        "initial": ["government_support"],
        "coder_a": {"initial": [], "paths": ["path_5"]},
        "coder_b": {"initial": ["government_support"]},
    }
    path = write_rows(tmp_path / "gold.jsonl", row, {"id": "2", "text": "乙。", "initial": []})
    (unit,) = read_coded_units(path, CODEBOOK, coder="coder_a")
    assert (unit.initial, unit.dimensions, unit.paths) == ((), None, ("path_5",))
    assert (unit.coder_id, unit.document_id) == ("coder_a", "d")


def test_lines_of_one_coder_are_read_by_name(tmp_path: Path) -> None:
    rows = [{"id": "1", "coder": coder, "initial": []} for coder in ("甲", "乙")]
    path = write_rows(tmp_path / "gold.jsonl", *rows)
    assert [unit.coder_id for unit in read_coded_units(path, CODEBOOK, coder="乙")] == ["乙"]
    with pytest.raises(GoldError, match=r"already on line 1.*name the one"):
        read_coded_units(path, CODEBOOK)


def test_long_csv_is_read_with_units_in_which_nothing_applies(tmp_path: Path) -> None:
    path = write_text(
        tmp_path / "gold.csv",
        "\ufeffunit,coder,code\r\n1,甲,government_support\r\n1,甲,path_5\r\n2,甲,\r\n3,乙,strategy_led\r\n",
    )
    units = read_coded_units(path, CODEBOOK, coder="甲")
    assert [(u.unit_id, u.initial, u.dimensions, u.paths) for u in units] == [
        ("1", ("government_support",), None, ("path_5",)),
        ("2", (), None, ()),
    ]
    with pytest.raises(GoldError, match="several coders"):
        read_coded_units(path, CODEBOOK)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("g.jsonl", "", "empty"),
        ("g.jsonl", "{}\n", r"g.jsonl:1: `id` is missing"),
        ("g.jsonl", '{"id": true}\n', r"g.jsonl:1: `id` is a bool"),
        ("g.jsonl", '{"id": "1"}\n{"id": \n', r"g.jsonl:2: not JSON"),
        ("g.jsonl", '["1"]\n', r"g.jsonl:1: found a list"),
        (
            "g.jsonl",
            '{"id": "1", "initial": "path_1"}\n',
            r"g.jsonl:1: `initial` is 'path_1', expected a list",
        ),
        ("g.jsonl", '{"id": "1", "initial": [3]}\n', r"`initial` holds 3"),
        ("g.jsonl", '{"id": "1", "initial": ["path_1"]}\n', r"which is of level 'paths'"),
        ("g.jsonl", '{"id": "1", "text": 5}\n', r"`text` is a int"),
        ("g.jsonl", '{"id": "1"}\n\n{"id": "1"}\n', r"g.jsonl:3: unit '1' is already on line 1"),
        ("g.jsonl", '{"id": "1", "text": "\\ud800"}\n', r"`text` holds half a character"),
        ("g.jsonl", "[" * 100_000, "not JSON"),
        ("g.csv", "unit,coder,code\n1,甲," + "x" * 200_000, "not CSV"),
        ("g.csv", "unit,code\n1,path_1\n", r"g.csv:1: no column 'coder'"),
        ("g.csv", "unit,coder,code\n1\n", r"g.csv:2: 1 cells"),
        ("g.csv", "unit,coder,code\n,甲,path_1\n", r"g.csv:2: the `unit` cell is empty"),
        ("g.csv", "unit,coder,code\n1,甲,demand_pull\n", r"of level 'main'"),
        ("g.csv", "unit,coder,code\n", "no unit"),
        ("g.csv", ",,\n", r"g.csv:1: no column 'unit'"),
        ("g.xlsx", "x", "ends in .jsonl"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    csv.field_size_limit(131_072)  # Python's own; readers of documents raise it for the whole process
    path = write_text(tmp_path / name, text)
    with pytest.raises(GoldError, match=message) as caught:
        read_coded_units(path, CODEBOOK)
    assert str(path) in caught.value.message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("g.jsonl", '{"id": "1", "initial": []}\n{"id": "2", "initial": ["goverment_support"]}\n'),
        ("g.csv", "unit,coder,code\n1,甲,goverment_support\n"),
    ],
)
def test_an_unknown_code_is_named_with_its_line_and_the_nearest_id(
    tmp_path: Path, name: str, text: str
) -> None:
    with pytest.raises(
        UnknownCodeError, match=r":2: code 'goverment_support'.*'government_support'"
    ) as caught:
        read_coded_units(write_text(tmp_path / name, text), CODEBOOK)
    assert caught.value.place["line"] == 2


def test_a_file_that_is_not_there_or_not_utf8_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="cannot be read"):
        read_coded_units(tmp_path / "none.jsonl", CODEBOOK)
    path = tmp_path / "gbk.csv"
    path.write_bytes("unit,coder,code\n一,甲,\n".encode("gb18030"))
    with pytest.raises(GoldError, match="not UTF-8"):
        read_coded_units(path, CODEBOOK)


def test_a_coder_who_is_not_in_the_file_is_an_error(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "gold.jsonl", {"id": "1", "initial": []})
    with pytest.raises(GoldError, match="no unit coded by coder '丙'"):
        read_coded_units(path, CODEBOOK, coder="丙")


PIECES = [
    "unit,coder,code\n",
    "\n",
    ",",
    '"',
    "{",
    "}",
    "[",
    "]",
    '"id"',
    ":",
    "1",
    "path_1",
    "\x00",
    "\\ud800",
]


@given(
    content=st.binary(max_size=99)
    | st.lists(st.sampled_from(PIECES)).map(lambda some: "".join(some).encode())
)
def test_any_bytes_are_read_or_refused_by_our_own_error(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in ("any.jsonl", "any.csv"):
        path = tmp_path_factory.mktemp("any") / name
        path.write_bytes(content)
        try:
            read_coded_units(path, CODEBOOK)
        except PolicyNlpError as err:
            assert err.message  # noqa: PT017 either outcome is right


def unit(unit_id: str, text: str = "", document_id: str | None = None) -> CodedUnit:
    return CodedUnit(unit_id, text, (), None, None, document_id=document_id)


def test_predicted_units_are_put_in_the_order_of_gold() -> None:
    paths = {"gold_path": Path("g"), "predicted_path": Path("p")}
    matched = match_units([unit("a"), unit("b")], [unit("c"), unit("b"), unit("a")], **paths)
    assert [one.unit_id for one in matched] == ["a", "b"]
    with pytest.raises(GoldError, match="1 of the 2 units of g are missing, the first is 'b'"):
        match_units([unit("a"), unit("b")], [unit("a")], **paths)
    with pytest.raises(GoldError, match="another text"):
        match_units([unit("a", "甲 乙")], [unit("a", "甲丙")], **paths)
    assert match_units([unit("a", "甲 乙")], [unit("a", "甲乙")], **paths)
