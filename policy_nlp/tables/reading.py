"""Any table file or folder -> Table. What a file holds decides, not its ending."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from policy_nlp.errors import TableError
from policy_nlp.tables.columnar import open_folder, open_parquet
from policy_nlp.tables.delimited import open_delimited
from policy_nlp.tables.json_lines import open_json_lines
from policy_nlp.tables.table import Table
from policy_nlp.tables.text_source import open_bytes, open_text_source
from policy_nlp.tables.workbooks import open_workbook

Content = Literal["parquet", "workbook", "jsonl", "delimited"]

_OPENERS: Mapping[Content, Callable[[Path], Table]] = {
    "parquet": open_parquet,
    "workbook": open_workbook,
    "jsonl": open_json_lines,
    "delimited": open_delimited,
}
_EXPECTED: Mapping[str, Content] = {
    ".parquet": "parquet",
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xls": "workbook",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".tab": "delimited",
}
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_READABLE = ".jsonl, .jsonl.gz, .csv, .tsv, .xlsx, .xls, .parquet, a folder of Parquet shards or one written by datasets.save_to_disk"  # noqa: E501


def open_table(path: Path) -> Table:
    """The table in a file or folder.

    Raises:
        TableError: there is no such file, it holds no table, or the table is damaged.
    """
    if not path.exists():
        raise TableError(f"{path}: there is no such file or folder. Check the path.", path=path)
    if path.is_dir():
        return open_folder(path)
    expected = _EXPECTED.get(_ending(path))
    found = _detect_content(path, expected)
    table = _OPENERS[found](path)
    if found == expected:
        return table
    note = f"named {path.name!r}, but holds {_describe(found)}: read as that"
    return replace(table, warnings=(note, *table.warnings))


def _ending(path: Path) -> str:
    """The ending that tells the format: that of the packed file where one is packed."""
    name = path.name.lower()
    return Path(name.removesuffix(".gz")).suffix


def _describe(content: Content) -> str:
    return {"workbook": "an Excel workbook", "jsonl": "JSON Lines", "delimited": "CSV"}.get(
        content, "Parquet"
    )


def _detect_content(path: Path, expected: Content | None) -> Content:
    with open_bytes(path) as stream:
        head = stream.read(8)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head == _OLE_MAGIC or (head.startswith(b"PK\x03\x04") and _is_workbook_zip(path)):
        return "workbook"
    if head.startswith((b"PK\x03\x04", b"%PDF")):
        raise _no_table(path, "a zip archive or a document")
    return _detect_text(path, expected)


def _is_workbook_zip(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except zipfile.BadZipFile:
        return path.suffix.lower() in (".xlsx", ".xlsm")  # cut off: its reader says what is wrong


def _detect_text(path: Path, expected: Content | None) -> Content:
    first = next((line for line in open_text_source(path).iter_lines() if line.strip()), "").strip()
    if first.startswith("["):
        if expected == "jsonl" or _is_json(first):
            raise _no_table(path, "one JSON array; write one object a line (JSON Lines)")
    elif first[:9].lower().startswith(("<html", "<!doctype", "<?xml")):
        raise _no_table(path, "an HTML or XML page; open it in Excel and save it as .xlsx")
    if expected == "jsonl" or (first.startswith("{") and _is_json(first)):
        return "jsonl"
    if expected is None:
        raise _no_table(path, "plain text; `policy-nlp code` reads documents")
    return "delimited"


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _no_table(path: Path, found: str) -> TableError:
    return TableError(f"{path}: found {found}. Tables that can be read: {_READABLE}.", path=path)
