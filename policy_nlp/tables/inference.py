"""Python values of one column -> the Arrow type that keeps them all.

- whole numbers stay whole; whole numbers and fractions together are float64 where that loses nothing;
- dates and times together are times; any other mixture becomes text, each value as it was written;
- lists of plain values are lists; everything deeper is kept as JSON text, and a field that holds JSON
  is marked with `HOLDS_JSON`, so that JSON Lines get the value back as it was.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Literal

import pyarrow as pa

from policy_nlp.tables.table import HOLDS_JSON

Kind = Literal["bool", "int", "wide int", "huge int", "float", "text", "date", "time", "other"]
ListKind = tuple[Literal["list"], Kind | None]  # kind of one item; None: an empty list or a null item
ColumnKinds = set[Kind | ListKind | Literal["json"]]

EXACT_IN_FLOAT = 1 << 53  # whole numbers up to here lose nothing as float64
_INT64_END = 1 << 63
_KINDS: dict[type, Kind] = {
    bool: "bool",
    float: "float",
    str: "text",
    dt.date: "date",
    dt.datetime: "time",
    dt.time: "other",
    dt.timedelta: "other",
}


def note_kinds(value: object, kinds: ColumnKinds) -> None:
    """Adds what `value` is to what is known of its column."""
    if value is None:
        return
    if isinstance(value, list):
        _note_list(value, kinds)
    elif isinstance(value, dict):
        kinds.add("json")
    else:
        kinds.add(_kind_of(value))


def _note_list(items: list[object], kinds: ColumnKinds) -> None:
    if any(isinstance(item, (list, dict)) for item in items):
        kinds.add("json")
        return
    kinds.add(("list", None))
    kinds.update(("list", _kind_of(item)) for item in items if item is not None)


def _kind_of(value: object) -> Kind:
    if type(value) is int:
        if -EXACT_IN_FLOAT <= value <= EXACT_IN_FLOAT:
            return "int"
        return "wide int" if -_INT64_END <= value < _INT64_END else "huge int"
    return _KINDS.get(type(value), "other")


def field_for(name: str, kinds: ColumnKinds) -> pa.Field:
    """The Arrow field that keeps every value of a column of these kinds."""
    item_kinds = {kind[1] for kind in kinds if isinstance(kind, tuple)}
    plain = {kind for kind in kinds if not isinstance(kind, tuple)}
    if "json" in plain or (item_kinds and plain):
        return pa.field(name, pa.string(), metadata=HOLDS_JSON)
    if item_kinds:
        return pa.field(name, pa.list_(_plain_type({kind for kind in item_kinds if kind is not None})))
    return pa.field(name, _plain_type({kind for kind in plain if kind != "json"}))


def _plain_type(kinds: Iterable[Kind]) -> pa.DataType:
    found = frozenset(kinds)
    if found == {"bool"}:
        return pa.bool_()
    if found and found <= {"int", "wide int"}:
        return pa.int64()
    if found and found <= {"int", "float"}:
        return pa.float64()
    if found == {"date"}:
        return pa.date32()
    if found and found <= {"date", "time"}:
        return pa.timestamp("us")
    return pa.string()


def column_of(values: Sequence[object], field: pa.Field) -> pa.Array:
    """An Arrow array of one column's values, of the type `field_for` chose."""
    if field.metadata == HOLDS_JSON:
        return _text_array([None if value is None else json_text(value) for value in values])
    if pa.types.is_list(field.type):
        return _list_array(values, field.type)
    return _plain_array(values, field.type)


def _list_array(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    items: list[object] = []
    offsets: list[int | None] = []
    for value in values:
        offsets.append(len(items) if isinstance(value, list) else None)
        items.extend(value if isinstance(value, list) else ())
    offsets.append(len(items))
    return pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()), _plain_array(items, kind.value_type), type=kind
    )


def _plain_array(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        return _text_array([None if value is None else plain_text(value) for value in values])
    if pa.types.is_float64(kind):
        return pa.array([None if value is None else float(value) for value in values], kind)  # type: ignore[arg-type]
    if pa.types.is_timestamp(kind):
        return pa.array([_as_time(value) for value in values], kind)
    return pa.array(values, kind)


def _text_array(values: list[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:  # JSON may hold half of a surrogate pair ("\ud83d"), which is no character
        return pa.array([None if value is None else _without_halves(value) for value in values], pa.string())


def _without_halves(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _as_time(value: object) -> object:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)
    return value


def json_text(value: object) -> str:
    """A value as compact JSON, characters as they are."""
    return json.dumps(value, ensure_ascii=False)


def plain_text(value: object) -> str:
    """A plain value as text: text as it is, numbers as written in JSON, dates in ISO 8601."""
    if isinstance(value, str):
        return value
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    return str(value)
